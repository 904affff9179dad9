// Copies the link that shows these same figures for ever; what the reader has since chosen on the map is in it.
"use strict";

for (const place of document.querySelectorAll("[data-varigt]")) {
  const link = place.querySelector("a");
  const button = place.querySelector("button");
  const told = place.querySelector("[role=status]");
  const lasting = () => {
    const address = new URL(location.href);
    address.hash = "";
    address.searchParams.set("udgave", place.dataset.varigt);
    return address.href;
  };

  button.hidden = false;
  for (const kind of ["pointerdown", "focus"]) link.addEventListener(kind, () => { link.href = lasting(); });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(lasting());
      told.textContent = button.dataset.kopieret;
    } catch {
      told.textContent = lasting(); // no permission: the address itself, to be copied by hand
    }
  });
}
