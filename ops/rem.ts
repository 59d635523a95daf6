/**
 * The remainder of division.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { trunc } from "./trunc.ts";

/** `x - y trunc(x / y)`, with the sign of x. Derivatives: 1, `-trunc(x / y)`. */
export const remPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "rem",
  lower: { float: "rem_f32", integer: "rem_i32", unsigned: "rem_u32" },
  jvp: jvpByOperand((dx) => dx, (dy, [x, y]) => mul(neg(dy), trunc(div(x!, y!)))),
});

/**
 * Takes the remainder of the division of elements.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype.
 * @returns The remainder, with the sign of `x`; of integers by 0 `x`.
 */
export function rem(x: NDArray, y: NDArray): NDArray {
  return bindOne(remPrimitive, [x, y], NONE);
}
