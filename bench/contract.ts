/**
 * What the parts of the benchmark agree on: the work that can be asked for, the interface every library is wrapped
 * in, the messages between the harness and the processes it times, and the row it reports.
 *
 * Vocabulary: a *spec* says what to compute, on data that follow from the spec alone; a *case* is a spec with a name,
 * a unit and a goal; an *engine* is a library inside its own process; a *job* is a spec that an engine has made ready
 * to run; a *limit* is a figure of the machine (or of a native program) that ours is held against.
 *
 * @module
 */
import type { Task } from "./tasks.ts";

/** What to compute. Sizes count elements; arrays are row-major. */
export type Spec =
  /** `[m, k] · [k, n]`, f32. */
  | { readonly op: "matmul"; readonly m: number; readonly k: number; readonly n: number }
  /** `[m, k] · [k, n]` of integers, to i32; sums wrap. */
  | {
    readonly op: "integer matmul";
    readonly m: number;
    readonly k: number;
    readonly n: number;
    readonly dtype: "int32" | "int8";
  }
  /** `[rows, columns] · [columns]`, f32. */
  | { readonly op: "matvec"; readonly rows: number; readonly columns: number }
  /** Elementwise over `size` f32 elements; `chain` and `hardGelu` are {@linkcode CHAINS} of `data.ts`. */
  | { readonly op: "exp" | "gelu" | "add" | "chain" | "hardGelu"; readonly size: number }
  /** Over the last axis, f32. */
  | { readonly op: "softmax" | "logSoftmax"; readonly rows: number; readonly columns: number }
  /** Over the last axis, with a scale and, for `layerNorm`, a bias, f32; epsilon is 1e-6. */
  | { readonly op: "rmsNorm" | "layerNorm"; readonly rows: number; readonly columns: number }
  /**
   * `softmax(q kᵀ / sqrt(dim)) v` for each head, f32: q `[heads, queries, dim]`, k and v `[heads, keys, dim]`. With a
   * `capacity`, keys and values are the first of a cache of so many; `causal` hides later keys.
   */
  | {
    readonly op: "attention";
    readonly heads: number;
    readonly queries: number;
    readonly keys: number;
    readonly dim: number;
    readonly causal: boolean;
    readonly capacity?: number;
  }
  /** Over one axis, f32 (argmax gives i32). */
  | { readonly op: "sum" | "max" | "argmax"; readonly rows: number; readonly columns: number; readonly axis: 0 | 1 }
  /** To a contiguous result, f32. */
  | { readonly op: "transpose"; readonly rows: number; readonly columns: number }
  /** `count` rows of `[rows, columns]` f32, by i32 index. */
  | { readonly op: "gather"; readonly rows: number; readonly columns: number; readonly count: number }
  /** As `gather`, but of f16: inputs and results are words of two. */
  | { readonly op: "gather f16"; readonly rows: number; readonly columns: number; readonly count: number }
  /** `count` rows added, by i32 index, to those of `[rows, columns]` f32: to zeros made anew (`fresh`), or to what the last run left. */
  | {
    readonly op: "scatter add";
    readonly rows: number;
    readonly columns: number;
    readonly count: number;
    readonly fresh: boolean;
  }
  /** Sums of all elements up to each along one axis, f32. */
  | { readonly op: "cumsum"; readonly rows: number; readonly columns: number; readonly axis: 0 | 1 }
  /** Rising, f32; `argsort` gives the i32 places, of equal elements the first first. */
  | { readonly op: "sort" | "argsort"; readonly size: number }
  /** The `count` largest of `size` f32, falling. */
  | { readonly op: "topk"; readonly size: number; readonly count: number }
  /** `parts` arrays of `[rows, columns / parts]` next to each other, f32. */
  | { readonly op: "concatenate"; readonly rows: number; readonly columns: number; readonly parts: number }
  /** `[rows, columns]` f32 with `border` zeros on all four sides. */
  | { readonly op: "pad"; readonly rows: number; readonly columns: number; readonly border: number }
  /** The last axis backward, f32, to a contiguous result. */
  | { readonly op: "reverse"; readonly rows: number; readonly columns: number }
  /** `count` i32 indices below `classes`, as f32 rows. */
  | { readonly op: "oneHot"; readonly count: number; readonly classes: number }
  /** The upper half of `[rows, columns]` f32 in place, from a row that is in memory. */
  | { readonly op: "dynamicUpdate"; readonly rows: number; readonly columns: number }
  /** `size` elements from f16 to f32. */
  | { readonly op: "widen"; readonly size: number }
  /** `x > y ? x : z` over `size` f32 elements, three inputs. */
  | { readonly op: "select"; readonly size: number }
  /** Over the last axis of bools (bytes of 0 or 1): how many, as i32; whether there is one, as bools. */
  | { readonly op: "countTrue" | "any"; readonly rows: number; readonly columns: number }
  /** `size` random words of 32 bits, or of 8, from one key, in the order of either of JAX's two layouts. */
  | {
    readonly op: "threefry";
    readonly size: number;
    readonly layout: "partitionable" | "legacy";
    readonly dtype?: "uint8";
  }
  /** `count` parallel instructions in a row, each too short to matter: the price of a barrier. */
  | { readonly op: "barrier"; readonly count: number }
  /** What a user of arrays writes. */
  | { readonly op: "task"; readonly task: Task }
  /** Limit: the matrix product that an einsum contains, by one call of a kernel. */
  | { readonly op: "contained product"; readonly task: Task }
  /** Limit: a chain of operations as one program of a kernel, written beforehand. */
  | { readonly op: "one program"; readonly size: number }
  /** One parallel instruction after the workers have gone to sleep. */
  | { readonly op: "wake" }
  /** Limit: multiply-adds on registers only, `flop` in all. */
  | { readonly op: "madd"; readonly flop: number }
  /** Limit: loads over `bytes`. */
  | { readonly op: "sweep"; readonly bytes: number }
  /** Limit: a contiguous copy that reads and writes `bytes` in all; by the kernel, or by the host on one thread. */
  | { readonly op: "copy"; readonly bytes: number; readonly by: "kernel" | "host" }
  /** Limit: a bare loop that reads so many arrays and writes one, of `bytes` in all. */
  | { readonly op: "bare loop"; readonly bytes: number; readonly inputs: number };

