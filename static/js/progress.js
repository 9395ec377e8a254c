// Asks how far a batch has come until every item is settled; the page works without it.

const box = document.querySelector("[data-progress]");
const stale = document.querySelector("[data-stale]");
const lead = document.querySelector("[data-lead]");
const SHORTEST = 1000; // milliseconds between two questions
const LONGEST = 15000;

/** Show what the server says, and leave the focus on the same thing. */
function show(html) {
  if (box.innerHTML === html) return;
  const key = box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  box.innerHTML = html;
  if (key) box.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function settle(report) {
  lead.textContent = lead.dataset.lead;
  for (const one of document.querySelectorAll("[data-while-reading]")) one.hidden = true;
  if (report.failed) location.reload(); // for the button that tries them again
}

async function ask(wait) {
  let next = wait;
  try {
    const response = await fetch(box.dataset.progress + location.search, {
      headers: { Accept: "application/json" },
    });
    if (!response.ok) throw new Error(String(response.status));
    const report = await response.json();
    show(report.html);
    stale.hidden = true;
    if (report.settled) {
      settle(report);
      return;
    }
    next = Math.min(wait * 1.2, LONGEST);
  } catch {
    stale.hidden = false;
    next = Math.min(wait * 2, LONGEST);
  }
  setTimeout(ask, next, next);
}

if (box && box.dataset.settled === "0") setTimeout(ask, SHORTEST, SHORTEST);
