/**
 * Division.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { LinearOperand, notLinear, type Primitive, Zero } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { isArray, jvpByOperand } from "./_rules.ts";
import { integerPow } from "./integer_pow.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

/** `x / y`; of integers towards 0. Linear in x. */
export const divPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "div",
  lower: { float: "div_f32", integer: "div_i32", unsigned: "div_u32" },
  jvp: jvpByOperand(
    (dx, [_x, y]) => div(dx, y!),
    (dy, [x, y]) => mul(mul(neg(dy), x!), integerPow(y!, -2)),
  ),
  transpose: ([ct], [x, y], params) => {
    if (y instanceof LinearOperand) return notLinear("div")([ct!], [x!, y], params);
    return [
      x instanceof LinearOperand ? (isArray(ct) ? div(ct, y as NDArray) : new Zero(x.aval)) : undefined,
      undefined,
    ];
  },
});

/**
 * Divides elements.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype.
 * @returns `x / y`; of integers rounded towards 0, and by 0 all bits set.
 */
export function div(x: NDArray, y: NDArray): NDArray {
  return bindOne(divPrimitive, [x, y], NONE);
}
