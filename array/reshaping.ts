/**
 * The same elements under other axes: shapes, orders of axes, repetitions. Views, wherever strides can say it.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import type { ArrayLike, NDArray } from "../core/ndarray.ts";
import type { Axes } from "../core/options.ts";
import { broadcastShapes as broadcastAll, normalizeAxes, normalizeAxis, type Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastTo as broadcastToOp } from "../ops/broadcast_in_dim.ts";
import { expandDims as expandDimsOp } from "../ops/expand_dims.ts";
import { reshape as reshapeOp } from "../ops/reshape.ts";
import { transpose as transposeOp } from "../ops/transpose.ts";
import { sizeOf } from "../wasm/layout.ts";
import { broadcasted, fittedShape, squeezed } from "./_shapes.ts";

/** In which order elements are counted. */
export interface OrderOptions {
  /** "C", the last axis first, if left out; "F" for the first axis first. */
  readonly order?: "C" | "F";
}

/** Options of {@linkcode squeeze}. */
export interface SqueezeOptions {
  /** Which axes go; all of size 1 if left out. */
  readonly axis?: Axes | null;
}

/** Options of {@linkcode rollaxis}. */
export interface RollaxisOptions {
  /** The axis that it is put before; 0 if left out. */
  readonly start?: number;
}

function reversedAxes(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

/**
 * Gives an array another shape: a view, where its strides allow one.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.arange(6);
 * assert.deepEqual(pz.np.reshape(x, [2, -1]).tolist(), [[0, 1, 2], [3, 4, 5]]);
 * ```
 *
 * @param x The array.
 * @param shape The shape; one size may be -1, for as many as are left.
 * @param options In which order elements are counted.
 * @returns The array of that shape.
 * @throws {ValueError} If the shape does not hold as many elements.
 *
 * JAX: `jax.numpy.reshape`.
 */
export function reshape(x: ArrayLike, shape: Shape | number, options: OrderOptions = {}): NDArray {
  const own = asArray("reshape", x);
  const fitted = fittedShape("reshape", sizeOf(own.shape), typeof shape === "number" ? [shape] : shape);
  if (options.order !== "F") return reshapeOp(own, fitted);
  const turned = transposeOp(own, reversedAxes(own.shape.length));
  return transposeOp(reshapeOp(turned, [...fitted].reverse()), reversedAxes(fitted.length));
}

/**
 * All elements along one axis.
 *
 * @param x The array.
 * @param options In which order.
 * @returns The array of one axis.
 *
 * JAX: `jax.numpy.ravel`.
 */
export function ravel(x: ArrayLike, options: OrderOptions = {}): NDArray {
  return reshape(asArray("ravel", x), -1, options);
}

/**
 * Puts axes in another order: a view.
 *
 * @param x The array.
 * @param axes For each axis of the result, that of `x`; the opposite order if left out.
 * @returns The view.
 * @throws {ValueError} If `axes` does not name each axis once.
 *
 * JAX: `jax.numpy.transpose`.
 */
export function transpose(x: ArrayLike, axes?: readonly number[] | null): NDArray {
  return permuted("transpose", asArray("transpose", x), axes ?? undefined);
}

function permuted(op: string, x: NDArray, axes: readonly number[] | undefined): NDArray {
  const rank = x.shape.length;
  if (axes === undefined) return transposeOp(x, reversedAxes(rank));
  const order = normalizeAxes(op, axes, rank);
  if (order.length === rank) return transposeOp(x, order);
  throw new ValueError(`Cannot ${op}: not every axis is named`, {
    op,
    operand: "axes",
    actual: `axes [${axes}] of an array of shape [${x.shape}]`,
    expected: `each of its ${rank} axes once`,
    remedy: "name all axes, or use np.swapaxes or np.moveaxis for some of them",
    code: "permutation",
  });
}

/**
 * Puts axes in another order: a view.
 *
 * @param x The array.
 * @param axes For each axis of the result, that of `x`.
 * @returns The view.
 * @throws {ValueError} If `axes` does not name each axis once.
 *
 * JAX: `jax.numpy.permute_dims`.
 */
export function permuteDims(x: ArrayLike, axes: readonly number[]): NDArray {
  return permuted("permuteDims", asArray("permuteDims", x), axes);
}

/**
 * Exchanges the last two axes: a view.
 *
 * @param x An array of at least two axes.
 * @returns The view.
 * @throws {ValueError} If it has fewer.
 *
 * JAX: `jax.numpy.matrix_transpose`.
 */
export function matrixTranspose(x: ArrayLike): NDArray {
  const own = asArray("matrixTranspose", x);
  return swapped("matrixTranspose", own, -1, -2);
}

function swapped(op: string, x: NDArray, a: number, b: number): NDArray {
  const rank = x.shape.length;
  const [first, second] = [normalizeAxis(op, a, rank), normalizeAxis(op, b, rank)];
  const order = x.shape.map((_, axis) => axis);
  [order[first], order[second]] = [second, first];
  return transposeOp(x, order);
}

/**
 * Exchanges two axes: a view.
 *
 * @param x The array.
 * @param axis1 One axis.
 * @param axis2 The other.
 * @returns The view.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.numpy.swapaxes`.
 */
export function swapaxes(x: ArrayLike, axis1: number, axis2: number): NDArray {
  return swapped("swapaxes", asArray("swapaxes", x), axis1, axis2);
}

/**
 * Moves axes to other places; the others keep their order: a view.
 *
 * @param x The array.
 * @param source One axis, or several.
 * @param destination Where each of them goes.
 * @returns The view.
 * @throws {ValueError} If there are not as many places as axes, or an axis does not exist or comes twice.
 *
 * JAX: `jax.numpy.moveaxis`.
 */
export function moveaxis(x: ArrayLike, source: Axes, destination: Axes): NDArray {
  const own = asArray("moveaxis", x);
  const rank = own.shape.length;
  const from = normalizeAxes("moveaxis", source, rank);
  const to = normalizeAxes("moveaxis", destination, rank);
  if (from.length !== to.length) {
    throw new ValueError("Cannot moveaxis: there are not as many places as axes", {
      op: "moveaxis",
      operand: "destination",
      actual: `axes [${source}] to [${destination}]`,
      expected: "a place for each axis",
      remedy: "name as many places as axes",
      code: "moveaxis",
    });
  }
  const order = own.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  to.map((place, k) => [place, from[k]!] as const).sort(([a], [b]) => a - b)
    .forEach(([place, axis]) => order.splice(place, 0, axis));
  return transposeOp(own, order);
}

/**
 * Moves an axis before another one: a view.
 *
 * @param x The array.
 * @param axis The axis.
 * @param options What it is put before.
 * @returns The view.
 * @throws {ValueError} If there is no such axis.
 *
 * JAX: `jax.numpy.rollaxis`.
 */
export function rollaxis(x: ArrayLike, axis: number, options: RollaxisOptions = {}): NDArray {
  const own = asArray("rollaxis", x);
  const rank = own.shape.length;
  const from = normalizeAxis("rollaxis", axis, rank);
  const { start = 0 } = options;
  // The place after the last axis is one, too.
  const to = start === rank ? rank : normalizeAxis("rollaxis", start, rank);
  return moveaxis(own, from, to > from ? to - 1 : to);
}

/**
 * Takes out axes of size 1: a view.
 *
 * @param x The array.
 * @param options Which axes.
 * @returns The view.
 * @throws {ValueError} If an axis that is named is longer.
 *
 * JAX: `jax.numpy.squeeze`.
 */
export function squeeze(x: ArrayLike, options: SqueezeOptions = {}): NDArray {
  return squeezed("squeeze", asArray("squeeze", x), options.axis ?? undefined);
}

/**
 * Puts in axes of size 1: a view.
 *
 * @param x The array.
 * @param axis Their places in the result.
 * @returns The view.
 * @throws {ValueError} If there is no such place, or one is named twice.
 *
 * JAX: `jax.numpy.expand_dims`.
 */
export function expandDims(x: ArrayLike, axis: Axes): NDArray {
  const own = asArray("expandDims", x);
  const count = typeof axis === "number" ? 1 : axis.length;
  return expandDimsOp(own, normalizeAxes("expandDims", axis, own.shape.length + count));
}

/**
 * Repeats an array at the front and along axes of size 1: a view.
 *
 * @param x The array.
 * @param shape The shape of the result.
 * @returns The view.
 * @throws {ValueError} If the array does not broadcast to the shape.
 *
 * JAX: `jax.numpy.broadcast_to`.
 */
export function broadcastTo(x: ArrayLike, shape: Shape | number): NDArray {
  return broadcasted("broadcastTo", asArray("broadcastTo", x), typeof shape === "number" ? [shape] : shape);
}

/**
 * Arrays at their common shape: views.
 *
 * @param arrays The arrays.
 * @returns The views.
 * @throws {ValueError} If the shapes do not fit each other.
 *
 * JAX: `jax.numpy.broadcast_arrays`.
 */
export function broadcastArrays(...arrays: readonly ArrayLike[]): NDArray[] {
  const own = arrays.map((x) => asArray("broadcastArrays", x));
  const shape = broadcastAll("broadcastArrays", own.map((x) => x.shape));
  return own.map((x) => broadcastToOp(x, shape));
}

/**
 * The common shape that arrays of some shapes broadcast to.
 *
 * @param shapes The shapes.
 * @returns The common shape.
 * @throws {ValueError} If the shapes do not fit each other.
 *
 * JAX: `jax.numpy.broadcast_shapes`.
 */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  return broadcastAll("broadcastShapes", shapes);
}

