/**
 * Builds `core-rs` into the modules of `wasm/generated`.
 *
 *     deno task wasm [--only simd,relaxed_threads] [--out FOLDER] [--target FOLDER] [--opt=-O2]
 *
 * Each build goes through wasm-pack (cargo and wasm-bindgen), then wasm-opt, allowed exactly the proposals of that build, and
 * is written as four files: `<build>.wasm`; `<build>.js` and `<build>.d.ts`, wasm-bindgen's glue without its own loading
 * code, which would drag the `.wasm` into bundlers; and `<build>_module.ts`, the module as text that loads without file,
 * network or permission. `manifest.json` has sizes, hashes and the toolchain. The same sources and toolchain give the same
 * bytes.
 *
 * Needs the tools that `scripts/setup_toolchain.sh` installs.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deflateRawSync } from "node:zlib";
import { REPOSITORY } from "./_repository.ts";
import { run } from "./_run.ts";
import {
  BASE_PROPOSALS,
  type Build,
  type BuildRecord,
  BUILDS,
  findToolchain,
  GENERATED,
  hashSources,
  type Manifest,
  readManifest,
  rustFlags,
  SIZE_LIMIT,
  TARGET,
  type Toolchain,
  toolEnvironment,
  wasmOpt,
  wasmText,
} from "./_wasm_builds.ts";

/**
 * Level of wasm-opt. "none" only strips and validates: on LLVM's output -O2 and -O3 make the module 1 to 3 % smaller after
 * deflate and its loops slower in V8 (exp and tanh by 15 to 20 %, softmax by 10 to 19 %, matrix-vector at times by a factor
 * of 2.6; -O1 costs f32 matmul 5 %), measured on one core with the same module before and after.
 */
const OPT_LEVEL = "none";

/** Name of wasm-bindgen's output, the same in all builds: the name of the imports' module follows from it. */
const OUT_NAME = "penjing";

/** Pages that `wasm/instance.ts` gives a threaded build to begin with. */
const LOADER_PAGES = 32;

/** Where and how to build. */
export interface BuildOptions {
  /** Folder for the results. */
  readonly out: string;
  /** Folder for what cargo keeps between builds. */
  readonly target: string;
  /** Level of wasm-opt, such as `-O3`, instead of {@linkcode OPT_LEVEL}. */
  readonly level?: string;
}

/**
 * Makes one build and writes its files.
 *
 * @param build The build.
 * @param toolchain What to build with.
 * @param sources Hash of the sources, to be recorded.
 * @param options Where and how.
 * @returns What to record in the manifest.
 */
