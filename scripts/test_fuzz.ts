/**
 * Runs random plans through the interpreter under AddressSanitizer.
 *
 *     deno task test:fuzz [--runs=1000000]
 *
 * Needs rustup with a nightly toolchain, and `cargo install cargo-fuzz`; without them it says so and passes.
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY } from "./_repository.ts";
import { finish, outcome, type Step, tryRun } from "./_run.ts";
import { toolEnvironment } from "./_wasm_builds.ts";

/** Runs the fuzz target. */
function fuzz(runs: string): Step | string {
  const environment = toolEnvironment();
  const nightly = ["run", "nightly", "cargo"];
  if (tryRun("rustup", [...nightly, "--version"], environment) === undefined) return "no nightly toolchain of rustup";
  if (tryRun("rustup", [...nightly, "fuzz", "--version"], environment) === undefined) return "no cargo-fuzz";
  const args = [...nightly, "fuzz", "run", "plan", "--", `-runs=${runs}`];
  const { status } = outcome("rustup", args, { cwd: join(REPOSITORY, "core-rs"), environment, show: true });
  return { success: status === 0, passed: 0, failed: 0 };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { runs: { type: "string", default: "1000000" } } });
  await finish([[`${values.runs} plans`, () => fuzz(values.runs)]]);
}
