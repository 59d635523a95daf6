/**
 * Random keys: made of a seed, split into more, with data folded in.
 *
 * A key is used once. What needs randomness twice splits its key, and no two samplers are given the same one: they
 * would draw the same bits.
 *
 * Keys are arrays of the dtype `prngKey`. Arrays of uint32 whose last axis is 2 are keys, too, in their raw form; what
 * is made of raw keys is raw.
 *
 * @module
 */

import { constant, fromElements, kindOf } from "../core/constant.ts";
import { describe } from "../core/aval.ts";
import { isInteger } from "../core/dtype.ts";
import { type ArrayLike, NDArray } from "../core/ndarray.ts";
import { WeakFloat } from "../core/promotion.ts";
import type { Shape } from "../core/shape.ts";
import { ValueError } from "../errors/mod.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { randomFoldIn } from "../ops/random_fold_in.ts";
import type { RandomLayout } from "../ops/random_bits.ts";
import { randomSplit } from "../ops/random_split.ts";
import { randomUnwrap } from "../ops/random_unwrap.ts";
import { randomWrap } from "../ops/random_wrap.ts";
import { reshape } from "../ops/reshape.ts";

const UINT32 = { dtype: "uint32", weakType: false } as const;

let layout: RandomLayout = "partitionable";

/**
 * Sets how bits are laid out from now on: JAX's option `jax_threefry_partitionable`.
 *
 * Bits drawn before stay what they are, and so do programs staged before. {@linkcode foldIn} does not depend on it.
 *
 * @param on `true`, as in JAX since 0.5 and at the start, or `false`, to draw what JAX drew before.
 */
export function setThreefryPartitionable(on: boolean): void {
  layout = on ? "partitionable" : "legacy";
}

/** Whether bits are laid out as in JAX since 0.5. */
export function threefryPartitionable(): boolean {
  return layout === "partitionable";
}

/** The layout of what is drawn now. */
export function currentLayout(): RandomLayout {
  return layout;
}

/** The sizes of a shape, which may be given as one number. */
export function checkShape(op: string, shape: number | Shape): Shape {
  const sizes: unknown = typeof shape === "number" ? [shape] : shape;
  if (!Array.isArray(sizes)) {
    throw new TypeError(`Cannot ${op}: the shape is ${kindOf(shape)}; pass a list of sizes, as [2, 3]`);
  }
  if (sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) return sizes;
  throw new ValueError(`Cannot ${op}: the shape is not one`, {
    op,
    operand: "shape",
    actual: `[${sizes}]`,
    expected: "whole numbers from 0",
    remedy: "round the sizes",
    code: "shape",
  });
}

/** Keys, and whether they were given in their raw form. */
export interface GivenKeys {
  /** The keys. */
  readonly keys: NDArray;
  /** Whether they were words. */
  readonly raw: boolean;
}

/**
 * Keys in either form as keys.
 *
 * @param op The function, for the error.
 * @param given Keys, or their words.
 * @returns The keys, and the form they had.
 * @throws {TypeError} If they are neither.
 */
export function asKeys(op: string, given: NDArray | Uint32Array): GivenKeys {
  const x = given instanceof Uint32Array ? fromElements(given, [given.length], "uint32") : given;
  if (x instanceof NDArray) {
    if (x.dtype === "prngKey") return { keys: x, raw: false };
    if (x.dtype === "uint32" && x.shape.at(-1) === 2) return { keys: randomWrap(x), raw: true };
  }
  const actual = x instanceof NDArray ? `an array ${describe(x)}` : kindOf(x);
  throw new TypeError(
    `Cannot ${op}: the key is ${actual}; pass a key, as pz.random.key(0), or its two words of uint32`,
  );
}

/** As {@linkcode asKeys}, of a single key. */
export function asKey(op: string, given: NDArray | Uint32Array): GivenKeys {
  const own = asKeys(op, given);
  if (own.keys.shape.length === 0) return own;
  throw new ValueError(`Cannot ${op}: it takes a single key`, {
    op,
    operand: "key",
    actual: `keys of shape [${own.keys.shape}]`,
    expected: "shape []",
    remedy: "call it once for each key",
    code: "key-batch",
  });
}

/** Keys in the form that others had. */
function likeGiven(keys: NDArray, raw: boolean): NDArray {
  return raw ? randomUnwrap(keys) : keys;
}

/** The words (0, seed) of uint32. */
function wordsOfSeed(op: string, seed: ArrayLike): NDArray {
  const low = integer(op, "seed", seed);
  if (typeof low === "number") return fromElements([0, low], [2], "uint32");
  if (low.shape.length === 0) return concatenate([constant(0, UINT32), low].map((word) => reshape(word, [1])), 0);
  throw new TypeError(
    `Cannot ${op}: the seed has shape [${low.shape}]; pass a single integer, and call it once for each`,
  );
}

