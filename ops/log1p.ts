/**
 * The logarithm near 1.
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
import { div } from "./div.ts";

/** `y = log(1 + x)`. Derivative: `1 / (1 + x)`. */
export const log1pPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "log1p",
  lower: { float: "log1p_f32" },
  jvp: jvpByOperand((dx, [x]) => div(dx, add(x!, filled(1, x!)))),
});

/**
 * Takes the logarithm of 1 plus elements, exact also near 0.
 *
 * @param x An array of floats.
 * @returns `log(1 + x)`; NaN below -1.
 */
export function log1p(x: NDArray): NDArray {
  return bindOne(log1pPrimitive, [x], NONE);
}
