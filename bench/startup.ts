/**
 * Question: how long does a user wait for the first result of a fresh process?
 *
 * Each library gets a script that imports it and multiplies two 64 x 64 matrices; the time from starting Deno to its
 * end is taken, and that of a module that does nothing taken off. Scripts take turns, fifteen times after one that
 * fills the caches on disk; the difference is of medians. What is measured so is reading, compiling and running the
 * library's code and WebAssembly, with permissions granted, the disk warm and the type checker out of it.
 *
 * @module
 */
import { advantage, OURS } from "./contest.ts";
import type { ContestOptions } from "./contest.ts";
import type { Measured, Row } from "./contract.ts";

/** How often each script runs; odd, for the median. */
const RUNS = 15;

/** The cases: the goal is 1.2 times jax-js at most, the quickest peer. */
export const CASES: readonly Measured[] = [{
  name: "startup import and first matmul 64",
  unit: "ms",
  goal: { ratio: 1 / 1.2 },
}];

/** How the figures come about. */
export const METHOD: string = `Medians of ${RUNS} alternating runs of a fresh process, less a bare start.`;

/** Written into a file each. Versions are those of `peers/`; each checks its result and ends at once. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bare: `export {};`,
  [OURS]: `
    import * as pz from "${new URL("../mod.ts", import.meta.url)}";
    const x = pz.kernels.upload(new Float32Array(4096).fill(0.5), { shape: [64, 64], dtype: "float32" });
    const y = pz.kernels.allocate([64, 64], "float32");
    pz.kernels.matmul(y, x, x);
    if (pz.kernels.download(y)[4095] !== 16) throw new Error("wrong result");`,
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

/** Milliseconds from start to end of a script's process. */
async function time(script: string, folder: string): Promise<number> {
  const args = ["run", "-A", "--quiet", "--no-config", "--no-lock", "--no-check", `${folder}/${script}.ts`];
  const start = performance.now();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder }).output();
  const taken = performance.now() - start;
  if (code !== 0) throw new Error(`Cannot measure the start of ${script}: ${new TextDecoder().decode(stderr)}`);
  return taken;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Runs the suite. Threads do not enter: none of the scripts starts a worker on one so small a product. */
export async function* run(options: ContestOptions): AsyncGenerator<Row> {
  const test = CASES[0]!;
  if (!options.only.test(test.name)) return;
  const folder = await Deno.makeTempDir({ prefix: "penjing_startup_" });
  try {
    const times: Record<string, number[]> = {};
    for (const [name, text] of Object.entries(SCRIPTS)) {
      await Deno.writeTextFile(`${folder}/${name}.ts`, `${text}\nDeno.exit(0);\n`);
      await time(name, folder);
      times[name] = [];
    }
    for (let i = 0; i < (options.quick ? 5 : RUNS); i++) {
      for (const [name, taken] of Object.entries(times)) taken.push(await time(name, folder));
    }
    const bare = median(times["bare"]!);
    options.note(`  bare start: ${bare.toFixed(1)} ms`);
    const own = median(times[OURS]!) - bare;
    const peers: Record<string, number> = {};
    for (const [name, taken] of Object.entries(times)) {
      if (name !== "bare" && name !== OURS) peers[name] = median(taken) - bare;
    }
    yield {
      suite: "startup",
      case: test.name,
      threads: 1,
      unit: test.unit,
      ours: own,
      peers,
      limits: {},
      ratio: advantage("ms", own, Math.min(...Object.values(peers))),
      ofLimit: null,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
