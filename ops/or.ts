/**
 * The bits set in either.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** The bits set in either. */
export const orPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "or",
  lower: { integer: "or_i32" },
  jvp: zeroTangent("its results are integers or bools"),
});

/**
 * Sets the bits that are set in either operand.
 *
 * @param x An array of integers or bools.
 * @param y An array of its shape and dtype.
 * @returns The bits set in either; of bools the logical operation.
 */
export function or(x: NDArray, y: NDArray): NDArray {
  return bindOne(orPrimitive, [x, y], NONE);
}
