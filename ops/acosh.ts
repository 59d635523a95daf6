/**
 * The inverse of the hyperbolic cosine.
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
import { rsqrt } from "./rsqrt.ts";
import { sub } from "./sub.ts";

/** `y = acosh x`. Derivative: `1 / sqrt((x - 1)(x + 1))`. */
export const acoshPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "acosh",
  lower: { float: "acosh_f32" },
  jvp: jvpByOperand((dx, [x]) => mul(dx, rsqrt(mul(sub(x!, filled(1, x!)), add(x!, filled(1, x!)))))),
});

/**
 * Takes the inverse hyperbolic cosine of elements.
 *
 * @param x An array of floats.
 * @returns `acosh x`, from 0; NaN below 1.
 */
export function acosh(x: NDArray): NDArray {
  return bindOne(acoshPrimitive, [x], NONE);
}
