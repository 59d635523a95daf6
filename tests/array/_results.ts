/**
 * Compares trees of arrays with lists of numbers that JAX has computed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { leaves } from "../../tree/flatten.ts";

/** Draws what `random.normal(random.key(seed), shape)` draws in JAX. */
export function draw(seed: number, ...shape: number[]): NDArray {
  return random.normal(random.key(seed), shape);
}

/** Numbers of a tree of arrays or lists, in order. */
export function numbers(tree: unknown): number[] {
  return leaves(tree).flatMap((leaf) => leaf instanceof NDArray ? [...leaf.dataSync()] : [leaf as number]);
}

/** Compares numbers, relative to the largest one that is expected. */
export function near(what: string, actual: unknown, expected: unknown, tolerance: number = 2e-6): void {
  const [a, b] = [numbers(actual), numbers(expected)];
  assert.equal(a.length, b.length, what);
  const scale = Math.max(...b.map(Math.abs));
  a.forEach((value, k) =>
    assert(Math.abs(value - b[k]!) <= tolerance * scale, `${what}: ${value} at ${k}, not ${b[k]}`)
  );
}
