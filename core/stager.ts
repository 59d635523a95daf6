/**
 * What operations that hold programs say when they become part of a plan of the engine.
 *
 * @module
 */

import type { Aval } from "./aval.ts";
import type { NDArray } from "./ndarray.ts";
import type { Place } from "./primitive.ts";
import type { Program } from "./program.ts";

/** A value that lies somewhere while a plan runs. */
export interface Staged extends Aval, Place {}

/** How a loop turns. */
export interface StagedLoop {
  /** How often at most. */
  readonly count: number;
  /** Pairs that change places after each turn: a turn reads the first of each and writes the second. */
  readonly carries: readonly (readonly [before: Staged, after: Staged])[];
  /** Writes what says whether there is another turn, a bool; it is released by the loop. */
  readonly while?: () => Staged;
}

/**
 * Writes a plan. Every value that it gives belongs to who asked for it, until that releases it; what an operation is given
 * stays the caller's.
 */
export interface Stager {
  /** Writes a program. */
  run(program: Program, args: readonly Staged[]): readonly Staged[];
  /** Memory for a value, contiguous. */
  allocate(aval: Aval): Staged;
  /** Another use of a value. */
  retain(value: Staged): Staged;
  /** The end of a use. */
  release(value: Staged): void;
  /** Copies a value. */
  copy(to: Staged, from: Staged): void;
  /**
   * Writes a loop.
   *
   * @param options How it turns.
   * @param body Writes a turn, given its number, an int32.
   */
  loop(options: StagedLoop, body: (turn: Staged) => void): void;
  /** Copies `x[turn]`, or as many from the end, to `to`. */
  take(to: Staged, x: Staged, turn: Staged, fromEnd: boolean): void;
  /** Copies `y` to `ys[turn]`, or as many from the end. */
  put(ys: Staged, y: Staged, turn: Staged, fromEnd: boolean): void;
  /** Writes several blocks, of which the one runs that `index`, an int32, says: the nearest if there is none. */
  branch(index: Staged, blocks: readonly (() => void)[]): void;
  /** Calls a function with the values that there are then. */
  host(fn: (...values: NDArray[]) => void, values: readonly Staged[]): void;
}
