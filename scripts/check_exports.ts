/**
 * Checks the promises of deno.json: every export has something behind it, every script that a task runs is there, and
 * every `mod.ts` gathers and defines nothing.
 *
 * @module
 */

import { join } from "node:path";
import { deno, exists, type Finding, listFiles, report, REPOSITORY, withoutComments } from "./_repository.ts";

/** Entry points that are run rather than imported for their exports. */
const EXECUTED: ReadonlySet<string> = new Set(["./worker"]);

/** The parts of deno.json that are read here. */
export interface Config {
  /** Entry points by name. */
  readonly exports: Readonly<Record<string, string>>;
  /** Tasks by name. */
  readonly tasks?: Readonly<Record<string, string | { readonly command?: string }>>;
}

/** Returns the exports of deno.json with no file, or no symbol, behind them. */
async function checkEntries(root: string, { exports }: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [entry, file] of Object.entries(exports)) {
    const place = `deno.json, exports["${entry}"]`;
    const path = join(root, file);
    if (!exists(path)) {
      findings.push({ place, message: `Cannot find "${file}"\ntry: add an entry together with its first content` });
      continue;
    }
    if (withoutComments(Deno.readTextFileSync(path)).trim() === "") {
      findings.push({ place, message: `Cannot export "${file}": the file is empty` });
      continue;
    }
    if (EXECUTED.has(entry)) continue;
    const { success, stdout, stderr } = await deno(["doc", "--json", "--no-lock", path], root);
    if (!success) {
      findings.push({ place, message: stderr });
    } else if (!hasSymbols(JSON.parse(stdout))) {
      findings.push({ place, message: `Cannot export "${file}": it exports no symbol` });
    }
  }
  return findings;
}

/** Returns whether the output of `deno doc --json` has a symbol, in the form of Deno 2.9 (`nodes` by module). */
function hasSymbols(
  output: { readonly nodes: Readonly<Record<string, { readonly symbols?: readonly unknown[] }>> },
): boolean {
  return Object.values(output.nodes).some((module) => (module.symbols ?? []).length > 0);
}

/** Returns the scripts named by tasks that do not exist. */
function checkTasks(root: string, { tasks = {} }: Config): Finding[] {
  const findings: Finding[] = [];
  for (const [name, task] of Object.entries(tasks)) {
    const command = typeof task === "string" ? task : task.command ?? "";
    for (const [path] of command.matchAll(/[\w./-]+\.ts\b/g)) {
      if (!exists(join(root, path))) {
        findings.push({ place: `deno.json, tasks["${name}"]`, message: `Cannot find "${path}"` });
      }
    }
    for (const [, other] of command.matchAll(/deno task ([\w:]+)/g)) {
      if (other !== undefined && !(other in tasks)) {
        findings.push({ place: `deno.json, tasks["${name}"]`, message: `Cannot find the task "${other}"` });
      }
    }
  }
  return findings;
}

/** Returns the statements of `mod.ts` files that define something. */
function checkGatherers(root: string): Finding[] {
  const findings: Finding[] = [];
  for (const path of listFiles(root, ".ts")) {
    if (path !== "mod.ts" && !path.endsWith("/mod.ts")) continue;
    const source = withoutComments(Deno.readTextFileSync(join(root, path)));
    // Statements may span lines; each begins at the start of one.
    for (const match of source.matchAll(/^(?![\s})]|import\b|export (?:type )?[{*]).+/gm)) {
      const line = source.slice(0, match.index).split("\n").length;
      findings.push({
        place: `${path}:${line}`,
        message: `Cannot define "${match[0].slice(0, 60)}" here: a mod.ts gathers\ntry: move it to a file of its own`,
      });
    }
  }
  return findings;
}

/** Returns what deno.json and the `mod.ts` files below `root` promise without keeping. */
export async function checkExports(root: string = REPOSITORY): Promise<Finding[]> {
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json"))) as Config;
  return [...await checkEntries(root, config), ...checkTasks(root, config), ...checkGatherers(root)];
}

if (import.meta.main) await report("exports", checkExports());
