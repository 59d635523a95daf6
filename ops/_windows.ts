/**
 * How gathers and scatters name windows, and how kernels see them: indexed axes first, everything by strides.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { coalesce } from "../wasm/layout.ts";
import type { Operand } from "../wasm/operand.ts";
import { MAX_RANK } from "../wasm/plan.ts";
import { concatenate } from "./concatenate.ts";
import { iota } from "./iota.ts";

/** What an index that is not wholly inside means: the nearest place, nothing, or that it is a mistake. */
export type WindowMode = "clip" | "fill" | "promise_in_bounds";

/**
 * Where windows lie. An array of indices has the shape `[…i, d]`; an array of windows has the axes of `i` and those of
 * the window, in any order.
 */
export interface Windows {
  /** The axes of the array of windows that are axes of the window, rising. */
  readonly windowDims: readonly number[];
  /** The axes of the array that windows lack, being one element wide there; they rise. */
  readonly collapsedDims: readonly number[];
  /** For each of the `d` numbers of an index, the axis of the array that it is a place along. */
  readonly indexMap: readonly number[];
}

/** The shape of windows: sizes of the window at some axes, those of the indices at the others. */
export function windowsShape(batch: Shape, window: Shape, windowDims: readonly number[]): Shape {
  const shape = new Array<number>(batch.length + window.length).fill(-1);
  windowDims.forEach((axis, k) => shape[axis] = window[k]!);
  let next = 0;
  return shape.map((size) => size < 0 ? batch[next++]! : size);
}

/** The sizes of a window along all axes of the array. */
export function windowSizes(rank: number, windows: Shape, { windowDims, collapsedDims }: Windows): number[] {
  let next = 0;
  return Array.from({ length: rank }, (_, axis) => collapsedDims.includes(axis) ? 1 : windows[windowDims[next++]!]!);
}

function axesOf(x: Operand, axes: readonly (number | undefined)[], sizes?: readonly (number | undefined)[]): Operand {
  return {
    ...x,
    shape: axes.map((axis, k) => sizes?.[k] ?? (axis === undefined ? 1 : x.shape[axis]!)),
    strides: axes.map((axis) => axis === undefined ? 0 : x.strides[axis]!),
  };
}

/**
 * Views that `gatherNd` and `scatter` take.
 *
 * @param x The array, or keys with their words as one more axis.
 * @param indices `[…i, d]`, `d` at least 1.
 * @param windows The array of windows.
 * @param sizes The window along all axes of the array, without that of words.
 * @param layout Where windows lie.
 * @returns `x` with its indexed axes first, cut to the windows along others; `indices`; `windows` with the axes of the
 *   indices first.
 */
export function windowViews(
  x: Operand,
  indices: Operand,
  windows: Operand,
  sizes: readonly number[],
  { windowDims, collapsedDims, indexMap }: Windows,
): readonly [x: Operand, indices: Operand, windows: Operand] {
  const batchAxes: number[] = [];
  for (let axis = 0; batchAxes.length < indices.shape.length - 1; axis++) {
    if (!windowDims.includes(axis)) batchAxes.push(axis);
  }
  const order = [...indexMap];
  sizes.forEach((_, axis) => indexMap.includes(axis) || order.push(axis));
  const kept = sizes.map((_, axis) => axis).filter((axis) => !collapsedDims.includes(axis));
  const places: (number | undefined)[] = order.map((axis) => windowDims[kept.indexOf(axis)]);
  const words = x.shape.length > sizes.length ? x.shape.length - 1 : undefined;
  if (words !== undefined) {
    order.push(words);
    places.push(windows.shape.length - 1);
  }
  const depth = indexMap.length;
  // Indexed axes are whole, so that the kernel sees which windows are inside.
  const array = axesOf(x, order, order.map((axis, k) => k < depth || axis === words ? x.shape[axis] : sizes[axis]));
  const isPoint = indexMap.every((axis) => sizes[axis] === 1);
  const axes = [...batchAxes, ...isPoint ? places.slice(depth) : places];
  const seen = axesOf(windows, axes);
  if (Math.max(axes.length, order.length) <= MAX_RANK) return [array, indices, seen];
  return merged(array, indices, seen, batchAxes.length, depth);
}

/** The same with neighboring axes merged. */
function merged(
  x: Operand,
  indices: Operand,
  windows: Operand,
  batch: number,
  depth: number,
): readonly [Operand, Operand, Operand] {
  const own = windows.shape.length - batch - (x.shape.length - depth);
  const outer = coalesce(windows.shape.slice(0, batch), [indices.strides.slice(0, batch), windows.strides]);
  const inner = coalesce(x.shape.slice(depth), [x.strides.slice(depth), windows.strides.slice(batch + own)]);
  const between = (list: readonly number[]): readonly number[] => list.slice(batch, batch + own);
  return [
    {
      ...x,
      shape: [...x.shape.slice(0, depth), ...inner.shape],
      strides: [...x.strides.slice(0, depth), ...inner.strides[0]!],
    },
    { ...indices, shape: [...outer.shape, depth], strides: [...outer.strides[0]!, indices.strides[batch]!] },
    {
      ...windows,
      shape: [...outer.shape, ...between(windows.shape), ...inner.shape],
      strides: [...outer.strides[1]!, ...between(windows.strides), ...inner.strides[1]!],
    },
  ];
}

/** Indices with their own places along some of their axes before them: what batches of arrays are indexed by. */
export function withPlaces(indices: NDArray, axes: readonly number[]): NDArray {
  const last = indices.shape.length - 1;
  const shape = [...indices.shape.slice(0, last), 1];
  return concatenate([...axes.map((axis) => iota(indices.dtype as "int32", shape, axis)), indices], last);
}

/** A sorted list of axes that others are added to. */
export function joinAxes(a: readonly number[], b: readonly number[]): number[] {
  return [...a, ...b].sort((x, y) => x - y);
}

/** Axes after a new first one. */
export function shifted(axes: readonly number[]): number[] {
  return axes.map((axis) => axis + 1);
}
