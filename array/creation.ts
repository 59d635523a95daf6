/**
 * Arrays out of data, and arrays of one number.
 *
 * @module
 */

import { allocateArray } from "../core/bind.ts";
import {
  asArray,
  constant,
  elementsOf,
  fromElements,
  integerRange,
  isScalar,
  kindOf,
  type Scalar,
} from "../core/constant.ts";
import { arrayDtype, isFloating } from "../core/dtype.ts";
import { type ArrayLike, NDArray, type TypedArray } from "../core/ndarray.ts";
import { type TypeOf, typeOfScalar, WeakFloat } from "../core/promotion.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { copy as copyOp } from "../ops/copy.ts";
import { reshape } from "../ops/reshape.ts";
import { type DType, DTYPES, type ElementArray } from "../wasm/dtype.ts";
import { currentEngine } from "../wasm/engine.ts";
import { sizeOf } from "../wasm/layout.ts";
import { shapeOf } from "./_shapes.ts";
import { stack } from "./joining.ts";
import { asType } from "./promote.ts";

/** Lists, typed arrays, buffers: whatever an array can be made of. */
export type ArrayData = ArrayLike | ArrayBuffer | SharedArrayBuffer | Iterable<ArrayData> | readonly ArrayData[];

/** The shape and dtype of a new array. */
export interface ArrayOptions {
  /** Its shape; that of the data if left out. One size may be -1. */
  readonly shape?: Shape | number;
  /** Its dtype; what the data suggest if left out. */
  readonly dtype?: string;
  /** The least number of axes: axes of size 1 are put before those of the data. */
  readonly ndmin?: number;
}

/** The dtype of a new array. */
export interface DtypeOptions {
  /** Its dtype. */
  readonly dtype?: string;
}

/** The dtype and shape of an array like another. */
export interface LikeOptions extends DtypeOptions {
  /** Its shape; that of the other if left out. */
  readonly shape?: Shape | number;
}

/** A type that is strong, of a dtype or of a scalar's. */
function strongType(op: string, dtype: string | undefined, type: TypeOf): TypeOf {
  return { dtype: dtype === undefined ? type.dtype : arrayDtype(op, dtype), weakType: false };
}

/** Lists that are one level each, down to scalars: their shape and their scalars. */
function flattenLists(data: readonly unknown[]): { shape: number[]; scalars: unknown[] } {
  const shape: number[] = [];
  let level: readonly unknown[] = data;
  for (let isList = true; isList;) {
    const lists = (shape.length === 0 ? [data] : level) as readonly (readonly unknown[])[];
    const [size = 0] = lists.map(({ length }) => length);
    if (lists.some(({ length }) => length !== size)) {
      throw new ValueError("Cannot make an array: the lists have different lengths", {
        op: "array",
        actual: `lists of ${
          [...new Set(lists.map(({ length }) => length))].join(" and ")
        } elements along axis ${shape.length}`,
        expected: "lists of one length along each axis",
        remedy: "pad the shorter ones",
        code: "ragged",
      });
    }
    shape.push(size);
    level = lists.flat(1);
    const depths = new Set(level.map((element) => Array.isArray(element)));
    if (depths.size > 1) {
      throw new ValueError("Cannot make an array: lists and numbers stand side by side", {
        op: "array",
        actual: `both along axis ${shape.length - 1}`,
        expected: "lists of one depth",
        remedy: "give every element as many brackets",
        code: "ragged",
      });
    }
    isList = depths.has(true);
  }
  return { shape, scalars: [...level] };
}

/** The dtype that scalars of the language suggest. */
function dtypeOfScalars(scalars: readonly Scalar[]): DType {
  let dtype: DType = "bool";
  if (scalars.length === 0) return "float32";
  for (const scalar of scalars) {
    const own = typeOfScalar(scalar).dtype;
    if (own === "float32") return own;
    if (own !== "bool") dtype = own;
  }
  return dtype;
}

function numberOf(scalar: Scalar): number {
  return Number(scalar instanceof WeakFloat ? scalar.value : scalar);
}

