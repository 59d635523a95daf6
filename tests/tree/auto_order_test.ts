import assert from "node:assert/strict";
import test from "node:test";
import { AutoOrderedAcrossTypes, compareMixed } from "../../tree/auto_order.ts";
import { leaves, structure } from "../../tree/flatten.ts";
import { DictKey, GetAttrKey, type TreeKey } from "../../tree/keys.ts";
import { registerStruct } from "../../tree/struct.ts";
import { field, type FieldSpec, staticField, StructStaticMetadata } from "../../tree/struct_fields.ts";
import { structuralKey, StructuralMap, StructuralSet } from "../../tree/structural_key.ts";

class Foo extends AutoOrderedAcrossTypes {
  readonly a: unknown;
  readonly b: unknown;
  constructor(a: unknown, b: unknown) {
    super();
    this.a = a;
    this.b = b;
  }
}

class Bar extends AutoOrderedAcrossTypes {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** A registered struct of this name and module, whose fields are `key` and, not compared, `note`. */
function structNamed(name: string, module: string): new (key: unknown, note: unknown) => AutoOrderedAcrossTypes {
  class Named extends AutoOrderedAcrossTypes {
    static readonly fields: Record<string, FieldSpec> = { note: staticField({ compare: false }), key: field() };
    readonly note: unknown;
    readonly key: unknown;
    constructor(key: unknown, note: unknown) {
      super();
      this.note = note;
      this.key = key;
    }
    treeFlattenWithKeys(): [[TreeKey, unknown][], StructStaticMetadata] {
      return [[[new GetAttrKey("key"), this.key]], new StructStaticMetadata(["key"], { note: this.note })];
    }
    static treeUnflatten(metadata: StructStaticMetadata, [key]: readonly unknown[]): Named {
      return new Named(key, metadata.staticFields["note"]);
    }
  }
  registerStruct(Named, { name, module });
  return Named;
}

/** Asserts that these keys are in order, every one before every later one. */
function assertOrder(keys: readonly unknown[]): void {
  keys.forEach((a, i) =>
    keys.forEach((b, j) => {
      assert.equal(Math.sign(compareMixed(a, b)), Math.sign(i - j), `${i} and ${j}`);
      if (a instanceof AutoOrderedAcrossTypes) assert.equal(Math.sign(a.compareTo(b)), Math.sign(i - j));
    })
  );
}

test("T-AO-01 compareMixed sorts records of different classes and strings, and they key maps", () => {
  const keys = [new Foo(1, 2), new Bar("b"), "text", new Foo(0, 5), new Bar("a"), new Foo(0, 4)];
  const sorted = [...keys].sort(compareMixed);
  assert.deepEqual(sorted, ["text", new Bar("a"), new Bar("b"), new Foo(0, 4), new Foo(0, 5), new Foo(1, 2)]);
  const entries = sorted.map((key, index): [unknown, number] => [key, index]);
  assert.deepEqual(leaves(new Map(entries)), [0, 1, 2, 3, 4, 5]);
  const map = new StructuralMap(entries);
  assert.deepEqual([...leaves(map)].sort(), [0, 1, 2, 3, 4, 5]);
  assert.equal(map.get(new Foo(0, 5)), 4);
});

test("T-AO-02 strings come first, then classes by their names, then fields", () => {
  const one = new Foo(1, 2);
  assert(compareMixed("z", one) < 0 && compareMixed(one, "z") > 0);
  assert(one.compareTo("z") > 0);
  assert(one.compareTo(new Foo(1, 3)) < 0);
  assert(new Bar("z").compareTo(new Foo(0, 0)) < 0);
  assert.equal(one.compareTo(new Foo(1, 2)), 0);
  assertOrder(["z", new Bar("a"), new Bar("b"), new Foo(1, 2), new Foo(1, 3), new Foo(2, 0)]);
});

test("AutoOrderedAcrossTypes come after every array", () => {
  assert(compareMixed([new Foo(9, 9), "z"], new Bar("")) < 0);
  assert(new Bar("").compareTo(["z"]) > 0);
});

test("compareMixed compares strings by code points, in records too", () => {
  // The units of UTF-16 would put the second before the first.
  assertOrder(["\uff5e", "\u{1f600}"]);
  assertOrder([new Bar("\uff5e"), new Bar("\u{1f600}")]);
});

test("compareMixed compares values with their like", () => {
  assertOrder([-Infinity, -1, 0, 0.5, 1, Infinity, NaN]);
  assertOrder([false, true]);
  assertOrder([-1n, 0n, 10n]);
  assertOrder([[], [1], [1, 2], [2], [10]]);
  assertOrder([["a", [1, new Foo(1, 1)]], ["a", [1, new Foo(1, 2)]], ["a", [2]]]);
  assertOrder([new Foo([1, 2], 0), new Foo([1, 3], 0)]);
  assert.equal(compareMixed(0, -0), 0);
  assert.equal(compareMixed(null, null), 0);
  assert.equal(compareMixed(new DictKey("a"), new DictKey("a")), 0);
  assert.equal(compareMixed(new Foo(null, undefined), new Foo(null, undefined)), 0);
});

test("AutoOrderedAcrossTypes.compareTo() of structs goes by name, module, place, and compared fields", () => {
  const [B, A2, A1, A1Again] = [
    structNamed("OrderB", "m1"),
    structNamed("OrderA", "m2"),
    structNamed("OrderA", "m1"),
    structNamed("OrderA", "m1"),
  ];
  assertOrder([new A1(9, 0), new A1Again(8, 0), new A2(7, 0), new B(6, 0)]);
  assert.equal(new A1(1, "one").compareTo(new A1(1, "another")), 0);
  assertOrder([new A1(1, "z"), new A1(2, "a")]);
  assert.equal(structuralKey(new A1(1, "one")), structuralKey(new A1(1, "another")));
  assert.notEqual(structuralKey(new A1(1, 0)), structuralKey(new A1Again(1, 0)));
  // Keys are one thing, structures of trees another: static fields count for these whether compared or not.
  assert.notEqual(structure(new A1(1, "one")), structure(new A1(1, "another")));
});

test("AutoOrderedAcrossTypes of one name but different classes are never the same", () => {
  const make = (): new (name: string) => AutoOrderedAcrossTypes =>
    class Twin extends AutoOrderedAcrossTypes {
      readonly name: string;
      constructor(name: string) {
        super();
        this.name = name;
      }
    };
  const [One, Two] = [make(), make()];
  const [a, b] = [new One("x"), new Two("x")];
  const order = a.compareTo(b);
  assert.notEqual(order, 0);
  assert.equal(Math.sign(b.compareTo(a)), -Math.sign(order));
  assert.equal(Math.sign(new One("z").compareTo(new Two("a"))), Math.sign(order));
  assert.equal(new StructuralSet<unknown>([a, b, new One("x")]).size, 2);
});

test("AutoOrderedAcrossTypes.toStructuralKey() is the same for equal records alone", () => {
  assert.equal(structuralKey(new Foo(1, ["x"])), structuralKey(new Foo(1, ["x"])));
  assert.notEqual(structuralKey(new Foo(1, 2)), structuralKey(new Foo(12, "")));
  assert.notEqual(structuralKey(new Bar("1")), structuralKey(new Foo("1", undefined)));
  assert.equal(new StructuralSet([new Bar("a"), new Bar("b"), new Bar("a")]).size, 2);
});

test("AutoOrderedAcrossTypes.compareTo() refuses what has no order", () => {
  const rest = ": they have no order; compare strings, arrays, or numbers with their like, " +
    "or extend AutoOrderedAcrossTypes, whose instances come after all strings and arrays";
  const refused = (a: unknown, b: unknown, what: string) =>
    assert.throws(() => compareMixed(a, b), new TypeError(`Cannot compare ${what}${rest}`));
  assert.throws(
    () => new Foo(1, 2).compareTo(3),
    new TypeError(`Cannot compare an instance of Foo with the number 3${rest}`),
  );
  refused(new Foo(1, 2), null, "an instance of Foo with null");
  refused(undefined, new Foo(1, 2), "an instance of Foo with undefined");
  refused("a", 1, 'the string "a" with the number 1');
  refused("a", ["a"], 'the string "a" with an array');
  refused(1, 1n, "the number 1 with the bigint 1");
  refused({}, new Date(0), "an instance of Object with an instance of Date");
  refused(Object.create(null), String, "an instance of no class with a function");
  refused(new Foo(1, "x"), new Foo(1, 2), 'the string "x" with the number 2');
});

test("compareMixed is an order, for random keys", () => {
  let state = 11;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const key = (): unknown =>
    [
      () => new Foo(random(3), random(3)),
      () => new Bar(["a", "b", "\uff5e", "\u{1f600}"][random(4)]!),
      () => ["a", "", "zz"][random(3)],
    ][random(3)]!();
  for (let i = 0; i < 500; i++) {
    const [a, b, c] = [key(), key(), key()];
    assert.equal(Math.sign(compareMixed(a, b)) + Math.sign(compareMixed(b, a)), 0);
    assert.equal(compareMixed(a, b) === 0, structuralKey(a) === structuralKey(b));
    if (compareMixed(a, b) <= 0 && compareMixed(b, c) <= 0) assert(compareMixed(a, c) <= 0);
  }
});
