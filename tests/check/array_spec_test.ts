import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ArraySpec,
  type Dtype,
  KnownDim,
  MultiDimVar,
  RemainingAxisPlaceholder,
  ShapeDtypeStruct,
} from "../../check/mod.ts";
import { ValueError } from "../../errors/mod.ts";
import { equals, leaves, structuralKey } from "../../tree/mod.ts";
import { Named, textOf, v } from "./_named.ts";

test("ArraySpec has defaults, is a node without children, and never changes", () => {
  const spec = new ArraySpec();
  assert.deepEqual([spec.shape, spec.dtype, spec.namedShape.size], [[], "generic", 0]);
  assert.deepEqual(leaves([spec, 1]), [1]);
  assert(Object.isFrozen(spec) && Object.isFrozen(spec.shape));
  const change = () => (spec.namedShape as Map<string, number>).set("a", 1);
  assert.throws(change, TypeError);
  assert.equal(
    textOf(change),
    "Cannot change a map: it is part of a value that never changes; make a new Map of its entries",
  );
  assert.equal(spec.positionalShape, spec.shape);
});

test("ArraySpec reads spread variables and variables alone", () => {
  const spec = new ArraySpec({ shape: [1, ...v("s"), v("t")], namedShape: { a: 1, ...v("n") } });
  assert.equal(spec.shape.map(String).join(), "1,*var('s'),var('t')");
  assert.deepEqual([...spec.namedShape.keys()].map(String), ["a", "*var('n')"]);
  assert([...spec.namedShape.values()][1] instanceof RemainingAxisPlaceholder);
  const whole = new ArraySpec({ shape: v("s"), namedShape: v("n") });
  assert.equal(whole.shape.map(String).join(), "*var('s')");
  assert.deepEqual([...whole.namedShape.keys()].map(String), ["*var('n')"]);
});

test("ArraySpec reads maps as it reads objects", () => {
  const rest = new RemainingAxisPlaceholder();
  const map = new Map<string | MultiDimVar, number | RemainingAxisPlaceholder>([
    ["a", 1],
    [new MultiDimVar("n"), rest],
    [new MultiDimVar("n"), rest],
  ]);
  const spec = new ArraySpec({ namedShape: map });
  assert.equal(spec.namedShape.size, 2);
  assert(equals(spec, new ArraySpec({ namedShape: { ...v("n"), a: 1 } })));
});

test("ArraySpec is known by what it holds", () => {
  const spec = new ArraySpec({ shape: [v("a"), 2], dtype: "int32", namedShape: { x: 1, y: v("a") } });
  const same = new ArraySpec({ shape: [v("a"), 2], dtype: "int32", namedShape: { y: v("a"), x: 1 } });
  assert(equals(spec, same));
  assert.equal(structuralKey(spec), structuralKey(same));
  for (
    const other of [
      new ArraySpec({ ...spec, shape: [v("b"), 2] }),
      new ArraySpec({ ...spec, dtype: "int8" }),
      new ArraySpec({ ...spec, namedShape: { x: 2, y: v("a") } }),
    ]
  ) {
    assert(!equals(spec, other));
    assert.notEqual(structuralKey(spec), structuralKey(other));
  }
});

test("ArraySpec.floatingNamed() has names and a floating dtype", () => {
  assert(equals(ArraySpec.floatingNamed({ a: 1 }), new ArraySpec({ dtype: "floating", namedShape: { a: 1 } })));
});

test("ArraySpec.of() takes fields in their order", () => {
  assert(equals(ArraySpec.of([2], "int32"), new ArraySpec({ shape: [2], dtype: "int32" })));
});

test("ArraySpec refuses what is no shape", () => {
  assert.equal(
    textOf(() => new ArraySpec({ shape: 3 as never })),
    "Cannot make an ArraySpec: its shape is 3, no array and no variable",
  );
  assert.equal(
    textOf(() => new ArraySpec({ shape: ["a" as never] })),
    "Cannot make an ArraySpec: the size of dimension 0 is 'a', no number and no variable",
  );
  assert.equal(
    textOf(() => new ArraySpec({ namedShape: 3 as never })),
    "Cannot make an ArraySpec: its namedShape is 3, no object, no map and no variable",
  );
  assert.equal(
    textOf(() => new ArraySpec({ namedShape: { a: new RemainingAxisPlaceholder() } })),
    "Cannot make an ArraySpec: in its namedShape, axis 'a' has no size; spread a variable, as in { ...dimVar(\"x\") }",
  );
  assert.equal(
    textOf(() => new ArraySpec({ namedShape: new Map([[new MultiDimVar("n"), 1]]) })),
    "Cannot make an ArraySpec: in its namedShape, *var('n') has a size; spread a variable, as in { ...dimVar(\"x\") }",
  );
  assert.throws(() => new ArraySpec({ namedShape: { [Symbol("other") as never]: 1 } }), TypeError);
  assert.throws(() => new ArraySpec({ namedShape: { 0: 1 } }), ValueError);
  assert.throws(() => new ArraySpec({ shape: [1.5] }), ValueError);
  assert.throws(() => new ArraySpec({ size: 1 } as never), TypeError);
});

test("ArraySpec refuses what is no dtype", () => {
  assert.throws(() => new ArraySpec({ dtype: "float" as Dtype }), ValueError);
  assert.equal(
    textOf(() => new ArraySpec({ dtype: "float" as Dtype })),
    `Cannot make an ArraySpec: there is no such dtype
  operand: dtype
  actual:  'float'
  try:     pass the name of a dtype, such as "float32", or of a family, such as "floating"`,
  );
  assert.equal(
    textOf(() => new ArraySpec({ dtype: 1 as never })),
    "Cannot make an ArraySpec: its dtype is 1, no string",
  );
});

test("ArraySpec.intoPytree() makes placeholders of 32 bits, positional sizes first", () => {
  const bare = new ArraySpec({ shape: [2, new KnownDim("x", 3)], dtype: "float64" }).intoPytree();
  assert(bare instanceof ShapeDtypeStruct);
  assert.deepEqual([bare.shape, bare.dtype], [[2, 3], "float32"]);
  const made = new ArraySpec({ shape: [2], dtype: "int32", namedShape: { b: 3, a: 4 } }).intoPytree();
  assert(made instanceof Named);
  assert.deepEqual([made.data.shape, made.data.dtype, made.names], [[2, 3, 4], "int32", ["b", "a"]]);
});

test("ArraySpec.intoPytree() refuses variables and families", () => {
  const spec = new ArraySpec({ shape: [v("x")], namedShape: { a: 1, ...v("y") } });
  assert.throws(() => spec.intoPytree(), ValueError);
  assert.equal(
    textOf(() => spec.intoPytree()),
    `Cannot make a placeholder of an ArraySpec: a size is not known
  actual:   (var('x'),) and {'a': 1, **var('y')}
  expected: sizes without variables
  try:      replace the variables, by fullSubstituteDimensionVariables`,
  );
  assert.equal(
    textOf(() => new ArraySpec().intoPytree()),
    `Cannot make a placeholder of an ArraySpec: its dtype is a family
  actual: generic
  try:    make the spec with one dtype, such as "float32"`,
  );
});
