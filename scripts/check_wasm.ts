/**
 * Verifies that the modules in `wasm/generated` are what `core-rs` makes.
 *
 *     deno task wasm:check [--recorded]
 *
 * 1. Always: each module agrees with the manifest, its text form unpacks to it, and the hash recorded in it is the hash of
 *    today's sources.
 * 2. Where the recorded toolchain is installed: a fresh build has the same bytes.
 * 3. Where another one is installed: a fresh build passes the test suite in a copy of the work tree. A build that fails there
 *    is told and not held against the sources, which the recorded toolchain has built: updating a toolchain must not turn
 *    this check red by itself.
 *
 * `--recorded` stops after the first step.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { type Finding, report, REPOSITORY } from "./_repository.ts";
import { outcome } from "./_run.ts";
import { BUILDS, findToolchain, GENERATED, hashSources, readManifest, TARGET } from "./_wasm_builds.ts";

/** The files of a build that have to be equal when it is made again. */
const ENDINGS = [".wasm", ".js", ".d.ts", "_module.ts"];

/**
 * Compares what is recorded with the modules and with the sources; builds nothing.
 *
 * @param folder The folder of the modules.
 * @param sources Hash of the sources.
 * @returns What disagrees.
 */
export function checkRecords(folder: string = GENERATED, sources: string = hashSources()): Finding[] {
  const findings: Finding[] = [];
  const { builds } = readManifest(folder);
  for (const { name } of BUILDS) {
    const find = (ending: string, message: string): void => {
      findings.push({ place: `wasm/generated/${name}${ending}`, message: `${message}\ntry: deno task wasm` });
    };
    const record = builds[name];
    const missing = ENDINGS.find((ending) => !existsSync(join(folder, name + ending)));
    if (record === undefined || missing !== undefined) {
      find(missing ?? ".wasm", `Cannot find build "${name}" or its record in manifest.json`);
      continue;
    }
    if (record.sources !== sources) {
      find(".wasm", `Cannot accept build "${name}": core-rs or its build script has changed since`);
    }
    const bytes = readFileSync(join(folder, `${name}.wasm`));
    if (createHash("sha256").update(bytes).digest("hex") !== record.sha256) {
      find(".wasm", `Cannot accept build "${name}": its bytes are not those of manifest.json`);
    }
    const text = readFileSync(join(folder, `${name}_module.ts`), "utf8");
    const module = /^export const MODULE: string =\s+"([^"]*)";$/m.exec(text)?.[1] ?? "";
    if (!unpacksTo(module, bytes)) find("_module.ts", `Cannot accept build "${name}": its text is another module`);
    for (const ending of ENDINGS.slice(1)) {
      const content = readFileSync(join(folder, name + ending), "utf8");
      if (!content.includes(record.sources)) find(ending, `Cannot accept build "${name}": it records another hash`);
    }
  }
  return findings;
}

/** Whether base64 of raw deflate unpacks to `bytes`. */
function unpacksTo(module: string, bytes: Uint8Array): boolean {
  try {
    return inflateRawSync(Buffer.from(module, "base64")).equals(bytes);
  } catch {
    return false;
  }
}

/** Builds everything into `out`, with the scripts below `root`; returns the complaint if that fails. */
function rebuild(root: string, out: string): string | undefined {
  const script = join(root, "scripts", "build_wasm.ts");
  const { status, text } = outcome(Deno.execPath(), ["run", "-A", script, "--out", out, "--target", TARGET]);
  return status === 0 ? undefined : text.trim();
}

/** Builds again with the recorded toolchain and compares the bytes. */
function compareBytes(): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), "penjing-wasm-"));
  try {
    const complaint = rebuild(REPOSITORY, folder);
    if (complaint !== undefined) return [{ place: "core-rs", message: complaint }];
    const findings: Finding[] = [];
    for (const file of BUILDS.flatMap(({ name }) => ENDINGS.slice(0, 3).map((ending) => name + ending))) {
      if (!readFileSync(join(folder, file)).equals(readFileSync(join(GENERATED, file)))) {
        const message = "Cannot accept the module: the recorded toolchain makes other bytes of it\ntry: deno task wasm";
        findings.push({ place: `wasm/generated/${file}`, message });
      }
    }
    return findings;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Builds with another toolchain in a copy of the work tree and runs the suite there. */
function testFreshBuild(): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), "penjing-wasm-"));
  const skipped = new Set([".git", "node_modules", "target", "npm"]);
  try {
    cpSync(REPOSITORY, folder, { recursive: true, filter: (path) => !skipped.has(basename(path)) });
    const complaint = rebuild(folder, join(folder, "wasm", "generated"));
    if (complaint !== undefined) {
      console.log(`wasm: this toolchain does not build the sources, so only the record was checked\n${complaint}`);
      return [];
    }
    const { status } = outcome(Deno.execPath(), ["task", "test"], { cwd: folder, show: true });
    const message = "Cannot pass the test suite with modules built by this toolchain";
    return status === 0 ? [] : [{ place: "wasm/generated", message }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All that this machine can check. */
function checkWasm(): Finding[] {
  const findings = checkRecords();
  if (findings.length > 0 || Deno.args.includes("--recorded")) return findings;
  const toolchain = findToolchain();
  if ("missing" in toolchain) {
    console.log(`wasm: the recorded hashes agree; nothing was built, for want of ${toolchain.missing}`);
    return [];
  }
  const labels = new Set(Object.values(readManifest(GENERATED).builds).map((build) => build.toolchain));
  if (labels.size === 1 && labels.has(toolchain.label)) {
    console.log("wasm: the recorded toolchain is here, so the bytes of a fresh build are compared");
    return compareBytes();
  }
  console.log(`wasm: another toolchain is here, so a fresh build is tested instead of comparing bytes`);
  console.log(`  recorded: ${[...labels].join("\n            ")}\n  here:     ${toolchain.label}`);
  return testFreshBuild();
}

if (import.meta.main) await report("wasm", Promise.resolve(checkWasm()));
