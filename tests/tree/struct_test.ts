import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { flatten, leaves, leavesWithPath, structure, unflatten } from "../../tree/flatten.ts";
import { equals } from "../../tree/equals.ts";
import { GetAttrKey, keystr, type TreeKey } from "../../tree/keys.ts";
import {
  dataclassFromAttributes,
  initTakesFields,
  pytreeDataclass,
  registerStruct,
  Struct,
} from "../../tree/struct.ts";
import { field, type FieldTable, staticField, StructStaticMetadata } from "../../tree/struct_fields.ts";
import { isPytreeDataclassType } from "../../tree/struct_info.ts";

interface PairFields {
  readonly foo: unknown;
  readonly bar: unknown;
}
class Pair extends Struct<PairFields> implements PairFields {
  static override readonly fields: FieldTable<PairFields> = { foo: field(), bar: field() };
  declare readonly foo: unknown;
  declare readonly bar: unknown;
  static {
    registerStruct(this, { name: "Pair", module: "tests" });
  }
}

interface MixedFields {
  readonly foo: unknown;
  readonly bar: unknown;
  readonly baz: unknown;
  readonly qux: unknown;
}
class Mixed extends Struct<MixedFields> implements MixedFields {
  static override readonly fields: FieldTable<MixedFields> = {
    foo: field(),
    bar: staticField(),
    baz: field(),
    qux: staticField(),
  };
  declare readonly foo: unknown;
  declare readonly bar: unknown;
  declare readonly baz: unknown;
  declare readonly qux: unknown;
  static {
    registerStruct(this, { name: "Mixed" });
  }
}

interface SoleFields {
  readonly items: unknown;
}
class Sole extends Struct<SoleFields> implements SoleFields {
  static override readonly fields: FieldTable<SoleFields> = { items: field() };
  declare readonly items: unknown;
  static {
    registerStruct(this, { name: "Sole" });
  }
}

/** A struct whose constructor takes something else than its fields. */
class Made extends Struct<PairFields> implements PairFields {
  static override readonly fields: FieldTable<PairFields> = { foo: field(), bar: field() };
  declare readonly foo: unknown;
  declare readonly bar: unknown;
  constructor(fooArg: number) {
    super({ foo: fooArg, bar: fooArg + 1 });
  }
  sum(): number {
    return Number(this.foo) + Number(this.bar);
  }
  static {
    registerStruct(this, { name: "Made" });
  }
}

test("T-ST-01 registerStruct() takes a class that is no Struct by its own methods", () => {
  class Own {
    readonly foo: unknown;
    readonly bar: unknown;
    constructor(foo: unknown, bar: unknown) {
      this.foo = foo;
      this.bar = bar;
    }
    treeFlattenWithKeys(): [[TreeKey, unknown][], unknown] {
      return [[["key_for_foo", this.foo]], this.bar];
    }
    static treeUnflatten(bar: unknown, [foo]: readonly unknown[]): Own {
      return new Own(foo, bar);
    }
    static {
      pytreeDataclass()(this);
    }
  }
  class Sub extends Own {}
  const own = new Own(3, 4);
  assert.deepEqual(leavesWithPath(own), [[["key_for_foo"], 3]]);
  const [found, treedef] = flatten(own);
  const again = unflatten(treedef, [...found]);
  assert(again instanceof Own && equals(again, own));
  assert.deepEqual([again.foo, again.bar], [3, 4]);
  assert.equal(isPytreeDataclassType(Own), true);
  assert.equal(isPytreeDataclassType(own), false);
  assert.equal(isPytreeDataclassType(Sub), false);
  assert.deepEqual(leaves(new Sub(1, 2)).length, 1);
});

test("T-ST-02 registerStruct() refuses a class that cannot be taken apart", () => {
  class Bare {}
  assert.throws(() => registerStruct(Bare), {
    name: "AttributeError",
    message: [
      'Cannot register "Bare" as a struct: it cannot be taken apart',
      "  expected: a method treeFlattenWithKeys and a static method treeUnflatten",
      "  try:      extend Struct, which has both",
    ].join("\n"),
  });
});

test("T-ST-03 static fields belong to the structure", () => {
  const mixed = new Mixed({ foo: 3, bar: 4, baz: 5, qux: "six" });
  assert.deepEqual(leavesWithPath(mixed).map(([path, leaf]) => [keystr(path), leaf]), [[".foo", 3], [".baz", 5]]);
  const [found, treedef] = flatten(mixed);
  assert(equals(unflatten(treedef, [...found]), mixed));
  const [children, metadata] = mixed.treeFlattenWithKeys();
  assert.deepEqual(children, [[new GetAttrKey("foo"), 3], [new GetAttrKey("baz"), 5]]);
  assert.deepEqual(metadata, new StructStaticMetadata(["foo", "baz"], { bar: 4, qux: "six" }));
  assert(equals(Mixed.treeUnflatten(metadata, [7, 8]), Mixed.of(7, 4, 8, "six")));
});

