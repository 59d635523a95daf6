/**
 * The builds of the kernel crate, each reached by a literal dynamic import, so that a host reads and bundlers split
 * off only the one in use.
 *
 * @module
 */

/** The name of a published build. (A scalar one exists for tests, which bring it themselves: `tests/_scalar.ts`.) */
export type BuildName = "relaxed_threads" | "relaxed" | "simd_threads" | "simd";

/** The lane that a build's kernels run on. */
export type LaneName = "relaxed-simd" | "simd128" | "scalar";

/** What TypeScript calls in a module: plain exports that take and give numbers; see `core-rs/src/abi.rs`. */
export interface CoreExports {
  /** Linear memory; imported (and absent here) in the threaded builds. */
  readonly memory?: WebAssembly.Memory;
  /** The main thread's stack pointer, put back after a trap. */
  readonly __stack_pointer?: WebAssembly.Global;
  /** Runs a plan: address, words, slot table, slots. Returns 0 or a fault. */
  pj_run(plan: number, words: number, table: number, slots: number): number;
  /** Checks a plan without running it. */
  pj_check(plan: number, words: number, table: number, slots: number): number;
  /** Word offset of the instruction that ran last. */
  pj_at(): number;
  /** Allocates bytes; 0 on failure. */
  pj_alloc(bytes: number): number;
  /** Why the last allocation failed. */
  pj_alloc_error(): number;
  /** Frees a block; 0 or the reason. */
  pj_free(address: number): number;
  /** Address of five f64: live bytes, live blocks, peak, reserved, allocations. */
  pj_stats(): number;
  /** Forgets all workers; the number of threads to come, whether the caller may wait, whether threads exceed cores. */
  pj_pool_reset(threads: number, callerMayWait: number, crowded: number): void;
  /** Workers that have reached their loop. */
  pj_pool_ready(): number;
  /** Sends every worker out of its loop. */
  pj_pool_dismiss(): void;
  /** Takes workers out of a job whose caller trapped. */
  pj_pool_settle(): void;
  /** Address of the word that turns 1 when work waits for workers. */
  pj_pool_wanted(): number;
  /** Address of the word that counts trapped workers. */
  pj_pool_trapped(): number;
}

/** The object that host calls of a plan go to. */
export interface HostObject {
  /** Runs host function `id` on `count` operand records at `operands`; 1 when it threw. */
  call(id: number, operands: number, count: number): number;
}

/** A build's wasm-bindgen glue. */
export interface Glue {
  /** Instantiates the module. */
  initSync(options: { module: WebAssembly.Module; memory?: WebAssembly.Memory }): unknown;
  /** The lane that the build's kernels run on. */
  lane(): string;
  /** The version of the plan format. */
  planVersion(): number;
  /** Sets the object that host calls go to. */
  installHost(host: HostObject): void;
}

/** A build's module, deflated and in base64. */
export interface EmbeddedModule {
  /** The module. */
  readonly MODULE: string;
}

/** How to reach a build's two files. */
export interface Build {
  /** Its name, as `backend.info()` reports it. */
  readonly name: string;
  /** Whether its memory is imported and shared, so that workers can join. */
  readonly threads: boolean;
  /** The glue. */
  glue(): Promise<Glue>;
  /** The embedded module. */
  embedded(): Promise<EmbeddedModule>;
}

/** Every build. */
export const BUILDS: { readonly [name in BuildName]: Build } = {
  relaxed_threads: {
    name: "relaxed_threads",
    threads: true,
    glue: () => import("./generated/relaxed_threads.js") as Promise<Glue>,
    embedded: () => import("./generated/relaxed_threads_module.ts"),
  },
  relaxed: {
    name: "relaxed",
    threads: false,
    glue: () => import("./generated/relaxed.js") as Promise<Glue>,
    embedded: () => import("./generated/relaxed_module.ts"),
  },
  simd_threads: {
    name: "simd_threads",
    threads: true,
    glue: () => import("./generated/simd_threads.js") as Promise<Glue>,
    embedded: () => import("./generated/simd_threads_module.ts"),
  },
  simd: {
    name: "simd",
    threads: false,
    glue: () => import("./generated/simd.js") as Promise<Glue>,
    embedded: () => import("./generated/simd_module.ts"),
  },
};
