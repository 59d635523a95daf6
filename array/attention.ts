/**
 * Attention, composed of products and a softmax.
 *
 * @module
 */

import { describe } from "../core/aval.ts";
import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { dotGeneral } from "../ops/dot_general.ts";
import { ge } from "../ops/ge.ts";
import { iota } from "../ops/iota.ts";
import { le } from "../ops/le.ts";
import { lt } from "../ops/lt.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { softmax } from "../ops/softmax.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import { asNumbers } from "./promote.ts";

/** How {@linkcode dotProductAttention} weighs, and what it hides. */
export interface AttentionOptions {
  /** What is added to the logits, `[batch, heads, queries, keys]` or sizes of 1. */
  readonly bias?: ArrayLike;
  /** Which keys each query sees: bools of the same shape. */
  readonly mask?: ArrayLike;
  /** The factor of the logits: `1 / √size` if left out. */
  readonly scale?: number;
  /** Whether a query sees only the keys up to its own place. */
  readonly isCausal?: boolean;
  /** How many queries there are in each example, int32 `[batch]`; with that of keys, the results of others are 0. */
  readonly querySeqLengths?: ArrayLike;
  /** How many keys there are in each example, int32 `[batch]`. */
  readonly keyValueSeqLengths?: ArrayLike;
  /** How far from its own place a query sees, to both sides, or to the left and to the right. */
  readonly localWindowSize?: number | readonly [left: number, right: number];
}

const FLOAT32 = { dtype: "float32", weakType: false } as const;

/** The logit of what is hidden: finite, so that a query that sees nothing has a mean. */
const HIDDEN = -0.7 * 3.4028234663852886e38;

const OP = "dotProductAttention";

/** An operand with four axes: those that are missing come first. */
function fourAxes(operand: string, x: ArrayLike): NDArray {
  const own = asNumbers(OP, x);
  if (own.shape.length <= 4) {
    return reshape(own, [...new Array<number>(4 - own.shape.length).fill(1), ...own.shape]);
  }
  throw misfit(operand, `${describe(own)}`, "at most four axes", "merge further axes into the batch by reshape");
}

function misfit(operand: string, actual: string, expected: string, remedy: string): ValueError {
  return new ValueError(`Cannot ${OP}: the operands do not fit`, {
    op: OP,
    operand,
    actual,
    expected,
    remedy,
    code: "attention-operands",
  });
}

/** Checks queries, keys and values. */
function check(query: NDArray, key: NDArray, value: NDArray): void {
  const [b, , n, h] = query.shape;
  const [bk, s, k, hk] = key.shape;
  const fits = isFloating(query.dtype) && query.dtype === key.dtype && value.dtype === key.dtype && b === bk &&
    h === hk && [bk, s, k, hk].every((size, axis) => value.shape[axis] === size) && n! % Math.max(k!, 1) === 0;
  if (fits) return;
  throw misfit(
    "query, key and value",
    [query, key, value].map(describe).join(", "),
    "floats of one dtype: query [b, t, n, h], key and value [b, s, k, h], n a multiple of k",
    "transpose or reshape them, or check their order",
  );
}

/** What is hidden or added: `[b, n, t, s]`, where sizes may be 1, at the shape of the logits `[b, k, g, t, s]`. */
function grouped(operand: string, x: ArrayLike, shape: Shape): NDArray {
  const own = fourAxes(operand, x);
  const [, k, g] = shape as [number, number, number];
  const [b, n, t, s] = own.shape as [number, number, number, number];
  const split = reshape(own, n === k * g && n !== 1 ? [b, k, g, t, s] : [b, n, 1, t, s]);
  if (split.shape.every((size, axis) => size === 1 || size === shape[axis])) {
    return broadcastInDim(split, shape, [0, 1, 2, 3, 4]);
  }
  const expected = [shape[0], k * g, shape[3], shape[4]];
  throw misfit(operand, describe(own), `[${expected}], or sizes of 1`, "give it the axes of the logits");
}

/** Whether a place is one of those that there are, at the shape of the logits. */
function within(operand: string, lengths: ArrayLike, places: NDArray): NDArray {
  const { shape } = places;
  const own = asNumbers(OP, lengths);
  if (own.dtype !== "int32" || own.shape.length !== 1 || own.shape[0] !== shape[0]) {
    throw misfit(operand, describe(own), `int32[${shape[0]}]`, "give the length of each example, as int32");
  }
  return lt(places, broadcastInDim(own, shape, [0]));
}

