/**
 * The smallest elements over axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { chosenTangent } from "./_chosen.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…] = min x[i…]` over the reduced axes; a NaN wins. Elements that are equally small share the derivative. */
export const reduceMinPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "reduceMin",
  kind: "min",
  jvp: chosenTangent,
});

/**
 * Finds the smallest elements over axes.
 *
 * @param x An array of numbers or bools.
 * @param axes The axes, each once, counted from the first.
 * @returns The elements; of none the greatest that the dtype holds.
 */
export function reduceMin(x: NDArray, axes: readonly number[]): NDArray {
  if (axes.length === 0) return x;
  return bindOne(reduceMinPrimitive, [x], { axes });
}
