import assert from "node:assert/strict";
import { test } from "node:test";
import {
  huberLoss,
  klDivergence,
  l2Loss,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  softmaxCrossEntropyWithIntegerLabels,
} from "../../array/losses.ts";
import { readNow } from "../../array/read.ts";
import { oneHot } from "../../array/softmax.ts";
import { fromElements } from "../../core/constant.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { start } from "../_support.ts";

await start();

function elements(x: NDArray): number[] {
  return [...readNow("test", x)];
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, k) => assert(Math.abs(value - expected[k]!) <= 1e-6, `${k}: ${value}, not ${expected[k]}`));
}

const LOGITS: readonly number[] = [0, 1, 2, 3, 5, 8];

test("softmaxCrossEntropy() of one-hot labels is that of integer labels", () => {
  const logits = fromElements(LOGITS, [2, 3], "float32");
  const labels = fromElements([2, 0], [2], "int8");
  const expected = [[0, 1, 2], [3, 5, 8]].map((line, k) =>
    Math.log(line.reduce((sum, v) => sum + Math.exp(v), 0)) - line[[2, 0][k]!]!
  );
  assertNear(elements(softmaxCrossEntropyWithIntegerLabels(logits, labels)), expected);
  assertNear(elements(softmaxCrossEntropy(logits, oneHot(labels, 3))), expected);
  const turned = fromElements([0, 3, 1, 5, 2, 8], [3, 2], "float32");
  assertNear(elements(softmaxCrossEntropyWithIntegerLabels(turned, labels, { axis: 0 })), expected);
  assertNear(elements(softmaxCrossEntropy(turned, oneHot(labels, 3, { axis: 0 }), { axis: 0 })), expected);
});

test("softmaxCrossEntropyWithIntegerLabels() refuses labels that do not fit", () => {
  const logits = fromElements(LOGITS, [2, 3], "float32");
  assert.throws(() => softmaxCrossEntropyWithIntegerLabels(logits, fromElements([1, 2, 0], [3], "int32")), {
    name: "ValueError",
    message: [
      "Cannot softmaxCrossEntropyWithIntegerLabels: the labels do not fit the logits",
      "  operand:  labels",
      "  actual:   labels [3], logits [2,3], axis 1",
      "  expected: labels [2]",
      "  try:      pass the number of one class for each example, or probabilities to softmaxCrossEntropy()",
    ].join("\n"),
  });
  assert.throws(() => softmaxCrossEntropyWithIntegerLabels(logits, fromElements([1, 2], [2], "float32")), {
    name: "TypeError",
    message:
      "Cannot softmaxCrossEntropyWithIntegerLabels: the labels are float32; pass numbers of classes, as integers",
  });
});

test("sigmoidBinaryCrossEntropy() does not overflow", () => {
  const logits = fromElements([0, 1000, -1000, 1000], [4], "float32");
  const labels = fromElements([0, 1, 0, 0], [4], "int32");
  assertNear(elements(sigmoidBinaryCrossEntropy(logits, labels)), [Math.LN2, 0, 0, 1000]);
});

test("l2Loss() and huberLoss() take differences, or predictions and targets", () => {
  const [x, y] = [fromElements([1, 4, -2], [3], "float32"), fromElements([1, 1, 1], [3], "int32")];
  assert.deepEqual(elements(l2Loss(x, y)), [0, 4.5, 4.5]);
  assert.deepEqual(elements(l2Loss(x)), [0.5, 8, 2]);
  assert.deepEqual(elements(huberLoss(x, y)), [0, 2.5, 2.5]);
  assert.deepEqual(elements(huberLoss(x, undefined, { delta: 2 })), [0.5, 6, 2]);
  assert.equal(l2Loss(y).dtype, "float32");
});

test("klDivergence() is 0 of equal probabilities, and counts no zeros", () => {
  const p = fromElements([0.5, 0.5, 0], [3], "float32");
  const logs = fromElements([Math.log(0.5), Math.log(0.5), -100], [3], "float32");
  assertNear(elements(klDivergence(logs, p)), [0]);
  const other = fromElements([Math.log(0.25), Math.log(0.75), -100], [3], "float32");
  assertNear(elements(klDivergence(other, p)), [0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.75)]);
});
