/**
 * Bits moved down, zeros above.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { zeroExtended } from "./_narrow.ts";

/** `x / 2^y` of the bits as an unsigned number. A count of the width or more gives 0. */
export const shiftRightLogicalPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "shiftRightLogical",
  lower: lowerProgram(
    (program, [x, y], dtype) => program.apply("shr_u32", zeroExtended(program, x!, dtype), y!),
    () => "",
  ),
  jvp: zeroTangent("its results are integers"),
});

/**
 * Moves the bits of elements down, and zeros in from above.
 *
 * @param x An array of integers.
 * @param y How far: an array of its shape and dtype.
 * @returns The bits moved; 0 for counts that are negative, or the width or more.
 */
export function shiftRightLogical(x: NDArray, y: NDArray): NDArray {
  return bindOne(shiftRightLogicalPrimitive, [x, y], NONE);
}
