/**
 * Rectified linear units: primitives, since their derivatives at the kinks are 0, where those of maxima would be
 * shared.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, lowerProgram, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { and } from "./and.ts";
import { gt } from "./gt.ts";
import { lt } from "./lt.ts";
import { select } from "./select.ts";
import { filled } from "./zeros.ts";

/** `y = max(x, 0)`; `dy = dx` where `x > 0`, else 0. */
export const reluPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "relu",
  lower: lowerProgram(
    (program, [x], dtype) =>
      isFloating(dtype)
        ? program.apply("max_f32", x!, program.float(0))
        : program.apply(dtype.startsWith("int") ? "max_i32" : "max_u32", x!, program.integer(0)),
    () => "",
  ),
  jvp: jvpByOperand((dx, [x]) => select(gt(x!, filled(0, x!)), dx, filled(0, dx))),
});

/** `y = min(max(x, 0), 6)`; `dy = dx` where `0 < x < 6`, else 0. */
export const relu6Primitive: Primitive<Plain> = elementwisePrimitive({
  name: "relu6",
  lower: lowerProgram(
    (program, [x]) => program.apply("min_f32", program.apply("max_f32", x!, program.float(0)), program.float(6)),
    () => "",
  ),
  jvp: jvpByOperand((dx, [x]) => select(and(gt(x!, filled(0, x!)), lt(x!, filled(6, x!))), dx, filled(0, dx))),
});

/**
 * Takes the elements above 0, and 0 for the others.
 *
 * @param x An array of numbers.
 * @returns `max(x, 0)`.
 */
export function relu(x: NDArray): NDArray {
  return bindOne(reluPrimitive, [x], NONE);
}

/**
 * Takes the elements between 0 and 6, and the nearer of these for the others.
 *
 * @param x An array of floats.
 * @returns `min(max(x, 0), 6)`.
 */
export function relu6(x: NDArray): NDArray {
  return bindOne(relu6Primitive, [x], NONE);
}
