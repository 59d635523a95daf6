/**
 * Addition of numbers whose logarithms are known.
 *
 * A primitive, since the derivative of its composition is wrong where both are equal: that of `|x - y|` is not 0 there.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain, type ProgramRule } from "./_elementwise.ts";
import { eq } from "./eq.ts";
import { exp } from "./exp.ts";
import { jvpByOperand } from "./_rules.ts";
import { mul } from "./mul.ts";
import { select } from "./select.ts";
import { sub } from "./sub.ts";
import { filled } from "./zeros.ts";

/** `max(x, y) + log(1 + e^-|x - y|)`; `x + y` where the difference is no number, as that of two infinities. */
const program: ProgramRule<Plain> = (program, [x, y]) => {
  const difference = program.apply("sub_f32", x!, y!);
  const below = program.apply("neg_f32", program.apply("abs_f32", difference));
  const above = program.apply("log1p_f32", program.apply("exp_f32", below));
  const sum = program.apply("add_f32", program.apply("max_f32", x!, y!), above);
  return program.apply("select", program.apply("is_nan_f32", difference), program.apply("add_f32", x!, y!), sum);
};

/** A part's share of the sum: `e^(x - z)`, 1 of infinity. */
function shareOf(x: NDArray, z: NDArray): NDArray {
  return exp(sub(finite(x), finite(z)));
}

/** The numbers, 0 for infinity. */
function finite(x: NDArray): NDArray {
  return select(eq(x, filled(Infinity, x)), filled(0, x), x);
}

/** `z = log(e^x + e^y)`. Derivatives: `e^(x - z)`, `e^(y - z)`. */
export const logAddExpPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "logAddExp",
  lower: lowerProgram(program, () => ""),
  jvp: jvpByOperand((dx, [x], z) => mul(dx, shareOf(x!, z)), (dy, [_x, y], z) => mul(dy, shareOf(y!, z))),
});

/**
 * Takes the logarithm of the sum of two numbers, of which the logarithms are given.
 *
 * @param x An array of floats.
 * @param y An array of its shape and dtype.
 * @returns `log(e^x + e^y)`, without overflow in between.
 */
export function logAddExp(x: NDArray, y: NDArray): NDArray {
  return bindOne(logAddExpPrimitive, [x, y], NONE);
}
