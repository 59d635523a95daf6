import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ArraySpec,
  type Binding,
  checkStructure,
  DimVar,
  dimVar,
  isSubdtype,
  type KnownDim,
  type MatchResult,
  MultiDimVar,
  varsForAxes,
} from "../../check/mod.ts";

test("types of checks compile where they should", () => {
  const result: MatchResult = checkStructure([], [], { knownVars: null });
  const binding = (): Binding => result.get("x");
  const many = (): readonly [Binding, Binding] => result.getMany("x", "y");
  assert.throws(binding);
  assert.throws(many);
  const axes: { readonly rows: DimVar | KnownDim; readonly columns: DimVar | KnownDim } = varsForAxes("x", [
    "rows",
    "columns",
  ]);
  const spec = new ArraySpec({ shape: [1, ...dimVar("x"), axes.rows], namedShape: { ...axes, ...dimVar("y") } });
  assert.equal(spec.shape.length, 3);
  assert(isSubdtype("whatever", "generic"));
});

test("types of checks refuse what they should", () => {
  // @ts-expect-error: a name is a string
  assert.throws(() => dimVar(3));
  // @ts-expect-error: there is no such dtype
  assert.throws(() => new ArraySpec({ dtype: "float" }));
  // @ts-expect-error: a size is a number or a variable
  assert.throws(() => new ArraySpec({ shape: ["x"] }));
  // @ts-expect-error: an axis has a size
  assert.throws(() => new ArraySpec({ namedShape: { a: null } }));
  // @ts-expect-error: a spec never changes
  assert.throws(() => new ArraySpec().dtype = "bool");
  // @ts-expect-error: there is no axis of this name
  assert.equal(varsForAxes("x", ["rows"]).columns, undefined);
  assert(new MultiDimVar("x") && new DimVar("x"));
});
