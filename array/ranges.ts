/**
 * Arrays of evenly spaced numbers, grids, and matrices by the places of their elements.
 *
 * @module
 */

import { type ArrayLikeValue, constant, fromElements, typeOf } from "../core/constant.ts";
import { arrayDtype, isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { promoteTypes, type TypeOf } from "../core/promotion.ts";
import { broadcastShapes, type Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastInDim, broadcastTo } from "../ops/broadcast_in_dim.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { eq } from "../ops/eq.ts";
import { floor } from "../ops/floor.ts";
import { ge } from "../ops/ge.ts";
import { iota } from "../ops/iota.ts";
import { reshape } from "../ops/reshape.ts";
import type { DType } from "../wasm/dtype.ts";
import { add, divide, multiply, sign, subtract } from "./arithmetic.ts";
import { shapeOf } from "./_shapes.ts";
import type { DtypeOptions } from "./creation.ts";
import { log10 } from "./exponential.ts";
import { stack } from "./joining.ts";
import { power } from "./power.ts";
import { asNumbers, asType } from "./promote.ts";
import { item } from "./read.ts";
import { moveaxis } from "./reshaping.ts";

/** How many numbers, and which of their ends count. */
export interface SpaceOptions extends DtypeOptions {
  /** How many numbers; 50 if left out. */
  readonly num?: number;
  /** Whether the last number is `stop`; it is if left out. */
  readonly endpoint?: boolean;
  /** The axis of the result along which the numbers lie: 0 if left out. */
  readonly axis?: number;
}

/** Options of {@linkcode linspace} that also gives the distance between the numbers. */
export interface StepOptions extends SpaceOptions {
  /** Whether to give the distance, too. */
  readonly retstep: true;
}

/** Options of {@linkcode logspace}. */
export interface LogspaceOptions extends SpaceOptions {
  /** What is raised to the numbers: 10 if left out. */
  readonly base?: ArrayLike;
}

/** Rows, columns and diagonal of a matrix. */
export interface EyeOptions extends DtypeOptions {
  /** The number of columns; that of rows if left out. */
  readonly m?: number | null;
  /** How far above the main diagonal. */
  readonly k?: number;
}

/** Options of {@linkcode meshgrid}. */
export interface MeshgridOptions {
  /** "xy", as if left out, exchanges the first two axes; "ij" leaves them as they are. */
  readonly indexing?: "xy" | "ij";
  /** Whether axes that only repeat have size 1. */
  readonly sparse?: boolean;
}

/** Options of {@linkcode indices}. */
export interface IndicesOptions extends DtypeOptions {
  /** Whether to give an array an axis, with size 1 along the others. */
  readonly sparse?: boolean;
}

/** A scalar as a number of the language. */
function numberOf(value: ArrayLikeValue): number {
  return value instanceof NDArray ? Number(item(value)) : Number(typeof value === "object" ? value.value : value);
}

/** The numbers of NumPy's `arange`: all of them the first plus a multiple of the first step, as float32 has these. */
function floatRange(start: number, step: number, count: number): Float32Array {
  const first = Math.fround(start);
  const delta = Math.fround(Math.fround(start + step) - first);
  const numbers = Float32Array.from({ length: count }, (_, k) => first + Math.fround(k * delta));
  if (count > 1) numbers[1] = start + step;
  return numbers;
}

/**
 * Evenly spaced numbers from `start` to before `stop`; from 0, if there is one bound.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.arange(3).tolist(), [0, 1, 2]);
 * assert.deepEqual(pz.np.arange(1, 2, 0.25).tolist(), [1, 1.25, 1.5, 1.75]);
 * ```
 *
 * @param start The first number; the bound, if it is the only argument.
 * @param stop The number before which they end.
 * @param step From one to the next; 1 if left out.
 * @param options The dtype; int32 of whole numbers, else float32, if left out.
 * @returns The numbers, along one axis.
 * @throws {ValueError} If the step is 0, or a bound is not finite.
 *
 * JAX: `jax.numpy.arange`.
 */
export function arange(
  start: ArrayLikeValue,
  stop?: ArrayLikeValue | null,
  step?: ArrayLikeValue | null,
  options: DtypeOptions = {},
): NDArray {
  const given = [start, stop, step].filter((bound) => bound !== undefined && bound !== null);
  const dtype = options.dtype === undefined
    ? given.map(typeOf).reduce(promoteTypes).dtype
    : arrayDtype("arange", options.dtype);
  const [first, last, by] = given.length === 1
    ? [0, numberOf(start), 1]
    : [numberOf(start), numberOf(stop ?? 0), numberOf(step ?? 1)];
  const count = Math.max(0, Math.ceil((last - first) / by));
  if (!Number.isFinite(count)) {
    throw new ValueError("Cannot make a range: it has no end", {
      op: "arange",
      actual: `from ${first} to ${last} by ${by}`,
      expected: "finite bounds, and a step that is not 0",
      remedy: "check the bounds and the step",
      code: "arange",
    });
  }
  if (first === 0 && by === 1 && dtype !== "bool") return iota(dtype, [count], 0);
  const type: TypeOf = { dtype, weakType: false };
  if (isFloating(dtype)) {
    return convertElementType(fromElements(floatRange(first, by, count), [count], "float32"), type);
  }
  const [from, delta] = [Math.trunc(first), Math.trunc(first + by) - Math.trunc(first)];
  const numbers = Int32Array.from({ length: count }, (_, k) => from + k * delta);
  return convertElementType(fromElements(numbers, [count], "int32"), type);
}

/** The dtype of the result of evenly spaced numbers, and the float that they are computed in. */
function spaceTypes(op: string, dtype: string | undefined, bounds: readonly NDArray[]): readonly [TypeOf, TypeOf] {
  const strong = (dtype: DType): TypeOf => ({ dtype, weakType: false });
  const inexact = (dtype: DType): DType => isFloating(dtype) ? dtype : "float32";
  const common = bounds.map(typeOf).reduce(promoteTypes).dtype;
  const own = dtype === undefined ? inexact(common) : arrayDtype(op, dtype);
  return [strong(own), strong(inexact(own))];
}

function countOf(op: string, num: number): number {
  if (Number.isInteger(num) && num >= 0) return num;
  throw new ValueError(`Cannot compute ${op}: the count is not a whole number from 0`, {
    op,
    operand: "num",
    actual: `${num}`,
    expected: "a whole number from 0",
    remedy: "round it",
    code: "space-count",
  });
}

/**
 * Evenly spaced numbers from `start` to `stop`, these included.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * assert.deepEqual(pz.np.linspace(0, 1, { num: 5 }).tolist(), [0, 0.25, 0.5, 0.75, 1]);
 * ```
 *
 * @param start The first numbers; an array makes a range for each of its elements.
 * @param stop The last numbers.
 * @param options How many, along which axis, and whether the distance is wanted.
 * @returns The numbers: an array with one axis more than the bounds. With `retstep`, a pair: the numbers, and the distance
 *   from one to the next.
 *
 * JAX: `jax.numpy.linspace`.
 */
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  options?: SpaceOptions & { readonly retstep?: false },
): NDArray;
/** The numbers, and the distance from one to the next. */
export function linspace(start: ArrayLike, stop: ArrayLike, options: StepOptions): [numbers: NDArray, step: NDArray];
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  options: SpaceOptions & { readonly retstep?: boolean } = {},
): NDArray | [numbers: NDArray, step: NDArray] {
  const numbers = evenlySpaced(start, stop, options);
  if (!options.retstep) return numbers;
  const { num = 50, endpoint = true } = options;
  const [, inexact] = spaceTypes("linspace", options.dtype, [
    asNumbers("linspace", start),
    asNumbers("linspace", stop),
  ]);
  const parts = endpoint ? num - 1 : num;
  const [from, to] = [asType("linspace", start, inexact), asType("linspace", stop, inexact)];
  return [numbers, parts > 0 ? divide(subtract(to, from), constant(parts, inexact)) : constant(NaN, inexact)];
}

