/**
 * Arrays.
 *
 * {@linkcode NDArray} declares every method; what they do is composed in `array/` and filled into the table of
 * `methods.ts` when that is loaded.
 *
 * @module
 */

import { sizeOf } from "../wasm/layout.ts";
import type { ElementArray } from "../wasm/dtype.ts";
import type { ELLIPSIS, Slice } from "../tree/slice.ts";
import type { Aval } from "./aval.ts";
import { type ArrayDtype, itemSize } from "./dtype.ts";
import { method } from "./methods.ts";
import type {
  ArgOptions,
  Axes,
  CumulativeOptions,
  DiagonalOptions,
  GetOptions,
  NonzeroOptions,
  ReduceOptions,
  RepeatOptions,
  SortOptions,
  SumOptions,
  TakeOptions,
  UpdateOptions,
  VarOptions,
} from "./options.ts";
import type { WeakFloat } from "./promotion.ts";
import type { Shape } from "./shape.ts";
import type { Trace } from "./trace.ts";

/** A typed array of any kind, floats of 64 bits and integers of 64 bits included. */
export type TypedArray = ElementArray | Float64Array | Uint8ClampedArray | BigInt64Array | BigUint64Array;

/** What functions take for an array: arrays, scalars, typed arrays as one axis. */
export type ArrayLike = NDArray | number | bigint | boolean | WeakFloat | TypedArray;

/** Lists of scalars, or of lists of one length, and so on. */
export type NestedList = number | boolean | readonly NestedList[];

/** One item of an index. */
export type IndexItem = number | bigint | string | boolean | Slice | typeof ELLIPSIS | null | NDArray | TypedArray;

