/**
 * `pz.linalg`: norms and products of vectors and matrices.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import { normalizeAxes } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { abs } from "../ops/abs.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { mul } from "../ops/mul.ts";
import { pow } from "../ops/pow.ts";
import { sqrt } from "../ops/sqrt.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import type { DType } from "../wasm/dtype.ts";
import { strong } from "./_reduce.ts";
import { diagonal as diagonalOf } from "./diagonals.ts";
import { einsum } from "./einsum.ts";
import { cross as crossOf, dot, matmul, outer as outerOf, tensordot, trace as traceOf, vecdot } from "./products.ts";
import { asNumbers, promoteInexact } from "./promote.ts";
import { eye } from "./ranges.ts";
import { max, min, sum } from "./reductions.ts";

export { matmul, tensordot, vecdot };

/** Which norm: a power, `Infinity`, `-Infinity`; of matrices also `"fro"`, `"f"`, `"nuc"`. */
export type NormOrder = number | "fro" | "f" | "nuc";

/** Options of {@linkcode norm}. */
export interface NormOptions {
  /** Which norm: the root of the sum of squares if left out. */
  readonly ord?: NormOrder | null;
  /** One axis for norms of vectors, two for those of matrices; all if left out. */
  readonly axis?: Axes | null;
  /** Whether the axes stay, with size 1. */
  readonly keepdims?: boolean;
}

/** Options of {@linkcode vectorNorm}. */
export interface VectorNormOptions {
  /** Which norm: 2 if left out. */
  readonly ord?: number | null;
  /** The axes, of which vectors are made: all if left out. */
  readonly axis?: Axes | null;
  /** Whether the axes stay, with size 1. */
  readonly keepdims?: boolean;
}

function orderError(kind: string, ord: unknown, expected: string, remedy: string): ValueError {
  return new ValueError(`Cannot compute the norm: there is no such norm of ${kind}`, {
    op: "norm",
    operand: "ord",
    actual: typeof ord === "string" ? JSON.stringify(ord) : `${ord}`,
    expected,
    remedy,
    code: "norm-order",
  });
}

/** The root of the sum of squares. */
function euclidean(x: NDArray, axis: Axes | null, keepdims: boolean): NDArray {
  return sqrt(sum(mul(x, x), { axis, keepdims }));
}

/** A norm of vectors, of floats. */
function normOfVectors(x: NDArray, ord: number | null, axis: Axes | null, keepdims: boolean): NDArray {
  const over = { axis, keepdims };
  switch (ord) {
    case null:
    case 2:
      return euclidean(x, axis, keepdims);
    case Infinity:
      return max(abs(x), { ...over, initial: 0 });
    case -Infinity:
      return min(abs(x), over);
    case 0:
      return sum(strong(x, "bool"), { ...over, dtype: x.dtype });
    case 1:
      return sum(abs(x), over);
  }
  if (typeof ord !== "number" || Number.isNaN(ord)) {
    throw orderError("vectors", ord, "a number, Infinity or -Infinity", "name a power");
  }
  const powers = pow(abs(x), filled(ord, x));
  const total = sum(powers, over);
  return pow(total, filled(1 / ord, total));
}

/** A norm of matrices, of floats, with rows and columns along two axes. */
function normOfMatrices(x: NDArray, ord: NormOrder | null, axes: readonly number[], keepdims: boolean): NDArray {
  const [row, column] = axes as [number, number];
  if (ord === null || ord === "f" || ord === "fro") return euclidean(x, axes, keepdims);
  if (ord === 2 || ord === -2 || ord === "nuc") {
    throw orderError(
      "matrices yet",
      ord,
      '"fro", 1, -1, Infinity, -Infinity',
      "use another norm: those by singular values come with the decompositions",
    );
  }
  const isSumOfRows = ord === 1 || ord === -1;
  if (!isSumOfRows && ord !== Infinity && ord !== -Infinity) {
    throw orderError("matrices", ord, '"fro", 1, -1, Infinity, -Infinity', "name one of these");
  }
  const [summed, rest] = isSumOfRows ? [row, column] : [column, row];
  const sums = sum(abs(x), { axis: summed, keepdims });
  const over = { axis: !keepdims && rest > summed ? rest - 1 : rest, keepdims };
  return ord > 0 ? max(sums, { ...over, initial: 0 }) : min(sums, over);
}

/**
 * Computes norms of vectors or matrices.
 *
 * @param x An array.
 * @param options Which norm, over which axes, and whether these stay.
 * @returns The norms, floats.
 * @throws {ValueError} If there is no such norm, or `ord` is given for other than one or two axes.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[3, 0], [0, 4]]);
 * assert.equal(pz.linalg.norm(x).item(), 5);
 * assert.deepEqual(pz.linalg.norm(x, { ord: 1, axis: 0 }).tolist(), [3, 4]);
 * ```
 *
 * JAX: `jax.numpy.linalg.norm`.
 */