function evenlySpaced(start: ArrayLike, stop: ArrayLike, options: SpaceOptions): NDArray {
  const { num = 50, endpoint = true, axis = 0 } = options;
  const count = countOf("linspace", num);
  const bounds = [asNumbers("linspace", start), asNumbers("linspace", stop)];
  const [type, inexact] = spaceTypes("linspace", options.dtype, bounds);
  const shape = broadcastShapes("linspace", bounds.map((bound) => bound.shape));
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  const sizes = (count: number): Shape => [...shape.slice(0, at), count, ...shape.slice(at)];
  const [from, to] = bounds.map((bound) => reshape(broadcastTo(convertElementType(bound, inexact), shape), sizes(1)));
  if (count === 0) return broadcastTo(constant(0, type), sizes(0));
  let numbers = from!;
  if (count > 1) {
    const parts = endpoint ? count - 1 : count;
    const line = sizes(1).map((_, k) => k === at ? parts : 1);
    const step = divide(reshape(iota(inexact.dtype, [parts], 0), line), constant(parts, inexact));
    numbers = add(multiply(from!, subtract(constant(1, inexact), step)), multiply(to!, step));
    if (endpoint) numbers = concatenate([numbers, to!], at);
  }
  return convertElementType(isFloating(type.dtype) ? numbers : floor(numbers), type);
}

