/**
 * Products of arrays: of vectors, matrices, and over any axes.
 *
 * Floats are summed in float32 and rounded once, integers wrap; products of bools are whether any pair holds.
 *
 * @module
 */

import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { DiagonalOptions } from "../core/options.ts";
import { broadcastShapes, normalizeAxis } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastInDim } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { expandDims, squeeze } from "../ops/expand_dims.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sub } from "../ops/sub.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import { contract, contractionError, type DotOptions, productType } from "./_dot.ts";
import { diagonal } from "./diagonals.ts";
import { asNumbers, promote, promoteDtypes, promoteShapes } from "./promote.ts";
import { sum } from "./reductions.ts";
import { moveaxis } from "./reshaping.ts";

export type { DotOptions };

/** Both operands as arrays. */
function pair(op: string, a: ArrayLike, b: ArrayLike): readonly [NDArray, NDArray] {
  return [asNumbers(op, a), asNumbers(op, b)];
}

/** The elementwise product, of operands of any dtypes that broadcast. */
function times(op: string, a: NDArray, b: NDArray, options: DotOptions): NDArray {
  const type = productType(op, [a, b], options);
  const [x, y] = promoteShapes(op, [convertElementType(a, type), convertElementType(b, type)]);
  return mul(x!, y!);
}

function line(x: NDArray): NDArray {
  return reshape(x, [x.size]);
}

/**
 * Multiplies arrays over the last axis of `a` and the last but one, or only one, of `b`; with a scalar elementwise.
 *
 * @param a An array.
 * @param b Another one.
 * @param options The dtype of the result.
 * @returns The product, with the other axes of `a`, then those of `b`.
 * @throws {ValueError} If the axes have different sizes.
 *
 * JAX: `jax.numpy.dot`.
 */
export function dot(a: ArrayLike, b: ArrayLike, options: DotOptions = {}): NDArray {
  const [x, y] = pair("dot", a, b);
  const [m, n] = [x.shape.length, y.shape.length];
  if (m === 0 || n === 0) return times("dot", x, y, options);
  return contract("dot", x, y, [[m - 1], [Math.max(n - 2, 0)]], [[], []], productType("dot", [x, y], options));
}

/**
 * Multiplies matrices, and broadcasts the axes before them. An operand with one axis is a row as `a`, a column as `b`.
 *
 * @param a An array with at least one axis.
 * @param b Another one.
 * @param options The dtype of the result.
 * @returns The product: `[…, m, n]` of `[…, m, k]` and `[…, k, n]`.
 * @throws {ValueError} If an operand is a scalar, or the axes do not fit.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const a = pz.np.array([[1, 2], [3, 4]]);
 * assert.deepEqual(pz.np.matmul(a, a).tolist(), [[7, 10], [15, 22]]);
 * assert.deepEqual(pz.np.matmul(a, pz.np.array([1, 1])).tolist(), [3, 7]);
 * ```
 *
 * JAX: `jax.numpy.matmul`.
 */
