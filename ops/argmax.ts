/**
 * Places of the largest elements.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…]`: the first place, in the flattened reduced axes, of the largest `x[i…]`, or of the first NaN. */
export const argmaxPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "argmax",
  kind: "argmax",
  dtype: "int32",
  jvp: zeroTangent("places"),
});

/**
 * Finds the places of the largest elements.
 *
 * @param x An array of numbers or bools.
 * @param axes The axes to look along, rising, counted from the first; of several, places count in row-major order.
 * @returns The first place of each, int32.
 */
export function argmax(x: NDArray, axes: readonly number[]): NDArray {
  return bindOne(argmaxPrimitive, [x], { axes });
}
