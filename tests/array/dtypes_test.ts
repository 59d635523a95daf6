import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { finfo, iinfo, issubdtype, ndim, promoteTypes, resultType, shape, size } from "../../array/dtypes.ts";
import { start } from "../_support.ts";

await start();

test("finfo() knows the limits of floats", () => {
  const { eps, max, tiny, smallestSubnormal, bits } = finfo("float32");
  assert.deepEqual([eps, max, tiny, smallestSubnormal, bits], [
    2 ** -23,
    3.4028234663852886e38,
    2 ** -126,
    2 ** -149,
    32,
  ]);
  assert.equal(finfo("float16").max, 65504);
  assert.equal(finfo(array([1.5])).dtype, "float32");
  assert.throws(() => finfo("int8"), {
    name: "ValueError",
    message: "Cannot tell what int8 can hold: it is no float dtype\n  actual:   int8\n  expected: a float dtype\n" +
      "  try:      call iinfo() for other dtypes",
  });
});

test("iinfo() knows the limits of integers", () => {
  assert.deepEqual(iinfo("uint16"), { dtype: "uint16", bits: 16, max: 65535, min: 0 });
  assert.throws(() => iinfo("bool"), { name: "ValueError" });
});

test("resultType() and promoteTypes() meet at the least upper bound", () => {
  assert.equal(resultType(array([1], { dtype: "int8" }), 2), "int8");
  assert.equal(resultType("int8", "uint8"), "int16");
  assert.equal(promoteTypes("float16", "bfloat16"), "float32");
  assert.throws(() => resultType(), {
    name: "ValueError",
    message: /^Cannot tell the dtype of a result: there are no/,
  });
});

test("issubdtype(), ndim(), shape() and size() ask without computing", () => {
  const x = array([[1, 2, 3]]);
  assert(issubdtype(x.dtype, "signedInteger"));
  assert.deepEqual([ndim(x), shape(x), size(x), size(x, { axis: -1 }), ndim(1)], [2, [1, 3], 3, 3, 0]);
});
