/**
 * Counts of values.
 *
 * @module
 */

import { fromElements } from "../core/constant.ts";
import { isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastInDim, broadcastTo } from "../ops/broadcast_in_dim.ts";
import { div } from "../ops/div.ts";
import { eq } from "../ops/eq.ts";
import { max } from "../ops/max.ts";
import { reduceMax } from "../ops/reduce_max.ts";
import { reduceMin } from "../ops/reduce_min.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { scatterAdd } from "../ops/scatter.ts";
import { select } from "../ops/select.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { placesIn } from "./_order.ts";
import { inexact, strong } from "./_reduce.ts";
import { columnOf } from "./_rows.ts";
import { asNumbers, asType, promoteDtypes, promoteInexact } from "./promote.ts";
import { linspace } from "./ranges.ts";
import { readNow } from "./read.ts";

/** Options of histograms. */
export interface HistogramOptions {
  /** How many bins, of one width: 10 if left out; or their edges, rising. */
  readonly bins?: number | ArrayLike | readonly number[];
  /** From where to where the bins reach; from the least to the greatest element if left out. */
  readonly range?: readonly ArrayLike[] | ArrayLike | null;
  /** What elements count: of the array's shape. All alike if left out. */
  readonly weights?: ArrayLike;
  /** Whether counts are divided, so that the integral is 1. */
  readonly density?: boolean | null;
}

/** Adds values at places of a new line of zeros; those outside are dropped. */
function counted(length: number, places: NDArray, values: NDArray): NDArray {
  const zeros = filled(0, { shape: [length], dtype: values.dtype, weakType: false });
  const flat = reshape(places, [places.size]);
  return scatterAdd(zeros, columnOf(flat), reshape(values, [places.size]), {
    updateWindowDims: [],
    insertedWindowDims: [0],
    scatterDimsToOperandDims: [0],
  }, { mode: "fill" });
}

/**
 * Finds the edges of a histogram's bins.
 *
 * @param x An array.
 * @param options The bins, and how far they reach.
 * @returns The edges, one more than there are bins.
 * @throws {ValueError} If the number of bins is not a whole one from 1, or the range is not a pair.
 *
 * JAX: `jax.numpy.histogram_bin_edges`.
 */
export function histogramBinEdges(x: ArrayLike, options: HistogramOptions = {}): NDArray {
  const op = "histogramBinEdges";
  const { bins = 10, range } = options;
  const own = asNumbers(op, x);
  const dtype = inexact(own.dtype as DType);
  const type = { dtype, weakType: false };
  if (typeof bins !== "number") {
    return asType(op, Array.isArray(bins) ? Float32Array.from(bins as number[]) : bins as ArrayLike, type);
  }
  if (!Number.isInteger(bins) || bins < 1) {
    throw new ValueError("Cannot make a histogram: the number of bins is not a whole one from 1", {
      op,
      operand: "bins",
      actual: `${bins}`,
      expected: "1, 2, 3 …, or the edges",
      remedy: "round it",
      code: "bins",
    });
  }
  let [low, high] = rangeOf(op, own, range).map((bound) => strong(bound, dtype)) as [NDArray, NDArray];
  const isPoint = eq(low, high);
  const half = filled(0.5, low);
  [low, high] = [select(isPoint, sub(low, half), low), select(isPoint, add(high, half), high)];
  return linspace(low, high, { num: bins + 1, dtype });
}

/** The least and the greatest value that bins hold. */
function rangeOf(op: string, x: NDArray, range: HistogramOptions["range"]): readonly NDArray[] {
  if (range === undefined || range === null) {
    const axes = x.shape.map((_, axis) => axis);
    return [reduceMin(x, axes), reduceMax(x, axes)];
  }
  const isList = Array.isArray(range);
  const pair = isList ? range as ArrayLike[] : asNumbers(op, range as ArrayLike);
  if (pair instanceof NDArray && pair.shape.length === 1 && pair.shape[0] === 2) {
    return [0, 1].map((at) => reshape(sliceInDim(pair, at, at + 1, 0), []));
  }
  if (isList && range.length === 2) return range.map((bound) => asNumbers(op, bound));
  throw new ValueError("Cannot make a histogram: the range is not a pair", {
    op,
    operand: "range",
    actual: isList ? `${range.length} numbers` : `shape [${(pair as NDArray).shape}]`,
    expected: "the least and the greatest value",
    remedy: "pass [low, high]",
    code: "range",
  });
}