test("T-ST-06 a constructor of its own hands the fields to the base", () => {
  const made = new Made(10);
  assert.deepEqual(leaves(made), [10, 11]);
  assert.match(String(made), /Made\(foo=10, bar=11\)$/);
  assert.equal(made.sum(), 21);
  assert.throws(() => (made as { foo: unknown }).foo = 5, TypeError);
  assert.throws(() => delete (made as { foo?: unknown }).foo, TypeError);
  assert.throws(() => (made as unknown as { extra: unknown }).extra = 5, TypeError);
});

test("T-ST-07 a subclass has its parent's constructor unless it declares one", () => {
  class Heir extends Made {
    static {
      registerStruct(this);
    }
  }
  class Other extends Made {
    constructor(fooArg: number) {
      super(fooArg);
      return Other.fromAttributes({ foo: fooArg, bar: fooArg + 2 }) as this;
    }
    static {
      registerStruct(this);
    }
  }
  assert.deepEqual(leaves(new Heir(10)), [10, 11]);
  assert.deepEqual(leaves(new Other(10)), [10, 12]);
  assert(unflatten(structure(new Heir(10)), [1, 2]) instanceof Heir);
});

test("T-ST-08 a subclass may add a field", () => {
  interface TripleFields extends PairFields {
    readonly baz: unknown;
  }
  class Triple extends Struct<TripleFields> implements TripleFields {
    static override readonly fields: FieldTable<TripleFields> = { ...Pair.fields, baz: field() } as FieldTable<
      TripleFields
    >;
    declare readonly foo: unknown;
    declare readonly bar: unknown;
    declare readonly baz: unknown;
    static {
      registerStruct(this);
    }
  }
  assert.deepEqual(leaves(new Triple({ foo: 1, bar: 2, baz: 3 })), [1, 2, 3]);
  assert.deepEqual(leaves(Triple.of(1, 2, 3)), [1, 2, 3]);
});

test("T-ST-09 a struct that is not registered is abstract", () => {
  class Unregistered extends Pair {}
  assert.throws(() => new Unregistered({ foo: 1, bar: 2 }), {
    name: "TypeError",
    message: 'Cannot make an instance of the abstract struct "Unregistered": it must be registered, by ' +
      "registerStruct(this) in a static block of the class",
  });
  assert.throws(() => Unregistered.fromAttributes({ foo: 1, bar: 2 }), {
    name: "TypeError",
    message: 'Cannot use "Unregistered" as a struct: it is not registered, by registerStruct(this)',
  });
});

test("T-ST-10 attributesDict() and fromAttributes() are each other's inverse", () => {
  const made = new Made(10);
  assert.deepEqual(made.attributesDict(), { foo: 10, bar: 11 });
  const again = Made.fromAttributes({ foo: 10, bar: 11 });
  assert(again instanceof Made && equals(again, made));
});

test("T-ST-12 keyForField() names the steps of paths", () => {
  class Keyed extends Mixed {
    override keyForField(name: string): TreeKey {
      return `key_for_${name}`;
    }
    static {
      registerStruct(this);
    }
  }
  const keyed = new Keyed({ foo: 1, bar: 2, baz: 3, qux: 4 });
  assert.deepEqual(leavesWithPath(keyed), [[["key_for_foo"], 1], [["key_for_baz"], 3]]);
});

test("T-ST-13 dataclassFromAttributes() and initTakesFields() know of constructors", () => {
  assert(equals(dataclassFromAttributes(Made, { foo: 1, bar: 5 }), Made.fromAttributes({ foo: 1, bar: 5 })));
  assert.equal(initTakesFields(Made), false);
  assert.equal(initTakesFields(Pair), true);
  // constructor(in a comment) is none
  class Heir extends Made {
    static {
      registerStruct(this);
    }
  }
  assert.equal(initTakesFields(Heir), false);
  class Talks extends Pair {
    // constructor() { it has none }
    say(): string {
      return "constructor()";
    }
    static {
      registerStruct(this);
    }
  }
  assert.equal(initTakesFields(Talks), true);
});

