import assert from "node:assert/strict";
import test from "node:test";
import { runWorker, type WorkerReport } from "../../wasm/run_worker.ts";

/** A module that exports nothing a worker needs: `(module)`. */
const EMPTY = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));

test("runWorker() reports a module that it cannot start", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const reports: WorkerReport[] = [];
  runWorker({ module: EMPTY, memory, thread: 1, stackBytes: 1024, trapped: 0 }, (report) => reports.push(report));
  assert.deepEqual(reports.map(({ kind }) => kind), ["not-started"]);
  assert.match(reports[0]?.message ?? "", /__wbindgen_start is not a function/);
  assert.equal(new Int32Array(memory.buffer)[0], 0);
});

test("runWorker() counts a trap in the word it was given", () => {
  // (func (export "__wbindgen_start") (param i32)) (func (export "pj_worker") (param i32) unreachable)
  const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
  const exports = [2, ...name("__wbindgen_start"), 0, 0, ...name("pj_worker"), 0, 1];
  const sections = [
    [1, 5, 1, 0x60, 1, 0x7f, 0],
    [3, 3, 2, 0, 0],
    [7, exports.length, ...exports],
    [10, 8, 2, 2, 0, 0x0b, 3, 0, 0, 0x0b],
  ];
  const module = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const reports: WorkerReport[] = [];
  runWorker({ module, memory, thread: 1, stackBytes: 1024, trapped: 8 }, (report) => reports.push(report));
  assert.deepEqual(reports.map(({ kind }) => kind), ["trapped"]);
  assert.equal(new Int32Array(memory.buffer)[2], 1);
});
