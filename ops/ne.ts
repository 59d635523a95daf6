/**
 * Inequality.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `x != y`; with NaN true. */
export const nePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "ne",
  lower: { float: "ne_f32", integer: "ne_i32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Compares elements.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype.
 * @returns Bools: where `x != y`.
 */
export function ne(x: NDArray, y: NDArray): NDArray {
  return bindOne(nePrimitive, [x, y], NONE);
}
