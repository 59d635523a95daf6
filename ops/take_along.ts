/**
 * Elements by their places along one axis, as sorting and its kin give them.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { gather } from "./gather.ts";
import { reshape } from "./reshape.ts";

/**
 * `y[…, i, …] = x[…, indices[…, i, …], …]` along an axis.
 *
 * @param x An array.
 * @param indices int32, all inside, of the shape of `x` but for the axis.
 * @param axis The axis, counted from the first.
 * @returns The elements, of the shape of `indices`.
 */
export function takeAlong(x: NDArray, indices: NDArray, axis: number): NDArray {
  const others = x.shape.map((_, k) => k).filter((k) => k !== axis);
  return gather(
    x,
    reshape(indices, [...indices.shape, 1]),
    {
      offsetDims: [],
      collapsedSliceDims: [axis],
      startIndexMap: [axis],
      operandBatchingDims: others,
      startIndicesBatchingDims: others,
    },
    x.shape.map(() => 1),
    { mode: "clip" },
  );
}
