import assert from "node:assert/strict";
import test from "node:test";
import { ValueError } from "../../errors/mod.ts";
import { leaves, structure } from "../../tree/flatten.ts";
import { keystr } from "../../tree/keys.ts";
import { all, map, mapUntil, mapWithPath, reduce, transpose } from "../../tree/map.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { field, type FieldTable, staticField } from "../../tree/struct_fields.ts";
import { StructuralMap } from "../../tree/structural_key.ts";

interface ScaleFields {
  readonly factor: unknown;
  readonly axis: string;
}
class Scale extends Struct<ScaleFields> implements ScaleFields {
  static override readonly fields: FieldTable<ScaleFields> = { factor: field(), axis: staticField() };
  declare readonly factor: unknown;
  declare readonly axis: string;
  static {
    registerStruct(this, { name: "Scale" });
  }
}

const add = (x: number, y: number): number => x + y;

test("map makes a new tree of the leaves", () => {
  const tree = { b: [1, { c: 2 }], a: 3, n: null, u: undefined, m: new Map([["k", 4]]) };
  const mapped = map((x: number) => 10 * x, tree);
  assert.deepEqual(mapped, { a: 30, b: [10, { c: 20 }], m: new Map([["k", 40]]), n: null, u: undefined });
  assert.deepEqual(tree.b, [1, { c: 2 }]);
  const same = map((x: unknown) => x, tree);
  assert.notEqual(same, tree);
  assert.notEqual(same.b, tree.b);
  assert.equal(map((x: number) => x + 1, 1), 2);
  assert.equal(map(() => assert.fail("no leaves"), null), null);
});

test("map calls the function in the order of leaves, with nothing but leaves", () => {
  const calls: unknown[][] = [];
  map((...given: unknown[]) => void calls.push(given), { b: 1, a: [2, 3] }, { a: [4, 5], b: 6 });
  assert.deepEqual(calls, [[2, 4], [3, 5], [1, 6]]);
});

test("map keeps structs and what is static in them", () => {
  const scale = new Scale({ factor: [1, 2], axis: "x" });
  const mapped = map(add, scale, new Scale({ factor: [10, 20], axis: "x" }));
  assert(mapped instanceof Scale);
  assert.deepEqual(mapped.factor, [11, 22]);
  assert.equal(mapped.axis, "x");
});

test("map takes what other trees have at the first one's leaves, leaf or tree, whole", () => {
  const paired = map<unknown, unknown>((x: number, y: unknown) => [x, y], { a: 1, b: [2] }, {
    a: { deep: [3] },
    b: [null],
  });
  assert.deepEqual(paired, { a: [1, { deep: [3] }], b: [[2, null]] });
  assert.deepEqual(map((x: number, y: number, z: number) => x + y + z, [1, 2], [3, 4], [5, 6]), [9, 12]);
});

test("map refuses trees of another structure, by the place of the difference", () => {
  const refused = (first: unknown, others: readonly unknown[], lines: readonly string[]) =>
    assert.throws(() => map(() => assert.fail("called"), first, ...others), (error) => {
      assert(error instanceof ValueError);
      assert.equal(
        error.message,
        [
          "Cannot map over trees: their structures differ",
          ...lines,
          "  try:      pass trees that have the first one's structure down to its leaves",
        ]
          .join("\n"),
      );
      assert.equal(error.op, "tree.map");
      assert.equal(error.code, "tree-structure");
      return true;
    });
  refused({ a: [[1, 2]] }, [{ a: [[1]] }], [
    "  operand:  tree 2",
    "  actual:   Array with children [0]",
    "  expected: Array with children [0], [1]",
    "  at:       ['a'][0]",
  ]);
  refused({ a: 1 }, [{ a: 1 }, { b: 1 }], [
    "  operand:  tree 3",
    "  actual:   Object with children ['b']",
    "  expected: Object with children ['a']",
    "  at:       the root",
  ]);
  refused([[1]], [[7]], [
    "  operand:  tree 2",
    "  actual:   the leaf 7",
    "  expected: Array with children [0]",
    "  at:       [0]",
  ]);
  refused([{}], [[new Date(0)]], [
    "  operand:  tree 2",
    "  actual:   a leaf of class Date",
    "  expected: Object with no children",
    "  at:       [0]",
  ]);
  refused([null], [[undefined]], [
    "  operand:  tree 2",
    "  actual:   undefined with no children",
    "  expected: null with no children",
    "  at:       [0]",
  ]);
});

test("map refuses every kind of difference and nothing else", () => {
  const refuse = (first: unknown, other: unknown) => assert.throws(() => map(() => 0, first, other), ValueError);
  refuse([1], { 0: 1 });
  refuse({ a: 1 }, new Map([["a", 1]]));
  refuse(new Map([["a", 1]]), new StructuralMap([["a", 1]]));
  refuse(new Map([["a", 1], ["b", 2]]), new Map([["b", 1], ["a", 2]]));
  refuse(new Map([[1, 1]]), new Map([["1", 1]]));
  refuse(new Scale({ factor: 1, axis: "x" }), new Scale({ factor: 1, axis: "y" }));
  refuse(new Scale({ factor: 1, axis: "x" }), { factor: 1, axis: "x" });
  refuse(null, 1);
  refuse([], [1]);
  assert.deepEqual(map(add, new StructuralMap([[["a"], 1]]), new StructuralMap([[["a"], 2]])).get(["a"]), 3);
  assert.deepEqual(map(add, Object.assign(Object.create(null), { a: 1 }), { a: 2 }), { a: 3 });
});

