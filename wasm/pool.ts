/**
 * The workers of a threaded build: when they start, how many there are, and what happens when one fails.
 *
 * They start once they would have spared more than their start costs (the engine raises a flag), never at import; until
 * they report ready, and wherever they cannot be had, the caller does all the work. Work is handed out in shared
 * memory (`core-rs/src/pool.rs`); messages carry only a worker's start and its failure.
 *
 * @module
 */

import type { Instance } from "./instance.ts";
import type { PoolWorker } from "./platform/web.ts";
import { hasNodeModules } from "./probe.ts";
import type { WorkerReport, WorkerStart } from "./run_worker.ts";

/** A worker's stack: tile registers take tens of KiB a frame. */
const STACK_BYTES = 1 << 20;

/** How long {@linkcode Pool.start} waits for workers, in milliseconds. */
const START_TIMEOUT = 10_000;

/** How a pool is set up. */
export interface PoolOptions {
  /** Threads in all, the caller included. */
  readonly threads: number;
  /** Logical processors of the host, when known. */
  readonly cores: number | undefined;
  /** The address of `worker.js`, where Blob workers are forbidden. */
  readonly workerUrl: string | URL | undefined;
}

type StartWorker = (
  start: WorkerStart,
  onReport: (report: WorkerReport) => void,
  url?: string | URL,
) => PoolWorker;

/** Whether this thread may block: everywhere but on a page's main thread. */
function mayWait(): boolean {
  return typeof (globalThis as { readonly document?: unknown }).document === "undefined";
}

/** The workers of one instance. */
export class Pool {
  readonly #instance: Instance;
  #options: PoolOptions;
  #workers: PoolWorker[] = [];
  #started: Promise<void> | undefined;
  #failure: string | undefined;
  readonly #wanted: number;

  /** Sets up the pool; starts nothing. */
  constructor(instance: Instance, options: PoolOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#wanted = instance.exports.pj_pool_wanted() >>> 0;
    this.#reset();
  }

  #reset(): void {
    const { threads, cores } = this.#options;
    const crowded = cores !== undefined && threads > cores;
    this.#instance.exports.pj_pool_reset(threads, mayWait() ? 1 : 0, crowded ? 1 : 0);
  }

  /** Threads in all, the caller included, once every worker is there. */
  get threads(): number {
    return this.#failure === undefined ? this.#options.threads : this.ready + 1;
  }

  /** Workers in their loop now. */
  get ready(): number {
    return this.#instance.exports.pj_pool_ready();
  }

  /** Why workers are missing, if some are. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Starts the workers if an instruction has missed them. Called after each plan; costs one load. */
  startIfWanted(): void {
    if (this.#started === undefined && this.#options.threads > 1) {
      const words = this.#instance.memory.words(this.#wanted + 4);
      if (words[this.#wanted >>> 2] === 1) {
        void this.start();
      }
    }
  }

  /**
   * Starts the workers.
   *
   * @returns Resolves when all are in their loop, or have failed to get there ({@linkcode Pool.failure} tells).
   */
  start(): Promise<void> {
    return this.#started ??= this.#start();
  }

  async #start(): Promise<void> {
    const { threads, workerUrl } = this.#options;
    const { module, memory, exports } = this.#instance;
    if (threads === 1) {
      return;
    }
    const startWorker: StartWorker = hasNodeModules()
      ? (await import("./platform/node.ts")).startWorker
      : (await import("./platform/web.ts")).startWorker;
    const trapped = exports.pj_pool_trapped() >>> 0;
    let missing = 0;
    const onReport = ({ kind, message }: WorkerReport) => {
      missing++;
      this.#failure = kind === "trapped" ? `a worker trapped: ${message}` : `a worker did not start: ${message}`;
    };
    for (let thread = 1; thread < threads; thread++) {
      const start = { module, memory: memory.memory, thread, stackBytes: STACK_BYTES, trapped };
      try {
        this.#workers.push(startWorker(start, onReport, workerUrl));
      } catch (error) {
        onReport({ kind: "not-started", message: String(error) });
      }
    }
    const deadline = Date.now() + START_TIMEOUT;
    while (this.ready + missing < threads - 1) {
      if (Date.now() > deadline) {
        this.#failure ??= `only ${this.ready} of ${threads - 1} workers started within ${START_TIMEOUT / 1000} s`;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /**
   * Ends all workers and sets the pool up anew: after a trap, on either side, or for another number of threads. Until
   * that is done the caller works alone; then the next instruction that wants workers starts them.
   *
   * @param threads Threads in all from then on; as before if left out.
   */
  rebuild(threads: number = this.#options.threads): void {
    const { memory, exports } = this.#instance;
    const trapped = exports.pj_pool_trapped() >>> 2;
    const count = () => memory.words(trapped * 4 + 4)[trapped] ?? 0;
    // The engine hands no work to a pool that has a trapped worker: one that is not makes it believe so.
    const feigned = count() === 0 ? 1 : 0;
    memory.words(trapped * 4 + 4)[trapped] = count() + feigned;
    const started = this.#started ?? Promise.resolve();
    this.#started = started.then(async () => {
      exports.pj_pool_dismiss();
      // A worker that has left its loop touches nothing any more; one that trapped never leaves it.
      for (let turn = 0; this.ready > count() - feigned && turn < START_TIMEOUT; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      this.#workers.forEach((worker) => worker.stop());
      this.#workers = [];
      this.#failure = undefined;
      this.#started = undefined;
      this.#options = { ...this.#options, threads };
      this.#reset();
    });
  }

  /** Resolves when no rebuilding or starting is under way. */
  async settled(): Promise<void> {
    let started: Promise<void> | undefined;
    do {
      started = this.#started;
      await started;
    } while (started !== this.#started);
  }
}
