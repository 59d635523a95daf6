/**
 * Bits moved down, the sign above.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { signExtended } from "./_narrow.ts";

/** `⌊x / 2^y⌋` of the bits as a signed number. A count of the width or more gives 0 or -1. */
export const shiftRightArithmeticPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "shiftRightArithmetic",
  lower: lowerProgram(
    (program, [x, y], dtype) => program.apply("shr_i32", signExtended(program, x!, dtype), y!),
    () => "",
  ),
  jvp: zeroTangent("its results are integers"),
});

/**
 * Moves the bits of elements down, and copies of the highest one in from above.
 *
 * @param x An array of integers.
 * @param y How far: an array of its shape and dtype.
 * @returns The bits moved; copies of the highest bit for counts that are negative, or the width or more.
 */
export function shiftRightArithmetic(x: NDArray, y: NDArray): NDArray {
  return bindOne(shiftRightArithmeticPrimitive, [x, y], NONE);
}
