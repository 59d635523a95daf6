/**
 * Floats of further distributions, each made of even ones by the inverse of its distribution function.
 *
 * Source: JAX, `jax/_src/random.py`.
 *
 * @module
 */

import { asType } from "../array/promote.ts";
import { constant, typeOf } from "../core/constant.ts";
import { arrayDtype, isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { weakFloat } from "../core/promotion.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { abs } from "../ops/abs.ts";
import { add } from "../ops/add.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { div } from "../ops/div.ts";
import { ge } from "../ops/ge.ts";
import { log } from "../ops/log.ts";
import { log1p } from "../ops/log1p.ts";
import { lt } from "../ops/lt.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import type { RandomFloat } from "../ops/random_float.ts";
import { reduceSum } from "../ops/reduce_sum.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { sign } from "../ops/sign.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sqrt } from "../ops/sqrt.ts";
import { square } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import { tan } from "../ops/tan.ts";
import type { DtypeOptions } from "./bits.ts";
import { asKey, checkShape } from "./key.ts";
import { drawNormal } from "./normal.ts";
import { checkParameters, drawUniform, floatDtype } from "./uniform.ts";

/** The distance from 1 to the next number, and the least normal number. */
const LIMITS: Readonly<Record<RandomFloat, { readonly step: number; readonly tiny: number }>> = {
  float32: { step: 2 ** -23, tiny: 2 ** -126 },
  float16: { step: 2 ** -10, tiny: 2 ** -14 },
  bfloat16: { step: 2 ** -7, tiny: 2 ** -126 },
};

/** A number at the shape and dtype of an array. */
function like(value: number, x: NDArray): NDArray {
  return broadcastTo(constant(weakFloat(value), { ...typeOf(x), weakType: false }), x.shape);
}

/** A sampler of floats: a function of even ones. */
type Sampler = (key: NDArray, shape: Shape, dtype: RandomFloat) => NDArray;

/** Checks what a sampler is called with, and calls it. */
function sample(
  op: string,
  sampler: Sampler,
  key: NDArray | Uint32Array,
  shape: number | Shape,
  { dtype }: DtypeOptions,
): NDArray {
  const { keys } = asKey(op, key);
  return sampler(keys, checkShape(op, shape), floatDtype(op, dtype));
}

/**
 * Draws floats of the exponential distribution of rate 1, `-log(1 - u)`.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: float32 if left out.
 * @returns The floats, at least 0.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or the dtype is no float.
 *
 * JAX: `jax.random.exponential`.
 */
export function exponential(
  key: NDArray | Uint32Array,
  shape: number | Shape = [],
  options: DtypeOptions = {},
): NDArray {
  return sample(
    "exponential",
    (own, sizes, dtype) => neg(log1p(neg(drawUniform(own, sizes, dtype)))),
    key,
    shape,
    options,
  );
}

/** How to draw of the Gumbel distribution. */
export interface GumbelOptions extends DtypeOptions {
  /** "high" draws twice the bits, for the tail of large values; "low" if left out. */
  readonly mode?: "low" | "high";
}

/** As {@linkcode gumbel}, of what is checked. */
export function drawGumbel(key: NDArray, shape: Shape, dtype: RandomFloat, mode: "low" | "high" = "low"): NDArray {
  const { step, tiny } = LIMITS[dtype];
  if (mode === "low") {
    // As an array: a half would round the bound, and a number takes another way.
    return neg(log(neg(log(drawUniform(key, shape, dtype, weakFloat(tiny), weakFloat(1))))));
  }
  const both = drawUniform(key, [2, ...shape], dtype);
  const half = (at: number): NDArray => reshape(sliceInDim(both, at, at + 1, 0), shape);
  const [high, low] = [half(0), half(1)];
  const more = add(add(high, mul(like(step, low), low)), like(tiny, low));
  return neg(log(neg(log1p(neg(select(ge(high, like(0.5, high)), high, more))))));
}

/**
 * Draws floats of the standard Gumbel distribution, `-log(-log(u))`.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype, float32 if left out, and the mode.
 * @returns The floats.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, the dtype is no float, or there is no such mode.
 *
 * JAX: `jax.random.gumbel`.
 */
export function gumbel(
  key: NDArray | Uint32Array,
  shape: number | Shape = [],
  options: GumbelOptions = {},
): NDArray {
  const { mode = "low" } = options;
  if (mode !== "low" && mode !== "high") {
    throw new ValueError("Cannot gumbel: there is no such mode", {
      op: "gumbel",
      operand: "mode",
      actual: JSON.stringify(mode),
      expected: '"low" or "high"',
      remedy: "leave it out",
      code: "gumbel-mode",
    });
  }
  return sample("gumbel", (own, sizes, dtype) => drawGumbel(own, sizes, dtype, mode), key, shape, options);
}

/**
 * Draws floats of the standard Laplace distribution, `sign(u) log(1 - |u|)`.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: float32 if left out.
 * @returns The floats.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or the dtype is no float.
 *
 * JAX: `jax.random.laplace`.
 */