/** Which keys each query sees, at the shape of the logits; `undefined` for all. */
function seen(shape: Shape, options: AttentionOptions): NDArray | undefined {
  const { mask, isCausal = false, querySeqLengths, keyValueSeqLengths, localWindowSize } = options;
  const query = (): NDArray => iota("int32", shape, 3);
  const key = (): NDArray => iota("int32", shape, 4);
  const parts: NDArray[] = [];
  if (mask !== undefined) {
    const own = grouped("mask", mask, shape);
    if (own.dtype !== "bool") throw new TypeError(`Cannot ${OP}: the mask is of ${own.dtype}; pass bools`);
    parts.push(own);
  }
  if (isCausal) parts.push(ge(query(), key()));
  if (localWindowSize !== undefined) {
    const [left, right] = typeof localWindowSize === "number" ? [localWindowSize, localWindowSize] : localWindowSize;
    const at = query();
    const moved = (by: number): NDArray => add(key(), filled(by, at));
    parts.push(le(at, moved(left)), ge(at, moved(-right)));
  }
  if (querySeqLengths !== undefined) parts.push(within("querySeqLengths", querySeqLengths, query()));
  if (keyValueSeqLengths !== undefined) parts.push(within("keyValueSeqLengths", keyValueSeqLengths, key()));
  return parts.length === 0 ? undefined : parts.reduce((a, b) => and(a, b));
}

/**
 * Attention: means of values, weighted by how well queries and keys agree.
 *
 * Logits and weights are computed in float32, whatever the dtype. With less heads of keys than of queries, neighboring
 * heads of queries share one.
 *
 * **Shapes**
 * - `query`: `[batch, queries, heads, size]`, or without `batch`
 * - `key`, `value`: `[batch, keys, keyHeads, size]`, `heads` a multiple of `keyHeads`
 * - result: as `query`
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.random.normal(pz.random.key(0), [4, 2, 8]);
 * const y = pz.fn.dotProductAttention(x, x, x, { isCausal: true });
 * assert.deepEqual(y.shape, [4, 2, 8]);
 * ```
 *
 * @param query What asks.
 * @param key What is asked.
 * @param value What is answered.
 * @param options Scale, bias, and what is hidden.
 * @returns `Σ softmax(scale query · key + bias) value` over the keys.
 * @throws {TypeError} If the mask holds no bools.
 * @throws {ValueError} If the operands do not fit each other.
 *
 * Source: Vaswani et al. 2017, section 3.2.1 (arXiv:1706.03762). JAX: `jax.nn.dot_product_attention`.
 */
export function dotProductAttention(
  query: ArrayLike,
  key: ArrayLike,
  value: ArrayLike,
  options: AttentionOptions = {},
): NDArray {
  const given = asNumbers(OP, query);
  const [q, k, v] = [fourAxes("query", given), fourAxes("key", key), fourAxes("value", value)];
  check(q, k, v);
  const [b, t, n, h] = q.shape as [number, number, number, number];
  const heads = k.shape[2]!;
  const groups = n / Math.max(heads, 1);
  // [b, t, k, g, h] and [b, s, k, h] to [b, k, t, g, s], seen as [b, k, g, t, s].
  const products = dotGeneral(reshape(q, [b, t, heads, groups, h]), k, {
    contracting: [[4], [3]],
    batch: [[0, 2], [0, 2]],
    preferredElementType: "float32",
  });
  const ordered = transpose(products, [0, 1, 3, 2, 4]);
  let logits = mul(ordered, filled(options.scale ?? 1 / Math.sqrt(h), ordered));
  if (options.bias !== undefined) {
    const bias = grouped("bias", options.bias, logits.shape);
    logits = add(logits, convertElementType(bias, FLOAT32));
  }
  const visible = seen(logits.shape, options);
  if (visible !== undefined) logits = select(visible, logits, filled(HIDDEN, logits));
  const weights = convertElementType(softmax(logits, 4), { dtype: k.dtype as "float32", weakType: false });
  const encoded = dotGeneral(weights, v, { contracting: [[4], [1]], batch: [[0, 1], [0, 2]] });
  const result = reshape(transpose(encoded, [0, 3, 1, 2, 4]), [b, t, n, h]);
  const { querySeqLengths, keyValueSeqLengths } = options;
  if (querySeqLengths === undefined || keyValueSeqLengths === undefined) return reshape(result, given.shape);
  const isThere = within("querySeqLengths", querySeqLengths, iota("int32", result.shape, 1));
  return reshape(select(isThere, result, filled(0, result)), given.shape);
}
