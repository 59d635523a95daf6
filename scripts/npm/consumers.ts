/**
 * Uses the installed npm package as its consumers do: the compiler on their types, three bundlers without configuration,
 * and what they make in Chromium.
 *
 * @module
 */

import { basename, join } from "node:path";
import { ISOLATED, runPage } from "../_browser.ts";
import { REPOSITORY } from "../_repository.ts";
import { outcome, run, type Step } from "../_run.ts";
import { tool } from "./tools.ts";

/** The consumers' sources. */
const SOURCES = join(REPOSITORY, "tests", "npm");

/** The page that each bundler builds an application for. */
const PAGE =
  `<!doctype html><meta charset="utf-8"><title>penjing</title><script type="module" src="main.js"></script>\n`;

/** What an application of arrays may load: TypeScript and one build, in bytes after gzip. */
const SIZE_LIMIT = 330_000;

/** The names of the builds that are published. */
const BUILDS: readonly string[] = ["simd", "simd_threads", "relaxed", "relaxed_threads"];

/** What the application posts; see `tests/npm/app.js`. */
interface AppReport {
  readonly error?: string;
  readonly product?: readonly number[];
  readonly pair?: string;
  readonly build?: string;
  readonly threads?: number;
}

/** Type-checks a consumer with TypeScript's own compiler, as Node and as bundlers resolve, library files included. */
export async function checkTypes(folder: string): Promise<Step> {
  await Deno.copyFile(join(SOURCES, "consumer.ts"), join(folder, "consumer.ts"));
  const flags = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--skipLibCheck",
    "false",
    "--target",
    "es2022",
  ];
  const library = ["--lib", "es2022,dom,dom.iterable,esnext.disposable", "--types", ""];
  for (const resolution of ["nodenext", "bundler"]) {
    const module = resolution === "bundler" ? "esnext" : resolution;
    const args = [...flags, ...library, "--module", module, "--moduleResolution", resolution, "consumer.ts"];
    run(tool("tsc"), args, { cwd: folder });
  }
  return { success: true, passed: 0, failed: 0, note: `TypeScript ${run(tool("tsc"), ["--version"]).trim()}` };
}

/** Starts the package in Node on a raw module of its own, and lets the process end by itself, workers and all. */
export async function checkRaw(folder: string): Promise<Step> {
  await Deno.copyFile(join(SOURCES, "raw.js"), join(folder, "raw.js"));
  const { status, text } = outcome("node", ["raw.js"], { cwd: folder });
  const expected = JSON.stringify({ build: "simd_threads", lane: "simd128", threads: 2, workers: 1 });
  if (status !== 0 || text.trim() !== expected) throw new Error(`Cannot start on a raw module: ${text}`);
  return { success: true, passed: 0, failed: 0, note: "started with its worker, and ended by itself" };
}

/** Each bundler by name: builds `main.js` of a folder into `out`, from the command line alone. */
export const BUNDLERS: Readonly<Record<string, (folder: string, out: string) => Promise<void>>> = {
  esbuild: async (folder, out) => {
    run(tool("esbuild"), ["main.js", "--bundle", "--minify", "--splitting", "--format=esm", `--outdir=${out}`], {
      cwd: folder,
    });
    await Deno.writeTextFile(join(out, "index.html"), PAGE);
  },
  vite: async (folder, out) => {
    await Deno.writeTextFile(join(folder, "index.html"), PAGE.replace(`"main.js"`, `"/main.js"`));
    run(tool("vite"), ["build", "--outDir", out, "--logLevel", "warn"], { cwd: folder });
    await Deno.remove(join(folder, "index.html"));
  },
  webpack: async (folder, out) => {
    run(tool("webpack"), ["./main.js", "--mode", "production", "--output-path", out], { cwd: folder });
    await Deno.writeTextFile(join(out, "index.html"), PAGE);
  },
};

/** Returns the scripts below a folder with their text. */
function scripts(folder: string): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...scripts(path));
    else if (name.endsWith(".js")) found.push({ path, text: Deno.readTextFileSync(path) });
  }
  return found;
}