/** An integer modulo 2^32: a number, or an array of uint32. */
function integer(op: string, operand: string, value: ArrayLike): number | NDArray {
  if (typeof value === "bigint") return Number(BigInt.asUintN(32, value));
  // The remainder of a number is exact, of whatever size.
  if (typeof value === "number" && Number.isInteger(value)) return (value % 2 ** 32) >>> 0;
  if (value instanceof NDArray && value.dtype !== "prngKey" && isInteger(value.dtype)) {
    return convertElementType(value, UINT32);
  }
  const actual = value instanceof NDArray
    ? `an array ${describe(value)}`
    : typeof value === "number" || typeof value === "boolean"
    ? `${value}`
    : value instanceof WeakFloat
    ? `the float ${value.value}`
    : kindOf(value);
  throw new TypeError(`Cannot ${op}: the ${operand} is ${actual}; pass an integer`);
}

/**
 * Makes a key of a seed: its words are 0 and the seed modulo 2³².
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const [first, second] = pz.random.split(pz.random.key(0));
 * const x = pz.random.uniform(first!, [2]);
 * const y = pz.random.uniform(second!, [2]);
 * assert.notDeepEqual(x.tolist(), y.tolist());
 * assert.deepEqual(pz.random.uniform(first!, [2]).tolist(), x.tolist());
 * ```
 *
 * @param seed A whole number, or an array of one integer.
 * @returns The key, of shape `[]`.
 * @throws {TypeError} If the seed is not a single integer.
 *
 * JAX: `jax.random.key`.
 */
export function key(seed: ArrayLike): NDArray {
  return randomWrap(wordsOfSeed("key", seed));
}

/**
 * Makes a key of a seed, in its raw form.
 *
 * @param seed As {@linkcode key} takes it.
 * @returns The two words, uint32.
 * @throws {TypeError} If the seed is not a single integer.
 *
 * JAX: `jax.random.PRNGKey`.
 */
export function PRNGKey(seed: ArrayLike): NDArray {
  return wordsOfSeed("PRNGKey", seed);
}

/**
 * Gives the words of keys: a view.
 *
 * @param keys Keys, or words, which are given back.
 * @returns uint32, of the shape of the keys and a last axis of 2.
 * @throws {TypeError} If they are no keys.
 *
 * JAX: `jax.random.key_data`.
 */
export function keyData(keys: NDArray): NDArray {
  const given = asKeys("keyData", keys);
  return given.raw ? keys : randomUnwrap(given.keys);
}

/**
 * Makes keys of their words: a view where it can be.
 *
 * @param words uint32, its last axis 2.
 * @returns Keys, of the shape of the other axes.
 * @throws {TypeError} If the words are no such array.
 *
 * JAX: `jax.random.wrap_key_data`.
 */
export function wrapKeyData(words: NDArray | Uint32Array): NDArray {
  const { keys, raw } = asKeys("wrapKeyData", words);
  if (raw) return keys;
  throw new TypeError("Cannot wrapKeyData: these are keys already; pass the words, uint32 with a last axis of 2");
}

/**
 * Splits a key into new ones, which are independent of it and of each other.
 *
 * @param key A key.
 * @param num How many, or their shape.
 * @returns The new keys, in the form of `key`.
 * @throws {TypeError} If `key` is no key.
 * @throws {ValueError} If it holds several keys, or the shape is none.
 *
 * JAX: `jax.random.split`.
 */
export function split(key: NDArray | Uint32Array, num: number | Shape = 2): NDArray {
  const { keys, raw } = asKey("split", key);
  return likeGiven(randomSplit(keys, { shape: checkShape("split", num), layout }), raw);
}

/**
 * Makes a new key of a key and an integer: for a step, a place, a name.
 *
 * @param key A key.
 * @param data A whole number, or an array of one integer; it counts modulo 2³².
 * @returns The new key, in the form of `key`.
 * @throws {TypeError} If `key` is no key, or `data` is not a single integer.
 * @throws {ValueError} If it holds several keys.
 *
 * JAX: `jax.random.fold_in`.
 */
export function foldIn(key: NDArray | Uint32Array, data: ArrayLike): NDArray {
  const { keys, raw } = asKey("foldIn", key);
  const word = integer("foldIn", "data", data);
  const x = typeof word === "number" ? constant(word, UINT32) : word;
  if (x.shape.length > 0) {
    throw new TypeError(
      `Cannot foldIn: the data has shape [${x.shape}]; pass a single integer, and call it once for each`,
    );
  }
  return likeGiven(randomFoldIn(keys, x), raw);
}

/**
 * The same key, for those who want to say that it is used again on purpose.
 *
 * @param key A key.
 * @returns The key itself.
 * @throws {TypeError} If it is no key.
 *
 * JAX: `jax.random.clone`.
 */
export function clone(key: NDArray): NDArray {
  asKeys("clone", key);
  return key;
}
