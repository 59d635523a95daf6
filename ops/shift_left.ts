/**
 * Bits moved up.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x 2^y`, the low bits. A count of the width or more gives 0. */
export const shiftLeftPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "shiftLeft",
  lower: { integer: "shl_i32" },
  jvp: zeroTangent("its results are integers"),
});

/**
 * Moves the bits of elements up.
 *
 * @param x An array of integers.
 * @param y How far: an array of its shape and dtype.
 * @returns The bits moved; 0 for counts that are negative, or the width or more.
 */
export function shiftLeft(x: NDArray, y: NDArray): NDArray {
  return bindOne(shiftLeftPrimitive, [x, y], NONE);
}