/** Returns the beginning of the text of every build's module, by which a chunk is known. */
async function fingerprints(packageFolder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const build of BUILDS) {
    const text = await Deno.readTextFile(join(packageFolder, "wasm", "generated", `${build}_module.js`));
    const data = /"([A-Za-z0-9+/=]{1000,})"/.exec(text)?.[1];
    if (data === undefined) throw new Error(`Cannot find the module in ${build}_module.js`);
    // The middle: builds may begin and end alike.
    found.set(build, data.slice(data.length / 2, data.length / 2 + 200));
  }
  return found;
}

/** Checks what a bundler wrote: nothing of Node in it, and every build in a file of its own. */
function checkBundle(bundler: string, out: string, builds: ReadonlyMap<string, string>): void {
  const files = scripts(out);
  for (const { path, text } of files) {
    const node = /["'`]node:\w+/.exec(text);
    // The worker's script for Node is text inside the package and loads nothing in a browser.
    if (node !== null && !text.includes("parentPort")) {
      throw new Error(`Cannot accept the bundle of ${bundler}: ${basename(path)} has ${node[0]}`);
    }
  }
  const places = [...builds].map(([build, data]) => {
    const holders = files.filter(({ text }) => text.includes(data));
    if (holders.length !== 1) throw new Error(`Cannot find "${build}" once in the bundle of ${bundler}`);
    return holders[0]?.path;
  });
  if (new Set(places).size !== builds.size) throw new Error(`Cannot load builds apart in the bundle of ${bundler}`);
}

/** Opens an application in Chromium and checks its results; returns what it loaded, in bytes after gzip. */
async function openApp(name: string, folder: string): Promise<{ report: AppReport; gzip: number; files: number }> {
  const run = await runPage({ folder, headers: ISOLATED });
  const report = run.report as AppReport;
  if (
    report.error !== undefined || JSON.stringify(report.product) !== "[19,22,43,50]" ||
    report.pair !== "Pair(left=10, right=[20, 30])"
  ) {
    throw new Error(`Cannot run the application of ${name} in Chromium: ${JSON.stringify(report)}`);
  }
  const scripts = run.loaded.filter(({ path }) => path.endsWith(".js"));
  return { report, gzip: scripts.reduce((sum, { gzip }) => sum + gzip, 0), files: scripts.length };
}

/** Says in words what an opened application did. */
function told({ report, gzip, files }: Awaited<ReturnType<typeof openApp>>): Step {
  const size = `${(gzip / 1000).toFixed(1)} kB gzip in ${files} files`;
  return { success: true, passed: 0, failed: 0, note: `${size}; "${report.build}", ${report.threads} threads` };
}

/** Builds the application with one bundler and runs it in Chromium. */
export async function checkBundler(bundler: string, folder: string, packageFolder: string): Promise<Step> {
  const out = join(folder, `out-${bundler}`);
  await Deno.mkdir(out);
  await Deno.copyFile(join(SOURCES, "app.js"), join(folder, "main.js"));
  await BUNDLERS[bundler]?.(folder, out);
  checkBundle(bundler, out, await fingerprints(packageFolder));
  const opened = await openApp(bundler, out);
  if (opened.gzip > SIZE_LIMIT) {
    throw new Error(`Cannot keep the application of ${bundler} small: ${opened.gzip} bytes, ${SIZE_LIMIT} at most`);
  }
  return told(opened);
}

/** Loads `dist/penjing.min.js` in a page without any build step. */
export async function checkDist(folder: string, packageFolder: string): Promise<Step> {
  const out = join(folder, "out-dist");
  await Deno.mkdir(out);
  for (const { path } of scripts(join(packageFolder, "dist"))) await Deno.copyFile(path, join(out, basename(path)));
  const app = await Deno.readTextFile(join(SOURCES, "app.js"));
  await Deno.writeTextFile(join(out, "main.js"), app.replace(`"@penjing/penjing"`, `"./penjing.min.js"`));
  await Deno.writeTextFile(join(out, "index.html"), PAGE);
  return told(await openApp("dist/penjing.min.js", out));
}
