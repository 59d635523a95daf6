/**
 * Elements between bounds.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { and } from "./and.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { gt } from "./gt.ts";
import { jvpByOperand } from "./_rules.ts";
import { lt } from "./lt.ts";
import { filled } from "./zeros.ts";
import { select } from "./select.ts";

/** A change where something holds. */
function where(condition: NDArray, dx: NDArray): NDArray {
  return select(condition, dx, filled(0, dx));
}

/** `min(max(x, low), high)`. Derivatives: 1 by the one that is the result, 0 where two of them meet. */
export const clampPrimitive: Primitive<Plain> = elementwisePrimitive({
  name: "clamp",
  lower: { float: "clamp_f32", integer: "clamp_i32", unsigned: "clamp_u32" },
  outputs: ([low, x, high]) => [{
    shape: x!.shape,
    dtype: x!.dtype,
    weakType: x!.weakType && low!.weakType && high!.weakType,
  }],
  jvp: jvpByOperand(
    (dlow, [low, x, high]) => where(and(gt(low!, x!), lt(low!, high!)), dlow),
    (dx, [low, x, high]) => where(and(gt(x!, low!), lt(x!, high!)), dx),
    (dhigh, [_low, x, high]) => where(lt(high!, x!), dhigh),
  ),
});

/**
 * Moves elements between two bounds.
 *
 * @param min The lower bounds: an array of the shape and dtype of `x`.
 * @param x An array of numbers.
 * @param max The upper bounds: an array of the shape and dtype of `x`. They win where they are below the lower ones.
 * @returns Elements of `x` between the bounds, else the bound; NaN where any of the three is.
 */
export function clamp(min: NDArray, x: NDArray, max: NDArray): NDArray {
  return bindOne(clampPrimitive, [min, x, max], NONE);
}
