// Days and pixels, and the calendar that tiles are cut by. Pure: no DOM, no local time.
// A day is a proleptic ordinal as in Python: 1 is 1 January of year 1, 719163 is 1 January 1970.

const UNIX_EPOCH = 719163;
const MILLISECONDS = 86_400_000;
export const LEVELS = ["day", "week", "month", "quarter", "year", "decade", "century"];
export const SHORTEST = 0.5; // days that a view may show at least
const LAST_DAY = 3652059; // 31 December 9999
// The widest view, in days, that is drawn with tiles of each level.
const WIDEST = { day: 3, week: 16, month: 100, quarter: 300, year: 2400, decade: 16000 };

/** @typedef {{start: number, end: number}} View days, `start <= day < end`, fractions of days too */

/** @returns {{year: number, month: number, day: number}} of the day that `ordinal` falls in */
export function partsOf(ordinal) {
  const date = new Date((Math.floor(ordinal) - UNIX_EPOCH) * MILLISECONDS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** @returns {number} ordinal; months beyond 12 run on into later years */
export function ordinalOf(year, month = 1, day = 1) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / MILLISECONDS) + UNIX_EPOCH;
}

/** @returns {Date} at midnight UTC, for Intl with `timeZone: "UTC"` */
export function dateOf(ordinal) {
  return new Date((Math.floor(ordinal) - UNIX_EPOCH) * MILLISECONDS);
}

/** @returns {string} "2016-12-07" */
export function isoOf(ordinal) {
  const { year, month, day } = partsOf(ordinal);
  return [String(year).padStart(4, "0"), pad(month), pad(day)].join("-");
}

const pad = (number) => String(number).padStart(2, "0");

/**
 * Read "2016", "2016-12" or "2016-12-07", as the period filter writes it.
 * @param {string} text
 * @param {boolean} whole whether to return the day after the period instead of its first day
 * @returns {number | null}
 */
export function parsePeriod(text, whole = false) {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text.trim());
  if (!match) return null;
  const [year, month, day] = match.slice(1).map((part) => (part ? Number(part) : null));
  if (!whole) return ordinalOf(year, month ?? 1, day ?? 1);
  if (day !== null) return ordinalOf(year, month, day) + 1;
  return month === null ? ordinalOf(year + 1) : ordinalOf(year, month + 1);
}

/** @param {View} view @returns {{start: string, end: string}} values of the period filter */
export function periodOf(view) {
  return { start: isoOf(Math.max(view.start, 1)), end: isoOf(Math.min(view.end - 0.01, LAST_DAY)) };
}

/** @param {View} view @param {number} width pixels */
export function pixels(view, width) {
  const ratio = width / (view.end - view.start);
  return (day) => (day - view.start) * ratio;
}

/** Zoom by `factor` (2 shows half as many days) around `at`, a fraction of the width. */
export function zoom(view, factor, at, limits) {
  const span = view.end - view.start;
  const wanted = Math.max(span / factor, SHORTEST);
  const fixed = view.start + span * at;
  return clamp({ start: fixed - wanted * at, end: fixed + wanted * (1 - at) }, limits);
}

/** Move by a fraction of the view's width. */
export function pan(view, share, limits) {
  const step = (view.end - view.start) * share;
  return clamp({ start: view.start + step, end: view.end + step }, limits);
}

/** Keep a view inside `limits`: moved if it fits, cut if it does not. */
export function clamp(view, limits) {
  const span = Math.min(view.end - view.start, limits.end - limits.start);
  const start = Math.min(Math.max(view.start, limits.start), limits.end - span);
  return { start, end: start + span };
}

/** @returns {string} the level of tiles to draw a view with */
export function levelFor(view) {
  const span = view.end - view.start;
  return LEVELS.find((level) => span <= (WIDEST[level] ?? Infinity));
}

/** @returns {number} the index of the tile of `level` that holds `day` */
export function tileIndex(level, day) {
  const { year, month } = partsOf(day);
  switch (level) {
    case "day": return Math.floor(day);
    case "week": return Math.floor((Math.floor(day) - 1) / 7);
    case "month": return year * 12 + month - 1;
    case "quarter": return year * 4 + Math.floor((month - 1) / 3);
    case "year": return year;
    case "decade": return Math.floor(year / 10);
    default: return Math.floor(year / 100);
  }
}

