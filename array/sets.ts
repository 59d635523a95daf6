/**
 * Arrays as sets.
 *
 * How many elements a set has depends on values, so these functions read them; with `size` {@linkcode unique} and
 * {@linkcode union1d} do not, and can be traced.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { and } from "../ops/and.ts";
import { argsort } from "../ops/argsort.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { count } from "../ops/count.ts";
import { cumsum } from "../ops/cumsum.ts";
import { eq } from "../ops/eq.ts";
import { gt } from "../ops/gt.ts";
import { iota } from "../ops/iota.ts";
import { lt } from "../ops/lt.ts";
import { ne } from "../ops/ne.ts";
import { not } from "../ops/not.ts";
import { pad } from "../ops/pad.ts";
import { reduceAny } from "../ops/reduce_any.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { sizeOf } from "../wasm/layout.ts";
import { orderOf, placesIn, sortAlong } from "./_order.ts";
import { strong } from "./_reduce.ts";
import { pickRows, takeRows } from "./_rows.ts";
import { asNumbers, asType, promoteDtypes } from "./promote.ts";
import { readNow } from "./read.ts";

/** The type of places. */
const PLACES = { dtype: "int32", weakType: false } as const;

/** How many products of two lines are compared all with all; beyond, one of them is searched. */
const COMPARE_ALL = 1 << 16;

/** How many elements a set is to have, and what stands for those that are missing. */
export interface SizeOptions {
  /** How many; those that there are if left out. */
  readonly size?: number;
  /** What stands for missing ones; the least element if left out. */
  readonly fillValue?: ArrayLike;
}

/** Options of {@linkcode unique}. */
export interface UniqueOptions extends SizeOptions {
  /** Also gives the first place of each. */
  readonly returnIndex?: boolean;
  /** Also gives, for each element of the array, its place in the result. */
  readonly returnInverse?: boolean;
  /** Also gives how often each comes. */
  readonly returnCounts?: boolean;
  /** The axis whose slices are the elements; the flattened array if left out. */
  readonly axis?: number | null;
  /** Whether all NaN are one; they are if left out. */
  readonly equalNan?: boolean;
}

/** The elements of a set, and nothing else of them. */
export interface UniqueAlone extends UniqueOptions {
  /** No places of elements. */
  readonly returnIndex?: false;
  /** No places in the result. */
  readonly returnInverse?: false;
  /** No counts. */
  readonly returnCounts?: false;
}

/** The elements of a set, and something else of them. */
export type UniqueFurther =
  & UniqueOptions
  & ({ readonly returnIndex: true } | { readonly returnInverse: true } | { readonly returnCounts: true });

/** The whole number that a size has to be. */
function checkSize(op: string, size: number): number {
  if (Number.isInteger(size) && size >= 0) return size;
  throw new ValueError(`Cannot compute ${op}: the size is not a whole number from 0`, {
    op,
    operand: "size",
    actual: `${size}`,
    expected: "0, 1, 2 …",
    remedy: "round it, or leave it out",
    code: "size",
  });
}

/** The places where bools hold, read now. */
function holding(op: string, bools: NDArray): number[] {
  const places: number[] = [];
  readNow(op, bools).forEach((bool, at) => {
    if (bool !== 0) places.push(at);
  });
  return places;
}

/** The first places where bools hold, as many as are wanted: 0 for missing ones. */
function firstHolding(bools: NDArray, size: number): NDArray {
  const order = argsort([not(bools)], { dimension: 0, numKeys: 1, descending: false });
  const zero = filled(0, { shape: [], ...PLACES });
  const sized = pad(order, zero, [[0, size - order.shape[0]!, 0]]);
  return select(isPresent(bools, size), sized, filled(0, sized));
}

/** Which of so many places there are bools that hold for. */
function isPresent(bools: NDArray, size: number): NDArray {
  return lt(iota("int32", [size], 0), broadcastInDim(count(bools, [0]), [size], []));
}

/** Rows in order, where each differs from the one before, and the places that they come from. */
interface SortedRows {
  readonly rows: NDArray;
  readonly isNew: NDArray;
  readonly order: NDArray;
}

