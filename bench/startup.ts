/**
 * Question: how long does a user wait for the first result of a fresh process?
 *
 * Each library gets a script that imports it and multiplies two 64 x 64 matrices; the time from starting Deno to its
 * end is taken, and that of a module that does nothing taken off. Scripts take turns, fifteen times after one that
 * fills the caches on disk; the difference is of medians. What is measured so is reading, compiling and running the
 * library's code and WebAssembly, with permissions granted, the disk warm and the type checker out of it.
 *
 * All are npm packages, ours as `deno task npm` makes it: its entry is one file, as the peers' are. A second row has the
 * sources, of which Deno reads and transpiles a hundred.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { advantage, OURS } from "./contest.ts";
import type { ContestOptions } from "./contest.ts";
import type { Measured, Row } from "./contract.ts";

/** How often each script runs; odd, for the median. */
const RUNS = 15;

/** The cases: the goal is 1.2 times jax-js at most, the quickest peer. */
export const CASES: readonly Measured[] = [
  { name: "startup import and first matmul 64", unit: "ms", goal: { ratio: 1 / 1.2 } },
  { name: "startup from sources", unit: "ms" },
];

/** How the figures come about. */
export const METHOD: string = `Medians of ${RUNS} alternating runs of a fresh process, less a bare start.`;

/** The script of ours that imports `entry`. */
function ownScript(entry: string): string {
  return `
    import * as pz from "${entry}";
    const x = pz.kernels.upload(new Float32Array(4096).fill(0.5), { shape: [64, 64], dtype: "float32" });
    const y = pz.kernels.allocate([64, 64], "float32");
    pz.kernels.matmul(y, x, x);
    if (pz.kernels.download(y)[4095] !== 16) throw new Error("wrong result");`;
}

/** The script whose time is the second row. */
const SOURCES = "sources";

/** Written into a file each. Versions are those of `peers/`; each checks its result and ends at once. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bare: `export {};`,
  [OURS]: ownScript("@penjing/penjing"),
  [SOURCES]: ownScript(String(new URL("../mod.ts", import.meta.url))),
  "jax-js": `
    import { numpy as np } from "npm:@jax-js/jax@0.1.25";
    const x = np.array(new Float32Array(4096).fill(0.5), { shape: [64, 64] });
    if (np.matmul(x.ref, x).dataSync()[4095] !== 16) throw new Error("wrong result");`,
  "tfjs-wasm": `
    import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
    import "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
    await tf.setBackend("wasm");
    const x = tf.tensor(new Float32Array(4096).fill(0.5), [64, 64]);
    if (tf.matMul(x, x).dataSync()[4095] !== 16) throw new Error("wrong result");`,
  "onnxruntime-web": `
    import * as ort from "npm:onnxruntime-web@1.30.0";
    import { onnxModel } from "${new URL("./peers/onnx_model.ts", import.meta.url)}";
    const x = { name: "x", type: 1, shape: [64, 64], data: new Float32Array(4096).fill(0.5) };
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(onnxModel({
      nodes: [{ op: "MatMul", inputs: ["x", "x"], outputs: ["y"] }],
      constants: [x],
      outputs: [{ ...x, name: "y" }],
    }), { executionProviders: ["wasm"], graphOptimizationLevel: "disabled" });
    if ((await session.run({})).y.data[4095] !== 16) throw new Error("wrong result");`,
};

/** Runs Deno to its end, or throws what it says. */
async function deno(args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd }).output();
  if (!success) throw new Error(`Cannot run "deno ${args.join(" ")}": ${new TextDecoder().decode(stderr)}`);
}

/** Builds our package, and lays it where a script in `folder` finds it by name. */
async function install(folder: string): Promise<void> {
  const repository = fileURLToPath(new URL("..", import.meta.url));
  await deno(["task", "npm"], repository);
  await Deno.mkdir(join(folder, "node_modules", "@penjing"), { recursive: true });
  await Deno.symlink(join(repository, "npm", "package"), join(folder, "node_modules", "@penjing", "penjing"));
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

/** Milliseconds from start to end of a script's process. */
async function time(script: string, folder: string): Promise<number> {
  // A `node_modules` beside the script makes Deno deaf to `npm:`, by which the peers are imported.
  const packages = script === OURS ? "--node-modules-dir=manual" : "--no-config";
  const args = ["run", "-A", "--quiet", packages, "--no-lock", "--no-check", `${script}.ts`];
  const cwd = join(folder, script);
  const start = performance.now();
  await deno(args, cwd);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Writes the scripts into folders of `folder`, and returns how long each takes to run, less a bare start. */
async function measure(folder: string, runs: number, note: (line: string) => void): Promise<Record<string, number>> {
  await install(join(folder, OURS));
  const times: Record<string, number[]> = {};
  for (const [name, text] of Object.entries(SCRIPTS)) {
    await Deno.mkdir(join(folder, name), { recursive: true });
    await Deno.writeTextFile(join(folder, name, `${name}.ts`), `${text}\nDeno.exit(0);\n`);
    await time(name, folder);
    times[name] = [];
  }
  for (let i = 0; i < runs; i++) {
    for (const [name, taken] of Object.entries(times)) taken.push(await time(name, folder));
  }
  const { bare = [], ...others } = times;
  note(`  bare start: ${median(bare).toFixed(1)} ms`);
  return Object.fromEntries(Object.entries(others).map(([name, taken]) => [name, median(taken) - median(bare)]));
}

/** Runs the suite. Threads do not enter: none of the scripts starts a worker on one so small a product. */
export async function* run(options: ContestOptions): AsyncGenerator<Row> {
  if (!CASES.some(({ name }) => options.only.test(name))) return;
  const folder = await Deno.makeTempDir({ prefix: "penjing_startup_" });
  try {
    const times = await measure(folder, options.quick ? 5 : RUNS, options.note);
    const { [OURS]: own = NaN, [SOURCES]: sources = NaN, ...peers } = times;
    for (const [index, ours] of [own, sources].entries()) {
      const { name, unit } = CASES[index]!;
      if (!options.only.test(name)) continue;
      const ratio = advantage("ms", ours, Math.min(...Object.values(peers)));
      yield { suite: "startup", case: name, threads: 1, unit, ours, peers, limits: {}, ratio, ofLimit: null };
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
