/**
 * The inverse of the hyperbolic tangent.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

/** `y = atanh x`. Derivative: `1 / ((1 + x)(1 - x))`. */
export const atanhPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "atanh",
  lower: { float: "atanh_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(div(filled(1, x!), add(filled(1, x!), x!)), div(dx, sub(filled(1, x!), x!)))),
});

/**
 * Takes the inverse hyperbolic tangent of elements.
 *
 * @param x An array of floats.
 * @returns `atanh x`; NaN outside of -1 to 1.
 */
export function atanh(x: NDArray): NDArray {
  return bindOne(atanhPrimitive, [x], NONE);
}
