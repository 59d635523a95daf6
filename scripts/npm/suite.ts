/**
 * Runs the test suite and the examples against the installed npm package, in Node and in the oldest Deno that is supported.
 *
 * The tests are transpiled one by one; an import of the library's sources becomes an import of the package, so that the
 * files of the tarball are what is tested. Tests of the scripts and of the benchmark stay here. The examples import entry
 * points alone, so that they also run on what these are bundled into.
 *
 * @module
 */

import { dirname, join, posix } from "node:path";
import type { Config } from "../check_exports.ts";
import { exists, listFiles, REPOSITORY } from "../_repository.ts";
import { type Outcome, outcome, run, type Step, tryRun } from "../_run.ts";
import { tool } from "./tools.ts";

/** Folders of tests that are not about the package, or need a library of their own. */
const LEFT_OUT: readonly string[] = ["browser", "npm", "properties", "scripts", "bench"];

/** Leads imports of an entry point to its file among those of the package, which tests import too, and not to the bundle. */
export const FILES = "--conditions=module";

/** How esbuild transpiles what is run beside the package. */
const TRANSPILE: readonly string[] = [
  "--format=esm",
  "--target=es2022",
  "--platform=node",
  "--supported:import-attributes=true",
  "--log-level=warning",
];

/** Returns all files of the suite, relative to the repository. */
function suiteFiles(folder = "tests"): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(join(REPOSITORY, folder))) {
    const path = `${folder}/${name}`;
    if (!isDirectory) found.push(path);
    else if (folder !== "tests" || !LEFT_OUT.includes(name)) found.push(...suiteFiles(path));
  }
  return found.sort();
}

/** Returns what an import of `specifier` in the test `file` becomes beside the installed package. */
function rewrite(specifier: string, file: string, name: string, entries: ReadonlyMap<string, string>): string {
  const target = posix.join(posix.dirname(file), specifier);
  if (!exists(join(REPOSITORY, target))) return specifier;
  const script = target.replace(/\.ts$/, ".js");
  const entry = entries.get(target);
  if (entry !== undefined) return entry;
  const place = target.startsWith("tests/") ? script : `node_modules/${name}/${script}`;
  const relative = posix.relative(posix.dirname(file), place);
  return relative.startsWith(".") ? relative : `./${relative}`;
}

/** Writes the suite into `folder`, beside the `node_modules` that has the package, and returns its test files. */
export async function writeSuite(folder: string, name: string): Promise<string[]> {
  const { exports } = JSON.parse(await Deno.readTextFile(join(REPOSITORY, "deno.json"))) as Config;
  const entries = new Map(Object.entries(exports).map(([entry, file]) => [posix.join(file), name + entry.slice(1)]));
  const files = suiteFiles();
  const sources = files.filter((file) => file.endsWith(".ts"));
  run(tool("esbuild"), [...sources, ...TRANSPILE, "--outbase=.", `--outdir=${folder}`], { cwd: REPOSITORY });
  for (const file of sources) {
    const path = join(folder, file.replace(/\.ts$/, ".js"));
    const text = await Deno.readTextFile(path);
    // esbuild writes every specifier in double quotes.
    const imports = /(\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)"(\.{1,2}\/[^"]+)"/g;
    await Deno.writeTextFile(
      path,
      text.replace(imports, (_, head, at) => `${head}"${rewrite(at, file, name, entries)}"`),
    );
  }
  for (const file of files.filter((file) => !file.endsWith(".ts"))) {
    await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
    await Deno.copyFile(join(REPOSITORY, file), join(folder, file));
  }
  return sources.filter((file) => file.endsWith("_test.ts")).map((file) => file.replace(/\.ts$/, ".js"));
}

/** Writes every example of the README and the docstrings into `folder` as a test, and returns the file of the tests. */
export async function writeExamples(folder: string): Promise<string[]> {
  const tests: string[] = [`import { test } from "node:test";`];
  const place = join(folder, "examples");
  await Deno.mkdir(place);
  for (
    const file of [
      "README.md",
      ...listFiles(REPOSITORY, ".ts").filter((file) => !/^(tests|scripts|bench)\//.test(file)),
    ]
  ) {
    const text = await Deno.readTextFile(join(REPOSITORY, file));
    const blocks = text.replaceAll(/^ *\* ?/gm, "").matchAll(/^```ts\n(.*?)^```$/gms);
    for (const [index, [, code]] of [...blocks].entries()) {
      const name = `${file.replaceAll(/\W/g, "_")}_${index + 1}`;
      await Deno.writeTextFile(join(place, `${name}.ts`), code!);
      tests.push(`test("example ${index + 1} of ${file}", () => import("./${name}.js"));`);
    }
  }
  run(tool("esbuild"), ["*.ts", ...TRANSPILE, "--outdir=."], { cwd: place });
  await Deno.writeTextFile(join(place, "examples_test.js"), tests.join("\n"));
  return ["examples/examples_test.js"];
}

/** Counts what a run of the suite printed, and prints all of it where the run failed. */
function counted(version: string, { status, text }: Outcome, pass: RegExp, fail: RegExp): Step {
  const [passed, failed] = [pass, fail].map((pattern) => Number(pattern.exec(text)?.[1] ?? 0)) as [number, number];
  const success = status === 0 && passed > 0;
  if (!success) console.error(text);
  return { success, passed, failed, note: version };
}

/** Runs tests in one Node. */
export function runInNode(node: string, folder: string, tests: readonly string[], ...flags: string[]): Step {
  const result = outcome(node, [...flags, "--test", "--test-reporter=tap", ...tests], { cwd: folder });
  return counted(`Node ${run(node, ["--version"]).trim()}`, result, /^# pass (\d+)/m, /^# fail (\d+)/m);
}

/** Runs tests in one Deno. */
export function runInDeno(deno: string, folder: string, tests: readonly string[], ...flags: string[]): Step {
  const environment = { ...Deno.env.toObject(), NO_COLOR: "1" };
  const result = outcome(deno, ["test", "-A", "--no-check", ...flags, ...tests], { cwd: folder, environment });
  const version = tryRun(deno, ["--version"])?.split(/\s+/)[1];
  return counted(`Deno ${version}`, result, / (\d+) passed/, / (\d+) failed/);
}
