/**
 * Whether numbers are finite.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { type Primitive, zeroTangent } from "../core/primitive.ts";
import { boolLikeFirst, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";

/** `y` is true where x is neither infinite nor NaN. */
export const isFinitePrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "isFinite",
  lower: { float: "is_finite_f32" },
  outputs: boolLikeFirst,
  jvp: zeroTangent("its results are bools"),
});

/**
 * Tells which elements are finite.
 *
 * @param x An array of floats.
 * @returns Bools.
 */
export function isFinite(x: NDArray): NDArray {
  return bindOne(isFinitePrimitive, [x], NONE);
}
