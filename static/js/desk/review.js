// The review queue by keyboard: the next proposal is there at once, acts go out behind it.

import { current, goTo, makeQueue, move, subjects, tick, without, withBack } from "./queue.js";

const AHEAD = 3; // sheets fetched before they are asked for
const UNDO_MS = 10_000;

const desk = document.querySelector("[data-desk]");
if (desk) start(desk);

/** @param {HTMLElement} root */
function start(root) {
  const pane = root.querySelector("[data-pane]");
  const list = root.querySelector("[data-queue]");
  const bulk = root.querySelector("[data-bulk]");
  const toast = document.querySelector("[data-toast]");
  const keys = document.querySelector("[data-keys]");
  const keysOn = document.querySelector("[data-keys-on]");
  const token = bulk.querySelector("[name=csrfmiddlewaretoken]").value;
  const rows = new Map([...list.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
  const sheets = new Map();
  let queue = makeQueue([...rows.keys()], list.querySelector("[aria-current]")?.dataset.row ?? null);
  /** @type {{ids: Promise<number[]>, rows: [string, number][]}[]} */
  const done = [];
  let sending = Promise.resolve();
  let answered = Promise.resolve(); // the last act, and what was refused put back
  let hide = 0;

  sheets.set(current(queue), Promise.resolve(pane.innerHTML));
  keysOn.checked = localStorage.getItem("desk-keys") !== "off";
  keysOn.addEventListener("change", () =>
    localStorage.setItem("desk-keys", keysOn.checked ? "on" : "off"),
  );
  for (const button of document.querySelectorAll("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => keys.showModal());
  }
  prefetch();
  showEvidence();

  function fetchSheet(id) {
    if (!sheets.has(id)) {
      const answer = fetch(`${root.dataset.sheets}${id}/`).then((response) =>
        response.ok && !response.redirected // to the login
          ? response.text()
          : Promise.reject(new Error(String(response.status))),
      );
      answer.catch(() => sheets.delete(id));
      sheets.set(id, answer);
    }
    return sheets.get(id);
  }

  function prefetch() {
    for (const id of queue.ids.slice(queue.at + 1, queue.at + 1 + AHEAD)) fetchSheet(id);
  }

  async function show({ focus = false } = {}) {
    const id = current(queue);
    for (const [other, row] of rows) {
      row.toggleAttribute("aria-current", false);
      if (other === id) row.setAttribute("aria-current", "true");
      row.querySelector("input").checked = queue.chosen.has(other);
    }
    const count = queue.chosen.size;
    bulk.querySelector("[data-ticked]").textContent = String(count);
    bulk.classList.toggle("is-on", count > 0);
    if (id === undefined) {
      await Promise.all([sending, answered]);
      // This desk is done: the next one, if anything waits. What was refused is back on this one.
      if (current(queue) === undefined) location.reload();
      return;
    }
    reveal(rows.get(id));
    pane.setAttribute("aria-busy", "true");
    try {
      const html = await fetchSheet(id);
      if (current(queue) !== id) return;
      pane.innerHTML = html;
      pane.removeAttribute("aria-busy");
      showEvidence();
      if (pane.getBoundingClientRect().top < 0) pane.scrollIntoView({ block: "start" });
      if (focus) pane.querySelector("h2")?.focus();
    } catch {
      say(root.dataset.failed);
    }
    prefetch();
  }

  /** Bring a row into sight in its list alone: on a phone the sheet stands above, and stays. */
  function reveal(row) {
    const list = row.closest(".queue");
    const [box, frame] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
    if (box.top < frame.top) list.scrollTop -= frame.top - box.top;
    else if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom;
  }

  /** Long texts begin where the event is told. */
  function showEvidence() {
    for (const body of pane.querySelectorAll(".text__body")) {
      const mark = body.querySelector("mark");
      const above = body.getBoundingClientRect().top + body.clientHeight / 3;
      if (mark) body.scrollTop += mark.getBoundingClientRect().top - above;
    }
  }

  function say(words, undoable = false) {
    clearTimeout(hide);
    toast.hidden = true;
    toast.querySelector("[data-toast-text]").textContent = words;
    toast.querySelector("[data-toast-undo]").hidden = !undoable;
    void toast.offsetWidth; // the bar of ten seconds begins anew
    toast.hidden = false;
    hide = setTimeout(() => (toast.hidden = true), UNDO_MS);
  }

  /** A login in another tab makes the token of this page an old one: the cookie has the new one. */
  function freshToken() {
    return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? token;
  }

  /** Acts go out one after the other, in the order in which they were done. */
  function send(url, body) {
    body.delete("csrfmiddlewaretoken"); // the header is asked in its place
    const answer = sending.then(async () => {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": freshToken() },
      });
      const told = await response.json().catch(() => ({ error: [root.dataset.failed] }));
      if (!response.ok) throw Object.assign(new Error(told.error.join(" ")), { seen: told.seen });
      return told;
    });
    sending = answer.catch(() => undefined);
    return answer;
  }

  /** Take rows off the list at once; put them back if the site refuses. */
  function perform(gone, url, body, counts = true) {
    const places = gone.map((id) => /** @type {[string, number]} */ ([id, queue.ids.indexOf(id)]));
    for (const id of gone) rows.get(id).hidden = true;
    queue = without(queue, gone);
    const answer = send(url, body);
    done.push({ ids: answer.then((told) => told.acts).catch(() => []), rows: places });
    if (counts) total(-gone.length);
    answered = answer
      .then((told) => say(told.message, told.acts.length > 0))
      .catch((error) => {
        putBack(places, counts);
        say(error.message || root.dataset.failed);
      });
    show();
  }

  function putBack(places, counts = true) {
    for (const [id] of places) {
      rows.get(id).hidden = false;
      sheets.delete(id);
    }
    if (counts) total(places.length);
    queue = withBack(queue, places);
    show();
  }

  function total(by) {
    const totals = document.querySelector("[data-totals]");
    totals.dataset.waiting = String(Number(totals.dataset.waiting) + by);
    totals.dataset.done = String(Math.max(0, Number(totals.dataset.done) - by));
    for (const name of ["waiting", "done"]) {
      totals.querySelector(`[data-count=${name}]`).textContent = totals.dataset[name];
    }
  }

  function judge(verb, type = "") {
    const ids = subjects(queue);
    if (!ids.length) return;
    const body = new FormData();
    body.set("verb", verb);
    body.set("type", type);
    for (const id of ids) body.append("event", id);
    if (verb === "type") {
      send(root.dataset.act, body)
        .then((told) => {
          for (const id of ids) sheets.delete(id);
          done.push({ ids: Promise.resolve(told.acts), rows: [] });
          queue = { ...queue, chosen: new Set() };
          say(told.message, told.acts.length > 0);
          show();
        })
        .catch((error) => say(error.message));
      return;
    }
    perform(verb === "merge" ? ids.slice(1) : ids, root.dataset.act, body, verb !== "merge");
    if (verb === "merge") sheets.delete(ids[0]);
  }

  async function undo() {
    const last = done.pop();
    if (!last) return;
    const ids = await last.ids;
    if (!ids.length) return;
    const body = new FormData();
    for (const id of ids) body.append("act", String(id));
    try {
      const told = await send(root.dataset.undo, body);
      for (const id of queue.ids) sheets.delete(id);
      putBack(last.rows);
      say(told.message);
    } catch (error) {
      say(error.message);
    }
  }

  function open(selector, field) {
    const details = pane.querySelector(selector);
    if (!details) return;
    details.open = true;
    const first = details.querySelector(field);
    first?.focus();
    first?.select?.();
  }

  function merge() {
    if (queue.chosen.size > 1) judge("merge");
    else open("[data-twins]", "button");
  }

  const ACTS = {
    j: () => ((queue = move(queue, 1)), show()),
    k: () => ((queue = move(queue, -1)), show()),
    v: () => judge("approve"),
    r: () => judge("reject"),
    e: () => open("[data-edit]", "[name=edtf]"),
    f: merge,
    s: () => pane.querySelector("[data-split]")?.click(),
    z: undo,
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      const details = event.target.closest("details[open]");
      if (details && pane.contains(details)) {
        details.open = false;
        details.querySelector("summary").focus();
      }
      return;
    }
    if (field || !keysOn.checked) return;
    if (event.key.toLowerCase() === "x") {
      const id = current(queue);
      if (id !== undefined) queue = tick(queue, id, event.shiftKey);
      show();
    } else if (Object.hasOwn(ACTS, event.key)) {
      event.preventDefault();
      ACTS[event.key]();
    }
  });

  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("input")) {
      queue = tick(queue, row.dataset.row, event.shiftKey);
    } else if (event.target.closest("a")) {
      event.preventDefault();
      queue = goTo(queue, row.dataset.row);
    } else {
      return;
    }
    show({ focus: !event.target.matches("input") });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form === bulk) {
      event.preventDefault();
      judge(button.value, form.elements.namedItem("type").value);
    } else if (form.matches("[data-judge]")) {
      event.preventDefault();
      queue = { ...queue, chosen: new Set() };
      judge(button.value);
    } else if (form.matches("[data-correct]")) {
      event.preventDefault();
      correct(form, button);
    } else if (form.matches("[data-merge]")) {
      event.preventDefault();
      perform([current(queue)], form.action, new FormData(form));
    }
  });

  /** Enter saves and approves; a date that cannot be read keeps the form open. */
  async function correct(form, button) {
    const approve = button?.name === "approve" || button === null;
    const body = new FormData(form);
    if (approve) body.set("approve", "1");
    const id = current(queue);
    try {
      const answer = send(form.action, body);
      const told = await answer;
      sheets.delete(id);
      if (approve) {
        const places = [/** @type {[string, number]} */ ([id, queue.ids.indexOf(id)])];
        done.push({ ids: Promise.resolve(told.acts), rows: places });
        rows.get(id).hidden = true;
        queue = without(queue, [id]);
        total(-1);
      } else {
        done.push({ ids: Promise.resolve(told.acts), rows: [] });
      }
      say(told.message, told.acts.length > 0);
      document.activeElement?.blur?.();
      show();
    } catch (error) {
      if (error.seen) form.elements.namedItem("seen").value = error.seen; // told, and may go on
      say(error.message);
    }
  }

  toast.querySelector("[data-toast-undo]").addEventListener("click", undo);
}
