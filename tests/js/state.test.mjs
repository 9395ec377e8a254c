import assert from "node:assert/strict";
import { test } from "node:test";

import { ordinalOf } from "../../static/js/timeline/scale.js";
import { formQuery, tileQuery, viewOf, withView } from "../../static/js/timeline/state.js";

const WHOLE = { start: ordinalOf(2010), end: ordinalOf(2020) };
const query = (text) => new URLSearchParams(text);

test("an address without a period shows the whole, and the whole needs no period", () => {
  assert.deepEqual(viewOf(query("type=talks"), WHOLE), WHOLE);
  assert.equal(withView(query("type=talks&start=2016&page=3"), WHOLE, WHOLE).toString(), "type=talks");
});

test("a view comes back from its address", () => {
  const view = { start: ordinalOf(2016, 12, 1), end: ordinalOf(2016, 12, 9) };
  const params = withView(query("status=planned"), view, WHOLE);
  assert.equal(params.toString(), "status=planned&start=2016-12-01&end=2016-12-08");
  assert.deepEqual(viewOf(params, WHOLE), view);
});

test("a period open on one side ends with the whole", () => {
  assert.deepEqual(viewOf(query("start=2016"), WHOLE), { start: ordinalOf(2016), end: WHOLE.end });
  assert.deepEqual(viewOf(query("end=2015"), WHOLE), { start: WHOLE.start, end: ordinalOf(2016) });
});

test("a period turned round is still a view", () => {
  const view = viewOf(query("start=2018&end=2015"), WHOLE);
  assert.ok(view.start < view.end);
});

test("tiles depend on filters and lanes, not on window, page, order or open event", () => {
  const one = tileQuery(query("type=talks&start=2016&page=2&order=desc&event=4"), ["a", ""]);
  const other = tileQuery(query("type=talks&end=2019"), ["a", ""]);
  assert.equal(one, other);
  assert.notEqual(one, tileQuery(query("type=toll"), ["a", ""]));
});

test("empty fields of the form leave no trace, and what it lacks is kept", () => {
  const params = formQuery([["q", ""], ["type", "talks"], ["type", "toll"]], query("lane=actor"));
  assert.equal(params.toString(), "type=talks&type=toll&lane=actor");
});