export function matmul(a: ArrayLike, b: ArrayLike, options: DotOptions = {}): NDArray {
  let [x, y] = pair("matmul", a, b);
  for (const [operand, own] of [["a", x], ["b", y]] as const) {
    if (own.shape.length > 0) continue;
    throw new ValueError(`Cannot matmul: ${operand} is a scalar`, {
      op: "matmul",
      operand,
      actual: `${own.dtype}[]`,
      expected: "at least one axis",
      remedy: "multiply by a scalar with mul()",
      code: "matmul-scalar",
    });
  }
  const type = productType("matmul", [x, y], options);
  const [m, n] = [x.shape.length, y.shape.length];
  const inner = Math.max(n - 2, 0);
  if (x.shape[m - 1] !== y.shape[inner]) throw contractionError("matmul", x, y, [m - 1, inner]);
  // The axes before the matrices: those of both are batches, those of one alone free.
  if (n <= 2) return contract("matmul", x, y, [[m - 1], [inner]], [[], []], type);
  const [before, after] = [x.shape.slice(0, -2), y.shape.slice(0, -2)];
  const lead = broadcastShapes("matmul", [before, after]);
  const isOwn = (shape: readonly number[], k: number): boolean => {
    const size = shape[k - (lead.length - shape.length)];
    return size !== undefined && (size !== 1 || lead[k] === 1);
  };
  const axes = lead.map((_, k) => k);
  const [ofX, ofY] = [axes.filter((k) => isOwn(before, k)), axes.filter((k) => isOwn(after, k))];
  x = reshape(x, [...ofX.map((k) => lead[k]!), ...x.shape.slice(before.length)]);
  y = reshape(y, [...ofY.map((k) => lead[k]!), ...y.shape.slice(after.length)]);
  const shared = ofX.filter((k) => ofY.includes(k));
  const product = contract(
    "matmul",
    x,
    y,
    [[x.shape.length - 1], [y.shape.length - 2]],
    [shared.map((k) => ofX.indexOf(k)), shared.map((k) => ofY.indexOf(k))],
    type,
  );
  // The product has shared axes, then those of the one alone and its rows, then those of the other and its columns.
  const [rows, columns] = [lead.length, lead.length + 1];
  const order = [
    ...shared,
    ...ofX.filter((k) => !shared.includes(k)),
    ...(m > 1 ? [rows] : []),
    ...ofY.filter((k) => !shared.includes(k)),
    columns,
  ];
  return transpose(product, [...order].sort((k, l) => k - l).map((k) => order.indexOf(k)));
}

/**
 * Multiplies the flattened arrays and sums up.
 *
 * @param a An array.
 * @param b An array of as many elements.
 * @param options The dtype of the result.
 * @returns A scalar.
 *
 * JAX: `jax.numpy.vdot`.
 */
export function vdot(a: ArrayLike, b: ArrayLike, options: DotOptions = {}): NDArray {
  const [x, y] = pair("vdot", a, b);
  return contract("vdot", line(x), line(y), [[0], [0]], [[], []], productType("vdot", [x, y], options));
}

/**
 * Multiplies vectors along an axis and sums up; the other axes broadcast.
 *
 * @param a An array with at least one axis.
 * @param b Another one.
 * @param options The axis, the last one if left out; the dtype of the result.
 * @returns The products, without the axis.
 * @throws {ValueError} If the axes have different sizes.
 *
 * JAX: `jax.numpy.vecdot`.
 */
export function vecdot(
  a: ArrayLike,
  b: ArrayLike,
  options: DotOptions & { readonly axis?: number } = {},
): NDArray {
  const { axis = -1 } = options;
  const arrays = pair("vecdot", a, b);
  const [m, n] = arrays.map((x) => normalizeAxis("vecdot", axis, x.shape.length)) as [number, number];
  if (arrays[0].shape[m] !== arrays[1].shape[n]) throw contractionError("vecdot", ...arrays, [m, n]);
  const moved = [m, n].map((at, k) => moveaxis(arrays[k]!, at, arrays[k]!.shape.length - 1));
  const [x, y] = promoteShapes("vecdot", moved);
  const last = x!.shape.length - 1;
  const lead = Array.from({ length: last }, (_, k) => k);
  return contract("vecdot", x!, y!, [[last], [last]], [lead, lead], productType("vecdot", arrays, options));
}

/**
 * Multiplies matrices and vectors; the axes before them broadcast.
 *
 * @param a Matrices, `[…, m, n]`.
 * @param b Vectors, `[…, n]`.
 * @returns Vectors, `[…, m]`.
 *
 * JAX: `jax.numpy.matvec`.
 */
export function matvec(a: ArrayLike, b: ArrayLike): NDArray {
  const [x, y] = pair("matvec", a, b);
  const product = matmul(x, expandDims(y, [y.shape.length]));
  return squeeze(product, [product.shape.length - 1]);
}

/**
 * Multiplies vectors and matrices; the axes before them broadcast.
 *
 * @param a Vectors, `[…, n]`.
 * @param b Matrices, `[…, n, m]`.
 * @returns Vectors, `[…, m]`.
 *
 * JAX: `jax.numpy.vecmat`.
 */
export function vecmat(a: ArrayLike, b: ArrayLike): NDArray {
  const [x, y] = pair("vecmat", a, b);
  const product = matmul(expandDims(x, [Math.max(x.shape.length - 1, 0)]), y);
  return squeeze(product, [product.shape.length - 2]);
}

