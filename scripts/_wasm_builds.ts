/**
 * The five builds of `core-rs`: their flags, the toolchain that makes them, and the hash of what they are made from.
 *
 * One crate becomes five modules. They differ in the lane that the kernels run on (scalar, simd128, relaxed-simd) and in
 * whether their memory is shared between threads; a host loads the best one it can validate. `build_wasm.ts` makes them
 * and `check_wasm.ts` verifies them, both from the table below.
 *
 * Vocabulary: a *toolchain* is a rustc with its standard library's sources, a wasm linker, wasm-pack, wasm-bindgen and
 * wasm-opt; its *label* is one line that names them all with versions and is recorded in every module.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { REPOSITORY } from "./_repository.ts";
import { run, tryRun } from "./_run.ts";

/** Where the built modules are committed. */
export const GENERATED: string = join(REPOSITORY, "wasm", "generated");

/** Where cargo keeps what it needs between builds; git ignores it. */
export const TARGET: string = join(REPOSITORY, "core-rs", "target", "wasm");

/** One of the modules that the crate is built into. */
export interface Build {
  /** Base name of its files under `wasm/generated`. */
  readonly name: string;
  /** Target features on top of rustc's defaults for wasm32. */
  readonly features: readonly string[];
  /** Features of the crate. */
  readonly crateFeatures: readonly string[];
  /** Whether its memory is shared and imported, so that workers can join. */
  readonly threads: boolean;
  /** The crate's opt-level, where it is not that of Cargo.toml. */
  readonly optLevel?: string;
  /** The proposals that wasm-opt may assume, beside {@linkcode BASE_PROPOSALS}; it refuses a module that needs more. */
  readonly proposals: readonly string[];
}

/** What every host that penjing supports has had for years, and rustc turns on by default. */
export const BASE_PROPOSALS: readonly string[] = [
  "bulk-memory",
  "bulk-memory-opt",
  "mutable-globals",
  "sign-ext",
  "nontrapping-float-to-int",
  "multivalue",
  "reference-types",
];

const THREADS = ["+atomics", "+bulk-memory", "+mutable-globals"];

/** All builds, in the order of preference from last to first. */
export const BUILDS: readonly Build[] = [
  // The twin that tests compare with; no package has it.
  { name: "scalar", features: [], crateFeatures: ["scalar"], threads: false, optLevel: "s", proposals: [] },
  { name: "simd", features: ["+simd128"], crateFeatures: [], threads: false, proposals: ["simd"] },
  {
    name: "simd_threads",
    features: ["+simd128", ...THREADS],
    crateFeatures: [],
    threads: true,
    proposals: ["simd", "threads"],
  },
  {
    name: "relaxed",
    features: ["+simd128", "+relaxed-simd"],
    crateFeatures: [],
    threads: false,
    proposals: ["simd", "relaxed-simd"],
  },
  {
    name: "relaxed_threads",
    features: ["+simd128", "+relaxed-simd", ...THREADS],
    crateFeatures: [],
    threads: true,
    proposals: ["simd", "relaxed-simd", "threads"],
  },
];

/** Versions of the tools that are pinned; rustc and the linker are whatever the system has, and recorded. */
export const PINNED = { wasmBindgen: "0.2.130", wasmPack: "0.15.1", binaryen: "132.0.0" } as const;

/** Largest size of one module after deflate, in bytes: what a visitor's browser has to fetch. */
export const SIZE_LIMIT = 200_000;

/** What is recorded of one build. */
export interface BuildRecord {
  /** Bytes of the module. */
  readonly bytes: number;
  /** Bytes of the module after deflate. */
  readonly deflated: number;
  /** SHA-256 of the module. */
  readonly sha256: string;
  /** {@linkcode hashSources} at the time it was built. */
  readonly sources: string;
  /** The toolchain's label. */
  readonly toolchain: string;
}

/** What `manifest.json` holds. */
export interface Manifest {
  /** What made the file. */
  readonly generator: string;
  /** One record a build. */
  readonly builds: Readonly<Record<string, BuildRecord>>;
}

/**
 * Reads the manifest of a folder.
 *
 * @param folder The folder of the modules.
 * @returns Its manifest, or one without builds.
 */