export function norm(x: ArrayLike, options: NormOptions = {}): NDArray {
  const { ord = null, axis = null, keepdims = false } = options;
  const [own] = promoteInexact("norm", [x]) as [NDArray];
  const rank = own.shape.length;
  if (axis === null && ord === null) return euclidean(own, null, keepdims);
  const axes = normalizeAxes("norm", axis ?? undefined, rank);
  if (axes.length === 1) {
    if (typeof ord === "string") throw orderError("vectors", ord, "a number, Infinity or -Infinity", "name two axes");
    return normOfVectors(own, ord, axes, keepdims);
  }
  if (axes.length === 2) return normOfMatrices(own, ord, axes, keepdims);
  throw new ValueError("Cannot compute the norm: there are neither vectors nor matrices", {
    op: "norm",
    operand: "axis",
    actual: `${axes.length} axes of ${rank}`,
    expected: "one axis, or two",
    remedy: "name the axes, or leave out ord for all elements",
    code: "norm-axes",
  });
}

/**
 * Computes norms of vectors, which may lie along several axes.
 *
 * @param x An array.
 * @param options Which norm, over which axes, and whether these stay.
 * @returns The norms, floats.
 * @throws {ValueError} If there is no such norm.
 *
 * JAX: `jax.numpy.linalg.vector_norm`.
 */
export function vectorNorm(x: ArrayLike, options: VectorNormOptions = {}): NDArray {
  const { ord = 2, axis = null, keepdims = false } = options;
  return normOfVectors(promoteInexact("vectorNorm", [x])[0]!, ord, axis, keepdims);
}

/**
 * Computes norms of matrices along the last two axes.
 *
 * @param x An array with at least two axes.
 * @param options Which norm, `"fro"` if left out; whether the axes stay.
 * @returns The norms, floats.
 * @throws {ValueError} If there is no such norm.
 *
 * JAX: `jax.numpy.linalg.matrix_norm`.
 */
export function matrixNorm(
  x: ArrayLike,
  options: { readonly ord?: NormOrder | null; readonly keepdims?: boolean } = {},
): NDArray {
  const { ord = "fro", keepdims = false } = options;
  return norm(x, { ord, keepdims, axis: [-2, -1] });
}

/** Refuses arrays of fewer than two axes. */
function checkMatrix(op: string, x: NDArray): void {
  if (x.shape.length >= 2) return;
  throw new ValueError(`Cannot compute ${op}: the array is no matrix`, {
    op,
    operand: "x",
    actual: `shape [${x.shape}]`,
    expected: "at least two axes",
    remedy: "expand its dimensions",
    code: "matrix",
  });
}

/**
 * Multiplies square matrices with themselves.
 *
 * @param x Matrices along the last two axes.
 * @param n How many times: from 0.
 * @returns The powers, floats; for 0 the identity.
 * @throws {ValueError} If the matrices are not square, or the power is negative.
 *
 * JAX: `jax.numpy.linalg.matrix_power`.
 */
