import assert from "node:assert/strict";
import { test } from "node:test";
import { array, ones } from "../../array/creation.ts";
import * as linalg from "../../array/linalg.ts";
import { item, tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("norm() of matrices by singular values is refused, and says why", () => {
  assert.throws(() => linalg.norm(ones([2, 2]), { ord: 2 }), {
    name: "ValueError",
    message: [
      "Cannot compute the norm: there is no such norm of matrices yet",
      "  operand:  ord",
      "  actual:   2",
      '  expected: "fro", 1, -1, Infinity, -Infinity',
      "  try:      use another norm: those by singular values come with the decompositions",
    ].join("\n"),
  });
  assert.throws(() => linalg.norm(ones([2, 2, 2]), { ord: 1 }), { name: "ValueError" });
});

test("norm() goes over one axis, two, or all", () => {
  const x = array([[3, 0], [0, 4]]);
  assert.equal(item(linalg.norm(x)), 5);
  assert.deepEqual(tolist(linalg.norm(x, { axis: 0 })), [3, 4]);
  assert.equal(item(linalg.norm(x, { ord: Infinity })), 4);
  assert.deepEqual(linalg.norm(ones([2, 3, 4]), { axis: [0, 2], keepdims: true }).shape, [1, 3, 1]);
  assert.equal(item(linalg.vectorNorm(x, { ord: 1 })), 7);
  assert.equal(item(linalg.vectorNorm(x, { ord: 0 })), 2);
  assert.equal(item(linalg.matrixNorm(x)), 5);
});

test("matrixPower() squares its way up", () => {
  const x = array([[1, 1], [1, 0]]);
  assert.deepEqual(tolist(linalg.matrixPower(x, 10)), [[89, 55], [55, 34]]);
  assert.deepEqual(tolist(linalg.matrixPower(x, 0)), [[1, 0], [0, 1]]);
  assert.throws(() => linalg.matrixPower(x, -1), {
    name: "ValueError",
    message: [
      "Cannot compute matrixPower: the power is not a whole number from 0",
      "  operand:  n",
      "  actual:   -1",
      "  expected: 0, 1, 2 …",
      "  try:      use a positive power: inverses come with the decompositions",
    ].join("\n"),
  });
  assert.throws(() => linalg.matrixPower(ones([2, 3]), 2), { name: "ValueError" });
});

test("multiDot() multiplies a chain with rows and columns at its ends", () => {
  const x = array([[1, 2], [3, 4]]);
  assert.deepEqual(tolist(linalg.multiDot([x, x, x])), [[37, 54], [81, 118]]);
  assert.equal(item(linalg.multiDot([array([1, 1]), x, array([1, 1])])), 10);
  assert.throws(() => linalg.multiDot([x]), { name: "ValueError" });
});

test("matrixTranspose(), diagonal(), trace(), outer() and cross() go by the last axes", () => {
  const x = array([[1, 2], [3, 4]]);
  assert.deepEqual(tolist(linalg.matrixTranspose(x)), [[1, 3], [2, 4]]);
  assert.deepEqual(tolist(linalg.diagonal(x, { offset: 1 })), [2]);
  assert.equal(item(linalg.trace(x)), 5);
  assert.throws(() => linalg.outer(x, x), { name: "ValueError" });
  assert.deepEqual(tolist(linalg.cross(array([1, 0, 0]), array([0, 1, 0]))), [0, 0, 1]);
  assert.throws(() => linalg.cross(array([1, 0]), array([0, 1])), { name: "ValueError" });
});
