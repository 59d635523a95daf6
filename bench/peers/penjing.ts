/**
 * penjing itself, wrapped like its peers, and the probes that measure the machine's limits with the same build.
 *
 * Operands are resident, outputs are written in place, and every run is an eager call of `pz.kernels`: the plan is
 * written anew each time, as it is for a user.
 *
 * @module
 */
import * as pz from "../../manual.ts";
import { CHAINS } from "../data.ts";
import type { Engine, Job, Spec, Values } from "../contract.ts";

const { kernels } = pz;
type Operand = pz.kernels.Operand;

/** FLOP of one turn of the `madd` probe for one element of its operand. */
const MADD_FLOP = 384;
/** Turns of `madd` that take a thread about 3 µs: longer than any hand-over, short enough to show it. */
const SHORT_TURNS = 400;
/** Tasks of a wake: a quarter of a millisecond for one thread. */
const WAKE_TASKS = 100;
/** Long enough for workers to have stopped spinning and gone to sleep. */
const SLEEP_MILLISECONDS = 3;
/** Wakes of one measurement; odd, for the median. */
const WAKES = 21;

/** A chain of operations as a program. */
export function chainProgram(op: keyof typeof CHAINS): pz.kernels.Elementwise {
  const program = new kernels.Elementwise();
  const x = program.load(0);
  const value = CHAINS[op].reduce(
    (y, [op, operand]) => program.apply(`${op}_f32`, y, operand === "x" ? x : program.float(operand)),
    x,
  );
  program.store(value, 0);
  return program;
}

/** A job that calls a kernel, and whose operands are freed with it. */
function job(run: () => void, output: Operand, ...inputs: readonly Operand[]): Job {
  return {
    run,
    result: () => kernels.download(output) as Values,
    dispose: () => [output, ...inputs].forEach((operand) => kernels.release(operand)),
  };
}

function upload(data: Values, ...shape: readonly number[]): Operand {
  return kernels.upload(data, { shape });
}

