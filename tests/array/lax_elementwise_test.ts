import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import * as lax from "../../array/lax_elementwise.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("add() takes operands of one dtype and shape, and scalars as the other's dtype", () => {
  const x = array([1, 2], { dtype: "bfloat16" });
  assert.deepEqual([lax.add(x, 1).dtype, tolist(lax.add(x, 1))], ["bfloat16", [2, 3]]);
  assert.deepEqual(tolist(lax.add(1, x)), [2, 3]);
  assert.deepEqual(tolist(lax.add(x, array(1, { dtype: "bfloat16" }))), [2, 3]);
  assert.equal(lax.add(1, 2).weakType, true);
});

test("add() refuses two dtypes", () => {
  const x = array([1, 2]);
  assert.throws(() => lax.add(x, array([1, 2], { dtype: "float32" })), {
    name: "TypeError",
    message: "Cannot add: the operands are of int32 and float32; cast one by pz.lax.convertElementType, " +
      "or use the function of pz.np, which promotes",
  });
  assert.throws(() => lax.add(x, 0.5), {
    name: "TypeError",
    message: "Cannot add: the operands are of int32 and float32, which is a number; " +
      "cast one by pz.lax.convertElementType, or use the function of pz.np, which promotes",
  });
});

test("add() refuses two shapes", () => {
  assert.throws(() => lax.add(array([1, 2]), array([1, 2, 3])), {
    name: "ValueError",
    message: "Cannot add: the operands differ in shape\n" +
      "  actual:   int32[2] and int32[3]\n" +
      "  expected: equal shapes, or no axes\n" +
      "  try:      expand dimensions, or use the function of pz.np, which broadcasts",
  });
  assert.throws(() => lax.add(array([[1, 2]]), array([1, 2])), { name: "ValueError" });
});

test("add() refuses kinds that it is not for", () => {
  assert.throws(() => lax.add(array([true]), array([true])), {
    name: "TypeError",
    message: "Cannot add: the elements are bool, not numbers; cast them by pz.lax.convertElementType",
  });
});

test("div() of integers goes towards 0, rem() has the sign of the dividend", () => {
  const [x, y] = [array([7, -7, 5]), array([2, 2, 0])];
  assert.deepEqual(tolist(lax.div(x, y)), [3, -3, -1]);
  assert.deepEqual(tolist(lax.rem(x, y)), [1, -1, 5]);
});

test("round() rounds halves away from 0, or to even", () => {
  const x = array([0.5, -2.5]);
  assert.deepEqual(tolist(lax.round(x)), [1, -3]);
  assert.deepEqual(tolist(lax.round(x, { roundingMethod: "toNearestEven" })), [0, -2]);
});

test("integerPow() and pow() take whole exponents", () => {
  assert.deepEqual(tolist(lax.integerPow(array([2.5, 2]), 2)), [6.25, 4]);
  assert.deepEqual(tolist(lax.pow(array([2.5, 2]), array([2, -1]))), [6.25, 0.5]);
  assert.throws(() => lax.integerPow(array([2]), -1), {
    name: "TypeError",
    message: "Cannot integerPow: int32 has no fractions for the exponent -1; cast x to a float first",
  });
  assert.throws(() => lax.integerPow(array([2]), 0.5), {
    name: "TypeError",
    message: "Cannot integerPow: the exponent is 0.5; pass a whole number, or use pow",
  });
  assert.throws(() => lax.pow(array([2]), array([2])), { name: "TypeError" });
});

test("clamp() takes bounds without axes, or of the shape of the operand", () => {
  const x = array([-2, 0, 9]);
  assert.deepEqual(tolist(lax.clamp(-1, x, 5)), [-1, 0, 5]);
  assert.deepEqual(tolist(lax.clamp(array([-1, 1, 1]), x, 5)), [-1, 1, 5]);
  assert.throws(() => lax.clamp(array([0]), x, 5), {
    name: "ValueError",
    message: "Cannot clamp: a bound has another shape\n" +
      "  actual:   [1] for x of shape [3]\n" +
      "  expected: no axes, or the shape of x\n" +
      "  try:      broadcast the bound first, or use pz.np.clip",
  });
});

test("max(), min(), neg(), abs(), sign(), square(), floor(), ceil(), reciprocal() and nextafter() compute", () => {
  const x = array([-1.5, 2]);
  assert.deepEqual(tolist(lax.max(x, 0)), [0, 2]);
  assert.deepEqual(tolist(lax.min(x, 0)), [-1.5, 0]);
  assert.deepEqual(tolist(lax.neg(x)), [1.5, -2]);
  assert.deepEqual(tolist(lax.abs(x)), [1.5, 2]);
  assert.deepEqual(tolist(lax.sign(x)), [-1, 1]);
  assert.deepEqual(tolist(lax.square(x)), [2.25, 4]);
  assert.deepEqual(tolist(lax.floor(x)), [-2, 2]);
  assert.deepEqual(tolist(lax.ceil(x)), [-1, 2]);
  assert.deepEqual(tolist(lax.reciprocal(x)), [Math.fround(-1 / 1.5), 0.5]);
  assert.deepEqual(tolist(lax.nextafter(x, 0)), [-1.5 + 2 ** -23, 2 - 2 ** -23]);
  assert.deepEqual(tolist(lax.sub(lax.mul(x, x), 1)), [1.25, 3]);
});
