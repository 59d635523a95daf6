/**
 * Arrays with a part of them replaced, whose place is a number in memory.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, LinearOperand, neverView, type Primitive, Zero } from "../core/primitive.ts";
import { copy } from "../wasm/kernels/copy.ts";
import { dynamicUpdateSlice as dynamicUpdateSliceKernel } from "../wasm/kernels/dynamic_slice.ts";
import { NONE, type Plain } from "./_elementwise.ts";
import { batchFirst, isArray, moveBatch } from "./_rules.ts";
import { byWord } from "./_words.ts";
import { dynamicSlice, startsOfBatch } from "./dynamic_slice.ts";
import { scatter } from "./scatter.ts";
import { filled, instantiate } from "./zeros.ts";

/** `y = x`, then `y[starts + i…] = update[i…]`; starts are clamped so that the part lies inside. */
export const dynamicUpdateSlicePrimitive: Primitive<Plain> = definePrimitive({
  name: "dynamicUpdateSlice",
  outputs: ([x, update]) => [{ shape: x!.shape, dtype: x!.dtype, weakType: x!.weakType && update!.weakType }],
  view: neverView,
  lower: ([output], [x, update, starts]) => {
    copy(output!, x!);
    if (update!.shape.includes(0)) return;
    byWord(starts!.shape[0]!, [output!, update!]).forEach(([to, from]) =>
      dynamicUpdateSliceKernel(to!, from!, starts!)
    );
  },
  jvp: ([_x, _update, starts], [dx, du], [output]) =>
    isArray(dx) || isArray(du)
      ? [dynamicUpdateSlice(instantiate(dx!), instantiate(du!), starts!)]
      : [new Zero(output!)],
  transpose: ([ct], [x, update, starts]) => {
    const of = (operand: NDArray | LinearOperand | undefined, rule: (ct: NDArray) => NDArray) => {
      if (!(operand instanceof LinearOperand)) return undefined;
      return isArray(ct) ? rule(ct) : new Zero(operand.aval);
    };
    const { shape } = update instanceof LinearOperand ? update.aval : update!;
    const places = starts as NDArray;
    return [
      of(x, (ct) => dynamicUpdateSlice(ct, filled(0, { ...ct, shape }), places)),
      of(update, (ct) => dynamicSlice(ct, places, shape)),
      undefined,
    ];
  },
  vmap: (size, [x, update, starts], [bdim, updateBdim, startsBdim]) => {
    const batch = batchFirst(x!, bdim, size);
    const updates = batchFirst(update!, updateBdim, size);
    if (startsBdim === undefined) return [[dynamicUpdateSlice(batch, updates, startsOfBatch(starts!))], [0]];
    // Starts of their own for each: windows by index.
    const axes = updates.shape.slice(1).map((_, axis) => axis + 1);
    const numbers = {
      updateWindowDims: axes,
      insertedWindowDims: [],
      scatterDimsToOperandDims: axes,
      operandBatchingDims: [0],
      scatterIndicesBatchingDims: [0],
    };
    const rule = { mode: "clip", uniqueIndices: true } as const;
    return [[scatter("set", batch, moveBatch(starts!, startsBdim, 0), updates, numbers, rule)], [0]];
  },
});

/**
 * Replaces a part of an array, whose place is known when it is computed.
 *
 * @param x An array.
 * @param update The part, of the dtype of `x`, along each axis at most as long.
 * @param starts The first element along each axis: int32, `[rank]`; clamped so that the part lies inside.
 * @returns The new array.
 */
export function dynamicUpdateSlice(x: NDArray, update: NDArray, starts: NDArray): NDArray {
  if (x.shape.length === 0) return update;
  return bindOne(dynamicUpdateSlicePrimitive, [x, update, starts], NONE);
}
