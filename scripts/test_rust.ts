/**
 * Tests the crate by itself: format, clippy, the native suite, memory errors under valgrind, and the unit tests compiled to
 * WebAssembly under Node, once on the scalar lane and once on simd128.
 *
 *     deno task test:rust
 *
 * Needs cargo. Parts whose tool is missing are named as skipped: clippy and rustfmt come with rustup, valgrind with the
 * system, and the WebAssembly tests need rustup's target `wasm32-wasip1` (`rustup target add wasm32-wasip1`).
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./_repository.ts";
import { countTests, finish, outcome, type Step, tryRun } from "./_run.ts";
import { toolEnvironment } from "./_wasm_builds.ts";

const CRATE = join(REPOSITORY, "core-rs");

/** The crate uses unstable features on wasm only, but one setting for all keeps cargo from building everything twice. */
const ENVIRONMENT = { ...toolEnvironment(), RUSTC_BOOTSTRAP: "1" };

/**
 * What runs under valgrind, which slows the suite down thirtyfold: the tests that hold addresses and lengths together. The
 * kernels' arithmetic is the same at any speed; their bounds are also fuzzed with AddressSanitizer (`test:fuzz`).
 */
const VALGRIND_FILTERS = ["memory::", "view::", "plan::", "kernels::copy", "kernels::gather", "kernels::scatter"];

/** Runs cargo and shows what it says. */
function cargo(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Step {
  const { status, text } = outcome("cargo", args, { cwd: CRATE, environment: { ...ENVIRONMENT, ...environment } });
  if (status !== 0) console.log(text);
  return countTests(status === 0, text);
}

/** A subcommand of cargo that not every installation has. */
function cargoPart(part: string, args: readonly string[]): Step | string {
  const present = tryRun("cargo", [part, "--version"], ENVIRONMENT) !== undefined;
  return present ? cargo([part, ...args]) : `this cargo has no ${part}`;
}

/** The unit tests that touch memory, under valgrind. */
function valgrind(): Step | string {
  if (tryRun("valgrind", ["--version"], ENVIRONMENT) === undefined) return "valgrind is not installed";
  const built = outcome("cargo", ["test", "--lib", "--locked", "--no-run", "--message-format=json"], {
    cwd: CRATE,
    environment: ENVIRONMENT,
  });
  const binary = /"executable":"([^"]+)"/.exec(built.output)?.[1];
  if (binary === undefined) return countTests(false, built.text);
  const args = ["--quiet", "--error-exitcode=9", binary, "--test-threads=1", ...VALGRIND_FILTERS];
  const { status, text } = outcome("valgrind", args, { cwd: CRATE, environment: ENVIRONMENT });
  if (status !== 0) console.log(text);
  return countTests(status === 0, text);
}

/** The unit tests and those of the live lane as WebAssembly under Node, which has no relaxed SIMD in its oldest version. */
function wasm(features: string, ...cargoArgs: string[]): Step | string {
  const sysroot = tryRun("rustc", ["--print", "sysroot"], ENVIRONMENT) ?? "";
  const target = "wasm32-wasip1";
  if (!existsSync(join(sysroot, "lib", "rustlib", target))) return `this toolchain has no ${target}`;
  // Where garbage is collected while the program runs, the WASI of Node 20 crashes when it returns: it has kept the old
  // place of an object. Only incremental marking does so.
  const runner = `node --no-warnings --no-incremental-marking ${join(REPOSITORY, "scripts", "_run_wasi.mjs")}`;
  return cargo(["test", "--lib", "--test", "lane", "--locked", "--target", target, ...cargoArgs], {
    CARGO_TARGET_DIR: join(CRATE, "target", features === "" ? "wasi" : "wasi-simd"),
    CARGO_TARGET_WASM32_WASIP1_RUNNER: runner,
    CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS: features,
  });
}

/** The steps, cheapest first. */
const STEPS: readonly (readonly [name: string, run: () => Step | string])[] = [
  ["format", () => cargoPart("fmt", ["--check"])],
  ["clippy", () => cargoPart("clippy", ["--all-targets", "--locked", "--", "-D", "warnings"])],
  ["native", () => cargo(["test", "--locked"])],
  ["valgrind", () => valgrind()],
  ["wasm scalar", () => wasm("", "--features", "scalar")],
  ["wasm simd128", () => wasm("-Ctarget-feature=+simd128")],
];

if (import.meta.main) await finish(STEPS);
