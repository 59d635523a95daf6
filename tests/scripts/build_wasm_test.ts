import assert from "node:assert/strict";
import test from "node:test";
import { BUILDS, hashSources, rustFlags, type Toolchain } from "../../scripts/_wasm_builds.ts";
import { trimGlue, trimTypes } from "../../scripts/build_wasm.ts";
import { withTree } from "./_tree.ts";

/** The outline of what wasm-bindgen writes for `--target web`. */
const GLUE = `/* @ts-self-types="./penjing.d.ts" */

export function live() {
    return wasm.live();
}
let wasmModule, wasmInstance, wasm;
async function __wbg_load(module, imports) {
    if (module instanceof Response) {
        return {};
    }
}

function initSync(module) {
    return wasm;
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {
    module_or_path = new URL('penjing_bg.wasm', import.meta.url);
    return await fetch(module_or_path);
}

export { initSync, __wbg_init as default };
`;

const TOOLCHAIN: Toolchain = {
  bin: "/usr/bin",
  rustSource: "/usr/lib/rustlib/src/rust",
  release: "1.96.0",
  linker: "wasm-ld-22",
  label: "a toolchain",
};

test("trimGlue() leaves the functions and initSync()", () => {
  const expected = `export function live() {
    return wasm.live();
}
let wasmModule, wasmInstance, wasm;
function initSync(module) {
    return wasm;
}

export { initSync };
`;
  assert.equal(trimGlue(GLUE), expected);
});

test("trimGlue() refuses glue that still loads by itself", () => {
  const glue = `${GLUE}function later() { return fetch("x"); }\n`;
  assert.throws(() => trimGlue(glue), { message: 'Cannot trim the glue of wasm-bindgen: "fetch" is left in it' });
});

test("trimTypes() leaves the functions and initSync()", () => {
  const types = `/* tslint:disable */
/* eslint-disable */

/**
 * Whether it lives.
 */
export function live(): boolean;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates.
 */
export function initSync(module: { module: SyncInitInput }): void;

/**
 * Fetches.
 */
export default function __wbg_init (module_or_path?: InitInput | Promise<InitInput>): Promise<void>;
`;
  const expected = `/**
 * Whether it lives.
 */
export function live(): boolean;

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates.
 */
export function initSync(module: { module: SyncInitInput }): void;
`;
  assert.equal(trimTypes(types), expected);
});

test("rustFlags() shares memory in the builds with threads alone", () => {
  for (const build of BUILDS) {
    const flags = rustFlags(build, TOOLCHAIN, "/crate");
    assert.equal(flags.includes("-Clink-arg=--shared-memory"), build.threads, build.name);
    assert.equal(flags.some((flag) => flag.includes("+atomics")), build.threads, build.name);
    assert.equal(flags.some((flag) => flag.includes("+relaxed-simd")), build.name.startsWith("relaxed"), build.name);
    assert(flags.includes("-Clink-arg=--export=__stack_pointer"), build.name);
    assert(flags.includes("--remap-path-prefix=/crate=core-rs"), build.name);
  }
});

test("hashSources() depends on names and contents of the crate's sources", async () => {
  const files = {
    "core-rs/Cargo.toml": "a",
    "core-rs/Cargo.lock": "b",
    "core-rs/src/lib.rs": "c",
    "core-rs/src/kernels/copy.rs": "d",
    "scripts/build_wasm.ts": "e",
    "scripts/_wasm_builds.ts": "f",
  };
  const { "core-rs/src/kernels/copy.rs": copy, ...rest } = files;
  const hash = await withTree(files, hashSources);
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.equal(await withTree({ ...files, "README.md": "g" }, hashSources), hash);
  assert.notEqual(await withTree({ ...files, "core-rs/src/lib.rs": "C" }, hashSources), hash);
  assert.notEqual(await withTree({ ...rest, "core-rs/src/kernels/move.rs": copy }, hashSources), hash);
});
