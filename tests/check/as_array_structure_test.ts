import assert from "node:assert/strict";
import { test } from "node:test";
import { ANY, ArraySpec, asArrayStructure, checkStructure, Wildcard } from "../../check/mod.ts";
import { equals } from "../../tree/mod.ts";
import { f32, named } from "./_named.ts";

test("asArrayStructure() makes specs of arrays, and ANY of other leaves", () => {
  const spec = new ArraySpec({ shape: [2] });
  const value = { a: f32(2, 3), b: "x", c: 1, d: [named({ foo: 3 }, 2), null], e: spec, f: new Wildcard("any") };
  const pattern = asArrayStructure(value);
  assert(equals(pattern, {
    a: new ArraySpec({ shape: [2, 3], dtype: "float32" }),
    b: ANY,
    c: new ArraySpec({ dtype: "int32" }),
    d: [new ArraySpec({ shape: [2], dtype: "float32", namedShape: { foo: 3 } }), null],
    e: spec,
    f: new Wildcard("any"),
  }));
  assert.equal(checkStructure(value, pattern).size, 0);
});

test("asArrayStructure() of an array alone is its spec", () => {
  assert(equals(asArrayStructure(f32(4)), new ArraySpec({ shape: [4], dtype: "float32" })));
});
