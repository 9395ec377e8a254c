// Reads a story one step at a time: by buttons, by [ and ], by the arrows of the page's own links.

const story = document.querySelector("[data-story]");
const button = story?.querySelector("[data-read]");

if (button) {
  const steps = [...story.querySelectorAll("[data-step]")];
  const marks = [...story.querySelectorAll("[data-mark]")];
  const words = button.textContent;
  let at = 0;

  /** @param {number} index */
  function show(index) {
    at = Math.min(Math.max(index, 0), steps.length - 1);
    for (const [number, step] of steps.entries()) step.classList.toggle("is-now", number === at);
    for (const mark of marks) mark.classList.toggle("is-now", mark.dataset.mark === steps[at].id);
    const heading = steps[at].querySelector("h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    history.replaceState(null, "", `#${steps[at].id}`);
  }

  const isReading = () => story.classList.contains("is-reading");

  button.hidden = false;
  button.addEventListener("click", () => {
    const on = story.classList.toggle("is-reading");
    button.textContent = on ? button.dataset.all : words;
    for (const mark of marks) mark.classList.remove("is-now");
    if (on) show(Math.max(steps.findIndex((step) => `#${step.id}` === location.hash), 0));
  });
  story.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to], [data-mark]");
    if (!link || !isReading()) return;
    event.preventDefault();
    if (link.dataset.to) show(at + Number(link.dataset.to));
    else show(steps.findIndex((step) => step.id === link.dataset.mark));
  });
  document.addEventListener("keydown", (event) => {
    if (!isReading() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "]") show(at + 1);
    if (event.key === "[") show(at - 1);
  });
}
