/**
 * Which builds this host can run, and with how many threads.
 *
 * A module with one opcode that the host lacks does not validate, even if it is never called; so there is one build
 * for each set of features, and a minimal module tells whether the host has it.
 *
 * @module
 */

import type { BuildName } from "./builds.ts";

/** `(func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0))))`: fixed-width SIMD. */
const SIMD_MODULE = "0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b";

/** `(func (result v128) (i8x16.relaxed_swizzle (i8x16.splat …) (i8x16.splat …)))`: relaxed SIMD. */
const RELAXED_MODULE = "0061736d010000000105016000017b030201000a0f010d004101fd0f4102fd0ffd80020b";

/** `(memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0))))`: threads. */
const THREADS_MODULE = "0061736d01000000010401600000030201000504010301010a0b0109004100fe1002001a0b";

function validates(hex: string): boolean {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  return WebAssembly.validate(bytes);
}

/** What the host offers. */
export interface HostFeatures {
  /** Fixed-width SIMD; without it only the scalar build runs. */
  readonly simd: boolean;
  /** Relaxed SIMD: fused multiply-add. */
  readonly relaxed: boolean;
  /** Whether workers can share memory. */
  readonly threads: boolean;
  /** Why there are no threads, or `undefined` when there are. */
  readonly whyNoThreads: string | undefined;
  /** The number of logical processors, when the host tells. */
  readonly cores: number | undefined;
}

/** The globals that the probe reads; not every host has them. */
interface ProbedGlobals {
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
  readonly Worker?: unknown;
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly Deno?: unknown;
}

/** Whether the host has Node's built-in modules (Node, Deno, Bun). */
export function hasNodeModules(): boolean {
  const { process } = globalThis as ProbedGlobals;
  return process?.versions?.node !== undefined;
}

function whyNoThreads(): string | undefined {
  const globals = globalThis as ProbedGlobals;
  if (typeof SharedArrayBuffer === "undefined") {
    return globals.crossOriginIsolated === false
      ? "the page is not cross-origin isolated: serve it with the headers Cross-Origin-Opener-Policy: same-origin " +
        "and Cross-Origin-Embedder-Policy: require-corp"
      : "the host has no SharedArrayBuffer";
  }
  if (globals.crossOriginIsolated === false && !hasNodeModules()) {
    return "the page is not cross-origin isolated: serve it with the headers Cross-Origin-Opener-Policy: same-origin " +
      "and Cross-Origin-Embedder-Policy: require-corp";
  }
  if (globals.Worker === undefined && !hasNodeModules()) {
    return "the host has no Worker";
  }
  return validates(THREADS_MODULE) ? undefined : "the host has no WebAssembly threads";
}

/** Probes the host. */
export function probeHost(): HostFeatures {
  const why = whyNoThreads();
  return {
    simd: validates(SIMD_MODULE),
    relaxed: validates(RELAXED_MODULE),
    threads: why === undefined,
    whyNoThreads: why,
    cores: (globalThis as ProbedGlobals).navigator?.hardwareConcurrency,
  };
}

/** The fastest build for a host; `undefined` when it has no SIMD, which every build needs. */
export function chooseBuild(host: HostFeatures): BuildName | undefined {
  if (!host.simd) {
    return undefined;
  }
  if (host.relaxed) {
    return host.threads ? "relaxed_threads" : "relaxed";
  }
  return host.threads ? "simd_threads" : "simd";
}
