import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { asNumbers, asType, promote, promoteDtypes, promoteInexact, promoteShapes } from "../../array/promote.ts";
import { weakFloat } from "../../core/promotion.ts";
import { start } from "../_support.ts";

await start();

const half = array([1, 2], { dtype: "bfloat16" });
const integers = array([[1], [2]], { dtype: "int8" });

function types(arrays: readonly { dtype: string; weakType: boolean }[]): string[] {
  return arrays.map(({ dtype, weakType }) => dtype + (weakType ? "*" : ""));
}

test("promoteDtypes() gives all operands their least upper bound, weak ones too", () => {
  assert.deepEqual(types(promoteDtypes("add", [half, 2])), ["bfloat16", "bfloat16"]);
  assert.deepEqual(types(promoteDtypes("add", [integers, 2.5])), ["float32*", "float32*"]);
  assert.deepEqual(types(promoteDtypes("add", [1, weakFloat(1)])), ["float32*", "float32*"]);
  assert.deepEqual(types(promoteDtypes("add", [half, integers])), ["bfloat16", "bfloat16"]);
});

test("promoteDtypes() wraps weak integers that do not fit", () => {
  assert.equal(promoteDtypes("add", [array([0], { dtype: "uint8" }), 1000])[1]!.item(), 232);
});

test("promoteInexact() makes floats of integers and bools", () => {
  assert.deepEqual(types(promoteInexact("divide", [integers, true])), ["float32", "float32"]);
  assert.deepEqual(types(promoteInexact("divide", [1, 2])), ["float32*", "float32*"]);
  assert.deepEqual(types(promoteInexact("divide", [half, 2])), ["bfloat16", "bfloat16"]);
});

test("promoteShapes() and promote() repeat by views", () => {
  const [a, b] = promoteShapes("add", [half, integers]);
  assert.deepEqual([a!.shape, b!.shape], [[2, 2], [2, 2]]);
  assert.deepEqual(promote("add", [half, integers])[0]!.tolist(), [[1, 2], [1, 2]]);
  assert.throws(() => promote("add", [half, array([1, 2, 3])]), { name: "ValueError" });
});

test("asNumbers() and asType() make arrays of operands", () => {
  assert.deepEqual(types([asNumbers("add", 1)]), ["int32*"]);
  assert.deepEqual(types([asType("add", 2.7, { dtype: "int32", weakType: false })]), ["int32"]);
  assert.equal(asType("add", 2.7, { dtype: "int32", weakType: false }).item(), 2);
});
