/**
 * Multiplication.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { LinearOperand, notLinear, type Primitive, type Tangent, Zero } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { isArray, jvpByOperand } from "./_rules.ts";

/** The cotangent of one factor: that of the product times the other factor. */
function scaled(ct: Tangent, other: NDArray, operand: LinearOperand): Tangent {
  return isArray(ct) ? mul(ct, other) : new Zero(operand.aval);
}

/** `x y`. Linear in each. */
export const mulPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "mul",
  lower: { float: "mul_f32", integer: "mul_i32", bool: "and_i32" },
  jvp: jvpByOperand((dx, [_x, y]) => mul(dx, y!), (dy, [x]) => mul(x!, dy)),
  transpose: ([ct], [x, y], params) => {
    if (x instanceof LinearOperand && y instanceof LinearOperand) return notLinear("mul")([ct!], [x, y], params);
    return [
      x instanceof LinearOperand ? scaled(ct!, y as NDArray, x) : undefined,
      y instanceof LinearOperand ? scaled(ct!, x as NDArray, y) : undefined,
    ];
  },
});

/**
 * Multiplies elements.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype.
 * @returns `x y`; integers wrap; of bools the logical and.
 */
export function mul(x: NDArray, y: NDArray): NDArray {
  return bindOne(mulPrimitive, [x, y], NONE);
}
