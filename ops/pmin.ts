/**
 * The smallest elements over the examples of a batch.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { notDifferentiable, notLinear, type Primitive } from "../core/primitive.ts";
import { type CollectiveParams, collectivePrimitive } from "./_collective.ts";
import { reduceMin } from "./reduce_min.ts";

/** `y = min x` over the examples; a NaN wins. */
export const pminPrimitive: Primitive<CollectiveParams> = collectivePrimitive({
  name: "pmin",
  reduce: (x, axis) => reduceMin(x, [axis]),
  ofSame: (x) => x,
  jvp: notDifferentiable("pmin", "JAX has no derivative of it, either: allGather and np.min have one"),
  transpose: notLinear("pmin"),
});

/**
 * Finds the smallest elements over the examples of a batch.
 *
 * @param x An array of numbers, of one example.
 * @param axisName The axis of examples, which is in scope.
 * @returns The elements, the same for each example.
 */
export function pmin(x: NDArray, axisName: string): NDArray {
  return bindOne(pminPrimitive, [x], { axisName });
}
