import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalDtype, isAbstractDtype, isDtype, isSubdtype } from "../../core/dtype.ts";

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  signedInteger: ["int8", "int16", "int32", "int64"],
  unsignedInteger: ["uint8", "uint16", "uint32", "uint64"],
  floating: ["float16", "bfloat16", "float32", "float64"],
  complexFloating: ["complex64", "complex128"],
};

test("isSubdtype() follows the lattice", () => {
  const above: Readonly<Record<string, readonly string[]>> = {
    signedInteger: ["signedInteger", "integer", "number", "generic"],
    unsignedInteger: ["unsignedInteger", "integer", "number", "generic"],
    floating: ["floating", "inexact", "number", "generic"],
    complexFloating: ["complexFloating", "inexact", "number", "generic"],
  };
  const all = [...new Set(Object.values(above).flat()), "extended"];
  for (const [family, dtypes] of Object.entries(FAMILIES)) {
    for (const dtype of [family, ...dtypes]) {
      for (const abstract of all) {
        assert.equal(isSubdtype(dtype, abstract), above[family]!.includes(abstract), `${dtype} in ${abstract}`);
      }
    }
  }
  assert(isSubdtype("bool", "generic") && !isSubdtype("bool", "number") && !isSubdtype("bool", "integer"));
  assert(isSubdtype("prngKey", "extended") && isSubdtype("prngKey", "generic") && !isSubdtype("prngKey", "number"));
});

test("isSubdtype() of a dtype means that dtype", () => {
  assert(isSubdtype("float32", "float32") && !isSubdtype("float16", "float32") && !isSubdtype("floating", "float32"));
  assert(isSubdtype("float64", "float32") && isSubdtype("int32", "int64"));
  assert(!isSubdtype("generic", "number") && isSubdtype("generic", "generic"));
});

test("isSubdtype() puts unknown names under generic alone", () => {
  assert(isSubdtype("blocks", "generic") && isSubdtype("blocks", "blocks") && !isSubdtype("blocks", "number"));
});

test("isDtype() and isAbstractDtype() tell names apart", () => {
  assert(isDtype("int8") && isDtype("inexact") && !isDtype("float"));
  assert(!isAbstractDtype("int8") && isAbstractDtype("inexact") && !isAbstractDtype("toString"));
});

test("canonicalDtype() replaces 64-bit dtypes", () => {
  assert.deepEqual(["int64", "uint64", "float64", "complex128", "int8", "floating"].map(canonicalDtype), [
    "int32",
    "uint32",
    "float32",
    "complex64",
    "int8",
    "floating",
  ]);
});