function sortRows(rows: NDArray, equalNan: boolean): SortedRows {
  const [size, ...rest] = rows.shape;
  const width = sizeOf(rest);
  // Without elements all rows are one.
  if (width === 0 || size === 0) {
    const rowCount = Math.min(size!, 1);
    return {
      rows: sliceInDim(rows, 0, rowCount, 0),
      isNew: filled(1, { shape: [rowCount], dtype: "bool", weakType: false }),
      order: filled(0, { shape: [rowCount], ...PLACES }),
    };
  }
  const flat = reshape(rows, [size!, width]);
  const columns = Array.from({ length: width }, (_, k) => reshape(sliceInDim(flat, k, k + 1, 1), [size!]));
  const order = orderOf(columns, 0);
  const sorted = takeRows(flat, order, 0, { mode: "clip" });
  const [before, after] = [sliceInDim(sorted, 0, size! - 1, 0), sliceInDim(sorted, 1, size!, 0)];
  let differs = ne(before, after);
  if (equalNan && isFloating(rows.dtype)) differs = and(differs, not(and(ne(before, before), ne(after, after))));
  const first = filled(1, { shape: [1], dtype: "bool", weakType: false });
  return {
    rows: reshape(sorted, rows.shape),
    isNew: concatenate([first, reduceAny(differs, [1])], 0),
    order,
  };
}

/** Rows at places, with a value in place of those that are missing. */
function fill(rows: NDArray, isThere: NDArray, value: ArrayLike | undefined, whole: NDArray): NDArray {
  if (value === undefined) return rows;
  const scalar = asType("unique", value, { dtype: whole.dtype as DType, weakType: whole.weakType });
  const mask = broadcastInDim(isThere, rows.shape, [0]);
  return select(mask, rows, broadcastInDim(scalar, rows.shape, scalar.shape.map((_, k) => k + 1)));
}

/**
 * Finds the different elements, in order.
 *
 * @param x An array.
 * @param options What else to give, the axis, whether NaN are equal, and a size that makes it traceable.
 * @returns The elements; with further results wanted a list of them all: indices, inverse, counts.
 * @throws {PenjingError} If the array is being traced, and no size is given.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([3, 1, 3]);
 * assert.deepEqual(pz.np.unique(x).tolist(), [1, 3]);
 * const [, counts] = pz.np.unique(x, { returnCounts: true });
 * assert.deepEqual(counts?.tolist(), [1, 2]);
 * ```
 *
 * JAX: `jax.numpy.unique`.
 */
export function unique(x: ArrayLike, options?: UniqueAlone): NDArray;
/** Finds the different elements and something else of them: a list of elements, indices, inverse, counts. */
export function unique(x: ArrayLike, options: UniqueFurther): NDArray[];
/** Finds the different elements, alone or with what else of them is wanted. */
export function unique(x: ArrayLike, options?: UniqueOptions): NDArray | NDArray[];
export function unique(x: ArrayLike, options: UniqueOptions = {}): NDArray | NDArray[] {
  const { returnIndex, returnInverse, returnCounts, axis, equalNan = true } = options;
  const own = asNumbers("unique", x);
  const isFlat = axis === undefined || axis === null;
  const at = isFlat ? 0 : normalizeAxis("unique", axis, own.shape.length);
  const array = isFlat ? reshape(own, [own.size]) : own;
  const order = [at, ...array.shape.map((_, k) => k).filter((k) => k !== at)];
  const whole = transpose(array, order);
  const rowCount = whole.shape[0]!;
  const size = options.size === undefined ? undefined : checkSize("unique", options.size);
  if (rowCount === 0 && size && options.fillValue === undefined) {
    throw new ValueError("Cannot compute unique: there is no element to fill up with", {
      op: "unique",
      operand: "fillValue",
      actual: `no elements for a size of ${size}`,
      expected: "a value that stands for missing elements",
      remedy: "pass { fillValue }",
      code: "unique-empty",
    });
  }
  const { rows, isNew, order: sources } = sortRows(whole, equalNan);
  let found: NDArray;
  let firsts: NDArray;
  let ends: NDArray;
  const total = filled(rowCount, { shape: [1], ...PLACES });
  if (size === undefined) {
    const places = holding("find the different elements", isNew);
    found = pickRows(rows, places, 0);
    firsts = pickRows(sources, places, 0);
    ends = concatenate([pickRows(iota("int32", [isNew.shape[0]!], 0), places, 0), total], 0);
  } else if (isNew.shape[0] === 0) {
    const shape = [size, ...whole.shape.slice(1)];
    found = fill(
      filled(0, { ...whole, shape, dtype: whole.dtype }),
      filled(0, {
        shape: [size],
        dtype: "bool",
        weakType: false,
      }),
      options.fillValue,
      whole,
    );
    firsts = filled(0, { shape: [0], ...PLACES });
    ends = filled(0, { shape: [1], ...PLACES });
  } else {
    const places = firstHolding(isNew, size);
    found = fill(takeRows(rows, places, 0, { mode: "clip" }), isPresent(isNew, size), options.fillValue, whole);
    firsts = takeRows(sources, places, 0, { mode: "clip" });
    const next = firstHolding(isNew, size + 1);
    const later = sliceInDim(next, 1, size + 1, 0);
    const isEnd = gt(later, filled(0, later));
    ends = concatenate([sliceInDim(next, 0, 1, 0), select(isEnd, later, filled(rowCount, later))], 0);
  }
  const results = [transpose(found, order.map((_, k) => order.indexOf(k)))];
  if (returnIndex) results.push(firsts);
  if (returnInverse) {
    const numbers = sub(cumsum(strong(isNew, "int32"), 0, false), filled(1, { shape: isNew.shape, ...PLACES }));
    const back = argsort([sources], { dimension: 0, numKeys: 1, descending: false });
    const inverse = isNew.shape[0] === rowCount
      ? takeRows(numbers, back, 0, { mode: "clip" })
      : filled(0, { shape: [rowCount], ...PLACES });
    results.push(isFlat ? reshape(inverse, own.shape) : inverse);
  }
  if (returnCounts) results.push(sub(sliceInDim(ends, 1, ends.size, 0), sliceInDim(ends, 0, ends.size - 1, 0)));
  return results.length === 1 ? results[0]! : results;
}

