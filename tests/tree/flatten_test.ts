import assert from "node:assert/strict";
import test from "node:test";
import { equals } from "../../tree/equals.ts";
import { flatten, flattenWithPath, leaves, leavesWithPath, structure, unflatten } from "../../tree/flatten.ts";
import { GetAttrKey, keystr } from "../../tree/keys.ts";
import { map } from "../../tree/map.ts";
import { registerNode } from "../../tree/node.ts";
import { treeFlattenExactlyOneLevel } from "../../tree/one_level.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { field, type FieldTable, staticField } from "../../tree/struct_fields.ts";
import { structuralKey, StructuralMap } from "../../tree/structural_key.ts";
import { LEAF } from "../../tree/treedef.ts";

interface NodeFields {
  readonly child: unknown;
  readonly tag: unknown;
  readonly other: unknown;
}
class Node extends Struct<NodeFields> implements NodeFields {
  static override readonly fields: FieldTable<NodeFields> = { child: field(), tag: staticField(), other: field() };
  declare readonly child: unknown;
  declare readonly tag: unknown;
  declare readonly other: unknown;
  static {
    registerStruct(this, { name: "Node" });
  }
}

/** A node whose fields cannot be set and whose children change all the same. */
class Bag {
  readonly items: unknown[] = [];
  constructor(items: readonly unknown[]) {
    this.items.push(...items);
    Object.freeze(this);
  }
}
registerNode(Bag, {
  flattenWithKeys: ({ items }) => [
    items.map((item, index): [GetAttrKey, unknown] => [new GetAttrKey(`item${index}`), item]),
    undefined,
  ],
  unflatten: (_, children) => new Bag(children),
});

/** A function that freezes a tree of arrays and plain objects. */
function frozen<T>(tree: T): T {
  if (typeof tree === "object" && tree !== null) Object.values(tree).forEach(frozen);
  return Object.freeze(tree);
}

/** The values that `isLeaf` is asked of, in order. */
function asked(visit: (isLeaf: (value: unknown) => boolean) => unknown): unknown[] {
  const seen: unknown[] = [];
  visit((value) => {
    seen.push(value);
    return false;
  });
  return seen;
}

test("flatten gives leaves in order: elements, sorted keys, entries, fields", () => {
  const node = new Node({ child: [1, 2], tag: "static", other: 3 });
  assert.deepEqual(leaves([1, [2, 3], 4]), [1, 2, 3, 4]);
  assert.deepEqual(leaves({ b: 1, a: 2, B: 3, aa: 4, "": 5 }), [5, 3, 2, 4, 1]);
  assert.deepEqual(leaves(new Map([["b", 1], ["a", 2]])), [1, 2]);
  assert.deepEqual(leaves(new StructuralMap([["b", 1], ["a", 2]])), [1, 2]);
  assert.deepEqual(leaves(node), [1, 2, 3]);
  assert.deepEqual(leaves({ z: [node], y: { x: 0 } }), [0, 1, 2, 3]);
});

test("flatten sorts the keys of objects by code point, not by unit or as numbers", () => {
  assert.deepEqual(leaves({ "\u{1f600}": 1, "\uff5e": 2, "10": 3, "9": 4 }), [3, 4, 2, 1]);
  assert.deepEqual(leaves(Object.assign(Object.create(null), { b: 1, a: 2 })), [2, 1]);
});

test("flatten takes everything but containers for leaves, which keep their identity", () => {
  class Unregistered {}
  const values = [0, NaN, "s", false, 1n, () => 1, Float32Array.of(1), new Set([1]), new Date(0), new Unregistered()];
  const [found, treedef] = flatten(values);
  assert.equal(found.length, values.length);
  found.forEach((leaf, index) => assert(Object.is(leaf, values[index])));
  assert.equal(treedef.numLeaves, values.length);
  for (const value of values) {
    const [own, def] = flatten(value);
    assert(own.length === 1 && Object.is(own[0], value) && def === LEAF);
  }
});

test("flatten takes null and undefined for two nodes without children", () => {
  assert.deepEqual(leaves(null), []);
  assert.deepEqual(leaves([null, undefined, 1]), [1]);
  assert.notEqual(structure(null), structure(undefined));
  assert.notEqual(structure(null), LEAF);
  assert.deepEqual(unflatten(structure([null, undefined, 1]), [2]), [null, undefined, 2]);
});

test("flatten gives the tree back by unflatten, containers new", () => {
  const tree = { a: [1, { b: 2 }], m: new Map([["k", [3]]]) };
  const [found, treedef] = flatten(tree);
  const rebuilt = unflatten(treedef, found) as typeof tree;
  assert.deepEqual(rebuilt, tree);
  for (
    const [a, b] of [[rebuilt, tree], [rebuilt.a, tree.a], [rebuilt.m, tree.m], [rebuilt.m.get("k"), tree.m.get("k")]]
  ) {
    assert.notEqual(a, b);
  }
});

