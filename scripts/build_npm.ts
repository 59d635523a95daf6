/**
 * Builds the npm package and, with `--test`, tests it as its consumers meet it.
 *
 *     deno task npm          npm/package, and the tarball beside it
 *     deno task test:npm     the same; then the tarball is installed into a fresh folder, where the suite and the examples
 *                            run in Node and in the oldest Deno, a consumer is type-checked, and three bundlers' output
 *                            runs in Chromium
 *
 * @module
 */

import { join } from "node:path";
import { finish, run, type StepBody } from "./_run.ts";
import { BUNDLERS, checkBundler, checkDist, checkRaw, checkTypes } from "./npm/consumers.ts";
import { buildPackage, type Package } from "./npm/package.ts";
import { FILES, runInDeno, runInNode, writeExamples, writeSuite } from "./npm/suite.ts";
import { currentNode, installTools, oldestDeno } from "./npm/tools.ts";

/** Installs the tarball into a fresh folder and tests it there. */
async function testPackage({ tarball, name }: Package): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "penjing-npm-" }));
  try {
    await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: folder });
    const installed = join(folder, "node_modules", name);
    const tests = await writeSuite(folder, name);
    const examples = await writeExamples(folder);
    const [node, deno] = [currentNode(), oldestDeno()];
    const [noNode, noDeno] = ["no current Node for this host", "no Deno 2.5 for this host"];
    await finish([
      ["types", () => checkTypes(folder)],
      ["raw module", () => checkRaw(folder)],
      ["suite", () => runInNode("node", folder, tests, FILES)],
      ["suite", () => node === undefined ? noNode : runInNode(node, folder, tests, FILES)],
      ["suite", () => deno === undefined ? noDeno : runInDeno(deno, folder, tests, FILES)],
      ["examples", () => runInNode("node", folder, examples)],
      ["examples", () => node === undefined ? noNode : runInNode(node, folder, examples)],
      ["examples", () => deno === undefined ? noDeno : runInDeno(deno, folder, examples)],
      ...Object.keys(BUNDLERS).map((bundler): [string, StepBody] => [
        bundler,
        () => checkBundler(bundler, folder, installed),
      ]),
      ["dist", () => checkDist(folder, installed)],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

await installTools();
const made = await buildPackage();
console.log(`${made.name}: ${(made.packed / 1000).toFixed(1)} kB packed, in ${made.tarball}`);
if (Deno.args.includes("--test")) await testPackage(made);
