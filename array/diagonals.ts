/**
 * Diagonals and triangles of matrices.
 *
 * @module
 */

import { asArray, fromElements } from "../core/constant.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { DiagonalOptions } from "../core/options.ts";
import type { TypeOf } from "../core/promotion.ts";
import { normalizeAxes } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { columnOf } from "./_rows.ts";
import { concatenate } from "../ops/concatenate.ts";
import { diagonal as diagonalOp, embed } from "../ops/diagonal.ts";
import { ge } from "../ops/ge.ts";
import { iota } from "../ops/iota.ts";
import { scatter } from "../ops/scatter.ts";
import { select } from "../ops/select.ts";
import { transpose } from "../ops/transpose.ts";
import { filled } from "../ops/zeros.ts";
import { asNumbers, asType } from "./promote.ts";
import { resize } from "./repeating.ts";
import { ravel } from "./reshaping.ts";

/** Which diagonal. */
export interface DiagOptions {
  /** How far above the main diagonal; below it if negative. */
  readonly k?: number;
}

/** Which triangle, of how wide a matrix. */
export interface TriangleOptions extends DiagOptions {
  /** The number of columns; that of rows if left out. */
  readonly m?: number | null;
}

function rankError(op: string, x: NDArray, expected: string): ValueError {
  return new ValueError(`Cannot ${op}: the array does not have the right number of axes`, {
    op,
    actual: `shape [${x.shape}]`,
    expected,
    remedy: "reshape the array, or index it first",
    code: "rank",
  });
}

function checkWhole(op: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ValueError(`Cannot ${op}: ${name} is not a whole number${least === 0 ? " from 0" : ""}`, {
    op,
    operand: name,
    actual: `${value}`,
    expected: least === 0 ? "a whole number from 0" : "a whole number",
    remedy: "round it",
    code: "whole",
  });
}

/**
 * The diagonal of two axes: a view.
 *
 * @param x An array of at least two axes.
 * @param options Which diagonal, of which axes.
 * @returns The view; the diagonal is its last axis.
 * @throws {ValueError} If there are no two axes.
 *
 * JAX: `jax.numpy.diagonal`.
 */
export function diagonal(x: ArrayLike, options: DiagonalOptions = {}): NDArray {
  const own = asArray("diagonal", x);
  const { offset = 0, axis1 = 0, axis2 = 1 } = options;
  const rank = own.shape.length;
  if (rank < 2) throw rankError("diagonal", own, "at least two axes");
  checkWhole("diagonal", "offset", offset, -Infinity);
  const last = normalizeAxes("diagonal", [axis1, axis2], rank);
  const others = own.shape.map((_, axis) => axis).filter((axis) => !last.includes(axis));
  return diagonalOp(transpose(own, [...others, ...last]), offset);
}

/**
 * The diagonal of a matrix, as a view, or a matrix with a diagonal.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.diag(pz.np.array([1, 2]));
 * assert.deepEqual(x.tolist(), [[1, 0], [0, 2]]);
 * assert.deepEqual(pz.np.diag(x).tolist(), [1, 2]);
 * ```
 *
 * @param x A matrix, or what is to stand on the diagonal of one.
 * @param options Which diagonal.
 * @returns The diagonal, or the matrix.
 * @throws {ValueError} If it has neither one nor two axes.
 *
 * JAX: `jax.numpy.diag`.
 */
export function diag(x: ArrayLike, options: DiagOptions = {}): NDArray {
  const own = asArray("diag", x);
  const { k = 0 } = options;
  checkWhole("diag", "k", k, -Infinity);
  if (own.shape.length === 2) return diagonalOp(own, k);
  if (own.shape.length !== 1) throw rankError("diag", own, "one axis, or two");
  const size = own.shape[0]! + Math.abs(k);
  return embed(asNumbers("diag", own), size, size, k);
}

/**
 * A matrix with all elements of an array on a diagonal.
 *
 * @param x The array.
 * @param options Which diagonal.
 * @returns The matrix.
 *
 * JAX: `jax.numpy.diagflat`.
 */
export function diagflat(x: ArrayLike, options: DiagOptions = {}): NDArray {
  return diag(ravel(asArray("diagflat", x)), options);
}

/** Where elements are on or below a diagonal, at a shape. */
function isLower(shape: readonly number[], k: number): NDArray {
  const rank = shape.length;
  const rows = iota("int32", shape, rank - 2);
  const columns = iota("int32", shape, rank - 1);
  return ge(k === 0 ? rows : add(rows, filled(k, { shape, dtype: "int32", weakType: false })), columns);
}

function triangle(op: string, x: ArrayLike, k: number, ofUpper: boolean): NDArray {
  const own = asNumbers(op, x);
  if (own.shape.length < 2) throw rankError(op, own, "at least two axes");
  checkWhole(op, "k", k, -Infinity);
  const zeros = filled(0, own);
  return ofUpper ? select(isLower(own.shape, k - 1), zeros, own) : select(isLower(own.shape, k), own, zeros);
}

/**
 * Matrices with 0 above a diagonal.
 *
 * @param x An array of at least two axes.
 * @param options Which diagonal.
 * @returns The lower triangles.
 * @throws {ValueError} If there are no two axes.
 *
 * JAX: `jax.numpy.tril`.
 */
export function tril(x: ArrayLike, options: DiagOptions = {}): NDArray {
  return triangle("tril", x, options.k ?? 0, false);
}

/**
 * Matrices with 0 below a diagonal.
 *
 * @param x An array of at least two axes.
 * @param options Which diagonal.
 * @returns The upper triangles.
 * @throws {ValueError} If there are no two axes.
 *
 * JAX: `jax.numpy.triu`.
 */
