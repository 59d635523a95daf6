import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { BUILDS } from "../../scripts/_wasm_builds.ts";
import { checkRecords } from "../../scripts/check_wasm.ts";
import { withTree } from "./_tree.ts";

const SOURCES = "5eed".repeat(16);

/** A folder of modules whose records agree, with the changes of `edit`. */
function modules(edit: Readonly<Record<string, string>> = {}, sources: string = SOURCES): Record<string, string> {
  const files: Record<string, string> = {};
  const builds: Record<string, unknown> = {};
  for (const { name } of BUILDS) {
    const bytes = `module ${name}`;
    const text = deflateRawSync(bytes).toString("base64");
    files[`${name}.wasm`] = bytes;
    files[`${name}.js`] = files[`${name}.d.ts`] = `// Sources: sha256 ${sources}`;
    files[`${name}_module.ts`] = `// ${sources}\nexport const MODULE: string =\n  "${text}";\n`;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    builds[name] = { bytes: bytes.length, deflated: 1, sha256, sources, toolchain: "a toolchain" };
  }
  files["manifest.json"] = JSON.stringify({ generator: "a test", builds });
  return { ...files, ...edit };
}

test("checkRecords() accepts modules that agree with their records", async () => {
  assert.deepEqual(await withTree(modules(), (folder) => checkRecords(folder, SOURCES)), []);
});

test("checkRecords() finds modules older than their sources", async () => {
  const findings = await withTree(modules({}, "01d5".repeat(16)), (folder) => checkRecords(folder, SOURCES));
  assert.equal(findings.length, BUILDS.length);
  assert.deepEqual(findings[0], {
    place: "wasm/generated/scalar.wasm",
    message: 'Cannot accept build "scalar": core-rs or its build script has changed since\ntry: deno task wasm',
  });
});

test("checkRecords() finds bytes, text and glue that were changed or lost", async () => {
  const edit = {
    "simd.wasm": "another module",
    "relaxed_module.ts": `// ${SOURCES}\nexport const MODULE: string =\n  "AAAA";\n`,
    "scalar.js": "// Sources: none",
  };
  const files = modules(edit);
  delete files["simd_threads.d.ts"];
  const findings = await withTree(files, (folder) => checkRecords(folder, SOURCES));
  assert.deepEqual(findings.map(({ place, message }) => `${place}: ${message.split("\n")[0]}`), [
    'wasm/generated/scalar.js: Cannot accept build "scalar": it records another hash',
    'wasm/generated/simd.wasm: Cannot accept build "simd": its bytes are not those of manifest.json',
    'wasm/generated/simd_module.ts: Cannot accept build "simd": its text is another module',
    'wasm/generated/simd_threads.d.ts: Cannot find build "simd_threads" or its record in manifest.json',
    'wasm/generated/relaxed_module.ts: Cannot accept build "relaxed": its text is another module',
  ]);
});
