/**
 * Question: how fast is each kernel, next to the same work in onnxruntime-web, tfjs-wasm and jax-js with the same
 * threads, and next to what the machine allows?
 *
 * Figures count the work that must be done, not what an implementation does: `2mkn` FLOP of a product; the bytes of
 * every operand once, read or written, of work that memory bounds. So a kernel that reads something twice looks slow,
 * and the limit on reading is one that work which also writes can hardly reach.
 *
 * @module
 */
import { contest } from "./contest.ts";
import { CHAINS } from "./data.ts";
import type { Case, Goal, Row } from "./contract.ts";
import type { ContestOptions } from "./contest.ts";

/** Multiplying matrices: 1.4 times the best peer, or near the cores' peak. */
const MATMUL: Goal = { ratio: 1.4, ofLimit: 0.85 };
/** The two sizes that have to come near the peak whatever the peers do. */
const MATMUL_NEAR_PEAK: Goal = { ...MATMUL, always: { 1: 0.85, 2: 0.80 } };
/** A matrix times a vector streams the matrix. */
const MATVEC: Goal = { ratio: 1.2, ofLimit: 0.85 };
/** Everything elementwise or nearly so. */
const STREAM: Goal = { ratio: 2, ofLimit: 0.85 };

/** Near the peak: each weight costs an exponential besides. */
const ATTENTION: Goal = { ratio: 3, ofLimit: 0.6 };
/** A step of a decoder reads its cache. */
const ATTENTION_DECODE: Goal = { ratio: 2, ofLimit: 0.85 };

/** Products below this many rows read the matrix more slowly than they multiply it: memory is their limit. */
const SKINNY_ROWS = 4;

function matmul(name: string, m: number, k: number, n: number, goal: Goal): Case {
  return {
    name: `matmul ${name}`,
    spec: { op: "matmul", m, k, n },
    unit: "GFLOP/s",
    amount: 2 * m * k * n,
    bytes: 4 * (m * k + k * n + m * n),
    limit: m < SKINNY_ROWS ? "read" : "fma",
    goal,
  };
}

/**
 * Of integers to i32. For i32 the limit is that of floats, of whose multiply-adds a loop on registers that multiplies
 * and adds integers reaches nine tenths; so its goal is nine tenths of the floats' 0.85.
 */
function integerMatmul(dtype: "int32" | "int8", size: number): Case {
  const [m, k, n] = [size, size, size];
  const element = dtype === "int8" ? 1 : 4;
  return {
    name: `matmul ${dtype} ${size}`,
    spec: { op: "integer matmul", m, k, n, dtype },
    unit: "GFLOP/s",
    amount: 2 * m * k * n,
    bytes: element * (m * k + k * n) + 4 * m * n,
    ...(dtype === "int32" && { limit: "fma" as const }),
    goal: { ratio: 2, ...(dtype === "int32" && { ofLimit: 0.77 }) },
  };
}

function matvec(size: number): Case {
  const bytes = 4 * (size * size + 2 * size);
  const spec = { op: "matvec", rows: size, columns: size } as const;
  return { name: `matvec ${size}`, spec, unit: "GB/s", amount: bytes, bytes, limit: "read", goal: MATVEC };
}

function stream(name: string, spec: Case["spec"], bytes: number, goal?: Goal): Case {
  return { name, spec, unit: "GB/s", amount: bytes, bytes, limit: "read", ...(goal && { goal }) };
}

/** Sorting and the like, in milliseconds of one run. */
function order(name: string, spec: Case["spec"], bytes: number, goal: Goal): Case {
  return { name, spec, unit: "ms", amount: 1, bytes, goal };
}

/** Work that writes as much as it reads, or nearly so: to be as fast as a copy of the same bytes. */
function move(name: string, spec: Case["spec"], bytes: number): Case {
  return { ...stream(name, spec, bytes, STREAM), limit: "copy" };
}

/** A cheap operation on f32: to be as fast as the loop that reads and writes as many arrays, and no more. */
function elementwise(name: string, spec: Case["spec"] & { size: number }, inputs: number): Case {
  return { ...stream(name, spec, 4 * spec.size * (inputs + 1), STREAM), limit: { inputs } };
}

