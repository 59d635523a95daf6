import assert from "node:assert/strict";
import { test } from "node:test";
import { readNow } from "../../array/read.ts";
import { logSoftmax, logsumexp, oneHot, softmax, standardize } from "../../array/softmax.ts";
import { fromElements } from "../../core/constant.ts";
import type { EagerArray } from "../../core/eager.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { transpose } from "../../ops/transpose.ts";
import { start } from "../_support.ts";

await start();

function elements(x: NDArray): number[] {
  return [...readNow("test", x)];
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, k) => assert(Math.abs(value - expected[k]!) <= 1e-6, `${k}: ${value}, not ${expected[k]}`));
}

const TABLE: readonly number[] = [0, 1, 2, 3, 5, 8];

function table(): NDArray {
  return fromElements(TABLE, [2, 3], "float32");
}

/** The probabilities of some logits. */
function probabilities(logits: readonly number[]): number[] {
  const sum = logits.reduce((total, value) => total + Math.exp(value), 0);
  return logits.map((value) => Math.exp(value) / sum);
}

test("softmax() sums to 1 along the last axis, another, several, all, none", () => {
  assertNear(elements(softmax(table())), [...probabilities([0, 1, 2]), ...probabilities([3, 5, 8])]);
  const columns = [0, 1, 2].map((k) => probabilities([TABLE[k]!, TABLE[k + 3]!]));
  assertNear(elements(softmax(table(), { axis: 0 })), [...columns.map(([a]) => a!), ...columns.map(([, b]) => b!)]);
  for (const axis of [[0, 1], [1, 0], null]) {
    assertNear(elements(softmax(table(), { axis })), probabilities(TABLE));
  }
  assert.deepEqual(elements(softmax(table(), { axis: [] })), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(elements(softmax(3, { axis: null })), [1]);
});

test("softmax() is contiguous, whatever the strides of its operand", () => {
  const y = softmax(transpose(table(), [1, 0]), { axis: 0 }) as EagerArray;
  assert.deepEqual([y.shape, y.strides], [[3, 2], [2, 1]]);
});

test("softmax() and logSoftmax() leave out what does not count", () => {
  const where = fromElements([1, 0, 1, 0, 0, 0], [2, 3], "bool");
  const [a, b] = probabilities([0, 2]) as [number, number];
  assertNear(elements(softmax(table(), { where })), [a, 0, b, 0, 0, 0]);
  const logs = elements(logSoftmax(table(), { where }));
  assertNear([logs[0]!, logs[2]!], [Math.log(a), Math.log(b)]);
  assert.deepEqual([logs[1], ...logs.slice(3)], [-Infinity, -Infinity, -Infinity, -Infinity]);
});

test("softmax() refuses bools, and axes that are not there", () => {
  assert.throws(() => softmax(fromElements([1, 0], [2], "bool")), {
    name: "TypeError",
    message: "Cannot softmax: the elements are bools; cast them to a float first, by astype()",
  });
  assert.throws(() => softmax(3), {
    name: "ValueError",
    message: [
      "Cannot softmax: there is no axis -1",
      "  actual:   axis -1 of 0",
      "  expected: no axis: it is a scalar",
      "  try:      leave the axis out",
    ].join("\n"),
  });
});

test("logsumexp() goes over all axes, or those that are named", () => {
  const total = (values: readonly number[]): number => Math.log(values.reduce((sum, v) => sum + Math.exp(v), 0));
  assertNear(elements(logsumexp(table())), [total(TABLE)]);
  const kept = logsumexp(table(), { axis: 1, keepdims: true });
  assert.deepEqual(kept.shape, [2, 1]);
  assertNear(elements(kept), [total([0, 1, 2]), total([3, 5, 8])]);
  const b = fromElements([1, 0, -3], [3], "int32");
  const [value, sign] = logsumexp(table(), { axis: 1, b, returnSign: true });
  assertNear(elements(value), [Math.log(3 * Math.exp(2) - 1), Math.log(3 * Math.exp(8) - Math.exp(3))]);
  assert.deepEqual(elements(sign), [-1, -1]);
  assert.deepEqual(elements(logsumexp(table(), { axis: 1, b })), [NaN, NaN]);
  assert.deepEqual(elements(logsumexp(fromElements([1000, 1000], [2], "float32"))), [Math.fround(1000 + Math.log(2))]);
  assert.deepEqual(elements(logsumexp(fromElements([], [0], "float32"))), [-Infinity]);
  assert.deepEqual([logsumexp(2).dtype, logsumexp(2).weakType], ["float32", false]);
});

test("standardize() gives mean 0 and variance 1", () => {
  const y = elements(standardize(table(), { epsilon: 0 }));
  for (const line of [y.slice(0, 3), y.slice(3)]) {
    assertNear([line.reduce((sum, v) => sum + v, 0), line.reduce((sum, v) => sum + v * v, 0) / 3], [0, 1]);
  }
  assert.deepEqual(elements(standardize(table(), { mean: 1, variance: 4, epsilon: 0 })), TABLE.map((v) => (v - 1) / 2));
});

test("oneHot() counts more classes than narrow integers can", () => {
  const y = elements(oneHot(fromElements([3, 255], [2], "uint8"), 300));
  assert.deepEqual([y.indexOf(1), y.lastIndexOf(1), y.filter((v) => v === 1).length], [3, 555, 2]);
  assert.deepEqual(elements(oneHot(1, 3)), [0, 1, 0]);
  const first = oneHot(fromElements([0, 2], [2], "int32"), 3, { axis: 0, dtype: "int8" });
  assert.deepEqual([first.shape, first.dtype, elements(first)], [[3, 2], "int8", [1, 0, 0, 0, 0, 1]]);
});

test("oneHot() refuses a number of classes that is none", () => {
  assert.throws(() => oneHot(1, 2.5), {
    name: "ValueError",
    message: [
      "Cannot oneHot: the number of classes is none",
      "  operand:  numClasses",
      "  actual:   2.5",
      "  expected: a whole number from 0",
      "  try:      pass how many classes there are",
    ].join("\n"),
  });
  assert.throws(() => oneHot(true, 2), {
    name: "TypeError",
    message: "Cannot oneHot: the numbers of classes are bools; cast them to an integer first, by astype()",
  });
});
