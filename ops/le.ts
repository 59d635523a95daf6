/**
 * Whether one is not more than the other.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x <= y`; with NaN false. */
export const lePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "le",
  lower: { float: "le_f32", integer: "le_i32", unsigned: "le_u32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Compares elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns Bools: where `x <= y`.
 */
export function le(x: NDArray, y: NDArray): NDArray {
  return bindOne(lePrimitive, [x, y], NONE);
}
