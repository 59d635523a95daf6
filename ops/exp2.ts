/**
 * Powers of 2.
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

/** `y = 2^x`. Derivative: `y log 2`. */
export const exp2Primitive: Primitive<Plain> = elementwisePrimitive({
  name: "exp2",
  lower: { float: "exp2_f32" },
  jvp: jvpByOperand((dx, [x], y) => mul(filled(Math.LN2, x!), mul(dx, y))),
});

/**
 * Raises 2 to elements.
 *
 * @param x An array of floats.
 * @returns `2^x`.
 */
export function exp2(x: NDArray): NDArray {
  return bindOne(exp2Primitive, [x], NONE);
}
