/**
 * The opposite bits.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `y = ~x`, of bools `!x`. */
export const notPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "not",
  lower: { integer: "not_i32", bool: "logical_not" },
  jvp: zeroTangent("its results are integers or bools"),
});

/**
 * Turns the bits of elements.
 *
 * @param x An array of integers or bools.
 * @returns `~x`; of bools `!x`.
 */
export function not(x: NDArray): NDArray {
  return bindOne(notPrimitive, [x], NONE);
}
