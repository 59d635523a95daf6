/**
 * What reductions share: axes, kept axes, masks, beginnings.
 *
 * @module
 */

import type { Axes, ReduceOptions } from "../core/options.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import { integerRange } from "../core/constant.ts";
import { arrayDtype, isFloating } from "../core/dtype.ts";
import { normalizeAxes } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { reshape } from "../ops/reshape.ts";
import { select } from "../ops/select.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { asType, promoteShapes } from "./promote.ts";

/** A reduction of `ops/`. */
export type Reduce = (x: NDArray, axes: readonly number[]) => NDArray;

/** An operation of `ops/` on two arrays of one shape. */
export type Join = (x: NDArray, y: NDArray) => NDArray;

/** The array as one of a dtype, not weak. */
export function strong(x: NDArray, dtype: DType = x.dtype as DType): NDArray {
  return x.dtype === dtype && !x.weakType ? x : convertElementType(x, { dtype, weakType: false });
}

/** The axes that a reduction goes over, rising. */
export function axesOf(op: string, axis: Axes | null | undefined, rank: number): readonly number[] {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, k) => k);
  const axes = normalizeAxes(op, axis, rank);
  return axes.length < 2 ? axes : axes.sort((a, b) => a - b);
}

/** The number of elements along some axes. */
export function countAlong(x: NDArray, axes: readonly number[]): number {
  return axes.reduce((count, axis) => count * x.shape[axis]!, 1);
}

/** The shape with size 1 in place of some axes. */
export function keptShape(shape: readonly number[], axes: readonly number[]): readonly number[] {
  return shape.map((size, axis) => axes.includes(axis) ? 1 : size);
}

/** A result of a reduction with its axes back as size 1, if they are to stay. */
export function keep(
  y: NDArray,
  shape: readonly number[],
  axes: readonly number[],
  keepdims: boolean | undefined,
): NDArray {
  return keepdims ? reshape(y, keptShape(shape, axes)) : y;
}

/** The condition of a reduction as bools. */
export function condition(op: string, where: ArrayLike): NDArray {
  return asType(op, where, { dtype: "bool", weakType: false });
}

/** The array with a number in place of the elements that do not count. */
export function masked(op: string, x: NDArray, where: ArrayLike | undefined, value: number): NDArray {
  if (where === undefined) return x;
  const [mask, own] = promoteShapes(op, [condition(op, where), x]);
  return select(mask!, own!, filled(value, own!));
}

/** The dtype that sums and products of a dtype have. */
export function widened(dtype: DType): DType {
  if (dtype === "bool" || dtype === "int8" || dtype === "int16") return "int32";
  return dtype === "uint8" || dtype === "uint16" ? "uint32" : dtype;
}

/** The dtype that means of a dtype have. */
export function inexact(dtype: DType): DType {
  return isFloating(dtype) ? dtype : "float32";
}

/** The dtype in which many halves are computed, so that the result is rounded once. */
export function wide(dtype: DType): DType {
  return dtype === "float16" || dtype === "bfloat16" ? "float32" : dtype;
}

/** The least or the greatest that a dtype holds: what no maximum, or no minimum, is changed by. */
export function extreme(dtype: DType, sign: -1 | 1): number {
  return isFloating(dtype) ? sign * Infinity : integerRange(dtype)[sign < 0 ? 0 : 1];
}

/** The dtype of a variance, and the one that it is computed in. */
export function varianceTypes(op: string, own: DType, dtype: string | undefined): readonly [result: DType, DType] {
  const result = dtype === undefined ? inexact(own) : arrayDtype(op, dtype);
  if (!isFloating(result)) {
    throw new ValueError(`Cannot compute ${op}: the dtype is not a float`, {
      op,
      operand: "dtype",
      actual: result,
      expected: "float32, float16 or bfloat16",
      remedy: "leave it out, and cast the result by astype()",
      code: "dtype",
    });
  }
  return [result, wide(result)];
}

/** A reduction as functions of `array/` put it together. */
export interface Reduction {
  /** The function, for errors. */
  readonly op: string;
  /** What is done over the axes. */
  readonly reduce: Reduce;
  /** What joins its result to what it begins with. */
  readonly join: Join;
  /** The element that changes nothing. */
  readonly identity: number;
}

/**
 * Reduces an array with all options.
 *
 * @param x The array, of the dtype to compute in.
 * @param options The function's options.
 * @param reduction What to do.
 * @returns The result, of the dtype of `x`.
 */
export function reduced(x: NDArray, options: ReduceOptions, { op, reduce, join, identity }: Reduction): NDArray {
  const { axis, keepdims, initial, where } = options;
  const axes = axesOf(op, axis, x.shape.length);
  const own = masked(op, x, where, identity);
  let y = reduce(own, axes);
  if (initial !== undefined) {
    const begin = asType(op, initial, { dtype: x.dtype as DType, weakType: false });
    if (begin.shape.length > 0) {
      throw new ValueError(`Cannot ${op}: what it begins with is not a scalar`, {
        op,
        operand: "initial",
        actual: `${begin.dtype}[${begin.shape}]`,
        expected: "an array without axes, or a number",
        remedy: "pass a number, or join the results to other arrays afterwards",
        code: "initial",
      });
    }
    const [a, b] = promoteShapes(op, [begin, y]);
    y = join(a!, b!);
  }
  return keep(y, own.shape, axes, keepdims);
}