export function readManifest(folder: string): Manifest {
  const path = join(folder, "manifest.json");
  if (!existsSync(path)) return { generator: "scripts/build_wasm.ts", builds: {} };
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

/** A usable toolchain. */
export interface Toolchain {
  /** Folder of `cargo` and `rustc`, to be put first on PATH. */
  readonly bin: string;
  /** Folder of the standard library's sources. */
  readonly rustSource: string;
  /** Release of rustc, such as `1.96.0`. */
  readonly release: string;
  /** Name of the linker to pass to rustc, or undefined for rustc's own. */
  readonly linker: string | undefined;
  /** One line that names every tool and its version. */
  readonly label: string;
}

/** Names what is missing for a toolchain, so that a message can say it. */
export interface Missing {
  /** What was looked for and not found. */
  readonly missing: string;
}

/**
 * Finds a toolchain that can build the crate for wasm: Debian's `/usr/bin/rustc` with `rust-web-src`, or a nightly of
 * rustup with its `rust-src`.
 *
 * @returns The first that is complete, or what is missing.
 */
export function findToolchain(): Toolchain | Missing {
  const rust = findRust();
  if ("missing" in rust) return rust;
  const wasmBindgen = tryRun("wasm-bindgen", ["--version"], toolEnvironment())?.split(" ")[1];
  const wasmPack = tryRun("wasm-pack", ["--version"], toolEnvironment())?.split(" ")[1];
  if (wasmBindgen !== PINNED.wasmBindgen) {
    return { missing: `wasm-bindgen ${PINNED.wasmBindgen} (found ${wasmBindgen ?? "none"})` };
  }
  if (wasmPack === undefined) return { missing: `wasm-pack ${PINNED.wasmPack}` };
  const label = `${rust.label}; wasm-bindgen ${wasmBindgen}; wasm-pack ${wasmPack}; binaryen ${PINNED.binaryen}`;
  return { ...rust, label };
}

function findRust(): Toolchain | Missing {
  const folders = ["/usr/bin", "nightly", "stable"].map((place) => {
    if (place.startsWith("/")) return place;
    const cargo = tryRun("rustup", ["which", "--toolchain", place, "cargo"]);
    return cargo === undefined ? undefined : dirname(cargo);
  });
  for (const bin of folders) {
    if (bin === undefined || !existsSync(join(bin, "cargo"))) continue;
    const version = tryRun(join(bin, "rustc"), ["-vV"]);
    const sysroot = tryRun(join(bin, "rustc"), ["--print", "sysroot"]);
    if (version === undefined || sysroot === undefined) continue;
    const rustSource = join(sysroot, "lib", "rustlib", "src", "rust");
    if (!existsSync(join(rustSource, "library", "Cargo.lock"))) continue;
    const release = /^release: (\S+)/m.exec(version)?.[1] ?? "unknown";
    const linker = ["wasm-ld-22", "wasm-ld"].find((name) => tryRun(name, ["--version"]) !== undefined);
    const packaged = bin === "/usr/bin" ? tryRun("dpkg-query", ["-W", "-f", "${Version}", "rustc-web"]) : undefined;
    const labels = [
      version.split("\n")[0] + (packaged === undefined ? "" : ` Debian ${packaged}`),
      linker === undefined ? "rust-lld" : (tryRun(linker, ["--version"]) ?? linker),
    ];
    return { bin, rustSource, release, linker, label: labels.join("; ") };
  }
  return { missing: "a rustc with the sources of its standard library (see scripts/setup_toolchain.sh)" };
}

/**
 * Folder that `setup_toolchain.sh` installs the wasm tools into, outside the repository.
 *
 * @returns The path of its `bin`.
 */
function toolsFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(process.env["HOME"] ?? "", ".cache");
  return join(cache, "penjing", "tools", "bin");
}

/**
 * Environment in which the tools are found, and cargo takes no flags but ours.
 *
 * @param toolchain Put its rustc first on PATH.
 * @returns A full environment.
 */
export function toolEnvironment(toolchain?: Toolchain): Record<string, string> {
  const environment: Record<string, string> = {};
  const dropped =
    /^(CARGO_(ENCODED_|BUILD_)?RUSTFLAGS|RUSTFLAGS|RUSTUP_TOOLCHAIN|CARGO|RUSTC|RUSTDOC|CARGO_TARGET_DIR)$/;
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !dropped.test(name)) environment[name] = value;
  }
  const path = [toolchain?.bin, toolsFolder(), environment["PATH"]];
  environment["PATH"] = path.filter((part) => part !== undefined).join(delimiter);
  return environment;
}

