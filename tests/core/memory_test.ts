import { test } from "node:test";
import assert from "node:assert/strict";
import { fromElements } from "../../core/constant.ts";
import { memory, traceMemory } from "../../core/memory.ts";
import { dispose, scope } from "../../core/storage.ts";
import { start } from "../_support.ts";

await start();

test("memory() counts arrays by their blocks", () => {
  const before = memory();
  const x = fromElements(new Float32Array(1000), [1000], "float32");
  const after = memory();
  assert.equal(after.liveArrays, before.liveArrays + 1);
  assert.equal(after.liveBytes - before.liveBytes, 4000);
  assert(after.peakBytes >= after.liveBytes);
  dispose(x);
  assert.equal(memory().liveArrays, before.liveArrays);
});

test("traceMemory() makes memory() say where arrays were made, the largest first", () => {
  assert.equal(memory().origins, undefined);
  traceMemory();
  try {
    const [small, large] = [10, 20].map((size) => fromElements(new Float32Array(size), [size], "float32"));
    const origins = memory().origins ?? [];
    assert.deepEqual(origins.map(({ bytes }) => bytes), [80, 40]);
    assert.match(origins[0]!.stack, /memory_test/);
    dispose([small, large]);
    scope(() => void fromElements(new Float32Array(5), [5], "float32"));
    assert.deepEqual(memory().origins, []);
  } finally {
    traceMemory(false);
  }
  assert.equal(memory().origins, undefined);
});