/**
 * Multiplies arrays over their last axes; with a scalar elementwise.
 *
 * @param a An array.
 * @param b An array.
 * @param options The dtype of the result.
 * @returns The product, with the other axes of `a`, then those of `b`.
 * @throws {ValueError} If the axes have different sizes.
 *
 * JAX: `jax.numpy.inner`.
 */
export function inner(a: ArrayLike, b: ArrayLike, options: DotOptions = {}): NDArray {
  const [x, y] = pair("inner", a, b);
  const [m, n] = [x.shape.length, y.shape.length];
  if (m === 0 || n === 0) return times("inner", x, y, options);
  return contract("inner", x, y, [[m - 1], [n - 1]], [[], []], productType("inner", [x, y], options));
}

/**
 * Multiplies each element of one flattened array with each of another.
 *
 * @param a An array.
 * @param b Another one.
 * @returns A matrix: `y[i, j] = a[i] * b[j]`.
 *
 * JAX: `jax.numpy.outer`.
 */
export function outer(a: ArrayLike, b: ArrayLike): NDArray {
  const [x, y] = promoteDtypes("outer", [a, b]);
  const shape = [x!.size, y!.size];
  return mul(broadcastInDim(line(x!), shape, [0]), broadcastInDim(line(y!), shape, [1]));
}

/** Which axes {@linkcode tensordot} sums over. */
export interface TensordotOptions extends DotOptions {
  /** How many of the last axes of `a` and the first of `b`, 2 if left out; or one axis of each; or lists of them. */
  readonly axes?: number | readonly [a: number | readonly number[], b: number | readonly number[]];
}

/**
 * Multiplies arrays over axes.
 *
 * @param a An array.
 * @param b Another one.
 * @param options The axes; the dtype of the result.
 * @returns The product, with the other axes of `a`, then those of `b`.
 * @throws {ValueError} If the axes do not fit.
 *
 * JAX: `jax.numpy.tensordot`.
 */
export function tensordot(a: ArrayLike, b: ArrayLike, options: TensordotOptions = {}): NDArray {
  const [x, y] = pair("tensordot", a, b);
  const { axes = 2 } = options;
  const [m, n] = [x.shape.length, y.shape.length];
  let ofX: number[];
  let ofY: number[];
  if (typeof axes === "number") {
    ofX = Array.from({ length: axes }, (_, k) => m - axes + k);
    ofY = Array.from({ length: axes }, (_, k) => k);
  } else {
    const list = (own: number | readonly number[], rank: number): number[] =>
      (typeof own === "number" ? [own] : own).map((axis) => normalizeAxis("tensordot", axis, rank));
    [ofX, ofY] = [list(axes[0], m), list(axes[1], n)];
  }
  const isCount = typeof axes === "number" && (!Number.isInteger(axes) || axes < 0 || axes > Math.min(m, n));
  if (isCount || ofX.length !== ofY.length) {
    throw new ValueError("Cannot tensordot: the axes do not go together", {
      op: "tensordot",
      operand: "axes",
      actual: `${JSON.stringify(axes)} of arrays with ${m} and ${n} axes`,
      expected: "a number of axes that both have, or lists of one length",
      remedy: "name as many axes of a as of b",
      code: "tensordot-axes",
    });
  }
  return contract("tensordot", x, y, [ofX, ofY], [[], []], productType("tensordot", [x, y], options));
}

/**
 * Multiplies each element of `a` with the whole of `b`, side by side: the Kronecker product.
 *
 * @param a An array.
 * @param b Another one.
 * @returns The product, with sizes multiplied along each axis.
 * @throws {TypeError} If both hold bools.
 *
 * JAX: `jax.numpy.kron`.
 */
export function kron(a: ArrayLike, b: ArrayLike): NDArray {
  const [x, y] = promoteDtypes("kron", [a, b]);
  if (x!.dtype === "bool") throw new TypeError("Cannot kron bools: cast one of them to int32 first, by astype()");
  const rank = Math.max(x!.shape.length, y!.shape.length);
  const padded = ({ shape }: NDArray): number[] => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [m, n] = [padded(x!), padded(y!)];
  const apart = reshape(x!, m.map((size) => [size, 1]).flat());
  const within = reshape(y!, n.map((size) => [1, size]).flat());
  const [p, q] = promoteShapes("kron", [apart, within]);
  return reshape(mul(p!, q!), m.map((size, k) => size * n[k]!));
}

