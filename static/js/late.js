// Parts of a page that the server sends within `<noscript data-late>`: there without a script, and
// laid out with one only when they are looked for. A list goes on when its end comes up or the focus
// comes into it, details are filled when they open.

const NEAR = "0px"; // of the screen: the end of what is there has come up

const after = new WeakMap(); // the last element before a late part -> the part
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    put(after.get(target));
  }
}, { rootMargin: NEAR });

/** Watch the late parts of `root`. @param {ParentNode} root */
export function watchLate(root) {
  for (const held of root.querySelectorAll("noscript[data-late]")) {
    const details = held.closest("details");
    if (!details) {
      const before = held.previousElementSibling;
      const end = [...before.querySelectorAll("li")].pop() ?? before;
      after.set(end, held);
      watcher.observe(end);
      // Tab goes on from card to card, and to what follows them.
      held.closest("[tabindex]").addEventListener("focusin", () => put(held), { once: true });
    } else if (details.open) put(held);
    else details.addEventListener("toggle", () => put(held), { once: true });
  }
}

/** Give a part what a script-less browser shows. @param {Element} held */
function put(held) {
  if (!held.isConnected) return;
  const part = document.createElement("template");
  part.innerHTML = held.textContent;
  const parent = held.parentElement;
  held.replaceWith(part.content);
  watchLate(parent);
}

/** A page read by DOMParser has late parts as elements, as without scripts: make them text again. */
export function holdLate(page) {
  for (const held of page.querySelectorAll("noscript[data-late]")) held.textContent = held.innerHTML;
}

watchLate(document);
