/**
 * Axes of size 1, put in and taken out: views. They are reshapes, which always find strides for them.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { reshape } from "./reshape.ts";

/**
 * Puts in axes of size 1.
 *
 * @param x An array.
 * @param axes Their places in the result, each once, counted from the first.
 * @returns The view.
 */
export function expandDims(x: NDArray, axes: readonly number[]): NDArray {
  const shape = [...x.shape];
  for (const axis of [...axes].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
  return reshape(x, shape);
}

/**
 * Takes out axes of size 1.
 *
 * @param x An array.
 * @param axes The axes, of size 1, counted from the first.
 * @returns The view.
 */
export function squeeze(x: NDArray, axes: readonly number[]): NDArray {
  return reshape(x, x.shape.filter((_, axis) => !axes.includes(axis)));
}
