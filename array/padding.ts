/**
 * Elements put around those of an array.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import { isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import type { TypeOf } from "../core/promotion.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { pad as padOp, type PadConfig } from "../ops/pad.ts";
import { reshape } from "../ops/reshape.ts";
import { reverse } from "../ops/reverse.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import { basicView } from "./_index_basic.ts";
import { pickRows } from "./_rows.ts";
import { broadcasted } from "./_shapes.ts";
import { asNumbers, asType } from "./promote.ts";
import { median } from "./quantiles.ts";
import { linspace } from "./ranges.ts";
import { readNow } from "./read.ts";
import { max, mean, min } from "./reductions.ts";
import { round } from "./rounding.ts";

/** A number for both ends of all axes, for each end, or for both ends of each axis. */
export type Pairs<T = number> = T | readonly [T] | readonly [T, T] | readonly (readonly [T, T] | readonly [T])[];

/** What to put around an array. */
export type PadMode =
  | "constant"
  | "edge"
  | "empty"
  | "linear_ramp"
  | "maximum"
  | "mean"
  | "median"
  | "minimum"
  | "reflect"
  | "symmetric"
  | "wrap";

/** Options of {@linkcode pad}. */
export interface PadOptions {
  /** What to put there: "constant" if left out. */
  readonly mode?: PadMode;
  /** Of "constant" the values: 0 if left out. */
  readonly constantValues?: Pairs<ArrayLike> | NDArray;
  /** Of "linear_ramp" the values at the new ends: 0 if left out. */
  readonly endValues?: Pairs<ArrayLike>;
  /** Of "maximum", "mean", "median" and "minimum" how many elements count at each end: all if left out. */
  readonly statLength?: Pairs | null;
  /** Of "reflect" and "symmetric" whether differences to the end are mirrored, too: "even", not so, if left out. */
  readonly reflectType?: "even" | "odd";
}

/** What stands before and after an axis. */
type Ends<T> = readonly [before: T, after: T];

/** For each axis what it has at its ends. */
function pairs<T>(name: string, given: Pairs<T>, rank: number): Ends<T>[] {
  const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
  const ends = (value: readonly unknown[]): Ends<T> => [value[0] as T, value.at(-1) as T];
  if (!isList(given)) return Array.from({ length: rank }, () => [given, given] as Ends<T>);
  const isFlat = !given.some(isList);
  const rows = isFlat ? [given] : given as readonly unknown[];
  const fits = rows.every((row) => isList(row) && row.length > 0 && row.length <= 2) &&
    (rows.length === rank || rows.length === 1);
  if (fits) return Array.from({ length: rank }, (_, axis) => ends(rows[rows.length === 1 ? 0 : axis] as unknown[]));
  throw new ValueError(`Cannot pad: ${name} does not fit the axes`, {
    op: "pad",
    operand: name,
    actual: JSON.stringify(given),
    expected: `a number, a pair of numbers, or ${rank} pairs`,
    remedy: "give each axis what it has before and after it",
    code: "pad-pairs",
  });
}

/** The widths around each axis. */
function widthsOf(padWidth: Pairs | NDArray, rank: number): Ends<number>[] {
  const given = padWidth instanceof NDArray ? listOf(padWidth) : padWidth;
  const widths = pairs("padWidth", given, rank);
  if (widths.flat().every((width) => Number.isInteger(width) && width >= 0)) return widths;
  throw new ValueError("Cannot pad: a width is not a whole number from 0", {
    op: "pad",
    operand: "padWidth",
    actual: JSON.stringify(given),
    expected: "whole numbers from 0",
    remedy: 'take elements away by indexing, as x.get("1:-1"), or use pz.lax.pad',
    code: "pad-width",
  });
}

function listOf(widths: NDArray): Pairs {
  const elements = [...readNow("pad", widths)];
  if (widths.shape.length < 2) return (widths.shape.length === 0 ? elements[0]! : elements) as Pairs;
  const width = widths.shape[1]!;
  return Array.from(
    { length: widths.shape[0]! },
    (_, row) => elements.slice(row * width, (row + 1) * width),
  ) as unknown as Pairs;
}

/** A mode that makes what stands before and after an axis of what is there. */
type EndsRule = (x: NDArray, axis: number, ends: Ends<number>) => NDArray;

/** One element, as often as wanted. */
function repeated(x: NDArray, count: number, axis: number): NDArray {
  return broadcastInDim(x, x.shape.map((size, at) => at === axis ? count : size), x.shape.map((_, at) => at));
}

