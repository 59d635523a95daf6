/**
 * Whether all elements hold, over axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…] = x[i…] ≠ 0` for all `i` of the reduced axes. */
export const reduceAllPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "reduceAll",
  kind: "all",
  dtype: "bool",
  jvp: zeroTangent("bools"),
});

/**
 * Tells whether all elements over axes are other than 0.
 *
 * @param x An array of bools or numbers; a NaN is other than 0.
 * @param axes The axes, each once, counted from the first.
 * @returns Bools; of no elements true.
 */
export function reduceAll(x: NDArray, axes: readonly number[]): NDArray {
  return bindOne(reduceAllPrimitive, [x], { axes });
}
