/**
 * What softmax and its kin share: the axis, brought to the end for the kernel, and the batch.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import type { LowerRule, VmapRule } from "../core/primitive.ts";
import { coalesce } from "../wasm/layout.ts";
import type { Operand } from "../wasm/operand.ts";
import { moveBatch } from "./_rules.ts";
import { broadcastInDim } from "./broadcast_in_dim.ts";
import { reduceSum } from "./reduce_sum.ts";

/** Along which axis. */
export interface SoftmaxParams {
  /** The axis, counted from the first. */
  readonly axis: number;
}

/** The lowering by a kernel along the last axis, of operands with that axis moved there, the others merged. */
export function lowerAlong(kernel: (output: Operand, x: Operand) => void): LowerRule<SoftmaxParams> {
  return ([output], [x], { axis }) => {
    const others = <T>(list: readonly T[]): readonly T[] => list.toSpliced(axis, 1);
    const isWhole = output!.shape.length === x!.shape.length;
    const outer = isWhole ? others(output!.strides) : output!.strides;
    const { shape, strides } = coalesce(others(x!.shape), [outer, others(x!.strides)]);
    const [length, step] = [x!.shape[axis]!, x!.strides[axis]!];
    const to = isWhole
      ? { ...output!, shape: [...shape, length], strides: [...strides[0]!, output!.strides[axis]!] }
      : { ...output!, shape, strides: strides[0]! };
    kernel(to, { ...x!, shape: [...shape, length], strides: [...strides[1]!, step] });
  };
}

/** The rule for batches, which go first. */
export function vmapAlong(rule: (x: NDArray, axis: number) => NDArray): VmapRule<SoftmaxParams> {
  return (_size, [x], [bdim], { axis }) => [[rule(moveBatch(x!, bdim!, 0), axis + 1)], [0]];
}

/** An array without an axis, repeated along it as often as another has elements there. */
export function alongAxis(y: NDArray, x: NDArray, axis: number): NDArray {
  return broadcastInDim(y, x.shape, x.shape.map((_, k) => k).toSpliced(axis, 1));
}

/** The sum along an axis, repeated along it. */
export function sumAlong(x: NDArray, axis: number): NDArray {
  return alongAxis(reduceSum(x, [axis]), x, axis);
}
