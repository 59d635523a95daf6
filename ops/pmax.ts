/**
 * The largest elements over the examples of a batch.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { notDifferentiable, notLinear, type Primitive } from "../core/primitive.ts";
import { type CollectiveParams, collectivePrimitive } from "./_collective.ts";
import { reduceMax } from "./reduce_max.ts";

/** `y = max x` over the examples; a NaN wins. */
export const pmaxPrimitive: Primitive<CollectiveParams> = collectivePrimitive({
  name: "pmax",
  reduce: (x, axis) => reduceMax(x, [axis]),
  ofSame: (x) => x,
  jvp: notDifferentiable("pmax", "JAX has no derivative of it, either: allGather and np.max have one"),
  transpose: notLinear("pmax"),
});

/**
 * Finds the largest elements over the examples of a batch.
 *
 * @param x An array of numbers, of one example.
 * @param axisName The axis of examples, which is in scope.
 * @returns The elements, the same for each example.
 */
export function pmax(x: NDArray, axisName: string): NDArray {
  return bindOne(pmaxPrimitive, [x], { axisName });
}
