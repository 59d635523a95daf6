import assert from "node:assert/strict";
import test from "node:test";
import { DictKey, GetAttrKey, SequenceKey } from "../../tree/keys.ts";
import { structuralKey, StructuralMap, StructuralSet } from "../../tree/structural_key.ts";

class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  toStructuralKey(): string {
    return `Point ${this.x} ${this.y}`;
  }
}

test("structuralKey is the same for values that are structurally the same", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    ["a", "a"],
    [1, 1],
    [0, -0],
    [NaN, NaN],
    [true, true],
    [10n, 10n],
    [null, null],
    [undefined, undefined],
    [[], []],
    [["a", [1, null]], ["a", [1, null]]],
    [new Point(1, 2), new Point(1, 2)],
    [[new SequenceKey(0), new DictKey("a")], [new SequenceKey(0), new DictKey("a")]],
  ];
  for (const [a, b] of pairs) assert.equal(structuralKey(a), structuralKey(b), String(a));
});

test("structuralKey differs for values that differ", () => {
  const symbol = Symbol("s");
  const values: readonly unknown[] = [
    "",
    "a",
    "a1",
    "1",
    "null",
    "u",
    "n1;",
    "[]",
    "s1:a",
    1,
    1.5,
    NaN,
    Infinity,
    -Infinity,
    1n,
    true,
    false,
    null,
    undefined,
    symbol,
    Symbol("s"),
    [],
    [[]],
    [[], []],
    ["a", 1],
    ["a1"],
    ["a", "1"],
    [["a"], 1],
    ["a", [1]],
    ["as1:b"],
    ["a", "b"],
    [undefined],
    [null],
    new Point(1, 2),
    new Point(2, 1),
    "Point 1 2",
    new SequenceKey(1),
    new DictKey(1),
    new DictKey("1"),
    new GetAttrKey("1"),
    {},
    {},
    () => 1,
    () => 1,
    new Map(),
    new Date(0),
    new Date(0),
    Float32Array.of(1),
    Float32Array.of(1),
  ];
  const keys = new Map(values.map((value) => [structuralKey(value), value]));
  assert.equal(keys.size, values.length);
  for (const value of values) assert.equal(structuralKey(value), structuralKey(value));
});

test("structuralKey counts the holes of an array", () => {
  // deno-lint-ignore no-sparse-arrays
  assert.notEqual(structuralKey([,]), structuralKey([]));
  // deno-lint-ignore no-sparse-arrays
  assert.notEqual(structuralKey([1, , 2]), structuralKey([1, 2]));
});

test("structuralKey is the same exactly for nested arrays of one text, at random", () => {
  let state = 3;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const atoms: readonly unknown[] = ["", "a", "]", "[", "s1:a", 0, 1, -1, null, true, ";"];
  const value = (depth: number): unknown =>
    depth === 0 || random(3) === 0
      ? atoms[random(atoms.length)]
      : Array.from({ length: random(3) }, () => value(depth - 1));
  const byKey = new Map<string, string>();
  const byText = new Map<string, string>();
  for (let i = 0; i < 2000; i++) {
    const made = value(3);
    const [key, text] = [structuralKey(made), JSON.stringify(made)];
    assert.equal(byKey.get(key) ?? text, text);
    assert.equal(byText.get(text) ?? key, key);
    byKey.set(key, text);
    byText.set(text, key);
  }
});

test("StructuralMap finds what was set under a key of the same structure", () => {
  const map = new StructuralMap<unknown, string>([[["a", 0], "array"], [new Point(1, 2), "point"], ["a", "text"]]);
  assert.equal(map.size, 3);
  assert.equal(map.get(["a", 0]), "array");
  assert.equal(map.get(new Point(1, 2)), "point");
  assert.equal(map.get("a"), "text");
  assert.equal(map.get(["a"]), undefined);
  assert(map.has(["a", 0]) && !map.has(["a", "0"]));
});

test("StructuralMap keeps the order of insertion and the first key", () => {
  const first = ["k"];
  const map = new StructuralMap<readonly string[], number>([[first, 1], [["l"], 2]]);
  assert.equal(map.set(["k"], 3), map);
  assert.deepEqual([...map], [[["k"], 3], [["l"], 2]]);
  assert.equal([...map.keys()][0], first);
  assert(map.delete(["k"]));
  assert(!map.delete(["k"]));
  map.set(["k"], 4);
  assert.deepEqual([...map.entries()], [[["l"], 2], [["k"], 4]]);
  assert.deepEqual([...map.values()], [2, 4]);
  assert.equal(map.size, 2);
});

test("StructuralMap keeps entries whose value is undefined", () => {
  const map = new StructuralMap<string, undefined>([["a", undefined]]);
  assert(map.has("a"));
  assert.equal(map.size, 1);
});

test("StructuralMap gives no hold on its entries", () => {
  const map = new StructuralMap([["a", 1]]);
  for (const entry of map) entry[1] = 9;
  assert.equal(map.get("a"), 1);
});

test("StructuralMap.forEach() passes values with their keys, in order", () => {
  const seen: unknown[] = [];
  new StructuralMap([["b", 1], ["a", 2]]).forEach((value, key) => seen.push([value, key]));
  assert.deepEqual(seen, [[1, "b"], [2, "a"]]);
});

test("StructuralSet holds one of each structure, in the order of insertion", () => {
  const first = [1, "a"];
  const set = new StructuralSet<unknown>([first, "x", [1, "a"], [1], "x"]);
  assert.equal(set.size, 3);
  assert.deepEqual([...set], [[1, "a"], "x", [1]]);
  assert.equal([...set.values()][0], first);
  assert.equal(set.add([1]), set);
  assert.equal(set.size, 3);
  assert(set.has([1]) && !set.has(1));
  assert(set.delete([1]));
  assert(!set.delete([1]));
  assert(!set.has([1]));
});
