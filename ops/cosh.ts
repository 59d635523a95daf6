/**
 * The hyperbolic cosine.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { mul } from "./mul.ts";
import { sinh } from "./sinh.ts";

/** `y = cosh x`. Derivative: `sinh x`. */
export const coshPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "cosh",
  lower: { float: "cosh_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, sinh(x!))),
});

/**
 * Takes the hyperbolic cosine of elements.
 *
 * @param x An array of floats.
 * @returns `(e^x + e^-x) / 2`.
 */
export function cosh(x: NDArray): NDArray {
  return bindOne(coshPrimitive, [x], NONE);
}
