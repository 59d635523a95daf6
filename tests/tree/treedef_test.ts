import assert from "node:assert/strict";
import test from "node:test";
import { ValueError } from "../../errors/mod.ts";
import { flatten, structure } from "../../tree/flatten.ts";
import { GetAttrKey } from "../../tree/keys.ts";
import { type NodeRegistration, registerNode } from "../../tree/node.ts";
import { StructuralMap } from "../../tree/structural_key.ts";
import { defOf, LEAF, metadataEquals, metadataKey, nodeDef } from "../../tree/treedef.ts";

class Box {
  readonly child: unknown;
  readonly fixed: unknown;
  constructor(child: unknown, fixed?: unknown) {
    this.child = child;
    this.fixed = fixed;
  }
}
class OtherBox extends Box {}
class Nothing {}

function ofBoxes(of: typeof Box): NodeRegistration<Box> {
  return {
    flattenWithKeys: ({ child, fixed }) => [[[new GetAttrKey("child"), child]], fixed],
    unflatten: (fixed, [child]) => new of(child, fixed),
  };
}
registerNode(Box, ofBoxes(Box));
registerNode(OtherBox, ofBoxes(OtherBox));
registerNode(Nothing, { flattenWithKeys: () => [[], undefined], unflatten: () => new Nothing() });

test("TreeDef of equal structures is one object", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [1, "any leaf"],
    [[], []],
    [[1, [2]], ["a", [true]]],
    [{ b: 1, a: 2 }, { a: 3, b: 4 }],
    [Object.assign(Object.create(null), { a: 1 }), { a: 2 }],
    [new Map<unknown, number>([["x", 1], [2, 2]]), new Map<unknown, number>([["x", 3], [2, 4]])],
    [new Map([[["k", 0], 1]]), new Map([[["k", 0], 2]])],
    [new StructuralMap([[["k"], 1]]), new StructuralMap([[["k"], 2]])],
    [null, null],
    [undefined, undefined],
    [new Box(1, "f"), new Box(2, "f")],
    [new Box(1, [1, { a: 2, b: 3 }]), new Box(2, [1, { b: 3, a: 2 }])],
    [new Box(1, new Map([["a", 1], ["b", 2]])), new Box(1, new Map([["b", 2], ["a", 1]]))],
    [new Box([], NaN), new Box([], NaN)],
  ];
  for (const [a, b] of pairs) {
    assert.equal(structure(a), structure(b));
    assert.equal(structure([a, { x: a }]), structure([b, { x: b }]));
  }
  assert.equal(structure(1), LEAF);
});

test("TreeDef of different structures is another object", () => {
  const shared = {};
  const trees: readonly unknown[] = [
    1,
    null,
    undefined,
    [],
    [1],
    [1, 2],
    [[1, 2]],
    [[1], 2],
    [1, [2]],
    [null],
    [undefined],
    {},
    { a: 1 },
    { b: 1 },
    { a: 1, b: 2 },
    { a: { b: 1 } },
    new Map(),
    new Map([["a", 1]]),
    new Map([["a", 1], ["b", 1]]),
    new Map([["b", 1], ["a", 1]]),
    new Map([[1, 1]]),
    new Map([["1", 1]]),
    new StructuralMap(),
    new StructuralMap([["a", 1]]),
    new Nothing(),
    new Box(1),
    new OtherBox(1),
    new Box([1]),
    new Box(1, null),
    new Box(1, ""),
    new Box(1, 1),
    new Box(1, "1"),
    new Box(1, true),
    new Box(1, 1n),
    new Box(1, [1]),
    new Box(1, [1, 2]),
    new Box(1, { a: 1 }),
    new Box(1, { a: 2 }),
    new Box(1, { a: undefined }),
    new Box(1, {}),
    new Box(1, new Map([["a", 1]])),
    new Box(1, () => 1),
    new Box(1, () => 1),
    new Box(1, new Date(0)),
    new Box(1, new Date(0)),
    new Box(1, [shared, 0]),
  ];
  const defs = trees.map((tree) => structure(tree));
  assert.equal(new Set(defs).size, trees.length);
  assert.equal(new Set(defs.map(({ id }) => id)).size, trees.length);
});

test("TreeDef of maps with different objects for keys is another object", () => {
  const [one, two] = [{}, {}];
  const first = structure(new Map([[one, 1]]));
  const [leaves, second] = flatten(new Map([[two, 1]]));
  assert.notEqual(first, second);
  assert(first.unflatten(leaves) instanceof Map);
  assert((second.unflatten(leaves) as Map<unknown, unknown>).has(two));
});

