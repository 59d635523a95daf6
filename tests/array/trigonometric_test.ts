import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import * as trigonometric from "../../array/trigonometric.ts";
import { start } from "../_support.ts";

await start();

const INVERSES = [
  ["sin", "arcsin", "asin", 0.5],
  ["cos", "arccos", "acos", 0.5],
  ["tan", "arctan", "atan", 0.5],
  ["sinh", "arcsinh", "asinh", 0.5],
  ["cosh", "arccosh", "acosh", 1.5],
  ["tanh", "arctanh", "atanh", 0.5],
] as const;

for (const [name, inverse, short, value] of INVERSES) {
  test(`${inverse}() undoes ${name}(), and ${short}() is the same`, () => {
    const x = array([value]);
    const back = tolist(trigonometric[name](trigonometric[inverse](x))) as number[];
    assert(Math.abs(back[0]! - value) < 1e-6);
    assert.deepEqual(tolist(trigonometric[short](x)), tolist(trigonometric[inverse](x)));
  });
}

test("arctan2() knows the quadrants and the signs of zeros", () => {
  const y = array([1, 1, -1, -0.0]);
  const x = array([1, -1, -1, -1.5]);
  const quarter = Math.fround(Math.PI / 4);
  const angles = tolist(trigonometric.arctan2(y, x)) as number[];
  assert.deepEqual(angles.slice(0, 2), [quarter, Math.fround(3 * Math.PI / 4)]);
  assert.deepEqual(tolist(trigonometric.atan2(y, x)), angles);
});

test("degrees() and radians() are inverses", () => {
  assert.equal(tolist(trigonometric.deg2rad(180)), Math.fround(Math.PI));
  assert.equal(tolist(trigonometric.rad2deg(Math.PI)), 180);
  assert.equal(tolist(trigonometric.radians(array(90))), Math.fround(Math.PI / 2));
  assert.equal(tolist(trigonometric.degrees(array(0))), 0);
});
