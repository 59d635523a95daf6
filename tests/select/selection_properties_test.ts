/** What holds of every selection: round trips, order, what is shared, and errors that are no scenario's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyError, SelectionError, ValueError } from "../../errors/mod.ts";
import { equals } from "../../tree/equals.ts";
import { leaves } from "../../tree/flatten.ts";
import { map } from "../../tree/map.ts";
import { field, type FieldTable } from "../../tree/struct_fields.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { StructuralMap } from "../../tree/structural_key.ts";
import type { KeyPath } from "../../tree/keys.ts";
import { keystr } from "../../tree/keys.ts";
import { Selection, SelectionHole, SelectionQuote, typeGuard } from "../../select/mod.ts";
import { select } from "../../select/selection.ts";
import { Foo, L, makeX, path, randomInts, randomTree, texts, thrown } from "./_example.ts";

const isL = (value: unknown): value is L => value instanceof L;

test("setByPath() wants a value for each path", () => {
  const error = thrown(() => select([1]).atInstancesOf(Number).setByPath(new Map()));
  assert(error instanceof KeyError);
  assert.equal(
    error.message,
    [
      "Cannot set by path: a selected path is not in the map",
      "  operand: replacer",
      "  at:      [0]",
      "  try:     give each selected path a value, or select only those that have one by atKeypaths",
    ].join("\n"),
  );
});

test("flattenSelectedSelections() wants selections", () => {
  const error = thrown(() => select([1]).atInstancesOf(Number).flattenSelectedSelections());
  assert(error instanceof SelectionError && error.cause instanceof ValueError);
  assert.equal(
    error.cause.message,
    [
      "Cannot merge selections: a selected value is none",
      "  at:  [0]",
      "  try: make a selection of each selected value, as refine does",
    ].join("\n"),
  );
});

interface PickyFields {
  readonly child: unknown;
}

/** A node that accepts numbers alone. */
class Picky extends Struct<PickyFields> implements PickyFields {
  static override readonly fields: FieldTable<PickyFields> = { child: field() };
  declare readonly child: unknown;
  static {
    Object.defineProperty(this, "treeUnflatten", {
      value: (_: unknown, [child]: readonly unknown[]) => {
        if (typeof child !== "number") throw new RangeError("numbers alone");
        return new Picky({ child });
      },
    });
    registerStruct(this, { name: "Picky" });
  }
}

test("deselect() says where a selection does not fit together, once", () => {
  const broken = new Selection({
    selectedByPath: new StructuralMap<KeyPath, number>(),
    remainder: [new SelectionHole(path(0))],
  });
  const error = thrown(() => broken.deselect());
  assert(error instanceof SelectionError && error.cause instanceof KeyError);
  assert.equal(
    error.cause.message,
    [
      "Cannot fill a hole of a selection: nothing is selected at its path",
      "  at:  [0]",
      "  try: change selections only by their methods, or keep paths and holes as they are",
    ].join("\n"),
  );
  const picky = thrown(() => select(new Picky({ child: 1 })).atChildren());
  assert(picky instanceof SelectionError && picky.cause instanceof RangeError);
});

test("a selection is a tree whose leaves are those of its own", () => {
  const x = makeX();
  const selection = select(x).atInstancesOf(L);
  assert.deepEqual(new Set(leaves(selection)), new Set(leaves(x)));
  const mapped = map((leaf) => leaf instanceof L ? leaf.tag : -leaf, selection) as unknown as Selection<
    number,
    unknown
  >;
  assert.deepEqual(mapped.getSequence(), [10, 12, 13]);
  assert.deepEqual(mapped.deselect(), { a: -1, b: 10, c: [{ value: 12 }, { value: 13 }, { value: -3 }] });
});

test("results are not frozen where the tree was not", () => {
  const tree: { a: number[]; b: { x: number } } = { a: [1], b: { x: 1 } };
  const made = select(tree).at((r) => r.a[0]!).set(2);
  made.b.x = 5;
  made.a.push(3);
  assert.deepEqual(made, { a: [2, 3], b: { x: 5 } });
  assert.deepEqual(tree, { a: [1], b: { x: 1 } });
});

test("atInstancesOf() takes several tokens, and tests that are marked", () => {
  const tree = [1, "s", true, 2n, Math.sin, new Map([["m", 0]]), new L(1), null];
  assert.deepEqual(select(tree).atInstancesOf(Number, String).getSequence(), [1, "s", 0]);
  assert.deepEqual(select(tree).atInstancesOf([Boolean, BigInt, Function]).getSequence(), [true, 2n, Math.sin]);
  assert.equal(select(tree).atInstancesOf(Map).get(), tree[5]);
  assert.equal(select(tree).atInstancesOf(typeGuard(isL)).get(), tree[6]);
  assert.equal(select([new Foo({ a: 1, b: 1 })]).atInstancesOf(Object).count(), 0);
});