/**
 * Counts how many elements lie in each bin. A bin holds its lower edge, the last one both.
 *
 * @param x An array.
 * @param options The bins, how far they reach, weights, whether counts are made a density.
 * @returns The counts, floats, and the edges.
 * @throws {ValueError} If the weights have another shape.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const [counts, edges] = pz.np.histogram(pz.np.array([1, 2, 2, 4]), { bins: 3 });
 * assert.deepEqual(counts.tolist(), [1, 2, 1]);
 * assert.deepEqual(edges.tolist(), [1, 2, 3, 4]);
 * ```
 *
 * JAX: `jax.numpy.histogram`.
 */
export function histogram(x: ArrayLike, options: HistogramOptions = {}): [counts: NDArray, edges: NDArray] {
  const { weights, density } = options;
  const [a, w] = promoteInexact("histogram", weights === undefined ? [x] : [x, weights]);
  if (w !== undefined && String(w.shape) !== String(a!.shape)) {
    throw new ValueError("Cannot make a histogram: the weights have another shape than the array", {
      op: "histogram",
      operand: "weights",
      actual: `[${w.shape}]`,
      expected: `[${a!.shape}]`,
      remedy: "broadcast them to the array's shape",
      code: "weights",
    });
  }
  const edges = histogramBinEdges(a!, options);
  const count = edges.shape[0]!;
  const [sorted, values] = promoteDtypes("histogram", [edges, a!]);
  const places = placesIn(sorted!, values!, "right");
  const last = broadcastInDim(reshape(sliceInDim(sorted!, count - 1, count, 0), []), values!.shape, []);
  const bins = select(eq(values!, last), filled(count - 1, places), places);
  const ones = filled(1, { shape: a!.shape, dtype: a!.dtype, weakType: false });
  const counts = sliceInDim(counted(count, bins, w === undefined ? ones : strong(w)), 1, count, 0);
  if (!density) return [counts, edges];
  const widths = sub(sliceInDim(sorted!, 1, count, 0), sliceInDim(sorted!, 0, count - 1, 0));
  const total = broadcastTo(reduceSum(counts, [0]), counts.shape);
  return [div(div(counts, strong(widths, counts.dtype as DType)), total), edges];
}

/** Options of {@linkcode bincount}. */
export interface BincountOptions {
  /** What each number counts: 1 if left out. */
  readonly weights?: ArrayLike;
  /** The least size of the result. */
  readonly minlength?: number;
  /** The size of the result, where the numbers are not to be read; larger numbers are dropped. */
  readonly length?: number;
}

/**
 * Counts how often each whole number from 0 comes. Negative ones count as 0.
 *
 * @param x Integers or bools, along one axis.
 * @param options Weights, and the size of the result, which else is one more than the greatest number.
 * @returns The counts, int32, or of the dtype of the weights.
 * @throws {TypeError} If the array does not hold integers.
 *
 * JAX: `jax.numpy.bincount`.
 */
export function bincount(x: ArrayLike, options: BincountOptions = {}): NDArray {
  const { weights, minlength = 0, length } = options;
  const own = asNumbers("bincount", x);
  if (own.dtype !== "bool" && !isInteger(own.dtype)) {
    throw new TypeError(`Cannot compute bincount of ${own.dtype}: numbers to count are integers; cast by astype()`);
  }
  if (own.shape.length !== 1) {
    throw new ValueError("Cannot compute bincount: the array has not one axis", {
      op: "bincount",
      operand: "x",
      actual: `shape [${own.shape}]`,
      expected: "one axis",
      remedy: "flatten it by ravel()",
      code: "rank",
    });
  }
  const numbers = own.dtype === "uint32" ? own : strong(own, "int32");
  const places = max(numbers, filled(0, numbers));
  const w = weights === undefined
    ? filled(1, { shape: own.shape, dtype: "int32", weakType: false })
    : strong(asNumbers("bincount", weights));
  if (String(w.shape) !== String(own.shape)) {
    throw new ValueError("Cannot compute bincount: the weights have another shape than the array", {
      op: "bincount",
      operand: "weights",
      actual: `[${w.shape}]`,
      expected: `[${own.shape}]`,
      remedy: "pass one weight for each number",
      code: "weights",
    });
  }
  if (length !== undefined) return counted(length, places, w);
  const greatest = own.size === 0 ? -1 : readNow("count numbers", reduceMax(places, [0]))[0]!;
  const size = Math.max(minlength, greatest + 1);
  return size === 0 ? fromElements([], [0], w.dtype as DType) : counted(size, places, w);
}
