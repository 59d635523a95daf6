import assert from "node:assert/strict";
import test from "node:test";
import { checkExports } from "../../scripts/check_exports.ts";
import { withTree } from "./_tree.ts";

test("checkExports() accepts entries with content, worker scripts and tasks that are there", async () => {
  const findings = await withTree({
    "deno.json": JSON.stringify({
      exports: { ".": "./mod.ts", "./worker": "./worker.ts" },
      tasks: { ok: "deno task check", check: { command: "deno run scripts/check.ts" } },
    }),
    "mod.ts":
      `/** A doc with\n * const x = 1;\n */\nimport "./a.ts";\nexport {\n  a,\n} from "./a.ts";\nexport * as b from "./a.ts";`,
    "a.ts": "export const a = 1;",
    "worker.ts": "console.log(1);",
    "scripts/check.ts": "",
  }, checkExports);
  assert.deepEqual(findings, []);
});

test("checkExports() finds entries with nothing behind them", async () => {
  const findings = await withTree({
    "deno.json": JSON.stringify({ exports: { "./gone": "./gone.ts", "./blank": "./blank.ts", "./none": "./none.ts" } }),
    "blank.ts": "/** Soon. */",
    "none.ts": "console.log(1);",
  }, checkExports);
  assert.deepEqual(findings.map(({ message }) => message.split("\n")[0]), [
    `Cannot find "./gone.ts"`,
    `Cannot export "./blank.ts": the file is empty`,
    `Cannot export "./none.ts": it exports no symbol`,
  ]);
});

test("checkExports() finds tasks that run what is not there", async () => {
  const findings = await withTree({
    "deno.json": JSON.stringify({
      exports: {},
      tasks: { a: "deno run -A scripts/gone.ts", ok: "deno task a && deno task b" },
    }),
  }, checkExports);
  assert.deepEqual(findings, [
    { place: `deno.json, tasks["a"]`, message: `Cannot find "scripts/gone.ts"` },
    { place: `deno.json, tasks["ok"]`, message: `Cannot find the task "b"` },
  ]);
});

test("checkExports() finds a mod.ts that defines something", async () => {
  const findings = await withTree({
    "deno.json": JSON.stringify({ exports: {} }),
    "nn/mod.ts": `export * from "./a.ts";\n\nexport function helper(): void {}`,
  }, checkExports);
  assert.deepEqual(findings.map(({ place }) => place), ["nn/mod.ts:3"]);
});
