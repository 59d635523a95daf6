/**
 * Parts of an array whose place is a number in memory.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, LinearOperand, neverView, type Primitive, Zero } from "../core/primitive.ts";
import type { Shape } from "../core/shape.ts";
import { dynamicSlice as dynamicSliceKernel } from "../wasm/kernels/dynamic_slice.ts";
import { isArray, moveBatch } from "./_rules.ts";
import { byWord } from "./_words.ts";
import { concatenate } from "./concatenate.ts";
import { dynamicUpdateSlice } from "./dynamic_update_slice.ts";
import { gather } from "./gather.ts";
import { filled } from "./zeros.ts";

/** How large a part is. */
export interface DynamicSliceParams {
  /** Its sizes, at most those of the operand. */
  readonly sizes: Shape;
}

/** Starts with 0 along a new first axis. */
export function startsOfBatch(starts: NDArray): NDArray {
  return concatenate([filled(0, { shape: [1], dtype: "int32", weakType: false }), starts], 0);
}

/** `y[i…] = x[starts + i…]`; starts are clamped so that the part lies inside. */
export const dynamicSlicePrimitive: Primitive<DynamicSliceParams> = definePrimitive({
  name: "dynamicSlice",
  outputs: ([x], { sizes }) => [{ shape: sizes, dtype: x!.dtype, weakType: x!.weakType }],
  view: neverView,
  lower: ([output], [x, starts], { sizes }) =>
    byWord(sizes.length, [output!, x!]).forEach(([to, from]) => dynamicSliceKernel(to!, from!, starts!)),
  jvp: (
    [_x, starts],
    [dx],
    [output],
    { sizes },
  ) => [isArray(dx) ? dynamicSlice(dx, starts!, sizes) : new Zero(output!)],
  transpose: ([ct], [x, starts]) => {
    if (!(x instanceof LinearOperand)) return [undefined, undefined];
    if (!isArray(ct)) return [new Zero(x.aval), undefined];
    return [dynamicUpdateSlice(filled(0, { ...x.aval, weakType: ct.weakType }), ct, starts as NDArray), undefined];
  },
  vmap: (size, [x, starts], [bdim, startsBdim], { sizes }) => {
    if (startsBdim === undefined) {
      return [[dynamicSlice(moveBatch(x!, bdim!, 0), startsOfBatch(starts!), [size, ...sizes])], [0]];
    }
    // Starts of their own for each: windows by index.
    const axes = sizes.map((_, axis) => axis);
    const places = moveBatch(starts!, startsBdim, 0);
    const offsetDims = axes.map((axis) => axis + 1);
    if (bdim === undefined) {
      const numbers = { offsetDims, collapsedSliceDims: [], startIndexMap: axes };
      return [[gather(x!, places, numbers, sizes, { mode: "clip" })], [0]];
    }
    const numbers = {
      offsetDims,
      collapsedSliceDims: [],
      startIndexMap: offsetDims,
      operandBatchingDims: [0],
      startIndicesBatchingDims: [0],
    };
    return [[gather(moveBatch(x!, bdim, 0), places, numbers, [Math.min(size, 1), ...sizes], { mode: "clip" })], [0]];
  },
});

/**
 * Takes a part of an array, whose place is known when it is computed.
 *
 * @param x An array.
 * @param starts The first element along each axis: int32, `[rank]`; clamped so that the part lies inside.
 * @param sizes The shape of the part.
 * @returns The part.
 */
export function dynamicSlice(x: NDArray, starts: NDArray, sizes: Shape): NDArray {
  return sizes.every((size, axis) => size === x.shape[axis])
    ? x
    : bindOne(dynamicSlicePrimitive, [x, starts], { sizes });
}
