/**
 * Cumulative minima.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { jvpByScan, type ScanParams, scanPrimitive } from "./_scan.ts";
import { shareOf } from "./_share.ts";
import { add } from "./add.ts";
import { min } from "./min.ts";
import { mul } from "./mul.ts";

/** `y[k] = min(x[0], …, x[k])` along an axis; a NaN stays. Of two equal ones each has half of the derivative. */
export const cumminPrimitive: Primitive<ScanParams> = scanPrimitive({
  name: "cummin",
  kind: "min",
  jvp: jvpByScan(([x, dx], [y, dy]) => {
    const z = min(x!, y!);
    return [z, add(mul(dx!, shareOf(x!, y!, z)), mul(dy!, shareOf(y!, x!, z)))];
  }),
});

/**
 * Finds the smallest element so far along an axis.
 *
 * @param x An array of numbers.
 * @param axis The axis, counted from the first.
 * @param reverse Begins at the end.
 * @returns The smallest up to each element.
 */
export function cummin(x: NDArray, axis: number, reverse: boolean = false): NDArray {
  return bindOne(cumminPrimitive, [x], { axis, reverse });
}