function joined(before: NDArray, x: NDArray, after: NDArray, axis: number): NDArray {
  return concatenate([before, x, after].filter((part) => part.shape[axis] !== 0), axis);
}

/** The places of the elements at the ends, of modes that repeat what is there. */
const PLACES: { readonly [mode: string]: (place: number, size: number) => number } = {
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  wrap: (place, size) => ((place % size) + size) % size,
  symmetric: (place, size) => {
    const turn = ((place % (2 * size)) + 2 * size) % (2 * size);
    return turn < size ? turn : 2 * size - 1 - turn;
  },
  reflect: (place, size) => {
    const period = Math.max(2 * (size - 1), 1);
    const turn = ((place % period) + period) % period;
    return turn < size ? turn : period - turn;
  },
};

function byPlaces(rule: (place: number, size: number) => number): EndsRule {
  return (x, axis, [before, after]) => {
    const size = x.shape[axis]!;
    return pickRows(x, Array.from({ length: before + size + after }, (_, k) => rule(k - before, size)), axis);
  };
}

/** Mirrors with the differences to the end, as often as it takes. */
function oddly(isReflect: boolean): EndsRule {
  return (x, axis, [before, after]) => {
    const size = x.shape[axis]!;
    const offset = isReflect && size > 1 ? 1 : 0;
    const grow = (array: NDArray, padding: number): NDArray => {
      let [whole, edge, left] = [array, sliceInDim(array, 0, 1, axis), padding];
      while (left > 0) {
        const count = Math.min(left, size - offset);
        left -= count;
        const part = reverse(sliceInDim(whole, offset, offset + count, axis), [axis]);
        const wide = repeated(edge, count, axis);
        const mirrored = sub(add(wide, wide), part);
        if (size > 1) edge = sliceInDim(mirrored, 0, 1, axis);
        whole = concatenate([mirrored, whole], axis);
      }
      return whole;
    };
    // The other end is this one, turned round.
    return reverse(grow(reverse(grow(x, before), [axis]), after), [axis]);
  };
}

const STATISTICS: { readonly [mode: string]: (x: NDArray, axis: number) => NDArray } = {
  maximum: (x, axis) => max(x, { axis, keepdims: true }),
  minimum: (x, axis) => min(x, { axis, keepdims: true }),
  mean: (x, axis) => mean(x, { axis, keepdims: true }),
  median: (x, axis) => median(x, { axis, keepdims: true }),
};

function byStatistic(of: (x: NDArray, axis: number) => NDArray, lengths: Ends<number>[] | undefined): EndsRule {
  return (x, axis, [before, after]) => {
    const size = x.shape[axis]!;
    const [first, last] = lengths?.[axis] ?? [size, size];
    if (!(first > 0 && last > 0)) {
      throw new ValueError("Cannot pad: there are no elements to take a statistic of", {
        op: "pad",
        operand: "statLength",
        actual: `lengths ${first} and ${last} along axis ${axis}, which has ${size} elements`,
        expected: "at least one element at each end",
        remedy: "make the lengths 1 or more",
        code: "pad-statistic",
      });
    }
    const { dtype, weakType } = x;
    const value = (part: NDArray): NDArray => {
      const statistic = of(part, axis);
      return convertElementType(isInteger(dtype) ? round(statistic) : statistic, { dtype, weakType } as TypeOf);
    };
    const low = repeated(value(sliceInDim(x, 0, Math.min(first, size), axis)), before, axis);
    const high = repeated(value(sliceInDim(x, Math.max(size - last, 0), size, axis)), after, axis);
    return joined(low, x, high, axis);
  };
}

function ramps(ends: Ends<ArrayLike>[]): EndsRule {
  return (x, axis, [before, after]) => {
    const size = x.shape[axis]!;
    const ramp = (start: ArrayLike, edge: number, num: number): NDArray => {
      const items = x.shape.map((_, at) => at === axis ? edge : ":");
      const stop = basicView("pad", x, items)!;
      const numbers = linspace(start, stop, { num, endpoint: false, dtype: x.dtype, axis });
      return convertElementType(numbers, { dtype: x.dtype, weakType: x.weakType } as TypeOf);
    };
    const [first, last] = ends[axis]!;
    return joined(ramp(first, 0, before), x, reverse(ramp(last, size - 1, after), [axis]), axis);
  };
}

