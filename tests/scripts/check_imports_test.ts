import assert from "node:assert/strict";
import test from "node:test";
import { checkImports, roomOf } from "../../scripts/check_imports.ts";
import { withTree } from "./_tree.ts";

test("checkImports() accepts imports from the left", async () => {
  const findings = await withTree({
    "errors/mod.ts": "export const e = 1;",
    "wasm/memory.ts": `import { e } from "../errors/mod.ts";\nexport const m = e;`,
    "core/array.ts": `import { m } from "../wasm/memory.ts";\nimport "../errors/mod.ts";\nexport const a = m;`,
    "mod.ts": `export * from "./core/array.ts";`,
    "tests/core/array_test.ts": `import "../../core/array.ts";`,
  }, checkImports);
  assert.deepEqual(findings, []);
});

test("checkImports() prints file, line and rooms of a reversed arrow", async () => {
  const findings = await withTree({
    "wasm/memory.ts": `// a comment\nimport type { A } from "../core/array.ts";\nexport type M = A;`,
    "core/array.ts": `export type A = number;`,
  }, checkImports);
  assert.deepEqual(findings, [{
    place: "wasm/memory.ts:2",
    message: `Cannot import "../core/array.ts" from wasm: the arrow is reversed\nsees: errors, wasm\nleads to: core`,
  }]);
});

test("checkImports() sees dynamic imports and re-exports", async () => {
  const findings = await withTree({
    "errors/mod.ts": `export * from "../mod.ts";\nexport const later = () => import("../wasm/memory.ts");`,
    "wasm/memory.ts": "export const m = 1;",
    "mod.ts": "export {};",
  }, checkImports);
  assert.deepEqual(findings.map(({ place }) => place), ["errors/mod.ts:1", "errors/mod.ts:2"]);
});

test("checkImports() keeps models and toolshed to the public namespace", async () => {
  const findings = await withTree({
    "core/array.ts": "export const a = 1;",
    "mod.ts": `export * from "./core/array.ts";`,
    "models/good.ts": `import "../mod.ts";`,
    "models/bad.ts": `import "../core/array.ts";`,
    "toolshed/bad.ts": `import "../core/array.ts";`,
  }, checkImports);
  assert.deepEqual(findings.map(({ place }) => place), ["models/bad.ts:1", "toolshed/bad.ts:1"]);
});

test("checkImports() refuses imports of tests, of private files, of hosts and of unknown rooms", async () => {
  const findings = await withTree({
    "core/a.ts": `import "../tests/help.ts";`,
    "core/b.ts": `import "../wasm/_private.ts";`,
    "core/c.ts": `import "node:fs";`,
    "attic/d.ts": `import "../core/c.ts";`,
    "wasm/_private.ts": "export {};",
    "wasm/e.ts": `import "./_private.ts";`,
    "wasm/platform/node.ts": `import "node:worker_threads";`,
    "tests/help.ts": "export {};",
  }, checkImports);
  assert.deepEqual(findings.map(({ place }) => place).sort(), [
    "attic/d.ts:1",
    "core/a.ts:1",
    "core/b.ts:1",
    "core/c.ts:1",
  ]);
});

test("checkImports() reports an import that leads nowhere", async () => {
  const findings = await withTree({ "core/a.ts": `import "./gone.ts";` }, checkImports);
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.place, "core/a.ts:1");
  assert.match(findings[0]?.message ?? "", /gone\.ts/);
});

test("roomOf() names folders, entry points and what is outside", () => {
  assert.equal(roomOf("core/array.ts"), "core");
  assert.equal(roomOf("manual.ts"), "mod.ts");
  assert.equal(roomOf("worker.ts"), "wasm");
  assert.equal(roomOf("tests/core/array_test.ts"), undefined);
});
