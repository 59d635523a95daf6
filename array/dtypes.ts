/**
 * dtypes as values: their names, what they promote to, what they can hold.
 *
 * @module
 */

import { integerRange, typeOf } from "../core/constant.ts";
import { arrayDtype, isFloating, isInteger, isSubdtype } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { promoteTypes as promote, type TypeOf } from "../core/promotion.ts";
import { normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { type DType, DTYPES } from "../wasm/dtype.ts";
import { asNumbers } from "./promote.ts";

/** 32-bit floats, which most work is done in. */
export const float32 = "float32";
/** 16-bit floats with 10 bits of fraction. */
export const float16 = "float16";
/** 16-bit floats with the range of float32, and 7 bits of fraction. */
export const bfloat16 = "bfloat16";
/** 8-bit integers from -128 to 127. */
export const int8 = "int8";
/** 16-bit integers from -32768 to 32767. */
export const int16 = "int16";
/** 32-bit integers from -2147483648 to 2147483647. */
export const int32 = "int32";
/** 8-bit integers from 0 to 255. */
export const uint8 = "uint8";
/** 16-bit integers from 0 to 65535. */
export const uint16 = "uint16";
/** 32-bit integers from 0 to 4294967295. */
export const uint32 = "uint32";
/** `true` and `false`. */
export const bool = "bool";

/** The ratio of a circle's circumference to its diameter. */
export const pi: number = Math.PI;
/** Euler's number. */
export const e: number = Math.E;
/** Infinity. */
export const inf: number = Infinity;
/** Not a number. */
export const nan: number = NaN;
/** Euler's constant, the limit of `1 + 1/2 + … + 1/n - log(n)`. */
export const eulerGamma = 0.5772156649015329;
/** Stands in an index for a new axis of size 1. */
export const newaxis = null;

/** What a float dtype can hold. */
export interface FloatInfo {
  /** Its name. */
  readonly dtype: DType;
  /** Bits of an element. */
  readonly bits: number;
  /** The distance from 1 to the next number. */
  readonly eps: number;
  /** The greatest finite number. */
  readonly max: number;
  /** The least finite number. */
  readonly min: number;
  /** The least positive number of full precision. */
  readonly tiny: number;
  /** The same. */
  readonly smallestNormal: number;
  /** The least positive number. */
  readonly smallestSubnormal: number;
  /** Bits of the fraction. */
  readonly nmant: number;
  /** Bits of the exponent. */
  readonly nexp: number;
}

/** What an integer dtype can hold. */
export interface IntegerInfo {
  /** Its name. */
  readonly dtype: DType;
  /** Bits of an element. */
  readonly bits: number;
  /** The greatest number. */
  readonly max: number;
  /** The least number. */
  readonly min: number;
}

function dtypeOf(op: string, of: string | NDArray): DType {
  return of instanceof NDArray ? of.dtype as DType : arrayDtype(op, of);
}

function refuse(op: string, dtype: string, kind: string, other: string): ValueError {
  return new ValueError(`Cannot tell what ${dtype} can hold: it is no ${kind} dtype`, {
    op,
    actual: dtype,
    expected: `a ${kind} dtype`,
    remedy: `call ${other} for other dtypes`,
    code: "dtype-info",
  });
}

/**
 * What a float dtype can hold.
 *
 * @param of Its name, or an array of it.
 * @returns Its limits.
 * @throws {ValueError} If it is no float.
 *
 * JAX: `jax.numpy.finfo`.
 */
export function finfo(of: string | NDArray): FloatInfo {
  const dtype = dtypeOf("finfo", of);
  if (!isFloating(dtype)) throw refuse("finfo", dtype, "float", "iinfo()");
  const [nmant, nexp] = { float32: [23, 8], bfloat16: [7, 8], float16: [10, 5] }[dtype] as [number, number];
  const bias = 2 ** (nexp - 1) - 1;
  const [eps, tiny, max] = [2 ** -nmant, 2 ** (1 - bias), (2 - 2 ** -nmant) * 2 ** bias];
  return {
    dtype,
    bits: DTYPES[dtype].size * 8,
    eps,
    max,
    min: -max,
    tiny,
    smallestNormal: tiny,
    smallestSubnormal: tiny * eps,
    nmant,
    nexp,
  };
}

/**
 * What an integer dtype can hold.
 *
 * @param of Its name, or an array of it.
 * @returns Its limits.
 * @throws {ValueError} If it is no integer.
 *
 * JAX: `jax.numpy.iinfo`.
 */
export function iinfo(of: string | NDArray): IntegerInfo {
  const dtype = dtypeOf("iinfo", of);
  if (!isInteger(dtype)) throw refuse("iinfo", dtype, "integer", "finfo()");
  const [min, max] = integerRange(dtype);
  return { dtype, bits: DTYPES[dtype].size * 8, max, min };
}

/** The type of an operand: a dtype by its name is strong. */
function typeOfOperand(op: string, operand: ArrayLike | string): TypeOf {
  if (typeof operand === "string") return { dtype: arrayDtype(op, operand), weakType: false };
  return typeOf(asNumbers(op, operand));
}

/**
 * The dtype that operands are computed in.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.equal(pz.np.resultType("bfloat16", "float16"), "float32");
 * assert.equal(pz.np.resultType("bfloat16", 1.5), "bfloat16");
 * ```
 *
 * @param operands Arrays, scalars, or names of dtypes.
 * @returns Their least upper bound.
 *
 * JAX: `jax.numpy.result_type`.
 */
export function resultType(...operands: readonly (ArrayLike | string)[]): DType {
  if (operands.length === 0) {
    throw new ValueError("Cannot tell the dtype of a result: there are no operands", {
      op: "resultType",
      expected: "at least one array, scalar or name of a dtype",
      remedy: "pass the operands",
      code: "result-type",
    });
  }
  return operands.map((operand) => typeOfOperand("resultType", operand)).reduce(promote).dtype;
}

/**
 * The least upper bound of two dtypes.
 *
 * @param a One dtype.
 * @param b The other.
 * @returns The dtype that arrays of these are computed in.
 *
 * JAX: `jax.numpy.promote_types`.
 */
export function promoteTypes(a: string, b: string): DType {
  return resultType(a, b);
}

/**
 * Whether a dtype belongs to a family, such as "floating", or is a dtype.
 *
 * @param dtype The dtype.
 * @param expected The family or dtype.
 * @returns Whether it is so.
 *
 * JAX: `jax.numpy.issubdtype`.
 */
export function issubdtype(dtype: string, expected: string): boolean {
  return isSubdtype(dtype, expected);
}

/**
 * The number of axes.
 *
 * @param x An operand.
 * @returns 0 of a scalar.
 *
 * JAX: `jax.numpy.ndim`.
 */
export function ndim(x: ArrayLike): number {
  return shape(x).length;
}

/**
 * Elements along each axis.
 *
 * @param x An operand.
 * @returns Its shape.
 *
 * JAX: `jax.numpy.shape`.
 */
export function shape(x: ArrayLike): readonly number[] {
  return x instanceof NDArray ? x.shape : ArrayBuffer.isView(x) ? [(x as Float32Array).length] : [];
}

/**
 * The number of elements.
 *
 * @param x An operand.
 * @param options One axis, to count along it alone.
 * @returns The number.
 *
 * JAX: `jax.numpy.size`.
 */
export function size(x: ArrayLike, options: { readonly axis?: number } = {}): number {
  const own = shape(x);
  if (options.axis === undefined) return own.reduce((product, length) => product * length, 1);
  return own[normalizeAxis("size", options.axis, own.length)]!;
}
