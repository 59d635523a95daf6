/**
 * Preloaded by `deno task test:scalar`: makes the suite run on the scalar build.
 *
 * @module
 */

(globalThis as { penjingTestLane?: string }).penjingTestLane = "scalar";
