import { test } from "node:test";
import assert from "node:assert/strict";
import { array, ones, zeros } from "../../array/creation.ts";
import { arrayToString } from "../../array/display.ts";
import { constant, fromElements } from "../../core/constant.ts";
import { dispose } from "../../core/storage.ts";
import { start } from "../_support.ts";

await start();

test("arrayToString() shows elements as NumPy does, then dtype and shape", () => {
  assert.equal(arrayToString(array([1, -20, 3])), "NDArray([  1, -20,   3], int32[3])");
  assert.equal(arrayToString(array([[1, 2], [3, 4]])), "NDArray([[1, 2],\n         [3, 4]], int32[2,2])");
  assert.equal(arrayToString(array([1.5, 0.25, 100])), "NDArray([  1.50,   0.25, 100.00], float32[3])");
  assert.equal(arrayToString(array([1, 2], { dtype: "float32" })), "NDArray([1., 2.], float32[2])");
  assert.equal(arrayToString(array([true, false])), "NDArray([ true, false], bool[2])");
  assert.equal(arrayToString(array([NaN, -Infinity, 1])), "NDArray([ nan, -inf,   1.], float32[3])");
  assert.equal(arrayToString(array([1e-10, 1])), "NDArray([1.e-10, 1.e+00], float32[2])");
  assert.equal(arrayToString(array(3)), "NDArray(3, int32[], weak)");
  assert.equal(arrayToString(constant(0.5)), "NDArray(0.5, float32[], weak)");
  assert.equal(arrayToString(array([])), "NDArray([], float32[0])");
});

test("arrayToString() shows the edges of large arrays", () => {
  const many = fromElements(Int32Array.from({ length: 100 }, (_, k) => k), [100], "int32");
  assert.equal(arrayToString(many), "NDArray([ 0,  1,  2, ..., 97, 98, 99], int32[100])");
  const matrix = fromElements(Int32Array.from({ length: 10_000 }, (_, k) => k), [100, 100], "int32");
  assert.equal(
    arrayToString(matrix),
    [
      "NDArray([[   0,    1,    2, ...,   97,   98,   99],",
      "         [ 100,  101,  102, ...,  197,  198,  199],",
      "         [ 200,  201,  202, ...,  297,  298,  299],",
      "         ...,",
      "         [9700, 9701, 9702, ..., 9797, 9798, 9799],",
      "         [9800, 9801, 9802, ..., 9897, 9898, 9899],",
      "         [9900, 9901, 9902, ..., 9997, 9998, 9999]], int32[100,100])",
    ].join("\n"),
  );
});

test("arrayToString() goes on to the next line", () => {
  const x = fromElements(Int32Array.from({ length: 50 }, (_, k) => k * 1000), [50], "int32");
  assert.equal(
    arrayToString(x),
    [
      "NDArray([    0,  1000,  2000,  3000,  4000,  5000,  6000,  7000,  8000,  9000, 10000,",
      "         11000, 12000, 13000, 14000, 15000, 16000, 17000, 18000, 19000, 20000, 21000,",
      "         22000, 23000, 24000, 25000, 26000, 27000, 28000, 29000, 30000, 31000, 32000,",
      "         33000, 34000, 35000, 36000, 37000, 38000, 39000, 40000, 41000, 42000, 43000,",
      "         44000, 45000, 46000, 47000, 48000, 49000], int32[50])",
    ].join("\n"),
  );
});

test("arrayToString() is never long", () => {
  for (
    const shape of [[1000, 1000], [50, 50, 50], [9, 9, 9, 9], [7, 2, 7, 2, 7], [3, 3, 3, 3, 3, 3], [60], [1, 61], [
      2,
      40,
    ]]
  ) {
    const x = fromElements(new Float32Array(shape.reduce((a, b) => a * b)).fill(-1.2345678e-12), shape, "float32");
    const text = arrayToString(x);
    assert(text.length <= 1100, `${shape}: ${text.length} characters`);
    assert(text.endsWith(`float32[${shape}])`));
  }
});

test("arrayToString() says what is known of a freed array", () => {
  const x = ones([2]);
  dispose(x);
  assert.equal(arrayToString(x), "NDArray(float32[2], freed)");
  assert.equal(arrayToString(zeros([0, 3])), "NDArray([], float32[0,3])");
});
