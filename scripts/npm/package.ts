/**
 * Makes the npm package: `deno pack` for the files and types, then what it leaves out.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { deno, exists, listFiles, withoutComments } from "../_repository.ts";
import { run } from "../_run.ts";
import { OUTPUT, tool } from "./tools.ts";

/** What package.json has beyond name, version and license, which come from deno.json. */
const DESCRIPTION = {
  description:
    "Neural networks in TypeScript: an array core on WebAssembly SIMD with threads, for Deno, Node and browsers",
  keywords: [
    "array",
    "autodiff",
    "deep-learning",
    "jax",
    "machine-learning",
    "neural-network",
    "penzai",
    "simd",
    "wasm",
  ],
  repository: { type: "git", url: "git+https://github.com/penjing/penjing.git" },
  engines: { node: ">=20" },
} as const;

/**
 * Modules that do something when they are imported, so that no bundler drops them: the one that awaits `init`, the entry
 * that imports it, the worker.
 */
const SIDE_EFFECTS: readonly string[] = [
  "./mod.js",
  "./manual.js",
  "./array/methods.js",
  "./select/selection.js",
  "./treescope/color.js",
  "./wasm/auto_init.js",
  "./worker.js",
  "./dist/*.js",
];

/** The file with modules of the host, what stands in for it in browsers, and the name under which both are reached. */
const PLATFORM = { name: "#platform", host: "./wasm/platform/node.js", browser: "./wasm/platform/web.js" } as const;

/** Raw modules by entry point: `@penjing/penjing/wasm/<build>.wasm`. */
const RAW = { "./wasm/*.wasm": "./wasm/generated/*.wasm" } as const;

/** A built package. */
export interface Package {
  /** The folder that was packed. */
  readonly folder: string;
  /** The tarball. */
  readonly tarball: string;
  /** Its name. */
  readonly name: string;
  /** Bytes of the tarball. */
  readonly packed: number;
}

/** An entry point as `deno pack` writes it. */
interface Entry {
  readonly types: string;
  readonly default: string;
}

/** The parts of package.json that are read or completed here. */
interface Manifest {
  name: string;
  version: string;
  main: string;
  exports: Record<string, Entry>;
  [key: string]: unknown;
}

/** Makes every import of the platform's file go through the name for which package.json has one file a host. */
async function mapPlatform(folder: string): Promise<void> {
  const file = join(folder, PLATFORM.host);
  const importers: string[] = [];
  for (const path of listFiles(folder, ".js")) {
    const text = await Deno.readTextFile(join(folder, path));
    const mapped = text.replace(/"(\.{1,2}\/[^"\n]+)"/g, (quoted: string, specifier: string) => {
      return join(folder, dirname(path), specifier) === file ? JSON.stringify(PLATFORM.name) : quoted;
    });
    if (mapped === text) continue;
    importers.push(path);
    await Deno.writeTextFile(join(folder, path), mapped);
  }
  if (importers.length === 0) throw new Error(`Cannot find an import of ${PLATFORM.host} in the package`);
}

