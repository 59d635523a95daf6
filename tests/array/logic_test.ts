import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import * as logic from "../../array/logic.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("logicalAnd() and its like take numbers by whether they are other than 0, NaN included", () => {
  const [x, y] = [array([0, 1, NaN]), array([1, 1, 1])];
  assert.deepEqual(tolist(logic.logicalAnd(x, y)), [false, true, true]);
  assert.deepEqual(tolist(logic.logicalOr(x, 0)), [false, true, true]);
  assert.deepEqual(tolist(logic.logicalXor(x, y)), [true, false, false]);
  assert.deepEqual(tolist(logic.logicalNot(x)), [true, false, false]);
});

test("bitwiseAnd() and its like work on integers and bools, and refuse floats", () => {
  const x = array([0b1100, -1], { dtype: "int8" });
  assert.deepEqual(tolist(logic.bitwiseAnd(x, 0b1010)), [0b1000, 0b1010]);
  assert.deepEqual(tolist(logic.bitwiseOr(x, 0b0011)), [0b1111, -1]);
  assert.deepEqual(tolist(logic.bitwiseXor(x, 0b1010)), [0b0110, -0b1011]);
  assert.deepEqual(tolist(logic.bitwiseNot(x)), [-0b1101, 0]);
  assert.deepEqual(tolist(logic.invert(array([true, false]))), [false, true]);
  assert.deepEqual(tolist(logic.bitwiseInvert(array([0], { dtype: "uint8" }))), [255]);
  assert.throws(() => logic.bitwiseAnd(x, 0.5), {
    name: "TypeError",
    message: "Cannot bitwiseAnd: the elements are float32, which has no bits to work on; cast to an integer",
  });
});

test("leftShift() and rightShift() know the width of the dtype", () => {
  const x = array([-128, 127], { dtype: "int8" });
  assert.deepEqual(tolist(logic.rightShift(x, 1)), [-64, 63]);
  assert.deepEqual(tolist(logic.rightShift(x, 9)), [-1, 0]);
  assert.deepEqual(tolist(logic.leftShift(x, 1)), [0, -2]);
  assert.deepEqual(tolist(logic.bitwiseLeftShift(x, 8)), [0, 0]);
  assert.deepEqual(tolist(logic.bitwiseRightShift(array([200], { dtype: "uint8" }), 1)), [100]);
});

test("bitwiseCount() counts the bits of absolute values, as uint8", () => {
  const counts = logic.bitwiseCount(array([-1, 7, 0]));
  assert.deepEqual([counts.dtype, tolist(counts)], ["uint8", [1, 3, 0]]);
  assert.deepEqual(tolist(logic.bitwiseCount(array([255], { dtype: "uint8" }))), [8]);
});

test("isnan() and its like are constant for integers", () => {
  const x = array([NaN, Infinity, -Infinity, 0.5]);
  assert.deepEqual(tolist(logic.isnan(x)), [true, false, false, false]);
  assert.deepEqual(tolist(logic.isinf(x)), [false, true, true, false]);
  assert.deepEqual(tolist(logic.isfinite(x)), [false, false, false, true]);
  assert.deepEqual(tolist(logic.isposinf(x)), [false, true, false, false]);
  assert.deepEqual(tolist(logic.isneginf(x)), [false, false, true, false]);
  const whole = array([1, 2]);
  assert.deepEqual([logic.isnan, logic.isinf, logic.isfinite].map((test) => tolist(test(whole))), [
    [false, false],
    [false, false],
    [true, true],
  ]);
});
