import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { divmod, floorDivide, fmod, mod, remainder } from "../../array/division.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

const X = [7, -7, 7, -7];
const Y = [2, 2, -2, -2];

for (const dtype of ["int8", "int32", "float32", "bfloat16"]) {
  test(`floorDivide() rounds down and remainder() has the sign of the divisor, ${dtype}`, () => {
    const [x, y] = [array(X, { dtype }), array(Y, { dtype })];
    assert.deepEqual(tolist(floorDivide(x, y)), [3, -4, -4, 3]);
    assert.deepEqual(tolist(remainder(x, y)), [1, 1, -1, -1]);
    assert.deepEqual(tolist(mod(x, y)), [1, 1, -1, -1]);
    assert.deepEqual(tolist(fmod(x, y)), [1, -1, 1, -1]);
    assert.deepEqual(divmod(x, y).map(tolist), [[3, -4, -4, 3], [1, 1, -1, -1]]);
    assert.equal(floorDivide(x, y).dtype, dtype);
  });
}

test("remainder() and fmod() of integers by 0 leave nothing", () => {
  const x = array([5, -5]);
  assert.deepEqual(tolist(remainder(x, 0)), [0, 0]);
  assert.deepEqual(tolist(fmod(x, 0)), [0, 0]);
  assert.deepEqual(tolist(floorDivide(x, 0)), [-2, -2]);
  assert.deepEqual(tolist(floorDivide(array([5], { dtype: "uint8" }), 0)), [255]);
});

test("floorDivide() of floats by 0 is NaN", () => {
  assert.deepEqual(tolist(floorDivide(array([1.5, -1, 0]), 0)), [NaN, NaN, NaN]);
  assert.deepEqual(tolist(floorDivide(array([1.5]), array([0.5]))), [3]);
  assert.deepEqual(tolist(remainder(array([1.5, NaN]), 0)), [NaN, NaN]);
});

test("floorDivide() of bools is int32", () => {
  assert.equal(floorDivide(array([true]), array([true])).dtype, "int32");
});
