/**
 * penjing: neural networks in TypeScript, on kernels in Rust and WebAssembly.
 *
 * Importing this entry loads the kernels that suit the host; the `manual` entry leaves that to you.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const { kernels } = pz;
 * const x = kernels.upload([0, 1, 2], { shape: [1, 3] });
 * const y = kernels.allocate([1, 3], "float32");
 * kernels.softmax(y, x);
 * const [a = 0, b = 0, c = 0] = kernels.download(y);
 * assert(Math.abs(a + b + c - 1) < 1e-6 && a < b && b < c);
 * assert(pz.backend.info().threads >= 1);
 * ```
 *
 * @module
 */

import "./wasm/auto_init.ts";

export * from "./manual.ts";
