/**
 * How many bools hold, over axes.
 *
 * A primitive beside `reduceSum`, because the kernel counts bools as they are: converted first they would take four
 * times the memory.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…]` is the number of `i` of the reduced axes for which `x[i…]` holds. */
export const countPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "count",
  kind: "sum",
  dtype: "int32",
  jvp: zeroTangent("counts"),
});

/**
 * Counts the bools that hold over axes.
 *
 * @param x An array of bools.
 * @param axes The axes, each once, counted from the first.
 * @returns The counts, int32.
 */
export function count(x: NDArray, axes: readonly number[]): NDArray {
  return bindOne(countPrimitive, [x], { axes });
}