/**
 * Finds the different elements. JAX: `jax.numpy.unique_values`.
 *
 * @param x An array.
 * @param options A size that makes it traceable.
 * @returns The elements, in order.
 */
export function uniqueValues(x: ArrayLike, options: SizeOptions = {}): NDArray {
  return unique(x, { ...options, equalNan: false }) as NDArray;
}

/**
 * Finds the different elements, and how often each comes. JAX: `jax.numpy.unique_counts`.
 *
 * @param x An array.
 * @param options A size that makes it traceable.
 * @returns The elements, in order, and the counts.
 */
export function uniqueCounts(x: ArrayLike, options: SizeOptions = {}): NDArray[] {
  return unique(x, { ...options, equalNan: false, returnCounts: true });
}

/**
 * Finds the different elements, and the place there of each of the array's. JAX: `jax.numpy.unique_inverse`.
 *
 * @param x An array.
 * @param options A size that makes it traceable.
 * @returns The elements, in order, and the places.
 */
export function uniqueInverse(x: ArrayLike, options: SizeOptions = {}): NDArray[] {
  return unique(x, { ...options, equalNan: false, returnInverse: true });
}

/**
 * Finds the different elements, and all that is known of them. JAX: `jax.numpy.unique_all`.
 *
 * @param x An array.
 * @param options A size that makes it traceable.
 * @returns The elements, in order, their first places, the place there of each of the array's, the counts.
 */
export function uniqueAll(x: ArrayLike, options: SizeOptions = {}): NDArray[] {
  return unique(x, { ...options, equalNan: false, returnIndex: true, returnInverse: true, returnCounts: true });
}

/** Two operands as lines of one dtype. */
function lines(op: string, x: ArrayLike, y: ArrayLike): [NDArray, NDArray] {
  return promoteDtypes(op, [x, y]).map((own) => reshape(own, [own.size])) as [NDArray, NDArray];
}

/** Which elements of one line are in the other. */
function isIn(x: NDArray, y: NDArray): NDArray {
  const [n, m] = [x.size, y.size];
  if (n === 0 || m === 0) return filled(0, { shape: [n], dtype: "bool", weakType: false });
  if (n * m <= COMPARE_ALL) return reduceAny(eq(broadcastInDim(x, [n, m], [0]), broadcastInDim(y, [n, m], [1])), [1]);
  const sorted = sortAlong(y, 0);
  return eq(x, takeRows(sorted, placesIn(sorted, x, "left"), 0, { mode: "clip" }));
}

/** Options of set functions. */
export interface SetOptions extends SizeOptions {
  /** A promise that no element comes twice in an operand. */
  readonly assumeUnique?: boolean;
}

/**
 * Tells which elements are among others. A NaN is not.
 *
 * @param x An array.
 * @param y The others.
 * @param options With `invert`, which are not.
 * @returns Bools, of the shape of `x`.
 *
 * JAX: `jax.numpy.isin`.
 */
export function isin(
  x: ArrayLike,
  y: ArrayLike,
  options: { readonly invert?: boolean; readonly assumeUnique?: boolean; readonly method?: string } = {},
): NDArray {
  const { shape } = asNumbers("isin", x);
  const found = reshape(isIn(...lines("isin", x, y)), shape);
  return options.invert ? not(found) : found;
}

/** The rows at places, cut or filled up to a size. */
function sized(op: string, rows: NDArray, { size, fillValue }: SizeOptions, missing: ArrayLike): NDArray {
  if (size === undefined || size === rows.size) return rows;
  checkSize(op, size);
  const value = asType(op, fillValue ?? missing, { dtype: rows.dtype as DType, weakType: rows.weakType });
  return pad(rows, reshape(value, []), [[0, size - rows.size, 0]]);
}

