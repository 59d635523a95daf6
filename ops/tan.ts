/**
 * The tangent.
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
import { square } from "./square.ts";

/** `y = tan x`, of radians. Derivative: `1 + y²`. */
export const tanPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "tan",
  lower: { float: "tan_f32" },
  jvp: jvpByOperand((dx, _x, y) => mul(dx, add(filled(1, y), square(y)))),
});

/**
 * Takes the tangent of elements.
 *
 * @param x An array of floats.
 * @returns `tan x`.
 */
export function tan(x: NDArray): NDArray {
  return bindOne(tanPrimitive, [x], NONE);
}
