// "What is here?": a press on the button, then a press on the map, leads to the page that says which areas that point lies in.
// A right click or a long press on the map does so at once. By keyboard the search field takes the same place by its name.
"use strict";

(() => {
  const room = document.getElementById("kort");
  const map = window.map_kort;
  if (!room?.dataset.find || !map || !window.L) return;
  const canvas = map.getContainer();
  const button = document.createElement("button");
  let asking = false;

  button.type = "button";
  button.className = "here-button";
  button.textContent = room.dataset.her;
  button.setAttribute("aria-pressed", "false");

  const ask = (on) => {
    asking = on;
    button.setAttribute("aria-pressed", String(on));
    canvas.classList.toggle("asks", on);
  };
  const go = ({ lat, lng }) => {
    const address = new URL(room.dataset.find, location.href);
    address.searchParams.set("q", `${lat.toFixed(5)}, ${lng.toFixed(5)}`);
    location.assign(address);
  };

  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => {
    const box = document.createElement("div");
    box.className = "leaflet-bar";
    box.append(button);
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
  button.addEventListener("click", () => ask(!asking));
  button.addEventListener("keydown", (event) => { if (event.key === "Escape") ask(false); });
  // Before the shapes hear of it: while the question is open a press chooses no area.
  canvas.addEventListener("click", (event) => {
    if (!asking || event.target.closest(".leaflet-control")) return;
    event.stopPropagation();
    event.preventDefault();
    go(map.mouseEventToLatLng(event));
  }, true);
  map.on("contextmenu", (event) => go(event.latlng));
})();
