/**
 * penjing without top-level await: the same namespace as the main entry, to be started by `await init(options)`.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing/manual";
 *
 * await pz.init();
 * const { kernels } = pz;
 * const x = kernels.upload([1, 2, 3, 4], { shape: [2, 2] });
 * const y = kernels.allocate([2, 2], "float32");
 * kernels.matmul(y, x, x);
 * assert.deepEqual([...kernels.download(y)], [7, 10, 15, 22]);
 * ```
 *
 * @module
 */

export * from "./errors/mod.ts";
export { init, type InitOptions, memoryStats as memory } from "./wasm/init.ts";
export type { MemoryStats } from "./wasm/memory.ts";
export type { WasmSource } from "./wasm/instance.ts";
export type { Build, BuildName, CoreExports, EmbeddedModule, Glue, HostObject } from "./wasm/builds.ts";
export * as backend from "./wasm/backend.ts";
export * as kernels from "./wasm/face.ts";
