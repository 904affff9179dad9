// Tools below the map: find an area by its name, zoom to it or to the whole city, fill the screen, go on with several areas.
// Without this script the table, the search field and the links do the same.
"use strict";

(() => {
  const room = document.getElementById("kort");
  const map = window.map_kort;
  if (!room || !map || !window.L) return;
  const canvas = map.getContainer();
  const stage = room.querySelector(".stage");
  const rows = () => [...room.querySelectorAll("tr[data-key]:not([data-key=by])")];
  const chosen = () => room.querySelector("[data-chosen]")?.dataset.chosen;
  const shape = (key) => window[`geo_json_${room.dataset.set}`]?.getLayers().find((one) => one.feature.properties.area_id === key);

  const zoom = {
    hele() {
      const [west, south, east, north] = room.dataset.box.split(",").map(Number);
      map.fitBounds([[south, west], [north, east]], { animate: false, padding: [6, 6] });
      home = here(); // the window may have another size by now
      keepView();
    },
    valgt() {
      const found = shape(chosen());
      if (found) map.fitBounds(found.getBounds().pad(0.6), { animate: false, maxZoom: 15 });
    },
  };

  // What is zoomed to stands in the address, behind the rest of it; the whole city needs no words.
  const here = () => ({ zoom: map.getZoom(), at: map.getCenter() });
  let home = here();

  function keepView() {
    const { lat, lng } = map.getCenter();
    const whole = map.getZoom() === home.zoom && Math.hypot(lat - home.at.lat, lng - home.at.lng) < 1e-4;
    const hash = whole ? "" : `#udsnit=${map.getZoom()},${lat.toFixed(5)},${lng.toFixed(5)}`;
    if (hash !== location.hash && (hash || location.hash.startsWith("#udsnit="))) history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  function askedView() {
    const found = /^#udsnit=([\d.]+),(-?[\d.]+),(-?[\d.]+)$/.exec(location.hash)?.slice(1).map(Number);
    if (found?.every(Number.isFinite)) map.setView([found[1], found[2]], found[0], { animate: false });
    else if (map.getZoom() !== home.zoom) zoom.hele();
  }

  // The buttons are part of what the server renders anew for another map.
  function show() {
    const tools = room.querySelector("[data-greb]");
    if (!tools) return;
    tools.hidden = false;
    tools.querySelector("[data-zoom=valgt]").disabled = !chosen();
    tools.querySelector("[data-fuld]").hidden = !document.fullscreenEnabled;
    tools.querySelector("[data-fuld]").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
  }

  function names(list) {
    if (list.options.length) return;
    list.append(...rows().map((one) => Object.assign(document.createElement("option"), { value: one.dataset.name })));
  }

  function find(name) {
    const wanted = name.trim().toLocaleLowerCase("da");
    const known = rows();
    const near = known.filter((one) => one.dataset.name.toLocaleLowerCase("da").startsWith(wanted));
    const found = known.find((one) => one.dataset.name.toLocaleLowerCase("da") === wanted) ?? (near.length === 1 ? near[0] : null);
    if (wanted && found) found.querySelector("a[data-vis]").click();
    return Boolean(found);
  }

  room.addEventListener("click", (event) => {
    const button = event.target.closest("[data-greb] button");
    if (!button) return;
    if (button.dataset.zoom) zoom[button.dataset.zoom]();
    else if (document.fullscreenElement) document.exitFullscreen();
    else stage.requestFullscreen();
  });
  room.addEventListener("focusin", ({ target }) => { if (target.matches("[data-greb] input")) names(target.list); });
  room.addEventListener("input", ({ target, inputType }) => {
    // A name taken from the list comes at once; a typed one when Enter says that it is whole.
    if (target.matches("[data-greb] input") && (!inputType || inputType === "insertReplacementText")) find(target.value);
  });
  room.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-greb] input")) return;
    event.preventDefault();
    const known = find(event.target.value);
    event.target.setAttribute("aria-invalid", String(!known));
    room.querySelector("[data-intet]").textContent = known ? "" : room.querySelector("[data-greb]").dataset.ukendt;
  });
  document.addEventListener("fullscreenchange", show);
  window.addEventListener("popstate", askedView);
  new MutationObserver(show).observe(canvas, { attributes: true, attributeFilter: ["data-tegnet"] });
  show();
  askedView();
  map.on("moveend", keepView);
})();
