/**
 * The largest elements.
 *
 * @module
 */

import { bind } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, Zero } from "../core/primitive.ts";
import { topK as topKKernel } from "../wasm/kernels/top_k.ts";
import { isArray, moveBatch } from "./_rules.ts";
import { takeAlong } from "./take_along.ts";

/** How many. */
export interface TopKParams {
  /** The number of elements along the last axis of the results. */
  readonly k: number;
}

/** The `k` largest elements along the last axis, falling, and their places; of equal ones the first come first. */
export const topKPrimitive: Primitive<TopKParams> = definePrimitive({
  name: "topK",
  outputs: ([x], { k }) => {
    const shape = [...x!.shape.slice(0, -1), k];
    return [{ shape, dtype: x!.dtype, weakType: x!.weakType }, { shape, dtype: "int32", weakType: false }];
  },
  view: neverView,
  lower: ([values, places], [x]) => topKKernel(values!, places!, x!),
  jvp: (_primals, [dx], [values, places]) => [
    isArray(dx) ? takeAlong(dx, places!, dx.shape.length - 1) : new Zero(values!),
    new Zero(places!),
  ],
  transpose: notLinear("topK"),
  vmap: (_size, [x], [bdim], params) => [bind(topKPrimitive, [moveBatch(x!, bdim!, 0)], params), [0, 0]],
});

/**
 * Finds the largest elements along the last axis.
 *
 * @param x An array of numbers with at least one axis.
 * @param k How many, at most the size of the axis.
 * @returns The elements, and their places, int32.
 */
export function topK(x: NDArray, k: number): readonly [values: NDArray, places: NDArray] {
  return bind(topKPrimitive, [x], { k }) as readonly [NDArray, NDArray];
}
