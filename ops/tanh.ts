/**
 * The hyperbolic tangent.
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
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

/** `y = tanh x`. Derivative: `1 - y²`, as `(1 + y)(1 - y)`. */
export const tanhPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "tanh",
  lower: { float: "tanh_f32" },
  jvp: jvpByOperand((dx, _x, y) => mul(add(dx, mul(dx, y)), sub(filled(1, y), y))),
});

/**
 * Takes the hyperbolic tangent of elements.
 *
 * @param x An array of floats.
 * @returns `tanh x`, from -1 to 1.
 */
export function tanh(x: NDArray): NDArray {
  return bindOne(tanhPrimitive, [x], NONE);
}
