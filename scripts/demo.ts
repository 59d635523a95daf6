/**
 * `deno task demo`: what the kernels do on this machine, in a few seconds.
 *
 * Question it answers: does it work here, how fast is it, how close to what the machine can do, and do threads help?
 * Each kernel runs on one thread and on all of them; its result is compared with the plainest loop that computes the
 * same in double precision. Speed is the best of several short runs. Needs no permission and no package.
 *
 * Then a small network is trained, with arrays and their derivatives.
 *
 * One thread comes first: workers start only when this script gives control back, which it does not until then.
 *
 * @module
 */
import * as pz from "../mod.ts";
import { showArrays } from "./_demo_arrays.ts";

const { kernels } = pz;
type Operand = pz.kernels.Operand;

/** A kernel with its work and its reference. */
interface Demo {
  readonly name: string;
  readonly unit: "GFLOP/s" | "GB/s" | "Mword/s";
  /** FLOP, bytes moved or words of one run. */
  readonly amount: number;
  /** Bytes touched, where memory is the limit. */
  readonly bytes?: number;
  run(): void;
  readonly output: Operand;
  /** What the flat result should be. */
  reference(): ArrayLike<number>;
  /** Every element must be equal, not only near. */
  readonly exact?: true;
}

const BATCH_MILLISECONDS = 10;
const WARM_UP_MILLISECONDS = 60;
const BATCHES = 7;
/** More than any cache holds. */
const DRAM_BYTES = 256 * 2 ** 20;
/** FLOP of one turn of the `madd` probe for each element of its operand. */
const MADD_FLOP = 384;

/** Milliseconds of one of `runs` calls. */
function time(call: () => void, runs: number): number {
  const start = performance.now();
  for (let run = 0; run < runs; run++) call();
  return (performance.now() - start) / runs;
}

/** V8 runs new code unoptimized at first, and optimizes it on another thread meanwhile. */
function warmUp(call: () => void): void {
  const start = performance.now();
  while (performance.now() - start < WARM_UP_MILLISECONDS) call();
}

/** Seconds of one run of each call: the best of a few batches, which take turns so that noise strikes all alike. */
function seconds(...calls: readonly (() => void)[]): number[] {
  calls.forEach(warmUp);
  const runs = calls.map((call) => Math.max(1, Math.round(BATCH_MILLISECONDS / Math.max(time(call, 3), 1e-3))));
  const best = calls.map(() => Infinity);
  for (let batch = 0; batch < BATCHES; batch++) {
    for (const [i, call] of calls.entries()) best[i] = Math.min(best[i]!, time(call, runs[i]!));
  }
  return best.map((milliseconds) => milliseconds / 1000);
}

/** The machine's limits: what to run, and how many giga-FLOP or gigabytes that is. */
interface Limit {
  readonly run: () => void;
  readonly amount: number;
}

/** Multiply-adds in registers, on so many threads. */
function madd(threads: number): Limit {
  const operand = kernels.allocate([threads], "float32");
  const turns = 1 << 17;
  return { run: () => kernels.probe("madd", operand, { turns }), amount: MADD_FLOP * turns * threads / 1e9 };
}

/** Reading so many bytes of one array, which the second run finds in the caches if they are large enough. */
function sweep(bytes: number): Limit {
  const operand = kernels.slice(sweepOperand, 0, 0, bytes / 4);
  return { run: () => kernels.probe("sweep", operand, { turns: 1 }), amount: bytes / 1e9 };
}

const sweepOperand = kernels.upload(new Float32Array(DRAM_BYTES / 4));

/** Uniform numbers in [low, high), the same in every run (a linear congruential generator, high bits). */
function numbers(size: number, low: number, high: number, seed: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = low + (high - low) * (state / 2 ** 32);
  }
  return out;
}

