import assert from "node:assert/strict";
import test from "node:test";
import { checkDocs } from "../../scripts/check_docs.ts";
import { withTree } from "./_tree.ts";

const CONFIG = JSON.stringify({ name: "@x/y", version: "0.1.0", license: "MIT", exports: { ".": "./mod.ts" } });

test("checkDocs() accepts symbols with a docstring and types", async () => {
  const findings = await withTree({
    "deno.json": CONFIG,
    "mod.ts":
      "/** A module.\n * @module */\n/** Adds one. */\nexport function f(x: number): number {\n  return x + 1;\n}\n",
  }, checkDocs);
  assert.deepEqual(findings, []);
});

test("checkDocs() finds the symbol without a docstring and the one without a type", async () => {
  const findings = await withTree({
    "deno.json": CONFIG,
    "mod.ts":
      "export const bare: number = 1;\n/** Adds one. */\nexport function untyped(x: number) {\n  return [x + 1];\n}\n",
  }, checkDocs);
  assert.deepEqual(findings.map(({ place }) => place), ["deno doc --lint", "deno publish --dry-run"]);
  assert.match(findings[0]?.message ?? "", /bare/);
  assert.match(findings[1]?.message ?? "", /untyped/);
});
