/**
 * Random integers between bounds.
 *
 * @module
 */

import { asNumbers } from "../array/promote.ts";
import { constant, integerRange } from "../core/constant.ts";
import { arrayDtype, isFloating, isInteger } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { clamp } from "../ops/clamp.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { gt } from "../ops/gt.ts";
import { le } from "../ops/le.ts";
import { mul } from "../ops/mul.ts";
import { randomSplit } from "../ops/random_split.ts";
import { rem } from "../ops/rem.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import type { DType } from "../wasm/dtype.ts";
import { drawBits, type DtypeOptions } from "./bits.ts";
import { asKey, checkShape, currentLayout } from "./key.ts";
import { checkParameters } from "./uniform.ts";

/** The two keys that a key splits into. */
export function halves(key: NDArray): readonly [NDArray, NDArray] {
  const both = randomSplit(key, { shape: [2], layout: currentLayout() });
  return [0, 1].map((at) => reshape(sliceInDim(both, at, at + 1, 0), [])) as [NDArray, NDArray];
}

/** A number at a shape, in a dtype. */
function filled(value: number, shape: Shape, dtype: DType): NDArray {
  return broadcastTo(constant(value, { dtype, weakType: false }), shape);
}

/** A bound as integers: floats go towards 0. */
function bound(x: ArrayLike): NDArray {
  if (typeof x === "number" && x > 2 ** 31 - 1) return wideBound(x);
  const own = asNumbers("randint", x);
  return isInteger(own.dtype) ? own : convertElementType(own, { dtype: "int32", weakType: false });
}

/** A number beyond the range of int32, as uint32. */
function wideBound(x: number): NDArray {
  if (x < 2 ** 32) return constant(Math.trunc(x), { dtype: "uint32", weakType: false });
  throw new ValueError("Cannot randint: a bound is beyond all integers of 32 bits", {
    op: "randint",
    actual: `${x}`,
    expected: `at most ${2 ** 32 - 1}`,
    remedy: "draw all integers of 32 bits by bits()",
    code: "random-bound",
  });
}

/** Integers in another dtype; those beyond its range go to its end. */
function clipped(x: NDArray, dtype: DType): NDArray {
  const own = x.dtype as DType;
  const [least, most] = integerRange(dtype);
  const [ownLeast, ownMost] = integerRange(own);
  const type = { dtype, weakType: false };
  if (ownLeast >= least && ownMost <= most) return convertElementType(x, type);
  const [low, high] = [Math.max(least, ownLeast), Math.min(most, ownMost)];
  return convertElementType(clamp(filled(low, x.shape, own), x, filled(high, x.shape, own)), type);
}

/** As {@linkcode randint}, of what is checked. */
export function drawIntegers(key: NDArray, shape: Shape, minval: NDArray, maxval: NDArray, dtype: DType): NDArray {
  const bits = Number(/\d+/.exec(dtype)![0]) as 8 | 16 | 32;
  const unsigned = `uint${bits}` as const;
  // The end itself may be above the greatest number of the dtype, by one: the span is then one more.
  const greatest = Math.min(integerRange(dtype)[1], integerRange(maxval.dtype as DType)[1]);
  const isBeyond = broadcastTo(gt(maxval, filled(greatest, maxval.shape, maxval.dtype as DType)), shape);
  const low = broadcastTo(clipped(minval, dtype), shape);
  const high = broadcastTo(clipped(maxval, dtype), shape);

  const [first, second] = halves(key);
  const [higher, lower] = [drawBits(first, shape, bits), drawBits(second, shape, bits)];
  const one = filled(1, shape, unsigned);
  const distance = convertElementType(sub(high, low), { dtype: unsigned, weakType: false });
  let span = select(le(high, low), one, distance);
  span = select(and(isBeyond, gt(high, low)), add(span, one), span);
  // 2^bits modulo the span, squared out of the root of 2^bits. A span that has wrapped to 0 leaves all as it is.
  const root = rem(filled(2 ** (bits / 2), shape, unsigned), span);
  const factor = rem(mul(root, root), span);
  const offset = rem(add(mul(rem(higher, span), factor), rem(lower, span)), span);
  return add(low, convertElementType(offset, { dtype, weakType: false }));
}

/**
 * Draws integers, evenly from the least to below the greatest.
 *
 * Each is made of twice the bits of its dtype, so that the bias of spans that are no powers of 2 is small.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const dice = pz.random.randint(pz.random.key(0), [100], 1, 7);
 * assert(Number(dice.min()) === 1 && Number(dice.max()) === 6);
 * ```
 *
 * @param key A key.
 * @param shape Elements along each axis.
 * @param minval The least value; it broadcasts to the shape.
 * @param maxval What all are below; it broadcasts to the shape. Where it is not above the least value, that is drawn.
 * @param options The dtype: int32 if left out.
 * @returns The integers.
 * @throws {TypeError} If `key` is no key, or the dtype is no integer.
 * @throws {ValueError} If it holds several keys, the shape is none, or the bounds do not fit it.
 *
 * JAX: `jax.random.randint`.
 */
export function randint(
  key: NDArray | Uint32Array,
  shape: number | Shape,
  minval: ArrayLike,
  maxval: ArrayLike,
  options: DtypeOptions = {},
): NDArray {
  const { keys } = asKey("randint", key);
  const sizes = checkShape("randint", shape);
  const dtype = arrayDtype("randint", options.dtype ?? "int32");
  if (isFloating(dtype) || dtype === "bool") {
    throw new TypeError(`Cannot randint: the dtype is ${dtype}; name an integer dtype, or draw floats by uniform()`);
  }
  const [low, high] = [bound(minval), bound(maxval)];
  checkParameters("randint", sizes, low.shape, high.shape);
  return drawIntegers(keys, sizes, low, high, dtype);
}
