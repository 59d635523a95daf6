import assert from "node:assert/strict";
import { test } from "node:test";
import { array, ones } from "../../array/creation.ts";
import {
  cross,
  dot,
  inner,
  kron,
  matmul,
  matvec,
  outer,
  tensordot,
  trace,
  vdot,
  vecdot,
  vecmat,
} from "../../array/products.ts";
import { item, tolist } from "../../array/read.ts";
import { swapaxes } from "../../array/reshaping.ts";
import { start } from "../_support.ts";

await start();

const a = () => array([[1, 2], [3, 4]]);

test("dot() with a scalar is elementwise", () => {
  assert.deepEqual(tolist(dot(2, a())), [[2, 4], [6, 8]]);
  assert.equal(item(dot(array([1, 2]), array([3, 4]))), 11);
  assert.deepEqual(dot(ones([2, 3, 4]), ones([5, 4, 6])).shape, [2, 3, 5, 6]);
});

test("matmul() broadcasts the axes before matrices", () => {
  assert.deepEqual(matmul(ones([5, 1, 2, 3]), ones([4, 3, 6])).shape, [5, 4, 2, 6]);
  assert.deepEqual(matmul(ones([2, 3]), ones([4, 3, 6])).shape, [4, 2, 6]);
  assert.deepEqual(matmul(ones([3]), ones([4, 3, 6])).shape, [4, 6]);
  assert.deepEqual(matmul(ones([4, 2, 3]), ones([3])).shape, [4, 2]);
  assert.deepEqual(matmul(ones([1, 2, 3]), ones([1, 3, 6])).shape, [1, 2, 6]);
  assert.deepEqual(tolist(matmul(array([a(), a()]), a())), [[[7, 10], [15, 22]], [[7, 10], [15, 22]]]);
});

test("matmul() reads matrices of any strides", () => {
  assert.deepEqual(tolist(matmul(swapaxes(a(), 0, 1), a())), [[10, 14], [14, 20]]);
});

test("matmul() adds halves in float32 and rounds once", () => {
  const x = ones([1, 4096], { dtype: "bfloat16" });
  assert.equal(item(matmul(x, ones([4096, 1], { dtype: "bfloat16" }))), 4096);
  assert.equal(matmul(x, ones([4096], { dtype: "bfloat16" }), { preferredElementType: "float32" }).dtype, "float32");
});

test("matmul() refuses scalars and sizes that do not fit", () => {
  assert.throws(() => matmul(2, a()), {
    name: "ValueError",
    message: [
      "Cannot matmul: a is a scalar",
      "  operand:  a",
      "  actual:   int32[]",
      "  expected: at least one axis",
      "  try:      multiply by a scalar with mul()",
    ].join("\n"),
  });
  assert.throws(() => matmul(a(), ones([3, 2])), {
    name: "ValueError",
    message: [
      "Cannot matmul: axis 1 of a has 2 elements, axis 0 of b 3",
      "  actual:   a int32[2,2], b float32[3,2]",
      "  expected: equal sizes along the axes that are multiplied",
      "  try:      transpose an operand, or check their order",
    ].join("\n"),
  });
  assert.throws(() => matmul(ones([2, 2, 2]), ones([3, 2, 2])), { name: "ValueError" });
});

test("products of weak scalars are weak", () => {
  assert.equal(dot(2, 3).weakType, true);
  assert.equal(outer(array([1]), 3).weakType, false);
});

test("vdot(), vecdot(), inner() and outer() multiply vectors", () => {
  assert.equal(item(vdot(a(), a())), 30);
  assert.deepEqual(tolist(vecdot(a(), array([1, 1]))), [3, 7]);
  assert.deepEqual(tolist(vecdot(a(), a(), { axis: 0 })), [10, 20]);
  assert.deepEqual(tolist(inner(a(), array([1, 1]))), [3, 7]);
  assert.deepEqual(tolist(outer(array([1, 2]), array([3, 4]))), [[3, 4], [6, 8]]);
});

test("matvec() and vecmat() broadcast", () => {
  assert.deepEqual(tolist(matvec(a(), array([[1, 0], [0, 1]]))), [[1, 3], [2, 4]]);
  assert.deepEqual(tolist(vecmat(array([[1, 0], [0, 1]]), a())), [[1, 2], [3, 4]]);
});

test("tensordot() takes a number of axes, a pair, or lists", () => {
  assert.equal(item(tensordot(a(), a())), 30);
  assert.deepEqual(tensordot(ones([2, 3]), ones([4]), { axes: 0 }).shape, [2, 3, 4]);
  assert.deepEqual(tolist(tensordot(a(), a(), { axes: [0, -1] })), [[7, 15], [10, 22]]);
  assert.throws(() => tensordot(a(), a(), { axes: [[0, 1], [0]] }), {
    name: "ValueError",
    message: [
      "Cannot tensordot: the axes do not go together",
      "  operand:  axes",
      "  actual:   [[0,1],[0]] of arrays with 2 and 2 axes",
      "  expected: a number of axes that both have, or lists of one length",
      "  try:      name as many axes of a as of b",
    ].join("\n"),
  });
});

test("kron() and cross() give what is worked by hand", () => {
  assert.deepEqual(tolist(kron(array([1, 2]), array([1, 10]))), [1, 10, 2, 20]);
  assert.deepEqual(kron(ones([2]), ones([3, 4])).shape, [3, 8]);
  assert.deepEqual(tolist(cross(array([1, 0, 0]), array([0, 1, 0]))), [0, 0, 1]);
  assert.equal(item(cross(array([1, 2]), array([3, 4]))), -2);
  assert.throws(() => cross(array([1, 2, 3, 4]), array([1, 2])), { name: "ValueError" });
});

test("trace() adds up a diagonal of any two axes", () => {
  assert.equal(item(trace(a())), 5);
  assert.equal(item(trace(a(), { offset: 1 })), 2);
  assert.equal(trace(array([[1]], { dtype: "int8" })).dtype, "int32");
  assert.throws(() => trace(a(), { axis1: 1, axis2: -1 }), { name: "ValueError" });
});
