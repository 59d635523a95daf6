import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { around, astype, ceil, fix, floor, rint, round, trunc } from "../../array/rounding.ts";
import { start } from "../_support.ts";

await start();

test("round() rounds halves to even, at any decimal place", () => {
  assert.deepEqual(tolist(round(array([0.5, 1.5, -2.5]))), [0, 2, -2]);
  assert.deepEqual(tolist(round(array([0.5, 1.5, 2.25]), { decimals: 1 })), [0.5, 1.5, Math.fround(2.2)]);
  assert.deepEqual(tolist(around(array([1250, 1350.5]), { decimals: -2 })), [1200, 1400]);
  assert.deepEqual(tolist(round(array([60000], { dtype: "float16" }), { decimals: 2 })), [60000]);
});

test("round() gives integers as they are, and refuses to round them before the point", () => {
  const x = array([15]);
  assert.equal(round(x, { decimals: 2 }), x);
  assert.throws(() => round(x, { decimals: -1 }), {
    name: "ValueError",
    message: "Cannot round: integers are rounded at places after the point only\n" +
      "  operand:  decimals\n" +
      "  actual:   -1 for int32\n" +
      "  expected: 0 or more\n" +
      "  try:      cast to a float first, or divide and multiply by a power of 10",
  });
  assert.throws(() => round(array([true])), {
    name: "TypeError",
    message: "Cannot round: the elements are bools; cast them to a float",
  });
  assert.throws(() => round(x, { decimals: 0.5 }), {
    name: "TypeError",
    message: "Cannot round: the number of decimals is 0.5; pass a whole number",
  });
});

test("floor(), ceil(), trunc() and fix() keep the dtype, rint() gives floats", () => {
  const x = array([-1.5, 1.5]);
  assert.deepEqual([floor, ceil, trunc, fix, rint].map((rounded) => tolist(rounded(x))), [
    [-2, 1],
    [-1, 2],
    [-1, 1],
    [-1, 1],
    [-2, 2],
  ]);
  const whole = array([3], { dtype: "int8" });
  assert.equal(floor(whole), whole);
  assert.equal(rint(whole).dtype, "float32");
});

test("astype() casts towards 0 and within the range of integers", () => {
  assert.deepEqual(tolist(astype(array([1.9, -1.9, NaN, 300]), "int8")), [1, -1, 0, 127]);
  assert.deepEqual(tolist(astype(array([300, -1]), "uint8")), [44, 255]);
  assert.equal(astype(array([1]), "int64").dtype, "int32");
  assert.equal(astype(2, "int32").weakType, false);
  assert.throws(() => astype(array([1]), "text"), { name: "ValueError" });
});
