// Maps beside each other: one zoom, one pointer, one choice for all of them. Without this script the table and its button do the same.
"use strict";

(() => {
  const maps = [...document.querySelectorAll("svg.large")];
  const stage = document.querySelector("[data-par]"), reading = document.querySelector("[data-laest]"), form = document.getElementById("par");
  if (!maps.length || !stage || !form) return;
  const rows = new Map([...document.querySelectorAll("tr[data-omraade]")].map(row => [row.dataset.omraade, row]));
  const order = [...rows.keys()];
  const box = row => row.querySelector("input[type=checkbox]");
  const shapes = id => maps.map(map => map.querySelector(`g[data-omraade="${CSS.escape(id)}"]`)).filter(Boolean);
  const whole = maps[0].dataset.hele.split(" ").map(Number);
  let view = [...whole];

  // --- one zoom -------------------------------------------------------------------------------------------------------
  const show = next => {
    const width = Math.min(whole[2], Math.max(whole[2] / 40, next[2])), height = width * whole[3] / whole[2];
    const within = (value, from, size, all) => Math.min(from + all - size, Math.max(from, value));
    view = [within(next[0], whole[0], width, whole[2]), within(next[1], whole[1], height, whole[3]), width, height].map(Math.round);
    for (const map of maps) {
      map.setAttribute("viewBox", view.join(" "));
      map.classList.toggle("zoomed", width < whole[2]);
    }
    const at = width < whole[2] ? `#udsnit=${view.join(",")}` : "";
    if (location.hash !== at) history.replaceState(history.state, "", location.pathname + location.search + at);
  };
  const around = factor => show([view[0] + view[2] * (1 - factor) / 2, view[1] + view[3] * (1 - factor) / 2, view[2] * factor]);
  const fit = ids => {
    const boxes = ids.flatMap(id => shapes(id).slice(0, 1)).map(shape => shape.getBBox());
    if (!boxes.length) return show(whole);
    const left = Math.min(...boxes.map(b => b.x)), right = Math.max(...boxes.map(b => b.x + b.width));
    const top = Math.min(...boxes.map(b => b.y)), bottom = Math.max(...boxes.map(b => b.y + b.height));
    const width = Math.max(right - left, (bottom - top) * whole[2] / whole[3]) * 1.3;
    show([(left + right - width) / 2, (top + bottom - width * whole[3] / whole[2]) / 2, width]);
  };
  const zoom = { ind: () => around(.6), ud: () => around(1 / .6), hele: () => show(whole), valgte: () => fit(order.filter(id => box(rows.get(id)).checked)) };
  const asked = () => {
    const found = /^#udsnit=(-?\d+),(-?\d+),(\d+),(\d+)$/.exec(location.hash);
    show(found ? found.slice(1).map(Number) : whole);
  };

  // --- one pointer ----------------------------------------------------------------------------------------------------
  let pointed = "";
  const point = id => {
    if (id === pointed) return;
    for (const one of [...shapes(pointed), rows.get(pointed)]) one?.classList.remove("peget");
    pointed = id;
    for (const one of [...shapes(id), rows.get(id)]) one?.classList.add("peget");
    if (id) reading.textContent = shapes(id)[0]?.getAttribute("aria-label") ?? "";
  };
  const of = target => target.closest?.("[data-omraade]")?.dataset.omraade ?? "";

  // --- one choice -----------------------------------------------------------------------------------------------------
  const mark = () => {
    for (const [id, row] of rows) {
      const on = box(row).checked;
      row.classList.toggle("valgt", on);
      for (const shape of shapes(id)) {
        shape.classList.toggle("valgt", on);
        shape.setAttribute("aria-pressed", String(on));
      }
    }
    const button = document.querySelector("[data-zoom=valgte]");
    button.disabled = !order.some(id => box(rows.get(id)).checked);
  };
  const address = () => `${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form))}`;
  let latest = 0;
  const swap = async url => {
    const mine = ++latest;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (mine !== latest) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== latest) return;
      document.getElementById("udvalg").replaceWith(document.adoptNode(next.getElementById("udvalg")));
      for (const place of [".keep a", "a.lang", ".base p a", "a[data-behold]"]) {
        const found = [...next.querySelectorAll(place)];
        document.querySelectorAll(place).forEach((link, n) => { if (found[n]) link.href = found[n].href; });
      }
    } catch {
      location.assign(url);
    }
  };
  const choose = () => {
    mark();
    const url = address();
    history.pushState({ par: true }, "", url + location.hash);
    swap(url);
  };
  const toggle = id => {
    const one = box(rows.get(id));
    one.checked = !one.checked;
    choose();
  };
  addEventListener("popstate", () => {
    const found = new URLSearchParams(location.search), now = new URLSearchParams(new FormData(form));
    const rest = all => [...all].filter(([name]) => name !== "omraade").map(String).sort().join();
    if (found.size && rest(found) !== rest(now) && rest(found) !== rest(first)) return location.reload();
    const chosen = new Set(found.getAll("omraade"));
    for (const [id, row] of rows) box(row).checked = chosen.has(id);
    mark();
    asked();
    swap(location.pathname + location.search);
  });
  const first = new URLSearchParams(location.search);

  // --- mouse, touch, keyboard -----------------------------------------------------------------------------------------
  const go = (map, id) => {
    for (const shape of map.querySelectorAll("g[data-omraade]")) shape.tabIndex = shape.dataset.omraade === id ? 0 : -1;
    map.querySelector(`g[data-omraade="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  };
  for (const map of maps) {
    map.querySelectorAll("g[data-omraade]").forEach(shape => shape.setAttribute("role", "button"));
    map.querySelector(`g[data-omraade="${CSS.escape(order[0])}"]`)?.setAttribute("tabindex", "0");
    let from = null, moved = false;
    map.addEventListener("pointerdown", event => { from = { x: event.clientX, y: event.clientY, view: [...view] }; moved = false; });
    map.addEventListener("pointermove", event => {
      if (!from || view[2] >= whole[2]) return;
      const scale = view[2] / map.clientWidth, x = event.clientX - from.x, y = event.clientY - from.y;
      if (!moved && Math.hypot(x, y) < 6) return;
      if (!moved) map.setPointerCapture(event.pointerId);
      moved = true;
      show([from.view[0] - x * scale, from.view[1] - y * scale, view[2]]);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) map.addEventListener(end, () => { from = null; });
    map.addEventListener("click", event => { if (!moved && of(event.target)) toggle(of(event.target)); });
    map.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = order.indexOf(of(event.target)), last = order.length - 1;
      const step = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
      const act = { "+": zoom.ind, "-": zoom.ud, 0: zoom.hele }[event.key];
      if (step !== undefined) go(map, order[(step + order.length) % order.length]);
      else if ((event.key === "Enter" || event.key === " ") && at >= 0) toggle(order[at]);
      else if (act) act();
      else return;
      event.preventDefault();
    });
  }
  for (const place of [...maps, ...rows.values()]) {
    place.addEventListener("pointerover", event => point(of(event.target)));
    place.addEventListener("pointerleave", () => point(""));
    place.addEventListener("focusin", event => point(of(event.target)));
  }
  for (const row of rows.values()) box(row).addEventListener("change", choose);
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom[button.dataset.zoom]());
  const full = document.querySelector("[data-fuld]");
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
  document.addEventListener("fullscreenchange", () => full.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
  document.querySelector("[data-greb]").hidden = reading.hidden = false;
  mark();
  asked();
})();
