/**
 * The cube root.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { filled } from "./zeros.ts";
import { integerPow } from "./integer_pow.ts";
import { mul } from "./mul.ts";

/** `y = x^(1/3)`. Derivative: `y^-2 / 3`. */
export const cbrtPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "cbrt",
  lower: { float: "cbrt_f32" },
  jvp: jvpByOperand((dx, [x], y) => mul(dx, mul(filled(1 / 3, x!), integerPow(y, -2)))),
});

/**
 * Takes the cube root of elements.
 *
 * @param x An array of floats.
 * @returns The root, with the sign of `x`.
 */
export function cbrt(x: NDArray): NDArray {
  return bindOne(cbrtPrimitive, [x], NONE);
}