/**
 * Numbers whose logarithms are evenly spaced: `base ** linspace(start, stop)`.
 *
 * @param start The first exponents.
 * @param stop The last exponents.
 * @param options How many, along which axis, and the base.
 * @returns The numbers.
 *
 * JAX: `jax.numpy.logspace`.
 */
export function logspace(start: ArrayLike, stop: ArrayLike, options: LogspaceOptions = {}): NDArray {
  const { base = 10, dtype, ...rest } = options;
  const bounds = [asNumbers("logspace", start), asNumbers("logspace", stop)];
  const [type, inexact] = spaceTypes("logspace", dtype, bounds);
  const exponents = linspace(convertElementType(bounds[0]!, inexact), convertElementType(bounds[1]!, inexact), rest);
  return convertElementType(power(convertElementType(asNumbers("logspace", base), inexact), exponents), type);
}

/**
 * Numbers from `start` to `stop`, each a constant multiple of the one before.
 *
 * @param start The first numbers, not 0.
 * @param stop The last numbers, of the same sign.
 * @param options How many, and along which axis.
 * @returns The numbers.
 *
 * JAX: `jax.numpy.geomspace`.
 */
export function geomspace(start: ArrayLike, stop: ArrayLike, options: SpaceOptions = {}): NDArray {
  const { axis = 0, dtype, ...rest } = options;
  const bounds = [asNumbers("geomspace", start), asNumbers("geomspace", stop)];
  const [type, inexact] = spaceTypes("geomspace", dtype, bounds);
  const [from, to] = bounds.map((bound) => convertElementType(bound, inexact));
  const direction = sign(from!);
  const logarithm = (x: NDArray): NDArray => log10(divide(x, direction));
  const numbers = multiply(direction, logspace(logarithm(from!), logarithm(to!), rest));
  return convertElementType(axis === 0 ? numbers : moveaxis(numbers, 0, axis), type);
}

/** The numbers of rows and columns, counted from 0, of a matrix. */
function places(rows: number, columns: number): readonly [NDArray, NDArray] {
  return [iota("int32", [rows, columns], 0), iota("int32", [rows, columns], 1)];
}

/** A matrix of zeros and ones, by a comparison of row plus `k` with column. */
function byPlace(
  op: string,
  n: number,
  { m, k = 0, dtype = "float32" }: EyeOptions,
  compare: (row: NDArray, column: NDArray) => NDArray,
): NDArray {
  const [rows = 0, columns = 0] = shapeOf(op, [n, m ?? n]);
  const [row, column] = places(rows, columns);
  const shifted = k === 0 ? row : add(row, k);
  return convertElementType(compare(shifted, column), { dtype: arrayDtype(op, dtype), weakType: false });
}

