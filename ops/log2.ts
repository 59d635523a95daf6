/**
 * The logarithm to base 2.
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

/** `y = log2 x`. Derivative: `1 / (x log 2)`. */
export const log2Primitive: Primitive<Plain> = elementwisePrimitive({
  name: "log2",
  lower: { float: "log2_f32" },
  jvp: jvpByOperand((dx, [x]) => div(dx, mul(x!, filled(Math.LN2, x!)))),
});

/**
 * Takes the logarithm of elements, to base 2.
 *
 * @param x An array of floats.
 * @returns `log2 x`; NaN below 0.
 */
export function log2(x: NDArray): NDArray {
  return bindOne(log2Primitive, [x], NONE);
}
