// Joins the shapes that Folium drew to the words that the server wrote. Nothing is formatted or computed here:
// the table's rows say how every shape looks, and all text is set as text.
"use strict";

(() => {
  const room = document.getElementById("kort");
  if (!room) return;
  const map = window.map_kort;
  const canvas = document.getElementById("map_kort");
  if (!map || !window.L) {
    room.querySelector("[data-fejl]")?.removeAttribute("hidden");
    return;
  }

  const dressed = new WeakMap(); // element of an area -> the looks it has by its figure, which the page names
  const scripts = new Map(); // area set -> promise of its shapes
  const stores = new Map(); // address of a values file -> promise of its content
  let shapes = new Map(); // key of an area -> Leaflet layer
  let symbols = new Map(); // key of an area -> its dot
  const listening = new WeakSet();
  let layer = null;
  const names = window.kortnavne?.(map);
  const place = () => location.pathname + location.search;
  let shown = place();

  let arriving = null; // the next table while the map is drawn from it: its hundreds of rows are laid out after the map is on the screen
  let figures = {}; // key of an area -> words of the period shown, before its row has them
  let latest = 0;

  const rows = () => [...(arriving ?? room).querySelectorAll("tr[data-key]")];
  const row = (key) => rows().find((one) => one.dataset.key === key);
  const selectedKey = () => room.querySelector("[data-chosen]")?.dataset.chosen || "";

  // --- the map itself ------------------------------------------------------------------------------------------------

  function dressMap() {
    const said = room.dataset;
    canvas.querySelector(".kort-stille")?.remove();
    L.control.zoom({ zoomInTitle: said.zoomIn, zoomOutTitle: said.zoomOut, position: "bottomright" }).addTo(map);
    if (said.attribution) L.control.attribution({ prefix: false }).addTo(map);
    // The wheel scrolls the page until the reader has turned to the map.
    map.on("focus", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    // On a phone one finger scrolls the page, or nobody would get past the map; two fingers zoom and move it.
    if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
    map.on("zoomend", showSymbols);
    map.on("moveend resize", writeNames); // another part is seen: names stand on other free ground
    fit();
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(canvas);
  }

  function fit() {
    const [west, south, east, north] = room.dataset.box.split(",").map(Number);
    const box = L.latLngBounds([south, west], [north, east]);
    map.fitBounds(box, { animate: false, padding: [6, 6] });
    map.setMinZoom(map.getZoom() - 0.5);
    map.setMaxBounds(box.pad(0.4));
  }

  function loadShapes(set, address) {
    if (!scripts.has(set)) {
      scripts.set(set, new Promise((done, failed) => {
        if (window[`geo_json_${set}`]) return done(window[`geo_json_${set}`]);
        const script = document.createElement("script");
        script.src = address;
        script.onload = () => done(window[`geo_json_${set}`]);
        script.onerror = failed;
        document.head.append(script);
      }));
    }
    return scripts.get(set);
  }

  async function showSet() {
    const { set, layer: address } = room.dataset;
    const next = await loadShapes(set, address);
    if (layer !== next) {
      if (layer) map.removeLayer(layer);
      layer = next.addTo(map);
      shapes = new Map();
      layer.eachLayer((shape) => {
        shapes.set(keyOf(shape), shape);
        listen(shape, keyOf(shape));
      });
      symbols.forEach((symbol) => symbol.remove());
      symbols = new Map([...shapes].map(([key, shape]) => [key, symbolOf(key, shape)]));
    }
    restyle();
  }

  function listen(target, key) {
    if (listening.has(target)) return;
    listening.add(target);
    target.on({ mouseover: () => point(key, true), mouseout: () => point(key, false), mousemove: moveTip, click: (event) => choose(key, event.originalEvent) });
  }

  // An area too small to see, or too thin, gets a dot of its own colour on its true outline.
  function symbolOf(key, shape) {
    const symbol = L.circleMarker(shape.getBounds().getCenter(), { radius: 8, className: "omraade punkt" });
    listen(symbol, key);
    return symbol;
  }

  function pixels(shape) {
    const box = shape.getBounds();
    return map.latLngToLayerPoint(box.getSouthEast()).subtract(map.latLngToLayerPoint(box.getNorthWest()));
  }

  // Whether a shape is large enough: as wide as a fingertip, and with as much inside it as a square of ten pixels.
  function seen(shape) {
    const size = pixels(shape);
    if (Math.max(size.x, size.y) < 22) return false;
    if (Math.max(size.x, size.y) > 90) return true;
    let inside = 0;
    const ring = (corners) => {
      if (Array.isArray(corners[0])) return corners.forEach((one) => ring(one));
      const points = corners.map((corner) => map.latLngToLayerPoint(corner));
      inside += Math.abs(points.reduce((sum, at, n) => sum + at.x * points[(n + 1) % points.length].y - at.y * points[(n + 1) % points.length].x, 0)) / 2;
      return undefined;
    };
    ring(shape.getLatLngs());
    return inside > 100;
  }

  function showSymbols() {
    for (const [key, symbol] of symbols) {
      const tiny = !seen(shapes.get(key));
      if (tiny !== map.hasLayer(symbol)) tiny ? symbol.addTo(map) : symbol.remove();
    }
    dress();
  }

  // Above a thousand shapes the map is a canvas, which knows no style sheet and no patterns: the same colours, doubt as a broken border.
  function paint(shape, look, is) {
    if (!shape || shape.getElement?.()) return;
    const [first, known] = look.split(" ");
    const doubt = known === "usikker" && room.dataset.tvivl === "1";
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    shape.setStyle({
      fillColor: colour(first) || colour("tom"), fillOpacity: 1, weight: is.valgt ? 3 : 0.8,
      color: colour(is.valgt ? "ink" : is.maerket ? "maerke" : doubt ? "soft" : "hvid"), dashArray: doubt || ["umaalt", "usikkert"].includes(first) ? "2 3" : null,
    });
  }

  const elements = (key) => [shapes.get(key), symbols.get(key)].map((one) => one?.getElement?.()).filter(Boolean);

  function dress() {
    const chosen = selectedKey();
    for (const one of rows()) {
      const is = { maerket: "marked" in one.dataset, valgt: one.dataset.key === chosen };
      for (const element of elements(one.dataset.key)) {
        const looks = one.dataset.look.split(" ");
        element.classList.remove("peget", ...(dressed.get(element) ?? []));
        element.classList.add(...looks);
        dressed.set(element, looks);
        for (const [name, on] of Object.entries(is)) element.classList.toggle(name, on);
      }
      paint(shapes.get(one.dataset.key), one.dataset.look, is);
      one.classList.toggle("valgt", is.valgt);
    }
  }

  function restyle() {
    showSymbols();
    rows().filter((one) => "marked" in one.dataset).forEach((one) => shapes.get(one.dataset.key)?.bringToFront());
    shapes.get(selectedKey())?.bringToFront();
    const dots = [...symbols.values(), symbols.get(selectedKey())].filter((symbol) => symbol && map.hasLayer(symbol));
    dots.forEach((symbol) => symbol.bringToFront());
    canvas.dataset.tegnet = `${room.dataset.set} ${room.dataset.period}`;
    writeNames();
  }

  function writeNames() {
    const figure = (one) => figures[one.dataset.key]?.value ?? one.querySelector("[data-cell=value]").textContent;
    names?.write(rows().map((one) => ({ ...one.dataset, figure: figure(one) })), shapes, [...symbols.values()].filter((symbol) => map.hasLayer(symbol)), selectedKey());
  }

  // --- pointing and choosing -----------------------------------------------------------------------------------------

  const tip = document.createElement("div");
  tip.className = "hint";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  canvas.append(tip);

  function keyOf(shape) {
    return shape.feature.properties.area_id;
  }

  function point(key, on) {
    const one = row(key);
    elements(key).forEach((element) => element.classList.toggle("peget", on));
    one?.classList.toggle("peget", on);
    tip.hidden = !on || !one;
    if (tip.hidden) return;
    const cell = (name) => one.querySelector(`[data-cell=${name}]`).textContent;
    tip.replaceChildren(...[["b", one.dataset.name], ["span", `${cell("value")} (${cell("interval")})`], ["small", one.querySelector("[data-cell=stands]")?.textContent || cell("status")]].map(([tag, text]) => {
      const part = document.createElement(tag);
      part.textContent = text;
      return part;
    }));
  }

  function moveTip(event) {
    const { x, y } = event.containerPoint;
    const flip = x > canvas.clientWidth / 2;
    tip.style.left = `${flip ? x - tip.offsetWidth - 14 : x + 14}px`;
    tip.style.top = `${Math.min(y + 14, canvas.clientHeight - tip.offsetHeight - 4)}px`;
  }

  // With Ctrl, Command or Shift: one more area beside the chosen one, on the page where several can be chosen.
  function choose(key, event) {
    const link = row(key)?.querySelector("a[data-vis]");
    const several = room.querySelector("a[data-flere]");
    if (several && selectedKey() && (event?.ctrlKey || event?.metaKey || event?.shiftKey)) {
      const address = new URL(several.href);
      address.searchParams.append("omraade", new URL(link.href).searchParams.get("omraade"));
      location.assign(address);
    } else if (link) {
      go(link.href).then(() => room.dispatchEvent(new CustomEvent("valgt")));
    }
  }

  // --- changing what is shown ----------------------------------------------------------------------------------------

  // Another indicator, area set or area: the server renders it, the changed parts are taken over, the shapes are restyled.
  async function go(address, { push = true } = {}) {
    const mine = ++latest;
    room.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== latest) return; // the reader has gone on
      if (!page.getElementById("map_kort")) return location.assign(answer.url); // one figure and its chart, no map
      takeOver(page);
      const arrived = new URL(answer.url);
      arrived.hash = location.hash.startsWith("#udsnit=") ? location.hash : ""; // what the reader has zoomed to stays
      if (push) history.pushState(null, "", arrived);
      shown = place();
      await showSet();
      await painted();
      if (mine === latest) settle();
    } catch {
      if (mine === latest) location.assign(address);
    } finally {
      if (mine === latest) room.removeAttribute("aria-busy");
    }
  }

  // The frame after the next one begins when the next one is on the screen; a hidden page has no frames.
  const painted = () => new Promise((done) => (document.hidden ? done() : requestAnimationFrame(() => requestAnimationFrame(done))));

  function settle() {
    if (arriving) keepFocus(() => room.querySelector("[data-swap=sheet]").replaceWith(document.adoptNode(arriving)));
    arriving = null;
  }

  const tableWaits = () => room.querySelector("[data-swap=sheet]").setAttribute("aria-busy", "true");

  function keepFocus(change) {
    const focused = document.activeElement?.id;
    change();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function takeOver(page) {
    figures = {};
    tableWaits();
    arriving = page.querySelector("[data-swap=sheet]");
    keepFocus(() => {
      for (const part of page.querySelectorAll("[data-swap]:not([data-swap=sheet])")) {
        document.querySelector(`[data-swap="${part.dataset.swap}"]`)?.replaceWith(document.adoptNode(part));
      }
    });
    Object.assign(room.dataset, page.getElementById("kort").dataset);
    canvas.classList.toggle("spread", page.getElementById("map_kort").classList.contains("spread"));
    canvas.setAttribute("aria-label", page.getElementById("map_kort").getAttribute("aria-label"));
    document.title = page.title;
    wake();
    tellChosen();
  }

  // What a screen reader hears when another area or period is shown: the name and its figure, not the whole panel.
  function tellChosen() {
    const panel = room.querySelector("[data-swap=panel]");
    const cell = (name) => panel?.querySelector(`[data-cell=${name}]`)?.textContent ?? "";
    const period = room.querySelector(".seg input:checked + span")?.textContent;
    const name = [panel?.querySelector("h2")?.textContent, period].filter(Boolean).join(", ");
    document.getElementById("kort-valgt").textContent = cell("value") ? `${name}: ${cell("value")} (${cell("interval") || cell("status")})` : name;
  }

  // Another period: its words lie in the values file, so nothing is asked of the server after the first time.
  async function showPeriod(code, { push = true } = {}) {
    if (room.querySelector("table[data-sorteret]")) return go(withPeriod(code), { push }); // another period, another order
    const mine = ++latest;
    const next = (await valuesAt(room.dataset.values))?.periods[code];
    if (mine !== latest) return undefined; // the reader has gone on
    // Colours that say another thing, or nothing at all, come with a legend of their own.
    if (!next || next.plain || next.against !== room.dataset.against) return go(withPeriod(code), { push });
    room.dataset.period = code;
    for (const [name, text] of Object.entries(next.texts)) {
      document.querySelectorAll(`[data-text="${name}"]`).forEach((one) => { one.textContent = text; });
    }
    room.querySelectorAll("[data-text=lacking]").forEach((one) => { one.hidden = !next.texts.lacking; });
    for (const [look, words] of Object.entries(next.words)) { // what the areas are held against has another figure in another period
      room.querySelectorAll(`[data-word="${look}"]`).forEach((one) => { one.textContent = words; });
    }
    for (const [look, count] of Object.entries(next.counts)) {
      room.querySelectorAll(`[data-count="${look}"]`).forEach((one) => {
        one.textContent = count;
        one.closest("li").hidden = parseInt(count, 10) === 0;
      });
    }
    figures = next.rows;
    tableWaits();
    rows().filter((one) => figures[one.dataset.key] && "look" in one.dataset).forEach((one) => { one.dataset.look = figures[one.dataset.key].look; });
    room.querySelectorAll("[data-panel]").forEach((one) => fill(one, figures[one.dataset.panel]));
    document.getElementById("tvivl")?.toggleAttribute("hidden", next.counts.usikker === "0");
    document.title = next.title;
    tellChosen();
    if (push) history.pushState(null, "", withPeriod(code));
    shown = place();
    setControl(code);
    restyle();
    await painted();
    if (mine === latest) fillTable(code);
    return undefined;
  }

  // The words of all periods; null when they cannot be had now, and asked for again the next time.
  function valuesAt(address) {
    if (!stores.has(address)) {
      stores.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).catch(() => {
        stores.delete(address);
        return null;
      }));
    }
    return stores.get(address);
  }

  function fillTable(code) {
    settle();
    room.querySelector("[data-swap=sheet]").removeAttribute("aria-busy");
    rows().forEach((one) => fill(one, figures[one.dataset.key]));
    room.querySelectorAll("a[data-periode]").forEach((one) => { one.href = withPeriod(code, one.href); });
    room.querySelectorAll("a[data-kilde]").forEach((one) => { one.pathname = one.pathname.replace(/[^/]*$/, encodeURIComponent(code)); });
  }

  function fill(place, words) {
    if (!words) return;
    if ("look" in place.dataset) {
      place.dataset.look = words.look;
      place.querySelector(".vaerdi rect")?.setAttribute("class", `omraade ${words.look}`);
    }
    for (const cell of place.querySelectorAll("[data-cell]")) {
      const text = words[cell.dataset.cell];
      if (text !== undefined) cell.textContent = text;
    }
  }

  function withPeriod(code, address = location.href) {
    const next = new URL(address, location.href);
    next.searchParams.set("periode", code);
    return next.href;
  }

  function setControl(code) {
    const form = room.querySelector("form.bar");
    for (const radio of form.querySelectorAll("input[name=periode]")) radio.checked = radio.value === code;
    const list = form.querySelector("select[name=periode]");
    if (!list) return;
    list.value = code;
    const slider = form.querySelector("input[type=range]");
    slider.value = list.selectedIndex;
    slider.setAttribute("aria-valuetext", list.selectedOptions[0].text);
  }

  function currentPeriod(form) {
    return form.querySelector("input[name=periode]:checked, select[name=periode]")?.value;
  }

  function submit(form) {
    const asked = new URL(form.action, location.href);
    asked.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value)).toString();
    go(asked.href);
  }

  // Parts that the server sent and that only make sense with a script running.
  function wake() {
    const form = room.querySelector("form.bar");
    form?.querySelector("[type=submit]")?.setAttribute("hidden", "");
    const slider = form?.querySelector("input[type=range]");
    if (slider) {
      slider.hidden = false;
      setControl(currentPeriod(form));
    }
  }

  room.addEventListener("submit", (event) => {
    if (!event.target.matches("form.bar")) return;
    event.preventDefault();
    submit(event.target);
  });
  room.addEventListener("change", (event) => {
    const { form, name, type } = event.target;
    if (!form?.matches("form.bar")) return;
    // While another map is on its way the period belongs to that one: both are asked for together.
    if ((name === "periode" || type === "range") && !room.hasAttribute("aria-busy")) showPeriod(currentPeriod(form));
    else submit(form);
  });
  room.addEventListener("input", (event) => {
    if (event.target.type !== "range") return;
    const list = event.target.form.querySelector("select[name=periode]");
    list.selectedIndex = Number(event.target.value);
    event.target.setAttribute("aria-valuetext", list.selectedOptions[0].text);
  });
  room.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-vis]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href);
    if (link.closest("tbody")) canvas.scrollIntoView({ block: "nearest" });
  });
  for (const [kind, on] of [["focusin", true], ["focusout", false], ["mouseover", true], ["mouseout", false]]) {
    room.addEventListener(kind, (event) => {
      const key = event.target.closest?.("tr[data-key]")?.dataset.key;
      if (key) elements(key).forEach((element) => element.classList.toggle("peget", on));
    });
  }
  window.addEventListener("popstate", () => {
    if (place() !== shown) go(location.href, { push: false }); // a jump within the page changes nothing
  });

  dressMap();
  wake();
  showSet();
})();
