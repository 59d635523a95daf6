/**
 * Plans of many instructions, written by the functions that otherwise run one at once.
 *
 * While a recording is made, kernels write their instructions into its plan. Their operands then stand for memory that does
 * not exist yet: the address says only which slot of the plan they lie in.
 *
 * @module
 */

import { type DType, DTYPES } from "./dtype.ts";
import { contiguousStrides, sizeOf } from "./layout.ts";
import { allocate, type Operand, release } from "./operand.ts";
import type { Plan } from "./plan.ts";

/** Addresses of different slots are so far apart that no operand reaches from one into another. */
const APART = 2 ** 33;

/** A plan that is being written, and who finds memory for what kernels need between their instructions. */
export interface Recording {
  /** The plan. */
  readonly plan: Plan;
  /** Gives the number of a slot of so many bytes. */
  allocateSlot(byteLength: number): number;
  /** Is told that nothing after what was written so far uses a slot. */
  releaseSlot(slot: number): void;
}

let recording: Recording | undefined;

/** The recording that is being made. */
export function currentRecording(): Recording | undefined {
  return recording;
}

/** Runs a function whose kernels are recorded, or, without a recording, run at once. */
export function withRecording<T>(to: Recording | undefined, body: () => T): T {
  const before = recording;
  recording = to;
  try {
    return body();
  } finally {
    recording = before;
  }
}

/**
 * An operand of a plan that is being written.
 *
 * @param slot Its slot.
 * @param byteLength Bytes of the slot.
 * @param layout Where its elements lie.
 */
export function slotOperand(
  slot: number,
  byteLength: number,
  layout: Omit<Operand, "address" | "byteLength">,
): Operand {
  return { ...layout, address: slot * APART, byteLength };
}

/** The slot that an operand of a plan lies in. */
export function slotOf({ address }: Operand): number {
  return address / APART;
}

/**
 * Memory that a kernel needs between its instructions.
 *
 * @param shape Elements along each axis.
 * @param dtype Type of the elements.
 * @returns A contiguous operand, to be given to {@linkcode releaseScratch}.
 */
export function allocateScratch(shape: readonly number[], dtype: DType): Operand {
  if (recording === undefined) return allocate(shape, dtype);
  const byteLength = sizeOf(shape) * DTYPES[dtype].size;
  const layout = { offset: 0, dtype, shape, strides: contiguousStrides(shape) };
  return slotOperand(recording.allocateSlot(byteLength), byteLength, layout);
}

/** Gives back what {@linkcode allocateScratch} gave. */
export function releaseScratch(operand: Operand): void {
  if (recording === undefined) release(operand);
  else recording.releaseSlot(slotOf(operand));
}