test("flatten asks isLeaf once of every value in pre-order, the root, leaves and childless nodes included", () => {
  const inner = [2, null];
  const last = { c: 3 };
  const tree = { b: last, a: inner, u: undefined };
  const expected = [tree, inner, 2, null, last, 3, undefined];
  assert.deepEqual(asked((isLeaf) => flatten(tree, { isLeaf })), expected);
  assert.deepEqual(asked((isLeaf) => leaves(tree, { isLeaf })), expected);
  assert.deepEqual(asked((isLeaf) => structure(tree, { isLeaf })), expected);
  assert.deepEqual(asked((isLeaf) => leavesWithPath(tree, { isLeaf })), expected);
  assert.deepEqual(asked((isLeaf) => flatten(5, { isLeaf })), [5]);
  const fixed = frozen([1, [2]]);
  flatten(fixed);
  assert.deepEqual(asked((isLeaf) => flatten(fixed, { isLeaf })), [fixed, 1, fixed[1], 2]);
});

test("flattenWithPath asks isLeaf once of every value", () => {
  assert.deepEqual(asked((isLeaf) => flattenWithPath([1, [2]], { isLeaf })), [[1, [2]], 1, [2], 2]);
});

test("flatten does not look into what isLeaf names", () => {
  const tree = [[1, 2], { a: null }];
  const [arrays, treedef] = flatten(tree, { isLeaf: (value) => Array.isArray(value) && value !== tree });
  assert.equal(arrays.length, 1);
  assert.equal(arrays[0], tree[0]);
  assert.equal(String(treedef), "[*, {a: null}]");
  const [nulls] = flatten(tree, { isLeaf: (value) => value === null });
  assert.deepEqual(nulls, [1, 2, null]);
  const [root, rootDef] = flatten(tree, { isLeaf: () => true });
  assert(root.length === 1 && root[0] === tree && rootDef === LEAF);
});

test("flatten asks isLeaf of frozen trees that it knows, too", () => {
  const tree = frozen([[1, 2], 3]);
  flatten(tree);
  flatten([tree]);
  assert.deepEqual(leaves(tree, { isLeaf: (value) => value === tree[0] }), [[1, 2], 3]);
  assert.deepEqual(leaves(tree), [1, 2, 3]);
});

test("flatten of one frozen tree gives the same leaves, of which unflatten gives the tree itself", () => {
  const trees = [
    frozen({ a: [1, { b: 2 }], n: null }),
    new Node({ child: [1, 2], tag: "t", other: { x: 3 } }),
    frozen([]),
  ];
  for (const tree of trees) {
    const [found, treedef] = flatten(tree);
    const [again, sameDef] = flatten(tree);
    assert.equal(again, found);
    assert.equal(sameDef, treedef);
    assert.equal(leaves(tree), found);
    assert.equal(unflatten(treedef, found), tree);
    assert(Object.isFrozen(found));
  }
});

test("unflatten of changed or copied leaves gives new containers", () => {
  const tree = frozen({ a: [1, 2], b: new Node({ child: 3, tag: 0, other: 4 }) });
  const [found, treedef] = flatten(tree);
  const copied = unflatten(treedef, [...found]) as typeof tree;
  assert(equals(copied, tree));
  assert.notEqual(copied, tree);
  assert.notEqual(copied.a, tree.a);
  assert.notEqual(copied.b, tree.b);
  const changed = unflatten(treedef, found.map((leaf) => -Number(leaf))) as typeof tree;
  assert.deepEqual(leaves(changed), [-1, -2, -3, -4]);
  assert.deepEqual(leaves(tree), [1, 2, 3, 4]);
  assert.notEqual(map((leaf: number) => leaf, tree), tree);
});

test("unflatten of a frozen tree's leaves into another structure gives that", () => {
  const tree = frozen([1, 2]);
  const [found] = flatten(tree);
  assert.deepEqual(unflatten(structure({ a: 0, b: 0 }), found), { a: 1, b: 2 });
});

test("flatten sees changes of containers that can change, wherever they are", () => {
  const inner = [1];
  const list: unknown[] = [inner];
  const outer = Object.freeze({ list });
  const maps = Object.freeze([new Map([["a", 1]]), new StructuralMap([["a", 1]])] as const);
  for (const freezeMaps of [false, true]) {
    if (freezeMaps) maps.forEach((entries) => Object.freeze(entries));
    const before = [...leaves(maps)];
    maps[0].set(`more ${freezeMaps}`, 2);
    maps[1].set(`more ${freezeMaps}`, 3);
    assert.equal(leaves(maps).length, before.length + 2);
  }
  assert.deepEqual(leaves(outer), [1]);
  inner.push(2);
  assert.deepEqual(leaves(outer), [1, 2]);
  list.push({ a: 3 });
  assert.deepEqual(leaves(outer), [1, 2, 3]);
  const tree = [1];
  const [found, treedef] = flatten(tree);
  assert.notEqual(unflatten(treedef, found), tree);
});

test("flatten sees changes of frozen instances that hold what can change", () => {
  const bag = new Bag([1]);
  assert.deepEqual(leaves(bag), [1]);
  bag.items.push(2);
  assert.deepEqual(leaves(bag), [1, 2]);
});

