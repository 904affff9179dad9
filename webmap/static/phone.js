// The map on a phone: one tap shows the area's figure in a sheet at the bottom, one finger scrolls the page and is told that two move the
// map, one finger moves the map when it fills the screen, and what is said before the map is short enough for the map to be seen.
// Without this script the figure stands below the map and all that is said stands above it.
"use strict";

(() => {
  const room = document.getElementById("kort");
  const map = window.map_kort;
  const narrow = matchMedia("(max-width: 640px)");
  if (!room || !map || !window.L) return;
  const canvas = map.getContainer();
  const stage = room.querySelector(".stage"), board = room.querySelector(".board");
  const panel = () => room.querySelector("[data-swap=panel]");

  // --- the sheet -------------------------------------------------------------------------------------------------------

  function close() {
    const sheet = panel();
    if (!sheet?.classList.contains("raised")) return;
    sheet.classList.remove("raised");
    sheet.querySelector("[data-luk]")?.remove();
  }

  // A choice made on the map raises the sheet; one made in the table is read where the table is.
  function raise() {
    const sheet = panel();
    if (!narrow.matches || !sheet?.dataset.chosen) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ghost";
    button.dataset.luk = "";
    button.textContent = room.dataset.luk;
    button.addEventListener("click", () => {
      close();
      canvas.focus({ preventScroll: true });
    });
    sheet.prepend(button);
    sheet.classList.add("raised");
    sheet.scrollTop = 0;
    seen(sheet);
  }

  // The area stays in sight above the sheet.
  function seen(sheet) {
    const shape = window[`geo_json_${room.dataset.set}`]?.getLayers().find((one) => one.feature.properties.area_id === sheet.dataset.chosen);
    if (!shape || document.fullscreenElement) return;
    const middle = map.latLngToContainerPoint(shape.getBounds().getCenter()).y + canvas.getBoundingClientRect().top;
    const free = innerHeight - sheet.getBoundingClientRect().height;
    if (middle > free - 40 || middle < 40) scrollBy({ top: middle - free / 2, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  room.addEventListener("valgt", raise);
  map.on("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  narrow.addEventListener("change", close);

  // --- fingers ---------------------------------------------------------------------------------------------------------

  const word = document.createElement("p");
  let from = null, later = 0;
  word.className = "fingers";
  word.hidden = true;
  word.setAttribute("aria-hidden", "true");
  word.textContent = room.dataset.fingre;
  canvas.append(word);

  canvas.addEventListener("touchstart", ({ touches }) => { from = touches.length === 1 ? touches[0] : null; }, { passive: true });
  canvas.addEventListener("touchmove", ({ touches }) => {
    const moved = from && touches.length === 1 && Math.hypot(touches[0].clientX - from.clientX, touches[0].clientY - from.clientY) > 12;
    if (touches.length > 1) word.hidden = true;
    if (!moved || document.fullscreenElement) return;
    word.hidden = false;
    clearTimeout(later);
    later = setTimeout(() => { word.hidden = true; }, 1500);
  }, { passive: true });

  document.addEventListener("fullscreenchange", () => {
    const full = document.fullscreenElement === stage;
    if (matchMedia("(pointer: coarse)").matches) map.dragging[full ? "enable" : "disable"]();
    if (narrow.matches) (full ? stage : board).append(panel()); // only what is inside it is seen in full screen
    if (!full) close();
  });

  // --- what is said before the map ----------------------------------------------------------------------------------------

  function shorten() {
    const moves = document.querySelector("main > .answer > .moves");
    if (!moves || document.querySelector("details.said")) return;
    const more = document.createElement("details");
    more.className = "said";
    const summary = document.createElement("summary");
    summary.textContent = room.dataset.mere;
    const list = document.createElement("ul");
    list.append(...[...moves.querySelectorAll(":scope > ul > li")].slice(1));
    const after = [];
    for (let next = moves.nextElementSibling; next; next = next.nextElementSibling) after.push(next);
    more.append(summary, ...(list.children.length ? [list] : []), ...moves.querySelectorAll(":scope > .small"), ...after);
    moves.after(more);
  }

  if (narrow.matches) shorten();
})();
