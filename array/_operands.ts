/**
 * What elementwise functions do to their operands first, by the kind of numbers that they compute with.
 *
 * Arrays that fit already are let through at once: this is the path of every operator.
 *
 * @module
 */

import { isFloating, isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { sameShape } from "../wasm/layout.ts";
import { asNumbers, promote, promoteInexact, promoteShapes } from "./promote.ts";

/** Two operands of one dtype and one shape. */
export type Pair = readonly [x: NDArray, y: NDArray];

/** Whether two operands are arrays of numbers of one type and shape. */
function fit(x: ArrayLike, y: ArrayLike): boolean {
  return x instanceof NDArray && y instanceof NDArray && x.dtype === y.dtype && x.weakType === y.weakType &&
    x.dtype !== "prngKey" && sameShape(x.shape, y.shape);
}

/** Whether a number of the language takes the type of an array that it stands next to. */
function takesTypeOf(x: NDArray, y: ArrayLike): y is number {
  if (typeof y !== "number") return false;
  return isFloating(x.dtype) || isInteger(x.dtype) && Number.isInteger(y) && y >= -(2 ** 31) && y < 2 ** 32;
}

/** An array and a number of the language, or `undefined` if they have to be promoted. */
export function withNumber(x: ArrayLike, y: ArrayLike): Pair | undefined {
  if (x instanceof NDArray) return takesTypeOf(x, y) ? [x, filled(y, x)] : undefined;
  return y instanceof NDArray && takesTypeOf(y, x) ? [filled(x, y), y] : undefined;
}

/** Bools as int32. */
export function withoutBools(x: NDArray): NDArray {
  return x.dtype === "bool" ? convertElementType(x, { dtype: "int32", weakType: false }) : x;
}

/** Two operands, promoted and broadcast. */
export function pair(op: string, x: ArrayLike, y: ArrayLike): Pair {
  if (fit(x, y)) return [x as NDArray, y as NDArray];
  return withNumber(x, y) ?? promote(op, [x, y]) as unknown as Pair;
}

/** Two operands as floats, promoted and broadcast. */
export function inexactPair(op: string, x: ArrayLike, y: ArrayLike): Pair {
  const array = x instanceof NDArray ? x : y;
  if (array instanceof NDArray && isFloating(array.dtype)) {
    const own = fit(x, y) ? [x as NDArray, y as NDArray] as const : withNumber(x, y);
    if (own !== undefined) return own;
  }
  return promoteShapes(op, promoteInexact(op, [x, y])) as unknown as Pair;
}

/** Two operands as numbers, promoted and broadcast; bools count as int32. */
export function numericPair(op: string, x: ArrayLike, y: ArrayLike): Pair {
  const [a, b] = pair(op, x, y);
  return a.dtype === "bool" ? [withoutBools(a), withoutBools(b)] : [a, b];
}

/** An operand as floats. */
export function inexact(op: string, x: ArrayLike): NDArray {
  return x instanceof NDArray && isFloating(x.dtype) ? x : promoteInexact(op, [x])[0]!;
}

/** An operand as numbers; bools count as int32. */
export function numeric(op: string, x: ArrayLike): NDArray {
  return withoutBools(asNumbers(op, x));
}

/** Refuses an operand that holds floats. */
export function checkBits(op: string, x: NDArray): void {
  if (isFloating(x.dtype)) {
    throw new TypeError(`Cannot ${op}: the elements are ${x.dtype}, which has no bits to work on; cast to an integer`);
  }
}

/** Refuses an operand that holds bools. */
export function checkNoBools(op: string, x: NDArray, remedy: string): void {
  if (x.dtype === "bool") throw new TypeError(`Cannot ${op}: the elements are bools; ${remedy}`);
}

/** The array with its dtype as its own, not that of scalars of the language. */
export function strong(x: NDArray): NDArray {
  return x.weakType ? convertElementType(x, { dtype: x.dtype as DType, weakType: false }) : x;
}

/** A number as an operand next to an array, as weak as a scalar next to it would be: only scalars stay weak. */
export function beside(x: NDArray, value: number): NDArray {
  return filled(value, { shape: x.shape, dtype: x.dtype, weakType: x.weakType && x.ndim === 0 });
}
