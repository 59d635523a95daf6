/**
 * The pool worker as a file of its own, for pages whose content-security policy forbids workers made from a Blob:
 * `await init({ workerUrl: new URL("…/worker.js", location.href) })`. It exports nothing.
 *
 * @module
 */

import { runWorker, type WorkerStart } from "./wasm/run_worker.ts";

/** The part of a worker's global scope that the script uses. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerStart>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => runWorker(data, (report) => scope.postMessage(report));
