// Lights up, on hover and focus, the passages of an event in the text and the event of a passage.

const root = document.querySelector("[data-dispatch]");

/** @param {Element} element @returns {string[]} */
function numbersOf(element) {
  return (element.dataset.numbers ?? element.dataset.number ?? "").split(" ").filter(Boolean);
}

/** @param {string[]} numbers */
function light(numbers) {
  for (const element of root.querySelectorAll("[data-numbers], [data-number]")) {
    const on = numbersOf(element).some((number) => numbers.includes(number));
    element.classList.toggle("is-lit", on);
  }
}

if (root) {
  for (const kind of ["pointerover", "focusin"]) {
    root.addEventListener(kind, (event) => {
      const element = event.target.closest("[data-numbers], [data-number]");
      light(element ? numbersOf(element) : []);
    });
  }
  root.addEventListener("pointerleave", () => light([]));
}
