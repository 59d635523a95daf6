import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { gradient, interp } from "../../array/interpolation.ts";
import { item, tolist } from "../../array/read.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { start } from "../_support.ts";

await start();

test("interp() ends where the points end, unless it is told how to go on", () => {
  const [xp, fp] = [array([0, 1, 3]), array([0, 10, 30])];
  assert.deepEqual(tolist(interp(array([-1, 0.5, 2, 9]), xp, fp)), [0, 5, 20, 30]);
  assert.deepEqual(tolist(interp(array([-1, 9]), xp, fp, { left: -7, right: "extrapolate" })), [-7, 90]);
  assert.equal(item(interp(3.5, xp, array([0, 10, 0]), { period: 4 })), 0);
  assert.throws(() => interp(0, xp, array([1])), {
    name: "ValueError",
    message: [
      "Cannot interp: the points are not two lines of one size",
      "  operand:  xp",
      "  actual:   xp [3], fp [1]",
      "  expected: one axis each, of one size",
      "  try:      map over rows by vmap",
    ].join("\n"),
  });
});

test("gradient() gives an array for each axis", () => {
  const x = array([[0, 1, 4], [0, 2, 8]]);
  assert.deepEqual((gradient(x) as NDArray[]).map(tolist), [[[0, 1, 4], [0, 1, 4]], [[1, 2, 3], [2, 4, 6]]]);
  assert.deepEqual(tolist(gradient(array([0, 1, 4]), 2) as NDArray), [0.5, 1, 1.5]);
  // A parabola, at places that are not evenly spaced.
  assert.deepEqual(tolist(gradient(array([0, 1, 9]), array([0, 1, 3])) as NDArray), [1, 2, 4]);
  assert.throws(() => gradient(array([1])), { name: "ValueError" });
});
