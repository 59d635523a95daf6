/**
 * What instructions of a plan are made of: operands, cells, options.
 *
 * @module
 */

import type { DType } from "./dtype.ts";
import type { Plan } from "./plan.ts";

/** A word of memory that a plan reads while it runs. */
export interface Cell {
  /** The slot it is in. */
  readonly slot: number;
  /** Bytes from the slot's start; a multiple of 4. */
  readonly byte: number;
}

/** Moves an operand by an i32 cell: `offset += clamp(cell, 0, limit) * step`. */
export interface CellOffset extends Cell {
  /** Bytes for each unit of the cell. */
  readonly step: number;
  /** The highest value that counts; higher ones are clamped to it, lower ones than 0 to 0. */
  readonly limit: number;
}

/** An operand of an instruction: elements in a slot. */
export interface PlanOperand {
  /** The slot. */
  readonly slot: number;
  /** Bytes from the slot's start to the element at index (0, 0, …). */
  readonly offset: number;
  /** Type of the elements. */
  readonly dtype: DType;
  /** Elements along each axis; at most eight axes. */
  readonly shape: readonly number[];
  /** Elements between neighbors along each axis; may be negative or, for inputs, 0. */
  readonly strides: readonly number[];
  /** What else moves it, read when the instruction runs. */
  readonly cells?: readonly CellOffset[];
}

/** How a loop turns. */
export interface LoopOptions {
  /** Turns; with `countCell` or `while`, the most there may be. */
  readonly count: number;
  /** An i32 that is read before the first turn and holds the number of turns. */
  readonly countCell?: Cell;
  /** An i32 that is set to the turn's number, from 0, before each. */
  readonly counter?: Cell;
  /** Pairs of slots of equal length that change places after each turn. */
  readonly carries?: readonly (readonly [number, number])[];
  /** Runs before each turn; the loop goes on while the i32 `cell` is not 0. */
  readonly while?: { readonly cell: Cell; readonly body: (plan: Plan) => void };
}

/** The operands and parameters of {@linkcode Plan.attention}, beside output, queries, keys and values. */
export interface PlanAttentionOptions {
  /** The factor of the logits. */
  readonly scale: number;
  /** Bounds the logits softly, `tanh(l / cap) * cap`; 0 for no bound. */
  readonly softCap: number;
  /** The logit of hidden keys. */
  readonly maskedValue: number;
  /** Whether queries see no later keys. */
  readonly causal: boolean;
  /** How many positions back queries see, themselves included; 0 for any. */
  readonly window: number;
  /** Positions of queries, int32 `[b, tq]`, and of keys, int32 `[b, tk]`; indices if left out. */
  readonly positions?: readonly [PlanOperand, PlanOperand];
  /** Which keys each query sees: bool `[b, h, tq, tk]`. */
  readonly mask?: PlanOperand;
  /** How many keys there are: int32, one element. */
  readonly length?: PlanOperand;
}

/** How {@linkcode Plan.sort} orders, and what it writes. */
export interface PlanSortOptions {
  /** How many inputs are keys; 1 if left out. */
  readonly keys?: number;
  /** The largest first. */
  readonly descending?: boolean;
  /** Where the elements came from: int32, before the other outputs. */
  readonly places?: PlanOperand;
}
