/**
 * Repetition along axes.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { sameShape } from "../wasm/layout.ts";
import { movementPrimitive } from "./_movement.ts";
import { reduceSum } from "./reduce_sum.ts";
import { moveBatch } from "./_rules.ts";
import { reshape } from "./reshape.ts";

/** The shape of the result, and where the axes of the operand are in it. */
export interface BroadcastParams {
  /** The shape of the result. */
  readonly shape: Shape;
  /** For each axis of the operand, that of the result; they rise. */
  readonly dimensions: readonly number[];
}

/** `y[i…] = x[i[dimensions[0]], …]`, where axes of size 1 repeat. */
export const broadcastInDimPrimitive: Primitive<BroadcastParams> = movementPrimitive({
  name: "broadcastInDim",
  shape: (_x, { shape }) => shape,
  view: (x, { shape, dimensions }) => {
    const strides = new Array<number>(shape.length).fill(0);
    dimensions.forEach((to, axis) => {
      if (x.shape[axis] === shape[to]) strides[to] = x.strides[axis]!;
    });
    return { offset: x.offset, shape, strides };
  },
  transpose: (ct, x, { shape, dimensions }) => {
    const repeated = shape.map((_, axis) => axis).filter((axis) => {
      const from = dimensions.indexOf(axis);
      return from < 0 || x.shape[from] !== shape[axis];
    });
    return reshape(reduceSum(ct, repeated), x.shape);
  },
  vmap: (size, [x], [bdim], { shape, dimensions }) => [
    [broadcastInDim(moveBatch(x!, bdim!, 0), [size, ...shape], [0, ...dimensions.map((axis) => axis + 1)])],
    [0],
  ],
});

/**
 * Repeats an array along new axes, and along those of size 1: a view.
 *
 * @param x An array.
 * @param shape The shape of the result.
 * @param dimensions For each axis of `x`, that of the result, rising; sizes there are equal, or 1 in `x`.
 * @returns The view.
 */
export function broadcastInDim(x: NDArray, shape: Shape, dimensions: readonly number[]): NDArray {
  if (sameShape(x.shape, shape)) return x;
  return bindOne(broadcastInDimPrimitive, [x], { shape, dimensions });
}

/**
 * Repeats an array at the front and along axes of size 1, as NumPy aligns axes: a view.
 *
 * @param x An array.
 * @param shape The shape of the result, which `x` broadcasts to.
 * @returns The view.
 */
export function broadcastTo(x: NDArray, shape: Shape): NDArray {
  const missing = shape.length - x.shape.length;
  return broadcastInDim(x, shape, x.shape.map((_, axis) => axis + missing));
}
