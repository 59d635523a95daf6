import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import * as lax from "../../array/lax_logic.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("comparisons take bools, and operands of one dtype", () => {
  const x = array([1, 2, 3]);
  const results = [lax.eq, lax.ne, lax.lt, lax.le, lax.gt, lax.ge].map((compared) => tolist(compared(x, 2)));
  assert.deepEqual(results, [
    [false, true, false],
    [true, false, true],
    [true, false, false],
    [true, true, false],
    [false, false, true],
    [false, true, true],
  ]);
  assert.deepEqual(tolist(lax.eq(array([true, false]), true)), [true, false]);
});

test("isFinite() is of floats alone", () => {
  assert.deepEqual(tolist(lax.isFinite(array([1.5, Infinity, NaN]))), [true, false, false]);
  assert.throws(() => lax.isFinite(array([1])), {
    name: "TypeError",
    message: "Cannot isFinite: the elements are int32, not floats; cast them by pz.lax.convertElementType",
  });
});

test("shifts know the width of the dtype, and what stands above", () => {
  const x = array([-128, 64], { dtype: "int8" });
  assert.deepEqual(tolist(lax.shiftLeft(x, 1)), [0, -128]);
  assert.deepEqual(tolist(lax.shiftRightLogical(x, 1)), [64, 32]);
  assert.deepEqual(tolist(lax.shiftRightArithmetic(x, 1)), [-64, 32]);
  assert.deepEqual(tolist(lax.shiftRightLogical(x, 8)), [0, 0]);
  assert.deepEqual(tolist(lax.shiftRightArithmetic(array([128], { dtype: "uint8" }), 1)), [192]);
});

test("populationCount() and clz() count within the width of the dtype", () => {
  const x = array([-1, 1, 0], { dtype: "int8" });
  assert.deepEqual(tolist(lax.populationCount(x)), [8, 1, 0]);
  assert.deepEqual(tolist(lax.clz(x)), [0, 7, 8]);
  assert.deepEqual(tolist(lax.clz(array([1], { dtype: "uint16" }))), [15]);
});

test("bitwiseAnd() and its like work on integers and bools", () => {
  const x = array([0b1100]);
  assert.deepEqual(tolist(lax.bitwiseAnd(x, 0b1010)), [0b1000]);
  assert.deepEqual(tolist(lax.bitwiseOr(x, 0b1010)), [0b1110]);
  assert.deepEqual(tolist(lax.bitwiseXor(x, 0b1010)), [0b0110]);
  assert.deepEqual(tolist(lax.bitwiseNot(x)), [-0b1101]);
  assert.deepEqual(tolist(lax.bitwiseNot(array([true]))), [false]);
});
