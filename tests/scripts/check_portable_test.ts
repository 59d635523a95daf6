import assert from "node:assert/strict";
import test from "node:test";
import { checkPortable } from "../../scripts/check_portable.ts";
import { withTree } from "./_tree.ts";

const CONFIG = JSON.stringify({ name: "@x/y", exports: { ".": "./mod.ts" }, compilerOptions: { strict: true } });

test("checkPortable() accepts what every host has", async () => {
  const findings = await withTree({
    "deno.json": CONFIG,
    "mod.ts": `export const last: number | undefined = [1].findLast((x) => x > 0);`,
    "tests/mod_test.ts": `import test from "node:test";\nimport { last } from "@x/y";\ntest("last", () => void last);`,
    "scripts/build.ts": "Deno.cwd();",
  }, checkPortable);
  assert.deepEqual(findings, []);
});

test("checkPortable() refuses Deno's namespace and what Node 20 lacks", async () => {
  const findings = await withTree({
    "deno.json": CONFIG,
    "mod.ts":
      `Deno.cwd();\nPromise.withResolvers();\nArray.fromAsync([]);\nnew Float16Array(1);\nnew Set([1]).union(new Set());`,
  }, checkPortable);
  assert.equal(findings.length, 1);
  for (const name of ["Deno", "withResolvers", "fromAsync", "Float16Array", "union"]) {
    assert.match(findings[0]?.message ?? "", new RegExp(`'${name}'`));
  }
});
