/**
 * A choice for each element.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { LinearOperand, type LowerRule, type Primitive, type Tangent, Zero } from "../core/primitive.ts";
import { Elementwise } from "../wasm/elementwise.ts";
import { compute, elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { isArray } from "./_rules.ts";
import { filled } from "./zeros.ts";

let program: Elementwise | undefined;

const lower: LowerRule<Plain> = ([output], [condition, x, y]) => {
  if (program === undefined) {
    program = new Elementwise();
    program.store(program.apply("select", program.load(0), program.load(1), program.load(2)), 0);
  }
  // The words of a key share their condition.
  const isKey = x!.shape.length > condition!.shape.length;
  const { shape, strides } = condition!;
  const chooser = isKey ? { ...condition!, shape: [...shape, 2], strides: [...strides, 0] } : condition!;
  compute(program, [output!], [chooser, x!, y!]);
};

/** A tangent or cotangent written out, if it is not. */
function written(dx: Tangent, like: NDArray): NDArray {
  return isArray(dx) ? dx : filled(0, like);
}

/** `x` where the condition holds, else `y`. Linear in both. */
export const selectPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "select",
  lower,
  outputs: ([_condition, x, y]) => [{ shape: x!.shape, dtype: x!.dtype, weakType: x!.weakType && y!.weakType }],
  jvp: ([condition], [_, dx, dy], [z]) =>
    isFloating(z!.dtype) && (isArray(dx) || isArray(dy))
      ? [select(condition!, written(dx!, z!), written(dy!, z!))]
      : [new Zero(z!)],
  transpose: ([ct], [condition, ...branches]) => [
    undefined,
    ...branches.map((branch, k) => {
      if (!(branch instanceof LinearOperand)) return undefined;
      if (!isArray(ct)) return new Zero(branch.aval);
      const zero = filled(0, ct);
      return k === 0 ? select(condition as NDArray, ct, zero) : select(condition as NDArray, zero, ct);
    }),
  ],
});

/**
 * Chooses elements of two arrays.
 *
 * @param condition Bools.
 * @param x An array of their shape, of any dtype.
 * @param y An array of their shape, of the dtype of `x`.
 * @returns `x` where the condition holds, else `y`.
 */
export function select(condition: NDArray, x: NDArray, y: NDArray): NDArray {
  return bindOne(selectPrimitive, [condition, x, y], NONE);
}