test("mapWithPath passes the path first", () => {
  const tree = { a: [1, new Scale({ factor: 2, axis: "x" })] };
  const named = mapWithPath<unknown, unknown>((path, x: number, y: number) => `${keystr(path)}: ${x} ${y}`, tree, {
    a: [3, new Scale({ factor: 4, axis: "x" })],
  });
  assert.deepEqual(leaves(named), ["['a'][0]: 1 3", "['a'][1].factor: 2 4"]);
  assert.deepEqual(mapWithPath((path, leaf: number) => [path.length, leaf], 5), [0, 5]);
});

test("mapUntil takes what isLeaf names for leaves", () => {
  const tree = { a: [1, 2], b: { c: [3], d: null } };
  const lengths = mapUntil<unknown, unknown>(Array.isArray, (list) => Array.isArray(list) ? list.length : list, tree);
  assert.deepEqual(lengths, { a: 2, b: { c: 1, d: null } });
  const pairs = mapUntil<unknown, unknown>((x) => x === null || Array.isArray(x), (x, y) => [x, y], tree, {
    a: "x",
    b: { c: ["y"], d: 5 },
  });
  assert.deepEqual(pairs, { a: [[1, 2], "x"], b: { c: [[3], ["y"]], d: [null, 5] } });
  assert.equal(mapUntil<unknown, unknown>(() => true, () => "root", tree), "root");
  assert.throws(() => mapUntil(Array.isArray, () => 0, tree, { a: 1, b: 2 }), ValueError);
});

test("mapUntil asks isLeaf once of every value of the first tree", () => {
  const seen: unknown[] = [];
  const tree = [1, [2, null]];
  mapUntil(
    (value) => {
      seen.push(value);
      return false;
    },
    (x: number) => x,
    tree,
    [3, [4, null]],
  );
  assert.deepEqual(seen, [tree, 1, tree[1], 2, null]);
});

test("reduce folds the leaves in order", () => {
  assert.equal(reduce<string>((made, leaf) => made + String(leaf), { b: "b", a: ["a", 1], n: null }, ">"), ">a1b");
  assert.equal(reduce<number>((made) => made + 1, [], 7), 7);
});

test("reduce passes what was made and the leaf, nothing else", () => {
  const calls: unknown[][] = [];
  reduce<number>(
    (...given: unknown[]) => {
      calls.push(given);
      return calls.length;
    },
    ["a", ["b"]],
    0,
  );
  assert.deepEqual(calls, [[0, "a"], [1, "b"]]);
});

test("all asks whether every leaf is truthy", () => {
  assert(all([]));
  assert(all([1, { a: true, b: "x", n: null }]));
  assert(!all([1, { a: 0 }]));
  assert(!all([NaN]));
  assert(!all(false));
});

test("transpose turns a tree of trees inside out", () => {
  const pairs = { a: [1, { x: 2 }], b: [3, { x: 4 }], n: null };
  const outer = structure({ a: 0, b: 0, n: null });
  const inner = structure([0, { x: 0 }]);
  const turned = transpose(outer, inner, pairs);
  assert.deepEqual(turned, [{ a: 1, b: 3, n: null }, { x: { a: 2, b: 4, n: null } }]);
  assert.deepEqual(transpose(inner, outer, turned), pairs);
  assert.deepEqual(transpose(structure(0), inner, [1, { x: 2 }]), [1, { x: 2 }]);
  assert.deepEqual(transpose(outer, structure(0), { a: 1, b: 2, n: null }), { a: 1, b: 2, n: null });
});

test("transpose refuses a tree that is not so", () => {
  assert.throws(() => transpose(structure({ a: 0, b: 0 }), structure([0, 0]), { a: [1, 2], b: [3] }), (error) => {
    assert(error instanceof ValueError);
    assert.equal(
      error.message,
      [
        "Cannot transpose a tree: it is no tree of trees of these structures",
        "  actual:   {a: [*, *], b: [*]}",
        "  expected: {a: [*, *], b: [*, *]}",
        "  try:      pass the structure of the outer tree first, then that of the inner ones",
      ].join("\n"),
    );
    assert.equal(error.op, "tree.transpose");
    assert.equal(error.code, "tree-structure");
    return true;
  });
});

test("map of the identity keeps structure and leaves; map of two functions is that of their composition", () => {
  let state = 5;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const tree = (depth: number): unknown => {
    const child = (): unknown => tree(depth - 1);
    const kind = depth === 0 ? 0 : random(6);
    if (kind === 1) return Array.from({ length: random(4) }, child);
    if (kind === 2) return { b: child(), a: child() };
    if (kind === 3) return new Map([["x", child()], ["a", child()]]);
    if (kind === 4) return new Scale({ factor: child(), axis: "x" });
    return kind === 5 ? null : random(100);
  };
  for (let i = 0; i < 300; i++) {
    const made = tree(4);
    const same = map((x: number) => x, made);
    assert.equal(structure(same), structure(made));
    assert.deepEqual(leaves(same), leaves(made));
    const [once, twice] = [(x: number) => x + 1, (x: number) => 3 * x];
    assert.deepEqual(leaves(map(twice, map(once, made))), leaves(map((x: number) => twice(once(x)), made)));
    assert.deepEqual(leaves(map(add, made, made)), leaves(made).map((x) => 2 * Number(x)));
  }
});
