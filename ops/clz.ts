/**
 * The number of leading zeros.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { widthOf, zeroExtended } from "./_narrow.ts";

/** How many bits above the highest 1 of an element are 0; of 0 all. */
export const clzPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "clz",
  lower: lowerProgram(
    (program, [x], dtype) =>
      program.apply(
        "sub_i32",
        program.apply("leading_zeros_i32", zeroExtended(program, x!, dtype)),
        program.integer(32 - widthOf(dtype)),
      ),
    () => "",
  ),
  jvp: zeroTangent("its results are integers"),
});

/**
 * Counts the leading bits that are 0.
 *
 * @param x An array of integers.
 * @returns Counts, of the dtype of `x`.
 */
export function clz(x: NDArray): NDArray {
  return bindOne(clzPrimitive, [x], NONE);
}
