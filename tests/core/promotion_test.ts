import assert from "node:assert/strict";
import { test } from "node:test";
import { promoteTypes, type TypeOf, typeOfScalar, weakFloat } from "../../core/promotion.ts";
import { DTYPE_NAMES } from "../../wasm/dtype.ts";
import type { DType } from "../../wasm/dtype.ts";
import goldens from "../goldens/promotion.json" with { type: "json" };

/** The type that a golden names: weak ones have a star. */
function named(name: string): TypeOf {
  if (name === "int*" || name === "float*") return { dtype: name === "int*" ? "int32" : "float32", weakType: true };
  return name.endsWith("*")
    ? { dtype: name.slice(0, -1) as DType, weakType: true }
    : { dtype: name as DType, weakType: false };
}

test("promoteTypes() of every two types is JAX's", () => {
  const pairs = Object.entries(goldens.pairs);
  assert.equal(pairs.length, (DTYPE_NAMES.length + 2) ** 2);
  for (const [names, type] of pairs) {
    const [a = "", b = ""] = names.split(" ");
    assert.deepEqual(promoteTypes(named(a), named(b)), named(type), names);
  }
});

test("promoteTypes() one after the other is JAX's type of three operands, weak scalars last", () => {
  for (const [names, type] of Object.entries(goldens.triples)) {
    const [a, b, c] = names.split(" ").map(named);
    assert.deepEqual(promoteTypes(promoteTypes(a!, b!), c!).dtype, named(type).dtype, names);
  }
});

test("typeOfScalar() tells whole numbers from others", () => {
  const weak = (dtype: DType): TypeOf => ({ dtype, weakType: true });
  assert.deepEqual(typeOfScalar(true), { dtype: "bool", weakType: false });
  for (const value of [0, -0, 1, -(2 ** 31), 2 ** 32 - 1, 7n]) assert.deepEqual(typeOfScalar(value), weak("int32"));
  for (const value of [0.5, NaN, Infinity, 2 ** 32, -(2 ** 31) - 1, weakFloat(1)]) {
    assert.deepEqual(typeOfScalar(value), weak("float32"));
  }
  assert.throws(() => typeOfScalar(2n ** 32n), {
    name: "RangeError",
    message: "Cannot use the bigint 4294967296 in an array: it fits neither int32 nor uint32; " +
      "pass a number for a float, or split it into two arrays of uint32",
  });
});

test("weakFloat() is a number to the language's own operators", () => {
  assert.equal(Number(weakFloat(2)) / 4, 0.5);
});
