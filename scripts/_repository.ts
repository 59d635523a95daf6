/**
 * What the scripts share: where the repository is, which files it has, how Deno is run, how a
 * finding is told. Other programs are run by `_run.ts`.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of deno.json. */
export const REPOSITORY: string = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Folders in which no source of ours lies, wherever they are. The `npm` of the root, where the package is built, is one too. */
const SKIPPED: ReadonlySet<string> = new Set([
  ".git",
  "node_modules",
  "target",
  "npm",
  "generated",
  "goldens",
  "fixtures",
]);

/** One thing that a check found wrong. */
export interface Finding {
  /** The file, relative to the repository, with `:line` where one line is meant. */
  readonly place: string;
  /** What is wrong and the way out, worded as an error message is. */
  readonly message: string;
}

/** What a finished command printed. */
export interface Output {
  /** True where the exit status was zero. */
  readonly success: boolean;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/**
 * Returns the paths of all files below `root` whose name ends in `extension`, sorted, relative to `root`.
 *
 * Generated files, fixtures, dependencies and hidden folders are left out.
 */
export function listFiles(root: string, extension: string, folder = ""): string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(join(root, folder))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory && !SKIPPED.has(entry.name) && !entry.name.startsWith(".") && path !== "npm") {
      found.push(...listFiles(root, extension, path));
    } else if (entry.isFile && entry.name.endsWith(extension)) {
      found.push(path);
    }
  }
  return found.sort();
}

/** Returns whether a file or folder lies at `path`. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/** Runs this very Deno, whatever the PATH; a failing command is told by `success`, not by a throw. */
export async function deno(args: readonly string[], cwd: string = REPOSITORY): Promise<Output> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd, env: { NO_COLOR: "1" } });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { success, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Replaces comments by blanks, so that lines and columns stay where they are. Quotes and backquotes are respected. */
export function withoutComments(source: string): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return source.replace(token, (text) => text.startsWith("/") ? text.replace(/[^\n]/g, " ") : text);
}

/** Prints findings and leaves with status 1 if there are any; the `main` of each check. */
export async function report(name: string, findings: Promise<readonly Finding[]>): Promise<void> {
  const found = await findings;
  for (const { place, message } of found) console.error(`${place}\n  ${message.replaceAll("\n", "\n  ")}`);
  console.log(`${name}: ${found.length === 0 ? "ok" : `${found.length} found`}`);
  if (found.length > 0) Deno.exit(1);
}
