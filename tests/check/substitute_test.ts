import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ArraySpec,
  DimensionVariableSubstitution,
  fullSubstituteDimensionVariables,
  getDimensionVariables,
  KnownDim,
  type VarName,
} from "../../check/mod.ts";
import { KeyError, ValueError } from "../../errors/mod.ts";
import { equals } from "../../tree/mod.ts";
import { by, names, textOf, v } from "./_named.ts";

const PATTERN = {
  one: new ArraySpec({ shape: [v("a"), 2, ...v("b"), v("c"), new KnownDim("x", 2)] }),
  two: [
    new ArraySpec({ namedShape: { foo: v("a"), ...v("d"), y: v("e").at("y"), z: v("e").at("z") }, dtype: "int32" }),
  ],
  three: "kept",
};

test("T-CH-18 getDimensionVariables() finds all variables, each to be replaced by itself", () => {
  const found = getDimensionVariables(PATTERN);
  assert.deepEqual([...found.sizeVariables.keys()], ["a", "c", ["e", "y"], ["e", "z"]]);
  assert.deepEqual([...found.sizeVariables.values()].map(String), [
    "var('a')",
    "var('c')",
    "var('e')['y']",
    "var('e')['z']",
  ]);
  assert.deepEqual([...found.sequenceVariables].map(([name, shape]) => [name, shape.map(String)]), [
    ["b", ["*var('b')"]],
  ]);
  assert.deepEqual([...found.mappingVariables].map(([name, shape]) => [name, [...shape].map(String)]), [
    ["d", ["*var('d'),RemainingAxisPlaceholder()"]],
  ]);
  const same = { ...PATTERN, one: new ArraySpec({ ...PATTERN.one, shape: [v("a"), 2, ...v("b"), v("c"), 2] }) };
  assert(equals(fullSubstituteDimensionVariables(PATTERN, found), same));
});

test("T-CH-18 fullSubstituteDimensionVariables() puts sizes in place of all variables", () => {
  const substitution = new DimensionVariableSubstitution({
    sizeVariables: new Map<VarName, number>([["a", 10], ["c", 13], [["e", "y"], 16], [["e", "z"], 17]]),
    sequenceVariables: { b: [11, 12] },
    mappingVariables: { d: { bar: 14, baz: 15 } },
  });
  const made = fullSubstituteDimensionVariables(PATTERN, substitution) as typeof PATTERN;
  assert(equals(made, {
    one: by(10, 2, 11, 12, 13, 2),
    two: [new ArraySpec({ namedShape: { foo: 10, bar: 14, baz: 15, y: 16, z: 17 }, dtype: "int32" })],
    three: "kept",
  }));
  assert.deepEqual([...made.two[0]!.namedShape.keys()], ["foo", "y", "z", "bar", "baz"]);
});

test("fullSubstituteDimensionVariables() puts variables in place of variables", () => {
  const substitution = new DimensionVariableSubstitution({
    sizeVariables: { a: v("n") },
    sequenceVariables: { b: [1, ...v("m"), new KnownDim("k", 5)] },
    mappingVariables: { d: { p: 1, ...v("q") } },
  });
  const made = fullSubstituteDimensionVariables(
    new ArraySpec({ shape: [v("a"), ...v("b")], namedShape: v("d") }),
    substitution,
  );
  assert(equals(made, new ArraySpec({ shape: [v("n"), 1, ...v("m"), 5], namedShape: { p: 1, ...v("q") } })));
});

test("DimensionVariableSubstitution.isEmpty() says whether there is anything", () => {
  assert(new DimensionVariableSubstitution().isEmpty());
  assert(getDimensionVariables([1, by(2, new KnownDim("x", 2))]).isEmpty());
  assert(!new DimensionVariableSubstitution({ mappingVariables: { d: {} } }).isEmpty());
});

test("fullSubstituteDimensionVariables() names the variable that has no substitute", () => {
  const none = new DimensionVariableSubstitution();
  const substitute = (spec: ArraySpec) => () => fullSubstituteDimensionVariables({ k: [spec] }, none);
  assert.throws(substitute(by(v("a"))), KeyError);
  assert.equal(
    textOf(substitute(by(v("a")))),
    `Cannot substitute var('a'): there is nothing to put in its place
  operand:  var('a')
  expected: a size in sizeVariables
  at:       root['k'][0]
  try:      begin with getDimensionVariables(structure), which has all variables`,
  );
  assert.throws(substitute(by(...v("a"))), KeyError);
  assert.throws(substitute(names(v("a"))), KeyError);
});

test("fullSubstituteDimensionVariables() refuses a name that is already there", () => {
  const substitute = (spec: ArraySpec, axes: Record<string, object>) => () =>
    fullSubstituteDimensionVariables([spec], new DimensionVariableSubstitution({ mappingVariables: axes as never }));
  const clash = substitute(names({ q: 1, ...v("d") }), { d: { q: 1 } });
  assert.throws(clash, ValueError);
  assert.equal(
    textOf(clash),
    `Cannot substitute var('d'): the name 'q' is already present
  operand: var('d')
  at:      root[0]
  try:     put named axes in place of var('d') that no other part of the shape has`,
  );
  assert.throws(substitute(names({ ...v("d"), ...v("e") }), { d: { q: 1 }, e: { q: 2 } }), ValueError);
  assert.throws(substitute(names({ ...v("d"), ...v("e") }), { d: { ...v("z") }, e: { ...v("z") } }), ValueError);
});
