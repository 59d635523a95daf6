/**
 * The inverse of the cosine.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { rsqrt } from "./rsqrt.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/** `y = acos x`, in radians. Derivative: `-1 / sqrt(1 - x²)`. */
export const acosPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "acos",
  lower: { float: "acos_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, neg(rsqrt(sub(filled(1, x!), square(x!)))))),
});

/**
 * Takes the inverse cosine of elements.
 *
 * @param x An array of floats.
 * @returns The angle from 0 to π; NaN outside of -1 to 1.
 */
export function acos(x: NDArray): NDArray {
  return bindOne(acosPrimitive, [x], NONE);
}