/** An array of numbers that may not be as the dtype's typed array holds them. */
function fromNumbers(numbers: globalThis.ArrayLike<number>, shape: Shape, dtype: DType): NDArray {
  if (dtype === "float32" || dtype === "bool") {
    const own = dtype === "bool" ? Uint8Array.from(numbers, (value) => value === 0 ? 0 : 1) : numbers;
    return fromElements(own, shape, dtype);
  }
  if (isFloating(dtype)) return convertElementType(fromElements(numbers, shape, "float32"), { dtype, weakType: false });
  const [least, greatest] = integerRange(dtype);
  for (let k = 0; k < numbers.length; k++) {
    const value = numbers[k]!;
    if (value >= least && value <= greatest) continue;
    throw new ValueError(`Cannot make an array of ${dtype}: a number does not fit`, {
      op: "array",
      actual: `${value}`,
      expected: `${least} to ${greatest}`,
      remedy: 'name a wider dtype, as { dtype: "float32" }, or take the remainder first',
      code: "array-range",
    });
  }
  return fromElements(numbers, shape, dtype);
}

function ofLists(list: readonly unknown[], dtype: string | undefined): NDArray {
  const { shape, scalars } = flattenLists(list);
  if (scalars.every(isScalar)) {
    const own = dtype === undefined ? dtypeOfScalars(scalars) : arrayDtype("array", dtype);
    return fromNumbers(scalars.map(numberOf), shape, own);
  }
  if (!scalars.some((element) => element instanceof NDArray || ArrayBuffer.isView(element))) {
    const odd = scalars.find((element) => !isScalar(element));
    throw new TypeError(
      `Cannot make an array: an element is ${kindOf(odd)}; pass numbers, booleans, arrays or lists of these`,
    );
  }
  // Arrays among the elements bring axes of their own.
  const parts = scalars.map((element) => asArray("array", element));
  const joined = stack(parts);
  const whole = reshape(joined, [...shape, ...joined.shape.slice(1)]);
  return dtype === undefined ? whole : convertElementType(whole, strongType("array", dtype, whole as TypeOf));
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** Iterables as lists, all the way down. */
function listed(value: unknown): unknown {
  if (value instanceof NDArray || ArrayBuffer.isView(value) || !isIterable(value)) return value;
  return Array.from(value, listed);
}

function ofBuffer(buffer: ArrayBuffer | SharedArrayBuffer, name: string): NDArray {
  const dtype = arrayDtype("array", name);
  const { size } = DTYPES[dtype];
  if (buffer.byteLength % size !== 0) {
    throw new ValueError("Cannot make an array of a buffer: its length is no multiple of the dtype's size", {
      op: "array",
      actual: `${buffer.byteLength} bytes`,
      expected: `a multiple of ${size}, the bytes of a ${dtype}`,
      remedy: "name the dtype that the bytes are of",
      code: "buffer-length",
    });
  }
  const array = allocateArray({ shape: [buffer.byteLength / size], dtype, weakType: false });
  currentEngine().memory.fresh(array.storage.address, buffer.byteLength, "uint8").set(new Uint8Array(buffer));
  return array;
}

/**
 * Makes an array.
 *
 * Whole numbers make int32, others float32, booleans bool, in any lists; a typed array keeps its dtype (64 bits become 32),
 * and a single number stays weak.
 * The bytes of an `ArrayBuffer` are taken as they are: of float32, unless another dtype is named. Everything is copied.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2, 3], [4, 5, 6]]);
 * assert.equal(x.dtype, "int32");
 * assert.deepEqual(x.shape, [2, 3]);
 * const y = pz.np.array(new Float32Array(6), { shape: [3, -1] });
 * assert.deepEqual(y.shape, [3, 2]);
 * ```
 *
 * @param data The elements.
 * @param options Shape and dtype.
 * @returns The array.
 * @throws {TypeError} If the data hold something else than numbers and booleans.
 * @throws {ValueError} If lists differ in length, a number does not fit the dtype, or the shape does not fit the data.
 *
 * JAX: `jax.numpy.array`.
 */
export function array(data: ArrayData, options: ArrayOptions = {}): NDArray {
  const { shape, dtype, ndmin = 0 } = options;
  const whole = arrayOf(data, dtype);
  const shaped = shape === undefined ? whole : reshape(whole, filledShape(whole, shape));
  return reshape(shaped, [...new Array<number>(Math.max(ndmin - shaped.ndim, 0)).fill(1), ...shaped.shape]);
}

function arrayOf(data: ArrayData, dtype: string | undefined): NDArray {
  if (isScalar(data)) {
    const type = typeOfScalar(data);
    return asType("array", data, dtype === undefined ? type : strongType("array", dtype, type));
  }
  if (data instanceof NDArray) {
    return dtype === undefined ? data : convertElementType(data, strongType("array", dtype, data as TypeOf));
  }
  if (data instanceof ArrayBuffer || typeof SharedArrayBuffer !== "undefined" && data instanceof SharedArrayBuffer) {
    return ofBuffer(data, dtype ?? "float32");
  }
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) {
    // Newer hosts have typed arrays of halves, which none of ours is.
    if (data[Symbol.toStringTag] as string === "Float16Array") {
      return fromNumbers(
        data as unknown as Float32Array,
        [(data as Float32Array).length],
        arrayDtype("array", dtype ?? "float16"),
      );
    }
    const [elements, own] = elementsOf(data as TypedArray);
    if (dtype === undefined || arrayDtype("array", dtype) === own) {
      return fromElements(elements, [elements.length], own);
    }
    const plain = fromElements(elements, [elements.length], own);
    return convertElementType(plain, strongType("array", dtype, { dtype: own, weakType: false }));
  }
  const list = listed(data);
  if (Array.isArray(list)) return ofLists(list, dtype);
  throw new TypeError(`Cannot make an array of ${kindOf(data)}; pass numbers, lists, typed arrays or a buffer`);
}