test("property: set, setSequence and deselect give the tree back", () => {
  const below = randomInts(1);
  for (let i = 0; i < 200; i++) {
    const tree = randomTree(below, 4);
    const chance = 1 + below(4);
    const innermost = below(2) === 0;
    const chosen = new Map<string, boolean>();
    const choose = (p: KeyPath): boolean => {
      const known = chosen.get(keystr(p)) ?? below(chance) === 0;
      chosen.set(keystr(p), known);
      return known;
    };
    const selection = select(tree).atSubtreesWhere(choose, { withKeypath: true, innermost });
    assert(equals(selection.deselect(), tree));
    assert(equals(selection.setSequence(selection.getSequence()), tree));
    assert(equals(selection.setByPath(selection.getByPath()), tree));
    assert(equals(select(tree).atKeypaths(selection.getKeypaths()), selection));
    assert(
      equals(selection.apply((value) => select(value), { keepSelected: true }).flattenSelectedSelections(), selection),
    );
    const nested = select(selection).atPytreeLeaves();
    assert(equals(nested.deselect(), selection));
    assert(equals(nested.deselect().deselect(), tree));
    const wrapped = select(selection).atChildren().where((_, n) => below(2) === 0 || n === null, { withKeypath: true });
    assert(equals(wrapped.deselect().deselect(), tree));
    const both = [...selection.getKeypaths(), ...selection.invert().getKeypaths()];
    assert.equal(new Set(texts(both)).size, both.length);
  }
});

test("property: selections are disjoint and in the order of the tree", () => {
  const below = randomInts(2);
  for (let i = 0; i < 200; i++) {
    const tree = randomTree(below, 4);
    const order = new Map<string, number>();
    select(tree).atSubtreesWhere((p) => {
      order.set(keystr(p), order.size);
      return false;
    }, { withKeypath: true });
    const selection = select(tree).atSubtreesWhere(() => below(3) === 0);
    for (const some of [selection, selection.invert(), selection.atChildren(), selection.pickNthSelected([0, -1])]) {
      const paths = texts(some.getKeypaths());
      const places = paths.map((p) => order.get(p)!);
      assert.deepEqual(places, places.toSorted((a, b) => a - b));
      assert(paths.every((p, index) => paths.every((q, other) => index === other || !q.startsWith(p + "["))));
      assert.deepEqual(leaves(some).length, leaves(tree).length);
    }
    assert(equals(selection.invert().deselect(), tree));
  }
});

test("property: every refinement of a selection as a tree gives it back", () => {
  const below = randomInts(4);
  for (let i = 0; i < 200; i++) {
    const tree = randomTree(below, 4);
    const inner = select(tree).atSubtreesWhere(() => below(3) === 0);
    const outer = select(inner);
    const some = outer.atSubtreesWhere(() => below(4) === 0);
    const refinements: Selection<unknown, typeof inner>[] = [
      outer.atChildren(),
      outer.atChildless(),
      outer.atInstancesOf([SelectionHole, SelectionQuote, Number]),
      outer.at((s) => s.remainder),
      outer.at((s) => [s.selectedByPath, s.remainder], { multiple: true }),
      outer.atKeypaths(some.getKeypaths()),
      some.where(() => below(2) === 0),
      some.pickNthSelected(below(3)),
      some.invert(),
      some.invert().invert(),
      some.refine((value) => select(value).atChildren()),
      some.apply((value) => value, { keepSelected: true }),
    ];
    for (const refined of refinements) {
      assert(equals(refined.deselect(), inner));
      assert(equals(refined.deselect().deselect(), tree));
      assert(equals(select(refined).atPytreeLeaves().deselect().deselect().deselect(), tree));
    }
  }
});

test("apply() passes errors of the function as they are", () => {
  const failure = new RangeError("mine");
  const fail = () => {
    throw failure;
  };
  assert.equal(thrown(() => select([1]).apply(fail)), failure);
  assert.equal(thrown(() => select([1]).refine(fail)), failure);
  assert.equal(thrown(() => select([1]).setByPath(fail)), failure);
  assert.equal(thrown(() => select([1]).atInstancesOf(Number).applyAndInline(fail)), failure);
});

test("structs in which nothing is selected are shared, and maps and containers are new", () => {
  const tree = { foo: Foo.of([1], { x: 1 }), map: new Map([["m", [1]]]), held: Foo.of(new Map(), 0), n: "n" };
  const made = select(tree).at((r) => r.n).set("new");
  assert.equal(made.foo, tree.foo);
  assert.notEqual(made.map, tree.map);
  assert.notEqual(made.map.get("m"), tree.map.get("m"));
  assert.notEqual(made.held.a, tree.held.a);
  assert.deepEqual(made, { ...tree, n: "new" });
});

test("atKeypaths() and setByPath() know paths by their steps", () => {
  const tree = Foo.of({ "it's": [1] }, 2);
  const [found] = select(tree).atInstancesOf(Number).getKeypaths();
  assert.equal(keystr(found!), `.a["it's"][0]`);
  const copy = [...found!];
  assert.equal(select(tree).atKeypaths([copy]).get(), 1);
  assert.deepEqual(leaves(select(tree).selectAndSetByPath(new Map([[copy, 5]]))), [5, 2]);
});
