/**
 * The engine: one instance, its memory, its workers, and the one door through which anything runs.
 *
 * An eager operation is a plan of one instruction. Plans and slot tables are written to a stack in the engine's memory,
 * so that a host call may run another plan inside one.
 *
 * @module
 */

import { NotInitializedError } from "../errors/mod.ts";
import type { Build, HostObject } from "./builds.ts";
import { DTYPE_NAMES } from "./dtype.ts";
import { faultError, trapError } from "./faults.ts";
import { type Instance, instantiate, type WasmSource } from "./instance.ts";
import type { EngineMemory } from "./memory.ts";
import type { Operand } from "./operand.ts";
import { Pool, type PoolOptions } from "./pool.ts";

/** Where a slot of a plan lies. */
export interface Slot {
  /** Address of its first byte; a multiple of 4. */
  readonly address: number;
  /** Its length in bytes. */
  readonly byteLength: number;
}

/** A function that plans may call, shown its operands in place. */
export type HostFunction = (operands: readonly Operand[]) => void;

/** Bytes of the stack of plans; larger plans get a block of their own. */
const STACK_BYTES = 1 << 16;

/** Words of one operand record of a host call (`core-rs/src/abi.rs`). */
const RECORD_WORDS = 20;

/** The fault number of a host call that threw, and of a trapped worker. */
const HOST_FAULT = 16;
const WORKER_FAULT = 17;

/** The host functions of the plans that run now, innermost last, and what one of them threw. */
class HostCalls implements HostObject {
  readonly stack: (readonly HostFunction[])[] = [];
  thrown: unknown;
  memory: EngineMemory | undefined;

  call(id: number, operands: number, count: number): number {
    try {
      const host = this.stack.at(-1)?.[id];
      if (host === undefined) {
        throw new RangeError(
          `the plan calls host function ${id}, but the run was given ${this.stack.at(-1)?.length ?? 0}`,
        );
      }
      host(this.#operands(operands >>> 2, count));
      // The plan goes on with what the function has done.
      this.memory?.deferred?.run();
      return 0;
    } catch (error) {
      this.thrown = error;
      return 1;
    }
  }

  #operands(at: number, count: number): Operand[] {
    // Records are read out at once: the host function may grow memory.
    const words = this.memory?.words((at + count * RECORD_WORDS) * 4) ?? new Uint32Array();
    return Array.from({ length: count }, (_, index) => {
      const record = words.slice(at + index * RECORD_WORDS, at + (index + 1) * RECORD_WORDS);
      const [address = 0, byteLength = 0, dtype = 0, rank = 0] = record;
      return {
        address,
        byteLength,
        offset: 0,
        dtype: DTYPE_NAMES[dtype] ?? "float32",
        shape: Array.from(record.subarray(4, 4 + rank)),
        strides: Array.from(new Int32Array(record.buffer, (12) * 4, rank)),
      };
    });
  }
}

/** A running engine. */
export class Engine {
  readonly #instance: Instance;
  readonly #host: HostCalls;
  /** Its workers. */
  readonly pool: Pool;
  readonly #stackStart: number;
  #stackTop: number;

  /** Wraps an instance; use {@linkcode Engine.load}. */
  private constructor(instance: Instance, host: HostCalls, options: PoolOptions) {
    this.#instance = instance;
    this.#host = host;
    this.pool = new Pool(instance, options);
    this.#stackStart = instance.memory.allocate(STACK_BYTES, "the stack of plans");
    this.#stackTop = this.#stackStart;
  }

  /** Loads a build and sets its pool up. */
  static async load(build: Build, source: WasmSource | undefined, options: PoolOptions): Promise<Engine> {
    const host = new HostCalls();
    const instance = await instantiate(build, source, host);
    host.memory = instance.memory;
    return new Engine(instance, host, options);
  }

  /** Its memory. */
  get memory(): EngineMemory {
    return this.#instance.memory;
  }

  /** The build it runs. */
  get build(): Build {
    return this.#instance.build;
  }

  /** The lane its kernels run on. */
  get lane(): string {
    return this.#instance.glue.lane();
  }