/** A flat array of operands or results; f16 as the bits of a `Uint16Array`, bools as bytes. */
export type Values = Float32Array | Int32Array | Uint32Array | Uint16Array | Int8Array | Uint8Array;

/** A spec, made ready. */
export interface Job {
  /** Does the work once. What it returns is awaited if it is a promise; nothing lazy is left when it is done. */
  run(): unknown;
  /** What the latest run computed; absent for limits and barriers. */
  result?(): Values | Promise<Values>;
  /** Seconds of one run, where timing a loop of runs would not measure the right thing. */
  measure?(): number | Promise<number>;
  /** Frees what the job holds. */
  dispose(): void;
}

/** A library, started with a number of threads. */
export interface Engine {
  /** Version, build and threads as they really are. */
  readonly about: string;
  /** The job for a spec, or `undefined` if the library does not have it. */
  prepare(spec: Spec, inputs: readonly Values[]): Job | undefined | Promise<Job | undefined>;
}

/** What the module of an engine exports. */
export interface EngineModule {
  /** Starts it; `build` names one of penjing's builds, and is no business of its peers. */
  start(threads: number, build?: string): Promise<Engine>;
}

/** What comes back of a result: enough to compare it without sending it. */
export interface Sample {
  readonly length: number;
  /** The elements at `samplePositions(length)`. */
  readonly values: readonly number[];
  /** Sum of all elements, each times a fixed pseudo-random weight in [-1, 1). */
  readonly weighted: number;
  /** Sum of the magnitudes of all elements. */
  readonly magnitude: number;
}

/** Harness to engine process: one JSON object a line. */
export type Request =
  | { readonly do: "prepare"; readonly spec: Spec }
  | { readonly do: "batch"; readonly job: number; readonly milliseconds: number }
  | { readonly do: "drop"; readonly job: number };

/** Engine process to harness: one JSON object a line, one for each request, after one that says `about`. */
export interface Reply {
  readonly about?: string;
  readonly job?: number;
  readonly sample?: Sample;
  /** Seconds of one run. */
  readonly seconds?: number;
  readonly error?: string;
}

/**
 * Which limits hold for a case: the cores' multiply-adds, reading or copying as many bytes as the case touches, a bare
 * loop that reads and writes as many arrays, or the same work in another form.
 */
export type LimitKind = "fma" | "read" | "copy" | { readonly inputs: number } | Spec;

/** What a suite measures, and when it is good enough. */
export interface Measured {
  /** Begins with what it does. */
  readonly name: string;
  readonly unit: "GFLOP/s" | "GB/s" | "Mword/s" | "us" | "ms" | "MB";
  readonly goal?: Goal;
}

/** A spec with a name, a unit and a goal. */
export interface Case extends Measured {
  readonly spec: Spec;
  /** Units of work in one run: FLOP, bytes moved, words; for times, how many things one run does. */
  readonly amount: number;
  /** Bytes that one run touches, for the limit on reading. */
  readonly bytes: number;
  readonly limit?: LimitKind;
  /** Fewer than this make no sense; 1 if left out. */
  readonly minThreads?: number;
}

/** When a case is good enough: any of the first three, and besides the fourth. */
export interface Goal {
  /** `ratio` at least this. */
  readonly ratio?: number;
  /** `ofLimit` at least this. */
  readonly ofLimit?: number;
  /** The figure at least (for times and memory: at most) this; rates are for one thread. */
  readonly figure?: number;
  /** `ofLimit` at least this in any event, by number of threads. */
  readonly always?: Readonly<Record<number, number>>;
}

/** One line of the report. Figures are in `unit`. */
export interface Row {
  readonly suite: string;
  readonly case: string;
  readonly threads: number;
  readonly unit: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
  /** Ours against the best of `peers`, above 1 when ahead; `null` without a peer. */
  readonly ratio: number | null;
  /** Ours against the best of `limits`; `null` without a limit. */
  readonly ofLimit: number | null;
}
