/**
 * The angle of a point.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { elementwisePrimitive, NONE, type Plain } from "./_elementwise.ts";
import { jvpByOperand } from "./_rules.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** The angle of the point (y, x), in radians: `atan(x / y)` in the right quadrant. Derivatives: `y / (x² + y²)`,
 * `-x / (x² + y²)`. */
export const atan2Primitive: Primitive<Plain> = elementwisePrimitive({
  name: "atan2",
  lower: { float: "atan2_f32" },
  jvp: jvpByOperand(
    (dx, [x, y]) => mul(dx, div(y!, add(square(x!), square(y!)))),
    (dy, [x, y]) => mul(dy, div(neg(x!), add(square(x!), square(y!)))),
  ),
});

/**
 * Takes the angle of points, whose ordinates come first.
 *
 * @param x Ordinates: an array of floats.
 * @param y Abscissas: an array of its shape and dtype.
 * @returns The angles, from -π to π.
 */
export function atan2(x: NDArray, y: NDArray): NDArray {
  return bindOne(atan2Primitive, [x, y], NONE);
}
