/**
 * What the functions of the kernels share: checks, placing operands, running a plan of one instruction.
 *
 * @module
 */

import { ValueError } from "../../errors/mod.ts";
import { DTYPES } from "../dtype.ts";
import { currentEngine } from "../engine.ts";
import { coalesce, sizeOf } from "../layout.ts";
import type { Operand } from "../operand.ts";
import { MAX_RANK, Plan, type PlanOperand } from "../plan.ts";
import { currentRecording, slotOf } from "../recording.ts";

/** An operand as errors name it. */
export function describe(operand: Operand): string {
  return `[${operand.shape}] ${operand.dtype}`;
}

/** Throws unless `fits`; the message is made only then. */
export function check(
  fits: boolean,
  summary: string,
  details: () => { actual: string; expected: string; remedy: string },
): asserts fits {
  if (!fits) {
    throw new ValueError(summary, { ...details(), code: "operands" });
  }
}

/** The operand as a slot of its own, at another layout. */
export function at(
  slot: number,
  operand: Operand,
  layout?: { shape: readonly number[]; strides: readonly number[] },
): PlanOperand {
  return {
    slot,
    offset: operand.offset,
    dtype: operand.dtype,
    shape: layout?.shape ?? operand.shape,
    strides: layout?.strides ?? operand.strides,
  };
}

/**
 * The axis that a kernel along the last axis is to run along, counted from the start.
 *
 * @param summary What fails, for the error.
 * @param operand The operand that has the axis.
 * @param axis Its number; negative ones count from the end.
 */
export function axisOf(summary: string, operand: Operand, axis: number): number {
  const rank = operand.shape.length;
  check(
    Number.isInteger(axis) && axis >= -rank && axis < rank,
    `${summary}: the axis is not one of the operand`,
    () => ({
      actual: `axis ${axis} of ${describe(operand)}`,
      expected: rank === 0 ? "an operand with at least one axis" : `a whole number from ${-rank} to ${rank - 1}`,
      remedy: "name an axis that the operand has",
    }),
  );
  return axis < 0 ? axis + rank : axis;
}

/** Operands with one axis moved to the end and the others merged where they can be, ready for a plan. */
export function placedLast(
  summary: string,
  axis: number,
  operands: readonly Operand[],
): readonly PlanOperand[] {
  const others = <T>(list: readonly T[]) => list.filter((_, k) => k !== axis);
  const merged = coalesce(others(operands[0]?.shape ?? []), operands.map(({ strides }) => others(strides)));
  check(merged.shape.length < MAX_RANK, `${summary} of an array of this rank`, () => ({
    actual: `${merged.shape.length + 1} axes after merging`,
    expected: `at most ${MAX_RANK}`,
    remedy: "copy the operands to contiguous memory",
  }));
  return operands.map((operand, k) =>
    at(k, operand, {
      shape: [...merged.shape, operand.shape[axis] ?? 1],
      strides: [...(merged.strides[k] ?? []), operand.strides[axis] ?? 0],
    })
  );
}

/** The bytes that an operand spans, as addresses; `undefined` if it has no elements. */
function span({ address, offset, dtype, shape, strides }: Operand): { start: number; end: number } | undefined {
  if (shape.includes(0)) {
    return undefined;
  }
  const { size } = DTYPES[dtype];
  const reach = (sign: number) =>
    shape.reduce((sum, length, axis) => {
      const steps = (length - 1) * (strides[axis] ?? 0);
      return steps * sign > 0 ? sum + steps : sum;
    }, 0);
  return { start: address + offset + reach(-1) * size, end: address + offset + (reach(1) + 1) * size };
}

/**
 * Throws if the output of a function that runs several instructions overlaps an input, which a later one would then
 * find overwritten. The engine itself checks each instruction. Judged by spans, as there.
 */
export function checkDisjoint(summary: string, output: Operand, inputs: readonly Operand[]): void {
  const own = span(output);
  const hit = inputs.find((input) => {
    const other = span(input);
    return own !== undefined && other !== undefined && own.start < other.end && other.start < own.end;
  });
  check(hit === undefined, `${summary}: the output overlaps an input`, () => ({
    actual: `output ${describe(output)}, input ${hit && describe(hit)} in the same memory`,
    expected: "memory of its own for the output",
    remedy: "write to a new operand, and copy back if need be",
  }));
}

const plan = new Plan();

/** Runs one instruction on operands, each in the slot of its index; or writes it into the recording that is being made. */
export function run(operands: readonly Operand[], write: (plan: Plan) => void): void {
  const recording = currentRecording();
  if (recording !== undefined) {
    recording.plan.withSlots(operands.map(slotOf), write);
    return;
  }
  plan.clear();
  write(plan);
  currentEngine().run(plan.view(), operands);
}

/**
 * Runs `body` on operands of one shape with their axes merged; what is still above rank 8 is looped over.
 *
 * @param shape The common shape.
 * @param operands The operands.
 * @param strides The strides of each at that shape.
 */
export function overRank(
  shape: readonly number[],
  operands: readonly Operand[],
  strides: readonly (readonly number[])[],
  body: (placed: PlanOperand[], operands: readonly Operand[]) => void,
): void {
  const merged = coalesce(shape, strides);
  const outer = merged.shape.length - MAX_RANK;
  if (outer <= 0) {
    body(
      operands.map((operand, k) => at(k, operand, { shape: merged.shape, strides: merged.strides[k] ?? [] })),
      operands,
    );
    return;
  }
  const inner = merged.shape.slice(outer);
  const index = new Array<number>(outer).fill(0);
  const turns = sizeOf(merged.shape.slice(0, outer));
  for (let turn = 0; turn < turns; turn++) {
    const moved = operands.map((operand, k) => {
      const steps = index.reduce((sum, value, axis) => sum + value * (merged.strides[k]?.[axis] ?? 0), 0);
      return { ...operand, offset: operand.offset + steps * DTYPES[operand.dtype].size };
    });
    body(
      moved.map((operand, k) => at(k, operand, { shape: inner, strides: (merged.strides[k] ?? []).slice(outer) })),
      operands,
    );
    for (let axis = outer - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] ?? 0) + 1) % (merged.shape[axis] ?? 1);
      if (index[axis] !== 0) {
        break;
      }
    }
  }
}
