/**
 * Workers of Node and Deno: threads that do not keep the process alive.
 *
 * The only file with `node:` modules. It is reached by a dynamic import where they exist, and the npm package maps it
 * to `web.ts` for browsers.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { WorkerReport, WorkerStart } from "../run_worker.ts";
import { NODE_WORKER_SOURCE } from "../worker_source.ts";
import type { PoolWorker } from "./web.ts";

/** The number of logical processors. */
export function cores(): number {
  return availableParallelism();
}

/**
 * Starts a worker.
 *
 * @param start What it is told.
 * @param onReport Called with what it says.
 * @returns Its handle.
 */
export function startWorker(start: WorkerStart, onReport: (report: WorkerReport) => void): PoolWorker {
  const worker = new Worker(NODE_WORKER_SOURCE, { eval: true, workerData: start });
  worker.on("message", onReport);
  worker.on("error", (error: unknown) => onReport({ kind: "not-started", message: String(error) }));
  worker.unref();
  return {
    stop: () => void worker.terminate(),
  };
}
