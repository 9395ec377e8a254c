// Who stands where: labels in rows without overlap, the important first. Pure.

const NARROWEST = 64; // pixels: a label near the right edge is cut to this before it is moved

/**
 * @typedef {object} Candidate
 * @property {number} id
 * @property {number} x left edge in pixels, where the event begins (it may lie left of the view)
 * @property {number} right where the event ends
 * @property {number} width of its label
 * @property {number} weight importance: the larger, the sooner it is placed
 */

/**
 * Place what fits. A label begins at its event, or at the left edge for an event that began before.
 * @param {Candidate[]} candidates
 * @param {{rows: number, width: number, gap?: number, most?: number}} room
 * @returns {{placed: (Candidate & {row: number, left: number})[], left: number}} `left`: how many
 *   found no room
 */
export function place(candidates, { rows, width, gap = 6, most = Infinity }) {
  const taken = Array.from({ length: rows }, () => []);
  const placed = [];
  const visible = candidates.filter((one) => one.x < width && Math.max(one.right, one.x + 1) > 0);
  const ordered = [...visible].sort((a, b) => b.weight - a.weight || a.x - b.x || a.id - b.id);
  for (const one of ordered) {
    if (placed.length >= most) break;
    const start = Math.max(one.x, 0);
    const wide = Math.min(one.width, Math.max(width - start, NARROWEST));
    const left = Math.min(start, Math.max(width - wide, 0));
    const right = left + wide + gap;
    const row = taken.findIndex((spans) => spans.every(([a, b]) => right <= a || left >= b));
    if (row < 0) continue;
    taken[row].push([left, right]);
    placed.push({ ...one, row, left, width: wide });
  }
  placed.sort((a, b) => a.row - b.row || a.left - b.left);
  return { placed, left: visible.length - placed.length };
}

/**
 * How wide a label of `title` is, without asking the page: wide enough never to be cut short of
 * its room, and never wider than `widest`.
 */
export function labelWidth(title, widest = 230) {
  return Math.min(Math.ceil(title.length * 6.9) + 26, widest);
}

/** The sum of a tile's runs `[slot, n, …]`. */
export function sumOf(runs) {
  let sum = 0;
  for (let at = 1; at < runs.length; at += 2) sum += runs[at];
  return sum;
}

/**
 * Counts of the slots that lie in a view, by lane.
 * @returns {Map<string, {from: number, to: number, n: number}[]>}
 */
export function barsOf(tiles, view) {
  const bars = new Map();
  for (const tile of tiles) {
    for (const [lane, runs] of Object.entries(tile.counts)) {
      if (!bars.has(lane)) bars.set(lane, []);
      for (let at = 0; at < runs.length; at += 2) {
        const [from, to] = [tile.slots[runs[at]], tile.slots[runs[at] + 1]];
        if (to > view.start && from < view.end) bars.get(lane).push({ from, to, n: runs[at + 1] });
      }
    }
  }
  return bars;
}
