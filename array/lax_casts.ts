/**
 * The strict functions that choose and cast.
 *
 * @module
 */

import { describe } from "../core/aval.ts";
import { asArray } from "../core/constant.ts";
import { arrayDtype, isFloating, itemSize } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { bitcastConvertType as bitcastConvertTypeOp } from "../ops/bitcast_convert_type.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType as convertElementTypeOp } from "../ops/convert_element_type.ts";
import { le } from "../ops/le.ts";
import { select as selectOp } from "../ops/select.ts";
import { stopGradient as stopGradientOp } from "../ops/stop_gradient.ts";
import { filled } from "../ops/zeros.ts";
import { sameShape } from "../wasm/layout.ts";
import { sameDtype } from "./_lax_operands.ts";
import { asNumbers } from "./promote.ts";

/** How {@linkcode convertElementType} converts. */
export interface ConvertOptions {
  /** Whether the result gives way to other dtypes of its kind, as scalars do; no if left out. */
  readonly weakType?: boolean;
}

/**
 * Casts to another dtype.
 *
 * Floats become integers towards 0 and within their range, NaN 0; wide integers keep their low bits.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.lax.convertElementType(pz.np.array([1.9, -1.9]), "int32").tolist(), [1, -1]);
 * ```
 *
 * @param x An array of numbers or bools.
 * @param dtype The dtype; 64-bit names stand for their 32-bit counterparts.
 * @param options Whether the result is weak.
 * @returns The elements in that dtype.
 * @throws {ValueError} If no array can have the dtype.
 *
 * JAX: `jax.lax.convert_element_type`.
 */
export function convertElementType(x: ArrayLike, dtype: string, options: ConvertOptions = {}): NDArray {
  const type = { dtype: arrayDtype("convertElementType", dtype), weakType: options.weakType ?? false };
  return convertElementTypeOp(asNumbers("convertElementType", x), type);
}

/**
 * Takes the bits of elements for another dtype: a view where memory allows one.
 *
 * A wider element is several narrow ones along a new last axis, the lowest bits first; and the other way round.
 *
 * @param x An array of numbers.
 * @param dtype The dtype.
 * @returns The array of that dtype.
 * @throws {TypeError} If one of the dtypes is bool and the other is not.
 * @throws {ValueError} If the last axis does not make up elements of the dtype.
 *
 * JAX: `jax.lax.bitcast_convert_type`.
 */
export function bitcastConvertType(x: ArrayLike, dtype: string): NDArray {
  const y = asNumbers("bitcastConvertType", x);
  const to = arrayDtype("bitcastConvertType", dtype);
  if (y.dtype !== to && (y.dtype === "bool" || to === "bool")) {
    throw new TypeError(
      `Cannot bitcastConvertType: ${y.dtype} to ${to}; bools have no bits to share, cast them instead`,
    );
  }
  const parts = itemSize(to) / itemSize(y.dtype);
  if (parts > 1 && y.shape.at(-1) !== parts) {
    throw new ValueError("Cannot bitcastConvertType: the last axis does not make up elements of the dtype", {
      op: "bitcastConvertType",
      actual: `${y.dtype} of shape [${y.shape}] to ${to}`,
      expected: `a last axis of size ${parts}`,
      remedy: "reshape first, so that the last axis has the parts of one element",
      code: "bitcast-shape",
    });
  }
  // To its own dtype, too, nothing of the derivative passes, as in JAX.
  return bitcastConvertTypeOp(isFloating(y.dtype) ? stopGradientOp(y) : y, to);
}

/**
 * Gives the elements as constants, for derivatives.
 *
 * @param x An array.
 * @returns A view of it.
 *
 * JAX: `jax.lax.stop_gradient`.
 */
export function stopGradient(x: ArrayLike): NDArray {
  return stopGradientOp(asArray("stopGradient", x));
}

/**
 * Chooses elements of two arrays.
 *
 * @param condition Bools: of the shape of the others, or without axes.
 * @param x What stands where it holds: an array of any dtype.
 * @param y What stands elsewhere: an array of its shape and dtype.
 * @returns The elements.
 * @throws {TypeError} If the condition is not of bools, or the dtypes differ.
 * @throws {ValueError} If the shapes differ.
 *
 * JAX: `jax.lax.select`.
 */
export function select(condition: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray {
  const chooser = asArray("select", condition);
  if (chooser.dtype !== "bool") {
    throw new TypeError(`Cannot select: the condition is of ${chooser.dtype}, not of bools; compare it with 0 first`);
  }
  const [a, b] = cases("select", chooser, [x, y]);
  return selectOp(broadcastTo(chooser, a!.shape), a!, b!);
}

/** Arrays of one shape and dtype, which the chooser fits. */
function cases(op: string, chooser: NDArray, operands: readonly ArrayLike[]): NDArray[] {
  const areKeys = operands.every((x) => x instanceof NDArray && x.dtype === "prngKey");
  const arrays = areKeys ? operands as NDArray[] : sameDtype(op, operands);
  const [{ shape }] = arrays as [NDArray];
  const fits = arrays.every((x) => sameShape(x.shape, shape)) &&
    (chooser.ndim === 0 || sameShape(chooser.shape, shape));
  if (fits) return arrays;
  throw new ValueError(`Cannot ${op}: the operands differ in shape`, {
    op,
    actual: [chooser, ...arrays].map(describe).join(", "),
    expected: "cases of one shape, and a condition of that shape or without axes",
    remedy: "broadcast them first, or use pz.np.where",
    code: "select-shape",
  });
}

/**
 * Takes each element out of the array that is named by its number.
 *
 * @param which Numbers of cases, int32 or bool: of the shape of the cases, or without axes; others name the nearest.
 * @param operands The cases: arrays of one shape and dtype.
 * @returns The elements.
 * @throws {TypeError} If the numbers are neither int32 nor bools, or the dtypes differ.
 * @throws {ValueError} If the shapes differ, or there are too few cases.
 *
 * JAX: `jax.lax.select_n`.
 */
export function selectN(which: ArrayLike, ...operands: readonly ArrayLike[]): NDArray {
  const chooser = asArray("selectN", which);
  if (chooser.dtype !== "bool" && chooser.dtype !== "int32") {
    throw new TypeError(`Cannot selectN: the numbers of the cases are ${chooser.dtype}; cast them to int32 or bool`);
  }
  if (operands.length === 0 || chooser.dtype === "bool" && operands.length > 2) {
    throw new ValueError("Cannot selectN: the number of cases does not fit", {
      op: "selectN",
      actual: `${operands.length} cases, chosen by ${chooser.dtype}`,
      expected: chooser.dtype === "bool" ? "2 cases" : "at least one case",
      remedy: "choose by int32 among more than two cases",
      code: "select-cases",
    });
  }
  const arrays = cases("selectN", chooser, operands);
  const numbers = broadcastTo(chooser, arrays[0]!.shape);
  if (chooser.dtype === "bool") return arrays.length === 1 ? arrays[0]! : selectOp(numbers, arrays[1]!, arrays[0]!);
  return arrays.reduceRight((result, value, k) => selectOp(le(numbers, filled(k, numbers)), value, result));
}
