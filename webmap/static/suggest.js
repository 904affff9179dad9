// Offers for what is being written in a search field: a combobox as the ARIA practices describe it. The server finds, this only shows;
// all text is set as text. Without this script the form works as a form.
"use strict";

for (const input of document.querySelectorAll("input[data-forslag]")) {
  const list = document.createElement("ul");
  const told = document.createElement("span");
  let waiting = 0;
  let asked = null;

  list.id = `${input.id}-forslag`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent.trim());
  told.className = "vh";
  told.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.after(list, told);

  const options = () => [...list.children];
  const active = () => options().find((one) => one.getAttribute("aria-selected") === "true");

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (next) => {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === next)));
    next.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", next.id);
  };

  const show = (offers) => {
    list.replaceChildren(...offers.map((offer, number) => {
      const one = document.createElement("li");
      const kind = document.createElement("small");
      one.id = `${list.id}-${number}`;
      one.dataset.url = offer.url;
      one.setAttribute("role", "option");
      one.setAttribute("aria-selected", "false");
      kind.textContent = offer.slags;
      one.append(`${offer.ord} `, kind);
      return one;
    }));
    list.hidden = offers.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    told.textContent = offers.length ? `${offers.length} ${input.dataset.antal}` : "";
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < 2) return show([]);
    asked = new AbortController();
    const address = new URL(input.dataset.forslag, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close(); // no network: the form still works
    }
    return undefined;
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first press closes the list, the next one empties the field
      close();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && !list.hidden && all.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = active() ? all.indexOf(active()) : step > 0 ? -1 : 0;
      choose(all[(from + step + all.length) % all.length]);
    } else if (event.key === "Enter" && !list.hidden && active()) {
      event.preventDefault();
      location.assign(active().dataset.url);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) location.assign(one.dataset.url);
  });
  input.addEventListener("blur", close);
}
