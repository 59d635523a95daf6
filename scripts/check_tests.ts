/**
 * Checks that every source file has its test.
 *
 * - `folder/name.ts` is tested by `tests/folder/name_test.ts`.
 * - A `mod.ts` inside a folder only gathers (see check_exports.ts) and needs no test of its own; a `_name.ts` is private to
 *   its folder and tested through it; a module of types alone has nothing to run.
 * - `ops/name.ts`, a primitive, is tested by rows of the case table: some `tests/ops/_cases_….ts` imports it.
 * - `core-rs/src/**.rs` has a `mod tests`, or a file of tests: `tests.rs` beside it or in the folder of its name, or
 *   `core-rs/tests/name.rs`, where `name` is the file's or its folder's. A file without functions has nothing to run.
 *
 * A file that is tested elsewhere is listed below with the place; an entry that is no longer needed is a finding too.
 *
 * @module
 */

import { join } from "node:path";
import { exists, type Finding, listFiles, report, REPOSITORY, withoutComments } from "./_repository.ts";

/** Files whose test lies elsewhere: the path, and where or why. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  "core-rs/src/kernels/matvec.rs": "a part of matmul, reached and tested through it: matmul/tests.rs",
  "core-rs/src/kernels/rowwise/mod.rs": "a part of softmax and normalize, tested through them",
  "core-rs/src/kernels/rowwise/testing.rs": "the reference of their tests",
  "core-rs/src/abi.rs": "the boundary to TypeScript, which tests/wasm/engine_test.ts crosses",
  "scripts/demo.ts": "checks its own results",
  "scripts/test_fuzz.ts": "run by deno task test:fuzz",
  "scripts/test_rust.ts": "run by deno task test:rust",
  "scripts/test_ulp.ts": "run by deno task test:ulp",
  "scripts/build_npm.ts": "run by deno task test:npm, which tests the package it makes",
  "scripts/test_browser.ts": "run by deno task test:browser",
  "wasm/platform/web.ts": "runs in browsers: deno task test:browser",
  "worker.ts": "runs in browsers: deno task test:browser, on the page with the strict policy",
  "scripts/check.ts": "a list of the other checks",
};

/** Folders that are tests, or measure, or explain. */
const WITHOUT_MIRROR: readonly string[] = ["tests/", "bench/", "docs/", "core-rs/"];

/** Returns whether a module declares nothing that runs: types, interfaces, re-exports. */
function isTypesOnly(source: string): boolean {
  return !/\b(const|let|function|class|await)\b/.test(withoutComments(source).replace(/^import .*$/gm, ""));
}

/** Returns the primitives that no row of the case table is about. */
function checkOps(root: string): Finding[] {
  if (!exists(join(root, "ops"))) return [];
  const rows = listFiles(root, ".ts", "tests/ops").map((path) => Deno.readTextFileSync(join(root, path))).join("\n");
  return listFiles(root, ".ts", "ops")
    .filter((path) => !path.includes("/_") && !rows.includes(`/${path}"`))
    .map((path) => ({
      place: path,
      message: `Cannot find a case of "${path}"\ntry: add a row to a table in tests/ops/`,
    }));
}

/** Returns the TypeScript files below `root` that lack their mirror. */
function checkTypeScript(root: string): Finding[] {
  const findings: Finding[] = [];
  for (const path of listFiles(root, ".ts")) {
    if (WITHOUT_MIRROR.some((folder) => path.startsWith(folder)) || path.startsWith("ops/")) continue;
    const name = path.split("/").at(-1) ?? path;
    if (name.startsWith("_") || (name === "mod.ts" && path !== "mod.ts")) continue;
    const mirror = `tests/${path.replace(/\.ts$/, "_test.ts")}`;
    const tested = exists(join(root, mirror));
    if (path in EXCEPTIONS) {
      if (tested) findings.push({ place: path, message: `Cannot except "${path}": it has its mirror ${mirror}` });
    } else if (!tested && !isTypesOnly(Deno.readTextFileSync(join(root, path)))) {
      findings.push({ place: path, message: `Cannot find the test of "${path}"\ntry: write ${mirror}` });
    }
  }
  return findings;
}

/** Returns the Rust files below `root` that have no tests. */
function checkRust(root: string): Finding[] {
  if (!exists(join(root, "core-rs/src"))) return [];
  const findings: Finding[] = [];
  for (const path of listFiles(root, ".rs", "core-rs/src")) {
    const source = Deno.readTextFileSync(join(root, path));
    const name = path.split("/").at(-1) ?? path;
    const folder = path.slice(0, -name.length);
    const stem = name.replace(/\.rs$/, "");
    const parent = folder.split("/").at(-2) ?? "";
    if (name === "tests.rs" || folder.includes("/tests/") || /\bmod tests\b/.test(source)) continue;
    if (!/\bfn\b/.test(withoutComments(source))) continue;
    const places = [`${folder}tests.rs`];
    if (stem !== "mod") places.push(`${folder}${stem}/tests.rs`, `core-rs/tests/${stem}.rs`);
    if (parent !== "src") places.push(`core-rs/tests/${parent}.rs`);
    if (path in EXCEPTIONS || places.some((place) => exists(join(root, place)))) continue;
    findings.push({
      place: path,
      message: `Cannot find the tests of "${path}"\ntry: add mod tests, or one of ${places.join(", ")}`,
    });
  }
  return findings;
}

/** Returns the source files below `root` without a test, and the exceptions that name no file. */
export function checkTests(root: string = REPOSITORY): Finding[] {
  const gone = root !== REPOSITORY ? [] : Object.keys(EXCEPTIONS)
    .filter((path) => !exists(join(root, path)))
    .map((path) => ({ place: "scripts/check_tests.ts", message: `Cannot except "${path}": there is no such file` }));
  return [...checkTypeScript(root), ...checkOps(root), ...checkRust(root), ...gone];
}

if (import.meta.main) await report("tests", Promise.resolve(checkTests()));
