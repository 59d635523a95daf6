// Generated from core-rs by scripts/build_wasm.ts (`deno task wasm`). Do not edit.
// Sources: sha256 b0bfeaf578b747c49857e7356d44dc3c616d438046aec4870e5645d51d584173
// Toolchain: rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball) Debian 1.96.0+dfsg1-1~deb12u2; Debian LLD 22.1.8; wasm-bindgen 0.2.130; wasm-pack 0.15.1; binaryen 132.0.0
// deno-lint-ignore-file
// deno-fmt-ignore-file

/**
 * Sets the object that host calls go to, once, before the first plan.
 */
export function installHost(host: any): void;

/**
 * The lane this build's kernels run on: `relaxed-simd`, `simd128` or `scalar`.
 */
export function lane(): string;

/**
 * The version of the plan format.
 */
export function planVersion(): number;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly installHost: (a: any) => void;
    readonly pj_alloc: (a: number) => number;
    readonly pj_alloc_error: () => number;
    readonly pj_at: () => number;
    readonly pj_check: (a: number, b: number, c: number, d: number) => number;
    readonly pj_free: (a: number) => number;
    readonly pj_pool_dismiss: () => void;
    readonly pj_pool_ready: () => number;
    readonly pj_pool_reset: (a: number, b: number, c: number) => void;
    readonly pj_pool_settle: () => void;
    readonly pj_pool_trapped: () => number;
    readonly pj_pool_wanted: () => number;
    readonly pj_run: (a: number, b: number, c: number, d: number) => number;
    readonly pj_stats: () => number;
    readonly pj_worker: (a: number) => void;
    readonly lane: () => [number, number];
    readonly planVersion: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;
