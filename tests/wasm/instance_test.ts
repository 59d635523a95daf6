/** One file, one start: this one passes a compiled module where compiling is forbidden, as edge hosts do. */

import assert from "node:assert/strict";
import test from "node:test";
import { inflateRawSync } from "node:zlib";
import { BUILDS } from "../../wasm/builds.ts";
import { backendInfo, init } from "../../wasm/init.ts";
import { importsMemory } from "../../wasm/instance.ts";
import * as kernels from "../../wasm/kernels.ts";
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
