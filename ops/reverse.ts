/**
 * Axes in opposite direction.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import { movementPrimitive } from "./_movement.ts";

/** Which axes are reversed. */
export interface ReverseParams {
  /** The axes, each once, counted from the first. */
  readonly axes: readonly number[];
}

/** `y[…, i, …] = x[…, n - 1 - i, …]`. */
export const reversePrimitive: Primitive<ReverseParams> = movementPrimitive({
  name: "reverse",
  shape: ({ shape }) => shape,
  view: ({ offset, shape, strides }, { axes }) => {
    const turned = [...strides];
    let first = offset;
    for (const axis of axes) {
      // Adding 0 makes -0 the same as 0.
      turned[axis] = 0 - strides[axis]!;
      if (!shape.includes(0)) first += (shape[axis]! - 1) * strides[axis]!;
    }
    return { offset: first, shape, strides: turned };
  },
  transpose: (ct, _x, { axes }) => reverse(ct, axes),
  vmap: (_size, [x], [bdim], { axes }) => [[reverse(x!, axes.map((axis) => axis < bdim! ? axis : axis + 1))], [bdim]],
});

/**
 * Reverses axes: a view.
 *
 * @param x An array.
 * @param axes The axes, each once, counted from the first.
 * @returns The view.
 */
export function reverse(x: NDArray, axes: readonly number[]): NDArray {
  return axes.length === 0 ? x : bindOne(reversePrimitive, [x], { axes });
}