export function matrixPower(x: ArrayLike, n: number): NDArray {
  const [own] = promoteInexact("matrixPower", [x]) as [NDArray];
  checkMatrix("matrixPower", own);
  const [rows, columns] = own.shape.slice(-2) as [number, number];
  if (rows !== columns) {
    throw new ValueError("Cannot compute matrixPower: the matrices are not square", {
      op: "matrixPower",
      operand: "x",
      actual: `${rows} by ${columns}`,
      expected: "as many rows as columns",
      remedy: "multiply by the transpose first",
      code: "square",
    });
  }
  if (!Number.isInteger(n) || n < 0) {
    throw new ValueError("Cannot compute matrixPower: the power is not a whole number from 0", {
      op: "matrixPower",
      operand: "n",
      actual: `${n}`,
      expected: "0, 1, 2 …",
      remedy: "use a positive power: inverses come with the decompositions",
      code: "matrix-power",
    });
  }
  if (n === 0) {
    const one = eye(rows, { dtype: own.dtype as DType });
    return broadcastInDim(one, own.shape, [own.shape.length - 2, own.shape.length - 1]);
  }
  let result: NDArray | undefined;
  let square = own;
  for (let rest = n;; square = matmul(square, square)) {
    if (rest % 2 === 1) result = result === undefined ? square : matmul(result, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}

/**
 * Exchanges the last two axes: a view.
 *
 * @param x An array with at least two axes.
 * @returns The view.
 * @throws {ValueError} If there are fewer.
 *
 * JAX: `jax.numpy.linalg.matrix_transpose`.
 */
export function matrixTranspose(x: ArrayLike): NDArray {
  const own = asNumbers("matrixTranspose", x);
  checkMatrix("matrixTranspose", own);
  const axes = own.shape.map((_, axis) => axis);
  return transpose(own, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/**
 * Multiplies a chain of matrices, in the order that takes the fewest multiplications.
 *
 * @param arrays At least two matrices; the first one may be a row, the last one a column, of one axis.
 * @returns The product.
 * @throws {ValueError} If the arrays do not follow each other.
 *
 * JAX: `jax.numpy.linalg.multi_dot`.
 */
export function multiDot(arrays: readonly ArrayLike[]): NDArray {
  const list = arrays.map((x) => asNumbers("multiDot", x));
  const ends = [0, list.length - 1];
  const fits = list.length >= 2 &&
    list.every(({ shape }, k) => shape.length === 2 || shape.length === 1 && ends.includes(k));
  if (!fits) {
    throw new ValueError("Cannot multiDot: the arrays are no chain of matrices", {
      op: "multiDot",
      operand: "arrays",
      actual: list.map(({ shape }) => `[${shape}]`).join(", "),
      expected: "at least two matrices; the first and the last one may have one axis",
      remedy: "expand dimensions, or use matmul for batches",
      code: "chain",
    });
  }
  if (list.length === 2) return dot(list[0]!, list[1]!);
  const args = list.flatMap((x, k) => {
    const labels = k === 0 && x.shape.length === 1 ? [1] : x.shape.length === 1 ? [k] : [k, k + 1];
    return [x, labels] as const;
  });
  const result = [
    ...(list[0]!.shape.length === 1 ? [] : [0]),
    ...(list.at(-1)!.shape.length === 1 ? [] : [list.length]),
  ];
  return einsum(args[0] as NDArray, ...args.slice(1), result);
}

/** Refuses vectors of other than three elements. */
function checkThree(op: string, x: NDArray, axis: number): void {
  const [at] = normalizeAxes(op, axis, x.shape.length);
  if (x.shape[at!] === 3) return;
  throw new ValueError(`Cannot ${op}: vectors have not three elements`, {
    op,
    actual: `shape [${x.shape}], axis ${axis}`,
    expected: "3 elements along the axis",
    remedy: "use pz.np.cross for vectors in the plane",
    code: "cross-size",
  });
}

/**
 * Multiplies vectors of three elements to those at right angles with both.
 *
 * @param a Vectors along an axis.
 * @param b Vectors along an axis; the other axes broadcast.
 * @param options The axis: the last one if left out.
 * @returns The vectors.
 * @throws {ValueError} If there are not three elements along the axis.
 *
 * JAX: `jax.numpy.linalg.cross`.
 */
export function cross(a: ArrayLike, b: ArrayLike, options: { readonly axis?: number } = {}): NDArray {
  const { axis = -1 } = options;
  for (const x of [a, b]) checkThree("cross", asNumbers("cross", x), axis);
  return crossOf(a, b, { axis });
}

/**
 * Multiplies each element of one vector with each of another.
 *
 * @param a A vector.
 * @param b A vector.
 * @returns A matrix: `y[i, j] = a[i] * b[j]`.
 * @throws {ValueError} If an operand has not one axis.
 *
 * JAX: `jax.numpy.linalg.outer`.
 */
export function outer(a: ArrayLike, b: ArrayLike): NDArray {
  for (const x of [a, b]) {
    const { shape } = asNumbers("outer", x);
    if (shape.length === 1) continue;
    throw new ValueError("Cannot outer: an operand has not one axis", {
      op: "outer",
      actual: `shape [${shape}]`,
      expected: "one axis",
      remedy: "flatten it, or use pz.np.outer",
      code: "rank",
    });
  }
  return outerOf(a, b);
}

/**
 * Takes a diagonal of the last two axes.
 *
 * @param x An array with at least two axes.
 * @param options How far to the right of the main diagonal.
 * @returns The diagonals, along the last axis.
 *
 * JAX: `jax.numpy.linalg.diagonal`.
 */
export function diagonal(x: ArrayLike, options: { readonly offset?: number } = {}): NDArray {
  return diagonalOf(x, { ...options, axis1: -2, axis2: -1 });
}

/**
 * Adds up a diagonal of the last two axes.
 *
 * @param x An array with at least two axes.
 * @param options How far to the right of the main diagonal; the dtype.
 * @returns The sums.
 *
 * JAX: `jax.numpy.linalg.trace`.
 */
export function trace(
  x: ArrayLike,
  options: { readonly offset?: number; readonly dtype?: string } = {},
): NDArray {
  return traceOf(x, { ...options, axis1: -2, axis2: -1 });
}