/** A shape for so many elements, in which one size may be left open. */
function filledShape(x: NDArray, shape: Shape | number): Shape {
  const sizes = typeof shape === "number" ? [shape] : [...shape];
  const open = sizes.indexOf(-1);
  const rest = sizeOf(sizes.filter((_, axis) => axis !== open));
  if (open >= 0 && rest > 0 && x.size % rest === 0) sizes[open] = x.size / rest;
  const own = shapeOf("array", sizes);
  if (sizeOf(own) === x.size) return own;
  throw new ValueError("Cannot make an array: the shape does not have as many elements as the data", {
    op: "array",
    actual: `${x.size} elements for shape [${shape}]`,
    expected: `${sizeOf(own)} elements`,
    remedy: "pass the shape that the data have, or leave it out",
    code: "array-shape",
  });
}

/**
 * The operand as an array; arrays are given back as they are.
 *
 * @param data The operand.
 * @param options Shape and dtype.
 * @returns The array.
 *
 * JAX: `jax.numpy.asarray`.
 */
export function asarray(data: ArrayData, options: ArrayOptions = {}): NDArray {
  const { shape, dtype } = options;
  if (dtype === undefined && shape === undefined && (data instanceof NDArray || isScalar(data))) {
    return asArray("asarray", data);
  }
  return array(data, options);
}

/**
 * Makes an array whose elements a function writes straight into the engine's memory.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.allocate([2, 2], "float32", (elements) => elements.fill(3));
 * assert.deepEqual(x.tolist(), [[3, 3], [3, 3]]);
 * ```
 *
 * @param shape Its shape.
 * @param dtype Its dtype; of halves the function writes the bits.
 * @param fill Writes the elements, in row-major order, which are whatever was there before. It must not keep the view, nor
 *   make other arrays.
 * @returns The array.
 */
export function allocate(shape: Shape | number, dtype: string, fill: (elements: ElementArray) => void): NDArray {
  const own = arrayDtype("allocate", dtype);
  const made = allocateArray({ shape: shapeOf("allocate", shape), dtype: own, weakType: false });
  fill(currentEngine().memory.fresh(made.storage.address, made.size, own));
  return made;
}

