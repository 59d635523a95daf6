import assert from "node:assert/strict";
import { test } from "node:test";
import {
  abs,
  absolute,
  add,
  cbrt,
  divide,
  fabs,
  hypot,
  multiply,
  negative,
  positive,
  reciprocal,
  sign,
  sqrt,
  square,
  subtract,
  trueDivide,
} from "../../array/arithmetic.ts";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { weakFloat } from "../../core/promotion.ts";
import { start } from "../_support.ts";

await start();

test("add() promotes, broadcasts and takes scalars as weak", () => {
  const x = array([[1], [2]], { dtype: "int8" });
  const y = array([10, 20, 30], { dtype: "int8" });
  assert.deepEqual(tolist(add(x, y)), [[11, 21, 31], [12, 22, 32]]);
  assert.equal(add(x, 1).dtype, "int8");
  assert.equal(add(x, 0.5).dtype, "float32");
  assert.equal(add(x, weakFloat(1)).dtype, "float32");
  assert.equal(add(array([1], { dtype: "bfloat16" }), 0.5).dtype, "bfloat16");
  assert.deepEqual([add(1, 2).dtype, add(1, 2).weakType], ["int32", true]);
});

test("add() of bools is the logical or, multiply() the logical and", () => {
  const [x, y] = [array([true, true, false]), array([true, false, false])];
  assert.deepEqual(tolist(add(x, y)), [true, true, false]);
  assert.deepEqual(tolist(multiply(x, y)), [true, false, false]);
});

test("add() wraps a number that the integer dtype cannot hold", () => {
  assert.deepEqual(tolist(add(array([200], { dtype: "uint8" }), 1000)), [(200 + 1000) % 256]);
});

test("add() refuses shapes that do not broadcast", () => {
  assert.throws(() => add(array([1, 2]), array([1, 2, 3])), {
    name: "ValueError",
    message: "Cannot add: the shapes do not fit each other along axis -1\n" +
      "  actual:   [2] and [3]\n" +
      "  expected: equal sizes, or 1, counted from the last axis\n" +
      "  try:      expand dimensions where axes are to repeat, or reshape one of them",
  });
});

test("subtract(), negative() and sign() refuse bools", () => {
  const x = array([true]);
  const refusal = (op: string, remedy: string) => ({
    name: "TypeError",
    message: `Cannot ${op}: the elements are bools; ${remedy}`,
  });
  assert.throws(() => subtract(x, x), refusal("subtract", "use logicalXor, or cast them"));
  assert.throws(() => negative(x), refusal("negative", "use logicalNot"));
  assert.throws(() => sign(x), refusal("sign", "cast them to integers"));
});

test("trueDivide() of integers is a float, and divide() the same", () => {
  const x = array([1, -1, 0]);
  assert.deepEqual(tolist(trueDivide(x, 0)), [Infinity, -Infinity, NaN]);
  assert.deepEqual(tolist(divide(x, 2)), [0.5, -0.5, 0]);
  assert.equal(trueDivide(x, array([2], { dtype: "float16" })).dtype, "float16");
});

test("absolute() gives unsigned integers and bools as they are", () => {
  const x = array([200], { dtype: "uint8" });
  assert.equal(absolute(x), x);
  assert.equal(abs(array([true])).dtype, "bool");
  assert.deepEqual(tolist(abs(array([-3, 3]))), [3, 3]);
  assert.equal(fabs(array([-3])).dtype, "float32");
});

test("positive() gives the array itself", () => {
  const x = array([1]);
  assert.equal(positive(x), x);
});

test("square() of bools is int32, sqrt(), cbrt() and reciprocal() of integers float32", () => {
  assert.equal(square(array([true])).dtype, "int32");
  assert.deepEqual(tolist(sqrt(array([4, 9]))), [2, 3]);
  assert.deepEqual(tolist(cbrt(array([-8, 27]))), [-2, 3]);
  assert.deepEqual(tolist(reciprocal(array([4, -2]))), [0.25, -0.5]);
});

test("hypot() does not overflow in between", () => {
  assert.deepEqual(tolist(hypot(array([3, 0]), array([4, 0]))), [5, 0]);
  assert.equal(tolist(hypot(weakFloat(3e30), weakFloat(4e30))), Math.fround(5e30));
  assert.equal(tolist(hypot(Infinity, NaN)), Infinity);
});
