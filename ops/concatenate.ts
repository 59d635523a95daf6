/**
 * Arrays next to each other.
 *
 * @module
 */

import { bindOne } from "../core/bind.ts";
import type { NDArray } from "../core/ndarray.ts";
import { definePrimitive, LinearOperand, neverView, type Primitive, Zero } from "../core/primitive.ts";
import { concatenate as concatenateKernel } from "../wasm/kernels/concatenate.ts";
import { batchFirst, isArray } from "./_rules.ts";
import { sliceInDim } from "./slice.ts";
import { instantiate } from "./zeros.ts";

/** Along which axis arrays follow each other. */
export interface ConcatenateParams {
  /** The axis, counted from the first. */
  readonly axis: number;
}

/** The elements of one operand after those of the one before it, along an axis. */
export const concatenatePrimitive: Primitive<ConcatenateParams> = definePrimitive({
  name: "concatenate",
  outputs: (inputs, { axis }) => {
    const shape = [...inputs[0]!.shape];
    shape[axis] = inputs.reduce((sum, x) => sum + x.shape[axis]!, 0);
    return [{ shape, dtype: inputs[0]!.dtype, weakType: inputs.every(({ weakType }) => weakType) }];
  },
  view: neverView,
  lower: ([output], inputs, { axis }) =>
    concatenateKernel(output!, inputs.filter(({ shape }) => shape[axis] !== 0), axis),
  jvp: (_primals, tangents, [output], { axis }) =>
    tangents.some(isArray) ? [concatenate(tangents.map(instantiate), axis)] : [new Zero(output!)],
  transpose: ([ct], inputs, { axis }) => {
    let end = 0;
    return inputs.map((input) => {
      const aval = input instanceof LinearOperand ? input.aval : input;
      const start = end;
      end += aval.shape[axis]!;
      if (!(input instanceof LinearOperand)) return undefined;
      return isArray(ct) ? sliceInDim(ct, start, end, axis) : new Zero(aval);
    });
  },
  vmap: (size, inputs, bdims, { axis }) => [
    [concatenate(inputs.map((x, k) => batchFirst(x, bdims[k], size)), axis + 1)],
    [0],
  ],
});

/**
 * Puts arrays next to each other.
 *
 * @param arrays At least one; of one dtype, and of one shape but for the axis.
 * @param axis The axis, counted from the first.
 * @returns The array of all of them.
 */
export function concatenate(arrays: readonly NDArray[], axis: number): NDArray {
  return arrays.length === 1 ? arrays[0]! : bindOne(concatenatePrimitive, arrays, { axis });
}
