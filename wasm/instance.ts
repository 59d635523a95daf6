/**
 * From embedded text to a running module: reading, compiling, giving it memory.
 *
 * @module
 */

import { EngineError, ValueError } from "../errors/mod.ts";
import type { Build, CoreExports, Glue, HostObject } from "./builds.ts";
import { EngineMemory } from "./memory.ts";

/** The version of the plan format that `plan.ts` writes. */
const PLAN_VERSION = 1;

const PAGE = 65536;

/** What a module can address: 65536 pages. */
const MAX_PAGES = 65536;

/** What `init` takes as the module. */
export type WasmSource = WebAssembly.Module | BufferSource | URL | string | Response;

/** A running module. */
export interface Instance {
  /** The build it is of. */
  readonly build: Build;
  /** The compiled module, for workers. */
  readonly module: WebAssembly.Module;
  /** Its plain exports. */
  readonly exports: CoreExports;
  /** Its glue. */
  readonly glue: Glue;
  /** Its memory. */
  readonly memory: EngineMemory;
}

/** `Uint8Array.fromBase64` where the host has it: several times faster than `atob`. */
interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as unknown as Base64Constructor).fromBase64;
  if (native !== undefined) {
    return native.call(Uint8Array, text);
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}

/** Inflates without `Blob` and `Response`, which a fresh process would first have to load: half of the time. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  // Awaited by reading to the end: what goes wrong in writing also ends the reading.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const chunks: Uint8Array[] = [];
  const reader = readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
  }
  const out = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) {
    return source;
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return await WebAssembly.compile(source as BufferSource);
  }
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) {
    throw new EngineError("Cannot load the kernels: the request failed", {
      op: "init",
      operand: "wasm",
      actual: `status ${response.status} for ${response.url || "an answer without address"}`,
      remedy: "check the address, or leave out wasm to use the embedded module",
      code: "wasm-fetch",
    });
  }
  return await WebAssembly.compile(await response.arrayBuffer());
}

/** Whether a module takes its memory from outside, as the threaded builds do. */
export function importsMemory(module: WebAssembly.Module): boolean {
  return WebAssembly.Module.imports(module).some(({ kind }) => kind === "memory");
}

/** A shared memory with the largest maximum that the host can reserve address space for. */
function reserveShared(): { memory: WebAssembly.Memory; limitBytes: number } {
  const initial = 32;
  for (let maximum = MAX_PAGES;; maximum /= 2) {
    try {
      const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
      return { memory, limitBytes: maximum * PAGE };
    } catch (error) {
      // Address space may be scarce (32-bit hosts, phones, limits on virtual memory): ask for less.
      if (maximum <= 1024) {
        throw new EngineError("Cannot reserve memory for the engine", {
          op: "init",
          actual: "not even 64 MiB of shared memory could be reserved",
          remedy: "use a build without threads: init({ threads: 1 })",
          code: "memory-reserve",
          cause: error,
        });
      }
    }
  }
}

/**
 * Loads a build.
 *
 * @param build Which.
 * @param source The module, when it is not the embedded one.
 * @param host Where host calls of plans go.
 * @returns The running module.
 * @throws {ValueError} If `source` is not a module of this build.
 * @throws {EngineError} If it cannot be had or given memory.
 */
export async function instantiate(build: Build, source: WasmSource | undefined, host: HostObject): Promise<Instance> {
  const [glue, module] = await Promise.all([
    build.glue(),
    source === undefined
      ? build.embedded().then(({ MODULE }) => inflate(decodeBase64(MODULE))).then((bytes) => WebAssembly.compile(bytes))
      : compile(source),
  ]);
  if (importsMemory(module) !== build.threads) {
    throw new ValueError("Cannot load the kernels: the module is not of the chosen build", {
      op: "init",
      operand: "wasm",
      actual: importsMemory(module) ? "a module with threads" : "a module without threads",
      expected: `the build "${build.name}"`,
      remedy: "name the module's build: init({ wasm, build })",
      code: "wasm-build",
    });
  }
  const shared = build.threads ? reserveShared() : undefined;
  const exports = glue.initSync(shared === undefined ? { module } : { module, memory: shared.memory }) as CoreExports;
  const memory = shared?.memory ?? exports.memory;
  if (memory === undefined || glue.planVersion() !== PLAN_VERSION) {
    throw new ValueError("Cannot load the kernels: the module is of another version of penjing", {
      op: "init",
      operand: "wasm",
      actual: `plan format ${glue.planVersion()}`,
      expected: `plan format ${PLAN_VERSION}`,
      remedy: "use the .wasm file of the version you import",
      code: "wasm-version",
    });
  }
  glue.installHost(host);
  const limitBytes = shared?.limitBytes ?? MAX_PAGES * PAGE;
  return { build, module, exports, glue, memory: new EngineMemory(memory, exports, limitBytes) };
}
