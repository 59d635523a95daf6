/**
 * Indices with arrays among their items: as one gather, or one scatter.
 *
 * Once an item is an array of places with axes, integers and arrays are one group. They broadcast together, and what
 * comes of them stands where they stood; at the front, if something stood between them. Slices are views beforehand
 * where elements are read, and windows or places of their own where they are written.
 *
 * Source: NumPy, "Advanced indexing"; JAX, `jax/_src/numpy/indexing.py` (`_index_to_gather`).
 *
 * @module
 */

import { fromElements } from "../core/constant.ts";
import { isUnsigned } from "../core/dtype.ts";
import { type IndexItem, NDArray } from "../core/ndarray.ts";
import { broadcastShapes, type Shape } from "../core/shape.ts";
import { broadcastInDim, broadcastTo } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { gather, type GatherRule } from "../ops/gather.ts";
import { min } from "../ops/min.ts";
import { normalizeIndex } from "../ops/normalize_index.ts";
import { reshape } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { scatter } from "../ops/scatter.ts";
import { slice } from "../ops/slice.ts";
import { filled } from "../ops/zeros.ts";
import type { ScatterKind } from "../wasm/plan.ts";
import { columnOf } from "./_rows.ts";
import { emptyAxis, type Meaning, meanings, type Part } from "./_index_items.ts";
import { broadcasted } from "./_shapes.ts";

const INT32 = { dtype: "int32", weakType: false } as const;

/**
 * Places as int32, negative ones counted from the end.
 *
 * @param places Integers.
 * @param size How long the axis is.
 * @returns Places from 0 to `size - 1`, or others for those outside.
 */
export function fromStart(places: NDArray, size: number): NDArray {
  if (places.dtype === "uint32") {
    // Beyond int32 is outside, and stays so.
    return convertElementType(min(places, filled(2 ** 31 - 1, places)), INT32);
  }
  const own = convertElementType(places, INT32);
  if (isUnsigned(places.dtype)) return own;
  return normalizeIndex(own, filled(size, own));
}

function isPart(meaning: Meaning): meaning is Part {
  return meaning !== null && typeof meaning === "object" && !(meaning instanceof NDArray);
}

/** Where the group stands. */
interface Group {
  /** The common shape of its arrays. */
  readonly shape: Shape;
  /** The item that it stands before: of those that are not in it. */
  readonly at: number;
}

function groupOf(op: string, found: readonly Meaning[]): Group {
  const arrays = found.filter((meaning) => meaning instanceof NDArray);
  const shape = broadcastShapes(op, arrays.map((array) => array.shape));
  if (arrays.every((array) => array.shape.length === 0)) return { shape: [], at: 0 };
  const members = found.flatMap((meaning, k) => typeof meaning === "number" || meaning instanceof NDArray ? [k] : []);
  const [first, last] = [members[0]!, members.at(-1)!];
  return { shape, at: last - first === members.length - 1 ? first : 0 };
}

/** One axis of the result: of the group, a new one, or that of a part. */
type ResultAxis = { readonly size: number; readonly axis?: number; readonly part?: Part };

/** The axes of the result, in order, with new ones. */
function resultAxes(found: readonly Meaning[], group: Group): ResultAxis[] {
  const axes: ResultAxis[] = [];
  let axis = 0;
  let isPlaced = false;
  const place = (): void => {
    if (!isPlaced) group.shape.forEach((size) => axes.push({ size, axis: -1 }));
    isPlaced = true;
  };
  found.forEach((meaning, k) => {
    if (k >= group.at) place();
    if (meaning === null) axes.push({ size: 1 });
    else if (isPart(meaning)) axes.push({ size: meaning.count, axis: axis++, part: meaning });
    else axis++;
  });
  place();
  return axes;
}

/** Indices of several numbers each, out of those for each axis. */
function joined(components: readonly (NDArray | number)[], shape: Shape): NDArray {
  if (components.every((component) => typeof component === "number")) {
    return broadcastTo(fromElements(components as number[], [components.length], "int32"), [
      ...shape,
      components.length,
    ]);
  }
  const columns = components.map((component) =>
    typeof component === "number" ? filled(component, { shape: [...shape, 1], ...INT32 }) : columnOf(component)
  );
  return concatenate(columns, shape.length);
}

/**
 * The elements at an index.
 *
 * @param op The function, for errors.
 * @param x The array.
 * @param items The items of the index.
 * @param rule What to do with places outside.
 * @returns The elements.
 */
