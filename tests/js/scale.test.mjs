import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LEVELS, clamp, isoOf, levelFor, ordinalOf, pan, parsePeriod, partsOf, periodOf, pixels, ticks,
  tileIndex, tileStart, tilesOf, zoom,
} from "../../static/js/timeline/scale.js";

const LIMITS = { start: ordinalOf(1900), end: ordinalOf(2100) };

test("an ordinal is Python's: 7 December 2016 is day 736305", () => {
  assert.equal(ordinalOf(2016, 12, 7), 736305);
  assert.equal(ordinalOf(1, 1, 1), 1);
  assert.equal(isoOf(736305), "2016-12-07");
  assert.equal(isoOf(1), "0001-01-01");
  assert.deepEqual(partsOf(ordinalOf(99, 12, 31)), { year: 99, month: 12, day: 31 });
});

test("a period reads as the filter writes it, its end being the day after", () => {
  assert.equal(isoOf(parsePeriod("2016")), "2016-01-01");
  assert.equal(isoOf(parsePeriod("2016", true)), "2017-01-01");
  assert.equal(isoOf(parsePeriod("2016-12", true)), "2017-01-01");
  assert.equal(isoOf(parsePeriod("2016-12-07", true)), "2016-12-08");
  assert.equal(parsePeriod("hier"), null);
});

test("a view and its period are the same days", () => {
  const view = { start: ordinalOf(2016, 12, 1), end: ordinalOf(2017, 1, 1) };
  assert.deepEqual(periodOf(view), { start: "2016-12-01", end: "2016-12-31" });
});

test("zooming keeps the day under the pointer in its place", () => {
  const view = { start: ordinalOf(2010), end: ordinalOf(2020) };
  const before = view.start + (view.end - view.start) * 0.3;
  const closer = zoom(view, 4, 0.3, LIMITS);
  assert.ok(Math.abs(pixels(closer, 1000)(before) - 300) < 1e-6);
});

test("zooming in and out again comes back", () => {
  const view = { start: ordinalOf(2010), end: ordinalOf(2020) };
  const back = zoom(zoom(view, 3, 0.5, LIMITS), 1 / 3, 0.5, LIMITS);
  assert.ok(Math.abs(back.start - view.start) < 1e-6);
});

test("no view leaves the limits, and none is wider", () => {
  assert.deepEqual(clamp({ start: 0, end: 4e6 }, LIMITS), LIMITS);
  const moved = pan({ start: ordinalOf(2090), end: ordinalOf(2099) }, 5, LIMITS);
  assert.equal(moved.end, LIMITS.end);
  assert.equal(moved.end - moved.start, ordinalOf(2099) - ordinalOf(2090));
});

for (const level of LEVELS) {
  test(`tiles of a ${level} follow one another without gap`, () => {
    for (const day of [ordinalOf(2016, 12, 7), ordinalOf(1999, 12, 31), ordinalOf(2000, 2, 29)]) {
      const index = tileIndex(level, day);
      assert.ok(tileStart(level, index) <= day);
      assert.ok(day < tileStart(level, index + 1));
    }
  });
}

test("a view asks for few tiles, whatever it shows", () => {
  for (let span = 0.5; span < 400_000; span *= 1.3) {
    const view = { start: ordinalOf(1990), end: ordinalOf(1990) + span };
    assert.ok(tilesOf(view).length <= 12, `${span} days: ${tilesOf(view).length} tiles`);
    assert.ok(LEVELS.includes(levelFor(view)));
  }
});

test("ticks stand apart, in order, at the first days of periods", () => {
  for (let span = 1; span < 300_000; span *= 1.7) {
    const view = { start: ordinalOf(1950) + 0.4, end: ordinalOf(1950) + span };
    const marks = ticks(view, 1000, "fr");
    const x = pixels(view, 1000);
    for (let at = 1; at < marks.length; at += 1) {
      assert.ok(x(marks[at].day) - x(marks[at - 1].day) > 40, `${span}: ${marks[at].label}`);
    }
    assert.ok(marks.every(({ label }) => label.length > 0));
  }
});

test("ticks speak the language of the page", () => {
  const view = { start: ordinalOf(2016, 12, 1), end: ordinalOf(2017, 3, 1) };
  assert.ok(ticks(view, 300, "fr").some(({ label }) => label.startsWith("févr")));
  assert.ok(ticks(view, 300, "en").some(({ label }) => label.startsWith("Feb")));
});
