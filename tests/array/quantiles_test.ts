import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { median, nanmedian, nanpercentile, nanquantile, percentile, quantile } from "../../array/quantiles.ts";
import { item, tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("quantile() puts the shares first, and keeps axes on demand", () => {
  const x = array([[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(tolist(quantile(x, array([0, 0.5, 1]), { axis: 1 })), [[1, 4], [2, 5], [3, 6]]);
  assert.deepEqual(quantile(x, array([0, 1]), { axis: [0, 1], keepdims: true }).shape, [2, 1, 1]);
  assert.equal(item(quantile(x, 1)), 6);
});

test("quantile() takes what its method says between two elements", () => {
  const x = array([1, 2, 4]);
  const methods = ["linear", "lower", "higher", "midpoint", "nearest"] as const;
  assert.deepEqual(methods.map((method) => item(quantile(x, 0.75, { method }))), [3, 2, 4, 3, 2]);
  assert.throws(() => quantile(x, 0.5, { method: "weibull" as "linear" }), {
    name: "ValueError",
    message: [
      "Cannot compute quantile: there is no such method",
      "  operand:  method",
      '  actual:   "weibull"',
      '  expected: "linear", "lower", "higher", "midpoint", "nearest"',
      "  try:      name one of these",
    ].join("\n"),
  });
  assert.throws(() => quantile(x, array([[0.5]])), { name: "ValueError" });
});

test("a NaN makes NaN of its row, or is passed over", () => {
  const x = array([[1, NaN, 3], [4, 5, 6]]);
  assert.deepEqual(tolist(median(x, { axis: 1 })), [NaN, 5]);
  assert.deepEqual(tolist(nanmedian(x, { axis: 1 })), [2, 5]);
  assert.deepEqual(tolist(nanquantile(x, 0, { axis: 0 })), [1, 5, 3]);
  assert.equal(item(nanmedian(array([NaN]))), NaN);
  assert.equal(item(median(array([]))), NaN);
});

test("percentile() and nanpercentile() count in hundredths", () => {
  assert.equal(item(percentile(array([0, 10]), 25)), 2.5);
  assert.equal(item(nanpercentile(array([0, NaN, 10]), 25)), 2.5);
  assert.equal(median(array([1, 2], { dtype: "bfloat16" })).dtype, "bfloat16");
});
