import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { clip, fmax, fmin, maximum, minimum } from "../../array/extremes.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("maximum() and minimum() give NaN where either is, fmax() and fmin() the number", () => {
  const [x, y] = [array([1, NaN, NaN]), array([2, 0.5, NaN])];
  assert.deepEqual(tolist(maximum(x, y)), [2, NaN, NaN]);
  assert.deepEqual(tolist(minimum(x, y)), [1, NaN, NaN]);
  assert.deepEqual(tolist(fmax(x, y)), [2, 0.5, NaN]);
  assert.deepEqual(tolist(fmin(x, y)), [1, 0.5, NaN]);
});

test("maximum() of unsigned integers compares them as such", () => {
  const x = array([2 ** 31, 1], { dtype: "uint32" });
  assert.deepEqual(tolist(maximum(x, 5)), [2 ** 31, 5]);
});

test("clip() takes one bound, both or none, and the upper one wins", () => {
  const x = array([-2, 0, 9]);
  assert.deepEqual(tolist(clip(x, -1, 5)), [-1, 0, 5]);
  assert.deepEqual(tolist(clip(x, null, 5)), [-2, 0, 5]);
  assert.deepEqual(tolist(clip(x, 0)), [0, 0, 9]);
  assert.equal(clip(x), x);
  assert.deepEqual(tolist(clip(x, 5, 1)), [1, 1, 1]);
  assert.equal(clip(x, 0.5).dtype, "float32");
  assert.deepEqual(tolist(clip(x, array([0, 1, 2]), array([[3], [4]]))), [[0, 1, 3], [0, 1, 4]]);
});
