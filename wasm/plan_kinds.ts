/**
 * What instructions are numbered by in a plan, and what their parameters are.
 *
 * @module
 */

/** Instruction numbers, as in `core-rs/src/plan/opcode.rs`. */
export const OPCODE = {
  loop: 1,
  branch: 2,
  hostCall: 3,
  trap: 4,
  probe: 5,
  elementwise: 16,
  reduce: 17,
  softmax: 18,
  matmul: 19,
  copy: 20,
  gather: 21,
  threefry: 22,
  normalize: 23,
  attention: 25,
  scan: 26,
  sort: 27,
  topK: 28,
  scatter: 29,
  gatherNd: 30,
  iota: 31,
} as const;

/** What a reduction computes, at the index of its number. */
export const REDUCTIONS = ["sum", "prod", "max", "min", "argmax", "argmin"] as const;

/** What a reduction computes. */
export type Reduction = typeof REDUCTIONS[number];

/** What {@linkcode Plan.softmax} computes, at the index of its number. */
export const SOFTMAX_KINDS = ["softmax", "logSoftmax", "logsumexp"] as const;

/** A softmax, its logarithm, or the logarithm of the sum of exponentials. */
export type SoftmaxKind = typeof SOFTMAX_KINDS[number];

/** By what {@linkcode Plan.normalize} normalizes, at the index of its number. */
export const NORMALIZATIONS = ["rms", "layer"] as const;

/** By what to normalize: the root of the mean square, or mean and variance. */
export type Normalization = typeof NORMALIZATIONS[number];

/** What gathers and scatters do with an index outside, at the index of its number. */
export const GATHER_MODES = ["clip", "fill", "wrap"] as const;

/**
 * What a gather does with an index outside the source: take the nearest row, fill with NaN (or the dtype's extreme),
 * or wrap around.
 */
export type GatherMode = typeof GATHER_MODES[number];

/** What {@linkcode Plan.scatter} does with an element and its update, at the index of its number. */
export const SCATTERS = ["set", "add", "mul", "min", "max"] as const;

/** What a scatter does with an element and its update. */
export type ScatterKind = typeof SCATTERS[number];

/** How random bits are laid out, at the index of its number. */
export const THREEFRY_MODES = ["partitionable", "legacy", "pairs"] as const;

/** How random bits are laid out: JAX's default since 0.5, its earlier one, or both words of each counter. */
export type ThreefryMode = typeof THREEFRY_MODES[number];

/** What a cumulative operation folds with, at the index of its number. */
export const CUMULATIVES = ["sum", "prod", "max", "min"] as const;

/** What a cumulative operation folds with. */
export type Cumulative = typeof CUMULATIVES[number];

/** What a probe measures, at the index of its number. */
export const PROBES = ["madd", "sweep", "crew", "add"] as const;

/** What a probe measures: multiply-adds in registers, loads of a whole operand, which thread ran each task, or a bare loop. */
export type ProbeKind = typeof PROBES[number];