/** The least element, or 0 if there is none. */
function least(sorted: NDArray): ArrayLike {
  return sorted.size === 0 ? 0 : sliceInDim(sorted, 0, 1, 0);
}

/**
 * Finds the elements that are in either array.
 *
 * @param x An array.
 * @param y Another one.
 * @param options A size that makes it traceable.
 * @returns The different elements of both, in order.
 *
 * JAX: `jax.numpy.union1d`.
 */
export function union1d(x: ArrayLike, y: ArrayLike, options: SizeOptions = {}): NDArray {
  return unique(concatenate(lines("union1d", x, y), 0), options) as NDArray;
}

/**
 * Finds the elements of one array that are not in the other.
 *
 * @param x An array.
 * @param y The elements to leave out.
 * @param options Whether elements are known to be different; a size, to which 0 or `fillValue` fills up.
 * @returns The different elements, in order; in that of `x`, if `assumeUnique`.
 *
 * JAX: `jax.numpy.setdiff1d`.
 */
export function setdiff1d(x: ArrayLike, y: ArrayLike, options: SetOptions = {}): NDArray {
  const own = asNumbers("setdiff1d", x);
  const line = reshape(own, [own.size]);
  const set = options.assumeUnique ? line : unique(line) as NDArray;
  const left = pickRows(set, holding("find a difference of sets", not(isIn(...lines("setdiff1d", set, y)))), 0);
  return sized("setdiff1d", left, options, 0);
}

/** Both as sets, one after the other, in order. */
function joined(op: string, x: ArrayLike, y: ArrayLike, assumeUnique: boolean | undefined): NDArray {
  const sets = lines(op, x, y);
  return sortAlong(concatenate(assumeUnique ? sets : sets.map((set) => unique(set) as NDArray), 0), 0);
}

/**
 * Finds the elements that are in one of two arrays alone.
 *
 * @param x An array.
 * @param y Another one.
 * @param options As of {@linkcode setdiff1d}; the least element or `fillValue` fills up.
 * @returns The elements, in order.
 *
 * JAX: `jax.numpy.setxor1d`.
 */
export function setxor1d(x: ArrayLike, y: ArrayLike, options: SetOptions = {}): NDArray {
  const all = joined("setxor1d", x, y, options.assumeUnique);
  const n = all.size;
  if (n === 0) return sized("setxor1d", all, options, 0);
  const edge = filled(1, { shape: [1], dtype: "bool", weakType: false });
  const differs = concatenate([edge, ne(sliceInDim(all, 1, n, 0), sliceInDim(all, 0, n - 1, 0)), edge], 0);
  const alone = and(sliceInDim(differs, 1, n + 1, 0), sliceInDim(differs, 0, n, 0));
  const found = pickRows(all, holding("find a difference of sets", alone), 0);
  return sized("setxor1d", found, options, least(found));
}

/**
 * Finds the elements that are in both arrays.
 *
 * @param x An array.
 * @param y Another one.
 * @param options As of {@linkcode setdiff1d}; with `returnIndices` the first places in both come along.
 * @returns The different elements, in order; with `returnIndices` a list with the places in `x` and in `y`.
 *
 * JAX: `jax.numpy.intersect1d`.
 */
export function intersect1d(
  x: ArrayLike,
  y: ArrayLike,
  options: SetOptions & { readonly returnIndices?: boolean } = {},
): NDArray | NDArray[] {
  const { assumeUnique, returnIndices } = options;
  const both = lines("intersect1d", x, y);
  const sets = both.map((line) =>
    assumeUnique
      ? [line, iota("int32", [line.size], 0)] as const
      : unique(line, { returnIndex: true }) as unknown as readonly [NDArray, NDArray]
  );
  const line = concatenate(sets.map(([set]) => set), 0);
  const n = line.size;
  if (n === 0) return returnIndices ? [line, ...sets.map(([, places]) => places)] : line;
  const order = argsort([line], { dimension: 0, numKeys: 1, descending: false });
  const all = takeRows(line, order, 0, { mode: "clip" });
  const isTwice = eq(sliceInDim(all, 1, n, 0), sliceInDim(all, 0, n - 1, 0));
  const places = holding("find an intersection", isTwice);
  const found = pickRows(all, places, 0);
  const values = sized("intersect1d", found, options, least(found));
  if (!returnIndices) return values;
  const [first, second] = [0, 1].map((step) => pickRows(order, places.map((place) => place + step), 0));
  const offset = filled(sets[0]![0].size, second!);
  const ofBoth = [first!, sub(second!, offset)].map((own, k) =>
    sized("intersect1d", takeRows(sets[k]![1], own, 0, { mode: "clip" }), {
      ...(options.size !== undefined && { size: options.size }),
    }, both[k]!.size)
  );
  return [values, ...ofBoth];
}
