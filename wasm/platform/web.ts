/**
 * Workers of browsers: made from a Blob, or from a file where the content-security policy wants one.
 *
 * @module
 */

import type { WorkerReport, WorkerStart } from "../run_worker.ts";
import { WEB_WORKER_SOURCE } from "../worker_source.ts";

/** A worker of the pool. */
export interface PoolWorker {
  /** Ends it. */
  stop(): void;
}

/** The number of logical processors. */
export function cores(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}

/**
 * Starts a worker.
 *
 * @param start What it is told.
 * @param onReport Called with what it says.
 * @param url The address of the package's `worker.js`, for pages whose policy forbids Blob workers.
 * @returns Its handle.
 */
export function startWorker(
  start: WorkerStart,
  onReport: (report: WorkerReport) => void,
  url?: string | URL,
): PoolWorker {
  const blob = url === undefined
    ? URL.createObjectURL(new Blob([WEB_WORKER_SOURCE], { type: "text/javascript" }))
    : undefined;
  const worker = url === undefined ? new Worker(blob ?? "") : new Worker(url, { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => onReport(data);
  worker.onerror = (event) => onReport({ kind: "not-started", message: event.message ?? "the script did not load" });
  worker.postMessage(start);
  return {
    stop: () => {
      worker.terminate();
      if (blob !== undefined) {
        URL.revokeObjectURL(blob);
      }
    },
  };
}
