/**
 * Cumulative maxima.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { jvpByScan, type ScanParams, scanPrimitive } from "./_scan.ts";
import { shareOf } from "./_share.ts";
import { add } from "./add.ts";
import { max } from "./max.ts";
import { mul } from "./mul.ts";

/** `y[k] = max(x[0], …, x[k])` along an axis; a NaN stays. Of two equal ones each has half of the derivative. */
export const cummaxPrimitive: Primitive<ScanParams> = scanPrimitive({
  name: "cummax",
  kind: "max",
  jvp: jvpByScan(([x, dx], [y, dy]) => {
    const z = max(x!, y!);
    return [z, add(mul(dx!, shareOf(x!, y!, z)), mul(dy!, shareOf(y!, x!, z)))];
  }),
});

/**
 * Finds the largest element so far along an axis.
 *
 * @param x An array of numbers.
 * @param axis The axis, counted from the first.
 * @param reverse Begins at the end.
 * @returns The largest up to each element.
 */
export function cummax(x: NDArray, axis: number, reverse: boolean = false): NDArray {
  return bindOne(cummaxPrimitive, [x], { axis, reverse });
}
