/**
 * Equality.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x == y`; with NaN false. */
export const eqPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "eq",
  lower: { float: "eq_f32", integer: "eq_i32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Compares elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns Bools: where `x == y`.
 */
export function eq(x: NDArray, y: NDArray): NDArray {
  return bindOne(eqPrimitive, [x, y], NONE);
}
