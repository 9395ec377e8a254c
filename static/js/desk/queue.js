// The queue as plain data: which proposals are there, which is in view, which are chosen. No DOM.

/**
 * @typedef {{ids: string[], at: number, chosen: Set<string>, last: string | null}} Queue
 */

/** @param {string[]} ids @param {string | null} current @returns {Queue} */
export function makeQueue(ids, current) {
  return { ids: [...ids], at: Math.max(0, ids.indexOf(current ?? "")), chosen: new Set(), last: null };
}

/** @param {Queue} queue @returns {string | undefined} */
export function current(queue) {
  return queue.ids[queue.at];
}

/** Move by `by` rows, no further than the ends. @param {Queue} queue @param {number} by */
export function move(queue, by) {
  return { ...queue, at: Math.min(Math.max(queue.at + by, 0), Math.max(queue.ids.length - 1, 0)) };
}

/** @param {Queue} queue @param {string} id */
export function goTo(queue, id) {
  const at = queue.ids.indexOf(id);
  return at < 0 ? queue : { ...queue, at };
}

/**
 * Choose a row or leave it out; a range goes from the row that was chosen last.
 * @param {Queue} queue @param {string} id @param {boolean} range
 */
export function tick(queue, id, range = false) {
  const chosen = new Set(queue.chosen);
  const from = queue.ids.indexOf(queue.last ?? "");
  const to = queue.ids.indexOf(id);
  if (range && from >= 0 && to >= 0) {
    for (let at = Math.min(from, to); at <= Math.max(from, to); at += 1) chosen.add(queue.ids[at]);
  } else if (chosen.has(id)) {
    chosen.delete(id);
  } else {
    chosen.add(id);
  }
  return { ...queue, chosen, last: id };
}

/** What an act is about: the chosen rows, else the one in view. @param {Queue} queue */
export function subjects(queue) {
  if (queue.chosen.size) return queue.ids.filter((id) => queue.chosen.has(id));
  const one = current(queue);
  return one === undefined ? [] : [one];
}

/** Take rows off; the view stays where it was, on the next one. @param {Queue} queue @param {string[]} gone */
export function without(queue, gone) {
  const before = queue.ids.slice(0, queue.at).filter((id) => gone.includes(id)).length;
  const ids = queue.ids.filter((id) => !gone.includes(id));
  const at = Math.min(queue.at - before, Math.max(ids.length - 1, 0));
  return { ids, at, chosen: new Set(), last: null };
}

/** Put rows back where they were, the first of them in view. @param {Queue} queue @param {[string, number][]} rows */
export function withBack(queue, rows) {
  const ids = [...queue.ids];
  for (const [id, at] of [...rows].sort((one, other) => one[1] - other[1])) {
    if (!ids.includes(id)) ids.splice(Math.min(at, ids.length), 0, id);
  }
  return goTo({ ...queue, ids }, rows[0]?.[0] ?? "");
}