  /**
   * Runs a plan, after all that is put off.
   *
   * @param plan Its words.
   * @param slots Where its slots lie.
   * @param host The functions that it may call, by id.
   * @throws {EngineError} If the plan is refused, or a kernel or worker traps; `path` names the instruction.
   */
  run(plan: Uint32Array, slots: readonly Slot[], host: readonly HostFunction[] = []): void {
    this.memory.deferred?.run();
    this.#withPlan(plan, slots, (planAt, tableAt) => {
      const { exports } = this.#instance;
      const stackPointer = exports.__stack_pointer?.value as number | undefined;
      const depth = this.#host.stack.push(host);
      let fault: number;
      try {
        fault = exports.pj_run(planAt, plan.length, tableAt, slots.length);
      } catch (error) {
        throw this.#recover(stackPointer, error);
      } finally {
        this.#host.stack.length = depth - 1;
      }
      this.pool.startIfWanted();
      if (fault !== 0) {
        throw this.#refused(fault);
      }
    });
  }

  /**
   * Checks a plan without running it.
   *
   * @param plan Its words.
   * @param slots Where its slots would lie.
   * @throws {EngineError} If its structure is wrong, or an operand reaches outside its slot.
   */
  check(plan: Uint32Array, slots: readonly Slot[]): void {
    this.#withPlan(plan, slots, (planAt, tableAt) => {
      const fault = this.#instance.exports.pj_check(planAt, plan.length, tableAt, slots.length);
      if (fault !== 0) {
        throw this.#refused(fault);
      }
    });
  }

  /** Puts plan and table into memory while `use` runs. */
  #withPlan(plan: Uint32Array, slots: readonly Slot[], use: (plan: number, table: number) => void): void {
    const { memory } = this.#instance;
    const bytes = (plan.length + 2 * slots.length) * 4;
    const before = this.#stackTop;
    const onStack = before + bytes <= this.#stackStart + STACK_BYTES;
    const at = onStack ? before : memory.allocate(bytes, "a plan");
    if (onStack) {
      this.#stackTop = before + bytes;
    }
    try {
      const words = memory.words(at + bytes);
      let word = at >>> 2;
      words.set(plan, word);
      word += plan.length;
      for (const { address, byteLength } of slots) {
        words[word++] = address;
        words[word++] = byteLength;
      }
      use(at, at + plan.length * 4);
    } finally {
      if (onStack) {
        this.#stackTop = before;
      } else {
        memory.free(at);
      }
    }
  }

  #refused(fault: number): Error {
    const word = this.#instance.exports.pj_at();
    if (fault === HOST_FAULT) {
      const cause = this.#host.thrown;
      this.#host.thrown = undefined;
      return faultError(fault, word, cause);
    }
    if (fault === WORKER_FAULT) {
      this.pool.rebuild();
    }
    return faultError(fault, word);
  }

  /** After a trap on this thread: takes the workers out of its job, and puts the stack pointer back. */
  #recover(stackPointer: number | undefined, error: unknown): Error {
    const { exports } = this.#instance;
    if (exports.__stack_pointer !== undefined && stackPointer !== undefined) {
      exports.__stack_pointer.value = stackPointer;
    }
    exports.pj_pool_settle();
    return trapError(exports.pj_at(), error);
  }
}

let engine: Engine | undefined;

/** Sets the engine that {@linkcode currentEngine} gives. */
export function installEngine(loaded: Engine): void {
  engine?.memory.deferred?.run();
  engine = loaded;
}

/** Whether there is an engine yet. */
export function hasEngine(): boolean {
  return engine !== undefined;
}

/**
 * The engine.
 *
 * @throws {NotInitializedError} If `init` has not finished.
 */
export function currentEngine(): Engine {
  if (engine === undefined) {
    throw new NotInitializedError("Cannot use penjing before it is initialized", {
      expected: "init to have finished",
      remedy: 'write "await init()" first, or import "@penjing/penjing" instead of its "manual" entry',
      code: "not-initialized",
    });
  }
  return engine;
}
