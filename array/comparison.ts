/**
 * Comparisons, element by element and of whole arrays.
 *
 * @module
 */

import { constant } from "../core/constant.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { TypeOf } from "../core/promotion.ts";
import type { Shape } from "../core/shape.ts";
import { abs } from "../ops/abs.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { eq } from "../ops/eq.ts";
import { ge } from "../ops/ge.ts";
import { gt } from "../ops/gt.ts";
import { isFinite } from "../ops/is_finite.ts";
import { le } from "../ops/le.ts";
import { lt } from "../ops/lt.ts";
import { mul } from "../ops/mul.ts";
import { ne } from "../ops/ne.ts";
import { or } from "../ops/or.ts";
import { reduceAll } from "../ops/reduce_all.ts";
import { sub } from "../ops/sub.ts";
import type { DType } from "../wasm/dtype.ts";
import { sameShape } from "../wasm/layout.ts";
import { inexactPair, pair } from "./_operands.ts";
import { asType, promoteDtypes, promoteShapes } from "./promote.ts";

/**
 * Compares, element by element.
 *
 * @param x An array of numbers or bools.
 * @param y An array that broadcasts with it.
 * @returns Bools: where `x == y`; with NaN false.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.equal`.
 */
export function equal(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("equal", x, y);
  return eq(a, b);
}

/**
 * Compares, element by element.
 *
 * @param x An array of numbers or bools.
 * @param y An array that broadcasts with it.
 * @returns Bools: where `x != y`; with NaN true.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.not_equal`.
 */
export function notEqual(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("notEqual", x, y);
  return ne(a, b);
}

/**
 * Compares, element by element.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.less(pz.np.array([1, 2]), 2).tolist(), [true, false]);
 * ```
 *
 * @param x An array of numbers or bools.
 * @param y An array that broadcasts with it.
 * @returns Bools: where `x < y`; with NaN false.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.less`.
 */
export function less(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("less", x, y);
  return lt(a, b);
}

/**
 * Compares, element by element.
 *
 * @param x An array of numbers or bools.
 * @param y An array that broadcasts with it.
 * @returns Bools: where `x <= y`; with NaN false.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.less_equal`.
 */
export function lessEqual(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("lessEqual", x, y);
  return le(a, b);
}

/**
 * Compares, element by element.
 *
 * @param x An array of numbers or bools.
 * @param y An array that broadcasts with it.
 * @returns Bools: where `x > y`; with NaN false.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.greater`.
 */
export function greater(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("greater", x, y);
  return gt(a, b);
}

/**
 * Compares, element by element.
 *
 * @param x An array of numbers or bools.
 * @param y An array that broadcasts with it.
 * @returns Bools: where `x >= y`; with NaN false.
 * @throws {ValueError} If the shapes do not broadcast.
 *
 * JAX: `jax.numpy.greater_equal`.
 */
export function greaterEqual(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = pair("greaterEqual", x, y);
  return ge(a, b);
}

/** Four arrays of one shape. */
type Quadruple = [NDArray, NDArray, NDArray, NDArray];

/** How near two numbers have to be. */
export interface CloseOptions {
  /** The difference allowed, relative to the second number: 1e-5 if left out. */
  readonly rtol?: ArrayLike;
  /** The difference allowed besides: 1e-8 if left out. */
  readonly atol?: ArrayLike;
  /** Whether two NaN are near each other. */
  readonly equalNan?: boolean;
}

/**
 * Tells which elements are near each other.
 *
 * @param a An array.
 * @param b An array that broadcasts with it.
 * @param options How near is near.
 * @returns Bools: where `|a - b| <= atol + rtol |b|`, or both are the same infinity.
 *
 * JAX: `jax.numpy.isclose`.
 */
export function isclose(a: ArrayLike, b: ArrayLike, options: CloseOptions = {}): NDArray {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  const [x, y] = inexactPair("isclose", a, b);
  const type: TypeOf = { dtype: y.dtype as DType, weakType: false };
  const tolerances = [asType("isclose", rtol, type), asType("isclose", atol, type)];
  const [left, right, relative, absolute] = promoteShapes("isclose", [x, y, ...tolerances]) as Quadruple;
  const isNear = le(abs(sub(left, right)), add(absolute, mul(relative, abs(right))));
  // The bound of an infinity is infinite, and must not count; equal infinities are near.
  const near = or(and(isNear, and(isFinite(left), isFinite(right))), eq(left, right));
  return equalNan ? or(near, and(ne(left, left), ne(right, right))) : near;
}

/**
 * Tells whether all elements are near each other.
 *
 * @param x An array.
 * @param y An array that broadcasts with it.
 * @param options How near is near.
 * @returns A bool: whether {@linkcode isclose} holds everywhere.
 *
 * JAX: `jax.numpy.allclose`.
 */
export function allclose(x: ArrayLike, y: ArrayLike, options: CloseOptions = {}): NDArray {
  return everywhere(isclose(x, y, options));
}

/** Whether bools are all true. */
function everywhere(x: NDArray): NDArray {
  return reduceAll(x, x.shape.map((_, axis) => axis));
}

/** What counts as equal. */
export interface ArrayEqualOptions {
  /** Whether two NaN are equal. */
  readonly equalNan?: boolean;
}

/**
 * Tells whether two arrays have one shape and equal elements.
 *
 * @param x An array.
 * @param y An array.
 * @param options Whether NaN counts as equal.
 * @returns A bool.
 *
 * JAX: `jax.numpy.array_equal`.
 */
export function arrayEqual(x: ArrayLike, y: ArrayLike, options: ArrayEqualOptions = {}): NDArray {
  const [a, b] = promoteDtypes("arrayEqual", [x, y]);
  if (!sameShape(a!.shape, b!.shape)) return constant(false);
  const isEqual = eq(a!, b!);
  return everywhere(options.equalNan === true ? or(isEqual, and(ne(a!, a!), ne(b!, b!))) : isEqual);
}

/**
 * Tells whether two arrays broadcast to one shape and have equal elements there.
 *
 * @param x An array.
 * @param y An array.
 * @returns A bool.
 *
 * JAX: `jax.numpy.array_equiv`.
 */
export function arrayEquiv(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = promoteDtypes("arrayEquiv", [x, y]);
  if (!doBroadcast(a!.shape, b!.shape)) return constant(false);
  const [c, d] = promoteShapes("arrayEquiv", [a!, b!]);
  return everywhere(eq(c!, d!));
}

/** Whether sizes are equal or 1, counted from the last axis. */
function doBroadcast(a: Shape, b: Shape): boolean {
  return a.toReversed().every((size, k) => {
    const other = b.at(-1 - k) ?? 1;
    return size === other || size === 1 || other === 1;
  });
}
