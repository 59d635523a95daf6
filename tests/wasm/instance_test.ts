/** One file, one start: this one passes a compiled module where compiling is forbidden, as edge hosts do. */

import assert from "node:assert/strict";
import test from "node:test";
import { inflateRawSync } from "node:zlib";
import { type Build, BUILDS, type Glue } from "../../wasm/builds.ts";
import { backendInfo, init } from "../../wasm/init.ts";
import { importsMemory, instantiate } from "../../wasm/instance.ts";
import * as kernels from "../../wasm/kernels/mod.ts";
import { allocate, download, upload } from "../../wasm/operand.ts";

const { MODULE } = await BUILDS.simd.embedded();
const bytes = new Uint8Array(
  inflateRawSync(Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0))),
);

test("init({ wasm }) refuses a module that is not of the build", async () => {
  const module = new WebAssembly.Module(bytes);
  assert.equal(importsMemory(module), false);
  await assert.rejects(init({ wasm: module, build: "simd_threads" }), {
    name: "ValueError",
    message: [
      "Cannot load the kernels: the module is not of the chosen build",
      "  operand:  wasm",
      "  actual:   a module without threads",
      '  expected: the build "simd_threads"',
      "  try:      name the module's build: init({ wasm, build })",
    ].join("\n"),
  });
});

test("init({ wasm: Response }) of a failed request says so", async () => {
  await assert.rejects(init({ wasm: new Response(null, { status: 404 }) }), {
    name: "EngineError",
    message: [
      "Cannot load the kernels: the request failed",
      "  operand: wasm",
      "  actual:  status 404 for an answer without address",
      "  try:     check the address, or leave out wasm to use the embedded module",
    ].join("\n"),
  });
});

/** Runs `f` on a host that reserves shared memories of at most so many pages. */
async function withScarceMemory(pages: number, f: () => Promise<void>): Promise<void> {
  const { Memory } = WebAssembly;
  const Scarce = new Proxy(Memory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]): WebAssembly.Memory {
      if ((descriptor.maximum ?? 0) > pages) {
        throw new RangeError("could not allocate memory");
      }
      return new target(descriptor);
    },
  });
  Object.assign(WebAssembly, { Memory: Scarce });
  try {
    await f();
  } finally {
    Object.assign(WebAssembly, { Memory });
  }
}

const nobody = { call: () => 1 };

test("a smaller memory is taken where the largest cannot be reserved", async () => {
  await withScarceMemory(5000, async () => {
    const { memory } = await instantiate(BUILDS.simd_threads, undefined, nobody);
    assert.equal(memory.limitBytes, 4096 * 65536);
    // Below the limit as ever, beyond it with the limit that was found.
    assert.equal(memory.allocate(100 << 20, "a test") % 64, 0);
    assert.throws(() => memory.allocate(200 << 20, "a test"), {
      name: "OutOfMemoryError",
      message: [
        "Cannot allocate a test: the engine's memory is exhausted",
        "  actual:   209715200 bytes asked for, 104857600 bytes live in 1 blocks",
        "  expected: at most 268435456 bytes in all",
        "  try:      free arrays by pz.scope() or await pz.collect(), donate arguments that are replaced, or work in smaller batches",
      ].join("\n"),
    });
  });
});

test("a host without shared memory to spare is told of the builds that need none", async () => {
  await withScarceMemory(100, async () => {
    await assert.rejects(instantiate(BUILDS.simd_threads, undefined, nobody), {
      name: "EngineError",
      message: [
        "Cannot reserve memory for the engine",
        "  actual: not even 64 MiB of shared memory could be reserved",
        "  try:    use a build without threads: init({ threads: 1 })",
      ].join("\n"),
    });
  });
});

test("a module of another version is refused", async () => {
  const glue: Glue = { ...await BUILDS.simd.glue(), planVersion: () => 999, initSync: () => ({ memory: {} }) };
  const old: Build = { ...BUILDS.simd, glue: () => Promise.resolve(glue) };
  await assert.rejects(instantiate(old, new WebAssembly.Module(bytes), nobody), {
    name: "ValueError",
    message: [
      "Cannot load the kernels: the module is of another version of penjing",
      "  operand:  wasm",
      "  actual:   plan format 999",
      "  expected: plan format 1",
      "  try:      use the .wasm file of the version you import",
    ].join("\n"),
  });
});

test("a host without SIMD is named as such", async () => {
  const { validate } = WebAssembly;
  Object.assign(WebAssembly, { validate: () => false });
  try {
    await assert.rejects(init(), {
      name: "EngineError",
      message: [
        "Cannot start: the host has no WebAssembly SIMD",
        "  expected: Chrome 91, Firefox 89, Safari 16.4, Node 16.4 or Deno 1.9, or newer",
        "  try:      update the host",
      ].join("\n"),
    });
  } finally {
    Object.assign(WebAssembly, { validate });
  }
});

test("init({ wasm: WebAssembly.Module }) works where compiling is forbidden", async () => {
  const module = new WebAssembly.Module(bytes);
  const { compile, compileStreaming, instantiate, instantiateStreaming, Module } = WebAssembly;
  const forbidden = (): never => {
    throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
  };
  const Forbidding = new Proxy(Module, { construct: forbidden });
  Object.assign(WebAssembly, {
    compile: forbidden,
    compileStreaming: forbidden,
    instantiateStreaming: forbidden,
    instantiate: (source: unknown, imports: WebAssembly.Imports) =>
      source instanceof Module ? instantiate(source, imports) : forbidden(),
    Module: Forbidding,
  });
  try {
    await init({ wasm: module });
  } finally {
    Object.assign(WebAssembly, { compile, compileStreaming, instantiate, instantiateStreaming, Module });
  }
  assert.equal(backendInfo().threads, 1);
  assert.match(backendInfo().why, /one thread: the module that was passed has none/);
  const out = allocate([2], "float32");
  kernels.unary("neg_f32", out, upload([1, 2]));
  assert.deepEqual([...download(out)], [-1, -2]);
});
