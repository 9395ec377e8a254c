// The keys of the view. Single letters and digits work only while the focus is in it.

/**
 * What a key asks for. Pure.
 * @param {{key: string, shiftKey: boolean, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} event
 * @returns {string | null}
 */
export function actionOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  switch (event.key) {
    case "ArrowLeft": return event.shiftKey ? "page-left" : "left";
    case "ArrowRight": return event.shiftKey ? "page-right" : "right";
    case "ArrowUp": return "lane-up";
    case "ArrowDown": return "lane-down";
    case "PageUp": return "page-left";
    case "PageDown": return "page-right";
    case "Home": return "first";
    case "End": return "last";
    case "+": case "=": return "zoom-in";
    case "-": return "zoom-out";
    case "0": return "all";
    case ",": return "previous";
    case ".": return "next";
    case "?": return "help";
    default: return null;
  }
}

/**
 * The button to go to from `current`. Pure.
 * @param {{lane: string, left: number}[]} order lane by lane, then left to right
 */
export function neighbor(order, current, action) {
  const at = order.indexOf(current);
  if (at < 0) return order[0] ?? null;
  if (action === "next") return order[at + 1] ?? null;
  if (action === "previous") return order[at - 1] ?? null;
  const lanes = [...new Set(order.map((one) => one.lane))];
  const lane = lanes[lanes.indexOf(current.lane) + (action === "lane-down" ? 1 : -1)];
  const there = order.filter((one) => one.lane === lane);
  return there.reduce(
    (best, one) =>
      !best || Math.abs(one.left - current.left) < Math.abs(best.left - current.left) ? one : best,
    null,
  );
}
