/**
 * The exponential function.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { mul } from "./mul.ts";

/** `y = e^x`. Derivative: `y`. */
export const expPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "exp",
  lower: { float: "exp_f32" },
  jvp: jvpByOperand((dx, _x, y) => mul(dx, y)),
});

/**
 * Raises e to elements.
 *
 * @param x An array of floats.
 * @returns `e^x`.
 */
export function exp(x: NDArray): NDArray {
  return bindOne(expPrimitive, [x], NONE);
}