/** Checks that a browser, which takes the `browser` side of every condition, is led to nothing of Node. */
function checkBrowserSide(folder: string): void {
  for (const path of listFiles(folder, ".js")) {
    if (path === join(PLATFORM.host)) continue;
    const text = withoutComments(Deno.readTextFileSync(join(folder, path)));
    const found = /(?:\bfrom|\bimport)\s*\(?\s*["']node:[^"']+["']/.exec(text)?.[0];
    if (found !== undefined) throw new Error(`Cannot lead browsers to "${path}": it has ${found}`);
  }
}

/**
 * Returns where a host finds an entry point: bundlers among the files, whose unused parts they leave out, and all others in
 * `dist/`, because a hundred files take longer to load than what is in them.
 */
function conditions(entry: Entry): Record<string, string> {
  return { types: entry.types, module: entry.default, default: bundled(entry.default) };
}

/** Returns the file in `dist/` that an entry point, "./mod.js", is bundled into. */
function bundled(entry: string): string {
  return entry.replace("./", "./dist/");
}

/** Completes package.json: what it is, who may run it, what may be dropped, and where hosts are led. */
async function complete(folder: string): Promise<Manifest> {
  const path = join(folder, "package.json");
  const manifest = JSON.parse(await Deno.readTextFile(path)) as Manifest;
  const { name, version, license, type, main, types, exports, dependencies, ...rest } = manifest;
  const entries = Object.entries(exports);
  if (dependencies !== undefined || Object.keys(rest).length > 0) {
    throw new Error(`Cannot complete package.json: deno pack wrote more than is known: ${JSON.stringify(manifest)}`);
  }
  const completed = {
    name,
    version,
    ...DESCRIPTION,
    license,
    type,
    main: bundled(main),
    types,
    sideEffects: SIDE_EFFECTS,
    exports: {
      ...Object.fromEntries(entries.map(([name, entry]) => [name, conditions(entry)])),
      "./worker.js": "./worker.js",
      ...RAW,
      "./package.json": "./package.json",
    },
    imports: { [PLATFORM.name]: { browser: PLATFORM.browser, default: PLATFORM.host } },
  };
  await Deno.writeTextFile(path, JSON.stringify(completed, null, 2) + "\n");
  await mapPlatform(folder);
  bundleEntries(folder, entries.map(([, entry]) => entry.default));
  checkBrowserSide(folder);
  for (const named of [PLATFORM.host, PLATFORM.browser, ...SIDE_EFFECTS.filter((name) => !name.includes("*"))]) {
    if (!exists(join(folder, named))) {
      throw new Error(`Cannot find "${named}", which package.json names, in the package`);
    }
  }
  return manifest;
}

/** Runs the bundler on entry points of the package; what several of them need becomes a file of its own. */
function bundle(folder: string, entries: readonly string[], options: readonly string[]): void {
  const common = ["--bundle", "--splitting", "--format=esm", "--target=es2022", "--legal-comments=none"];
  const args = [...entries, ...common, "--log-level=warning", "--outdir=dist", ...options];
  run(tool("esbuild"), args, { cwd: folder });
}

/** Bundles the entry points for hosts that load files as they are. The builds stay where they are. */
function bundleEntries(folder: string, entries: readonly string[]): void {
  const left = [PLATFORM.name, "./wasm/generated/*_module.js"];
  bundle(folder, entries, ["--platform=neutral", ...left.map((name) => `--external:${name}`)]);
}

/** Bundles all as a browser gets it into `dist/penjing.min.js`; each build is a file of its own beside it. */
function bundlePage(folder: string): void {
  const names = ["--entry-names=penjing.min", "--chunk-names=[name]-[hash]"];
  bundle(folder, ["./mod.js"], ["--minify", "--platform=browser", ...names]);
}

/** Removes sources that no entry reaches, which deno pack takes for assets. */
function removeSources(folder: string): void {
  for (const path of listFiles(folder, ".ts")) {
    if (!path.endsWith(".d.ts")) Deno.removeSync(join(folder, path));
  }
}

/** Builds the package into `npm/package` and packs it into `npm/`. */
export async function buildPackage(): Promise<Package> {
  const folder = join(OUTPUT, "package");
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const raw = join(OUTPUT, "packed-by-deno.tgz");
  const packed = await deno(["pack", "--allow-dirty", "--no-source-maps", "--output", raw]);
  if (!packed.success || /slow types/i.test(packed.stderr)) throw new Error(`Cannot pack\n${packed.stderr}`);
  run("tar", ["-xzf", raw, "-C", OUTPUT]);
  await Deno.remove(raw);
  const { name, version } = await complete(folder);
  removeSources(folder);
  bundlePage(folder);
  run("npm", ["pack", "--pack-destination", OUTPUT], { cwd: folder });
  const tarball = join(OUTPUT, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  return { folder, tarball, name, packed: Deno.statSync(tarball).size };
}
