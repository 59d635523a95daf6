/**
 * The process in which one library runs: `deno run -A bench/engine.ts NAME THREADS [BUILD]`.
 *
 * A process each, because the libraries change globals, keep workers, need their number of threads before they load,
 * and may crash. It takes requests as JSON lines on standard input and answers each with one line on standard output.
 * Timing happens in here, around loops of runs, so a pipe's delay is never part of a figure.
 *
 * @module
 */
import { inputsOf, sampleOf } from "./data.ts";
import type { Engine, EngineModule, Job, Reply, Request } from "./contract.ts";

/** The wrapped libraries, each loaded in its own process only. */
const MODULES: Readonly<Record<string, () => Promise<EngineModule>>> = {
  "penjing": () => import("./peers/penjing.ts"),
  "onnxruntime-web": () => import("./peers/onnxruntime.ts"),
  "tfjs-wasm": () => import("./peers/tfjs.ts"),
  "jax-js": () => import("./peers/jaxjs.ts"),
  "penjing arrays": () => import("./peers/penjing_arrays.ts"),
  "tfjs-wasm arrays": () => import("./peers/tfjs_arrays.ts"),
  "jax-js arrays": () => import("./peers/jaxjs_arrays.ts"),
};

/** A job with the runs that filled its latest batch, from which the next batch's number follows. */
interface Running {
  readonly job: Job;
  runs: number;
}

/** Seconds of one run, over a batch of runs that lasts about `milliseconds`. */
async function batch(running: Running, milliseconds: number): Promise<number> {
  const { job } = running;
  if (job.measure) return await job.measure();
  const start = performance.now();
  for (let i = 0; i < running.runs; i++) {
    const pending = job.run();
    if (pending instanceof Promise) await pending;
  }
  const taken = performance.now() - start;
  const runs = running.runs;
  if (taken < milliseconds) {
    // A first batch of one run is far too short: grow by at most 50 times a step, and aim a little beyond the mark.
    running.runs = Math.ceil(runs * Math.min(50, 1.15 * milliseconds / Math.max(taken, 0.001)));
    return await batch(running, milliseconds);
  }
  running.runs = Math.max(1, Math.round(runs * Math.max(0.1, 1.1 * milliseconds / taken)));
  return taken / runs / 1000;
}

/** V8 runs new code unoptimized at first, and optimizes it on another thread meanwhile: tens of milliseconds. */
const WARM_UP_MILLISECONDS = 100;

async function warmUp(running: Running): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < WARM_UP_MILLISECONDS) await batch(running, 10);
}

async function answer(engine: Engine, jobs: Map<number, Running>, request: Request): Promise<Reply> {
  if (request.do === "prepare") {
    const job = await engine.prepare(request.spec, inputsOf(request.spec));
    if (!job) return {};
    const id = jobs.size === 0 ? 1 : Math.max(...jobs.keys()) + 1;
    const running: Running = { job, runs: 1 };
    jobs.set(id, running);
    await warmUp(running);
    if (!job.result) return { job: id };
    return { job: id, sample: sampleOf(await job.result()) };
  }
  const running = jobs.get(request.job);
  if (!running) throw new Error(`Cannot ${request.do}: no job ${request.job}`);
  if (request.do === "batch") return { seconds: await batch(running, request.milliseconds) };
  running.job.dispose();
  jobs.delete(request.job);
  return {};
}

/** Yields the lines of standard input. */
async function* lines(): AsyncGenerator<string> {
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

async function main(): Promise<void> {
  const [name = "", threads = "1", build] = Deno.args;
  const send = (reply: Reply) => {
    Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(reply) + "\n"));
  };
  console.log = console.error; // a library's own messages must not come between the replies
  const load = MODULES[name];
  if (!load) throw new Error(`Cannot start engine: unknown name "${name}"`);
  const engine = await (await load()).start(Number(threads), build);
  const jobs = new Map<number, Running>();
  send({ about: engine.about });
  for await (const line of lines()) {
    try {
      send(await answer(engine, jobs, JSON.parse(line) as Request));
    } catch (error) {
      send({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    }
  }
  Deno.exit(0); // some libraries' workers would keep the process
}

await main();
