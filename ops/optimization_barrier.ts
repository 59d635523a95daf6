/**
 * A line that optimizations do not cross.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { NONE, type Plain } from "./_elementwise.ts";
import { movementPrimitive } from "./_movement.ts";

/**
 * `y = x`, of which a compiler is not to know: what is computed of `y` is not taken to be what was computed of `x`.
 * Operations are done in the order in which they are written down, so that one operand each is enough.
 */
export const optimizationBarrierPrimitive: Primitive<Plain> = movementPrimitive<Plain>({
  name: "optimizationBarrier",
  shape: ({ shape }) => shape,
  view: (place) => place,
  transpose: (ct) => optimizationBarrier(ct),
  vmap: (_size, [x], bdims) => [[optimizationBarrier(x!)], bdims],
});

/**
 * The array behind a barrier.
 *
 * @param x An array.
 * @returns A view of it.
 */
export function optimizationBarrier(x: NDArray): NDArray {
  return bindOne(optimizationBarrierPrimitive, [x], NONE);
}
