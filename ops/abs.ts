/**
 * The absolute value.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { ge } from "./ge.ts";
import { neg } from "./neg.ts";
import { select } from "./select.ts";

/** `y = |x|`; the lowest integer is its own. Derivative: 1 from 0 on, else -1. */
export const absPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "abs",
  lower: { float: "abs_f32", integer: "abs_i32" },
  jvp: jvpByOperand((dx, [x]) => select(ge(x!, filled(0, x!)), dx, neg(dx))),
});

/**
 * Takes the absolute value of elements.
 *
 * @param x An array of floats or signed integers.
 * @returns `|x|`.
 */
export function abs(x: NDArray): NDArray {
  return bindOne(absPrimitive, [x], NONE);
}
