// The map by keyboard: arrow keys go from area to area, Page Down and Page Up through all of them by name, Enter chooses, Escape
// leaves; with Shift the arrow keys move the map. What is said of an area are the words of its row in the table.
"use strict";

(() => {
  const room = document.getElementById("kort");
  const map = window.map_kort;
  if (!room || !map) return;
  const canvas = map.getContainer();
  const told = document.createElement("p");
  const AHEAD = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  let at = "";

  told.className = "vh";
  told.id = "kort-her";
  told.setAttribute("role", "status");
  canvas.after(told);

  const rows = () => [...room.querySelectorAll("tr[data-key]:not([data-key=by])")];
  const row = (key) => rows().find((one) => one.dataset.key === key);
  const shapes = () => new Map((window[`geo_json_${room.dataset.set}`]?.getLayers() ?? []).map((one) => [one.feature.properties.area_id, one]));
  const middle = (shape) => map.latLngToContainerPoint(shape.getBounds().getCenter());

  function nearest(from, [x, y], known) {
    let best = "";
    let least = Infinity;
    for (const [key, shape] of known) {
      const away = middle(shape).subtract(from);
      const along = away.x * x + away.y * y;
      const cost = along + 2 * Math.abs(away.x * y - away.y * x);
      if (along > 1 && cost < least) [best, least] = [key, cost];
    }
    return best;
  }

  function leave() {
    shapes().get(at)?.fire("mouseout");
    at = "";
    told.textContent = "";
  }

  function go(key, known) {
    const shape = known.get(key);
    const one = row(key);
    if (!shape || !one) return;
    known.get(at)?.fire("mouseout");
    at = key;
    map.panInside(shape.getBounds().getCenter(), { padding: [40, 40], animate: false });
    shape.fire("mouseover");
    shape.fire("mousemove", { containerPoint: middle(shape) });
    const cell = (name) => one.querySelector(`[data-cell=${name}]`)?.textContent ?? "";
    told.textContent = `${one.dataset.name}: ${cell("value")} (${cell("interval")}), ${cell("status")} ${cell("doubt")}`.trim();
  }

  function step(event) {
    const known = shapes();
    const names = rows().map((one) => one.dataset.key);
    if (!known.size || !names.length) return false;
    if (event.key in AHEAD) {
      const chosen = room.querySelector("[data-chosen]")?.dataset.chosen;
      const start = map.getSize().divideBy(2);
      const first = chosen ?? names.toSorted((a, b) => middle(known.get(a)).distanceTo(start) - middle(known.get(b)).distanceTo(start))[0];
      go(at ? nearest(middle(known.get(at)), AHEAD[event.key], known) || at : first, known);
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      const next = names.indexOf(at) + (event.key === "PageDown" ? 1 : -1);
      go(names.at(next % names.length), known);
    } else if (event.key === "Enter" && at) {
      row(at).querySelector("a[data-vis]").click();
    } else if (event.key === "Escape" && at) {
      leave();
    } else {
      return false;
    }
    return true;
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.target !== canvas || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !step(event)) return;
    event.preventDefault();
    event.stopPropagation(); // Leaflet would move the map as well
  });
  canvas.addEventListener("blur", leave);
})();