export function makeBuild(build: Build, toolchain: Toolchain, sources: string, options: BuildOptions): BuildRecord {
  const crate = join(REPOSITORY, "core-rs");
  const target = join(options.target, build.name);
  const pkg = join(target, "pkg");
  rmSync(pkg, { recursive: true, force: true });
  const environment = {
    ...toolEnvironment(toolchain),
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: rustFlags(build, toolchain, crate).join("\x1f"),
    CARGO_TARGET_DIR: target,
    CARGO_PROFILE_RELEASE_LTO: "fat",
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "1",
    // wasm-bindgen reads the section that says which features are used; wasm-opt strips it afterwards.
    CARGO_PROFILE_RELEASE_STRIP: "false",
    ...(build.optLevel === undefined ? {} : { CARGO_PROFILE_RELEASE_OPT_LEVEL: build.optLevel }),
  };
  const cargo = ["-Zbuild-std=std,panic_abort", "--locked"];
  if (build.crateFeatures.length > 0) cargo.push("--features", build.crateFeatures.join(","));
  const pack = ["build", "--target", "web", "--mode", "force", "--no-pack", "--no-opt", "--out-name", OUT_NAME];
  run("wasm-pack", [...pack, "--out-dir", pkg, crate, "--", ...cargo], { environment, cwd: crate });

  const optimized = join(pkg, "optimized.wasm");
  const proposals = [...BASE_PROPOSALS, ...build.proposals].map((name) => `--enable-${name}`);
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  const level = (options.level ?? OPT_LEVEL) === "none" ? [] : [options.level ?? OPT_LEVEL];
  wasmOpt([...level, ...proposals, ...strip, join(pkg, `${OUT_NAME}_bg.wasm`), "-o", optimized]);

  const bytes = readFileSync(optimized);
  refuseRelaxed(build, optimized, proposals);
  const glue = readFileSync(join(pkg, `${OUT_NAME}.js`), "utf8");
  const types = readFileSync(join(pkg, `${OUT_NAME}.d.ts`), "utf8");
  inspect(build, bytes, glue);
  const deflated = deflateRawSync(bytes, { level: 9 });
  const head = [
    "// Generated from core-rs by scripts/build_wasm.ts (`deno task wasm`). Do not edit.",
    `// Sources: sha256 ${sources}`,
    `// Toolchain: ${toolchain.label}`,
    "// deno-lint-ignore-file",
    "// deno-fmt-ignore-file",
    "",
  ].join("\n");
  const module = [
    head,
    `/** The "${build.name}" build: WebAssembly, compressed with raw deflate, in base64. */`,
    `export const MODULE: string =\n  "${deflated.toString("base64")}";`,
    "/** Bytes of the build before compression. */",
    `export const BYTES: number = ${bytes.length};`,
    "/** SHA-256 of the sources that it was built from. */",
    `export const HASH: string = "${sources}";`,
    "/** What built it. */",
    `export const TOOLCHAIN: string = ${JSON.stringify(toolchain.label)};`,
    "",
  ].join("\n");
  mkdirSync(options.out, { recursive: true });
  const file = (ending: string): string => join(options.out, build.name + ending);
  writeFileSync(file(".wasm"), bytes);
  writeFileSync(file(".js"), `// @ts-self-types="./${build.name}.d.ts"\n${head}\n${trimGlue(glue)}`);
  writeFileSync(file(".d.ts"), `${head}\n${trimTypes(types)}`);
  writeFileSync(file("_module.ts"), module);
  return {
    bytes: bytes.length,
    deflated: deflated.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sources,
    toolchain: toolchain.label,
  };
}

/**
 * Relaxed opcodes that kernels know of: the multiply-add, and what LLVM makes of `Lane::pmin` and `pmax`, whose contract
 * leaves open what NaN and zeros give.
 */
const RELAXED: readonly string[] = ["f32x4.relaxed_madd", "f32x4.relaxed_min", "f32x4.relaxed_max"];

/** Refuses a module with any other relaxed opcode: one may lose a NaN where the source has defined results. */
function refuseRelaxed(build: Build, path: string, proposals: readonly string[]): void {
  const opcodes = new Set(wasmText(path, proposals).match(/\b\w+\.relaxed_\w+/g));
  const strange = [...opcodes].filter((opcode) => !RELAXED.includes(opcode));
  if (strange.length > 0) throw new Error(`Cannot use build "${build.name}": it has ${strange.join(", ")}`);
}

/** Instantiates the module with empty imports, and checks what the loader relies on. */
function inspect(build: Build, bytes: Uint8Array<ArrayBuffer>, glue: string): void {
  const module = new WebAssembly.Module(bytes);
  const pages = Number(/new WebAssembly\.Memory\(\{initial:(\d+)/.exec(glue)?.[1] ?? 0);
  if (build.threads !== pages > 0) throw new Error(`Cannot use build "${build.name}": its memory is of the wrong kind`);
  const shared = build.threads ? new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true }) : undefined;
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = kind === "memory" && shared !== undefined ? shared : () => {};
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const stack = exports["__stack_pointer"];
  // The loader makes the memory of a threaded build before it has read this module.
  if (pages > LOADER_PAGES) throw new Error(`Cannot use build "${build.name}": it begins with ${pages} pages`);
  const memory = shared ?? exports["memory"];
  if (!(memory instanceof WebAssembly.Memory) || !(stack instanceof WebAssembly.Global) || stack.value !== 1 << 20) {
    throw new Error(`Cannot use build "${build.name}": it exports no memory, or no stack of 1 MiB below its data`);
  }
}

/**
 * Leaves of wasm-bindgen's glue the functions and `initSync`; what would fetch the module by itself goes.
 *
 * @param glue What wasm-bindgen wrote for `--target web`.
 * @returns What is left.
 * @throws {Error} If wasm-bindgen's output has changed, so that loading code is left.
 */
