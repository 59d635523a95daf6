/**
 * Subtraction.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { LinearOperand, type Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { isArray, jvpByOperand } from "./_rules.ts";
import { neg } from "./neg.ts";

/** `x - y`. Linear in both. */
export const subPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "sub",
  lower: { float: "sub_f32", integer: "sub_i32" },
  jvp: jvpByOperand((dx) => dx, (dy) => neg(dy)),
  transpose: ([ct], inputs) =>
    inputs.map((x, k) => x instanceof LinearOperand ? k === 1 && isArray(ct) ? neg(ct) : ct! : undefined),
});

/**
 * Subtracts elements.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype.
 * @returns `x - y`; integers wrap.
 */
export function sub(x: NDArray, y: NDArray): NDArray {
  return bindOne(subPrimitive, [x, y], NONE);
}