/** Seconds of the quicker of `repeats` calls. */
function quickest(repeats: number, call: () => void): number {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    call();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

/** A plan that runs `madd` on `tasks` elements, `count` times over, and its slot. */
function madds(tasks: number, turns: number, count: number): { run: () => void; operand: Operand } {
  const operand = kernels.allocate([tasks], "float32");
  const plan = new kernels.Plan();
  const placed = { slot: 0, offset: 0, dtype: operand.dtype, shape: operand.shape, strides: operand.strides };
  plan.loop({ count }, (body) => body.probe("madd", placed, turns));
  const words = plan.words();
  return { run: () => kernels.runPlan(words, [operand]), operand };
}

/**
 * The price of a barrier: a loop of parallel instructions with one short task for each thread, less the same loop with
 * one task in all, which runs on the caller.
 */
function barrier(threads: number, count: number): Job {
  const [parallel, serial] = [madds(threads, SHORT_TURNS, count), madds(1, SHORT_TURNS, count)];
  return {
    run: parallel.run,
    measure: () => quickest(3, parallel.run) - quickest(3, serial.run),
    dispose: () => [parallel, serial].forEach(({ operand }) => kernels.release(operand)),
  };
}

/**
 * The time until a sleeping worker takes its first task: short tasks note who ran them, and those before the first that
 * a worker ran took the time it needed to come. Where the caller ran none before, since the system gave its core to the
 * worker it woke, or ran all, the whole call is what waking cost. Median over wakes.
 */
function wake(threads: number): Job {
  const operand = kernels.allocate([WAKE_TASKS], "float32");
  const run = (): void => kernels.probe("crew", operand, { turns: SHORT_TURNS });
  const one = madds(1, SHORT_TURNS * WAKE_TASKS, 1);
  return {
    run,
    measure: async () => {
      const seconds = quickest(WAKES, one.run) / WAKE_TASKS;
      const waits: number[] = [];
      for (let i = 0; i < WAKES; i++) {
        await new Promise((resolve) => setTimeout(resolve, SLEEP_MILLISECONDS));
        const start = performance.now();
        run();
        const elapsed = (performance.now() - start) / 1000;
        const first = kernels.download(operand).findIndex((thread) => thread > 0 && thread < threads);
        waits.push(first > 0 ? first * seconds : elapsed);
      }
      return waits.sort((a, b) => a - b)[WAKES >> 1]!;
    },
    dispose: () => [operand, one.operand].forEach((used) => kernels.release(used)),
  };
}

/** The job of a spec. */
function prepare(spec: Spec, inputs: readonly Values[], threads: number): Job | undefined {
  const [x, y] = inputs as [Values, Values];
  switch (spec.op) {
    case "matmul": {
      const operands = [upload(x, spec.m, spec.k), upload(y, spec.k, spec.n)] as const;
      const out = kernels.allocate([spec.m, spec.n], "float32");
      return job(() => kernels.matmul(out, ...operands), out, ...operands);
    }
    case "integer matmul": {
      const operands = [upload(x, spec.m, spec.k), upload(y, spec.k, spec.n)] as const;
      const out = kernels.allocate([spec.m, spec.n], "int32");
      return job(() => kernels.matmul(out, ...operands), out, ...operands);
    }
    case "matvec": {
      const operands = [upload(x, spec.rows, spec.columns), upload(y, spec.columns, 1)] as const;
      const out = kernels.allocate([spec.rows, 1], "float32");
      return job(() => kernels.matmul(out, ...operands), out, ...operands);
    }
    case "exp": {
      const [input, out] = [upload(x, spec.size), kernels.allocate([spec.size], "float32")];
      return job(() => kernels.unary("exp_f32", out, input), out, input);
    }
    case "gelu": {
      const [input, out] = [upload(x, spec.size), kernels.allocate([spec.size], "float32")];
      return job(() => kernels.gelu(out, input), out, input);
    }
    case "add": {
      const operands = [upload(x, spec.size), upload(y, spec.size)] as const;
      const out = kernels.allocate([spec.size], "float32");
      return job(() => kernels.binary("add_f32", out, ...operands), out, ...operands);
    }
    case "chain":
    case "hardGelu": {
      const [input, out] = [upload(x, spec.size), kernels.allocate([spec.size], "float32")];
      const program = chainProgram(spec.op);
      return job(() => kernels.elementwise(program, [out], [input]), out, input);
    }
    case "softmax":
    case "logSoftmax": {
      const input = upload(x, spec.rows, spec.columns);
      const out = kernels.allocate(input.shape, "float32");
      return job(() => kernels[spec.op](out, input), out, input);
    }
    case "rmsNorm": {
      const [input, scale] = [upload(x, spec.rows, spec.columns), upload(y, spec.columns)];
      const out = kernels.allocate(input.shape, "float32");
      return job(() => kernels.rmsNorm(out, input, { scale }), out, input, scale);
    }
    case "layerNorm": {
      const input = upload(x, spec.rows, spec.columns);
      const [scale, bias] = [upload(y, spec.columns), upload(inputs[2]!, spec.columns)];
      const out = kernels.allocate(input.shape, "float32");
      return job(() => kernels.layerNorm(out, input, { scale, bias }), out, input, scale, bias);
    }
    case "attention": {
      const { heads, queries, keys, dim, causal, capacity } = spec;
      const q = upload(x, heads, queries, dim);
      const out = kernels.allocate([1, heads, queries, dim], "float32");
      const options = { causal, scale: 1 / Math.sqrt(dim), ...(capacity !== undefined && { length: keys }) };
      const place = (data: Values): Operand => {
        const given = upload(data, heads, keys, dim);
        if (capacity === undefined) return { ...given, shape: [1, ...given.shape], strides: [0, ...given.strides] };
        // A cache as decoders keep it: the heads of one key side by side.
        const cache = kernels.allocate([capacity, heads, dim], "float32");
        kernels.copy(kernels.slice(cache, 0, 0, keys), kernels.transpose(given, [1, 0, 2]));
        kernels.release(given);
        return { ...cache, shape: [1, heads, capacity, dim], strides: [0, dim, heads * dim, 1] };
      };
      const [k, v] = [place(y), place(inputs[2]!)];
      const query = { ...q, shape: [1, ...q.shape], strides: [0, ...q.strides] };
      return job(() => kernels.attention(out, query, k, v, options), out, q, k, v);
    }
    case "sum":
    case "max":
    case "argmax": {
      const input = upload(x, spec.rows, spec.columns);
      const kept = spec.axis === 0 ? spec.columns : spec.rows;
      const out = kernels.allocate([kept], spec.op === "argmax" ? "int32" : "float32");
      return job(() => kernels.reduce(spec.op, out, input, { axes: [spec.axis] }), out, input);
    }
    case "transpose": {
      const input = upload(x, spec.rows, spec.columns);
      const out = kernels.allocate([spec.columns, spec.rows], "float32");
      const view = kernels.transpose(input);
      return job(() => kernels.copy(out, view), out, input);
    }
    case "gather": {
      const [source, indices] = [upload(x, spec.rows, spec.columns), upload(y, spec.count)];
      const out = kernels.allocate([spec.count, spec.columns], "float32");
      return job(() => kernels.gather(out, source, indices), out, source, indices);
    }
    case "gather f16": {
      const words = kernels.upload(x, { shape: [spec.rows, spec.columns / 2] });
      const source = {
        ...words,
        dtype: "float16",
        shape: [spec.rows, spec.columns],
        strides: [spec.columns, 1],
      } as const;
      const [indices, out] = [upload(y, spec.count), kernels.allocate([spec.count, spec.columns / 2], "uint32")];
      const halves = {
        ...out,
        dtype: "float16",
        shape: [spec.count, spec.columns],
        strides: [spec.columns, 1],
      } as const;
      return job(() => kernels.gather(halves, source, indices), out, words, indices);
    }
    case "scatter add": {
      const [updates, indices] = [upload(x, spec.count, spec.columns), upload(y, spec.count, 1)];
      const zeros = { ...upload(new Float32Array(1), 1), shape: [spec.rows, spec.columns], strides: [0, 0] };
      const out = kernels.allocate(zeros.shape, "float32");
      kernels.copy(out, zeros);
      const add = (): void => kernels.scatter("add", out, indices, updates);
      const anew = (): void => (kernels.copy(out, zeros), add());
      return {
        ...job(spec.fresh ? anew : add, out, zeros, updates, indices),
        result: () => (anew(), kernels.download(out) as Values),
      };
    }
    case "cumsum": {
      const input = upload(x, spec.rows, spec.columns);
      const out = kernels.allocate(input.shape, "float32");
      return job(() => kernels.cumulative("sum", out, input, { axis: spec.axis }), out, input);
    }
    case "sort":
    case "argsort": {
      const input = upload(x, spec.size);
      const out = kernels.allocate([spec.size], spec.op === "sort" ? "float32" : "int32");
      return job(() => kernels[spec.op](out, input), out, input);
    }
    case "topk": {
      const input = upload(x, spec.size);
      const [values, places] = [kernels.allocate([spec.count], "float32"), kernels.allocate([spec.count], "int32")];
      return job(() => kernels.topK(values, places, input), values, places, input);
    }
    case "concatenate": {
      const parts = inputs.map((part) => upload(part, spec.rows, spec.columns / spec.parts));
      const out = kernels.allocate([spec.rows, spec.columns], "float32");
      return job(() => kernels.concatenate(out, parts, 1), out, ...parts);
    }
    case "pad": {
      const [input, zero] = [upload(x, spec.rows, spec.columns), upload(new Float32Array(1))];
      const out = kernels.allocate(input.shape.map((size) => size + 2 * spec.border), "float32");
      const padding = input.shape.map(() => ({ low: spec.border, high: spec.border }));
      return job(() => kernels.pad(out, input, zero, padding), out, input, zero);
    }
    case "reverse": {
      const input = upload(x, spec.rows, spec.columns);
      const out = kernels.allocate(input.shape, "float32");
      return job(() => kernels.copy(out, kernels.reverse(input, [1])), out, input);
    }
    case "oneHot": {
      const [indices, out] = [upload(x, spec.count), kernels.allocate([spec.count, spec.classes], "float32")];
      return job(() => kernels.oneHot(out, indices), out, indices);
    }
    case "dynamicUpdate": {
      const [out, update] = [upload(x, spec.rows, spec.columns), upload(y, spec.rows / 2, spec.columns)];
      const starts = upload(inputs[2]!, 2);
      return job(() => kernels.dynamicUpdateSlice(out, update, starts), out, update, starts);
    }
    case "widen": {
      const input = kernels.upload(x, { dtype: "float16" });
      const out = kernels.allocate([spec.size], "float32");
      const program = new kernels.Elementwise();
      program.store(program.load(0), 0);
      return job(() => kernels.elementwise(program, [out], [input]), out, input);
    }
    case "select": {
      const operands = inputs.map((input) => upload(input, spec.size));
      const out = kernels.allocate([spec.size], "float32");
      const program = new kernels.Elementwise();
      const [a, b, c] = [0, 1, 2].map((input) => program.load(input)) as [number, number, number];
      program.store(program.apply("select", program.apply("gt_f32", a, b), a, c), 0);
      return job(() => kernels.elementwise(program, [out], operands), out, ...operands);
    }
    case "countTrue":
    case "any": {
      const input = kernels.upload(x, { shape: [spec.rows, spec.columns], dtype: "bool" });
      const out = kernels.allocate([spec.rows], spec.op === "any" ? "bool" : "uint32");
      const kind = spec.op === "any" ? "any" : "sum";
      return job(() => kernels.reduce(kind, out, input, { axes: [1] }), out, input);
    }
    case "threefry": {
      const [key, out] = [upload(x, 2), kernels.allocate([spec.size], spec.dtype ?? "uint32")];
      return job(() => kernels.threefry(out, key, { mode: spec.layout }), out, key);
    }
    case "task":
    case "contained product":
    case "one program":
      return undefined;
    case "barrier":
      return threads === 1 ? undefined : barrier(threads, spec.count);
    case "wake":
      return threads === 1 ? undefined : wake(threads);
    case "madd": {
      const operand = kernels.allocate([threads], "float32");
      const turns = Math.round(spec.flop / MADD_FLOP / threads);
      return { run: () => kernels.probe("madd", operand, { turns }), dispose: () => kernels.release(operand) };
    }
    case "sweep": {
      const operand = kernels.upload(new Float32Array(spec.bytes >> 2));
      return { run: () => kernels.probe("sweep", operand, { turns: 1 }), dispose: () => kernels.release(operand) };
    }
    case "bare loop": {
      // Not a power of two apart, as arrays of their own are not.
      const [arrays, apart] = [spec.inputs + 1, 448];
      const operand = kernels.upload(new Float32Array((spec.bytes >> 2) + arrays * apart).fill(1));
      return { run: () => kernels.probe("add", operand, { turns: arrays }), dispose: () => kernels.release(operand) };
    }
    case "copy": {
      const words = spec.bytes >> 3;
      if (spec.by === "host") {
        const [from, to] = [new Float32Array(words).fill(1), new Float32Array(words)];
        return { run: () => to.set(from), dispose: () => {} };
      }
      const [from, to] = [kernels.upload(new Float32Array(words).fill(1)), kernels.allocate([words], "float32")];
      return { run: () => kernels.copy(to, from), dispose: () => [from, to].forEach((used) => kernels.release(used)) };
    }
  }
}

/** Starts penjing with `threads` threads, workers included. */
export async function start(threads: number, build?: string): Promise<Engine> {
  await pz.init({ threads, ...(build !== undefined && { build: build as pz.BuildName }) });
  await pz.backend.startWorkers();
  const info = pz.backend.info();
  if (info.workers !== threads - 1) {
    throw new Error(`Cannot measure with ${threads} threads: ${info.workers + 1} came up (${info.why})`);
  }
  return {
    about: `penjing, build ${info.build}, lane ${info.lane}, ${info.why}`,
    prepare: (spec, inputs) => prepare(spec, inputs, threads),
  };
}
