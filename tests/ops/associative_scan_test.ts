import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { add } from "../../ops/add.ts";
import { associativeScan } from "../../ops/associative_scan.ts";
import { takeAlong } from "../../ops/take_along.ts";
import { start } from "../_support.ts";

await start();

test("associativeScan() folds each place with all before it, or after it", () => {
  for (let size = 0; size < 10; size++) {
    const numbers = Array.from({ length: size }, (_, k) => k + 1);
    const x = array(numbers, { dtype: "int32" });
    const sums = numbers.map((_, k) => numbers.slice(0, k + 1).reduce((sum, value) => sum + value, 0));
    const fold = ([a]: readonly typeof x[], [b]: readonly typeof x[]) => [add(a!, b!)];
    assert.deepEqual(tolist(associativeScan(fold, [x], { axis: 0, reverse: false })[0]!), sums);
    const back = numbers.map((_, k) => numbers.slice(k).reduce((sum, value) => sum + value, 0));
    assert.deepEqual(tolist(associativeScan(fold, [x], { axis: 0, reverse: true })[0]!), back);
  }
});

test("takeAlong() takes by places along one axis", () => {
  const x = array([[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(tolist(takeAlong(x, array([[2, 0], [1, 1]]), 1)), [[3, 1], [5, 5]]);
});