function threefry(layout: "partitionable" | "legacy", millions: number, dtype?: "uint8"): Case {
  const size = millions * 2 ** 20;
  return {
    name: `threefry ${layout} ${dtype === undefined ? "" : `${dtype} `}${millions}M`,
    spec: { op: "threefry", size, layout, ...(dtype !== undefined && { dtype }) },
    unit: "Mword/s",
    amount: size,
    bytes: (dtype === undefined ? 4 : 1) * size,
    // The legacy layout makes four bytes of one word.
    goal: { figure: layout === "partitionable" ? 200 : dtype === undefined ? 380 : 1500 },
  };
}

/** Rate in products of queries with keys and of weights with values, hidden ones included; or in bytes of a cache. */
function attention(name: string, queries: number, keys: number, causal: boolean, capacity?: number): Case {
  const [heads, dim] = [8, 64];
  const bytes = 4 * heads * dim * 2 * (queries + keys);
  const decodes = capacity !== undefined;
  return {
    name: `attention ${name}`,
    spec: { op: "attention", heads, queries, keys, dim, causal, ...(decodes && { capacity }) },
    unit: decodes ? "GB/s" : "GFLOP/s",
    amount: decodes ? bytes : 4 * heads * queries * keys * dim,
    bytes,
    limit: decodes ? "read" : "fma",
    goal: decodes ? ATTENTION_DECODE : ATTENTION,
  };
}

/** One fused program, in simple operations: a tile machine on one core does seven in a nanosecond. */
function operations(name: string, spec: Case["spec"] & { op: keyof typeof CHAINS; size: number }, bytes: number): Case {
  const amount = CHAINS[spec.op].length * spec.size;
  return { name, spec, unit: "GFLOP/s", amount, bytes, goal: { ratio: 2, figure: 7 } };
}

/** Ours alone: what it costs to hand work to the pool, in microseconds. */
function barrier(name: string, spec: Case["spec"], amount: number, atMost: number): Case {
  return { name, spec, unit: "us", amount, bytes: 0, minThreads: 2, goal: { figure: atMost } };
}

const MEBI = 2 ** 20;
const SQUARE = { rows: 1024, columns: 1024 } as const;

const SCATTER = { op: "scatter add", rows: 65536, columns: 256, count: 4096 } as const;

