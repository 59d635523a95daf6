/**
 * Elements out of the engine's memory. What needs values now goes through {@linkcode readNow}: `item`, `tolist`, `data`,
 * iteration over values, masks, `nonzero`, `unique` and printing.
 *
 * @module
 */

import { kindOf } from "../core/constant.ts";
import { operandOf } from "../core/bind.ts";
import { isFloating } from "../core/dtype.ts";
import { EagerArray } from "../core/eager.ts";
import type { NDArray, NestedList } from "../core/ndarray.ts";
import type { TypeOf } from "../core/promotion.ts";
import { notConcrete, withStaging } from "../core/trace.ts";
import { ValueError } from "../errors/mod.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { copy } from "../ops/copy.ts";
import { leaves } from "../tree/mod.ts";
import type { ElementArray } from "../wasm/dtype.ts";
import { currentEngine } from "../wasm/engine.ts";
import { isContiguous } from "../wasm/layout.ts";
import { download } from "../wasm/operand.ts";

const FLOAT: TypeOf = { dtype: "float32", weakType: false };

/** Elements that are read one by one, whatever their strides. */
const FEW = 64;

/** An array that has its elements, or the error that it is being traced. */
function concrete(op: string, x: NDArray): EagerArray {
  if (x instanceof EagerArray) {
    x.storage.check(op);
    return x;
  }
  if (x.tracedBy !== undefined) throw notConcrete(op, x.tracedBy, x);
  throw new TypeError(`Cannot ${op}: the operand is ${kindOf(x)}; pass an array`);
}

/**
 * Copies an array's elements out, now.
 *
 * @param op What needs them, for errors.
 * @param x The array.
 * @returns The elements in row-major order: halves as float32, bools as 0 and 1, keys as their words.
 * @throws {PenjingError} If the array is being traced, so that it has no elements.
 * @throws {FreedArrayError} If it was freed.
 */
export function readNow(op: string, x: NDArray): ElementArray {
  const own = concrete(op, x);
  const isHalf = isFloating(own.dtype) && own.dtype !== "float32";
  // A kernel brings many elements into order faster than a loop here.
  const isScattered = own.size > FEW && !isContiguous(own);
  if (!isHalf && !isScattered) return download(operandOf(own));
  // What is read now is computed now, also while a program is written down.
  const ready = withStaging(undefined, () => isHalf ? convertElementType(own, FLOAT) : copy(own));
  return download(operandOf(ready as EagerArray));
}

/** As {@linkcode readNow}, behind a promise: on every backend. */
export function data(x: NDArray): Promise<ElementArray> {
  // A failure is the promise's, as on backends that answer later.
  return new Promise((resolve) => resolve(readNow("read an array", x)));
}

/** As {@linkcode readNow}. */
export function dataSync(x: NDArray): ElementArray {
  return readNow("read an array", x);
}

/** Runs what is put off, behind a promise, as other backends run it. */
function settled<T>(op: string, x: T, arrays: readonly NDArray[]): Promise<T> {
  return new Promise((resolve) => {
    arrays.forEach((array) => concrete(op, array));
    currentEngine().memory.deferred?.run();
    resolve(x);
  });
}

/** The method of {@linkcode blockUntilReady}: of an array that is being traced it fails. */
export function ready(x: NDArray): Promise<NDArray> {
  return settled("wait for an array", x, [x]);
}

/**
 * Waits until the elements of all arrays of a tree are written.
 *
 * Operations on large arrays are put off until somebody looks at a result, so that several make one pass over memory.
 *
 * **When to use** — to measure the time of operations: reading a result needs no waiting.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const start = performance.now();
 * const { y } = await pz.blockUntilReady({ y: pz.np.ones([1000, 1000]).add(1).mul(2), name: "a leaf that is no array" });
 * assert(performance.now() - start > 0);
 * assert.equal(y.get(0, 0).item(), 4);
 * ```
 *
 * @param tree A tree; leaves that are no arrays, or are being traced, are left alone.
 * @returns The tree itself.
 * @throws {FreedArrayError} If an array was freed.
 *
 * JAX: `jax.block_until_ready`.
 */
export function blockUntilReady<T>(tree: T): Promise<T> {
  const arrays = leaves(tree).filter((leaf) => leaf instanceof EagerArray);
  return settled("wait for an array", tree, arrays);
}

/** The elements as lists of lists. */
export function tolist(x: NDArray): NestedList {
  const elements = readNow("make a list of an array", x);
  const shape = x.dtype === "prngKey" ? [...x.shape, 2] : x.shape;
  let at = 0;
  const level = (axis: number): NestedList => {
    if (axis === shape.length) {
      const element = elements[at++]!;
      return x.dtype === "bool" ? element !== 0 : element;
    }
    return Array.from({ length: shape[axis]! }, () => level(axis + 1));
  };
  return level(0);
}

/** The only element. */
export function item(x: NDArray): number | boolean {
  const hasOne = x.size === 1 && x.dtype !== "prngKey";
  if (!hasOne) {
    throw new ValueError("Cannot take the item of an array: it does not hold exactly one number", {
      op: "item",
      actual: `${x.dtype} of shape [${x.shape}]`,
      expected: "one element",
      remedy: "index it first, as x.get(0), or use tolist()",
      code: "item",
    });
  }
  const [element] = readNow("take the item of an array", x);
  return x.dtype === "bool" ? element !== 0 : element!;
}
