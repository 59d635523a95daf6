/**
 * The number of bits that are set.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { zeroExtended } from "./_narrow.ts";

/** How many bits of an element are 1. */
export const populationCountPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "populationCount",
  lower: lowerProgram(
    (program, [x], dtype) => program.apply("population_count_i32", zeroExtended(program, x!, dtype)),
    () => "",
  ),
  jvp: zeroTangent("its results are integers"),
});

/**
 * Counts the bits that are set.
 *
 * @param x An array of integers.
 * @returns Counts, of the dtype of `x`.
 */
export function populationCount(x: NDArray): NDArray {
  return bindOne(populationCountPrimitive, [x], NONE);
}
