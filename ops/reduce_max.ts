/**
 * The largest elements over axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { chosenTangent } from "./_chosen.ts";
import { type ReductionParams, reductionPrimitive } from "./_reduction.ts";

/** `y[j…] = max x[i…]` over the reduced axes; a NaN wins. Elements that are equally large share the derivative. */
export const reduceMaxPrimitive: Primitive<ReductionParams> = reductionPrimitive({
  name: "reduceMax",
  kind: "max",
  jvp: chosenTangent,
});

/**
 * Finds the largest elements over axes.
 *
 * @param x An array of numbers or bools.
 * @param axes The axes, each once, counted from the first.
 * @returns The elements; of none the least that the dtype holds.
 */
export function reduceMax(x: NDArray, axes: readonly number[]): NDArray {
  if (axes.length === 0) return x;
  return bindOne(reduceMaxPrimitive, [x], { axes });
}
