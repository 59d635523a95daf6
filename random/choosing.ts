/**
 * Random choices and orders.
 *
 * Source: JAX, `jax/_src/random.py`.
 *
 * @module
 */

import { asNumbers, asType, promoteInexact } from "../array/promote.ts";
import { readNow } from "../array/read.ts";
import { searchsorted } from "../array/searching.ts";
import { take } from "../array/taking.ts";
import { constant } from "../core/constant.ts";
import { isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { normalizeAxis, type Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { argmax } from "../ops/argmax.ts";
import { broadcastTo } from "../ops/broadcast_in_dim.ts";
import { cumsum } from "../ops/cumsum.ts";
import { iota } from "../ops/iota.ts";
import { log } from "../ops/log.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { sliceInDim } from "../ops/slice.ts";
import { sort } from "../ops/sort.ts";
import { sub } from "../ops/sub.ts";
import { topK } from "../ops/top_k.ts";
import { transpose } from "../ops/transpose.ts";
import type { DType } from "../wasm/dtype.ts";
import { sizeOf } from "../wasm/layout.ts";
import { drawBits } from "./bits.ts";
import { drawGumbel } from "./distributions.ts";
import { drawIntegers, halves } from "./integers.ts";
import { asKey, checkShape } from "./key.ts";
import { checkParameters, drawUniform, floatDtype } from "./uniform.ts";

const INT32 = { dtype: "int32", weakType: false } as const;

/** What is chosen from: the first whole numbers, or an array. */
interface Population {
  /** The array; `undefined` for numbers. */
  readonly array: NDArray | undefined;
  /** How many there are. */
  readonly count: number;
  /** The axis of the array. */
  readonly axis: number;
}

/** An array, or a number, which stands for the whole numbers below it. */
function population(op: string, a: ArrayLike, axis: number): Population {
  const array = a instanceof NDArray && a.dtype === "prngKey" ? a : asNumbers(op, a);
  if (array.shape.length > 0) {
    const own = normalizeAxis(op, axis, array.shape.length);
    return { array, count: array.shape[own]!, axis: own };
  }
  normalizeAxis(op, axis, 1);
  if (isInteger(array.dtype)) return { array: undefined, count: readNow(op, array)[0]!, axis: 0 };
  throw new TypeError(
    `Cannot ${op}: it is given a single ${array.dtype}; pass a whole number, or an array with an axis`,
  );
}

/** The elements along an axis in a random order, each line by itself. */
function shuffled(key: NDArray, x: NDArray, axis: number): NDArray {
  // Sorted by random words, which may be equal; so many times that the words of all turns together hardly are.
  const turns = Math.ceil(3 * Math.log(Math.max(1, x.size)) / Math.log(2 ** 32 - 1));
  for (let turn = 0; turn < turns; turn++) {
    const [next, own] = halves(key);
    key = next;
    const words = drawBits(own, x.shape, 32);
    x = sort([words, x], { dimension: axis, numKeys: 1, descending: false })[1]!;
  }
  return x;
}

/** How to put in order. */
export interface PermutationOptions {
  /** The axis along which elements change their places: 0 if left out. */
  readonly axis?: number;
  /** Whether each line along the axis has an order of its own. */
  readonly independent?: boolean;
}

/**
 * Puts an array in a random order.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const order = pz.random.permutation(pz.random.key(0), 5);
 * assert.deepEqual(order.sort().tolist(), [0, 1, 2, 3, 4]);
 * ```
 *
 * @param key A key.
 * @param x An array, or a number, which stands for the whole numbers below it.
 * @param options The axis, and whether each line has an order of its own.
 * @returns The array in another order.
 * @throws {TypeError} If `key` is no key, or `x` a single float.
 * @throws {ValueError} If it holds several keys, or there is no such axis.
 *
 * JAX: `jax.random.permutation`.
 */
export function permutation(
  key: NDArray | Uint32Array,
  x: ArrayLike,
  options: PermutationOptions = {},
): NDArray {
  const { keys } = asKey("permutation", key);
  const { axis: given = 0, independent = false } = options;
  const { array, count, axis } = population("permutation", x, given);
  return permuted(keys, array, count, axis, independent);
}

function permuted(
  key: NDArray,
  array: NDArray | undefined,
  count: number,
  axis: number,
  independent: boolean,
): NDArray {
  const isPlain = array !== undefined && array.dtype !== "prngKey" && (independent || array.shape.length === 1);
  if (isPlain) return shuffled(key, array, axis);
  const order = shuffled(key, iota("int32", [Math.max(count, 0)], 0), 0);
  return array === undefined ? order : take(array, order, { axis });
}

/** What to choose, and how. */
export interface ChoiceOptions {
  /** The shape of the choice: a single one if left out. */
  readonly shape?: number | Shape;
  /** Whether the same may be chosen again; yes if left out. */
  readonly replace?: boolean;
  /** How likely each is: floats of sum 1; all equally likely if left out. */
  readonly p?: ArrayLike;
  /** The axis of the array along which to choose: 0 if left out. */
  readonly axis?: number;
}

/** The error for a choice that cannot be made. */
function noChoice(actual: string, expected: string, remedy: string): ValueError {
  return new ValueError("Cannot choice: there is not enough to choose from", {
    op: "choice",
    actual,
    expected,
    remedy,
    code: "random-choice",
  });
}

/**
 * Chooses from an array, or from the first whole numbers.
 *
 * @param key A key.
 * @param a An array, or a number, which stands for the whole numbers below it.
 * @param options The shape, whether again, how likely, along which axis.
 * @returns The choice; its shape stands where the axis was.
 * @throws {TypeError} If `key` is no key, or `a` a single float.
 * @throws {ValueError} If it holds several keys, there is not enough to choose from, or `p` does not fit.
 *
 * JAX: `jax.random.choice`.
 */
export function choice(key: NDArray | Uint32Array, a: ArrayLike, options: ChoiceOptions = {}): NDArray {
  const { keys } = asKey("choice", key);
  const shape = checkShape("choice", options.shape ?? []);
  const { replace = true, p } = options;
  const { array, count, axis } = population("choice", a, options.axis ?? 0);
  const draws = sizeOf(shape);
  if (draws === 0) {
    return broadcastTo(constant(0, { dtype: (array?.dtype ?? "int32") as DType, weakType: false }), shape);
  }
  if (count <= 0) throw noChoice(`${count}`, "at least one", "pass something to choose from");
  if (!replace && draws > count) {
    throw noChoice(`${draws} draws from ${count}`, `at most ${count} draws`, "draw less, or with replacement");
  }
  let places: NDArray;
  if (p !== undefined) {
    places = chosenBy(keys, p, shape, count, replace);
  } else if (replace) {
    places = drawIntegers(keys, shape, constant(0, INT32), constant(count, INT32), "int32");
  } else {
    const order = permuted(keys, array, count, axis, false);
    const taken = sliceInDim(order, 0, draws, axis);
    return reshape(taken, array === undefined ? shape : array.shape.toSpliced(axis, 1, ...shape));
  }
  if (array === undefined) return reshape(places, shape);
  return reshape(take(array, places, { axis }), array.shape.toSpliced(axis, 1, ...shape));
}

/** Places that are as likely as given. */
function chosenBy(key: NDArray, p: ArrayLike, shape: Shape, count: number, replace: boolean): NDArray {
  const [likely] = promoteInexact("choice", [p]) as [NDArray];
  if (likely.shape.length !== 1 || likely.shape[0] !== count) {
    throw new ValueError("Cannot choice: the probabilities do not fit what is chosen from", {
      op: "choice",
      operand: "p",
      actual: `shape [${likely.shape}]`,
      expected: `shape [${count}]`,
      remedy: "give one probability for each",
      code: "random-choice-p",
    });
  }
  const dtype = floatDtype("choice", likely.dtype);
  if (!replace) {
    // The largest of the logarithms with Gumbel noise are a choice without replacement.
    return topK(add(drawGumbel(key, [count], dtype), log(likely)), sizeOf(shape))[1];
  }
  const sums = cumsum(likely, 0);
  const all = broadcastTo(sliceInDim(sums, count - 1, count, 0), shape.length === 0 ? [1] : shape);
  const u = reshape(drawUniform(key, shape, dtype), all.shape);
  const one = broadcastTo(constant(1, { dtype, weakType: false }), all.shape);
  return reshape(searchsorted(sums, mul(all, sub(one, u))), shape);
}

/** How to draw categories. */
export interface CategoricalOptions {
  /** The axis of the categories: the last if left out. */
  readonly axis?: number;
  /** The shape of the draws, whose last axes are those of `logits` without the axis of the categories. */
  readonly shape?: number | Shape;
  /** Whether draws of the same logits may be equal; yes if left out. */
  readonly replace?: boolean;
  /** "high" draws twice the bits, for categories that are hardly ever drawn; "low" if left out. */
  readonly mode?: "low" | "high";
}

/**
 * Draws categories, of which each is as likely as its softmax.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const logits = pz.np.log(pz.np.array([0.5, 0, 0.5]));
 * const drawn = pz.random.categorical(pz.random.key(0), logits, { shape: [100] });
 * assert(!(drawn.tolist() as number[]).includes(1));
 * ```
 *
 * @param key A key.
 * @param logits Logarithms of the probabilities, up to a common summand.
 * @param options The axis, the shape, whether again, the mode.
 * @returns The numbers of the categories, int32.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, `logits` are no floats, the shape does not fit them, or there are more
 *   draws without replacement than categories.
 *
 * JAX: `jax.random.categorical`.
 */
export function categorical(
  key: NDArray | Uint32Array,
  logits: ArrayLike,
  options: CategoricalOptions = {},
): NDArray {
  const op = "categorical";
  const { keys } = asKey(op, key);
  const given = asNumbers(op, logits);
  const { replace = true, mode = "low" } = options;
  const dtype = floatDtype(op, given.dtype);
  const x = asType(op, given, { dtype, weakType: false });
  const axis = normalizeAxis(op, options.axis ?? -1, x.shape.length);
  const count = x.shape[axis]!;
  const batch = x.shape.toSpliced(axis, 1);
  const shape = options.shape === undefined ? batch : checkShape(op, options.shape);
  checkParameters(op, shape, batch);
  const prefix = shape.slice(0, shape.length - batch.length);
  if (replace) {
    const drawn = [...prefix, ...shape.slice(prefix.length).toSpliced(axis, 0, count)];
    return argmax(add(drawGumbel(keys, drawn, dtype, mode), broadcastTo(x, drawn)), [prefix.length + axis]);
  }
  const draws = sizeOf(prefix);
  if (draws > count) {
    throw new ValueError("Cannot categorical: there are less categories than draws without replacement", {
      op,
      actual: `${draws} draws of ${count} categories`,
      expected: `at most ${count} draws`,
      remedy: "draw less, or with replacement",
      code: "random-choice",
    });
  }
  const noisy = add(x, drawGumbel(keys, x.shape, dtype, mode));
  const axes = x.shape.map((_, k) => k);
  const last = transpose(noisy, [...axes.toSpliced(axis, 1), axis]);
  const [, places] = topK(last, draws);
  return reshape(transpose(places, [batch.length, ...batch.map((_, k) => k)]), shape);
}
