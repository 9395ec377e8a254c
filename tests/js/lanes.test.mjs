import assert from "node:assert/strict";
import { test } from "node:test";

import { barsOf, place, sumOf } from "../../static/js/timeline/lanes.js";

const ROOM = { rows: 2, width: 1000 };
const label = (id, x, weight = 0, width = 100) => ({ id, x, right: x + 1, width, weight });

test("no two labels of a row overlap", () => {
  const many = Array.from({ length: 300 }, (_, id) => label(id, (id * 37) % 1000, (id * 7) % 13));
  const { placed } = place(many, ROOM);
  for (const a of placed) {
    for (const b of placed) {
      if (a.id === b.id || a.row !== b.row) continue;
      assert.ok(a.left + a.width <= b.left || b.left + b.width <= a.left);
    }
  }
});

test("the more important one gets the room", () => {
  const { placed, left } = place([label(1, 10, 1), label(2, 20, 9), label(3, 30, 5)], ROOM);
  assert.deepEqual(placed.map(({ id }) => id).sort(), [2, 3]);
  assert.equal(left, 1);
});

test("an event that began before the view has its label at the left edge", () => {
  const { placed } = place([{ ...label(1, -5000), right: 300 }], ROOM);
  assert.equal(placed[0].left, 0);
});

test("an event that is over before the view is not shown", () => {
  assert.equal(place([{ ...label(1, -500), right: -3 }], ROOM).placed.length, 0);
});

test("a label near the right edge is cut before it is moved", () => {
  const [one] = place([label(1, 930)], ROOM).placed;
  assert.deepEqual([one.left, one.width], [930, 70]);
  const [other] = place([label(2, 980)], ROOM).placed;
  assert.equal(other.left + other.width, 1000);
});

test("the same labels are placed the same, in whatever order they come", () => {
  const many = Array.from({ length: 50 }, (_, id) => label(id, (id * 53) % 900, id % 4));
  const ids = (list) => place(list, ROOM).placed.map(({ id, row }) => [id, row]);
  assert.deepEqual(ids(many), ids([...many].reverse()));
});

test("bars are the slots that the view holds, lane by lane", () => {
  const tile = { slots: [0, 10, 20, 30], counts: { a: [0, 5, 2, 7], "": [1, 1] } };
  const bars = barsOf([tile], { start: 12, end: 25 });
  assert.deepEqual(bars.get("a"), [{ from: 20, to: 30, n: 7 }]);
  assert.deepEqual(bars.get(""), [{ from: 10, to: 20, n: 1 }]);
  assert.equal(sumOf(tile.counts.a), 12);
});
