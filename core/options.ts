/**
 * The options that methods of arrays and functions of the same name share.
 *
 * @module
 */

import type { ArrayLike } from "./ndarray.ts";

/** One axis, or several; negative numbers count from the last one. */
export type Axes = number | readonly number[];

/** Which axes a reduction goes over, and what is left of them. */
export interface ReduceOptions {
  /** The axes; all of them if left out. */
  readonly axis?: Axes | null;
  /** Whether reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
  /** What the reduction begins with. */
  readonly initial?: ArrayLike;
  /** Which elements count: bools that broadcast to the array. */
  readonly where?: ArrayLike;
}

/** Options of reductions that compute with numbers. */
export interface SumOptions extends ReduceOptions {
  /** The dtype to compute in. */
  readonly dtype?: string;
}

/** Options of variances. */
export interface VarOptions extends SumOptions {
  /** What is taken off the number of elements in the divisor: 0 if left out, 1 for an unbiased estimate. */
  readonly ddof?: number;
}

/** Along which axis an extremum is looked for. */
export interface ArgOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
  /** Whether the axis stays, with size 1. */
  readonly keepdims?: boolean;
}

/** How to sort. */
export interface SortOptions {
  /** The axis; the last one if left out, the flattened array if `null`. */
  readonly axis?: number | null;
  /** The largest first. */
  readonly descending?: boolean;
  /** Whether equal elements keep their order; they always do. */
  readonly stable?: boolean;
}

/** Options of cumulative operations. */
export interface CumulativeOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
  /** The dtype to compute in. */
  readonly dtype?: string;
}

/** What a reading access does with a place outside: take the nearest, or fill. */
export type IndexMode = "clip" | "fill" | "drop" | "wrap" | "promise_in_bounds";

/** How {@linkcode IndexedArray.get} reads. */
export interface GetOptions {
  /** What to do with places outside: the nearest element if left out. */
  readonly mode?: IndexMode;
  /** What "fill" fills with: NaN, the lowest signed or the highest unsigned number, or true if left out. */
  readonly fillValue?: number | boolean;
  /** A promise that the indices are sorted; not used. */
  readonly indicesAreSorted?: boolean;
  /** A promise that no index comes twice; not used. */
  readonly uniqueIndices?: boolean;
}

/** How updates at indices write. */
export interface UpdateOptions {
  /** What to do with places outside: nothing if left out; "clip" updates the nearest element. */
  readonly mode?: IndexMode;
  /** A promise that the indices are sorted; not used. */
  readonly indicesAreSorted?: boolean;
  /** A promise that no index comes twice; not used. */
  readonly uniqueIndices?: boolean;
}

/** How to take elements along an axis. */
export interface TakeOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
  /** What to do with places outside: "fill" if left out. */
  readonly mode?: IndexMode;
  /** What "fill" fills with. */
  readonly fillValue?: number | boolean;
}

/** How to repeat elements. */
export interface RepeatOptions {
  /** The axis; the flattened array if left out. */
  readonly axis?: number | null;
  /** The size along the axis afterwards, where the counts are not to be read. */
  readonly totalRepeatLength?: number;
}

/** Which diagonal, of which axes. */
export interface DiagonalOptions {
  /** How far above the main diagonal; below it if negative. */
  readonly offset?: number;
  /** The axis of rows: 0 if left out. */
  readonly axis1?: number;
  /** The axis of columns: 1 if left out. */
  readonly axis2?: number;
}

/** How to look for nonzero elements. */
export interface NonzeroOptions {
  /** How many places to give; those that are there if left out. */
  readonly size?: number;
  /** The place that stands for those that are missing: 0 if left out. */
  readonly fillValue?: number;
}