function matmul(n: number): Demo {
  const [x, y] = [numbers(n * n, -0.5, 0.5, 1), numbers(n * n, -0.5, 0.5, 2)];
  const [a, b] = [kernels.upload(x, { shape: [n, n] }), kernels.upload(y, { shape: [n, n] })];
  const output = kernels.allocate([n, n], "float32");
  const reference = () => {
    const out = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        const factor = x[i * n + k]!;
        for (let j = 0; j < n; j++) out[i * n + j]! += factor * y[k * n + j]!;
      }
    }
    return out;
  };
  const run = () => kernels.matmul(output, a, b);
  return { name: `matmul ${n} x ${n}`, unit: "GFLOP/s", amount: 2 * n ** 3, run, output, reference };
}

function exp(size: number): Demo {
  const x = numbers(size, -10, 10, 3);
  const [input, output] = [kernels.upload(x), kernels.allocate([size], "float32")];
  const run = () => kernels.unary("exp_f32", output, input);
  return {
    name: "exp of 1M",
    unit: "GB/s",
    amount: 8 * size,
    bytes: 8 * size,
    run,
    output,
    reference: () => [...x].map(Math.exp),
  };
}

function softmax(rows: number, columns: number): Demo {
  const x = numbers(rows * columns, -4, 4, 4);
  const input = kernels.upload(x, { shape: [rows, columns] });
  const output = kernels.allocate([rows, columns], "float32");
  const bytes = 8 * rows * columns;
  const reference = () => {
    const out = Float64Array.from(x, Math.exp);
    for (let i = 0; i < rows; i++) {
      const row = out.subarray(i * columns, (i + 1) * columns);
      const sum = row.reduce((total, value) => total + value, 0);
      row.forEach((value, j) => row[j] = value / sum);
    }
    return out;
  };
  const run = () => kernels.softmax(output, input);
  return { name: `softmax ${rows} x ${columns}`, unit: "GB/s", amount: bytes, bytes, run, output, reference };
}

function sum(rows: number, columns: number, axis: 0 | 1): Demo {
  const x = numbers(rows * columns, -1, 1, 5);
  const input = kernels.upload(x, { shape: [rows, columns] });
  const output = kernels.allocate([axis === 0 ? columns : rows], "float32");
  const bytes = 4 * rows * columns;
  const reference = () => {
    const out = new Float64Array(axis === 0 ? columns : rows);
    x.forEach((value, at) => out[axis === 0 ? at % columns : Math.floor(at / columns)]! += value);
    return out;
  };
  const run = () => kernels.reduce("sum", output, input, { axes: [axis] });
  return {
    name: `sum over axis ${axis} of ${rows} x ${columns}`,
    unit: "GB/s",
    amount: bytes,
    bytes,
    run,
    output,
    reference,
  };
}

function transpose(n: number): Demo {
  const x = numbers(n * n, -1, 1, 6);
  const view = kernels.transpose(kernels.upload(x, { shape: [n, n] }));
  const output = kernels.allocate([n, n], "float32");
  const reference = () => x.map((_, at) => x[(at % n) * n + Math.floor(at / n)]!);
  const run = () => kernels.copy(output, view);
  return {
    name: `transpose ${n} x ${n}`,
    unit: "GB/s",
    amount: 8 * n * n,
    bytes: 8 * n * n,
    run,
    output,
    reference,
    exact: true,
  };
}

function gather(count: number, rows: number, columns: number): Demo {
  const x = numbers(rows * columns, -1, 1, 7);
  const indices = Int32Array.from(numbers(count, 0, rows, 8));
  const [source, index] = [kernels.upload(x, { shape: [rows, columns] }), kernels.upload(indices)];
  const output = kernels.allocate([count, columns], "float32");
  const bytes = 8 * count * columns;
  const reference = () =>
    Float32Array.from(
      { length: count * columns },
      (_, at) => x[indices[Math.floor(at / columns)]! * columns + at % columns]!,
    );
  const run = () => kernels.gather(output, source, index);
  return {
    name: `gather ${count} rows of ${columns}`,
    unit: "GB/s",
    amount: bytes,
    bytes,
    run,
    output,
    reference,
    exact: true,
  };
}

