import assert from "node:assert/strict";
import test from "node:test";
import { broadcastStrides, coalesce, contiguousStrides, isContiguous, sizeOf } from "../../wasm/layout.ts";

test("sizeOf() multiplies the axes; a scalar has one element", () => {
  assert.equal(sizeOf([2, 3, 4]), 24);
  assert.equal(sizeOf([]), 1);
  assert.equal(sizeOf([2, 0]), 0);
});

test("contiguousStrides() are row-major", () => {
  assert.deepEqual(contiguousStrides([2, 3, 4]), [12, 4, 1]);
  assert.deepEqual(contiguousStrides([]), []);
  assert.deepEqual(contiguousStrides([2, 0, 4]), [4, 4, 1]);
});

test("isContiguous() ignores the strides of axes of size 1", () => {
  assert(isContiguous({ shape: [2, 1, 3], strides: [3, 99, 1] }));
  assert(!isContiguous({ shape: [2, 3], strides: [1, 2] }));
  assert(isContiguous({ shape: [2, 0, 3], strides: [9, 9, 9] }));
});

test("broadcastStrides() repeats axes of size 1 and adds axes in front", () => {
  assert.deepEqual(broadcastStrides({ shape: [3, 1], strides: [1, 1] }, [2, 3, 4]), [0, 1, 0]);
  assert.equal(broadcastStrides({ shape: [3], strides: [1] }, [4]), undefined);
  assert.equal(broadcastStrides({ shape: [3, 4], strides: [4, 1] }, [4]), undefined);
});

test("coalesce() merges axes that all operands step over evenly", () => {
  assert.deepEqual(coalesce([2, 3, 4], [[12, 4, 1], [12, 4, 1]]), { shape: [24], strides: [[1], [1]] });
  assert.deepEqual(coalesce([2, 3, 4], [[12, 4, 1], [0, 4, 1]]), { shape: [2, 12], strides: [[12, 1], [0, 1]] });
  assert.deepEqual(coalesce([2, 3], [[1, 2]]), { shape: [2, 3], strides: [[1, 2]] });
  assert.deepEqual(coalesce([1, 5, 1], [[7, 1, 9]]), { shape: [5], strides: [[1]] });
  assert.deepEqual(coalesce([], [[]]), { shape: [], strides: [[]] });
});

test("coalesce() keeps an empty array empty", () => {
  const { shape } = coalesce([2, 0, 3], [[0, 3, 1]]);
  assert.equal(sizeOf(shape), 0);
});