export function laplace(key: NDArray | Uint32Array, shape: number | Shape = [], options: DtypeOptions = {}): NDArray {
  return sample(
    "laplace",
    (own, sizes, dtype) => {
      const u = drawUniform(own, sizes, dtype, -1 + LIMITS[dtype].step / 2, 1);
      return mul(sign(u), log1p(neg(abs(u))));
    },
    key,
    shape,
    options,
  );
}

/**
 * Draws floats of the standard Cauchy distribution, `tan(π (u - 1/2))`.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: float32 if left out.
 * @returns The floats.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or the dtype is no float.
 *
 * JAX: `jax.random.cauchy`.
 */
export function cauchy(key: NDArray | Uint32Array, shape: number | Shape = [], options: DtypeOptions = {}): NDArray {
  return sample(
    "cauchy",
    (own, sizes, dtype) => {
      const u = drawUniform(own, sizes, dtype, LIMITS[dtype].step, 1);
      return tan(mul(like(Math.PI, u), sub(u, like(0.5, u))));
    },
    key,
    shape,
    options,
  );
}

/**
 * Draws floats of the standard logistic distribution, `log(u / (1 - u))`.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: float32 if left out.
 * @returns The floats.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or the dtype is no float.
 *
 * JAX: `jax.random.logistic`.
 */
export function logistic(key: NDArray | Uint32Array, shape: number | Shape = [], options: DtypeOptions = {}): NDArray {
  return sample(
    "logistic",
    (own, sizes, dtype) => {
      const u = drawUniform(own, sizes, dtype, LIMITS[dtype].step, 1);
      return log(div(u, sub(like(1, u), u)));
    },
    key,
    shape,
    options,
  );
}

/**
 * Draws floats of the standard Maxwell distribution: lengths of vectors of three normal components.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: float32 if left out.
 * @returns The floats, at least 0.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or the dtype is no float.
 *
 * JAX: `jax.random.maxwell`.
 */
export function maxwell(key: NDArray | Uint32Array, shape: number | Shape = [], options: DtypeOptions = {}): NDArray {
  return sample(
    "maxwell",
    (own, sizes, dtype) => sqrt(reduceSum(square(drawNormal(own, [...sizes, 3], dtype)), [sizes.length])),
    key,
    shape,
    options,
  );
}

/** How likely {@linkcode bernoulli} draws `true`, and how often it draws. */
export interface BernoulliOptions {
  /** The probability, a float: 1/2 if left out. */
  readonly p?: ArrayLike;
  /** Elements along each axis; the shape of `p` if left out. */
  readonly shape?: number | Shape;
}

/**
 * Draws bools, `true` with a given probability: `u < p`.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const keep = pz.random.bernoulli(pz.random.key(0), { p: 0.9, shape: [1000] });
 * assert(Math.abs(Number(keep.mean()) - 0.9) < 0.05);
 * ```
 *
 * @param key A key.
 * @param options The probability and the shape.
 * @returns The bools.
 * @throws {TypeError} If `key` is no key, or the probability is an array of no floats.
 * @throws {ValueError} If it holds several keys, or the probability does not fit the shape.
 *
 * JAX: `jax.random.bernoulli`.
 */
export function bernoulli(key: NDArray | Uint32Array, options: BernoulliOptions = {}): NDArray {
  const { keys } = asKey("bernoulli", key);
  const { p = 0.5 } = options;
  // Of a number 0 or 1, which is an integer for all else, the float is meant.
  const dtype = p instanceof NDArray ? p.dtype : "float32";
  if (!isFloating(dtype) || typeof p === "bigint" || typeof p === "boolean") {
    const actual = p instanceof NDArray ? `an array of ${dtype}` : `a ${typeof p}`;
    throw new TypeError(`Cannot bernoulli: the probability is ${actual}; pass a float, as 0.5`);
  }
  const probability = asType("bernoulli", p, { dtype, weakType: false });
  const shape = options.shape === undefined ? probability.shape : checkShape("bernoulli", options.shape);
  checkParameters("bernoulli", shape, probability.shape);
  return lt(drawUniform(keys, shape, dtype), broadcastTo(probability, shape));
}

/**
 * Draws -1 and 1, equally likely.
 *
 * @param key A key.
 * @param shape Elements along each axis; a single one if left out.
 * @param options The dtype: int32 if left out.
 * @returns The numbers.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, the shape is none, or no array has the dtype.
 *
 * JAX: `jax.random.rademacher`.
 */
export function rademacher(
  key: NDArray | Uint32Array,
  shape: number | Shape = [],
  options: DtypeOptions = {},
): NDArray {
  const { keys } = asKey("rademacher", key);
  const dtype = arrayDtype("rademacher", options.dtype ?? "int32");
  const sizes = checkShape("rademacher", shape);
  const heads = lt(drawUniform(keys, sizes, "float32"), broadcastTo(constant(0.5), sizes));
  const bits = convertElementType(heads, { dtype: "int32", weakType: false });
  const type = { dtype: "int32", weakType: false } as const;
  const signs = sub(add(bits, bits), broadcastTo(constant(1, type), sizes));
  return convertElementType(signs, { dtype, weakType: false });
}
