/**
 * The logistic function.
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
import { sub } from "./sub.ts";

/** `y = 1 / (1 + e^-x)`. Derivative: `y (1 - y)`. */
export const logisticPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "logistic",
  lower: { float: "logistic_f32" },
  jvp: jvpByOperand((dx, _x, y) => mul(dx, mul(y, sub(filled(1, y), y)))),
});

/**
 * Takes the logistic function, or sigmoid, of elements.
 *
 * @param x An array of floats.
 * @returns `1 / (1 + e^-x)`, from 0 to 1.
 */
export function logistic(x: NDArray): NDArray {
  return bindOne(logisticPrimitive, [x], NONE);
}