/**
 * An array of one number: a view that repeats it.
 *
 * @param shape The shape.
 * @param fillValue The number, or an array that broadcasts to the shape.
 * @param options The dtype; that of the number if left out.
 * @returns The array.
 *
 * JAX: `jax.numpy.full`.
 */
export function full(shape: Shape | number, fillValue: ArrayLike, options: DtypeOptions = {}): NDArray {
  const sizes = shapeOf("full", shape);
  const x = options.dtype === undefined
    ? asArray("full", fillValue)
    : asType("full", fillValue, strongType("full", options.dtype, { dtype: "float32", weakType: false }));
  return broadcastTo(x, sizes);
}

function ofConstant(op: string, shape: Shape | number, value: number, dtype = "float32"): NDArray {
  return broadcastTo(constant(value, { dtype: arrayDtype(op, dtype), weakType: false }), shapeOf(op, shape));
}

/**
 * Zeros.
 *
 * @param shape The shape.
 * @param options The dtype; float32 if left out.
 * @returns The array.
 *
 * JAX: `jax.numpy.zeros`.
 */
export function zeros(shape: Shape | number, options: DtypeOptions = {}): NDArray {
  return ofConstant("zeros", shape, 0, options.dtype);
}

/**
 * Ones.
 *
 * @param shape The shape.
 * @param options The dtype; float32 if left out.
 * @returns The array.
 *
 * JAX: `jax.numpy.ones`.
 */
export function ones(shape: Shape | number, options: DtypeOptions = {}): NDArray {
  return ofConstant("ones", shape, 1, options.dtype);
}

/**
 * An array whose elements are not yet of interest: zeros.
 *
 * @param shape The shape.
 * @param options The dtype; float32 if left out.
 * @returns The array.
 *
 * JAX: `jax.numpy.empty`.
 */
export function empty(shape: Shape | number, options: DtypeOptions = {}): NDArray {
  return ofConstant("empty", shape, 0, options.dtype);
}

function like(op: string, x: ArrayLike, value: ArrayLike, { shape, dtype }: LikeOptions): NDArray {
  const of = asArray(op, x);
  const type = dtype === undefined ? of as TypeOf : strongType(op, dtype, of as TypeOf);
  return broadcastTo(asType(op, value, type), shape === undefined ? of.shape : shapeOf(op, shape));
}

/**
 * Zeros of the shape and dtype of an array.
 *
 * @param x The array.
 * @param options Another shape or dtype.
 * @returns The array.
 *
 * JAX: `jax.numpy.zeros_like`.
 */
export function zerosLike(x: ArrayLike, options: LikeOptions = {}): NDArray {
  return like("zerosLike", x, 0, options);
}

/**
 * Ones of the shape and dtype of an array.
 *
 * @param x The array.
 * @param options Another shape or dtype.
 * @returns The array.
 *
 * JAX: `jax.numpy.ones_like`.
 */
export function onesLike(x: ArrayLike, options: LikeOptions = {}): NDArray {
  return like("onesLike", x, 1, options);
}

/**
 * As {@linkcode zerosLike}.
 *
 * @param x The array.
 * @param options Another shape or dtype.
 * @returns The array.
 *
 * JAX: `jax.numpy.empty_like`.
 */
export function emptyLike(x: ArrayLike, options: LikeOptions = {}): NDArray {
  return like("emptyLike", x, 0, options);
}

/**
 * An array of one number, of the shape and dtype of an array.
 *
 * @param x The array.
 * @param fillValue The number.
 * @param options Another shape or dtype.
 * @returns The array.
 *
 * JAX: `jax.numpy.full_like`.
 */
export function fullLike(x: ArrayLike, fillValue: ArrayLike, options: LikeOptions = {}): NDArray {
  return like("fullLike", x, fillValue, options);
}

/**
 * An array with memory of its own, contiguous.
 *
 * @param x The array.
 * @returns The copy.
 *
 * JAX: `jax.numpy.copy`.
 */
export function copy(x: ArrayLike): NDArray {
  return copyOp(asArray("copy", x));
}
