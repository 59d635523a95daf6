/**
 * Runs every check, cheapest first, and says how long each took. All of them run, so that one call tells everything.
 *
 * @module
 */

import { checkDocs } from "./check_docs.ts";
import { checkExports } from "./check_exports.ts";
import { checkImports } from "./check_imports.ts";
import { checkPortable } from "./check_portable.ts";
import { checkTests } from "./check_tests.ts";
import { checkRecords } from "./check_wasm.ts";
import { deno, type Finding } from "./_repository.ts";

/** Runs a Deno command; its complaint is the finding. */
async function command(...args: string[]): Promise<Finding[]> {
  const { success, stdout, stderr } = await deno(args);
  return success
    ? []
    : [{ place: `deno ${args.join(" ")}`, message: `${stdout}${stderr}`.replace(/^Check .*\n/gm, "").trim() }];
}

/** The checks by name, in the order they run. */
const CHECKS: readonly (readonly [name: string, check: () => Finding[] | Promise<Finding[]>])[] = [
  ["format", () => command("fmt", "--check")],
  ["lint", () => command("lint")],
  ["tests", () => checkTests()],
  ["wasm", () => checkRecords()],
  ["imports", () => checkImports()],
  ["exports", () => checkExports()],
  ["types", () => command("check")],
  ["portable", () => checkPortable()],
  ["docs", () => checkDocs()],
];

let failed = 0;
for (const [name, check] of CHECKS) {
  const start = performance.now();
  const findings = await check();
  for (const { place, message } of findings) console.error(`${place}\n  ${message.replaceAll("\n", "\n  ")}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${findings.length === 0 ? "ok    " : "failed"} ${name.padEnd(9)} ${seconds.padStart(5)} s`);
  if (findings.length > 0) failed++;
}
if (failed > 0) Deno.exit(1);
