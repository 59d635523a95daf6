/**
 * Starting penjing: which build, how many threads, and what came of it.
 *
 * @module
 */

import { EngineError, ValueError } from "../errors/mod.ts";
import { type Build, type BuildName, BUILDS } from "./builds.ts";
import { currentEngine, Engine, hasEngine, installEngine } from "./engine.ts";
import { importsMemory, type WasmSource } from "./instance.ts";
import type { MemoryStats } from "./memory.ts";
import { chooseBuild, hasNodeModules, type HostFeatures, probeHost } from "./probe.ts";

/** What `init` takes. */
export interface InitOptions {
  /**
   * The kernels, when not the embedded ones: a compiled module (edge hosts that forbid compiling), its bytes, or where
   * to fetch it. It must be of the build that is chosen or named.
   */
  readonly wasm?: WasmSource | PromiseLike<WasmSource>;
  /** Threads in all, the calling one included; the number of processors, at most 16, if left out. */
  readonly threads?: number;
  /** The build; the fastest that the host can run if left out. */
  readonly build?: BuildName | Build;
  /** Where arrays live and are computed. */
  readonly backend?: "cpu";
  /** The address of the package's `worker.js`, for pages whose policy forbids workers made from a Blob. */
  readonly workerUrl?: string | URL;
}

/** What penjing runs on. */
export interface BackendInfo {
  /** Where arrays live and are computed. */
  readonly backend: "cpu";
  /** The build of the kernels. */
  readonly build: string;
  /** The vector lane that they run on. */
  readonly lane: string;
  /** Threads that share large operations, the calling one included. */
  readonly threads: number;
  /** Workers that are up now; they start with the first large operation, or after many small ones. */
  readonly workers: number;
  /** Why this build and this many threads. */
  readonly why: string;
}

/** More threads than this seldom help the sizes that a model has. */
const MAX_DEFAULT_THREADS = 16;

let why = "";
let starting: Promise<void> | undefined;

/** The number of processors, asked of Node where there is no navigator. */
async function countCores(host: HostFeatures): Promise<number> {
  if (host.cores !== undefined) {
    return host.cores;
  }
  return hasNodeModules() ? (await import("./platform/node.ts")).cores() : 1;
}

/** The build and the threads to start with, and the reasons. */
function choose(
  options: InitOptions,
  module: WebAssembly.Module | undefined,
  host: HostFeatures,
  cores: number,
): { build: Build; threads: number; why: string } {
  const asked = options.threads ?? Math.min(cores, MAX_DEFAULT_THREADS);
  if (!Number.isInteger(asked) || asked < 1 || asked > 1024) {
    throw new ValueError("Cannot start with this number of threads", {
      op: "init",
      operand: "threads",
      actual: String(options.threads),
      expected: "an integer from 1 to 1024",
      remedy: "leave it out for one thread a processor",
      code: "threads",
    });
  }
  if (options.build !== undefined) {
    const build = typeof options.build === "string" ? BUILDS[options.build] : options.build;
    if (build === undefined) {
      throw new ValueError("Cannot start with this build", {
        op: "init",
        operand: "build",
        actual: String(options.build),
        expected: Object.keys(BUILDS).join(", "),
        remedy: "leave it out for the fastest that the host can run",
        code: "build",
      });
    }
    return { build, threads: build.threads ? asked : 1, why: `the build "${build.name}" was asked for` };
  }
  const withThreads = module === undefined ? host.threads && asked > 1 : importsMemory(module);
  const name = chooseBuild({ ...host, threads: withThreads });
  if (name === undefined) {
    throw new EngineError("Cannot start: the host has no WebAssembly SIMD", {
      op: "init",
      expected: "Chrome 91, Firefox 89, Safari 16.4, Node 16.4 or Deno 1.9, or newer",
      remedy: "update the host",
      code: "no-simd",
    });
  }
  const lane = host.relaxed ? "relaxed SIMD" : "SIMD without relaxed instructions, which the host lacks";
  const threads = withThreads ? asked : 1;
  const reason = module !== undefined && !withThreads
    ? "one thread: the module that was passed has none"
    : options.threads !== undefined && (threads === options.threads)
    ? `${threads === 1 ? "one thread" : `${threads} threads`}: asked for`
    : threads > 1
    ? `${threads} threads: one a processor`
    : host.threads
    ? "one thread: the host has one processor"
    : `one thread: ${host.whyNoThreads}`;
  return { build: BUILDS[name], threads, why: `${lane}; ${reason}` };
}

async function start(options: InitOptions): Promise<void> {
  const host = probeHost();
  const source = await options.wasm;
  const module = source instanceof WebAssembly.Module ? source : undefined;
  const cores = await countCores(host);
  const chosen = choose(options, module, host, cores);
  why = chosen.why;
  const pool = { threads: chosen.threads, cores, workerUrl: options.workerUrl };
  installEngine(await Engine.load(chosen.build, source, pool));
}

/**
 * Starts penjing: loads the kernels that suit the host. Starts no worker; they come with the first large operation,
 * or after many small ones.
 *
 * Importing the package's main entry does this with the default options. The first call decides: a later one without
 * options waits for it, one with options is refused.
 *
 * @param options Choices; every one has a default.
 * @throws {ValueError} If penjing runs already and options are given, or an option is out of range.
 * @throws {EngineError} If the host cannot run any build.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { backend, init } from "@penjing/penjing/manual";
 *
 * await init();
 * assert(backend.info().threads >= 1);
 * ```
 */
export async function init(options: InitOptions = {}): Promise<void> {
  const given = Object.values(options).some((value) => value !== undefined);
  if (options.backend !== undefined && options.backend !== "cpu") {
    throw new ValueError("Cannot start this backend", {
      op: "init",
      operand: "backend",
      actual: String(options.backend),
      expected: '"cpu"',
      remedy: "leave it out",
      code: "backend",
    });
  }
  if (starting !== undefined && given) {
    throw new ValueError("Cannot start penjing a second time with options", {
      op: "init",
      actual: hasEngine() ? `running: ${currentEngine().build.name}, ${why}` : "starting",
      expected: "one call with options, before anything else",
      remedy: 'import the "manual" entry and call init(options) once',
      code: "initialized",
    });
  }
  starting ??= start(options);
  try {
    await starting;
  } catch (error) {
    starting = undefined;
    throw error;
  }
}

/**
 * What penjing runs on, and why.
 *
 * @throws {NotInitializedError} Before `init` has finished.
 */
export function backendInfo(): BackendInfo {
  const engine = currentEngine();
  const { failure, threads, ready } = engine.pool;
  return {
    backend: "cpu",
    build: engine.build.name,
    lane: engine.lane,
    threads,
    workers: ready,
    why: failure === undefined ? why : `${why}; ${failure}`,
  };
}

/**
 * Starts the workers now, rather than with the first large operation: for benchmarks and tests.
 *
 * @returns Resolves when they are there, or have failed to start (`info().why` tells).
 */
export async function startWorkers(): Promise<void> {
  const { pool } = currentEngine();
  await pool.settled();
  await pool.start();
}

/**
 * What the engine's memory holds.
 *
 * @throws {NotInitializedError} Before `init` has finished.
 */
export function memoryStats(): MemoryStats {
  return currentEngine().memory.stats();
}
