import assert from "node:assert/strict";
import { test } from "node:test";
import {
  conj,
  conjugate,
  imag,
  iscomplex,
  iscomplexobj,
  isreal,
  isrealobj,
  isscalar,
  real,
} from "../../array/complex.ts";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("real(), conj() and conjugate() give the array itself, imag() zeros", () => {
  const x = array([1, 2]);
  assert.deepEqual([real(x), conj(x), conjugate(x)], [x, x, x]);
  assert.deepEqual(tolist(imag(x)), [0, 0]);
});

test("isreal() holds everywhere, iscomplex() nowhere", () => {
  const x = array([1, 2]);
  assert.deepEqual([tolist(isreal(x)), tolist(iscomplex(x))], [[true, true], [false, false]]);
  assert.deepEqual([isrealobj(x), iscomplexobj(x)], [true, false]);
});

test("isscalar() is true of scalars and of arrays without axes", () => {
  assert.deepEqual([1, 1n, true, array(1)].map(isscalar), [true, true, true, true]);
  assert.deepEqual([array([1]), "1", null].map(isscalar), [false, false, false]);
});
