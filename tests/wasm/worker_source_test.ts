import assert from "node:assert/strict";
import test from "node:test";
import { NODE_WORKER_SOURCE, WEB_WORKER_SOURCE } from "../../wasm/worker_source.ts";

test("the workers' scripts are whole: they parse, and need nothing from outside", () => {
  for (const source of [NODE_WORKER_SOURCE, WEB_WORKER_SOURCE]) {
    assert.doesNotThrow(() => new Function("require", "self", source));
    assert(!/\bimport\b\s*[({*]/.test(source));
    assert.match(source, /pj_worker/);
  }
});

test("the web worker's script starts on its first message", () => {
  const self: { onmessage?: (event: unknown) => void; postMessage(message: unknown): void } = {
    postMessage: (message) => reports.push(message),
  };
  const reports: unknown[] = [];
  new Function("self", WEB_WORKER_SOURCE)(self);
  const module = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  self.onmessage?.({ data: { module, memory: undefined, thread: 1, stackBytes: 0, trapped: 0 } });
  assert.equal((reports[0] as { kind: string }).kind, "not-started");
});
