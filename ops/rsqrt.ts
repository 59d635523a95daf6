/**
 * The reciprocal of the square root.
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

/** `y = 1 / sqrt(x)`. Derivative: `-0.5 y / x`. */
export const rsqrtPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "rsqrt",
  lower: { float: "rsqrt_f32" },
  jvp: jvpByOperand((dx, [x], y) => mul(dx, mul(filled(-0.5, x!), div(y, x!)))),
});

/**
 * Takes the reciprocal of the square root of elements.
 *
 * @param x An array of floats.
 * @returns `1 / sqrt(x)`; NaN below 0.
 */
export function rsqrt(x: NDArray): NDArray {
  return bindOne(rsqrtPrimitive, [x], NONE);
}
