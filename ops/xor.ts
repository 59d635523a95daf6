/**
 * The bits set in one alone.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** The bits set in one alone. */
export const xorPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "xor",
  lower: { integer: "xor_i32" },
  jvp: zeroTangent("its results are integers or bools"),
});

/**
 * Sets the bits that are set in one operand alone.
 *
 * @param x An array of integers or bools.
 * @param y An array of its shape and dtype.
 * @returns The bits set in one alone; of bools the logical operation.
 */
export function xor(x: NDArray, y: NDArray): NDArray {
  return bindOne(xorPrimitive, [x, y], NONE);
}