test("leavesWithPath names the way to each leaf", () => {
  const node = new Node({ child: [1], tag: "t", other: 2 });
  const tree = { m: new Map<unknown, unknown>([["k", node], [3, null]]), a: [10, [20]] };
  assert.deepEqual(leavesWithPath(tree).map(([path, leaf]) => [keystr(path), leaf]), [
    ["['a'][0]", 10],
    ["['a'][1][0]", 20],
    ["['m']['k'].child[0]", 1],
    ["['m']['k'].other", 2],
  ]);
  assert.deepEqual(leavesWithPath(7), [[[], 7]]);
  assert.deepEqual(leavesWithPath(null), []);
});

test("flattenWithPath gives the paths and the structure", () => {
  const tree = { a: [1, 2] };
  const isLeaf = Array.isArray;
  const [found, treedef] = flattenWithPath(tree);
  assert.deepEqual(found.map(([path, leaf]) => [keystr(path), leaf]), [["['a'][0]", 1], ["['a'][1]", 2]]);
  assert.equal(treedef, structure(tree));
  const [stopped, stoppedDef] = flattenWithPath(tree, { isLeaf });
  assert.deepEqual(stopped.map(([path, leaf]) => [keystr(path), leaf]), [["['a']", [1, 2]]]);
  assert.equal(stoppedDef, structure({ a: 0 }));
});

/** Random trees of all kinds of nodes and leaves, some of them frozen. */
class Trees {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return (this.#state >>> 8) % bound;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  leaf(): unknown {
    const made = this.below(100);
    return this.pick([made, -0, NaN, `text ${made}`, true, 1n, trees, Float32Array.of(made), new Date(made)]);
  }

  keys(): unknown[] {
    const names = ["", "a", "b", "10", "9", "__proto__", "constructor", "\uff5e", "\u{1f600}", "it's"];
    return [...new Set(Array.from({ length: this.below(4) }, () => this.pick(names)))];
  }

  tree(depth = 4): unknown {
    const child = (): unknown => this.tree(depth - 1);
    switch (depth === 0 ? this.below(2) : this.below(9)) {
      case 0:
        return this.leaf();
      case 1:
        return this.pick([null, undefined, this.leaf()]);
      case 2:
      case 3: {
        const array = Array.from({ length: this.below(4) }, child);
        return this.below(2) === 0 ? array : Object.freeze(array);
      }
      case 4:
      case 5: {
        const entries = this.keys().map((key) => [key, child()]);
        const object = Object.fromEntries(entries) as object;
        return this.below(2) === 0 ? object : Object.freeze(object);
      }
      case 6:
        return new Map([...this.keys(), this.below(9)].map((key) => [key, child()]));
      case 7:
        return new StructuralMap([...this.keys(), [this.below(9), "x"]].map((key) => [key, child()]));
      default:
        return this.below(4) === 0
          ? new Bag([child(), child()])
          : new Node({ child: child(), tag: this.pick<unknown>([1, "t", ["u", { v: 1 }]]), other: child() });
    }
  }
}

function trees(seed: number): unknown[] {
  const random = new Trees(seed);
  return Array.from({ length: 400 }, () => random.tree());
}

test("flatten and unflatten are inverse, for random trees", () => {
  for (const tree of trees(1)) {
    const [found, treedef] = flatten(tree);
    assert.equal(found.length, treedef.numLeaves);
    const rebuilt = unflatten(treedef, [...found]);
    const [again, sameDef] = flatten(rebuilt);
    assert.equal(sameDef, treedef);
    assert.equal(again.length, found.length);
    again.forEach((leaf, index) => assert(Object.is(leaf, found[index])));
    assert(equals(rebuilt, tree));
    assert(equals(unflatten(treedef, found), tree));
    // Twice, since a frozen tree is remembered after the first time.
    assert.deepEqual(leaves(tree), found);
    assert.equal(structure(tree), treedef);
  }
});

test("flatten makes of unflattened leaves what they were, for random trees", () => {
  for (const tree of trees(2)) {
    const treedef = structure(tree);
    const numbers = Array.from({ length: treedef.numLeaves }, (_, index) => index);
    const numbered = unflatten(treedef, numbers);
    assert.deepEqual(leaves(numbered), numbers);
    assert.equal(structure(numbered), treedef);
  }
});

test("leavesWithPath leads to the leaves that flatten gives, for random trees", () => {
  for (const tree of trees(3)) {
    const found = leavesWithPath(tree);
    const expected = leaves(tree);
    assert.equal(found.length, expected.length);
    assert.equal(new Set(found.map(([path]) => structuralKey([...path]))).size, found.length);
    found.forEach(([path, leaf], index) => {
      assert(Object.is(leaf, expected[index]));
      let node = tree;
      for (const key of path) {
        const [children] = treeFlattenExactlyOneLevel(node)!;
        node = children.find(([of]) => structuralKey(of) === structuralKey(key))![1];
      }
      assert(Object.is(node, leaf));
    });
  }
});
