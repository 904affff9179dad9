// The workroom: files that are dropped or chosen are sent one by one, work that goes on is looked at until it ends, and a page prints
// itself. Every page works without this file.
"use strict";

(() => {
  const form = document.querySelector("form.drop");
  if (form) bringFiles(form);
  const work = document.querySelector("[data-arbejde]");
  if (work) watch(work);
  const button = document.querySelector("[data-udskriv]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  addEventListener("hashchange", openTarget);
  openTarget();

  // A part of the page that is folded opens when an address points into it.
  function openTarget() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let around = target; around; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
    if (target) target.scrollIntoView();
  }

  function bringFiles(form) {
    const words = form.dataset, input = form.querySelector("input[type=file]"), status = form.querySelector("[role=status]");
    const token = form.elements.namedItem("csrf").value;
    const most = Number(words.most);
    let busy = false;

    for (const name of ["dragenter", "dragover"]) form.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
    for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      send([...event.dataTransfer.files]);
    });
    form.addEventListener("submit", (event) => {
      if (!input.files.length) return;
      event.preventDefault();
      send([...input.files]);
    });

    async function send(files) {
      if (busy || !files.length) return;
      busy = true;
      const wrong = [];
      let arrived = 0;
      status.hidden = false;
      for (const file of files) {
        if (file.size > most) { wrong.push(words.stor.replace("{navn}", file.name)); continue; }
        const refused = await one(file).catch(() => words.fejl.replace("{navn}", file.name));
        if (refused) wrong.push(refused);
        else arrived += 1;
      }
      if (arrived) {
        await fetch(words.arbejd, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, body: JSON.stringify({ kind: "read" }) });
        if (!wrong.length) return location.reload();
      }
      busy = false;
      status.textContent = wrong.join(" ");
      status.classList.add("wrong");
    }

    // One file; resolves to "" or to why it was refused. XMLHttpRequest, because fetch does not say how far an upload is.
    function one(file) {
      return new Promise((resolve, reject) => {
        const sent = new XMLHttpRequest();
        sent.open("POST", `${words.hent}?name=${encodeURIComponent(file.name)}&lang=${words.sprog}`);
        sent.setRequestHeader("X-CSRF-Token", token);
        sent.setRequestHeader("Content-Type", "application/octet-stream");
        sent.upload.addEventListener("progress", (event) => {
          const share = event.lengthComputable && event.total ? Math.round((100 * event.loaded) / event.total) : 0;
          status.textContent = words.henter.replace("{navn}", file.name).replace("{procent}", String(share));
        });
        sent.addEventListener("load", () => {
          if (sent.status < 300) return resolve("");
          try { resolve(`${file.name}: ${JSON.parse(sent.responseText).error.message}`); } catch { reject(new Error(String(sent.status))); }
        });
        for (const name of ["error", "abort", "timeout"]) sent.addEventListener(name, () => reject(new Error(name)));
        sent.send(file);
      });
    }
  }

  // Asked every second while somebody may be looking; when the work has ended the page is loaded anew, unless somebody is writing in it
  // or it is the answer to what was sent: loading that anew would send it once more.
  function watch(work) {
    const said = work.querySelector("[data-sagt]"), step = work.querySelector("[data-trin]"), bar = work.querySelector("progress");
    let written = "svar" in work.dataset;
    addEventListener("input", () => { written = true; });
    const look = async () => {
      if (document.visibilityState === "hidden") return;
      const answer = await fetch(`${work.dataset.arbejde}?lang=${work.dataset.sprog}`, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer || !answer.ok) return;
      const now = (await answer.json()).work;
      if (!now || !now.working) {
        clearInterval(timer);
        if (!written) location.reload();
        else said.textContent = now ? now.ended : "";
        return;
      }
      if (said.textContent !== now.said) said.textContent = now.said;
      step.textContent = now.step;
      if (now.share === null) bar.removeAttribute("value");
      else bar.value = now.share;
    };
    const timer = setInterval(look, 1000);
  }
})();
