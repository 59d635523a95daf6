/**
 * Whether any element holds, over axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…] = x[i…] ≠ 0` for any `i` of the reduced axes. */
export const reduceAnyPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "reduceAny",
  kind: "any",
  dtype: "bool",
  jvp: zeroTangent("bools"),
});

/**
 * Tells whether any element over axes is other than 0.
 *
 * @param x An array of bools or numbers; a NaN is other than 0.
 * @param axes The axes, each once, counted from the first.
 * @returns Bools; of no elements false.
 */
export function reduceAny(x: NDArray, axes: readonly number[]): NDArray {
  return bindOne(reduceAnyPrimitive, [x], { axes });
}
