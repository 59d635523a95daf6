/**
 * What tests of random numbers share: elements, keys by name, drawing in the old layout.
 *
 * @module
 */

import { readNow } from "../../array/read.ts";
import { fromElements } from "../../core/constant.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { foldIn, key, setThreefryPartitionable } from "../../random/key.ts";
import { sha1 } from "../../random/sha.ts";

/** The elements of an array: of keys, their words. */
export function elements(x: NDArray): number[] {
  return [...readNow("test", x)];
}

/** Draws in the layout that JAX had before 0.5. */
export function withLegacyLayout<T>(draw: () => T): T {
  setThreefryPartitionable(false);
  try {
    return draw();
  } finally {
    setThreefryPartitionable(true);
  }
}

/** The number that a parameter's name stands for: the first four bytes of its SHA-1. */
export function offsetOf(name: string): number {
  return new DataView(sha1(name).buffer).getUint32(0);
}

/** The key of a parameter. */
export function namedKey(seed: number, name: string): NDArray {
  return foldIn(key(seed), offsetOf(name));
}

/** Keys of several seeds, as one array. */
export function keysOf(...seeds: readonly number[]): NDArray {
  return fromElements(seeds.flatMap((seed) => [0, seed]), [seeds.length, 2], "uint32");
}
