/**
 * The same elements in another shape.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Place, Primitive } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { coalesce, contiguousStrides, sameShape } from "../wasm/layout.ts";
import { movementPrimitive } from "./_movement.ts";
import { moveBatch } from "./_rules.ts";

/** The shape of the result. */
export interface ReshapeParams {
  /** As many elements as the operand has. */
  readonly shape: Shape;
}

/** Strides that give the elements in the same order at another shape; `undefined` if there are none. */
function reshapedStrides(x: Place, shape: Shape): number[] | undefined {
  if (shape.includes(0)) return contiguousStrides(shape);
  const merged = coalesce(x.shape, [x.strides]);
  const [from, own] = [merged.shape, merged.strides[0]!];
  const strides = new Array<number>(shape.length);
  // From the last axis: each merged axis is cut into axes of the result whose sizes make it up.
  let axis = shape.length - 1;
  for (let k = from.length - 1; k >= 0; k--) {
    let [rest, step] = [from[k]!, own[k]!];
    while (rest > 1) {
      const size = shape[axis]!;
      if (rest % size !== 0) return undefined;
      strides[axis--] = step;
      step *= size;
      rest /= size;
    }
  }
  for (; axis >= 0; axis--) strides[axis] = 0;
  return strides;
}

/** The elements in row-major order are the same. */
export const reshapePrimitive: Primitive<ReshapeParams> = movementPrimitive({
  name: "reshape",
  shape: (_x, { shape }) => shape,
  view: (x, { shape }) => {
    const strides = reshapedStrides(x, shape);
    return strides && { offset: x.offset, shape, strides };
  },
  lower: ([output], [x]) => copy({ ...output!, shape: x!.shape, strides: contiguousStrides(x!.shape) }, x!),
  transpose: (ct, x) => reshape(ct, x.shape),
  vmap: (size, [x], [bdim], { shape }) => [[reshape(moveBatch(x!, bdim!, 0), [size, ...shape])], [0]],
});

/**
 * Gives elements another shape: a view where their strides allow one.
 *
 * @param x An array.
 * @param shape A shape of as many elements.
 * @returns The array of that shape.
 */
export function reshape(x: NDArray, shape: Shape): NDArray {
  if (sameShape(x.shape, shape)) return x;
  return bindOne(reshapePrimitive, [x], { shape });
}