/** The places of an array at an index. What its functions give is a new array; the old one stays as it is. */
export interface IndexedArray {
  /** The elements there. */
  get(options?: GetOptions): NDArray;
  /** The array with other elements there. */
  set(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array with something added there; where an index comes twice, twice. */
  add(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array with something subtracted there. */
  subtract(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array multiplied there. */
  multiply(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The same as {@linkcode IndexedArray.multiply}. */
  mul(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array divided there. */
  divide(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The same as {@linkcode IndexedArray.divide}. */
  div(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array raised to a power there. */
  power(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array with the smaller of its elements and others there. */
  min(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array with the larger of its elements and others there. */
  max(value: ArrayLike, options?: UpdateOptions): NDArray;
  /** The array with a function of its elements there. */
  apply(fn: (x: NDArray) => NDArray, options?: UpdateOptions): NDArray;
}

/**
 * An array: elements of one dtype, along any number of axes. It never changes.
 *
 * **When to use** — make one by `pz.np.array(data)` or any function of `pz.np`; there is no public constructor.
 *
 * **Memory** — nobody has to free it; see `pz.scope` for synchronous loops that make many.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const x = pz.np.array([[1, 2], [3, 4]], { dtype: "float32" });
 * assert.deepEqual(x.add(1).sum({ axis: 0 }).tolist(), [6, 8]);
 * assert.deepEqual(x.get(":", 0).tolist(), [1, 3]);
 * assert.deepEqual(x.at(0, 0).set(9).shape, [2, 2]);
 * ```
 *
 * JAX: `jax.Array`.
 */
export abstract class NDArray implements Aval {
  /** Elements along each axis. */
  abstract readonly shape: Shape;
  /** Type of the elements. */
  abstract readonly dtype: ArrayDtype;
  /** Whether only scalars of the language went into it, so that its dtype gives way to others of its kind. */
  abstract readonly weakType: boolean;
  /** The transformation that it is a tracer of; `undefined` for an array that has its elements. */
  abstract readonly tracedBy: Trace | undefined;

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return itemSize(this.dtype);
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  /** The axes in opposite order. */
  get T(): NDArray {
    return this.transpose();
  }

  /** The last two axes exchanged. */
  get mT(): NDArray {
    return this.swapaxes(-2, -1);
  }

  /** The sum `x + y`. */
  add(y: ArrayLike): NDArray {
    return method("add")(this, y);
  }

  /** The difference `x - y`. */
  sub(y: ArrayLike): NDArray {
    return method("sub")(this, y);
  }

  /** The product `x * y`. */
  mul(y: ArrayLike): NDArray {
    return method("mul")(this, y);
  }

  /** The quotient `x / y`; of integers a float. */
  div(y: ArrayLike): NDArray {
    return method("div")(this, y);
  }

  /** The quotient rounded towards negative infinity. */
  floorDiv(y: ArrayLike): NDArray {
    return method("floorDiv")(this, y);
  }

  /** The remainder of {@linkcode NDArray.floorDiv}, with the sign of `y`. */
  mod(y: ArrayLike): NDArray {
    return method("mod")(this, y);
  }

  /** The rounded quotient and the remainder. */
  divmod(y: ArrayLike): [NDArray, NDArray] {
    return method("divmod")(this, y);
  }

  /** The power `x ** y`. */
  pow(y: ArrayLike): NDArray {
    return method("pow")(this, y);
  }

  /** The matrix product. */
  matmul(y: ArrayLike): NDArray {
    return method("matmul")(this, y);
  }

  /** The product over the last axis of `x` and the last but one of `y`. */
  dot(y: ArrayLike): NDArray {
    return method("dot")(this, y);
  }

  /** The bits shifted left, of integers. */
  leftShift(y: ArrayLike): NDArray {
    return method("leftShift")(this, y);
  }

  /** The bits shifted right, of integers; signed ones keep their sign. */
  rightShift(y: ArrayLike): NDArray {
    return method("rightShift")(this, y);
  }

  /** The bits set in both, of integers and bools. */
  and(y: ArrayLike): NDArray {
    return method("and")(this, y);
  }

  /** The bits set in either, of integers and bools. */
  or(y: ArrayLike): NDArray {
    return method("or")(this, y);
  }

  /** The bits set in one alone, of integers and bools. */
  xor(y: ArrayLike): NDArray {
    return method("xor")(this, y);
  }

  /** Where `x < y`. */
  lt(y: ArrayLike): NDArray {
    return method("lt")(this, y);
  }

  /** Where `x <= y`. */
  le(y: ArrayLike): NDArray {
    return method("le")(this, y);
  }

  /** Where `x == y`. */
  eq(y: ArrayLike): NDArray {
    return method("eq")(this, y);
  }

  /** Where `x != y`. */
  ne(y: ArrayLike): NDArray {
    return method("ne")(this, y);
  }

  /** Where `x >= y`. */
  ge(y: ArrayLike): NDArray {
    return method("ge")(this, y);
  }

  /** Where `x > y`. */
  gt(y: ArrayLike): NDArray {
    return method("gt")(this, y);
  }

  /** The elements with the opposite sign. */
  neg(): NDArray {
    return method("neg")(this);
  }

  /** The array itself. */
  pos(): NDArray {
    return method("pos")(this);
  }

  /** The absolute values. */
  abs(): NDArray {
    return method("abs")(this);
  }

  /** The opposite bits, of integers and bools. */
  invert(): NDArray {
    return method("invert")(this);
  }

  /** The complex conjugate: the array itself. */
  conj(): NDArray {
    return method("conj")(this);
  }

  /** The elements rounded to some decimal places, halves to even. */
  round(decimals?: number): NDArray {
    return method("round")(this, decimals);
  }

  /** The elements, none below `min` or above `max`. */
  clip(min?: ArrayLike | null, max?: ArrayLike | null): NDArray {
    return method("clip")(this, min, max);
  }

  /** The sum over axes. */
  sum(options?: SumOptions): NDArray {
    return method("sum")(this, options);
  }

  /** The product over axes. */
  prod(options?: SumOptions): NDArray {
    return method("prod")(this, options);
  }

  /** The mean over axes. */
  mean(options?: SumOptions): NDArray {
    return method("mean")(this, options);
  }

  /** The standard deviation over axes. */
  std(options?: VarOptions): NDArray {
    return method("std")(this, options);
  }

  /** The variance over axes. */
  var(options?: VarOptions): NDArray {
    return method("var")(this, options);
  }

  /** The largest element over axes. */
  max(options?: ReduceOptions): NDArray {
    return method("max")(this, options);
  }

  /** The smallest element over axes. */
  min(options?: ReduceOptions): NDArray {
    return method("min")(this, options);
  }

  /** The distance from the smallest to the largest element over axes. */
  ptp(options?: ReduceOptions): NDArray {
    return method("ptp")(this, options);
  }

  /** Whether all elements over axes are other than 0. */
  all(options?: ReduceOptions): NDArray {
    return method("all")(this, options);
  }

  /** Whether some element over axes is other than 0. */
  any(options?: ReduceOptions): NDArray {
    return method("any")(this, options);
  }

  /** The place of the first largest element, int32. */
  argmax(options?: ArgOptions): NDArray {
    return method("argmax")(this, options);
  }

  /** The place of the first smallest element, int32. */
  argmin(options?: ArgOptions): NDArray {
    return method("argmin")(this, options);
  }

  /** The sums up to each element. */
  cumsum(options?: CumulativeOptions): NDArray {
    return method("cumsum")(this, options);
  }

  /** The products up to each element. */
  cumprod(options?: CumulativeOptions): NDArray {
    return method("cumprod")(this, options);
  }

  /** The elements in order. */
  sort(options?: SortOptions): NDArray {
    return method("sort")(this, options);
  }

  /** The places that the elements in order come from, int32. */
  argsort(options?: SortOptions): NDArray {
    return method("argsort")(this, options);
  }

  /** Places such that the element at `kth` is where sorting would have it. */
  argpartition(kth: number, options?: SortOptions): NDArray {
    return method("argpartition")(this, kth, options);
  }

  /** Where values would have to be inserted into this sorted array. */
  searchsorted(v: ArrayLike, options?: { readonly side?: "left" | "right" }): NDArray {
    return method("searchsorted")(this, v, options);
  }

  /** The places of the elements other than 0, an array for each axis. */
  nonzero(options?: NonzeroOptions): NDArray[] {
    return method("nonzero")(this, options);
  }

  /** The same elements in another shape; one size may be -1. */
  reshape(...shape: (number | readonly number[])[]): NDArray {
    return method("reshape")(this, ...shape);
  }

  /** The axes in another order; reversed if none are named. */
  transpose(...axes: (number | readonly number[])[]): NDArray {
    return method("transpose")(this, ...axes);
  }

  /** Two axes exchanged. */
  swapaxes(a: number, b: number): NDArray {
    return method("swapaxes")(this, a, b);
  }

  /** Without axes of size 1. */
  squeeze(options?: { readonly axis?: Axes }): NDArray {
    return method("squeeze")(this, options);
  }

  /** All elements along one axis. */
  ravel(): NDArray {
    return method("ravel")(this);
  }

  /** All elements along one axis. */
  flatten(): NDArray {
    return method("flatten")(this);
  }

  /** The diagonal of two axes, as the last axis. */
  diagonal(options?: DiagonalOptions): NDArray {
    return method("diagonal")(this, options);
  }

  /** The sum of the diagonal of two axes. */
  trace(options?: DiagonalOptions): NDArray {
    return method("trace")(this, options);
  }

  /** The elements at places along an axis. */
  take(indices: ArrayLike, options?: TakeOptions): NDArray {
    return method("take")(this, indices, options);
  }

  /** Each element some times over. */
  repeat(repeats: ArrayLike, options?: RepeatOptions): NDArray {
    return method("repeat")(this, repeats, options);
  }

  /** Of several arrays, at each place the one that this array of integers names. */
  choose(choices: readonly ArrayLike[]): NDArray {
    return method("choose")(this, choices);
  }

  /** The slices along an axis for which a condition holds. */
  compress(condition: ArrayLike, options?: { readonly axis?: number | null }): NDArray {
    return method("compress")(this, condition, options);
  }

  /** The elements in another dtype. */
  astype(dtype: string): NDArray {
    return method("astype")(this, dtype);
  }

  /** The bits of the elements as another dtype. */
  view(dtype: string): NDArray {
    return method("view")(this, dtype);
  }

  /** The elements at an index: integers, slices or texts such as `"1:3"`, `ELLIPSIS`, `NEW_AXIS`, integer arrays, masks. */
  get(...index: IndexItem[]): NDArray {
    return method("get")(this, ...index);
  }

  /** The places at an index, to make an array from this one with other elements there. */
  at(...index: IndexItem[]): IndexedArray {
    return method("at")(this, ...index);
  }

  /**
   * Copies the elements out, on every backend.
   *
   * @returns The elements in row-major order: of float16 and bfloat16 as float32, of bools as 0 and 1, of keys their words.
   */
  data(): Promise<ElementArray> {
    return method("data")(this);
  }

  /**
   * Copies the elements out now, which works where they lie in the engine's memory: on the CPU.
   *
   * @returns As {@linkcode NDArray.data}.
   */
  dataSync(): ElementArray {
    return method("dataSync")(this);
  }

  /**
   * Waits until the elements are written: operations on large arrays are put off until somebody looks, so what measures
   * their time has to wait for them.
   *
   * @returns The array itself.
   *
   * JAX: `jax.Array.block_until_ready`.
   */
  blockUntilReady(): Promise<this> {
    return method("blockUntilReady")(this) as Promise<this>;
  }

  /** The elements as lists of lists, numbers or booleans; of a scalar itself. */
  tolist(): NestedList {
    return method("tolist")(this);
  }

  /**
   * The only element.
   *
   * @returns A number or a boolean.
   * @throws {ValueError} If there is not exactly one element.
   */
  item(): number | boolean {
    return method("item")(this);
  }

  /** Frees the memory now, and with it all that views it. See `pz.dispose`. */
  dispose(): void {
    method("dispose")(this);
  }

  /** Frees the memory at the end of a block with `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The elements along the first axis. */
  *[Symbol.iterator](): Generator<NDArray> {
    yield* method("unstack")(this);
  }

  /** The slices along an axis, the first if left out. */
  unstack(options?: { readonly axis?: number }): NDArray[] {
    return method("unstack")(this, options);
  }

  /** The only element, for the language's own operators. */
  [Symbol.toPrimitive](hint: string): number | string {
    return hint === "string" ? this.toString() : Number(this.item());
  }

  /** The elements as a text, shortened where there are many, with shape and dtype. */
  toString(): string {
    return method("toString")(this);
  }
}

for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
  Object.defineProperty(NDArray.prototype, Symbol.for(name), {
    value(this: NDArray): string {
      return this.toString();
    },
  });
}
