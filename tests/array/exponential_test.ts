import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import * as exponential from "../../array/exponential.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("exp() of integers is float32, of halves what they are", () => {
  assert.equal(exponential.exp(array([1])).dtype, "float32");
  assert.equal(exponential.exp(array([1], { dtype: "bfloat16" })).dtype, "bfloat16");
  assert.deepEqual(tolist(exponential.exp(array([0, -Infinity, Infinity]))), [1, 0, Infinity]);
});

test("exp2() and log2() are exact at powers of 2", () => {
  assert.deepEqual(tolist(exponential.exp2(array([-3, 0, 10]))), [0.125, 1, 1024]);
  assert.deepEqual(tolist(exponential.log2(array([0.125, 1, 1024]))), [-3, 0, 10]);
});

test("expm1() and log1p() are exact near 0", () => {
  assert.equal(tolist(exponential.expm1(1e-10)), Math.fround(1e-10));
  assert.equal(tolist(exponential.log1p(1e-10)), Math.fround(1e-10));
  assert.deepEqual(tolist(exponential.log(array([1, 0, -1]))), [0, -Infinity, NaN]);
});

test("log2() and log10() give strong types, as in JAX", () => {
  assert.equal(exponential.log(2).weakType, true);
  assert.equal(exponential.log2(2).weakType, false);
  assert.equal(exponential.log10(2).weakType, false);
});

test("logaddexp() takes infinities", () => {
  const x = array([-Infinity, Infinity, -Infinity, 0]);
  const y = array([-Infinity, -Infinity, 3, 0]);
  assert.deepEqual(tolist(exponential.logaddexp(x, y)), [-Infinity, Infinity, 3, Math.fround(Math.LN2)]);
  assert.deepEqual(tolist(exponential.logaddexp2(array([3, -1]), array([3, -1]))), [4, 0]);
});

test("sinc() is 1 at 0 and 0 at whole numbers", () => {
  const [atZero, atOne, atHalf] = tolist(exponential.sinc(array([0, 1, 0.5]))) as number[];
  assert.equal(atZero, 1);
  assert(Math.abs(atOne!) < 1e-7);
  assert(Math.abs(atHalf! - 2 / Math.PI) < 1e-7);
});

test("i0() is even, and 1 at 0", () => {
  const [below, atZero, above] = tolist(exponential.i0(array([-1, 0, 1]))) as number[];
  assert(Math.abs(atZero! - 1) < 3e-7);
  assert.equal(below, above);
  assert(Math.abs(above! - 1.2660658777520082) < 3e-7);
});