/**
 * A matrix with ones on a diagonal.
 *
 * @param n The number of rows.
 * @param options The number of columns, the diagonal, the dtype.
 * @returns The matrix.
 *
 * JAX: `jax.numpy.eye`.
 */
export function eye(n: number, options: EyeOptions = {}): NDArray {
  return byPlace("eye", n, options, eq);
}

/**
 * The square matrix with ones on its diagonal.
 *
 * @param n The number of rows.
 * @param options The dtype.
 * @returns The matrix.
 *
 * JAX: `jax.numpy.identity`.
 */
export function identity(n: number, options: DtypeOptions = {}): NDArray {
  return byPlace("identity", n, options, eq);
}

/**
 * A matrix with ones at and below a diagonal.
 *
 * @param n The number of rows.
 * @param options The number of columns, the diagonal, the dtype.
 * @returns The matrix.
 *
 * JAX: `jax.numpy.tri`.
 */
export function tri(n: number, options: EyeOptions = {}): NDArray {
  return byPlace("tri", n, options, ge);
}

/**
 * Coordinates of a grid: for each array, its elements along an axis of their own, repeated along the others.
 *
 * @param arrays Arrays of one axis.
 * @param options The order of the first two axes.
 * @returns An array for each.
 * @throws {ValueError} If an array has not exactly one axis.
 *
 * JAX: `jax.numpy.meshgrid`.
 */
export function meshgrid(arrays: readonly ArrayLike[], options: MeshgridOptions = {}): NDArray[] {
  const { indexing = "xy", sparse = false } = options;
  const lines = arrays.map((x) => asNumbers("meshgrid", x));
  if (lines.some(({ ndim }) => ndim !== 1) || indexing !== "xy" && indexing !== "ij") {
    throw new ValueError("Cannot make a grid: the arguments do not fit", {
      op: "meshgrid",
      actual: `arrays of ${lines.map(({ ndim }) => ndim).join(", ")} axes, indexing ${JSON.stringify(indexing)}`,
      expected: 'arrays of one axis, indexing "xy" or "ij"',
      remedy: "ravel the arrays, and make arrays of scalars",
      code: "meshgrid",
    });
  }
  const axisOf = (k: number): number => indexing === "xy" && lines.length > 1 && k < 2 ? 1 - k : k;
  const shape = lines.map((_, axis) => lines[axisOf(axis)]!.shape[0]!);
  return lines.map((line, k) => {
    const own = shape.map((size, axis) => axis === axisOf(k) || !sparse ? size : 1);
    return broadcastInDim(line, own, [axisOf(k)]);
  });
}

/**
 * The places of a grid along each axis.
 *
 * @param dimensions The grid's shape.
 * @param options The dtype; int32 if left out.
 * @returns One array with a first axis over the axes; a list of arrays if `sparse`.
 *
 * JAX: `jax.numpy.indices`.
 */
export function indices(dimensions: Shape, options?: IndicesOptions & { readonly sparse?: false }): NDArray;
/** The places, an array for each axis that has size 1 along the others. */
export function indices(dimensions: Shape, options: IndicesOptions & { readonly sparse: true }): NDArray[];
export function indices(dimensions: Shape, options: IndicesOptions = {}): NDArray | NDArray[] {
  const shape = shapeOf("indices", dimensions);
  const dtype = arrayDtype("indices", options.dtype ?? "int32");
  const each = shape.map((size, axis) => {
    const own = options.sparse ? shape.map((_, k) => k === axis ? size : 1) : shape;
    return broadcastInDim(iota(dtype, [size], 0), own, [axis]);
  });
  if (options.sparse) return each;
  return each.length === 0 ? broadcastTo(constant(0, { dtype, weakType: false }), [0]) : stack(each);
}
