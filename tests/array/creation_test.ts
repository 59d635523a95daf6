import { test } from "node:test";
import assert from "node:assert/strict";
import {
  allocate,
  array,
  asarray,
  copy,
  full,
  fullLike,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from "../../array/creation.ts";
import { shapeOf } from "../../array/_shapes.ts";
import { dispose } from "../../core/storage.ts";
import { start } from "../_support.ts";

await start();

test("array() takes lists of any depth", () => {
  assert.deepEqual(array([[1, 2], [3, 4]]).tolist(), [[1, 2], [3, 4]]);
  assert.deepEqual(array([]).shape, [0]);
  assert.deepEqual(array([[], []]).shape, [2, 0]);
  assert.deepEqual(array(7).shape, []);
  assert.deepEqual(array(7, { ndmin: 2 }).shape, [1, 1]);
  assert.deepEqual(array(new Set([1, 2])).tolist(), [1, 2]);
});

test("array() finds the dtype of its data", () => {
  const data = [[1, 2], [1, 2.5], [true, false], [true, 2], [], [1n], new Uint8Array(2), new Float64Array(2)] as const;
  assert.deepEqual(data.map((one) => array(one as readonly number[]).dtype), [
    "int32",
    "float32",
    "bool",
    "int32",
    "float32",
    "int32",
    "uint8",
    "float32",
  ]);
  assert(array(1).weakType && !array([1]).weakType);
});

test("array() joins arrays in lists", () => {
  assert.deepEqual(array([array([1, 2]), array([3, 4])]).tolist(), [[1, 2], [3, 4]]);
  assert.deepEqual(array([[array(1.5)], [2]]).tolist(), [[1.5], [2]]);
});

test("array() takes the bytes of buffers as they are", () => {
  const bytes = Uint16Array.of(0x3f80, 0x4000).buffer;
  assert.deepEqual(array(bytes, { dtype: "bfloat16" }).tolist(), [1, 2]);
  assert.throws(() => array(new ArrayBuffer(3)), {
    name: "ValueError",
    message: "Cannot make an array of a buffer: its length is no multiple of the dtype's size\n" +
      "  actual:   3 bytes\n  expected: a multiple of 4, the bytes of a float32\n" +
      "  try:      name the dtype that the bytes are of",
  });
});

test("array() keeps the halves of hosts that have typed arrays of them", () => {
  class Halves extends Float32Array {
    override get [Symbol.toStringTag](): "Float32Array" {
      return "Float16Array" as "Float32Array";
    }
  }
  const x = array(new Halves([1, 0.1]));
  assert.deepEqual([x.dtype, x.tolist()], ["float16", [1, 0.0999755859375]]);
});

test("array() copies", () => {
  const data = new Float32Array([1, 2]);
  const x = array(data);
  data[0] = 5;
  assert.deepEqual(x.tolist(), [1, 2]);
});

test("array() converts to the dtype and shape that are asked for", () => {
  assert.deepEqual(array([0.1, 70000], { dtype: "float16" }).tolist(), [0.0999755859375, Infinity]);
  assert.deepEqual(array([1, 0, 2], { dtype: "bool" }).tolist(), [true, false, true]);
  assert.deepEqual(array(new Float32Array(6), { shape: [-1, 2] }).shape, [3, 2]);
  assert.equal(array([1], { dtype: "int64" }).dtype, "int32");
  assert.deepEqual(array(new Float32Array([1.9, -1.9]), { dtype: "int32" }).tolist(), [1, -1]);
});

test("array() refuses data that are no array", () => {
  assert.throws(() => array([[1, 2], [3]]), {
    name: "ValueError",
    message: "Cannot make an array: the lists have different lengths\n" +
      "  actual:   lists of 2 and 1 elements along axis 1\n  expected: lists of one length along each axis\n" +
      "  try:      pad the shorter ones",
  });
  assert.throws(() => array([[1], 2]), {
    name: "ValueError",
    message: "Cannot make an array: lists and numbers stand side by side\n  actual:   both along axis 0\n" +
      "  expected: lists of one depth\n  try:      give every element as many brackets",
  });
  assert.throws(() => array(["text"] as never), {
    name: "TypeError",
    message: "Cannot make an array: an element is a string; pass numbers, booleans, arrays or lists of these",
  });
  assert.throws(() => array({} as never), {
    name: "TypeError",
    message: "Cannot make an array of an Object; pass numbers, lists, typed arrays or a buffer",
  });
  assert.throws(() => array([300], { dtype: "uint8" }), {
    name: "ValueError",
    message: "Cannot make an array of uint8: a number does not fit\n  actual:   300\n  expected: 0 to 255\n" +
      '  try:      name a wider dtype, as { dtype: "float32" }, or take the remainder first',
  });
  assert.throws(() => array([1, 2, 3], { shape: [2] }), {
    name: "ValueError",
    message: "Cannot make an array: the shape does not have as many elements as the data\n" +
      "  actual:   3 elements for shape [2]\n  expected: 2 elements\n" +
      "  try:      pass the shape that the data have, or leave it out",
  });
});

test("asarray() gives arrays back, and keeps scalars weak", () => {
  const x = array([1]);
  assert.equal(asarray(x), x);
  assert(asarray(1).weakType);
});

test("allocate() lets a function write into the engine's memory", () => {
  const x = allocate([2, 2], "int8", (elements) => elements.set([1, 2, 3, 4]));
  assert.deepEqual(x.tolist(), [[1, 2], [3, 4]]);
});

test("full() and its kin repeat one element by strides", () => {
  assert.deepEqual(full([2, 2], 3).tolist(), [[3, 3], [3, 3]]);
  assert.equal(full([2], 3).dtype, "int32");
  assert.deepEqual(full([2, 2], array([1, 2])).tolist(), [[1, 2], [1, 2]]);
  assert.deepEqual(zeros(3).tolist(), [0, 0, 0]);
  assert.equal(ones([1], { dtype: "bfloat16" }).dtype, "bfloat16");
  const like = array([[1, 2]], { dtype: "int8" });
  assert.deepEqual(zerosLike(like).tolist(), [[0, 0]]);
  assert.equal(onesLike(like).dtype, "int8");
  assert.deepEqual(fullLike(like, 7, { shape: [2], dtype: "float32" }).tolist(), [7, 7]);
});

test("copy() has memory of its own", () => {
  const x = array([1, 2]);
  const y = copy(x);
  dispose(x);
  assert.deepEqual(y.tolist(), [1, 2]);
});

test("shapeOf() refuses sizes that are none", () => {
  assert.throws(() => shapeOf("zeros", [2, -1]), {
    name: "ValueError",
    message:
      "Cannot make an array by zeros: a size of its shape is not a whole number from 0\n  operand:  shape\n  actual:   [2,-1]\n" +
      "  expected: whole numbers from 0, as [2, 3]\n" +
      "  try:      round the sizes; one size may be left to reshape, as -1",
  });
});
