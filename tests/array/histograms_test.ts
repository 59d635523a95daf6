import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import { bincount, histogram, histogramBinEdges } from "../../array/histograms.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("histogram() counts upper edges in the last bin alone", () => {
  const [counts, edges] = histogram(array([0, 1, 1, 2, 3]), { bins: 3 });
  assert.deepEqual(tolist(counts), [1, 2, 2]);
  assert.deepEqual(tolist(edges), [0, 1, 2, 3]);
  assert.deepEqual(tolist(histogram(array([0, 1, 5]), { bins: array([0, 1, 2]) })[0]), [1, 1]);
  assert.deepEqual(tolist(histogram(array([0, 1]), { bins: 2, range: [0, 2], density: true })[0]), [0.5, 0.5]);
  assert.deepEqual(tolist(histogram(array([0, 1]), { bins: [0, 1, 2], weights: array([2, 3]) })[0]), [2, 3]);
});

test("histogramBinEdges() widens a range of one point", () => {
  assert.deepEqual(tolist(histogramBinEdges(array([2, 2]), { bins: 2 })), [1.5, 2, 2.5]);
  assert.throws(() => histogramBinEdges(array([1]), { bins: 0 }), {
    name: "ValueError",
    message: [
      "Cannot make a histogram: the number of bins is not a whole one from 1",
      "  operand:  bins",
      "  actual:   0",
      "  expected: 1, 2, 3 …, or the edges",
      "  try:      round it",
    ].join("\n"),
  });
});

test("bincount() reads the greatest number, unless the length is given", () => {
  assert.deepEqual(tolist(bincount(array([1, 3, 1]))), [0, 2, 0, 1]);
  assert.deepEqual(tolist(bincount(array([1, 3, 1]), { length: 2 })), [0, 2]);
  assert.deepEqual(tolist(bincount(array([1, 0]), { weights: array([0.5, 2]), minlength: 3 })), [2, 0.5, 0]);
  assert.deepEqual(tolist(bincount(array([], { dtype: "int32" }))), []);
  assert.throws(() => bincount(array([0.5])), {
    name: "TypeError",
    message: "Cannot compute bincount of float32: numbers to count are integers; cast by astype()",
  });
});
