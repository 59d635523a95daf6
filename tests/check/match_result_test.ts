import assert from "node:assert/strict";
import { test } from "node:test";
import { MatchResult } from "../../check/mod.ts";
import { KeyError } from "../../errors/mod.ts";
import { textOf } from "./_named.ts";

const result = new MatchResult({ b: 2, a: [3, 4], c: { z: 5, y: 6 } });

test("MatchResult reads like a map", () => {
  assert.equal(result.size, 3);
  assert(result.has("a") && !result.has("d"));
  assert.deepEqual([...result.keys()], ["b", "a", "c"]);
  assert.equal(result.get("b"), 2);
  assert.deepEqual(result.get("c"), new Map([["z", 5], ["y", 6]]));
  assert.deepEqual(result.getMany("a", "b"), [[3, 4], 2]);
  assert.deepEqual([...result][1], ["a", [3, 4]]);
  assert.deepEqual(result.toRecord(), { b: 2, a: [3, 4], c: { z: 5, y: 6 } });
  assert.equal(String(result), "MatchResult({'b': 2, 'a': (3, 4), 'c': {'z': 5, 'y': 6}})");
});

test("MatchResult is made of records, maps and results", () => {
  const map = new Map<string, number | readonly number[] | Map<string, number>>([["b", 2], ["c", new Map([["z", 5]])]]);
  assert.deepEqual(new MatchResult(map).toRecord(), { b: 2, c: { z: 5 } });
  assert.deepEqual(new MatchResult(result).toRecord(), result.toRecord());
});

test("MatchResult never changes", () => {
  assert.throws(() => (result.get("a") as number[]).push(1), TypeError);
  assert.throws(() => (result.get("c") as Map<string, number>).clear(), TypeError);
});

test("MatchResult.get() names the variables that there are", () => {
  assert.throws(() => result.get("d"), KeyError);
  assert.equal(
    textOf(() => result.getMany("b", "d")),
    `Cannot get a variable: there is none called 'd'
  operand: 'd'
  actual:  'b', 'a', 'c'
  try:     pass the name of a variable of the pattern, or of one that was known`,
  );
});
