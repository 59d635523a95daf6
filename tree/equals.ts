/**
 * Whether two trees are the same.
 *
 * @module
 */

import { flatten } from "./flatten.ts";
import { optionalHook } from "./hooks.ts";

function leafEquals(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  // -0 is 0.
  if (typeof a === "number" && typeof b === "number") return a === b;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return typedArrayEquals(a, b);
  return optionalHook("arrayEquals")?.(a, b) ?? false;
}

function typedArrayEquals(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.constructor !== b.constructor || a.byteLength !== b.byteLength) return false;
  if (a instanceof DataView) return a === b;
  const [x, y] = [a as unknown as ArrayLike<number | bigint>, b as unknown as ArrayLike<number | bigint>];
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== y[i] && !Object.is(x[i], y[i])) return false;
  }
  return true;
}

/**
 * Whether two trees have one structure and the same leaves.
 *
 * Numbers, strings and their like are the same if they are one value (`NaN` is itself, `-0` is `0`), arrays if dtype, shape and
 * elements are; variables, functions and all other leaves only if they are one object.
 *
 * @param a A tree.
 * @param b Another one.
 * @returns Whether they are the same.
 */
export function equals(a: unknown, b: unknown): boolean {
  const [leavesOfA, structureOfA] = flatten(a);
  const [leavesOfB, structureOfB] = flatten(b);
  return structureOfA === structureOfB && leavesOfA.every((leaf, index) => leafEquals(leaf, leavesOfB[index]));
}
