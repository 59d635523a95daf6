/**
 * Places of the smallest elements.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…]`: the first place, in the flattened reduced axes, of the smallest `x[i…]`, or of the first NaN. */
export const argminPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "argmin",
  kind: "argmin",
  dtype: "int32",
  jvp: zeroTangent("places"),
});

/**
 * Finds the places of the smallest elements.
 *
 * @param x An array of numbers or bools.
 * @param axes The axes to look along, rising, counted from the first; of several, places count in row-major order.
 * @returns The first place of each, int32.
 */
export function argmin(x: NDArray, axes: readonly number[]): NDArray {
  return bindOne(argminPrimitive, [x], { axes });
}