/** @returns {number} the first day of a tile */
export function tileStart(level, index) {
  switch (level) {
    case "day": return index;
    case "week": return index * 7 + 1;
    case "month": return ordinalOf(Math.floor(index / 12), (index % 12) + 1);
    case "quarter": return ordinalOf(Math.floor(index / 4), (index % 4) * 3 + 1);
    case "year": return ordinalOf(index);
    case "decade": return ordinalOf(Math.max(index * 10, 1));
    default: return ordinalOf(Math.max(index * 100, 1));
  }
}

/** @returns {{level: string, index: number}[]} the tiles that a view needs, left to right */
export function tilesOf(view, level = levelFor(view)) {
  const first = tileIndex(level, Math.max(view.start, 1));
  const last = tileIndex(level, Math.min(Math.max(view.end - 1e-6, 1), LAST_DAY));
  const tiles = [];
  for (let index = first; index <= last; index += 1) tiles.push({ level, index });
  return tiles;
}

// Calendar steps for ticks: [unit, how many, days]; a step is used when it is `least` pixels wide.
const STEPS = [
  ["hour", 6, 0.25], ["day", 1, 1], ["day", 7, 7], ["month", 1, 30.4], ["month", 3, 91.3],
  ["year", 1, 365.25], ["year", 2, 730.5], ["year", 5, 1826], ["year", 10, 3652],
  ["year", 20, 7305], ["year", 50, 18262], ["year", 100, 36524], ["year", 500, 182621],
];

/**
 * Where the calendar is marked, and with which words.
 * @returns {{day: number, label: string, major: boolean}[]}
 */
export function ticks(view, width, language, least = 64) {
  const perDay = width / (view.end - view.start);
  const [unit, count] = STEPS.find(([, , days]) => days * perDay >= least) ?? STEPS.at(-1);
  const marks = [];
  for (let day = firstMark(view.start, unit, count); day < view.end; day = nextMark(day, unit, count)) {
    if (day >= view.start) marks.push({ day, ...wordMark(day, unit, language) });
  }
  return marks;
}

function firstMark(start, unit, count) {
  const { year, month } = partsOf(start);
  if (unit === "hour") return Math.floor(start * 4) / 4;
  if (unit === "day") return count === 1 ? Math.floor(start) : Math.floor((start - 1) / 7) * 7 + 1;
  if (unit === "month") return ordinalOf(year, Math.floor((month - 1) / count) * count + 1);
  return ordinalOf(Math.max(Math.floor(year / count) * count, 1));
}

function nextMark(day, unit, count) {
  if (unit === "hour") return day + 0.25;
  if (unit === "day") return day + count;
  const { year, month } = partsOf(day);
  if (unit === "month") return ordinalOf(year, month + count);
  return ordinalOf(year === 1 && count > 1 ? count : year + count);
}

function wordMark(day, unit, language) {
  const { year, month, day: number } = partsOf(day);
  const word = (options) =>
    new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(dateOf(day));
  if (unit === "hour") {
    const hour = Math.round((day - Math.floor(day)) * 24);
    if (hour) return { label: `${hour} h`, major: false };
    return { label: word({ weekday: "short", day: "numeric", month: "short" }), major: true };
  }
  if (unit === "day") {
    const isFirst = number === 1;
    return { label: word({ day: "numeric", month: "short" }), major: isFirst };
  }
  if (unit === "month") {
    if (month === 1) return { label: String(year), major: true };
    return { label: word({ month: "short" }), major: false };
  }
  return { label: String(year), major: year % 10 === 0 };
}

/** A view in words: "du 5 au 11 décembre 2016", as Intl writes ranges. */
export function wordView(view, language) {
  const format = new Intl.DateTimeFormat(language, {
    timeZone: "UTC", day: "numeric", month: "long", year: "numeric",
  });
  return format.formatRange(dateOf(view.start), dateOf(view.end - 0.01));
}
