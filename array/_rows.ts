/**
 * Slices of an array along one axis, by index: what taking, repeating, inserting are made of.
 *
 * @module
 */

import { fromElements } from "../core/constant.ts";
import type { NDArray } from "../core/ndarray.ts";
import { expandDims } from "../ops/expand_dims.ts";
import { gather, type GatherRule } from "../ops/gather.ts";

/**
 * Takes slices along an axis: `y[…, i…, …] = x[…, indices[i…], …]`.
 *
 * @param x An array.
 * @param indices int32 or uint32, counted from the first.
 * @param axis The axis, counted from the first.
 * @param rule What to do with indices outside.
 * @returns The slices; the axes of the indices stand in the place of the axis.
 */
export function takeRows(x: NDArray, indices: NDArray, axis: number, rule: GatherRule): NDArray {
  const rank = indices.shape.length;
  const offsetDims: number[] = [];
  x.shape.forEach((_, at) => at === axis || offsetDims.push(at < axis ? at : at + rank - 1));
  return gather(
    x,
    columnOf(indices),
    { offsetDims, collapsedSliceDims: [axis], startIndexMap: [axis] },
    x.shape.map((size, at) => at === axis ? 1 : size),
    rule,
  );
}

/** The same with places that are known now, all of them inside. */
export function pickRows(x: NDArray, places: readonly number[], axis: number): NDArray {
  return takeRows(x, fromElements(places, [places.length], "int32"), axis, { mode: "clip" });
}

/** Indices of one number each. */
export function columnOf(indices: NDArray): NDArray {
  return expandDims(indices, [indices.shape.length]);
}
