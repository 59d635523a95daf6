/**
 * Quantiles: what share of the elements lies below.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import type { TypeOf } from "../core/promotion.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { ceil } from "../ops/ceil.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { div } from "../ops/div.ts";
import { floor } from "../ops/floor.ts";
import { le } from "../ops/le.ts";
import { max } from "../ops/max.ts";
import { min } from "../ops/min.ts";
import { mul } from "../ops/mul.ts";
import { ne } from "../ops/ne.ts";
import { reduceAny } from "../ops/reduce_any.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { sort } from "../ops/sort.ts";
import { sub } from "../ops/sub.ts";
import { takeAlong } from "../ops/take_along.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { axesOf, countAlong, keptShape, strong } from "./_reduce.ts";
import { promoteInexact } from "./promote.ts";

/** What is taken where a quantile lies between two elements. */
export type QuantileMethod = "linear" | "lower" | "higher" | "midpoint" | "nearest";

const METHODS: readonly QuantileMethod[] = ["linear", "lower", "higher", "midpoint", "nearest"];

/** Options of medians. */
export interface MedianOptions {
  /** The axes; all of them if left out. */
  readonly axis?: Axes | null;
  /** Whether reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
}

/** Options of quantiles. */
export interface QuantileOptions extends MedianOptions {
  /** What is taken between two elements: `"linear"` if left out. */
  readonly method?: QuantileMethod;
}

/** A number for each element. */
function like(x: NDArray, value: number): NDArray {
  return filled(value, x);
}

/** What is taken between two neighbors, of which the second one has a weight. */
function between(method: QuantileMethod, low: NDArray, high: NDArray, weight: NDArray, type: TypeOf): NDArray {
  switch (method) {
    case "lower":
      return low;
    case "higher":
      return high;
    case "nearest":
      return select(le(weight, like(weight, 0.5)), low, high);
    case "midpoint":
      return mul(add(low, high), like(low, 0.5));
    default: {
      const [a, b] = [convertElementType(low, type), convertElementType(high, type)];
      return add(mul(a, sub(like(weight, 1), weight)), mul(b, weight));
    }
  }
}

/** Quantiles of the array, the shares being floats. */
function quantilesOf(
  op: string,
  a: NDArray,
  q: NDArray,
  { axis, keepdims, method = "linear" }: QuantileOptions,
  passesNan: boolean,
): NDArray {
  if (!METHODS.includes(method)) {
    throw new ValueError(`Cannot compute ${op}: there is no such method`, {
      op,
      operand: "method",
      actual: JSON.stringify(method),
      expected: METHODS.map((name) => `"${name}"`).join(", "),
      remedy: "name one of these",
      code: "quantile-method",
    });
  }
  if (q.shape.length > 1) {
    throw new ValueError(`Cannot compute ${op}: the shares have several axes`, {
      op,
      operand: "q",
      actual: `shape [${q.shape}]`,
      expected: "a number, or one axis of numbers",
      remedy: "flatten them, and reshape the result",
      code: "quantile-shares",
    });
  }
  const dtype = a.dtype as DType;
  const axes = axesOf(op, axis, a.shape.length);
  const kept = a.shape.map((_, k) => k).filter((k) => !axes.includes(k));
  const rest = kept.map((k) => a.shape[k]!);
  const result = (y: NDArray): NDArray =>
    reshape(strong(y, dtype), [...q.shape, ...(keepdims ? keptShape(a.shape, axes) : rest)]);
  const count = countAlong(a, axes);
  if (count === 0) return result(filled(NaN, { shape: [...q.shape, ...rest], dtype, weakType: false }));
  // Rows of all elements that are reduced, sorted; columns are shares.
  const rows = reshape(transpose(a, [...kept, ...axes]), [...rest, count]);
  const last = rest.length;
  const isNan = ne(rows, rows);
  const hidden = passesNan ? isNan : broadcastInDim(reduceAny(isNan, [last]), rows.shape, rest.map((_, k) => k));
  const [sorted] = sort([select(hidden, like(rows, NaN), rows)], { dimension: last, numKeys: 1, descending: false });
  const shape = [...rest, q.size];
  const type = { dtype: q.dtype as DType, weakType: q.weakType };
  const shares = broadcastInDim(reshape(q, [q.size]), shape, [last]);
  let top = like(shares, count - 1);
  if (passesNan) {
    const present = convertElementType(ne(isNan, like(isNan, 1)), { dtype: "float32", weakType: false });
    const counts = convertElementType(reduceSum(present, [last]), type);
    top = broadcastInDim(sub(counts, like(counts, 1)), shape, rest.map((_, k) => k));
  }
  const at = mul(shares, top);
  const weight = sub(at, floor(at));
  const inside = (place: NDArray): NDArray =>
    convertElementType(max(like(place, 0), min(place, top)), { dtype: "int32", weakType: false });
  const [low, high] = [floor(at), ceil(at)].map((place) => takeAlong(sorted!, inside(place), last));
  const values = between(method, low!, high!, weight, type);
  // Shares come first.
  return result(transpose(values, [last, ...rest.map((_, k) => k)]));
}

/** Both operands as floats, each of its own dtype. */
function floats(op: string, x: ArrayLike, q: ArrayLike, scale: number): readonly [NDArray, NDArray] {
  const [[a], [share]] = [promoteInexact(op, [x]), promoteInexact(op, [q])];
  if (!isFloating(a!.dtype)) throw new TypeError(`Cannot compute ${op} of ${a!.dtype}`);
  return [a!, scale === 1 ? share! : div(share!, like(share!, scale))];
}

/**
 * Finds the elements below which shares of all elements lie, over axes. A NaN makes NaN of its row.
 *
 * @param x An array.
 * @param q The shares, from 0 to 1: a number, or one axis of numbers.
 * @param options The axes, whether they stay, what is taken between two elements.
 * @returns The quantiles, with the axis of `q` first.
 * @throws {ValueError} If there is no such method.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([1, 2, 3, 4]);
 * assert.equal(pz.np.median(x).item(), 2.5);
 * assert.deepEqual(pz.np.percentile(x, pz.np.array([0, 50]), { method: "lower" }).tolist(), [1, 2]);
 * ```
 *
 * JAX: `jax.numpy.quantile`.
 */
export function quantile(x: ArrayLike, q: ArrayLike, options: QuantileOptions = {}): NDArray {
  return quantilesOf("quantile", ...floats("quantile", x, q, 1), options, false);
}

/**
 * Finds quantiles of the elements that are not NaN.
 *
 * @param x An array.
 * @param q The shares, from 0 to 1.
 * @param options As of {@linkcode quantile}.
 * @returns The quantiles, with the axis of `q` first.
 *
 * JAX: `jax.numpy.nanquantile`.
 */
export function nanquantile(x: ArrayLike, q: ArrayLike, options: QuantileOptions = {}): NDArray {
  return quantilesOf("nanquantile", ...floats("nanquantile", x, q, 1), options, true);
}

/**
 * Finds quantiles by shares in percent.
 *
 * @param x An array.
 * @param q The shares, from 0 to 100.
 * @param options As of {@linkcode quantile}.
 * @returns The quantiles, with the axis of `q` first.
 *
 * JAX: `jax.numpy.percentile`.
 */
export function percentile(x: ArrayLike, q: ArrayLike, options: QuantileOptions = {}): NDArray {
  return quantilesOf("percentile", ...floats("percentile", x, q, 100), options, false);
}

/**
 * Finds quantiles by shares in percent, of the elements that are not NaN.
 *
 * @param x An array.
 * @param q The shares, from 0 to 100.
 * @param options As of {@linkcode quantile}.
 * @returns The quantiles, with the axis of `q` first.
 *
 * JAX: `jax.numpy.nanpercentile`.
 */
export function nanpercentile(x: ArrayLike, q: ArrayLike, options: QuantileOptions = {}): NDArray {
  return quantilesOf("nanpercentile", ...floats("nanpercentile", x, q, 100), options, true);
}

/**
 * Finds the elements in the middle, or the means of the two there.
 *
 * @param x An array.
 * @param options The axes, and whether they stay.
 * @returns The medians.
 *
 * JAX: `jax.numpy.median`.
 */
export function median(x: ArrayLike, options: MedianOptions = {}): NDArray {
  return quantilesOf("median", ...floats("median", x, 0.5, 1), { ...options, method: "midpoint" }, false);
}

/**
 * Finds the medians of the elements that are not NaN.
 *
 * @param x An array.
 * @param options The axes, and whether they stay.
 * @returns The medians.
 *
 * JAX: `jax.numpy.nanmedian`.
 */
export function nanmedian(x: ArrayLike, options: MedianOptions = {}): NDArray {
  return quantilesOf("nanmedian", ...floats("nanmedian", x, 0.5, 1), { ...options, method: "midpoint" }, true);
}
