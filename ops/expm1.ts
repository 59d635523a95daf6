/**
 * The exponential function near 0.
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

/** `y = e^x - 1`. Derivative: `y + 1`. */
export const expm1Primitive: Primitive<Plain> = elementwisePrimitive({
  name: "expm1",
  lower: { float: "expm1_f32" },
  jvp: jvpByOperand((dx, _x, y) => mul(dx, add(y, filled(1, y)))),
});

/**
 * Raises e to elements and subtracts 1, exact also near 0.
 *
 * @param x An array of floats.
 * @returns `e^x - 1`.
 */
export function expm1(x: NDArray): NDArray {
  return bindOne(expm1Primitive, [x], NONE);
}
