/**
 * Running plans that hold more than one instruction.
 *
 * @module
 */

import { currentEngine, type HostFunction, type Slot } from "./engine.ts";
import { Plan } from "./plan.ts";

/** What a run is given beside its slots. */
export interface RunOptions {
  /** The functions that host calls name by their index. They may run other plans and allocate memory. */
  readonly host?: readonly HostFunction[];
}

/**
 * Runs a plan in one call of the engine.
 *
 * @param plan The plan, or its words.
 * @param slots Where each slot lies; operands serve.
 * @param options Host functions.
 * @throws {EngineError} If an instruction is refused or fails; `path` names it, and those before it have run.
 */
export function runPlan(plan: Plan | Uint32Array, slots: readonly Slot[], options: RunOptions = {}): void {
  currentEngine().run(plan instanceof Plan ? plan.words() : plan, slots, options.host);
}

/**
 * Checks a whole plan without running it: its structure, and that operands lie inside the slots.
 *
 * @param plan The plan, or its words.
 * @param slots Where each slot would lie.
 * @throws {EngineError} If it is not valid; `path` names the instruction.
 */
export function checkPlan(plan: Plan | Uint32Array, slots: readonly Slot[]): void {
  currentEngine().check(plan instanceof Plan ? plan.words() : plan, slots);
}