/** Threefry-2x32 of counter (0, `at`), both words combined: the bits that JAX gives. */
function threefryWord(key0: number, key1: number, at: number): number {
  const keys = [key0, key1, key0 ^ key1 ^ 0x1bd11bda];
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
  let [a, b] = [key0, (at + key1) | 0];
  for (let round = 0; round < 20; round++) {
    const rotation = rotations[round % 8]!;
    a = (a + b) | 0;
    b = ((b << rotation) | (b >>> (32 - rotation))) ^ a;
    if (round % 4 === 3) {
      const group = (round + 1) / 4;
      a = (a + keys[group % 3]!) | 0;
      b = (b + keys[(group + 1) % 3]! + group) | 0;
    }
  }
  return (a ^ b) >>> 0;
}

function threefry(size: number): Demo {
  const key = kernels.upload(new Uint32Array([0, 42]));
  const output = kernels.allocate([size], "uint32");
  const reference = () => Uint32Array.from({ length: size }, (_, at) => threefryWord(0, 42, at));
  const run = () => kernels.threefry(output, key);
  return { name: "threefry bits, 1M words", unit: "Mword/s", amount: size, run, output, reference, exact: true };
}

/** The largest error, as a share of the largest expected magnitude; and whether it passes. */
function verify(demo: Demo): { text: string; passes: boolean } {
  demo.run();
  const [got, want] = [kernels.download(demo.output), demo.reference()];
  let [error, scale] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    const apart = Math.abs(got[i]! - want[i]!);
    error = apart > error || Number.isNaN(apart) ? apart : error;
    scale = Math.max(scale, Math.abs(want[i]!));
  }
  // Sums of up to 1024 products in f32, each rounded by at most 2^-24, in tree or block order.
  const passes = got.length === want.length && (demo.exact ? error === 0 : error <= 2e-6 * scale);
  return { text: error === 0 ? "exact" : (error / scale).toExponential(1), passes };
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function percent(share: number): string {
  return Number.isNaN(share) ? "-" : `${(100 * share).toFixed(0)} %`;
}

/** Speed with all threads over speed with one, as a bar whose full length is the number of threads. */
function bar(scaling: number, threads: number): string {
  const cells = 10;
  const eighths = Math.round(Math.min(scaling / threads, 1) * cells * 8);
  const partial = " ▏▎▍▌▋▊▉"[eighths % 8]!;
  return `│${("█".repeat(eighths >> 3) + (eighths % 8 ? partial : "")).padEnd(cells)}│ ${scaling.toFixed(2)}x`;
}

/** A column of the table: its head, whether it aligns left, its cell for the kernel at an index. */
type Column = readonly [head: string, left: boolean, cell: (index: number) => string];

function print(columns: readonly Column[], rows: number): void {
  const texts = columns.map(([head, , cell]) => [head, ...Array.from({ length: rows }, (_, i) => cell(i))]);
  const widths = texts.map((column) => Math.max(...column.map(({ length }) => length)));
  for (let row = 0; row <= rows; row++) {
    const cells = texts.map((column, c) =>
      columns[c]![1] ? column[row]!.padEnd(widths[c]!) : column[row]!.padStart(widths[c]!)
    );
    console.log(cells.join("  ").trimEnd());
    if (row === 0) console.log(widths.map((width) => "─".repeat(width)).join("──"));
  }
}