test("TreeDef.unflatten() builds new containers of the leaves", () => {
  const tree = { b: [1, new Box(2, "f")], a: new Map([["z", 3]]), n: null, u: undefined };
  const [leaves, treedef] = flatten(tree);
  assert.deepEqual(leaves, [3, 1, 2]);
  const rebuilt = treedef.unflatten(["x", "y", "z"]) as typeof tree;
  assert.deepEqual(rebuilt, { a: new Map([["z", "x"]]), b: ["y", new Box("z", "f")], n: null, u: undefined });
  assert.deepEqual(Object.keys(rebuilt), ["a", "b", "n", "u"]);
  const again = treedef.unflatten(leaves) as typeof tree;
  assert.deepEqual(again, tree);
  assert.notEqual(again, tree);
  assert.notEqual(again.b, tree.b);
  assert.notEqual(again.a, tree.a);
});

test("TreeDef.unflatten() takes any iterable and puts trees in place of leaves", () => {
  const treedef = structure([0, 0]);
  assert.deepEqual(treedef.unflatten(new Set(["a", "b"])), ["a", "b"]);
  assert.deepEqual(treedef.unflatten([{ x: 1 }, [2]]), [{ x: 1 }, [2]]);
  assert.equal(LEAF.unflatten([7]), 7);
  assert.equal(structure(null).unflatten([]), null);
  assert.equal(structure(undefined).unflatten([]), undefined);
});

test("TreeDef.unflatten() refuses more or fewer leaves", () => {
  const treedef = structure({ a: [1, 2], b: 3 });
  for (const leaves of [[], [1, 2], [1, 2, 3, 4]]) {
    assert.throws(() => treedef.unflatten(leaves), (error) => {
      assert(error instanceof ValueError);
      assert.equal(
        error.message,
        [
          "Cannot unflatten a tree: the number of leaves differs from the structure's",
          `  actual:   ${leaves.length} leaves`,
          "  expected: 3, for {a: [*, *], b: *}",
          "  try:      pass one value for each leaf of the tree that the structure is of",
        ].join("\n"),
      );
      assert.equal(error.op, "tree.unflatten");
      assert.equal(error.code, "tree-leaves");
      return true;
    });
  }
});

test("TreeDef counts its leaves and nodes", () => {
  const treedef = structure([1, { a: null, b: [2, 3] }, []]);
  assert.equal(treedef.numLeaves, 3);
  assert.equal(treedef.numNodes, 8);
  assert.equal(LEAF.numLeaves, 1);
  assert.equal(LEAF.numNodes, 1);
  assert.equal(structure(null).numLeaves, 0);
});

test("TreeDef.toString() shows the structure", () => {
  assert.equal(String(LEAF), "*");
  assert.equal(String(structure([1, [], { b: 1, a: [2] }])), "[*, [], {a: [*], b: *}]");
  assert.equal(String(structure([null, undefined, {}])), "[null, undefined, {}]");
  assert.equal(String(structure(new Map([["k", 1], ["l", 2]]))), "Map(*, *)");
  assert.equal(String(structure(new Box([1, 2], "f"))), "Box([*, *])");
  assert.equal(String(structure(new Nothing())), "Nothing");
});

test("TreeDef never changes", () => {
  const treedef = structure([1]);
  assert(Object.isFrozen(treedef));
  assert.throws(() => (treedef as { numLeaves: number }).numLeaves = 2, TypeError);
});

test("nodeDef gives the structure of a node of these children", () => {
  const { kind } = structure([]);
  assert(kind !== null);
  assert.equal(nodeDef(kind, undefined, [LEAF, structure([1])]), structure([1, [2]]));
});

test("defOf gives the structure of a node by what it holds beside its children", () => {
  const box = new Box("any", "f");
  const { kind } = structure(box);
  assert(kind !== null);
  assert.equal(defOf(kind, box, [LEAF]), structure(new Box(1, "f")));
  assert.equal(defOf(kind, box, [structure([1])]), structure(new Box([2], "f")));
  assert.notEqual(defOf(kind, box, [LEAF]), structure(new Box(1, "g")));
});

test("metadataKey counts plain objects and maps by what they hold, in any order", () => {
  assert.equal(metadataKey({ a: 1, b: [2] }), metadataKey({ b: [2], a: 1 }));
  assert.notEqual(metadataKey({ a: 1 }), metadataKey({ a: 1, b: undefined }));
  assert.notEqual(metadataKey({ a: 1 }), metadataKey(new Map([["a", 1]])));
  assert.notEqual(metadataKey({ "a": "1,s1:b=s1:2" }), metadataKey({ a: "1", b: "2" }));
  assert.equal(metadataKey([{ a: 1 }]), metadataKey([{ a: 1 }]));
  assert.equal(metadataKey("a"), metadataKey("a"));
});

test("metadataEquals compares functions and instances by identity", () => {
  const [one, two] = [() => 1, () => 1];
  assert(metadataEquals({ f: one }, { f: one }));
  assert(!metadataEquals({ f: one }, { f: two }));
  assert(!metadataEquals(new Date(0), new Date(0)));
  assert(metadataEquals(NaN, NaN) && metadataEquals(0, -0));
  assert(!metadataEquals(null, undefined));
});
