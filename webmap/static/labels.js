// Names and figures on the map. A name that does not fit inside its shape stands under its point, unless many neighbours lie there; one that
// would cover another is left out.
// All is computed before anything is written: to ask the browser where things are would make it lay the page out for every name.
"use strict";

window.kortnavne = (map) => {
  const SLACK = 1.15; // a name may reach this much beyond the box around its shape
  const MANY = 60; // shapes that lie side by side: a name under one of them would stand on another
  const PLACE = "12px sans-serif"; // what a name beside the city is measured in
  const UNDER = 10; // pixels from the point to a name under it; map.css says the same
  const pen = document.createElement("canvas").getContext("2d");
  const widths = new Map(); // font and text -> pixels
  const pane = map.createPane("etiketter");
  let shown = [];
  pane.classList.add("etiketter");

  function widthOf(text, font) {
    const key = `${font} ${text}`;
    if (!widths.has(key)) {
      pen.font = font;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  function box(texts, looks) {
    const made = document.createElement("div");
    made.className = looks;
    made.append(...["b", "span"].map((tag, n) => Object.assign(document.createElement(tag), { textContent: texts[n] })));
    return made;
  }

  // The fonts that the style sheet gives to name and figure, inside a shape and under its point.
  function fonts() {
    return ["navn", "navn outside"].map((looks) => {
      const sample = box(["", ""], looks);
      pane.append(sample);
      const read = [...sample.children].map((one) => getComputedStyle(one)).map(({ fontWeight, fontSize, fontFamily }) => ({ font: `${fontWeight} ${fontSize} ${fontFamily}`, high: parseFloat(fontSize) * 1.2 }));
      sample.remove();
      return read;
    });
  }

  const sizeOf = (texts, styles) => ({ wide: Math.max(...texts.map((text, n) => widthOf(text, styles[n].font))) + 4, high: styles[0].high + styles[1].high });

  function spaceOf(shape) {
    const bounds = shape.getBounds();
    return map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
  }

  function put({ at, texts, look }, under) {
    const icon = L.divIcon({ html: box(texts, `navn ${look}${under ? " outside" : ""}`), className: "etiket", iconSize: [0, 0] });
    const marker = L.marker(at, { icon, pane: "etiketter", interactive: false, keyboard: false }).addTo(map);
    marker.getElement().setAttribute("aria-hidden", "true");
    return marker;
  }

  // areas: with key, name, figure, look, and point as "longitude,latitude". Larger shapes come first, the chosen one before all; dots keep their place.
  function write(areas, shapes, dots, chosen) {
    const [inside, below] = fonts();
    const taken = dots.map((dot) => map.latLngToLayerPoint(dot.getLatLng())).map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
    const covers = (one) => taken.some((t) => one.right >= t.left && one.left <= t.right && one.bottom >= t.top && one.top <= t.bottom);
    const wanted = areas.filter(({ key, point }) => point && shapes.has(key)).map(({ key, name, figure, look, point }) => ({
      at: point.split(",").map(Number).reverse(), texts: [name, figure], look, space: spaceOf(shapes.get(key)), first: key === chosen,
    }));
    const crowded = wanted.length > MANY && !map.getContainer().classList.contains("spread");
    const rank = ({ first, space }) => (first ? Infinity : space.x * space.y);
    shown.forEach((marker) => marker.remove());
    shown = [];
    for (const one of wanted.sort((a, b) => rank(b) - rank(a))) {
      const fit = sizeOf(one.texts, inside);
      const under = fit.wide > one.space.x * SLACK || fit.high > one.space.y;
      if (under && crowded && !one.first) continue;
      const { wide, high } = under ? sizeOf(one.texts, below) : fit;
      const { x, y } = map.latLngToLayerPoint(one.at);
      const top = under ? y + UNDER : y - high / 2;
      const place = { left: x - wide / 2, right: x + wide / 2, top, bottom: top + high };
      if (covers(place) && !one.first) continue;
      taken.push(place);
      shown.push(put(one, under));
    }
    writePlaces(taken);
  }

  // Names around the city, wherever no name of an area stands: [name, longitude, latitude, what it is the name of].
  function writePlaces(taken) {
    for (const [name, east, north, looks] of window.kortsteder ?? []) {
      const { x, y } = map.latLngToLayerPoint([north, east]);
      const half = widthOf(name.toUpperCase(), PLACE) / 2 + 8;
      const place = { left: x - half, right: x + half, top: y - 9, bottom: y + 9 };
      if (taken.some((t) => place.right >= t.left && place.left <= t.right && place.bottom >= t.top && place.top <= t.bottom)) continue;
      taken.push(place);
      const icon = L.divIcon({ html: Object.assign(document.createElement("span"), { textContent: name }), className: `sted ${looks}`, iconSize: [0, 0] });
      const marker = L.marker([north, east], { icon, pane: "etiketter", interactive: false, keyboard: false }).addTo(map);
      marker.getElement().setAttribute("aria-hidden", "true");
      shown.push(marker);
    }
  }

  return { write };
};
