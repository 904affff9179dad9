// Drawing an area: a click on the map adds a corner to the list, and the list is what is sent. The page works without this file.
"use strict";

(() => {
  const form = document.querySelector("form[data-tegn]"), map = form && form.querySelector("svg");
  if (!map) return;
  const list = form.elements.namedItem("omrids"), status = form.querySelector("[data-hjoerner]");
  const east = Number(map.dataset.oest), north = Number(map.dataset.nord);
  const kinds = form.elements.namedItem("slags");
  const name = form.elements.namedItem("navn"), code = form.elements.namedItem("kode");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  shape.setAttribute("class", "tegnet");
  map.append(shape);
  form.querySelector(".draw-buttons").hidden = false;
  let from = null, moved = false;

  const corners = () => list.value.split("\n").map((line) => line.trim().replace(/,/g, ".").split(/[;\s]+/).map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
  const box = () => map.getAttribute("viewBox").split(" ").map(Number);
  const place = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());

  function show() {
    const every = corners();
    shape.setAttribute("points", every.map(([x, y]) => `${x * east},${y * north}`).join(" "));
    shape.setAttribute("stroke-width", box()[2] / 250);
    status.textContent = status.dataset.hjoerner.replace("{antal}", every.length);
  }

  function zoom(factor, at) {
    const [x, y, wide, high] = box(), middle = at || { x: x + wide / 2, y: y + high / 2 };
    const width = Math.min(Math.max(wide * factor, 20), 6000), by = width / wide;
    map.setAttribute("viewBox", `${middle.x - (middle.x - x) * by} ${middle.y - (middle.y - y) * by} ${width} ${high * by}`);
    show();
  }

  map.addEventListener("pointerdown", (event) => {
    from = { at: place(event), x: event.clientX, y: event.clientY };
    moved = false;
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!from) return;
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > 5) moved = true;
    if (!moved) return;
    const here = place(event), [x, y, wide, high] = box();
    map.setAttribute("viewBox", `${x + from.at.x - here.x} ${y + from.at.y - here.y} ${wide} ${high}`);
  });
  map.addEventListener("pointerup", (event) => {
    if (from && !moved) {
      const { x, y } = place(event);
      const lng = x / east, lat = y / north;
      const line = `${lng.toFixed(5)} ${lat.toFixed(5)}`;
      list.value = `${list.value.trimEnd()}${list.value.trim() ? "\n" : ""}${line}\n`;
      show();
    }
    from = null;
  });
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, place(event));
  }, { passive: false });
  for (const button of form.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  form.querySelector("[data-fortryd]").addEventListener("click", () => {
    list.value = list.value.trimEnd().split("\n").slice(0, -1).join("\n") + "\n";
    show();
  });
  list.addEventListener("input", show);
  name.addEventListener("change", () => {
    const plain = { æ: "ae", ø: "oe", å: "aa" };
    if (!code.value) code.value = name.value.toLowerCase().replace(/[æøå]/g, (sign) => plain[sign]).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  });
  kinds.addEventListener("change", () => {
    const next = new URL(location.href);
    next.searchParams.set("slags", kinds.value);
    if (!list.value.trim() && !name.value) location.assign(next);
  });
  show();
})();
