import assert from "node:assert/strict";
import { test } from "node:test";

import { actionOf, neighbor } from "../../static/js/timeline/keyboard.js";

const key = (name, more = {}) => ({ key: name, shiftKey: false, ...more });
const order = [
  { lane: "a", left: 0 }, { lane: "a", left: 300 }, { lane: "b", left: 280 }, { lane: "b", left: 500 },
];

test("keys that the browser or the system uses are left alone", () => {
  assert.equal(actionOf(key("+", { ctrlKey: true })), null);
  assert.equal(actionOf(key("ArrowLeft", { altKey: true })), null);
  assert.equal(actionOf(key("Tab")), null);
});

test("every action of the help has its key", () => {
  const keys = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "+", "-", "0", ",", ".", "ArrowUp",
    "ArrowDown", "Home", "End", "?"];
  assert.equal(new Set(keys.map((name) => actionOf(key(name)))).size, keys.length);
});

test("next and previous walk all labels and stop at the ends", () => {
  assert.equal(neighbor(order, order[1], "next"), order[2]);
  assert.equal(neighbor(order, order[0], "previous"), null);
  assert.equal(neighbor(order, order[3], "next"), null);
});

test("up and down change the lane and stay near", () => {
  assert.equal(neighbor(order, order[1], "lane-down"), order[2]);
  assert.equal(neighbor(order, order[3], "lane-up"), order[1]);
  assert.equal(neighbor(order, order[0], "lane-up"), null);
});
