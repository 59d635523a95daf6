/**
 * Bounds the errors of the elementary functions over all 2^32 floats, natively.
 *
 *     deno task test:ulp [--stride=1]
 *
 * A larger stride tries one in so many bit patterns; odd ones reach every exponent with ever other mantissas. Needs cargo.
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY } from "./_repository.ts";
import { countTests, finish, outcome, type Step } from "./_run.ts";
import { toolEnvironment } from "./_wasm_builds.ts";

/** Runs the sweep of `core-rs/tests/ulp.rs`. */
function sweep(stride: string): Step {
  const environment = { ...toolEnvironment(), RUSTC_BOOTSTRAP: "1", PENJING_ULP_STRIDE: stride };
  const args = ["test", "--locked", "--test", "ulp", "--", "--nocapture"];
  const { status, text } = outcome("cargo", args, { cwd: join(REPOSITORY, "core-rs"), environment });
  console.log(status === 0 ? text.split("\n").filter((line) => line.includes(" ulp ")).join("\n") : text);
  return countTests(status === 0, text);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { stride: { type: "string", default: "1" } } });
  await finish([[`stride ${values.stride}`, () => sweep(values.stride)]]);
}
