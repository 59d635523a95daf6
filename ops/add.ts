/**
 * Addition.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { LinearOperand, type Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";

/** `x + y`. */
export const addPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "add",
  lower: { float: "add_f32", integer: "add_i32" },
  jvp: jvpByOperand((dx) => dx, (dy) => dy),
  transpose: ([ct], inputs) => inputs.map((x) => x instanceof LinearOperand ? ct! : undefined),
});

/**
 * Adds elements.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype.
 * @returns `x + y`.
 */
export function add(x: NDArray, y: NDArray): NDArray {
  return bindOne(addPrimitive, [x, y], NONE);
}
