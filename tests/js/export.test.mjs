import assert from "node:assert/strict";
import { test } from "node:test";

import { escaped, svgOf } from "../../static/js/timeline/export.js";

const colors = { rule: "#ccc", bar: "#c77", happened: "#111", planned: "#14c", paper: "#fff" };
const scene = {
  width: 800, height: 74, title: "décembre 2016", colors,
  marks: [{ x: 100, label: "5 déc.", major: true }],
  lanes: [{ name: "attaque", top: 0, height: 74 }],
  bars: [{ x: 10, y: 60, width: 5, height: 14 }],
  extents: [{ x1: 10, x2: 200, y: 38, status: "planned", vague: true }],
  labels: [{ x: 10, y: 17, width: 120, text: 'A <b> & "c"', status: "planned" }],
};

test("what was written by others cannot become markup", () => {
  assert.equal(escaped('<script>"&'), "&lt;script&gt;&quot;&amp;");
  assert.ok(svgOf(scene).includes("A &lt;b&gt; &amp; &quot;c&quot;"));
});

test("a drawing holds its marks, lanes, bars, extents and labels", () => {
  const svg = svgOf(scene);
  for (const part of ["5 déc.", "attaque", 'height="14"', 'stroke-dasharray="4 3"', "#14c"]) {
    assert.ok(svg.includes(part), part);
  }
});
