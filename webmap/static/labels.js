// Names and figures on the map. The chosen area's name comes first, then the marked ones, those with the highest and the lowest figure, and
// the larger before the smaller. A name stands in its area where it fits; else on a card with a line to it, on free ground (water, a
// neighbour) where there is some; beside its dot where areas lie scattered. Where many lie side by side, only the first ones get a card.
// All is computed before anything is written: to ask the browser where things are would make it lay the page out for every name.
"use strict";

window.kortnavne = (map) => {
  const SLACK = 1.15; // a name may reach this much beyond the box around its shape
  const MANY = 60; // shapes that lie side by side: a name under one of them would stand on another
  const STATIONS = 12, PLACES = 13; // zooms from which stations are dots, and names of places are written
  const UNDER = 10; // pixels from the point to a name under it; map.css says the same
  const PLACE = "12px sans-serif"; // what a name beside the city is measured in
  const CARD = { x: 14, y: 8 }; // what a card is larger than its words
  const CELL = 8; // pixels of a square of the ground, which is free or not
  const AWAY = [34, 48, 64, 84, 108, 136, 170, 210, 260, 320];
  const DIRECTIONS = 24;
  const COVERED = 260; // what a card that covers areas costs, in pixels of its line
  const OVER = 0.6; // what each pixel of a line over areas costs
  const MOST = 24; // cards on one map
  const CORNER = { wide: 176, high: 62 }; // where the button "what is here" stands, or will stand
  const ASIDE = [0, 20, -20, 38, -38, 56, -56]; // pixels that the name of a neighbour may stand above or below its point
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const widths = new Map(); // font and text -> pixels
  const pane = map.createPane("etiketter");
  let shown = [];
  pane.classList.add("etiketter");
  map.createPane("ledere").classList.add("ledere");

  function widthOf(text, font) {
    const key = `${font} ${text}`;
    if (!widths.has(key)) {
      pen.font = font;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  function words(texts, looks) {
    const made = document.createElement("div");
    made.className = looks;
    made.append(...["b", "span"].map((tag, n) => Object.assign(document.createElement(tag), { textContent: texts[n] })));
    return made;
  }

  // The fonts that the style sheet gives to name and figure: inside a shape, under its point, on a card.
  function fonts() {
    return ["navn", "navn outside", "navn callout"].map((looks) => {
      const sample = words(["", ""], looks);
      pane.append(sample);
      const read = [...sample.children].map((one) => getComputedStyle(one)).map(({ fontWeight, fontSize, fontFamily }) => ({ font: `${fontWeight} ${fontSize} ${fontFamily}`, high: parseFloat(fontSize) * 1.2 }));
      sample.remove();
      return read;
    });
  }

  const sizeOf = (texts, styles) => ({ wide: Math.max(...texts.map((text, n) => widthOf(text, styles[n].font))) + 4, high: styles[0].high + styles[1].high });
  const around = ({ x, y }, wide, high) => ({ left: x - wide / 2, right: x + wide / 2, top: y - high / 2, bottom: y + high / 2 });
  const meet = (one, other) => one.right >= other.left && one.left <= other.right && one.bottom >= other.top && one.top <= other.bottom;
  const within = (one, other) => one.left >= other.left && one.right <= other.right && one.top >= other.top && one.bottom <= other.bottom;

  function spaceOf(shape) {
    const bounds = shape.getBounds();
    return map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
  }

  // What is seen of the map, and what lies on it: buttons and the like.
  function frame() {
    const size = map.getSize(), from = map.containerPointToLayerPoint([0, 0]);
    const here = map.getContainer().getBoundingClientRect();
    const things = [...map.getContainer().parentElement.querySelectorAll(".leaflet-control, .here-button, [data-over]")].map((one) => one.getBoundingClientRect()).filter(({ width }) => width);
    return {
      seen: { left: from.x + 4, top: from.y + 4, right: from.x + size.x - 4, bottom: from.y + size.y - 4 },
      corner: { left: from.x, right: from.x + CORNER.wide, top: from.y + size.y - CORNER.high, bottom: from.y + size.y },
      things: things.map((one) => ({ left: one.left - here.left + from.x - 4, right: one.right - here.left + from.x + 4, top: one.top - here.top + from.y - 4, bottom: one.bottom - here.top + from.y + 4 })),
    };
  }

  // The part of a box that areas cover, 0 to 1: they are painted small, once, and read back.
  function ground(shapes, seen) {
    const wide = Math.ceil((seen.right - seen.left) / CELL), high = Math.ceil((seen.bottom - seen.top) / CELL);
    if (wide < 1 || high < 1) return () => 0;
    pen.canvas.width = wide;
    pen.canvas.height = high;
    pen.beginPath();
    const ring = (corners) => {
      if (Array.isArray(corners[0])) return corners.forEach(ring);
      corners.forEach((corner, n) => {
        const { x, y } = map.latLngToLayerPoint(corner);
        pen[n ? "lineTo" : "moveTo"]((x - seen.left) / CELL, (y - seen.top) / CELL);
      });
      pen.closePath();
      return undefined;
    };
    for (const shape of shapes.values()) ring(shape.getLatLngs());
    pen.fill("evenodd");
    const painted = pen.getImageData(0, 0, wide, high).data;
    return (box) => {
      let full = 0, all = 0;
      for (let y = Math.floor((box.top - seen.top) / CELL); y <= (box.bottom - seen.top) / CELL; y += 1) {
        for (let x = Math.floor((box.left - seen.left) / CELL); x <= (box.right - seen.left) / CELL; x += 1, all += 1) full += painted[4 * (y * wide + x) + 3] > 127;
      }
      return all ? full / all : 0;
    };
  }

  // Where a card of this size costs least: near, on free ground, where nothing stands and its line crosses no other name.
  function placeFor(point, size, { seen, taken, spots, lines, covered }) {
    let best = null;
    for (const away of AWAY) {
      if (best && away >= best.cost) break;
      for (let turn = 0; turn < DIRECTIONS; turn += 1) {
        const angle = (2 * Math.PI * turn) / DIRECTIONS;
        const middle = { x: point.x + Math.cos(angle) * (away + size.wide / 2), y: point.y + Math.sin(angle) * (away + size.high / 2) };
        const box = around(middle, size.wide, size.high);
        if (!within(box, seen) || taken.some((one) => meet(one, box))) continue;
        const end = { x: Math.min(Math.max(point.x, box.left), box.right), y: Math.min(Math.max(point.y, box.top), box.bottom) };
        if ([...taken, ...spots].some((one) => !holds(one, point) && passes(point, end, one)) || lines.some(([from, to]) => cross(point, end, from, to) || passes(from, to, box))) continue;
        const hidden = covered(box);
        const cost = away + COVERED * hidden + OVER * away * covered({ left: Math.min(point.x, end.x), right: Math.max(point.x, end.x), top: Math.min(point.y, end.y), bottom: Math.max(point.y, end.y) });
        if (!best || cost < best.cost) best = { box, middle, end, cost, hidden };
      }
    }
    return best;
  }

  const holds = (box, { x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom;

  function passes(from, to, box) {
    for (let step = 1; step < 32; step += 1) {
      if (holds(box, { x: from.x + ((to.x - from.x) * step) / 32, y: from.y + ((to.y - from.y) * step) / 32 })) return true;
    }
    return false;
  }

  const side = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  const cross = (a, b, c, d) => side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);

  function put(at, html, className) {
    const icon = L.divIcon({ html, className, iconSize: [0, 0] });
    const marker = L.marker(at, { icon, pane: "etiketter", interactive: false, keyboard: false }).addTo(map);
    marker.getElement().setAttribute("aria-hidden", "true");
    shown.push(marker);
  }

  // The line ends at the edge of the card; a point says which area it points at, where the area has no dot.
  function lead(at, { middle, end }, looks, dotted) {
    const options = { pane: "ledere", interactive: false, smoothFactor: 0, noClip: true };
    shown.push(L.polyline([at, map.layerPointToLatLng([end.x, end.y])], { ...options, className: `leder${looks}` }).addTo(map));
    if (!dotted) shown.push(L.circleMarker(at, { ...options, radius: 3, className: `leder punktum${looks}` }).addTo(map));
    return map.layerPointToLatLng(middle);
  }

  const numberIn = (figure) => parseFloat((document.documentElement.lang === "en" ? figure.replaceAll(",", "") : figure.replaceAll(".", "").replace(",", ".")).replace("−", "-"));

  // Lower comes first: the chosen area, the marked ones, the highest and the lowest figure, the rest.
  function ranks(areas, chosen) {
    const figures = areas.map(({ figure }) => numberIn(figure)), known = figures.filter(Number.isFinite);
    const ends = known.length > 2 ? [Math.min(...known), Math.max(...known)] : [];
    return areas.map(({ key, marked }, n) => (key === chosen ? 0 : marked !== undefined ? 1 : ends.includes(figures[n]) ? 2 : 3));
  }

  // areas: with key, name, figure, look, whether marked, and point as "longitude,latitude". dots keep their place.
  function write(areas, shapes, dots, chosen) {
    const [inside, below, onCard] = fonts();
    const { seen, corner, things } = frame();
    const dotted = (size) => dots.map((dot) => around(map.latLngToLayerPoint(dot.getLatLng()), size, size));
    const spots = dotted(18), lines = [];
    const taken = [corner, ...things, ...dotted(13)];
    const free = (box) => !taken.some((one) => meet(one, box));
    const known = areas.filter(({ key, point }) => point && shapes.has(key));
    const order = ranks(known, chosen);
    const spread = map.getContainer().classList.contains("spread");
    const wanted = known.map(({ key, name, figure, look, point }, n) => {
      const at = point.split(",").map(Number).reverse();
      return { at, place: map.latLngToLayerPoint(at), texts: [name, figure], look, space: spaceOf(shapes.get(key)), rank: order[n] };
    });
    wanted.sort((a, b) => a.rank - b.rank || b.space.x * b.space.y - a.space.x * a.space.y);
    shown.forEach((marker) => marker.remove());
    shown = [];
    const late = [];
    for (const one of wanted) {
      const size = sizeOf(one.texts, inside), box = around(one.place, size.wide, size.high);
      if (size.wide > one.space.x * SLACK || size.high > one.space.y || !free(box)) {
        late.push(one);
        continue;
      }
      taken.push(box);
      put(one.at, words(one.texts, `navn ${one.look}`), "etiket");
    }
    const covered = ground(shapes, seen);
    for (const one of late.filter(({ place }) => holds(seen, place))) {
      const looks = one.rank === 0 ? " valgt" : "";
      const small = sizeOf(one.texts, below), under = around({ x: one.place.x, y: one.place.y + UNDER + small.high / 2 }, small.wide, small.high);
      if (spread && free(under) && within(under, seen)) {
        taken.push(under);
        put(one.at, words(one.texts, `navn ${one.look} outside`), "etiket");
        continue;
      }
      if ((one.rank > 1 && known.length > MANY) || lines.length >= MOST) continue;
      const size = sizeOf(one.texts, onCard);
      const best = placeFor(one.place, { wide: size.wide + CARD.x, high: size.high + CARD.y }, { seen, taken, spots, lines, covered });
      if (best && (one.rank < 3 || best.hidden < 0.5)) {
        taken.push(best.box);
        lines.push([one.place, best.end]);
        put(lead(one.at, best, looks, spots.some((spot) => holds(spot, one.place))), words(one.texts, `navn callout${looks}`), "etiket");
      } else if (one.rank === 0) {
        put(one.at, words(one.texts, `navn ${one.look} outside`), "etiket");
      }
    }
    writePlaces(free, taken, seen, covered);
  }

  // A station is a dot; further in it has its name beside it, where no other name stands.
  function writeStations(free, taken, seen) {
    for (const [name, east, north] of (window.kortnaere ?? []).filter(([, , , looks]) => looks === "station")) {
      const { x, y } = map.latLngToLayerPoint([north, east]);
      if (!holds(seen, { x, y })) continue;
      put([north, east], document.createElement("i"), "stop");
      const wide = widthOf(name, PLACE) + 6, box = { left: x + 6, right: x + 6 + wide, top: y - 8, bottom: y + 8 };
      if (map.getZoom() < PLACES || !within(box, seen) || !free(box)) continue;
      taken.push(box);
      put(map.layerPointToLatLng([x + 6 + wide / 2, y]), Object.assign(document.createElement("span"), { textContent: name }), "sted station");
    }
  }

  // Names around the city, wherever no name of an area stands: [name, longitude, latitude, what it is the name of].
  function writePlaces(free, taken, seen, covered) {
    if (map.getZoom() >= STATIONS) writeStations(free, taken, seen);
    const stops = (window.kortnaere ?? []).filter(([, , , looks]) => looks === "station").map(([name]) => name);
    const near = map.getZoom() >= PLACES ? (window.kortnaere ?? []).filter(([name]) => !stops.includes(name)) : []; // a square by a station has its name there
    for (const [name, east, north, looks] of [...(window.kortsteder ?? []), ...near]) {
      const { x, y } = map.latLngToLayerPoint([north, east]);
      if (!holds(seen, { x, y })) continue;
      const wide = widthOf(name.toUpperCase(), PLACE) + 8;
      const box = ASIDE.map((down) => around({ x, y: y + down }, wide, 18)).find((one) => within(one, seen) && free(one) && (looks.startsWith("sted-") || covered(one) < 0.35));
      if (!box) continue;
      taken.push(box);
      put(map.layerPointToLatLng([x, box.top + 9]), Object.assign(document.createElement("span"), { textContent: name }), `sted ${looks}`);
    }
  }

  return { write };
};
