/**
 * Sorting.
 *
 * @module
 */

import { bind } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, notLinear, type Primitive, Zero } from "../core/primitive.ts";
import { sort as sortKernel } from "../wasm/kernels/sort.ts";
import { batchFirst, isArray } from "./_rules.ts";
import { takeAlong } from "./take_along.ts";
import { argsort } from "./argsort.ts";

/** Along which axis to sort, and by what. */
export interface SortParams {
  /** The axis, counted from the first. */
  readonly dimension: number;
  /** How many operands are compared, the first of them first. */
  readonly numKeys: number;
  /** The largest first; equal elements keep their order all the same. */
  readonly descending: boolean;
}

/** Operands of one shape, moved together so that the keys rise along an axis; stable. NaN are above infinity. */
export const sortPrimitive: Primitive<SortParams> = definePrimitive({
  name: "sort",
  outputs: (inputs) => inputs,
  view: neverView,
  lower: (outputs, inputs, { dimension, numKeys, descending }) =>
    sortKernel(outputs, inputs, { axis: dimension, keys: numKeys, descending }),
  // Tangents go where the elements went.
  jvp: (primals, tangents, outputs, params) => {
    const places = tangents.some(isArray) ? argsort(primals.slice(0, params.numKeys), params) : undefined;
    return tangents.map((dx, k) => isArray(dx) ? takeAlong(dx, places!, params.dimension) : new Zero(outputs[k]!));
  },
  transpose: notLinear("sort"),
  vmap: (size, inputs, bdims, params) => {
    const batches = inputs.map((x, k) => batchFirst(x, bdims[k], size));
    const outputs = bind(sortPrimitive, batches, { ...params, dimension: params.dimension + 1 });
    return [outputs, outputs.map(() => 0)];
  },
});

/**
 * Sorts operands together.
 *
 * @param operands One to eight arrays of one shape.
 * @param params The axis, the number of keys, the direction.
 * @returns The operands, in order.
 */
export function sort(operands: readonly NDArray[], params: SortParams): readonly NDArray[] {
  return bind(sortPrimitive, operands, params);
}
