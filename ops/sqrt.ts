/**
 * The square root.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";

/** `y = sqrt(x)`. Derivative: `0.5 / y`. */
export const sqrtPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "sqrt",
  lower: { float: "sqrt_f32" },
  jvp: jvpByOperand((dx, [x], y) => mul(dx, div(filled(0.5, x!), y))),
});

/**
 * Takes the square root of elements.
 *
 * @param x An array of floats.
 * @returns `sqrt(x)`; NaN below 0.
 */
export function sqrt(x: NDArray): NDArray {
  return bindOne(sqrtPrimitive, [x], NONE);
}
