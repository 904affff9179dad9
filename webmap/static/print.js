// The button that prints, and the whole address at the foot; without this script the browser's own menu prints.
"use strict";

for (const address of document.querySelectorAll("[data-adresse]")) address.textContent = location.origin + address.textContent;

for (const button of document.querySelectorAll("[data-udskriv]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