/** The cases, in the order of the report. */
export const CASES: readonly Case[] = [
  ...[32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536].map((size) =>
    matmul(`${size}`, size, size, size, size === 512 || size === 1024 ? MATMUL_NEAR_PEAK : MATMUL)
  ),
  ...[1, 8, 128].map((rows) => matmul(`${rows}x640x2048`, rows, 640, 2048, MATMUL)),
  matmul("64x784x256", 64, 784, 256, MATMUL),
  integerMatmul("int32", 256),
  integerMatmul("int8", 256),
  ...[512, 1024, 2048, 4096].map(matvec),
  stream("exp 1M", { op: "exp", size: MEBI }, 8 * MEBI, STREAM),
  stream("gelu 1M", { op: "gelu", size: MEBI }, 8 * MEBI, STREAM),
  stream("softmax 512x1024", { op: "softmax", rows: 512, columns: 1024 }, 4 * MEBI, STREAM),
  stream("log-softmax 512x1024", { op: "logSoftmax", rows: 512, columns: 1024 }, 4 * MEBI, STREAM),
  stream("rms norm 512x1024", { op: "rmsNorm", rows: 512, columns: 1024 }, 4 * MEBI, STREAM),
  stream("rms norm 2048x2048", { op: "rmsNorm", rows: 2048, columns: 2048 }, 32 * MEBI, STREAM),
  stream("layer norm 512x1024", { op: "layerNorm", rows: 512, columns: 1024 }, 4 * MEBI, STREAM),
  stream("layer norm 2048x2048", { op: "layerNorm", rows: 2048, columns: 2048 }, 32 * MEBI, STREAM),
  attention("8x512x64", 512, 512, false),
  attention("causal 8x512x64", 512, 512, true),
  ...[64, 1024, 4096].map((keys) => attention(`decode ${keys} of 8192`, 1, keys, false, 8192)),
  stream("sum 1024x1024 axis 0", { op: "sum", ...SQUARE, axis: 0 }, 4 * MEBI + 4096, STREAM),
  stream("sum 1024x1024 axis 1", { op: "sum", ...SQUARE, axis: 1 }, 4 * MEBI + 4096, STREAM),
  stream("max 1024x1024 axis 1", { op: "max", ...SQUARE, axis: 1 }, 4 * MEBI + 4096),
  stream("max 1024x1024 axis 0", { op: "max", ...SQUARE, axis: 0 }, 4 * MEBI + 4096, STREAM),
  stream("count of bools 4096x1024 axis 1", { op: "countTrue", rows: 4096, columns: 1024 }, 4 * MEBI + 16384, STREAM),
  stream("any of bools 4096x1024 axis 1", { op: "any", rows: 4096, columns: 1024 }, 4 * MEBI + 4096, STREAM),
  stream("argmax 1024x1024 axis 1", { op: "argmax", ...SQUARE, axis: 1 }, 4 * MEBI + 4096),
  stream("transpose 2048x2048", { op: "transpose", rows: 2048, columns: 2048 }, 32 * MEBI, STREAM),
  stream("gather 4096 of 32768x256", { op: "gather", rows: 32768, columns: 256, count: 4096 }, 8 * MEBI),
  stream(
    "gather f16 4096 of 262144x640",
    { op: "gather f16", rows: 262144, columns: 640, count: 4096 },
    10 * MEBI,
    STREAM,
  ),
  stream("scatter add 4096 to 65536x256", { ...SCATTER, fresh: false }, 12 * MEBI, STREAM),
  stream("scatter add 4096 to zeros", { ...SCATTER, fresh: true }, 76 * MEBI, STREAM),
  stream("cumsum 1M", { op: "cumsum", rows: 1, columns: MEBI, axis: 1 }, 8 * MEBI, STREAM),
  stream("cumsum 1024x1024 axis 0", { op: "cumsum", ...SQUARE, axis: 0 }, 8 * MEBI, STREAM),
  stream("cumsum 1024x1024 axis 1", { op: "cumsum", ...SQUARE, axis: 1 }, 8 * MEBI, STREAM),
  order("sort 1M", { op: "sort", size: MEBI }, 8 * MEBI, { ratio: 2 }),
  order("argsort 1M", { op: "argsort", size: MEBI }, 8 * MEBI, { ratio: 2 }),
  order("top 64 of 256K", { op: "topk", size: MEBI / 4, count: 64 }, MEBI, { figure: 0.3 }),
  elementwise("add 1M", { op: "add", size: MEBI }, 2),
  elementwise("compare and select 1M", { op: "select", size: MEBI }, 3),
  move("cast f16 to f32 1M", { op: "widen", size: MEBI }, 6 * MEBI),
  stream("chain of 12 ops 1M", { op: "chain", size: MEBI }, 8 * MEBI),
  operations("hard gelu of 8 ops 1M", { op: "hardGelu", size: MEBI }, 8 * MEBI),
  move("concatenate 4 to 1024x1024", { op: "concatenate", ...SQUARE, parts: 4 }, 8 * MEBI),
  move("pad 1000x1000 by 12", { op: "pad", rows: 1000, columns: 1000, border: 12 }, 4 * (1000 ** 2 + MEBI)),
  move("reverse 1024x1024 axis 1", { op: "reverse", ...SQUARE }, 8 * MEBI),
  move("one-hot 4096 of 256", { op: "oneHot", count: 4096, classes: 256 }, 4 * (MEBI + 4096)),
  move("dynamic update 1024 of 2048x1024", { op: "dynamicUpdate", rows: 2048, columns: 1024 }, 8 * MEBI),
  ...[1, 4, 16].map((millions) => threefry("partitionable", millions)),
  ...[1, 4, 16].map((millions) => threefry("legacy", millions)),
  threefry("partitionable", 4, "uint8"),
  threefry("legacy", 4, "uint8"),
  barrier("barrier hot", { op: "barrier", count: 1000 }, 1000, 2),
  barrier("barrier first wake", { op: "wake" }, 1, 50),
];

/** How the figures come about. */
export const METHOD: string =
  "Each figure is the best of interleaved batches; ratio: ours against the best peer; of limit: against the best limit.";

/** Runs the suite. */
export function run(options: ContestOptions): AsyncGenerator<Row> {
  return contest("kernels", CASES, options);
}