export function gatherAt(op: string, x: NDArray, items: readonly IndexItem[], rule: GatherRule): NDArray {
  const found = meanings(op, x.shape, items);
  const group = groupOf(op, found);
  const axes = resultAxes(found, group);
  const [starts, limits, strides, turned]: number[][] = [[], [], [], []];
  const [indexMap, collapsed]: number[][] = [[], []];
  const components: (NDArray | number)[] = [];
  const isEmpty = axes.some(({ size }) => size === 0);
  for (const meaning of found) {
    if (meaning === null) continue;
    const axis = starts!.length;
    const size = x.shape[axis]!;
    let [start, limit, pace] = [0, size, 1];
    if (isPart(meaning)) {
      const { step, count } = meaning;
      start = step > 0 || count === 0 ? meaning.start : meaning.start + (count - 1) * step;
      pace = count > 1 ? Math.abs(step) : 1;
      limit = count === 0 ? start : start + (count - 1) * pace + 1;
      if (step < 0 && count > 1) turned!.push(axis);
      if (count === 0) [start, limit] = [0, 0];
    } else {
      if (size === 0 && !isEmpty) throw emptyAxis(op, axis, x.shape);
      collapsed!.push(axis);
      const place = typeof meaning === "number" && meaning < 0 ? meaning + size : meaning;
      if (typeof place === "number" && (rule.mode !== "fill" || place >= 0 && place < size)) {
        start = Math.max(Math.min(place, size - 1), 0);
        limit = start + 1;
      } else {
        indexMap!.push(axis);
        components.push(
          typeof place === "number" ? place : broadcastTo(fromStart(place, size), group.shape),
        );
      }
    }
    starts!.push(start);
    limits!.push(limit);
    strides!.push(pace);
  }
  const shape = axes.map(({ size }) => size);
  if (isEmpty) return empty(x, shape);
  const view = reverse(slice(x, starts!, limits!, strides), turned!);
  const kept = axes.filter(({ axis }) => axis !== undefined);
  const offsetDims = kept.flatMap(({ part }, k) => part === undefined ? [] : [k]);
  const indices = components.length === 0
    ? filled(0, { shape: [...group.shape, 0], ...INT32 })
    : joined(components, group.shape);
  const taken = gather(
    view,
    indices,
    { offsetDims, collapsedSliceDims: collapsed!, startIndexMap: indexMap! },
    view.shape.map((size, axis) => collapsed!.includes(axis) ? 1 : size),
    rule,
  );
  return reshape(taken, shape);
}

/** An array without elements. */
function empty(x: NDArray, shape: Shape): NDArray {
  const none = slice(x, x.shape.map(() => 0), x.shape.map(() => 0));
  return reshape(x.shape.length === 0 ? broadcastTo(x, [0]) : none, shape);
}

/**
 * An array with windows at an index combined with values.
 *
 * @param op The function, for errors.
 * @param kind How to combine.
 * @param x The array.
 * @param items The items of the index.
 * @param value The values, of the dtype of `x`, which broadcast to what the index gives.
 * @param mode What to do with places outside: drop ("fill"), or take the nearest.
 * @param uniqueIndices A promise that no place comes twice.
 * @returns The new array.
 */
export function scatterAt(
  op: string,
  kind: ScatterKind,
  x: NDArray,
  items: readonly IndexItem[],
  value: NDArray,
  mode: "clip" | "fill",
  uniqueIndices: boolean,
): NDArray {
  const found = meanings(op, x.shape, items);
  const group = groupOf(op, found);
  const axes = resultAxes(found, group);
  const wide = broadcasted(op, value, axes.map(({ size }) => size));
  if (axes.some(({ size }) => size === 0)) return x;
  const kept = axes.filter(({ axis }) => axis !== undefined);
  const isWindow = ({ part }: ResultAxis): boolean =>
    part !== undefined && (Math.abs(part.step) === 1 || part.count === 1);
  const turned = kept.flatMap(({ part }, k) => part !== undefined && part.step < 0 && part.count > 1 ? [k] : []);
  const updates = reverse(reshape(wide, kept.map(({ size }) => size)), turned);
  const batch = kept.filter((own) => !isWindow(own));
  const batchShape = batch.map(({ size }) => size);
  const groupDims = batch.flatMap(({ axis }, k) => axis === -1 ? [k] : []);
  const [indexMap, inserted]: number[][] = [[], []];
  const components: (NDArray | number)[] = [];
  let axis = 0;
  for (const meaning of found) {
    if (meaning === null) continue;
    const own = axis++;
    const size = x.shape[own]!;
    if (isPart(meaning)) {
      const { start, step, count } = meaning;
      const first = step > 0 ? start : start + (count - 1) * step;
      if (count === size && Math.abs(step) === 1) continue;
      indexMap!.push(own);
      const at = batch.findIndex((result) => result.axis === own);
      if (at < 0) {
        components.push(first);
        continue;
      }
      inserted!.push(own);
      const places = Array.from({ length: count }, (_, k) => first + k * Math.abs(step));
      components.push(broadcastInDim(fromElements(places, [count], "int32"), batchShape, [at]));
      continue;
    }
    if (size === 0) throw emptyAxis(op, own, x.shape);
    indexMap!.push(own);
    inserted!.push(own);
    components.push(
      typeof meaning === "number"
        ? meaning < 0 ? meaning + size : meaning
        : broadcastInDim(broadcastTo(fromStart(meaning, size), group.shape), batchShape, groupDims),
    );
  }
  const indices = components.length === 0
    ? filled(0, { shape: [...batchShape, 0], ...INT32 })
    : joined(components, batchShape);
  const numbers = {
    updateWindowDims: kept.flatMap((own, k) => isWindow(own) ? [k] : []),
    insertedWindowDims: inserted!,
    scatterDimsToOperandDims: indexMap!,
  };
  const isStatic = !found.some((meaning) => meaning instanceof NDArray);
  return scatter(kind, x, indices, updates, numbers, { mode, uniqueIndices: uniqueIndices || isStatic });
}
