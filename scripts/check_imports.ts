/**
 * Checks that imports follow the one arrow of ARCHITECTURE.md.
 *
 * Every folder of the library is a room. A room imports from rooms on its left only; some see even less. The module
 * graph comes from `deno info`, so type imports, re-exports and dynamic imports count like any other. A wrong import is
 * printed with its file and line.
 *
 * @module
 */

import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deno, type Finding, listFiles, report, REPOSITORY } from "./_repository.ts";

/** The rooms of the main line, in the order data flows. `mod.ts` stands for the public entry points. */
const LINE: readonly string[] = [
  "errors",
  "wasm",
  "tree",
  "core",
  "staging",
  "ops",
  "array",
  "random",
  "named",
  "check",
  "select",
  "variables",
  "nn",
  "treescope",
  "mod.ts",
  "toolshed",
  "models",
  "text",
  "serve",
  "cli",
];

/** Returns the rooms of the main line up to and including `last`. */
function upTo(last: string): readonly string[] {
  return LINE.slice(0, LINE.indexOf(last) + 1);
}

/** Rooms that see something else than all of the main line to their left, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // Trees are structure alone: they know neither kernels nor arrays.
  tree: ["errors"],
  // The public namespace gathers the side rooms that users reach through it.
  "mod.ts": [...upTo("treescope"), "formats", "optim", "data"],
  // What needs more than the public namespace has found something that is missing there.
  toolshed: ["mod.ts", "optim", "data"],
  models: ["mod.ts", "formats"],
  text: ["mod.ts", "models", "formats"],
  serve: ["mod.ts", "models", "text", "formats"],
  cli: ["mod.ts", "toolshed", "models", "text", "serve", "formats", "checkpoints", "optim", "data"],
  // Side rooms.
  formats: upTo("array"),
  optim: upTo("array"),
  data: upTo("array"),
  checkpoints: [...upTo("variables"), "formats"],
  // A museum with a fire door: earlier APIs stand on the public namespace, and nothing stands on them.
  deprecated: ["mod.ts"],
  // These look left; nothing imports them.
  testing: upTo("mod.ts"),
  bench: [...LINE, "formats", "optim", "data", "checkpoints", "testing"],
};

/** Modules of the host that a run-time file may import, by the start of the file's path. */
const HOSTS: readonly { readonly path: string; readonly modules: RegExp }[] = [
  { path: "wasm/platform/node.ts", modules: /^node:/ },
  { path: "cli/", modules: /^node:/ },
  { path: "bench/", modules: /^(node|npm):/ },
];

/** Root files that are rooms of their own, or belong to one. */
const ROOT_FILES: Readonly<Record<string, string>> = { "mod.ts": "mod.ts", "manual.ts": "mod.ts", "worker.ts": "wasm" };

/** Folders that may import anything and are imported by nothing. */
const OUTSIDE: ReadonlySet<string> = new Set(["tests", "scripts", "docs"]);

/** One import as it stands in a file. */
interface Import {
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** The path in the repository, or the resolved specifier where it leads outside. */
  readonly to: string;
}

/** The parts of `deno info --json` that are read here. */
interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Reference;
      readonly type?: Reference;
    }[];
  }[];
}

/** Where an import stands and leads. */
interface Reference {
  readonly specifier?: string;
  readonly error?: string;
  readonly span: { readonly start: { readonly line: number } };
}

/** Returns the room of a path in the repository; undefined where the path lies outside of the library. */
export function roomOf(path: string): string | undefined {
  const [first, ...rest] = path.split("/");
  if (first === undefined || OUTSIDE.has(first)) return undefined;
  return rest.length === 0 ? ROOT_FILES[first] : first;
}

/** Returns the rooms that `room` may import from; undefined for a room that no list has. */
function seenFrom(room: string): readonly string[] | undefined {
  return EXCEPTIONS[room] ?? (LINE.includes(room) ? upTo(room) : undefined);
}

/** Returns what is wrong with one import, or undefined. */
function fault({ from, to, specifier }: Import): string | undefined {
  const room = roomOf(from);
  if (room === undefined) return undefined;
  if (/^[a-z]+:/.test(to)) {
    const host = HOSTS.find(({ path }) => from.startsWith(path));
    if (host?.modules.test(to)) return undefined;
    return `Cannot import "${specifier}": ${room} runs on every host and has no dependencies\n` +
      `try: reach modules of the host through wasm/platform/node.ts`;
  }
  const file = to.split("/").at(-1) ?? to;
  const folder = to.slice(0, -file.length);
  if (file.startsWith("_") && !from.startsWith(folder)) {
    return `Cannot import "${specifier}": "${to}" is private to its folder\ntry: import from ${folder}mod.ts`;
  }
  const target = roomOf(to);
  const seen = seenFrom(room);
  if (seen === undefined) {
    return `Cannot place "${room}": scripts/check_imports.ts has no such room\ntry: give the folder its place there`;
  }
  if (target === room || (target !== undefined && seen.includes(target))) return undefined;
  return `Cannot import "${specifier}" from ${room}: the arrow is reversed\n` +
    `sees: ${seen.length === 0 ? "nothing of penjing" : seen.join(", ")}\n` +
    `leads to: ${target ?? to}`;
}

/** Reads all imports of the library's files below `root` from the module graph. */
async function readImports(root: string): Promise<{ imports: Import[]; findings: Finding[] }> {
  const files = listFiles(root, ".ts").filter((path) => roomOf(path) !== undefined);
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const urls = files.map((path) => pathToFileURL(join(root, path)).href);
    await Deno.writeTextFile(entry, urls.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    const config = join(root, "deno.json");
    const { success, stdout, stderr } = await deno([
      "info",
      "--json",
      "--no-lock",
      "--no-npm",
      "--config",
      config,
      entry,
    ], root);
    if (!success) throw new Error(`Cannot read the module graph of "${root}"\n${stderr}`);
    const { modules } = JSON.parse(stdout) as Info;
    const local = (url: string): string => url.startsWith("file:") ? relative(root, fileURLToPath(url)) : url;
    const imports: Import[] = [];
    const findings: Finding[] = [];
    const own = new Set(urls);
    const errors = new Map(modules.map(({ specifier, error }) => [specifier, error]));
    for (const module of modules) {
      if (!own.has(module.specifier)) continue;
      const from = local(module.specifier);
      for (const { specifier, code, type } of module.dependencies ?? []) {
        const reference = code ?? type;
        if (reference === undefined) continue;
        const line = reference.span.start.line + 1;
        const error = reference.error ?? errors.get(reference.specifier ?? "");
        if (error !== undefined || reference.specifier === undefined) {
          findings.push({ place: `${from}:${line}`, message: `Cannot import "${specifier}": ${error ?? "not found"}` });
        } else {
          imports.push({ from, line, specifier, to: local(reference.specifier) });
        }
      }
    }
    return { imports, findings };
  } finally {
    await Deno.remove(entry);
  }
}

/** Returns the imports below `root` that go against the arrow. */
export async function checkImports(root: string = REPOSITORY): Promise<Finding[]> {
  const { imports, findings } = await readImports(root);
  for (const each of imports) {
    const message = fault(each);
    if (message !== undefined) findings.push({ place: `${each.from}:${each.line}`, message });
  }
  return findings;
}

if (import.meta.main) await report("imports", checkImports());
