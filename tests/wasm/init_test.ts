/** One file, one start: this one asks for a build without threads by name. */

import assert from "node:assert/strict";
import test from "node:test";
import { backendInfo, init, memoryStats, startWorkers } from "../../wasm/init.ts";
import { hasEngine } from "../../wasm/engine.ts";

test("init() refuses options out of range, and may be tried again", async () => {
  if (hasEngine()) {
    return;
  }
  await assert.rejects(init({ threads: 0 }), {
    name: "ValueError",
    message: [
      "Cannot start with this number of threads",
      "  operand:  threads",
      "  actual:   0",
      "  expected: an integer from 1 to 1024",
      "  try:      leave it out for one thread a processor",
    ].join("\n"),
  });
  await assert.rejects(init({ build: "avx" as "simd" }), {
    name: "ValueError",
    message: [
      "Cannot start with this build",
      "  operand:  build",
      "  actual:   avx",
      "  expected: relaxed_threads, relaxed, simd_threads, simd",
      "  try:      leave it out for the fastest that the host can run",
    ].join("\n"),
  });
  await assert.rejects(init({ backend: "webgpu" as "cpu" }), {
    name: "ValueError",
    message: [
      "Cannot start this backend",
      "  operand:  backend",
      "  actual:   webgpu",
      '  expected: "cpu"',
      "  try:      leave it out",
    ].join("\n"),
  });
  assert.throws(() => backendInfo(), { name: "NotInitializedError" });
  assert.throws(() => memoryStats(), { name: "NotInitializedError" });
});

test("init() starts the build that is asked for; a second start with options is refused", async () => {
  await init({ build: "simd" });
  assert.deepEqual(backendInfo(), {
    backend: "cpu",
    build: "simd",
    lane: "simd128",
    threads: 1,
    workers: 0,
    why: 'the build "simd" was asked for',
  });
  await init();
  await assert.rejects(init({ threads: 2 }), {
    name: "ValueError",
    message: [
      "Cannot start penjing a second time with options",
      '  actual:   running: simd, the build "simd" was asked for',
      "  expected: one call with options, before anything else",
      '  try:      import the "manual" entry and call init(options) once',
    ].join("\n"),
  });
});

test("startWorkers() of a build without threads has nothing to do", async () => {
  await startWorkers();
  assert.equal(backendInfo().threads, 1);
});