/** Pads with constants: with one everywhere at once, with several axis by axis. */
function constantly(x: NDArray, widths: readonly Ends<number>[], values: Pairs<ArrayLike> | NDArray): NDArray {
  const type = { dtype: x.dtype, weakType: x.weakType } as TypeOf;
  const whole = (value: ArrayLike): NDArray => asType("pad", value, type);
  if (!Array.isArray(values) && !(values instanceof NDArray && values.shape.length > 0)) {
    const own = values as ArrayLike;
    return padOp(x, reshape(whole(own), []), widths.map(([low, high]): PadConfig => [low, high, 0]));
  }
  const rank = x.shape.length;
  const valueAt = (axis: number, end: 0 | 1): NDArray => {
    if (!(values instanceof NDArray)) {
      return whole(pairs("constantValues", values as Pairs<ArrayLike>, rank)[axis]![end]);
    }
    return whole(basicView("pad", broadcasted("pad", values, [rank, 2]), [axis, end])!);
  };
  let padded = x;
  widths.forEach(([low, high], axis) => {
    const config = (ends: Ends<number>): PadConfig[] => x.shape.map((_, at) => at === axis ? [...ends, 0] : [0, 0, 0]);
    if (low > 0) padded = padOp(padded, valueAt(axis, 0), config([low, 0]));
    if (high > 0) padded = padOp(padded, valueAt(axis, 1), config([0, high]));
  });
  return padded;
}

function ruleOf(mode: PadMode, options: PadOptions, rank: number): EndsRule {
  const { endValues = 0, statLength, reflectType = "even" } = options;
  if ((mode === "reflect" || mode === "symmetric") && reflectType === "odd") return oddly(mode === "reflect");
  if (Object.hasOwn(PLACES, mode)) return byPlaces(PLACES[mode]!);
  if (mode === "linear_ramp") return ramps(pairs("endValues", endValues, rank));
  if (Object.hasOwn(STATISTICS, mode)) {
    const lengths = statLength === undefined || statLength === null ? undefined : pairs("statLength", statLength, rank);
    return byStatistic(STATISTICS[mode]!, lengths);
  }
  throw new ValueError("Cannot pad: there is no such mode", {
    op: "pad",
    operand: "mode",
    actual: JSON.stringify(mode),
    expected: ["constant", "empty", "linear_ramp", ...Object.keys(PLACES), ...Object.keys(STATISTICS)].join(", "),
    remedy: "name one of these",
    code: "pad-mode",
  });
}

/**
 * Puts elements around those of an array.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, 2, 3]);
 * assert.deepEqual(pz.np.pad(x, 1).tolist(), [0, 1, 2, 3, 0]);
 * assert.deepEqual(pz.np.pad(x, [2, 0], { mode: "reflect" }).tolist(), [3, 2, 1, 2, 3]);
 * ```
 *
 * @param x The array.
 * @param padWidth How many before and after: a number, a pair, or a pair for each axis.
 * @param options What to put there.
 * @returns The array with its surroundings.
 * @throws {ValueError} If a width is below 0, or there is nothing to repeat.
 *
 * JAX: `jax.numpy.pad`.
 */
export function pad(x: ArrayLike, padWidth: Pairs | NDArray, options: PadOptions = {}): NDArray {
  const { mode = "constant", constantValues = 0 } = options;
  // Keys can be repeated, but not made of numbers.
  const isRepeated = Object.hasOwn(PLACES, mode) && options.reflectType !== "odd";
  const own = isRepeated ? asArray("pad", x) : asNumbers("pad", x);
  const rank = own.shape.length;
  if (rank === 0) return own;
  const widths = widthsOf(padWidth, rank);
  if (mode === "constant") return constantly(own, widths, constantValues);
  if (mode === "empty") return constantly(own, widths, filled(0, { ...own, shape: [] }));
  const rule = ruleOf(mode, options, rank);
  return widths.reduce((rest, ends, axis) => {
    if (ends[0] === 0 && ends[1] === 0) return rest;
    if (rest.shape[axis] !== 0) return rule(rest, axis, ends);
    throw new ValueError("Cannot pad: the axis has no elements to repeat", {
      op: "pad",
      actual: `axis ${axis} of an array of shape [${own.shape}], mode "${mode}"`,
      expected: "at least one element",
      remedy: 'use the mode "constant"',
      code: "pad-empty",
    });
  }, own);
}