test("T-ST-14 fromAttributes() and replace() refuse other names than the fields'", () => {
  assert.throws(() => Pair.fromAttributes({ foo: 1, nope: 2 }), {
    name: "ValueError",
    message: [
      "Cannot make Pair from attributes: they are not its fields",
      "  actual:   foo, nope",
      "  expected: foo, bar",
      "  try:      pass every field once",
    ].join("\n"),
  });
  assert.throws(() => Pair.fromAttributes({ foo: 1 }), { name: "ValueError" });
  assert.throws(() => Pair.of(1, 2).replace({ nope: 1 } as object), {
    name: "TypeError",
    message: "Cannot replace nope of Pair: its fields are foo, bar",
  });
  assert(equals(Pair.of(1, 2).replace({ bar: 3 }), Pair.of(1, 3)));
});

test("T-ST-15 structures differ exactly where static fields do", () => {
  const of = (bar: unknown) => structure(new Mixed({ foo: 1, bar, baz: 2, qux: 0 }));
  assert.equal(of(["a", { b: 1, c: 2 }]), of(["a", { c: 2, b: 1 }]));
  assert.notEqual(of(["a", { b: 1, c: 2 }]), of(["a", { b: 1, c: 3 }]));
  assert.notEqual(of("1"), of(1));
  assert.notEqual(of(() => 1), of(() => 1));
});

test("new Struct() says what is missing or too much", () => {
  assert.throws(() => new Pair({ foo: 1 } as PairFields), {
    name: "TypeError",
    message: "Cannot make Pair: the field bar is missing and has no default",
  });
  assert.throws(() => new Pair({ foo: 1, bar: 2, baz: 3 } as PairFields), {
    name: "TypeError",
    message: "Cannot make Pair: it has no field baz; its fields are foo, bar",
  });
  assert.throws(() => new Pair([1, 2] as unknown as PairFields), {
    name: "TypeError",
    message: "Cannot make Pair: pass one object of its fields, foo, bar",
  });
  assert.throws(() => Pair.of(1, 2, 3), { name: "TypeError", message: "Cannot make Pair: it has 2 fields, not 3" });
});

test("a struct of one field takes its bare value", () => {
  assert.deepEqual(new Sole([1, 2]).items, [1, 2]);
  assert.deepEqual(new Sole({ items: 3 }).items, 3);
  assert.deepEqual(new Sole({ other: 3 }).items, { other: 3 });
  assert.deepEqual(new Sole({ items: 3, other: 4 }).items, { items: 3, other: 4 });
  assert.throws(() => new Sole(), { name: "TypeError" });
});

test("defaults are made for each instance", () => {
  interface OptionFields {
    readonly size: number;
    readonly list: readonly number[];
  }
  let made = 0;
  class Options extends Struct<OptionFields, "size" | "list"> implements OptionFields {
    static override readonly fields: FieldTable<OptionFields> = {
      size: staticField({ default: 3 }),
      list: field({ defaultFactory: () => [++made] }),
    };
    declare readonly size: number;
    declare readonly list: readonly number[];
    static {
      registerStruct(this);
    }
  }
  assert.deepEqual([new Options().list, new Options({}).list, Options.of(4).list], [[1], [2], [3]]);
  assert.equal(Options.of(4).size, 4);
});

test("containers in fields are copied and frozen", () => {
  const list = [1, { a: [2] }];
  const sole = new Sole(list);
  list.push(3);
  assert.deepEqual(sole.items, [1, { a: [2] }]);
  assert(Object.isFrozen(sole.items));
  assert(Object.isFrozen((sole.items as [number, { a: number[] }])[1].a));
  const again = unflatten(structure(sole), [3, 4]) as Sole;
  assert.deepEqual(again.items, [3, { a: [4] }]);
  assert(Object.isFrozen(again.items) && Object.isFrozen((again.items as [number, { a: number[] }])[1].a));
  const frozen = Object.freeze([1]);
  assert.equal(new Sole(frozen).items, frozen);
});

test("consoles show structs as indented trees", () => {
  const many = new Sole(Array.from({ length: 3 }, (_, i) => Pair.of("x".repeat(30), i)));
  const line = `Pair(foo="${"x".repeat(30)}", bar=`;
  const text = `Sole(\n  items=[\n${[0, 1, 2].map((i) => `    ${line}${i}),\n`).join("")}  ],\n)`;
  assert.equal(inspect(many), text);
  assert.equal((many as unknown as Record<symbol, () => string>)[Symbol.for("Deno.customInspect")]!(), text);
  assert.equal(String(many), `Sole(items=[${[0, 1, 2].map((i) => `${line}${i})`).join(", ")}])`);
});
