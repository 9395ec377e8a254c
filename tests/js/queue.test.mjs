import assert from "node:assert/strict";
import { test } from "node:test";

import {
  current, goTo, makeQueue, move, subjects, tick, without, withBack,
} from "../../static/js/desk/queue.js";

const queue = () => makeQueue(["a", "b", "c", "d"], "b");

test("the view begins at the row that the page shows", () => {
  assert.equal(current(queue()), "b");
  assert.equal(current(makeQueue(["a"], null)), "a");
});

test("moving stops at both ends", () => {
  assert.equal(current(move(queue(), -5)), "a");
  assert.equal(current(move(queue(), 9)), "d");
});

test("a range is chosen from the row chosen last, upward too", () => {
  const ranged = tick(tick(queue(), "d"), "b", true);
  assert.deepEqual(subjects(ranged), ["b", "c", "d"]);
});

test("choosing a row again leaves it out", () => {
  assert.deepEqual(subjects(tick(tick(queue(), "c"), "c")), ["b"]);
});

test("once a row is gone the next one is in view", () => {
  assert.equal(current(without(queue(), ["b"])), "c");
});

test("once the last row is gone the one before it is in view", () => {
  assert.equal(current(without(goTo(queue(), "d"), ["d"])), "c");
});

test("rows before the view may go without moving it", () => {
  assert.equal(current(without(goTo(queue(), "c"), ["a", "b"])), "c");
});

test("an empty queue shows nothing and acts on nothing", () => {
  const empty = without(queue(), ["a", "b", "c", "d"]);
  assert.equal(current(empty), undefined);
  assert.deepEqual(subjects(empty), []);
});

test("rows come back to their places, the first of them in view", () => {
  const gone = without(queue(), ["b", "d"]);
  const back = withBack(gone, [["b", 1], ["d", 3]]);
  assert.deepEqual(back.ids, ["a", "b", "c", "d"]);
  assert.equal(current(back), "b");
});
