import assert from "node:assert/strict";
import test from "node:test";
import { cores, startWorker } from "../../../wasm/platform/node.ts";
import type { WorkerReport } from "../../../wasm/run_worker.ts";

test("cores() is at least one", () => assert(cores() >= 1));

test("startWorker() hands on what the worker says", async () => {
  const module = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  // Workers do not keep a process alive, so the test does.
  const alive = setInterval(() => {}, 1000);
  const report = await new Promise<WorkerReport>((resolve) => {
    const worker = startWorker({ module, memory, thread: 1, stackBytes: 1024, trapped: 0 }, (report) => {
      worker.stop();
      resolve(report);
    });
  });
  clearInterval(alive);
  assert.equal(report.kind, "not-started");
});
