/**
 * The engine's linear memory, seen from TypeScript: the one place that makes views of it.
 *
 * A view dies when an unshared memory grows (its buffer is detached) and falls short when a shared one does; so views
 * are made here, used at once, and never kept across a call that may grow memory. Addresses are unsigned 32-bit
 * numbers: what WebAssembly gives back as a negative i32 is made unsigned at the boundary.
 *
 * @module
 */

import { OutOfMemoryError, ValueError } from "../errors/mod.ts";
import type { CoreExports } from "./builds.ts";
import { type DType, DTYPES, type ElementArray } from "./dtype.ts";

/** Reasons of the allocator (`core-rs/src/memory.rs`, `AllocError`). */
const TOO_LARGE = 1;

/** What the engine's memory holds; all figures in bytes unless said otherwise. */
export interface MemoryStats {
  /** Bytes of live arrays, as asked for. */
  readonly liveBytes: number;
  /** Number of live blocks. */
  readonly liveBlocks: number;
  /** The most that `liveBytes` has been. */
  readonly peakBytes: number;
  /** Bytes that the allocator owns, used or not. They are not given back. */
  readonly reservedBytes: number;
  /** Blocks ever allocated. */
  readonly allocations: number;
  /** Size of the linear memory. */
  readonly memoryBytes: number;
  /** What the linear memory may grow to. */
  readonly limitBytes: number;
}

/** Work on a memory that is put off until somebody looks at it (`kernels/deferred.ts`). */
export interface Deferred {
  /** Does it, now. */
  run(): void;
  /** Told before a block is given back, which it may still be about to read or write. */
  freeing(address: number): void;
}

/** Views and blocks of one linear memory. */
export class EngineMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: CoreExports;
  /** What the memory may grow to, in bytes. */
  readonly limitBytes: number;
  /** What is put off, if anything is. */
  deferred: Deferred | undefined;
  #words: Uint32Array;

  /** Wraps the memory of an instance that may grow to `limitBytes`. */
  constructor(memory: WebAssembly.Memory, exports: CoreExports, limitBytes: number) {
    this.#memory = memory;
    this.#exports = exports;
    this.limitBytes = limitBytes;
    this.#words = new Uint32Array(memory.buffer);
  }

  /** The memory itself, for workers. */
  get memory(): WebAssembly.Memory {
    return this.#memory;
  }

  /**
   * The memory as 32-bit words, at least up to `end` bytes. Do not keep it. What is put off stays so: not for elements
   * that it may be about to write.
   *
   * @param end The address up to which it is used.
   * @returns A view of the whole memory.
   */
  words(end: number): Uint32Array {
    // A detached view has length 0 and a shared one that fell behind is short: one comparison covers both.
    if (end > this.#words.byteLength) {
      this.#words = new Uint32Array(this.#memory.buffer);
    }
    return this.#words;
  }

  /**
   * Elements in memory. Do not keep the view: it may die with the next call.
   *
   * @param address The address of the first element, a multiple of its size.
   * @param length The number of elements.
   * @param dtype Their type.
   * @returns A view over the memory itself.
   */
  view(address: number, length: number, dtype: DType): ElementArray {
    this.deferred?.run();
    return this.fresh(address, length, dtype);
  }

  /** As {@linkcode EngineMemory.view}, of a block that was allocated just now, so that nothing put off can know it. */
  fresh(address: number, length: number, dtype: DType): ElementArray {
    return new DTYPES[dtype].array(this.#memory.buffer, address, length);
  }

  /**
   * Copies elements out.
   *
   * @param address The address of the first element, a multiple of its size.
   * @param length The number of elements.
   * @param dtype Their type.
   * @returns Elements in an unshared buffer of their own.
   */
  read(address: number, length: number, dtype: DType): ElementArray {
    // Not `slice`: on shared memory that would make another shared buffer, which many host functions refuse.
    const out = new DTYPES[dtype].array(length);
    out.set(this.view(address, length, dtype));
    return out;
  }

  /**
   * Allocates.
   *
   * @param bytes The size; zero is allowed.
   * @param what What the bytes are for, as the error names it; a function is asked only then.
   * @returns The address, a multiple of 64. Its bytes are whatever was there.
   * @throws {ValueError} If `bytes` is not an integer from 0 to 2 GiB - 1.
   * @throws {OutOfMemoryError} If the memory is exhausted.
   */
  allocate(bytes: number, what: string | (() => string)): number {
    const fits = Number.isInteger(bytes) && bytes >= 0 && bytes <= 0xffff_ffff;
    const address = fits ? this.#exports.pj_alloc(bytes) >>> 0 : 0;
    if (address !== 0) {
      return address;
    }
    const purpose = typeof what === "string" ? what : what();
    if (!fits || this.#exports.pj_alloc_error() === TOO_LARGE) {
      throw new ValueError(`Cannot allocate ${purpose}: one array holds less than 2 GiB`, {
        op: "allocate",
        actual: `${bytes} bytes`,
        expected: "an integer from 0 to 2147483647",
        remedy: "split the array along its first axis",
        code: "array-too-large",
      });
    }
    const stats = this.stats();
    throw new OutOfMemoryError(`Cannot allocate ${purpose}: the engine's memory is exhausted`, {
      op: "allocate",
      actual: `${bytes} bytes asked for, ${stats.liveBytes} bytes live in ${stats.liveBlocks} blocks`,
      expected: `at most ${this.limitBytes} bytes in all`,
      remedy:
        "free arrays by pz.scope() or await pz.collect(), donate arguments that are replaced, or work in smaller batches",
      code: "out-of-memory",
    });
  }

  /**
   * Frees a block.
   *
   * @param address What {@linkcode EngineMemory.allocate} gave.
   * @throws {ValueError} If the address is not that of a live block: freed before, say.
   */
  free(address: number): void {
    this.deferred?.freeing(address);
    const status = this.#exports.pj_free(address);
    if (status !== 0) {
      throw new ValueError("Cannot release memory: no live block starts at this address", {
        op: "release",
        actual: `address ${address}`,
        expected: "an address that allocate gave and release has not had before",
        remedy: "release each block once",
        code: "not-live",
      });
    }
  }

  /** What the memory holds now. */
  stats(): MemoryStats {
    const address = this.#exports.pj_stats() >>> 0;
    const numbers = new Float64Array(this.#memory.buffer, address, 5);
    const [liveBytes = 0, liveBlocks = 0, peakBytes = 0, reservedBytes = 0, allocations = 0] = numbers;
    return {
      liveBytes,
      liveBlocks,
      peakBytes,
      reservedBytes,
      allocations,
      memoryBytes: this.#memory.buffer.byteLength,
      limitBytes: this.limitBytes,
    };
  }
}
