// Asks how far a batch has come until every item is settled; the page works without it.

const box = document.querySelector("[data-progress]");
const stale = document.querySelector("[data-stale]");
const SHORTEST = 1000; // milliseconds between two questions
const LONGEST = 15000;

async function ask(wait) {
  let next = wait;
  try {
    const response = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const report = await response.json();
    if (box.innerHTML !== report.html) box.innerHTML = report.html;
    stale.hidden = true;
    if (report.settled) return;
    next = Math.min(wait * 1.2, LONGEST);
  } catch {
    stale.hidden = false;
    next = Math.min(wait * 2, LONGEST);
  }
  setTimeout(ask, next, next);
}

if (box && box.dataset.settled === "0") setTimeout(ask, SHORTEST, SHORTEST);
