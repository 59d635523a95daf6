import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { floatPower, pow, power } from "../../array/power.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("power() by a whole number keeps the dtype of integers and wraps", () => {
  const x = array([1, 2, 3], { dtype: "int8" });
  assert.deepEqual(tolist(power(x, 2)), [1, 4, 9]);
  assert.deepEqual(tolist(power(x, 8)), [1, 0, 6561 - 26 * 256 + 0].map((value) => value << 24 >> 24));
  assert.equal(power(x, 2).dtype, "int8");
  assert.equal(power(array([true]), 2).dtype, "int32");
  assert.equal(power(2, 3).weakType, true);
});

test("power() of integers by a negative number is refused", () => {
  assert.throws(() => power(array([2]), -1), {
    name: "TypeError",
    message: "Cannot power: int32 has no fractions for the exponent -1; cast x to a float, or use floatPower",
  });
  assert.deepEqual(tolist(floatPower(array([2]), -1)), [0.5]);
  assert.deepEqual(tolist(power(array([2], { dtype: "float32" }), -2)), [0.25]);
});

test("power() of an array by an array broadcasts and promotes", () => {
  assert.deepEqual(tolist(power(array([[2], [3]]), array([0, 1, 2]))), [[1, 2, 4], [1, 3, 9]]);
  const halves = power(array([2], { dtype: "bfloat16" }), array([0, 3]));
  assert.deepEqual([halves.dtype, tolist(halves)], ["bfloat16", [1, 8]]);
  assert.deepEqual(tolist(power(array([4, 9]), 0.5)), [2, 3]);
  assert.deepEqual(tolist(pow(array([0, 0]), array([0, 5]))), [1, 0]);
});

test("power() by one integer keeps the type of the bases", () => {
  const exponent = array(3, { dtype: "int32" });
  assert.equal(power(array([2], { dtype: "uint8" }), exponent).dtype, "uint8");
  assert.deepEqual(tolist(power(array([2], { dtype: "uint8" }), exponent)), [8]);
});