export function trimGlue(glue: string): string {
  let text = glue.replace(/^\/\* @ts-self-types.*\n/, "");
  for (const name of ["__wbg_load", "__wbg_init", "__wbg_init_once"]) {
    text = text.replace(new RegExp(`^async function ${name}\\([^]*?^}\\n+`, "m"), "");
  }
  text = text.replace("let __wbg_init_promise;\n", "");
  text = text.replace("export { initSync, __wbg_init as default };", "export { initSync };");
  const left = /import\.meta|\bfetch\b|new URL|\bResponse\b|__wbg_init\b|\bdefault\b/.exec(text)?.[0];
  if (left !== undefined) throw new Error(`Cannot trim the glue of wasm-bindgen: "${left}" is left in it`);
  return text.trimStart();
}

/**
 * Leaves of wasm-bindgen's types what {@linkcode trimGlue} leaves of its code.
 *
 * @param types What wasm-bindgen wrote for `--target web`.
 * @returns What is left.
 * @throws {Error} If wasm-bindgen's output has changed, so that loading code is left.
 */
export function trimTypes(types: string): string {
  const text = types
    .replace(/^\/\* (tslint|eslint).*\n/gm, "")
    .replace(/^export type InitInput = .*\n\n?/m, "")
    .replace(/\n\/\*\*(?:(?!\*\/)[^])*\*\/\nexport default function [^]*?;\n/, "");
  if (/InitInput \||export default/.test(text)) {
    throw new Error("Cannot trim the types of wasm-bindgen: a default is left");
  }
  return text.trimStart();
}

/** Writes the records of new builds beside those of the builds that were not made. */
function writeManifest(folder: string, made: ReadonlyMap<string, BuildRecord>): void {
  const old = readManifest(folder).builds;
  const builds: Record<string, BuildRecord> = {};
  for (const { name } of BUILDS) {
    const record = made.get(name) ?? old[name];
    if (record !== undefined) builds[name] = record;
  }
  const manifest: Manifest = { generator: "scripts/build_wasm.ts", builds };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
}

/** The command line; returns the exit status. */
function main(): number {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      out: { type: "string", default: GENERATED },
      target: { type: "string", default: TARGET },
      opt: { type: "string", default: OPT_LEVEL },
    },
  });
  const names = values.only?.split(",") ?? BUILDS.map((build) => build.name);
  const unknown = names.find((name) => !BUILDS.some((build) => build.name === name));
  if (unknown !== undefined) {
    console.error(`Cannot build "${unknown}": the builds are ${BUILDS.map((build) => build.name).join(", ")}`);
    return 2;
  }
  const toolchain = findToolchain();
  if ("missing" in toolchain) {
    console.error(`Cannot build: missing ${toolchain.missing}\n  try: scripts/setup_toolchain.sh`);
    return 2;
  }
  console.log(toolchain.label);
  const sources = hashSources();
  const made = new Map<string, BuildRecord>();
  console.log(`${"build".padEnd(16)} ${"bytes".padStart(9)} ${"deflated".padStart(9)} ${"seconds".padStart(8)}`);
  let status = 0;
  for (const build of BUILDS.filter(({ name }) => names.includes(name))) {
    const start = performance.now();
    let record: BuildRecord;
    try {
      record = makeBuild(build, toolchain, sources, { out: values.out, target: values.target, level: values.opt });
    } catch (error) {
      console.error(`${build.name}: ${error instanceof Error ? error.message : error}`);
      status = 1;
      continue;
    }
    made.set(build.name, record);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const sizes = `${String(record.bytes).padStart(9)} ${String(record.deflated).padStart(9)}`;
    const over = record.deflated > SIZE_LIMIT ? `  over the limit of ${SIZE_LIMIT} bytes` : "";
    if (over !== "") status = 1;
    console.log(`${build.name.padEnd(16)} ${sizes} ${seconds.padStart(8)}${over}`);
  }
  if (made.size > 0) writeManifest(values.out, made);
  if (hashSources() !== sources) {
    console.error(
      "Cannot vouch for the modules: the sources changed while they were built\n  try: deno task wasm again",
    );
    status = 1;
  }
  return status;
}

if (import.meta.main) process.exitCode = main();
