import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { constant } from "../../core/constant.ts";
import { start } from "../_support.ts";

await start();

test("NDArray knows its sizes", () => {
  const { ndim, size, itemsize, nbytes, shape, dtype, weakType, tracedBy } = array([[1, 2, 3]], { dtype: "bfloat16" });
  assert.deepEqual({ ndim, size, itemsize, nbytes, shape, dtype, weakType, tracedBy }, {
    ndim: 2,
    size: 3,
    itemsize: 2,
    nbytes: 6,
    shape: [1, 3],
    dtype: "bfloat16",
    weakType: false,
    tracedBy: undefined,
  });
});

test("NDArray gives its elements in the ways of the language", async () => {
  const x = array([[1, 2], [3, 4]]);
  assert.deepEqual(Array.from(x, (row) => row.tolist()), [[1, 2], [3, 4]]);
  assert.deepEqual([...await x.data()], [1, 2, 3, 4]);
  assert.deepEqual([...x.dataSync()], [1, 2, 3, 4]);
  // deno-lint-ignore no-explicit-any -- operators of the language ask for a number
  assert.equal((constant(2) as any) * 3, 6);
  assert.equal(`${array([1])}`, "NDArray([1], int32[1])");
});

test("NDArray shows itself in consoles", () => {
  const x = array([1, 2]);
  for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
    const show = Reflect.get(x, Symbol.for(name)) as () => string;
    assert.equal(show.call(x), "NDArray([1, 2], int32[2])");
  }
});

test("NDArray.dispose() frees, also at the end of a block", () => {
  const x = array([1]);
  x[Symbol.dispose]();
  assert.throws(() => x.add(1), {
    name: "FreedArrayError",
    message: "Cannot add: the array was freed\n  actual: freed by dispose()\n" +
      "  try:    keep it alive by pz.keep(x) or by returning it from the scope, or do not use it afterwards",
  });
  assert.equal(String(x), "NDArray(int32[1], freed)");
});
