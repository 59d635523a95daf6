/**
 * Cumulative products.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { jvpByScan, type ScanParams, scanPrimitive } from "./_scan.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";

/** `y[k] = x[0] ⋯ x[k]` along an axis. The derivative is scanned with the products, so that it is right at 0, too. */
export const cumprodPrimitive: Primitive<ScanParams> = scanPrimitive({
  name: "cumprod",
  kind: "prod",
  jvp: jvpByScan(([x, dx], [y, dy]) => [mul(x!, y!), add(mul(dx!, y!), mul(x!, dy!))]),
});

/**
 * Multiplies up elements along an axis.
 *
 * @param x An array of numbers.
 * @param axis The axis, counted from the first.
 * @param reverse Begins at the end.
 * @returns The products up to each element, of the dtype of `x`; halves are multiplied in float32, integers wrap.
 */
export function cumprod(x: NDArray, axis: number, reverse: boolean = false): NDArray {
  return bindOne(cumprodPrimitive, [x], { axis, reverse });
}
