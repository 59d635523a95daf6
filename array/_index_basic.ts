/**
 * Indices of integers and slices alone: views.
 *
 * @module
 */

import type { IndexItem, NDArray } from "../core/ndarray.ts";
import { reshape } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { slice } from "../ops/slice.ts";
import { ELLIPSIS, Slice } from "../tree/slice.ts";
import { sameShape } from "../wasm/layout.ts";
import { badItem, emptyAxis, partOf, sliceOf, tooManyItems } from "./_index_items.ts";

/**
 * The view at an index of integers, slices, texts, ellipses and new axes. Integers outside are the nearest place.
 *
 * @param op The function, for errors.
 * @param x The array.
 * @param items The items.
 * @returns The view; `undefined` if there is an array among the items, or anything else.
 * @throws {RangeError} If more axes are named than there are.
 */
export function basicView(op: string, x: NDArray, items: readonly IndexItem[]): NDArray | undefined {
  const { shape } = x;
  const rank = shape.length;
  let [named, dots] = [0, -1];
  for (let k = 0; k < items.length; k++) {
    const item = items[k];
    if (item === ELLIPSIS || item === "...") {
      if (dots >= 0) return undefined;
      dots = k;
    } else if (typeof item === "number" || typeof item === "string" || item instanceof Slice) {
      named++;
    } else if (item !== null) {
      return undefined;
    }
  }
  if (named > rank) throw tooManyItems(op, named, shape);
  const [starts, limits, strides]: [number[], number[], number[]] = [[], [], []];
  const [turned, result]: [number[], number[]] = [[], []];
  const wholeAxes = (count: number): void => {
    for (let k = 0; k < count; k++) {
      const size = shape[starts.length]!;
      starts.push(0);
      limits.push(size);
      strides.push(1);
      result.push(size);
    }
  };
  for (let k = 0; k < items.length; k++) {
    const item = items[k]!;
    if (item === null) {
      result.push(1);
      continue;
    }
    if (k === dots) {
      wholeAxes(rank - named);
      continue;
    }
    const axis = starts.length;
    const size = shape[axis]!;
    if (typeof item === "number") {
      if (!Number.isInteger(item)) throw badItem(op, item);
      if (size === 0) throw emptyAxis(op, axis, shape);
      const place = item < 0 ? Math.max(item + size, 0) : Math.min(item, size - 1);
      starts.push(place);
      limits.push(place + 1);
      strides.push(1);
      continue;
    }
    const { start, step, count } = partOf(item instanceof Slice ? item : sliceOf(item as string), size);
    // Backwards is forwards from the last one, reversed.
    const first = step > 0 || count === 0 ? start : start + (count - 1) * step;
    if (step < 0 && count > 1) turned.push(axis);
    const pace = Math.abs(step);
    starts.push(count === 0 ? 0 : first);
    limits.push(count === 0 ? 0 : first + (count - 1) * pace + 1);
    strides.push(count > 1 ? pace : 1);
    result.push(count);
  }
  wholeAxes(rank - starts.length);
  const view = reverse(slice(x, starts, limits, strides), turned);
  return sameShape(view.shape, result) ? view : reshape(view, result);
}
