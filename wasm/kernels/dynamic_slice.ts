/**
 * Slices whose place is a number in the engine's memory.
 *
 * @module
 */

import { DTYPES } from "../dtype.ts";
import type { Operand } from "../operand.ts";
import { MAX_RANK, type PlanOperand } from "../plan.ts";
import { at, check, describe, overRank, run } from "./_call.ts";

/** `whole` at the shape of `part`, moved by the starts, which lie in slot 2. */
function moved(slot: number, whole: Operand, part: Operand, starts: Operand): PlanOperand {
  const placed = at(slot, whole, { shape: part.shape, strides: whole.strides });
  const cells = part.shape.map((size, axis) => ({
    slot: 2,
    byte: starts.offset + axis * (starts.strides[0] ?? 0) * 4,
    step: (whole.strides[axis] ?? 0) * DTYPES[whole.dtype].size,
    limit: (whole.shape[axis] ?? 0) - size,
  }));
  return { ...placed, cells };
}

function checkStarts(what: string, whole: Operand, part: Operand, starts: Operand): void {
  const rank = whole.shape.length;
  check(
    rank <= MAX_RANK && part.shape.length === rank &&
      part.shape.every((size, axis) => size <= (whole.shape[axis] ?? 0)) &&
      part.dtype === whole.dtype && starts.dtype === "int32" && starts.shape.length === 1 && starts.shape[0] === rank,
    `Cannot ${what}: the operands do not fit`,
    () => ({
      actual: `slice ${describe(part)} of ${describe(whole)}, starts ${describe(starts)}`,
      expected: `a slice no larger than the array, of its dtype and at most ${MAX_RANK} axes; starts [${rank}] int32`,
      remedy: "give one int32 start for each axis",
    }),
  );
}

/**
 * Copies out a slice whose start is read when the plan runs: `output[i…] = x[starts + i…]`.
 *
 * @param output The slice; its shape says how much.
 * @param x The operand.
 * @param starts int32, `[rank]`. Each is clamped so that the slice lies inside; add the size to negative ones first to
 *   count from the end.
 * @throws {ValueError} If the shapes or dtypes do not fit.
 */
export function dynamicSlice(output: Operand, x: Operand, starts: Operand): void {
  checkStarts("take a dynamic slice", x, output, starts);
  run([output, x, starts], (plan) => plan.copy(at(0, output), moved(1, x, output, starts)));
}

/**
 * Overwrites a slice whose start is read when the plan runs: `output[starts + i…] = update[i…]`. The rest of `output`
 * stays as it is.
 *
 * @param output What to write into.
 * @param update The slice.
 * @param starts int32, `[rank]`, clamped as in {@linkcode dynamicSlice}.
 * @throws {ValueError} If the shapes or dtypes do not fit.
 */
export function dynamicUpdateSlice(output: Operand, update: Operand, starts: Operand): void {
  checkStarts("update a dynamic slice", output, update, starts);
  run([output, update, starts], (plan) => plan.copy(moved(0, output, update, starts), at(1, update)));
}

/** One of several parts of an array, of which a number in memory says which. */
export interface PartOptions {
  /** Which operand is the part: it is given as the part of number 0. */
  readonly of: "output" | "x";
  /** The number, an int32. */
  readonly index: Operand;
  /** Elements from one part to the next. */
  readonly step: number;
  /** How many parts there are. */
  readonly count: number;
}

/**
 * Copies to or from a part of an array whose number is read when the plan runs.
 *
 * @param output The result.
 * @param x The operand, of the same shape and dtype.
 * @param options Which of both is a part, and of what.
 */
export function copyPart(output: Operand, x: Operand, { of, index, step, count }: PartOptions): void {
  const cell = { slot: 2, byte: index.offset, step: step * DTYPES[x.dtype].size, limit: count - 1 };
  overRank(output.shape, [output, x], [output.strides, x.strides], ([to, from], operands) => {
    run([...operands, index], (plan) => {
      if (of === "output") plan.copy({ ...to!, cells: [cell] }, from!);
      else plan.copy(to!, { ...from!, cells: [cell] });
    });
  });
}
