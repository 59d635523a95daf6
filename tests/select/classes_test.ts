import assert from "node:assert/strict";
import { test } from "node:test";
import { select, typeGuard } from "../../select/mod.ts";
import { instanceTest } from "../../select/classes.ts";
import { L } from "./_example.ts";

test("instanceTest() knows what each token means", () => {
  const values = [1, "s", true, 1n, () => 0, [], {}, Object.create(null), new Map(), new L(1), null, undefined];
  const fitting = (token: unknown) => values.flatMap((value, index) => instanceTest(token)(value) ? [index] : []);
  const tokens = [Number, String, Boolean, BigInt, Function, Array, Object, Map, L];
  assert.deepEqual(tokens.map(fitting), [[0], [1], [2], [3], [4], [5], [6, 7], [8], [9]]);
  assert.deepEqual(fitting([Number, L]), [0, 9]);
  assert.deepEqual(fitting([]), []);
});

test("typeGuard() marks a test without changing it", () => {
  const isOne = (value: unknown): value is 1 => value === 1;
  const guard = typeGuard(isOne);
  assert.equal(guard.isTypeGuard, true);
  assert.equal("isTypeGuard" in isOne, false);
  assert.deepEqual([1, 2].map(guard), [true, false]);
});

test("atInstancesOf() refuses what is no class", () => {
  const isOne = (value: unknown): boolean => value === 1;
  assert.throws(() => select([1]).atInstancesOf(isOne as never), {
    name: "TypeError",
    message: "Cannot select instances: the function isOne is no class; mark a test of your own by typeGuard(test)",
  });
  assert.throws(() => select([1]).atInstancesOf("Number" as never), {
    name: "TypeError",
    message: "Cannot select instances: Number is no class; mark a test of your own by typeGuard(test)",
  });
});
