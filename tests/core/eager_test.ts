import { test } from "node:test";
import assert from "node:assert/strict";
import { fromElements } from "../../core/constant.ts";
import { NDArray } from "../../core/ndarray.ts";
import { start } from "../_support.ts";

await start();

test("EagerArray is an array that has its elements", () => {
  const x = fromElements(new Float32Array(6), [2, 3], "float32");
  assert(x instanceof NDArray);
  assert.equal(x.tracedBy, undefined);
  assert.deepEqual(x.storages(), [x.storage]);
});

test("EagerArray.viewed() shares memory, or gives nothing", () => {
  const x = fromElements(new Float32Array(6), [2, 3], "float32");
  const aval = { shape: [3, 2], dtype: "float32", weakType: true } as const;
  const view = x.viewed(aval, ({ offset }) => ({ offset, shape: [3, 2], strides: [1, 3] }));
  assert.equal(view?.storage, x.storage);
  assert.deepEqual([view?.shape, view?.strides, view?.weakType], [[3, 2], [1, 3], true]);
  assert.equal(x.viewed(aval, () => undefined), undefined);
});
