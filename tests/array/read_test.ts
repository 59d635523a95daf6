import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { blockUntilReady, data, dataSync, item, readNow, tolist } from "../../array/read.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { dispose } from "../../core/storage.ts";
import { vmap } from "../../array/vmap.ts";
import { transpose } from "../../ops/transpose.ts";
import { start } from "../_support.ts";

await start();

test("readNow() gives row-major elements of any strides, halves as floats", () => {
  const x = array([[1, 2, 3], [4, 5, 6]], { dtype: "float16" });
  assert.deepEqual(readNow("test", transpose(x, [1, 0])), new Float32Array([1, 4, 2, 5, 3, 6]));
  assert.deepEqual(dataSync(array([true, false])), new Uint8Array([1, 0]));
});

test("readNow() gives many elements of any strides in order", () => {
  const x = array(Float32Array.from({ length: 600 }, (_, k) => k), { shape: [20, 30] });
  assert.deepEqual([...readNow("test", transpose(x, [1, 0])).subarray(0, 3)], [0, 30, 60]);
});

test("data() answers by a promise, and fails by it", async () => {
  const x = array([1, 2]);
  assert.deepEqual(await data(x), new Int32Array([1, 2]));
  dispose(x);
  await assert.rejects(data(x), { name: "FreedArrayError" });
});

test("blockUntilReady() waits for the arrays of a tree, and gives it back", async () => {
  const x = array([1, 2]);
  const tree = { x, name: "no array" };
  assert.equal(await blockUntilReady(tree), tree);
  assert.equal(await x.blockUntilReady(), x);
  dispose(x);
  await assert.rejects(blockUntilReady(tree), {
    name: "FreedArrayError",
    message: "Cannot wait for an array: the array was freed\n  actual: freed by dispose()\n" +
      "  try:    keep it alive by pz.keep(x) or by returning it from the scope, or do not use it afterwards",
  });
  await assert.rejects(x.blockUntilReady(), { name: "FreedArrayError" });
});

test("blockUntilReady() leaves arrays that are being traced alone; their method fails", async () => {
  const waits: Promise<unknown>[] = [];
  const fails: Promise<unknown>[] = [];
  vmap((x: NDArray) => {
    waits.push(blockUntilReady(x));
    fails.push(assert.rejects(x.blockUntilReady(), /^PenjingError: Cannot wait for an array: .* being traced/));
    return x;
  })(array([1, 2]));
  assert.equal((await Promise.all(waits)).length, 1);
  await Promise.all(fails);
});

test("tolist() has a list for each axis", () => {
  assert.deepEqual(tolist(array([[true], [false]])), [[true], [false]]);
  assert.equal(tolist(array(2.5)), 2.5);
});

test("item() is the only element, or an error", () => {
  assert.equal(item(array([[3]])), 3);
  assert.equal(item(array(true)), true);
  assert.throws(() => item(array([1, 2])), {
    name: "ValueError",
    message: "Cannot take the item of an array: it does not hold exactly one number\n" +
      "  actual:   int32 of shape [2]\n  expected: one element\n" +
      "  try:      index it first, as x.get(0), or use tolist()",
  });
});
