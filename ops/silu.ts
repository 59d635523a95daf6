/**
 * The sigmoid linear unit: a primitive, since one program needs half the time of two, and rounds halves once.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { silu as siluKernel } from "../wasm/kernels/gate.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { add } from "./add.ts";
import { logistic } from "./logistic.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";
import { filled } from "./zeros.ts";

/** `y = x s`, where `s = logistic(x)`; `dy = dx (s + x s (1 - s))`. */
export const siluPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "silu",
  lower: ([output], [x]) => siluKernel(output!, x!),
  jvp: jvpByOperand((dx, [x]) => {
    const s = logistic(x!);
    return mul(dx, add(s, mul(mul(x!, s), sub(filled(1, s), s))));
  }),
});

/**
 * Multiplies elements by their logistic function.
 *
 * @param x An array of floats.
 * @returns `x / (1 + exp(-x))`.
 */
export function silu(x: NDArray): NDArray {
  return bindOne(siluPrimitive, [x], NONE);
}