/** Along which axes {@linkcode cross} has its vectors. */
export interface CrossOptions {
  /** Those of the first operand: the last axis if left out. */
  readonly axisa?: number;
  /** Those of the second operand. */
  readonly axisb?: number;
  /** Those of the result. */
  readonly axisc?: number;
  /** All of the three. */
  readonly axis?: number | null;
}

/**
 * Multiplies vectors of two or three elements to those at right angles with both.
 *
 * @param a Vectors along an axis.
 * @param b Vectors along an axis; the other axes broadcast.
 * @param options The axes.
 * @returns Vectors of three elements; of two vectors in the plane the third one alone.
 * @throws {ValueError} If there are not two or three elements along an axis.
 *
 * JAX: `jax.numpy.cross`.
 */
export function cross(a: ArrayLike, b: ArrayLike, options: CrossOptions = {}): NDArray {
  const { axis } = options;
  const [axisa, axisb, axisc] = axis === undefined || axis === null
    ? [options.axisa ?? -1, options.axisb ?? -1, options.axisc ?? -1]
    : [axis, axis, axis];
  const arrays = promoteDtypes("cross", [a, b]).map((x, k) => {
    const rank = x.shape.length;
    return moveaxis(x, normalizeAxis("cross", [axisa, axisb][k]!, rank), rank - 1);
  });
  const [m, n] = arrays.map((x) => x.shape.at(-1)!) as [number, number];
  if (m < 2 || m > 3 || n < 2 || n > 3) {
    throw new ValueError("Cannot cross: vectors have not two or three elements", {
      op: "cross",
      actual: `${m} and ${n} elements`,
      expected: "2 or 3",
      remedy: "name the axes that the vectors lie along",
      code: "cross-size",
    });
  }
  const part = (k: number, at: number): NDArray => {
    const x = arrays[k]!;
    const last = x.shape.length - 1;
    const own = at < x.shape[last]! ? sliceInDim(x, at, at + 1, last) : undefined;
    const shape = x.shape.slice(0, -1);
    return own === undefined ? filled(0, { ...x, shape, dtype: x.dtype, weakType: x.weakType }) : reshape(own, shape);
  };
  const minor = (at: number, to: number): NDArray => {
    const [p, q] = promote("cross", [part(0, at), part(1, to)]);
    const [r, s] = promote("cross", [part(0, to), part(1, at)]);
    return sub(mul(p!, q!), mul(r!, s!));
  };
  if (m === 2 && n === 2) return minor(0, 1);
  const columns = [minor(1, 2), minor(2, 0), minor(0, 1)].map((x) => expandDims(x, [x.shape.length]));
  const rank = columns[0]!.shape.length;
  const strong = concatenate(columns, rank - 1);
  const type = { dtype: columns[0]!.dtype as "float32", weakType: false };
  return moveaxis(convertElementType(strong, type), rank - 1, normalizeAxis("cross", axisc, rank));
}

/**
 * Adds up diagonals.
 *
 * @param x An array with at least two axes.
 * @param options Which diagonal, of which axes; the dtype.
 * @returns The sums; narrow integers widen.
 * @throws {ValueError} If both axes are the same.
 *
 * JAX: `jax.numpy.trace`.
 */
export function trace(x: ArrayLike, options: DiagonalOptions & { readonly dtype?: string } = {}): NDArray {
  const { offset = 0, axis1 = 0, axis2 = 1, dtype } = options;
  const own = asNumbers("trace", x);
  const [rows, columns] = [axis1, axis2].map((axis) => normalizeAxis("trace", axis, own.shape.length)) as [
    number,
    number,
  ];
  if (rows === columns) {
    throw new ValueError("Cannot compute the trace: both axes are the same", {
      op: "trace",
      actual: `axis ${axis1} and axis ${axis2}`,
      expected: "two axes",
      remedy: "name the axis of rows and that of columns",
      code: "trace-axes",
    });
  }
  return sum(diagonal(own, { offset, axis1: rows, axis2: columns }), {
    axis: -1,
    ...(dtype !== undefined && { dtype }),
  });
}
