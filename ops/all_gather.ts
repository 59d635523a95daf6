/**
 * All examples of a batch, for each of them.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, neverView, type Primitive } from "../core/primitive.ts";
import { type CollectiveParams, withoutAxis } from "./_collective.ts";
import { jvpByOperand, moveBatch, repeatBatch, transposeUnary } from "./_rules.ts";
import { axisIndex } from "./axis_index.ts";
import { concatenate } from "./concatenate.ts";
import { dynamicSlice } from "./dynamic_slice.ts";
import { squeeze } from "./expand_dims.ts";
import { psum } from "./psum.ts";
import { reshape } from "./reshape.ts";
import { filled } from "./zeros.ts";

/** Across which axis, and where the examples are to lie. */
export interface AllGatherParams extends CollectiveParams {
  /** The axis of the result along which they lie. */
  readonly axis: number;
  /** How many there are. */
  readonly size: number;
}

/** `y[i] = x` of example `i`. */
export const allGatherPrimitive: Primitive<AllGatherParams> = definePrimitive<AllGatherParams>({
  name: "allGather",
  outputs: ([x], { axis, size }) => {
    const { shape, dtype, weakType } = x!;
    return [{ shape: shape.toSpliced(axis, 0, size), dtype, weakType }];
  },
  view: neverView,
  lower: withoutAxis("allGather"),
  jvp: jvpByOperand((dx, _primals, _output, params) => allGather(dx, params)),
  // Each example's cotangent is its part of what all have: of the sum, the slice at its number.
  transpose: transposeUnary((ct, x, { axisName, axis }) => {
    const sum = psum(ct, axisName);
    const zero = filled(0, { shape: [1], dtype: "int32", weakType: false });
    const starts = sum.shape.map((_, at) => at === axis ? reshape(axisIndex(axisName), [1]) : zero);
    return squeeze(dynamicSlice(sum, concatenate(starts, 0), x.shape.toSpliced(axis, 0, 1)), [axis]);
  }),
  vmap: (size, [x], [bdim], params, axisName) => {
    const { axis } = params;
    if (params.axisName === axisName) {
      return [[bdim === undefined ? moveBatch(repeatBatch(x!, size), 0, axis) : moveBatch(x!, bdim, axis)], [
        undefined,
      ]];
    }
    return [[allGather(moveBatch(x!, bdim!, 0), { ...params, axis: axis + 1 })], [0]];
  },
  axisName: ({ axisName }) => axisName,
});

/**
 * Gives each example all of them.
 *
 * @param x An array, of one example.
 * @param params Across which axis, and where the examples are to lie.
 * @returns The whole batch, the same for each example.
 */
export function allGather(x: NDArray, params: AllGatherParams): NDArray {
  return bindOne(allGatherPrimitive, [x], params);
}
