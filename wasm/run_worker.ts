/**
 * What a pool worker does, as one function without dependencies.
 *
 * It is sent to workers as text (`worker_source.ts`) or imported by `worker.ts`; so it must refer to nothing outside
 * itself but the host's globals.
 *
 * @module
 */

/** What a worker is told when it starts. */
export interface WorkerStart {
  /** The compiled module. */
  readonly module: WebAssembly.Module;
  /** The shared memory. */
  readonly memory: WebAssembly.Memory;
  /** The worker's number, from 1. */
  readonly thread: number;
  /** Bytes of its stack. */
  readonly stackBytes: number;
  /** Address of the word that counts trapped workers. */
  readonly trapped: number;
}

/** What a worker says when something is wrong; nothing while all is well. */
export interface WorkerReport {
  /** Whether it could not start, or trapped at work. */
  readonly kind: "not-started" | "trapped";
  /** What was thrown, as text. */
  readonly message: string;
}

/** The exports that a worker calls. */
interface WorkerExports {
  __wbindgen_start(stackBytes: number): void;
  pj_worker(thread: number): void;
}

/**
 * Instantiates the module on the shared memory, takes a stack, and works until dismissed.
 *
 * Function imports are stubs that do nothing: the glue belongs to the calling thread. At the start a worker calls one of
 * them, which would fill the table of JavaScript values; it has no use for that table.
 *
 * @param start What to run on.
 * @param report Called if the worker cannot start or traps.
 */
export function runWorker(start: WorkerStart, report: (report: WorkerReport) => void): void {
  let exports: WorkerExports;
  try {
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name, kind } of WebAssembly.Module.imports(start.module)) {
      const group = imports[module] ??= {};
      group[name] = kind === "memory" ? start.memory : () => undefined;
    }
    exports = new WebAssembly.Instance(start.module, imports).exports as unknown as WorkerExports;
    exports.__wbindgen_start(start.stackBytes);
  } catch (error) {
    report({ kind: "not-started", message: String(error) });
    return;
  }
  try {
    exports.pj_worker(start.thread);
  } catch (error) {
    // From outside the instance: after a stack overflow, say, it could not run even this.
    Atomics.add(new Int32Array(start.memory.buffer), start.trapped >>> 2, 1);
    report({ kind: "trapped", message: String(error) });
  }
}
