/** What compiles, and what must not. */

import { test } from "node:test";
import assert from "node:assert/strict";
import * as np from "../../array/np.ts";
import type { ArrayDtype } from "../../core/dtype.ts";
import type { NDArray, NestedList } from "../../core/ndarray.ts";
import { start } from "../_support.ts";

await start();

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

function holds<T extends true>(_proof?: T): void {}

test("functions of arrays take arrays, scalars and typed arrays, and no lists", () => {
  const x = np.array([1, 2]);
  assert.deepEqual(np.add(x, new Float32Array([1, 2])).tolist(), [2, 4]);
  assert.deepEqual(np.add(1n, true).tolist(), 2);
  // @ts-expect-error: a list is no array
  assert.throws(() => np.add(x, [1, 2]), { name: "TypeError" });
  // @ts-expect-error: a text is no number
  assert.throws(() => np.add(x, "1"), { name: "TypeError" });
  // @ts-expect-error: what has a default goes into the options
  np.sum(x, 0);
  // @ts-expect-error: an axis is a number
  assert.throws(() => np.sum(x, { axis: "0" }));
  // @ts-expect-error: arrays do not change
  ((): unknown => x.shape = [1, 2]);
});

test("results have types of their own where options decide", () => {
  const x = np.array([0, 1]);
  const line = np.linspace(0, 1);
  const [numbers, step] = np.linspace(0, 1, { retstep: true });
  const places = np.where(x);
  const chosen = np.where(x, 1, 2);
  const grid = np.indices([2], { sparse: true });
  holds<Same<typeof line, NDArray>>();
  holds<Same<typeof numbers, NDArray>>();
  holds<Same<typeof step, NDArray>>();
  holds<Same<typeof places, NDArray[]>>();
  holds<Same<typeof chosen, NDArray>>();
  holds<Same<typeof grid, NDArray[]>>();
  assert.equal(grid.length, 1);
});

test("arrays say what they hold", () => {
  const x = np.array(1.5);
  const [shape, dtype, value, list] = [x.shape, x.dtype, x.item(), x.tolist()] as const;
  holds<Same<typeof shape, readonly number[]>>();
  holds<Same<typeof dtype, ArrayDtype>>();
  holds<Same<typeof value, number | boolean>>();
  holds<Same<typeof list, NestedList>>();
  assert.equal(list, 1.5);
});
