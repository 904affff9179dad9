// What one finds one's way by on the map: a scale bar, and roads, rails, parks and names that are seen at their own zooms. The layers came
// with a script of their own, after the map was drawn; which of them is seen at a zoom stands in map.css.
"use strict";

(() => {
  const map = window.map_kort;
  if (!map || !window.L) return;
  const canvas = map.getContainer();
  const zooms = () => [12, 13].forEach((zoom) => canvas.classList.toggle(`z${zoom}`, map.getZoom() >= zoom));
  const bar = L.control.scale({ imperial: false, maxWidth: 70, position: "bottomright" }).addTo(map).getContainer();
  bar.setAttribute("aria-hidden", "true");
  bar.parentElement.append(bar); // below the buttons
  map.on("zoomend", zooms);
  zooms();
  map.fire("moveend"); // the names that have come are written with the others
})();
