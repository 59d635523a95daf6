/**
 * The same elements in memory of their own.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { copy as copyKernel } from "../wasm/kernels/copy.ts";
import { NONE, type Plain } from "./_elementwise.ts";
import { movementPrimitive } from "./_movement.ts";

/** `y = x`. */
export const copyPrimitive: Primitive<Plain> = movementPrimitive({
  name: "copy",
  shape: ({ shape }) => shape,
  view: () => undefined,
  lower: ([output], [x]) => copyKernel(output!, x!),
  transpose: (ct) => ct,
  vmap: (_size, [x], [bdim]) => [[copy(x!)], [bdim]],
});

/**
 * Copies an array: the result is contiguous, and shares no memory.
 *
 * @param x An array.
 * @returns The copy.
 */
export function copy(x: NDArray): NDArray {
  return bindOne(copyPrimitive, [x], NONE);
}
