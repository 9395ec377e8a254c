// Words selected in a dispatch become an event: the link carries their place in the stored text.

const text = document.querySelector("[data-select] .prose");
const offer = document.querySelector("[data-selection]");

/** Code points of the stored text before a point of the page; numbers of marks are not of it. */
function offset(node, at) {
  const range = document.createRange();
  range.selectNodeContents(text);
  range.setEnd(node, at);
  const part = range.cloneContents();
  for (const number of part.querySelectorAll("sup")) number.remove();
  return [...part.textContent].length;
}

if (text && offer) {
  const link = offer.querySelector("a");
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
    const inside = range && !range.collapsed && text.contains(range.commonAncestorContainer);
    if (!inside) {
      if (!offer.contains(document.activeElement)) offer.hidden = true;
      return;
    }
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    offer.hidden = end <= start;
    link.href = `${text.closest("[data-select]").dataset.select}?start=${start}&end=${end}`;
  });
}
