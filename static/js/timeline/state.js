// The address is the state: what is in it, and how it changes. Pure.

import { isoOf, parsePeriod, periodOf } from "./scale.js";

const NOT_FOR_TILES = ["start", "end", "page", "order", "event"];

/** The view that an address asks for, inside `whole` where it leaves an end open. */
export function viewOf(params, whole) {
  const start = parsePeriod(params.get("start") ?? "");
  const end = parsePeriod(params.get("end") ?? "", true);
  if (start === null && end === null) return { ...whole };
  const view = { start: start ?? Math.min(whole.start, end - 1), end: end ?? Math.max(whole.end, start + 1) };
  return view.start < view.end ? view : { start: view.end - 1, end: view.start + 1 };
}

/** The address's parameters with another view in them; the whole needs no words. */
export function withView(params, view, whole) {
  const next = new URLSearchParams(params);
  next.delete("page");
  const isWhole = Math.abs(view.start - whole.start) < 1 && Math.abs(view.end - whole.end) < 1;
  const period = periodOf(view);
  for (const name of ["start", "end"]) {
    if (isWhole) next.delete(name);
    else next.set(name, period[name]);
  }
  return next;
}

/** What tiles depend on: the filters and the lanes, not the window. */
export function tileQuery(params, lanes) {
  const query = new URLSearchParams(params);
  for (const name of NOT_FOR_TILES) query.delete(name);
  query.delete("key");
  for (const lane of lanes) if (lane) query.append("key", lane);
  query.sort();
  return query.toString();
}

/** A form's entries as parameters: empty ones left out, and those of `kept` that it lacks. */
export function formQuery(entries, kept) {
  const query = new URLSearchParams();
  for (const [name, value] of entries) if (value !== "") query.append(name, value);
  for (const name of ["lane", "order"]) {
    if (!query.has(name) && kept.has(name) && !entries.some(([one]) => one === name)) {
      query.set(name, kept.get(name));
    }
  }
  return query;
}

export { isoOf };
