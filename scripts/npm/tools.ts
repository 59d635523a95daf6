/**
 * The tools that the npm package is built and tested with, from `tools/package.json` by exact version.
 *
 * They are not in deno.json, because Deno installs all that stands there before it runs any task.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { exists, REPOSITORY } from "../_repository.ts";
import { run } from "../_run.ts";

/** Where the package is built; not committed. */
export const OUTPUT: string = join(REPOSITORY, "npm");

/** Where the tools are installed. */
const TOOLS: string = join(OUTPUT, "tools");

/** Returns the path of a program of the tools. */
export function tool(name: string): string {
  return join(TOOLS, "node_modules", ".bin", name);
}

/** Returns a path if something is there. */
function ifThere(path: string): string | undefined {
  return exists(path) ? path : undefined;
}

/** Returns the path of the current Node among the tools, or undefined on hosts for which npm has none. */
export function currentNode(): string | undefined {
  return ifThere(tool("node"));
}

/** Returns the path of the oldest Deno that is supported, or undefined on hosts for which the tools have none. */
export function oldestDeno(): string | undefined {
  return ifThere(join(TOOLS, "node_modules", "@deno", "linux-x64-glibc", "deno"));
}

/** Installs the tools unless the very same are there. */
export async function installTools(): Promise<void> {
  const source = join(REPOSITORY, "scripts", "npm", "tools");
  const lock = await Deno.readTextFile(join(source, "package-lock.json"));
  const stamp = join(TOOLS, "installed");
  const hash = createHash("sha256").update(lock).digest("hex");
  if (exists(stamp) && await Deno.readTextFile(stamp) === hash) return;
  await Deno.mkdir(TOOLS, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) {
    await Deno.copyFile(join(source, name), join(TOOLS, name));
  }
  // None needs its install script: esbuild finds its program among its optional dependencies.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: TOOLS });
  await Deno.writeTextFile(stamp, hash);
}