/** A function of one array, or of several, each by itself. */
export interface Atleast {
  /** Of one array. */
  (x: ArrayLike): NDArray;
  /** Of several arrays. */
  (...arrays: readonly ArrayLike[]): NDArray[];
}

function ofEach(op: string, rule: (x: NDArray) => NDArray): Atleast {
  const each = (...arrays: readonly ArrayLike[]): NDArray | NDArray[] =>
    arrays.length === 1 ? rule(asArray(op, arrays[0])) : arrays.map((x) => rule(asArray(op, x)));
  return each as Atleast;
}

/**
 * At least one axis: a scalar becomes an array of one element.
 *
 * JAX: `jax.numpy.atleast_1d`.
 */
export const atleast1d: Atleast = ofEach("atleast1d", (x) => x.shape.length > 0 ? x : reshapeOp(x, [1]));

/**
 * At least two axes: those that are missing are put in before.
 *
 * JAX: `jax.numpy.atleast_2d`.
 */
export const atleast2d: Atleast = ofEach(
  "atleast2d",
  (x) => x.shape.length > 1 ? x : reshapeOp(x, [1, x.shape[0] ?? 1]),
);

/**
 * At least three axes: a list becomes the middle axis, a matrix the first two.
 *
 * JAX: `jax.numpy.atleast_3d`.
 */
export const atleast3d: Atleast = ofEach("atleast3d", (x) => {
  const { shape } = x;
  if (shape.length > 2) return x;
  return reshapeOp(x, shape.length === 2 ? [...shape, 1] : [1, shape[0] ?? 1, 1]);
});
