// Shows the page of a figure's origin in a panel over the page one is on. Without this script the links go to that page.
"use strict";

(() => {
  const panel = document.createElement("dialog");
  if (!panel.showModal) return;
  panel.className = "trail-panel";
  panel.setAttribute("aria-labelledby", "spor-titel");
  let shut = null;

  function closing(words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ghost";
    button.textContent = words;
    button.addEventListener("click", () => panel.close());
    return button;
  }

  async function show(link) {
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const trace = page.getElementById("sporet");
      shut ??= closing(document.documentElement.lang === "en" ? "Close" : "Luk");
      panel.replaceChildren(shut, document.adoptNode(trace));
      if (!panel.isConnected) document.body.append(panel);
      panel.showModal();
      panel.scrollTop = 0;
    } catch {
      location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-kilde]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close(); // beside the panel
  });
})();
