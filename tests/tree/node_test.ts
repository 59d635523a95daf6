import assert from "node:assert/strict";
import test from "node:test";
import { ValueError } from "../../errors/mod.ts";
import { flatten, leaves, leavesWithPath, unflatten } from "../../tree/flatten.ts";
import { GetAttrKey, keystr } from "../../tree/keys.ts";
import { compareCodePoints, kindOf, registerNode } from "../../tree/node.ts";
import { StructuralMap } from "../../tree/structural_key.ts";

class Pair {
  readonly left: unknown;
  readonly right: unknown;
  readonly tag: string;
  constructor(left: unknown, right: unknown, tag = "") {
    this.left = left;
    this.right = right;
    this.tag = tag;
  }
}
registerNode(Pair, {
  flattenWithKeys: ({ left, right, tag }) => [
    [[new GetAttrKey("left"), left], [new GetAttrKey("right"), right]],
    tag,
  ],
  unflatten: (tag, [left, right]) => new Pair(left, right, tag as string),
});

test("kindOf names the kinds of nodes", () => {
  assert.equal(kindOf([])?.name, "Array");
  assert.equal(kindOf({})?.name, "Object");
  assert.equal(kindOf(Object.create(null)), kindOf({}));
  assert.equal(kindOf(new Map())?.name, "Map");
  assert.equal(kindOf(new StructuralMap())?.name, "StructuralMap");
  assert.equal(kindOf(new Pair(1, 2))?.name, "Pair");
  assert.equal(kindOf(null)?.name, "null");
  assert.equal(kindOf(undefined)?.name, "undefined");
  assert.notEqual(kindOf(null), kindOf(undefined));
});

test("kindOf has no kind for leaves", () => {
  class Unregistered {}
  class Pairs extends Pair {}
  class List extends Array {}
  class Dictionary extends Map {}
  const values = [
    0,
    "",
    "text",
    true,
    1n,
    Symbol("s"),
    () => 1,
    Pair,
    new Float32Array(2),
    new ArrayBuffer(1),
    new Set([1]),
    new Date(0),
    /x/,
    new WeakMap(),
    new Unregistered(),
    Object.create({}),
    new Pairs(1, 2),
    new List(),
    new Dictionary(),
  ];
  for (const value of values) assert.equal(kindOf(value), undefined);
});

test("kindOf's kinds take nodes apart", () => {
  const symbol = Symbol("s");
  const node: Record<string | symbol, unknown> = { b: 1, a: 2, [symbol]: 3 };
  Object.defineProperty(node, "hidden", { value: 4, enumerable: false });
  const kind = kindOf(node);
  assert.deepEqual(kind?.children(node), [2, 1]);
  assert.deepEqual(kind?.keys(node).map(String), ["['a']", "['b']"]);
  assert.deepEqual(kind?.metadata(node), ["a", "b"]);
  assert.deepEqual(kind?.build(["a", "b"], [5, 6]), { a: 5, b: 6 });
  const map = new Map<unknown, unknown>([["z", 1], [0, 2]]);
  assert.deepEqual(kindOf(map)?.keys(map).map(String), ["['z']", "[0]"]);
  assert.deepEqual(kindOf(map)?.children(map), [1, 2]);
});

test("kindOf's kind of objects keeps inherited names as they are", () => {
  const node = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}') as object;
  const [found, treedef] = flatten(node);
  assert.deepEqual(found, [1, 2, 3]);
  const rebuilt = unflatten(treedef, [4, 5, 6]) as object;
  assert.equal(Object.getPrototypeOf(rebuilt), Object.prototype);
  assert.deepEqual(Object.entries(rebuilt), [["__proto__", 4], ["constructor", 5], ["toString", 6]]);
});

test("compareCodePoints orders as Python does", () => {
  const sorted = ["", "A", "Z", "a", "a\u0000", "aa", "b", "é", "\uff5e", "\u{1f600}", "\u{1f600}a", "\u{1f601}"];
  sorted.forEach((a, i) =>
    sorted.forEach((b, j) => assert.equal(Math.sign(compareCodePoints(a, b)), Math.sign(i - j), `${a} and ${b}`))
  );
  // As units of UTF-16 the order is another.
  assert("\uff5e" > "\u{1f600}");
});

test("registerNode makes exactly this class's instances nodes", () => {
  const pair = new Pair(1, [2, 3], "tag");
  assert.deepEqual(leavesWithPath(pair).map(([path, leaf]) => [keystr(path), leaf]), [
    [".left", 1],
    [".right[0]", 2],
    [".right[1]", 3],
  ]);
  const rebuilt = unflatten(flatten(pair)[1], [4, 5, 6]);
  assert(rebuilt instanceof Pair);
  assert.deepEqual(rebuilt, new Pair(4, [5, 6], "tag"));
  class Child extends Pair {}
  const child = new Child(1, 2);
  assert.deepEqual(leaves([child]), [child]);
});

test("registerNode lets a subclass be registered itself", () => {
  class Child extends Pair {}
  registerNode(Child, {
    flattenWithKeys: ({ left }) => [[[new GetAttrKey("left"), left]], undefined],
    unflatten: (_, [left]) => new Child(left, 0),
  });
  assert.deepEqual(leaves(new Child(7, 8)), [7]);
  assert.deepEqual(leaves(new Pair(7, 8)), [7, 8]);
});

test("registerNode refuses a class that is a node already", () => {
  const registration = {
    flattenWithKeys: (): [[], undefined] => [[], undefined],
    unflatten: (): never => {
      throw new Error("never called");
    },
  };
  for (const known of [Pair, Array, Object, Map, StructuralMap]) {
    assert.throws(() => registerNode<unknown>(known, registration), (error) => {
      assert(error instanceof ValueError);
      assert.equal(
        error.message,
        [
          `Cannot register "${known.name}" as a pytree node: it is one already`,
          "  try: register a class once, where it is defined",
        ].join("\n"),
      );
      assert.equal(error.op, "tree.registerNode");
      assert.equal(error.code, "tree-registered");
      return true;
    });
  }
  assert.deepEqual(leaves(new Pair(1, 2)), [1, 2]);
});