export function triu(x: ArrayLike, options: DiagOptions = {}): NDArray {
  return triangle("triu", x, options.k ?? 0, true);
}

/** Rows and columns of places that a condition picks. */
function placesWhere(rows: number, columns: number, isIn: (row: number, column: number) => boolean): NDArray[] {
  const [down, across]: [number[], number[]] = [[], []];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!isIn(row, column)) continue;
      down.push(row);
      across.push(column);
    }
  }
  return [down, across].map((list) => fromElements(list, [list.length], "int32"));
}

/**
 * The places on and below a diagonal.
 *
 * @param n The number of rows.
 * @param options Which diagonal, of how wide a matrix.
 * @returns Rows and columns, int32.
 *
 * JAX: `jax.numpy.tril_indices`.
 */
export function trilIndices(n: number, options: TriangleOptions = {}): NDArray[] {
  const { k = 0, m } = options;
  checkWhole("trilIndices", "n", n, 0);
  return placesWhere(n, m ?? n, (row, column) => column - row <= k);
}

/**
 * The places on and above a diagonal.
 *
 * @param n The number of rows.
 * @param options Which diagonal, of how wide a matrix.
 * @returns Rows and columns, int32.
 *
 * JAX: `jax.numpy.triu_indices`.
 */
export function triuIndices(n: number, options: TriangleOptions = {}): NDArray[] {
  const { k = 0, m } = options;
  checkWhole("triuIndices", "n", n, 0);
  return placesWhere(n, m ?? n, (row, column) => column - row >= k);
}

function matrixSizes(op: string, x: ArrayLike): readonly [number, number] {
  const own = asArray(op, x);
  if (own.shape.length !== 2) throw rankError(op, own, "two axes");
  return [own.shape[0]!, own.shape[1]!];
}

/**
 * The places of a matrix on and below a diagonal.
 *
 * @param x The matrix.
 * @param options Which diagonal.
 * @returns Rows and columns, int32.
 *
 * JAX: `jax.numpy.tril_indices_from`.
 */
export function trilIndicesFrom(x: ArrayLike, options: DiagOptions = {}): NDArray[] {
  const [rows, columns] = matrixSizes("trilIndicesFrom", x);
  return trilIndices(rows, { ...options, m: columns });
}

/**
 * The places of a matrix on and above a diagonal.
 *
 * @param x The matrix.
 * @param options Which diagonal.
 * @returns Rows and columns, int32.
 *
 * JAX: `jax.numpy.triu_indices_from`.
 */
export function triuIndicesFrom(x: ArrayLike, options: DiagOptions = {}): NDArray[] {
  const [rows, columns] = matrixSizes("triuIndicesFrom", x);
  return triuIndices(rows, { ...options, m: columns });
}

/**
 * The places on the main diagonal of an array of equal sizes.
 *
 * @param n The size of each axis.
 * @param options How many axes: 2 if left out.
 * @returns For each axis the places along it, int32.
 *
 * JAX: `jax.numpy.diag_indices`.
 */
export function diagIndices(n: number, options: { readonly ndim?: number } = {}): NDArray[] {
  const { ndim = 2 } = options;
  checkWhole("diagIndices", "n", n, 0);
  checkWhole("diagIndices", "ndim", ndim, 0);
  const places = iota("int32", [n], 0);
  return Array.from({ length: ndim }, () => places);
}

function equalSizes(op: string, x: NDArray): number {
  const { shape } = x;
  const isFit = shape.length === 2 || shape.length > 2 && shape.every((size) => size === shape[0]);
  if (!isFit) throw rankError(op, x, "two axes, or more of equal sizes");
  return Math.min(...shape);
}

/**
 * The places on the main diagonal of an array.
 *
 * @param x An array of at least two axes, of equal sizes.
 * @returns For each axis the places along it, int32.
 * @throws {ValueError} If sizes differ.
 *
 * JAX: `jax.numpy.diag_indices_from`.
 */
export function diagIndicesFrom(x: ArrayLike): NDArray[] {
  const own = asArray("diagIndicesFrom", x);
  const { shape } = own;
  if (shape.length < 2 || !shape.every((size) => size === shape[0])) {
    throw rankError("diagIndicesFrom", own, "at least two axes, of equal sizes");
  }
  return diagIndices(shape[0]!, { ndim: shape.length });
}

/**
 * An array with other elements on the main diagonal. The array does not change: the result is a new one.
 *
 * @param x A matrix, or an array of more axes of equal sizes.
 * @param value What to put there, cast to the dtype of `x`: repeated if there are too few.
 * @returns The new array.
 * @throws {ValueError} If there are no two axes, or sizes of more differ.
 *
 * JAX: `jax.numpy.fill_diagonal`.
 */
export function fillDiagonal(x: ArrayLike, value: ArrayLike, _options: { readonly inplace?: false } = {}): NDArray {
  const own = asArray("fillDiagonal", x);
  const size = equalSizes("fillDiagonal", own);
  const { dtype, weakType } = own;
  const news = asType("fillDiagonal", value, { dtype, weakType } as TypeOf);
  if (size === 0) return own;
  const axes = own.shape.map((_, axis) => axis);
  const places = columnOf(iota("int32", [size], 0));
  const numbers = { updateWindowDims: [], insertedWindowDims: axes, scatterDimsToOperandDims: axes };
  const updates = resize(news, size);
  return scatter("set", own, concatenate(axes.map(() => places), 1), updates, numbers, {
    mode: "clip",
    uniqueIndices: true,
  });
}
