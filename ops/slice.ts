/**
 * Parts of an array.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Primitive } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { movementPrimitive } from "./_movement.ts";
import { pad } from "./pad.ts";
import { filled } from "./zeros.ts";

/** Where a part begins and ends along each axis. */
export interface SliceParams {
  /** The first element. */
  readonly starts: readonly number[];
  /** The element before which to stop. */
  readonly limits: readonly number[];
  /** From one element to the next, 1 or more. */
  readonly strides: readonly number[];
}

/** The sizes of a part. */
function sizes({ starts, limits, strides }: SliceParams): Shape {
  return starts.map((start, axis) => Math.max(Math.ceil((limits[axis]! - start) / strides[axis]!), 0));
}

/** `y[i…] = x[starts + i * strides…]`. */
export const slicePrimitive: Primitive<SliceParams> = movementPrimitive({
  name: "slice",
  shape: (_x, params) => sizes(params),
  view: (x, { starts, strides }, shape) => {
    // Without elements there is no first one, and a place beyond the memory would be refused.
    let offset = x.offset;
    if (!shape.includes(0)) starts.forEach((start, axis) => offset += start * x.strides[axis]!);
    return { offset, shape, strides: x.strides.map((stride, axis) => stride * strides[axis]!) };
  },
  transpose: (ct, x, { starts, strides }) =>
    pad(
      ct,
      filled(0, { shape: [], dtype: ct.dtype, weakType: ct.weakType }),
      starts.map((start, axis) => {
        const [size, step] = [ct.shape[axis]!, strides[axis]!];
        const low = Math.min(start, x.shape[axis]!);
        return [low, x.shape[axis]! - low - size - Math.max(size - 1, 0) * (step - 1), step - 1];
      }),
    ),
  vmap: (size, [x], [bdim], { starts, limits, strides }) => {
    const withBatch = (list: readonly number[], value: number): number[] => [
      ...list.slice(0, bdim!),
      value,
      ...list.slice(bdim!),
    ];
    return [[slice(x!, withBatch(starts, 0), withBatch(limits, size), withBatch(strides, 1))], [bdim]];
  },
});

/**
 * Takes a part of an array: a view.
 *
 * @param x An array.
 * @param starts The first element along each axis.
 * @param limits The element before which to stop, along each axis, at most its size.
 * @param strides From one element to the next along each axis; 1 if left out.
 * @returns The view.
 */
export function slice(
  x: NDArray,
  starts: readonly number[],
  limits: readonly number[],
  strides: readonly number[] = starts.map(() => 1),
): NDArray {
  const isWhole = starts.every((start, axis) => start === 0 && limits[axis] === x.shape[axis] && strides[axis] === 1);
  return isWhole ? x : bindOne(slicePrimitive, [x], { starts, limits, strides });
}

/**
 * Takes a part along one axis: a view.
 *
 * @param x An array.
 * @param start The first element.
 * @param limit The element before which to stop.
 * @param axis The axis, counted from the first.
 * @param stride From one element to the next.
 * @returns The view.
 */
export function sliceInDim(x: NDArray, start: number, limit: number, axis: number, stride = 1): NDArray {
  const { shape } = x;
  return slice(
    x,
    shape.map((_, at) => at === axis ? start : 0),
    shape.map((size, at) => at === axis ? limit : size),
    shape.map((_, at) => at === axis ? stride : 1),
  );
}
