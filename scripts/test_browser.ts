/**
 * Runs the smoke suite (`tests/browser/smoke.ts`) in headless Chromium, once for each way a page may be served.
 *
 *     deno task test:browser
 *
 * The suite is bundled with small stand-ins for `node:test` and `node:assert/strict`, so the shared tests run unchanged.
 *
 * @module
 */

import { join } from "node:path";
import { ISOLATED, runPage } from "./_browser.ts";
import { REPOSITORY } from "./_repository.ts";
import { finish, run, type Step } from "./_run.ts";
import { installTools, tool } from "./npm/tools.ts";

/** What the page posts. */
interface Report {
  readonly error?: string;
  readonly why: string;
  readonly threads: number;
  readonly passed: number;
  readonly skipped: number;
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** The ways a page is served; the suite reads the name from the query and expects what follows from it. */
const PAGES: readonly { readonly name: string; readonly headers: Readonly<Record<string, string>> }[] = [
  { name: "isolated", headers: ISOLATED },
  { name: "not-isolated", headers: {} },
  {
    name: "strict-policy",
    headers: { ...ISOLATED, "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" },
  },
];

/** Bundles the page and what it loads into `folder`. */
async function bundle(folder: string): Promise<void> {
  const shims = join(REPOSITORY, "tests", "browser");
  const options = [
    "--bundle",
    "--splitting",
    "--format=esm",
    "--target=es2022",
    "--entry-names=[name]",
    "--log-level=warning",
    `--outdir=${folder}`,
    `--alias:node:test=${join(shims, "_testing.ts")}`,
    `--alias:node:assert/strict=${join(shims, "_assert.ts")}`,
    `--alias:@penjing/penjing/manual=${join(REPOSITORY, "manual.ts")}`,
    `--alias:@penjing/penjing=${join(REPOSITORY, "mod.ts")}`,
    // As the npm package does for browsers; nothing reaches it there.
    "--external:node:*",
  ];
  run(tool("esbuild"), ["tests/browser/smoke.ts", "worker.ts", ...options], { cwd: REPOSITORY });
  const page = `<!doctype html><meta charset="utf-8"><title>penjing</title>`;
  await Deno.writeTextFile(join(folder, "index.html"), `${page}<script type="module" src="smoke.js"></script>\n`);
}

/** Opens one page, prints what failed there, and returns how it went. */
async function openPage(folder: string, name: string, headers: Readonly<Record<string, string>>): Promise<Step> {
  const { error, why, threads, passed, skipped, failed } =
    (await runPage({ folder, headers, page: `index.html?${name}` })).report as Report;
  if (error !== undefined) throw new Error(`Cannot run the suite on the page "${name}": ${error}`);
  for (const { name: test, error } of failed) console.error(`${name}: ${test}\n  ${error.replaceAll("\n", "\n  ")}`);
  const note = `${skipped} skipped; ${threads} thread${threads === 1 ? "" : "s"} (${why})`;
  return { success: failed.length === 0, passed, failed: failed.length, note };
}

const folder = await Deno.makeTempDir();
try {
  await installTools();
  await bundle(folder);
  await finish(PAGES.map(({ name, headers }) => [name, () => openPage(folder, name, headers)]));
} finally {
  await Deno.remove(folder, { recursive: true });
}