/** Speed of each kernel on `threads` threads, and its share of what the machine allows. */
function measure(demos: readonly Demo[], threads: number): { readonly speed: number; readonly share: number }[] {
  return demos.map(({ run, amount, unit, bytes }) => {
    const limit = unit === "GFLOP/s" ? madd(threads) : bytes === undefined ? undefined : sweep(bytes);
    const [time, limitTime] = seconds(run, limit?.run ?? (() => {})) as [number, number];
    const speed = amount / time / (unit === "Mword/s" ? 1e6 : 1e9);
    return { speed, share: limit ? speed / (limit.amount / limitTime) : NaN };
  });
}

/** The limits themselves, for the closing lines. */
function peaks(threads: number): { readonly gflops: number; readonly gigabytes: number } {
  const limits = [madd(threads), sweep(DRAM_BYTES)];
  const [gflops, gigabytes] = seconds(...limits.map(({ run }) => run)).map((time, i) => limits[i]!.amount / time);
  return { gflops: gflops!, gigabytes: gigabytes! };
}

function bits(demo: Demo): Uint32Array {
  const { buffer, byteOffset, length } = kernels.download(demo.output);
  return new Uint32Array(buffer, byteOffset, length);
}

async function main(): Promise<void> {
  const { build, lane, threads, why } = pz.backend.info();
  console.log(`penjing, build ${build}: ${lane}, ${threads} thread${threads === 1 ? "" : "s"} (${why})\n`);
  const demos = [
    matmul(512),
    exp(1 << 20),
    softmax(512, 1024),
    sum(1024, 1024, 0),
    sum(1024, 1024, 1),
    transpose(2048),
    gather(4096, 32768, 256),
    threefry(1 << 20),
  ];
  // Nothing is awaited until the single-threaded half is done, so no worker is there yet.
  const onePeak = peaks(1);
  const one = measure(demos, 1);
  const oneBits = demos.map(bits);
  await pz.backend.startWorkers();
  const { workers, why: now } = pz.backend.info();
  if (workers < threads - 1) console.log(`Workers missing: ${threads - 1 - workers} of ${threads - 1} (${now})\n`);

  const many = workers + 1;
  const allPeak = workers > 0 ? peaks(many) : onePeak;
  const all = workers > 0 ? measure(demos, many) : one;
  const checks = demos.map(verify);
  const same = demos.map((demo, i) => bits(demo).every((word, at) => word === oneBits[i]![at]));
  const parallel: readonly Column[] = [
    [`${many} threads`, false, (i) => round(all[i]!.speed)],
    ["of peak", false, (i) => percent(all[i]!.share)],
    ["scaling", true, (i) => bar(all[i]!.speed / one[i]!.speed, many)],
    ["bits", true, (i) => same[i] ? "same" : "DIFFER"],
  ];
  print([
    ["kernel", true, (i) => demos[i]!.name],
    ["unit", true, (i) => demos[i]!.unit],
    ["1 thread", false, (i) => round(one[i]!.speed)],
    ["of peak", false, (i) => percent(one[i]!.share)],
    ...(workers > 0 ? parallel : []),
    ["max error", true, (i) => `${checks[i]!.text}${checks[i]!.passes ? "" : " WRONG"}`],
  ], demos.length);

  const peak = (key: keyof typeof onePeak) =>
    workers > 0 ? `${round(onePeak[key])} and ${round(allPeak[key])}` : round(onePeak[key]);
  console.log(`
Peaks on ${workers > 0 ? `1 and ${many} threads` : "1 thread"}: ${
    peak("gflops")
  } GFLOP/s of multiply-adds in registers; reading, in the table as many
bytes as the kernel touches, from memory ${
    peak("gigabytes")
  } GB/s. GB/s count each operand once; what also writes stays below.
Errors are against plain loops in double precision, as a share of the largest value.
"deno task bench kernels" and "bench arrays" compare with other libraries.`);
  if (!checks.every(({ passes }) => passes) || !same.every(Boolean)) {
    throw new Error("Cannot vouch for the kernels: a result above is wrong");
  }
  if (!showArrays()) throw new Error("Cannot vouch for derivatives: the network has not learned its points");
}

await main();
