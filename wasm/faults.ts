/**
 * The words for the engine's refusals: one row a number of `core-rs/src/fault.rs`.
 *
 * A plan is written by penjing itself, so most of these mean a mistake in penjing or in a plan written by hand; what
 * users can get wrong (shapes, dtypes, indices) is checked, with better words, before a plan is made.
 *
 * @module
 */

import { EngineError } from "../errors/mod.ts";

/** What a fault means, and what to do. */
interface FaultWords {
  /** A stable name. */
  readonly code: string;
  /** What was found. */
  readonly actual: string;
  /** The way out. */
  readonly remedy: string;
}

const LAYOUT = "compare the instruction's operands with core-rs/README.md";
const WRITER = "write plans with the Plan class";

/** At the index of the fault's number. */
const FAULTS: readonly (FaultWords | undefined)[] = [
  undefined,
  { code: "version", actual: "the plan is of another format version", remedy: WRITER },
  { code: "truncated", actual: "an instruction's length does not fit its contents", remedy: WRITER },
  { code: "opcode", actual: "no instruction has this opcode", remedy: WRITER },
  { code: "slot", actual: "an operand names a slot that the call did not pass", remedy: "pass every slot of the plan" },
  {
    code: "bounds",
    actual: "an operand reaches outside its slot",
    remedy: "pass slots as large as the plan was made for",
  },
  { code: "alignment", actual: "an operand does not start at a multiple of its element size", remedy: LAYOUT },
  { code: "dtype", actual: "the kernel does not take this dtype here", remedy: LAYOUT },
  { code: "rank", actual: "the rank is above 8 or not what the kernel takes", remedy: LAYOUT },
  { code: "shape", actual: "the operands' shapes do not fit together", remedy: LAYOUT },
  { code: "overlap", actual: "an output overlaps another operand", remedy: "give the output memory of its own" },
  {
    code: "aliased",
    actual: "an output visits one element more than once",
    remedy: "write to an output without broadcast axes",
  },
  { code: "arity", actual: "the number of operands is not what the kernel takes", remedy: LAYOUT },
  { code: "parameter", actual: "a parameter is outside its range", remedy: LAYOUT },
  {
    code: "program",
    actual: "the elementwise program is not valid",
    remedy: "write programs with the Elementwise class",
  },
  { code: "depth", actual: "loops and branches are nested more than 16 deep", remedy: "flatten the plan" },
  { code: "host", actual: "a host call failed", remedy: "see the cause" },
  {
    code: "worker",
    actual: "a worker trapped while it ran a part of the instruction",
    remedy: "run again: the pool is rebuilt; if it repeats, report the plan",
  },
  {
    code: "scratch",
    actual: "memory for the kernel's scratch is exhausted",
    remedy: "release arrays that are no longer used",
  },
  { code: "iterations", actual: "a loop ran for more turns than its bound", remedy: "raise the loop's bound" },
];

/**
 * The error for a refusal.
 *
 * @param fault The number that the engine gave.
 * @param word The word offset of the instruction.
 * @param cause What a host call threw, if that was it.
 * @returns The error, to be thrown.
 */
export function faultError(fault: number, word: number, cause?: unknown): EngineError {
  const words = FAULTS[fault] ??
    {
      code: "unknown",
      actual: `the engine gave the unknown fault ${fault}`,
      remedy: "use matching versions of penjing's files",
    };
  return new EngineError("Cannot run the plan", {
    op: "run",
    actual: words.actual,
    path: `word ${word} of the plan`,
    remedy: words.remedy,
    code: words.code,
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * The error for a trap on the calling thread.
 *
 * @param word The word offset of the instruction.
 * @param cause The trap.
 * @returns The error, to be thrown.
 */
export function trapError(word: number, cause: unknown): EngineError {
  return new EngineError("Cannot run the plan: a kernel trapped", {
    op: "run",
    actual: String(cause),
    path: `word ${word} of the plan`,
    remedy: "report the plan; the engine goes on, but what the instruction wrote is undefined",
    code: "trap",
    cause,
  });
}
