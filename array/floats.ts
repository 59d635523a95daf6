/**
 * What floats are made of: signs, neighbors, fractions and exponents, numbers that are none.
 *
 * @module
 */

import { isFloating } from "../core/dtype.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { abs } from "../ops/abs.ts";
import { add } from "../ops/add.ts";
import { and } from "../ops/and.ts";
import { bitcastConvertType } from "../ops/bitcast_convert_type.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { eq } from "../ops/eq.ts";
import { gt } from "../ops/gt.ts";
import { isFinite } from "../ops/is_finite.ts";
import { lt } from "../ops/lt.ts";
import { mul } from "../ops/mul.ts";
import { ne } from "../ops/ne.ts";
import { neg } from "../ops/neg.ts";
import { nextAfter } from "../ops/next_after.ts";
import { not } from "../ops/not.ts";
import { or } from "../ops/or.ts";
import { pow } from "../ops/pow.ts";
import { select } from "../ops/select.ts";
import { shiftRightArithmetic } from "../ops/shift_right_arithmetic.ts";
import { sub } from "../ops/sub.ts";
import { trunc } from "../ops/trunc.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { beside, inexact, inexactPair, strong } from "./_operands.ts";
import { asNumbers, asType, promoteInexact, promoteShapes } from "./promote.ts";

/** The integer dtype of the width of a float, and what its bits are. */
interface FloatFormat {
  readonly bits: "int16" | "int32";
  /** Bits of the fraction. */
  readonly fraction: number;
  /** Bits of the exponent. */
  readonly exponent: number;
  /** The largest number. */
  readonly max: number;
}

const FORMATS: Readonly<Record<"float32" | "float16" | "bfloat16", FloatFormat>> = {
  float32: { bits: "int32", fraction: 23, exponent: 8, max: (2 - 2 ** -23) * 2 ** 127 },
  float16: { bits: "int16", fraction: 10, exponent: 5, max: 65504 },
  bfloat16: { bits: "int16", fraction: 7, exponent: 8, max: (2 - 2 ** -7) * 2 ** 127 },
};

function formatOf(x: NDArray): FloatFormat {
  return FORMATS[x.dtype as keyof typeof FORMATS];
}

/**
 * Tells which elements have the sign bit, negative zeros included.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.signbit(pz.np.array([-0, 0.5])).tolist(), [true, false]);
 * ```
 *
 * @param x An array of numbers.
 * @returns Bools.
 *
 * JAX: `jax.numpy.signbit`.
 */
export function signbit(x: ArrayLike): NDArray {
  const y = asNumbers("signbit", x);
  if (y.dtype === "bool") return filled(0, { shape: y.shape, dtype: "bool", weakType: false });
  const bits = isFloating(y.dtype) ? bitcastConvertType(y, formatOf(y).bits) : y;
  return lt(bits, filled(0, bits));
}

/**
 * Gives numbers the signs of others.
 *
 * @param x An array; integers count as float32.
 * @param y An array that broadcasts with it.
 * @returns `|x|` with the sign of `y`.
 *
 * JAX: `jax.numpy.copysign`.
 */
export function copysign(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = inexactPair("copysign", x, y);
  const size = abs(a);
  return select(signbit(b), neg(size), size);
}

/**
 * Moves to the next float.
 *
 * @param x An array; integers count as float32.
 * @param y Where to, which broadcasts with it.
 * @returns The neighbors of `x` on the way to `y`.
 *
 * JAX: `jax.numpy.nextafter`.
 */
export function nextafter(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = inexactPair("nextafter", x, y);
  return nextAfter(a, b);
}

/**
 * Takes the distance to the next float away from 0.
 *
 * @param x An array; integers count as float32.
 * @returns The distances, with the sign of `x`; of float16 upwards, as in JAX.
 *
 * JAX: `jax.numpy.spacing`.
 */
export function spacing(x: ArrayLike): NDArray {
  const y = strong(inexact("spacing", x));
  const infinity = filled(Infinity, y);
  if (y.dtype === "float16") return sub(nextAfter(y, infinity), y);
  const { fraction } = formatOf(y);
  const distance = sub(nextAfter(y, copysign(infinity, y)), y);
  const least = copysign(filled(2 ** (-126 - fraction), y), y);
  return select(eq(distance, filled(0, distance)), least, distance);
}

/**
 * Multiplies by powers of 2.
 *
 * @param x An array; integers count as float32.
 * @param exponent Integers, which broadcast with it.
 * @returns `x 2^exponent`.
 * @throws {TypeError} If the exponents are floats.
 *
 * JAX: `jax.numpy.ldexp`.
 */
