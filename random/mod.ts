/**
 * Random numbers, each drawn of a key that is given: the same key draws the same numbers, on every machine.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const key = pz.random.key(42);
 * const [forWeights, forNoise] = pz.random.split(key);
 * const weights = pz.random.normal(forWeights!, [3, 2]);
 * const noise = pz.random.uniform(forNoise!, [3, 2], { minval: -0.1, maxval: 0.1 });
 * assert.deepEqual(weights.add(noise).shape, [3, 2]);
 * ```
 *
 * @module
 */

export { bits, type DtypeOptions } from "./bits.ts";
export {
  categorical,
  type CategoricalOptions,
  choice,
  type ChoiceOptions,
  permutation,
  type PermutationOptions,
} from "./choosing.ts";
export {
  bernoulli,
  type BernoulliOptions,
  cauchy,
  exponential,
  gumbel,
  type GumbelOptions,
  laplace,
  logistic,
  maxwell,
  rademacher,
} from "./distributions.ts";
export { randint } from "./integers.ts";
export {
  clone,
  foldIn,
  key,
  keyData,
  PRNGKey,
  setThreefryPartitionable,
  split,
  threefryPartitionable,
  wrapKeyData,
} from "./key.ts";
export { normal, type ShapeOptions, truncatedNormal } from "./normal.ts";
export { uniform, type UniformOptions } from "./uniform.ts";
