/**
 * Axes in another order.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { movementPrimitive } from "./_movement.ts";

/** For each axis of the result, the axis of the operand. */
export interface TransposeParams {
  /** A permutation. */
  readonly permutation: readonly number[];
}

/** `y[i[permutation[0]], …] = x[i…]`. */
export const transposePrimitive: Primitive<TransposeParams> = movementPrimitive({
  name: "transpose",
  shape: ({ shape }, { permutation }) => permutation.map((axis) => shape[axis]!),
  view: ({ offset, shape, strides }, { permutation }) => ({
    offset,
    shape: permutation.map((axis) => shape[axis]!),
    strides: permutation.map((axis) => strides[axis]!),
  }),
  transpose: (ct, _x, { permutation }) => transpose(ct, permutation.map((_, axis) => permutation.indexOf(axis))),
  vmap: (_size, [x], [bdim], { permutation }) => [
    [transpose(x!, [bdim!, ...permutation.map((axis) => axis < bdim! ? axis : axis + 1)])],
    [0],
  ],
});

/**
 * Puts axes in another order: a view.
 *
 * @param x An array.
 * @param permutation For each axis of the result, the axis of `x`: each once.
 * @returns The view.
 */
export function transpose(x: NDArray, permutation: readonly number[]): NDArray {
  if (permutation.every((axis, at) => axis === at)) return x;
  return bindOne(transposePrimitive, [x], { permutation });
}
