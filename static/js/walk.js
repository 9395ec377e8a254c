// From event to event by [ and ], as in a story.

const RELATIONS = { "[": "prev", "]": "next" };

document.addEventListener("keydown", (event) => {
  const relation = RELATIONS[event.key];
  const isTyping = event.target.matches("input, select, textarea");
  if (!relation || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`a[rel="${relation}"]`)?.click();
});
