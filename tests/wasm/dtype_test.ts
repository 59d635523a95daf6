import assert from "node:assert/strict";
import test from "node:test";
import { type DType, DTYPE_NAMES, DTYPES, isFloat } from "../../wasm/dtype.ts";

test("DTYPES are numbered without gaps, and sizes are those of their arrays", () => {
  DTYPE_NAMES.forEach((name: DType, code) => {
    assert.equal(DTYPES[name].code, code);
    assert.equal(DTYPES[name].size, DTYPES[name].array.BYTES_PER_ELEMENT);
  });
  assert.equal(DTYPE_NAMES.length, 10);
});

test("isFloat() is true of the dtypes that are computed with as float32", () => {
  assert.deepEqual(DTYPE_NAMES.filter(isFloat), ["float32", "float16", "bfloat16"]);
});
