/**
 * The scripts of pool workers as text, so that a worker needs no file, no permission and no bundler support.
 *
 * @module
 */

import { runWorker } from "./run_worker.ts";

/** Bundlers that keep function names (esbuild's `keepNames`) wrap inner functions in a helper of this name. */
const PRELUDE = "const __name = (target) => target;";

/** The script for `node:worker_threads` (Node, Deno), evaluated as CommonJS. */
export const NODE_WORKER_SOURCE: string = `${PRELUDE}
const { parentPort, workerData } = require("node:worker_threads");
(${runWorker.toString()})(workerData, (report) => parentPort.postMessage(report));
`;

/** The script for web workers, classic. */
export const WEB_WORKER_SOURCE: string = `${PRELUDE}
self.onmessage = ({ data }) => (${runWorker.toString()})(data, (report) => self.postMessage(report));
`;
