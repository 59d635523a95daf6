/**
 * The strict elementwise functions: arithmetic, bounds, choices, casts; with those of analysis and of logic.
 *
 * Dtypes and shapes have to agree, but for scalars. What promotes and broadcasts is in `pz.np`.
 *
 * @module
 */

import { isFloating, isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { abs as absOp } from "../ops/abs.ts";
import { add as addOp } from "../ops/add.ts";
import { ceil as ceilOp } from "../ops/ceil.ts";
import { clamp as clampOp } from "../ops/clamp.ts";
import { div as divOp } from "../ops/div.ts";
import { floor as floorOp } from "../ops/floor.ts";
import { integerPow as integerPowOp } from "../ops/integer_pow.ts";
import { max as maxOp } from "../ops/max.ts";
import { min as minOp } from "../ops/min.ts";
import { mul as mulOp } from "../ops/mul.ts";
import { neg as negOp } from "../ops/neg.ts";
import { nextAfter as nextAfterOp } from "../ops/next_after.ts";
import { pow as powOp } from "../ops/pow.ts";
import { rem as remOp } from "../ops/rem.ts";
import { round as roundOp } from "../ops/round.ts";
import { sign as signOp } from "../ops/sign.ts";
import { square as squareOp } from "../ops/square.ts";
import { sub as subOp } from "../ops/sub.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { sameShape } from "../wasm/layout.ts";
import { checkKind, operand, operands, sameDtype, sameShapes } from "./_lax_operands.ts";
import { asNumbers } from "./promote.ts";

export * from "./lax_casts.ts";
export * from "./lax_logic.ts";
export * from "./lax_math.ts";

/**
 * Adds.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns `x + y`.
 * @throws {TypeError} If the dtypes differ, or are not of numbers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.add`.
 */
export function add(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("add", x, y, "numbers");
  return addOp(a, b);
}

/**
 * Subtracts.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns `x - y`.
 * @throws {TypeError} If the dtypes differ, or are not of numbers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.sub`.
 */
export function sub(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("sub", x, y, "numbers");
  return subOp(a, b);
}

/**
 * Multiplies.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns `x y`.
 * @throws {TypeError} If the dtypes differ, or are not of numbers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.mul`.
 */
export function mul(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("mul", x, y, "numbers");
  return mulOp(a, b);
}

/**
 * Divides; integers towards 0.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([7, -7]);
 * assert.deepEqual(pz.lax.div(x, 2).tolist(), [3, -3]);
 * ```
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns `x / y`; of integers by 0 all bits set.
 * @throws {TypeError} If the dtypes differ, or are not of numbers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.div`.
 */
export function div(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("div", x, y, "numbers");
  return divOp(a, b);
}

/**
 * Takes what is left by division towards 0.
 *
 * @param x An array of numbers.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns The remainder, with the sign of `x`; of integers by 0 `x`.
 * @throws {TypeError} If the dtypes differ, or are not of numbers.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.rem`.
 */
export function rem(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("rem", x, y, "numbers");
  return remOp(a, b);
}

/**
 * Takes the larger of two.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns The larger ones; NaN where either is.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.max`.
 */
export function max(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("max", x, y, "numbers or bools");
  return maxOp(a, b);
}

/**
 * Takes the smaller of two.
 *
 * @param x An array of numbers or bools.
 * @param y An array of its shape and dtype; either may be a scalar.
 * @returns The smaller ones; NaN where either is.
 * @throws {TypeError} If the dtypes differ, or are not of numbers or bools.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.min`.
 */
export function min(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("min", x, y, "numbers or bools");
  return minOp(a, b);
}

/**
 * Negates.
 *
 * @param x An array of numbers.
 * @returns `-x`; unsigned integers wrap.
 * @throws {TypeError} If the elements are not numbers.
 *
 * JAX: `jax.lax.neg`.
 */
export function neg(x: ArrayLike): NDArray {
  return negOp(operand("neg", x, "numbers"));
}

/**
 * Takes absolute values.
 *
 * @param x An array of signed numbers.
 * @returns `|x|`; the lowest integer of a dtype stays negative.
 * @throws {TypeError} If the elements are not signed numbers.
 *
 * JAX: `jax.lax.abs`.
 */
export function abs(x: ArrayLike): NDArray {
  return absOp(operand("abs", x, "signed numbers"));
}

/**
 * Takes the signs.
 *
 * @param x An array of numbers.
 * @returns -1, 0 or 1; NaN stays.
 * @throws {TypeError} If the elements are not numbers.
 *
 * JAX: `jax.lax.sign`.
 */
export function sign(x: ArrayLike): NDArray {
  return signOp(operand("sign", x, "numbers"));
}

/**
 * Squares.
 *
 * @param x An array of numbers.
 * @returns `x²`.
 * @throws {TypeError} If the elements are not numbers.
 *
 * JAX: `jax.lax.square`.
 */
export function square(x: ArrayLike): NDArray {
  return squareOp(operand("square", x, "numbers"));
}

/**
 * Rounds down.
 *
 * @param x An array of floats.
 * @returns Whole numbers.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.floor`.
 */
export function floor(x: ArrayLike): NDArray {
  return floorOp(operand("floor", x, "floats"));
}

/**
 * Rounds up.
 *
 * @param x An array of floats.
 * @returns Whole numbers.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.ceil`.
 */
export function ceil(x: ArrayLike): NDArray {
  return ceilOp(operand("ceil", x, "floats"));
}

/** Where numbers go that are in the middle of two whole ones. */
export type RoundingMethod = "awayFromZero" | "toNearestEven";

/** How {@linkcode round} rounds. */
export interface LaxRoundOptions {
  /** Where halves go: away from 0 if left out. */
  readonly roundingMethod?: RoundingMethod;
}

/**
 * Rounds to the next whole numbers.
 *
 * @param x An array of floats.
 * @param options Where halves go.
 * @returns Whole numbers.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.round`.
 */
export function round(x: ArrayLike, options: LaxRoundOptions = {}): NDArray {
  const { roundingMethod = "awayFromZero" } = options;
  return roundOp(operand("round", x, "floats"), roundingMethod === "toNearestEven" ? "even" : "away");
}

/**
 * Takes reciprocals.
 *
 * @param x An array of floats.
 * @returns `1 / x`.
 * @throws {TypeError} If the elements are not floats.
 *
 * JAX: `jax.lax.reciprocal`.
 */
export function reciprocal(x: ArrayLike): NDArray {
  return integerPowOp(operand("reciprocal", x, "floats"), -1);
}

/**
 * Raises to a whole power, by multiplications.
 *
 * @param x An array of numbers.
 * @param exponent A whole number; of integers not a negative one.
 * @returns `x^exponent`.
 * @throws {TypeError} If the exponent is no whole number, or negative for integers.
 *
 * JAX: `jax.lax.integer_pow`.
 */
export function integerPow(x: ArrayLike, exponent: number): NDArray {
  const y = operand("integerPow", x, "numbers");
  if (!Number.isInteger(exponent)) {
    throw new TypeError(`Cannot integerPow: the exponent is ${exponent}; pass a whole number, or use pow`);
  }
  if (exponent < 0 && !isFloating(y.dtype)) {
    throw new TypeError(
      `Cannot integerPow: ${y.dtype} has no fractions for the exponent ${exponent}; cast x to a float first`,
    );
  }
  return integerPowOp(y, exponent);
}

/**
 * Raises to powers.
 *
 * @param x An array of floats.
 * @param y An array of its shape, of its dtype or of integers; either may be a scalar.
 * @returns `x^y`.
 * @throws {TypeError} If `x` is not of floats, or the dtypes do not fit.
 *
 * JAX: `jax.lax.pow`.
 */
export function pow(x: ArrayLike, y: ArrayLike): NDArray {
  const areWhole = y instanceof NDArray && isInteger(y.dtype);
  const [a, b] = sameShapes("pow", areWhole ? [asNumbers("pow", x), y] : sameDtype("pow", [x, y]));
  return powOp(checkKind("pow", a!, "floats"), b!);
}

/**
 * Moves to the next float.
 *
 * @param x An array of floats.
 * @param y Where to: an array of its shape and dtype; either may be a scalar.
 * @returns The neighbors of `x` on the way to `y`.
 *
 * JAX: `jax.lax.nextafter`.
 */
export function nextafter(x: ArrayLike, y: ArrayLike): NDArray {
  const [a, b] = operands("nextafter", x, y, "floats");
  return nextAfterOp(a, b);
}

/**
 * Moves elements between two bounds.
 *
 * @param min The lower bounds: without axes, or of the shape of `x`.
 * @param x An array of numbers.
 * @param max The upper bounds, likewise. They win where they are below the lower ones.
 * @returns Elements of `x` between the bounds, else the bound.
 * @throws {TypeError} If the dtypes differ.
 * @throws {ValueError} If a bound has another shape.
 *
 * JAX: `jax.lax.clamp`.
 */
export function clamp(min: ArrayLike, x: ArrayLike, max: ArrayLike): NDArray {
  const [low, y, high] = sameDtype("clamp", [min, x, max]) as [NDArray, NDArray, NDArray];
  for (const bound of [low, high]) {
    if (bound.ndim > 0 && !sameShape(bound.shape, y.shape)) {
      throw new ValueError("Cannot clamp: a bound has another shape", {
        op: "clamp",
        actual: `[${bound.shape}] for x of shape [${y.shape}]`,
        expected: "no axes, or the shape of x",
        remedy: "broadcast the bound first, or use pz.np.clip",
        code: "clamp-shape",
      });
    }
  }
  return clampOp(broadcastTo(low, y.shape), y, broadcastTo(high, y.shape));
}
