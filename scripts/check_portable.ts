/**
 * Checks that run-time code and the shared tests use only what every supported host has.
 *
 * They are type-checked once more without Deno's namespace and with the library of ES2023, which is what Node 20 and the
 * browsers of 2023 offer: `Deno.cwd()`, `Promise.withResolvers`, `Array.fromAsync`, `Float16Array`, the methods of sets and
 * iterator helpers are type errors here. What a newer host offers is reached by a feature test through a cast.
 *
 * @module
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "./check_exports.ts";
import { roomOf } from "./check_imports.ts";
import { deno, type Finding, listFiles, report, REPOSITORY } from "./_repository.ts";

/** ES2023 and the web; `Symbol.dispose` is in Node 20. */
const LIBRARY: readonly string[] = ["es2023", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"];

/** Folders of tests that run under Deno alone. */
const DENO_ONLY: readonly string[] = ["tests/scripts/", "tests/npm/", "bench/"];

/** Returns the files below `root` that have to run on every host. */
export function portableFiles(root: string = REPOSITORY): string[] {
  return listFiles(root, ".ts").filter((path) =>
    (roomOf(path) !== undefined || path.startsWith("tests/")) && !DENO_ONLY.some((folder) => path.startsWith(folder))
  );
}

/** Returns the compiler's complaints about files below `root` that would not run on every host. */
export async function checkPortable(root: string = REPOSITORY): Promise<Finding[]> {
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json"))) as Config & {
    readonly name: string;
    readonly compilerOptions: Readonly<Record<string, unknown>>;
  };
  const imports: Record<string, string> = {};
  for (const [entry, file] of Object.entries(config.exports)) {
    imports[config.name + entry.slice(1)] = pathToFileURL(join(root, file)).href;
  }
  const files = portableFiles(root);
  if (files.length === 0) return [];
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "deno.json");
    const compilerOptions = { ...config.compilerOptions, lib: LIBRARY };
    await Deno.writeTextFile(path, JSON.stringify({ compilerOptions, imports, lock: false }));
    const { success, stderr } = await deno(["check", "--config", path, ...files.map((file) => join(root, file))]);
    return success ? [] : [{ place: "ES2023 without Deno", message: stderr.replace(/^Check .*\n/gm, "").trim() }];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await report("portable", checkPortable());
