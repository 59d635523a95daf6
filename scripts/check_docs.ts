/**
 * Checks that every public symbol is documented and typed, and that the package may be published.
 *
 * `deno doc --lint` asks for a docstring on every symbol that an entry point exports, for explicit types, and for all types
 * in a signature to be exported themselves. `deno publish --dry-run` checks what JSR would: slow types, excluded modules,
 * specifiers. Examples in docstrings are run by `deno task test:doc`.
 *
 * @module
 */

import { join } from "node:path";
import type { Config } from "./check_exports.ts";
import { deno, type Finding, report, REPOSITORY } from "./_repository.ts";

/** Returns the public symbols below `root` that lack documentation or types, and what keeps it from being published. */
export async function checkDocs(root: string = REPOSITORY): Promise<Finding[]> {
  const { exports } = JSON.parse(await Deno.readTextFile(join(root, "deno.json"))) as Config;
  const findings: Finding[] = [];
  const lint = await deno(["doc", "--lint", "--no-lock", ...Object.values(exports)], root);
  if (!lint.success) findings.push({ place: "deno doc --lint", message: lint.stderr.trim() });
  const publish = await deno(["publish", "--dry-run", "--allow-dirty", "--no-check"], root);
  const complaints = publish.stderr.split("\n").filter((line) => /^(warning|error)\b/i.test(line));
  if (!publish.success || complaints.length > 0) {
    findings.push({ place: "deno publish --dry-run", message: publish.stderr.trim() });
  }
  return findings;
}

if (import.meta.main) await report("docs", checkDocs());
