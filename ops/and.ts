/**
 * The bits set in both.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** The bits set in both. */
export const andPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "and",
  lower: { integer: "and_i32" },
  jvp: zeroTangent("its results are integers or bools"),
});

/**
 * Keeps the bits that are set in both operands.
 *
 * @param x An array of integers or bools.
 * @param y An array of its shape and dtype.
 * @returns The bits set in both; of bools the logical operation.
 */
export function and(x: NDArray, y: NDArray): NDArray {
  return bindOne(andPrimitive, [x, y], NONE);
}