export function ldexp(x: ArrayLike, exponent: ArrayLike): NDArray {
  const steps = asNumbers("ldexp", exponent);
  if (isFloating(steps.dtype)) {
    throw new TypeError(`Cannot ldexp: the exponents are ${steps.dtype}; cast them to integers`);
  }
  const y = inexact("ldexp", x);
  const [a, b] = inexactPair("ldexp", y, convertElementType(steps, { dtype: y.dtype as DType, weakType: false }));
  const isFixed = or(eq(abs(a), filled(Infinity, a)), eq(a, filled(0, a)));
  return select(isFixed, a, mul(a, pow(filled(2, b), b)));
}

/**
 * Parts numbers into fractions from 1/2 to 1 and powers of 2.
 *
 * @param x An array; integers count as float32.
 * @returns The fractions, and the exponents, int32: `x = fraction 2^exponent`.
 *
 * JAX: `jax.numpy.frexp`.
 */
export function frexp(x: ArrayLike): [fraction: NDArray, exponent: NDArray] {
  const y = inexact("frexp", x);
  const format = formatOf(y);
  const [mask, bias] = [2 ** format.exponent - 1, 2 ** (format.exponent - 1) - 1];
  // Numbers below the normal ones are moved up first.
  const isSmall = lt(abs(y), filled(2 ** (1 - bias), y));
  const moved = select(isSmall, mul(y, filled(2 ** format.fraction, y)), y);
  const bits = bitcastConvertType(moved, format.bits);
  const start = select(isSmall, filled(-format.fraction, bits), filled(0, bits));
  const field = and(shiftRightArithmetic(bits, filled(format.fraction, bits)), filled(mask, bits));
  const exponent = add(start, sub(field, filled(bias - 1, bits)));
  const rest = and(bits, filled(~(mask << format.fraction), bits));
  const fraction = or(rest, filled((bias - 1) << format.fraction, bits));
  const isFixed = or(not(isFinite(y)), eq(y, filled(0, y)));
  return [
    select(isFixed, y, bitcastConvertType(fraction, y.dtype as DType)),
    convertElementType(select(isFixed, filled(0, exponent), exponent), { dtype: "int32", weakType: false }),
  ];
}

/**
 * Parts numbers into fractions and whole parts.
 *
 * @param x An array; integers count as float32.
 * @returns The fractions and the whole parts, both with the sign of `x`.
 *
 * JAX: `jax.numpy.modf`.
 */
export function modf(x: ArrayLike): [fraction: NDArray, whole: NDArray] {
  const y = inexact("modf", x);
  const whole = trunc(y);
  return [sub(y, whole), whole];
}

/**
 * Takes the step function.
 *
 * @param x An array; integers count as float32.
 * @param y The values at 0, which broadcast with it.
 * @returns 0 below 0, 1 above 0, `y` at 0 and at NaN.
 *
 * JAX: `jax.numpy.heaviside`.
 */
export function heaviside(x: ArrayLike, y: ArrayLike): NDArray {
  const [first, second] = promoteInexact("heaviside", [x, y]) as [NDArray, NDArray];
  const constants = [beside(first, 0), beside(first, 1)];
  const [a, b, zero, one] = promoteShapes("heaviside", [first, second, ...constants]) as NDArray[];
  return select(lt(a!, zero!), zero!, select(gt(a!, zero!), one!, b!));
}

/** What stands for numbers that are not finite. */
export interface NanToNumOptions {
  /** For NaN: 0 if left out. */
  readonly nan?: ArrayLike;
  /** For infinity: the largest number of the dtype if left out. */
  readonly posinf?: ArrayLike;
  /** For negative infinity: the lowest number of the dtype if left out. */
  readonly neginf?: ArrayLike;
}

/**
 * Replaces NaN and infinities.
 *
 * @param x An array of numbers.
 * @param options What by.
 * @returns The numbers, all of them finite if the replacements are; integers as they are.
 *
 * JAX: `jax.numpy.nan_to_num`.
 */
export function nanToNum(x: ArrayLike, options: NanToNumOptions = {}): NDArray {
  const y = asNumbers("nanToNum", x);
  if (!isFloating(y.dtype)) return y;
  const { max } = formatOf(y);
  const { nan = 0, posinf = max, neginf = -max } = options;
  const replaced = (isBad: NDArray, value: ArrayLike, rest: NDArray): NDArray => {
    const other = asType("nanToNum", value, { dtype: y.dtype as DType, weakType: false });
    const [condition, a, b] = promoteShapes("nanToNum", [isBad, other, rest]) as [NDArray, NDArray, NDArray];
    return select(condition, a, b);
  };
  const numbers = replaced(ne(y, y), nan, y);
  const below = replaced(eq(numbers, filled(Infinity, numbers)), posinf, numbers);
  return replaced(eq(below, filled(-Infinity, below)), neginf, below);
}