/**
 * Flags for rustc, from the table of builds.
 *
 * @param build The build.
 * @param toolchain The toolchain, for its linker and for the paths to keep out of the module.
 * @param crate Folder of the crate.
 * @returns One flag an entry.
 */
export function rustFlags(build: Build, toolchain: Toolchain, crate: string): string[] {
  const flags = toolchain.linker === undefined ? [] : [`-Clinker=${toolchain.linker}`];
  if (build.features.length > 0) flags.push(`-Ctarget-feature=${build.features.join(",")}`);
  // rustc places the stack of the main thread (1 MiB) below the data, so that running over it traps. The loader sets
  // this global back after a trap, which leaves it where the trap struck.
  flags.push("-Clink-arg=--export=__stack_pointer");
  if (build.threads) {
    flags.push("-Clink-arg=--shared-memory", "-Clink-arg=--import-memory", "-Clink-arg=--max-memory=4294967296");
    // wasm-bindgen builds the entry of a thread from these.
    for (const name of ["__wasm_init_tls", "__tls_size", "__tls_align", "__tls_base"]) {
      flags.push(`-Clink-arg=--export=${name}`);
    }
  }
  // Instructions in the order of the source: LLVM's own order spills registers in the matrix product's inner loop
  // (core-rs/src/kernels/matmul/micro.rs has the figures).
  flags.push("-Cllvm-args=-pre-RA-sched=source");
  // The same bytes on every machine: no path of this one. The text of a panic has no reader, so neither places nor text.
  flags.push("-Zlocation-detail=none", "-Zunstable-options", "-Cpanic=immediate-abort");
  const cargoHome = process.env["CARGO_HOME"] ?? join(process.env["HOME"] ?? "", ".cargo");
  const registry = join(cargoHome, "registry", "src");
  const registries = existsSync(registry) ? readdirSync(registry).sort().map((name) => join(registry, name)) : [];
  for (const folder of registries) flags.push(`--remap-path-prefix=${folder}=crates`);
  flags.push(`--remap-path-prefix=${toolchain.rustSource}=rust`, `--remap-path-prefix=${crate}=core-rs`);
  return flags;
}

/** What the modules are made from, relative to the root: the crate and these scripts. */
function sourceFiles(root: string): string[] {
  const files = ["core-rs/Cargo.toml", "core-rs/Cargo.lock", "scripts/build_wasm.ts", "scripts/_wasm_builds.ts"];
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(root, folder))) {
      const path = `${folder}/${name}`;
      if (statSync(join(root, path)).isDirectory()) walk(path);
      else if (!name.startsWith(".")) files.push(path);
    }
  };
  walk("core-rs/src");
  return files.sort();
}

/**
 * Hashes what the modules are made from.
 *
 * @param root The repository.
 * @returns SHA-256 over the sorted paths and contents, in hexadecimal.
 */
export function hashSources(root: string = REPOSITORY): string {
  const hash = createHash("sha256");
  for (const path of sourceFiles(root)) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/**
 * Runs wasm-opt of the pinned binaryen: from PATH when its version is the pinned one, from npm otherwise.
 *
 * @param args Its arguments.
 */
export function wasmOpt(args: readonly string[]): void {
  const major = PINNED.binaryen.split(".")[0];
  const found = tryRun("wasm-opt", ["--version"], toolEnvironment());
  if (found?.startsWith(`wasm-opt version ${major} `)) {
    run("wasm-opt", args, { environment: toolEnvironment() });
  } else {
    const npm = ["exec", "--yes", `--package=binaryen@${PINNED.binaryen}`, "--", "wasm-opt"];
    run("npm", [...npm, ...args], { environment: toolEnvironment() });
  }
}

/**
 * The text form of a module, from the same binaryen.
 *
 * @param path The module.
 * @param proposals Flags for the proposals that it uses.
 * @returns Its text; tens of megabytes.
 */
export function wasmText(path: string, proposals: readonly string[]): string {
  const text = `${path}.wat`;
  wasmOpt([...proposals, "-S", path, "-o", text]);
  return readFileSync(text, "utf8");
}
