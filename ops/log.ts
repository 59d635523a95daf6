/**
 * The natural logarithm.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { div } from "./div.ts";

/** `y = log x`. Derivative: `1 / x`. */
export const logPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "log",
  lower: { float: "log_f32" },
  jvp: jvpByOperand((dx, [x]) => div(dx, x!)),
});

/**
 * Takes the logarithm of elements, to base e.
 *
 * @param x An array of floats.
 * @returns `log x`; NaN below 0.
 */
export function log(x: NDArray): NDArray {
  return bindOne(logPrimitive, [x], NONE);
}
