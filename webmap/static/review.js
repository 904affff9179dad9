// Drafts that save themselves. The form works without this file; with it, what is written is on the server a few seconds later.
// Nothing is kept in the browser: what people write about people does not belong on a shared machine.
"use strict";

(() => {
  const form = document.querySelector("form[data-gem]");
  if (!form) return;
  const words = form.dataset, status = document.getElementById("gemt"), faultList = document.getElementById("fejlliste");
  const base = form.elements.namedItem("base"), token = form.elements.namedItem("csrf");
  const QUIET = 1500, RETRY = 5000;
  let sent = served(), timer = 0, running = false, again = false, leaving = false;

  function fields(of = form) {
    const found = Object.fromEntries([...new FormData(of)].filter(([name]) => name !== "base" && name !== "csrf"));
    for (const name of Object.keys(found)) found[name] = String(found[name]).replaceAll("\r\n", "\n");
    return found;
  }
  // What the page came with. What was typed before this file had arrived differs from it, and is still to be sent.
  function served() {
    const copy = form.cloneNode(true);
    copy.reset();
    return fields(copy);
  }
  const same = (a, b) => Object.keys(a).length === Object.keys(b).length && Object.keys(a).every(path => a[path] === b[path]);
  const dirty = () => !same(fields(), sent);

  function say(text, wrong = false) {
    status.textContent = text;
    status.classList.toggle("wrong", wrong);
  }
  function link(text, address, target) {
    const found = document.createElement("a");
    found.href = address;
    found.textContent = text;
    if (target) { found.target = target; found.rel = "noopener"; }
    status.append(" ", found);
    return found;
  }

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  async function save() {
    clearTimeout(timer);
    if (running) { again = true; return; }
    const mine = fields();
    if (same(mine, sent)) return;
    running = true;
    say(words.gemmer);
    try {
      await told(mine, await post(mine));
    } catch {
      say(words.fejl, true);
      soon(RETRY);
    }
    running = false;
    if (again) { again = false; soon(0); }
  }

  function post(mine, keepalive = false) {
    return fetch(words.gem, {
      method: "POST", credentials: "same-origin", keepalive,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token.value },
      body: JSON.stringify({ base: base.value, fields: mine }),
    });
  }

  async function told(mine, answer) {
    const type = answer.headers.get("Content-Type") || "";
    if (answer.redirected || [400, 401, 403].includes(answer.status)) return signedOut();
    if (!type.startsWith("application/json")) throw new Error(String(answer.status));
    const found = await answer.json();
    if (answer.status === 200) {
      base.value = found.version;
      sent = take(mine, found.fields);
      say(words.gemt.replace("{tid}", found.saved));
      if (form.elements.namedItem("ready")?.checked) showFaults(found.faults);
      if (dirty()) soon(QUIET);
    } else if (answer.status === 409) {
      sent = mine;  // kept in the history: there is nothing to lose any more
      say(words.konflikt, true);
      link(words.flet, found.merge);
    } else {
      say(words.afvist + found.message, true);
      showFaults(found.fields);
    }
  }

  // Another session has another token: ask the page for it, which only works when somebody is signed in again.
  async function signedOut() {
    say(words.logind, true);
    link(words.login, words.loginUrl, "_blank");
    const page = await fetch(location.href, { credentials: "same-origin" });
    const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
    const fresh = parsed.querySelector("form[data-gem] input[name=csrf]");
    if (fresh) token.value = fresh.value;
    soon(RETRY);
  }

  // What others wrote meanwhile goes into the form, but not over what is being typed right now.
  function take(mine, theirs) {
    const here = fields(), rows = new Set(Object.keys(theirs).filter(path => path.includes("/")).map(rowOf));
    for (const row of rows) if (!rowElement(row) && !Object.keys(mine).some(path => rowOf(path) === row)) addRow(row.split("/")[0], row.split("/")[1]);
    for (const found of form.querySelectorAll(".line[data-raekke]")) {
      const row = found.dataset.raekke, was = Object.entries(mine).filter(([path]) => rowOf(path) === row);
      if (!rows.has(row) && was.some(([, text]) => text.trim()) && was.every(([path, text]) => here[path] === text)) found.remove();
    }
    for (const [path, text] of Object.entries(theirs)) {
      const control = form.elements.namedItem(path);
      if (!control || (here[path] ?? "") !== (mine[path] ?? "")) continue;
      if (control.type === "checkbox") control.checked = text !== "";
      else if (control.value.replaceAll("\r\n", "\n") !== text) control.value = text;
    }
    // What the form would hold had nobody typed since: what differs from it is still to be sent.
    const paths = new Set([...Object.keys(fields()), ...Object.keys(theirs).filter(path => theirs[path])]);
    return Object.fromEntries([...paths].map(path => [path, theirs[path] ?? mine[path] ?? ""]));
  }
  const rowOf = path => path.split("/").slice(0, 2).join("/");
  const rowElement = row => form.querySelector(`.line[data-raekke="${row}"]`);

  function addRow(list, id) {
    const holder = form.querySelector(`[data-liste="${list}"]`);
    if (!holder) return null;
    const row = holder.querySelector("template").content.querySelector(".line").cloneNode(true);
    row.removeAttribute("id");
    row.dataset.raekke = `${list}/${id}`;
    for (const one of row.querySelectorAll("[name], [id], [for]")) {
      if (one.name && one.name !== "remove") one.name = one.name.replace(`${list}/ny/`, `${list}/${id}/`);
      if (one.id) one.id = one.id.replace(`f-${list}-ny-`, `f-${list}-${id}-`);
      if (one.htmlFor) one.htmlFor = one.htmlFor.replace(`f-${list}-ny-`, `f-${list}-${id}-`);
    }
    row.querySelector("[name=remove]").value = `${list}/${id}`;
    holder.insertBefore(row, holder.querySelector(":scope > .add"));
    return row;
  }

  function showFaults(faults) {
    for (const old of form.querySelectorAll(".error")) old.remove();
    for (const old of form.querySelectorAll("[aria-invalid]")) { old.removeAttribute("aria-invalid"); old.removeAttribute("aria-describedby"); }
    const list = faultList.querySelector("ul");
    list.replaceChildren();
    for (const [path, text] of Object.entries(faults)) {
      const control = form.elements.namedItem(path), item = document.createElement("li");
      if (control) {
        const id = `fejl-${path.replaceAll("/", "-")}`, note = document.createElement("span"), way = document.createElement("a");
        note.className = "error"; note.id = id; note.textContent = text;
        control.setAttribute("aria-invalid", "true"); control.setAttribute("aria-describedby", id);
        control.after(note);
        way.href = `#${control.id}`; way.textContent = text;
        item.append(way);
      } else item.textContent = text;
      list.append(item);
    }
    faultList.hidden = !list.children.length;
  }

  form.addEventListener("input", () => { say(words.usendt); soon(QUIET); });
  form.addEventListener("change", () => soon(0));
  form.addEventListener("focusout", () => { if (dirty()) soon(0); });
  form.addEventListener("submit", () => { leaving = true; });
  form.addEventListener("click", event => {
    const button = event.target.closest("button[name]");
    if (!button) return;
    event.preventDefault();
    if (button.name === "add") {
      const id = [...crypto.getRandomValues(new Uint8Array(8))].map(n => n.toString(16).padStart(2, "0")).join("");
      addRow(button.value, id).querySelector("input, textarea, select").focus();
      say(words.tilfoejet);
    } else {
      const row = rowElement(button.value), after = row.parentElement.querySelector(":scope > .add");
      row.remove();
      after.focus();
      say(words.fjernet);
      soon(0);
    }
  });
  addEventListener("beforeunload", event => { if (!leaving && dirty()) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => {
    // The last moment that a phone gives a page: sent even if the page goes away. What was sent is sent once more later, and changes nothing.
    if (document.visibilityState === "hidden" && dirty() && !running) post(fields(), true).catch(() => {});
  });

  if (dirty()) { say(words.usendt); soon(QUIET); }

  const narrow = matchMedia("(max-width: 62rem)"), agenda = document.querySelector(".agenda-fold");
  if (agenda && narrow.matches) agenda.open = false;
  const here = agenda && agenda.querySelector("[aria-current]");
  if (here && !narrow.matches) agenda.parentElement.scrollTop = here.offsetTop - agenda.parentElement.clientHeight / 3;
})();
