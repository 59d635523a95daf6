/**
 * Work of one operation a call, and how the peers do it with their arrays.
 *
 * jax-js enqueues what is called and does it when a result is asked for: a run ends with `blockUntilReady`. Its calls take
 * their operands' ownership; `ref` makes one that survives. tfjs computes in the call.
 *
 * @module
 */
import { CHAINS, uniformFloats } from "../data.ts";

/** What to compute. */
export type Task =
  | { readonly op: "add"; readonly size: number }
  /** With `frees`, no intermediate outlives its use, where the library leaves that to its users. */
  | { readonly op: "chain"; readonly size: number; readonly frees?: true }
  | { readonly op: "normal"; readonly size: number }
  | { readonly op: "transpose" | "slice" }
  | { readonly op: "sum" | "mean" | "max"; readonly axis?: 0 | 1 }
  | {
    readonly op: "einsum";
    readonly subscripts: string;
    readonly shapes: readonly [readonly number[], readonly number[]];
  };

/** The tasks by the name of their case. */
export const WORK: Readonly<Record<string, Task>> = {
  "dispatch add 10": { op: "add", size: 10 },
  "dispatch transpose": { op: "transpose" },
  "dispatch slice": { op: "slice" },
  "chain of 12, 1M": { op: "chain", size: 2 ** 20 },
  "chain of 12, 1M, freed at once": { op: "chain", size: 2 ** 20, frees: true },
  "sum 1024x1024 all": { op: "sum" },
  "sum 1024x1024 axis 0": { op: "sum", axis: 0 },
  "sum 1024x1024 axis 1": { op: "sum", axis: 1 },
  "mean 1024x1024 axis 1": { op: "mean", axis: 1 },
  "max 1024x1024 axis 0": { op: "max", axis: 0 },
  "einsum bqhd,bkhd->bhqk": { op: "einsum", subscripts: "bqhd,bkhd->bhqk", shapes: [[2, 256, 8, 64], [2, 256, 8, 64]] },
  "einsum bhqk,bkhd->bqhd": {
    op: "einsum",
    subscripts: "bhqk,bkhd->bqhd",
    shapes: [[2, 8, 256, 256], [2, 256, 8, 64]],
  },
  "einsum btd,dhk->bthk": { op: "einsum", subscripts: "btd,dhk->bthk", shapes: [[2, 256, 512], [512, 8, 64]] },
  "einsum bthk,hkd->btd": { op: "einsum", subscripts: "bthk,hkd->btd", shapes: [[2, 256, 8, 64], [8, 64, 512]] },
  "einsum bqgrd,bkgd->bgrqk": {
    op: "einsum",
    subscripts: "bqgrd,bkgd->bgrqk",
    shapes: [[2, 256, 2, 4, 64], [2, 256, 2, 64]],
  },
  "normal 1M": { op: "normal", size: 2 ** 20 },
};

/** A task, made ready. */
export interface Work {
  /** Does it once; all of it is done when this is, or when the promise is. */
  run(): unknown;
  /** The elements of a result. */
  result(): ArrayLike<number> & Iterable<number> & { reduce: Float32Array["reduce"] } | Promise<Float32Array>;
  /** The same by one call of a kernel, where there is such. */
  readonly limit?: (() => unknown) | undefined;
  /** Frees its arrays. */
  dispose(): void;
}

/** A library: makes a task ready; `undefined` if it does not have it. */
export type Library = (task: Task) => Work | undefined;

/** The side of the matrix that is reduced. */
export const SIDE = 1024;

/** The operands of a task: their elements and shapes. */
export function operands(task: Task): readonly (readonly [Float32Array, readonly number[]])[] {
  const of = (seed: number, shape: readonly number[]) =>
    [uniformFloats(seed, shape.reduce((product, size) => product * size, 1)), shape] as const;
  switch (task.op) {
    case "add":
      return [of(1, [task.size]), of(2, [task.size])];
    case "chain":
      return [of(1, [task.size])];
    case "normal":
      return [];
    case "einsum":
      return task.shapes.map((shape, k) => of(k + 1, shape));
    default:
      return [of(1, task.op === "transpose" || task.op === "slice" ? [16, 16] : [SIDE, SIDE])];
  }
}

interface JaxArray {
  readonly ref: JaxArray;
  blockUntilReady(): Promise<JaxArray>;
  data(): Promise<Float32Array>;
  dispose(): void;
}

type JaxBinary = (x: JaxArray, y: JaxArray | number) => JaxArray;
type JaxReduction = (x: JaxArray, axis: number | null) => JaxArray;

/** What is used of the library. */
interface Jax {
  init(): Promise<readonly string[]>;
  defaultDevice(device: string): unknown;
  readonly numpy: {
    array(data: Float32Array, options: { readonly shape: readonly number[]; readonly dtype: string }): JaxArray;
    transpose(x: JaxArray): JaxArray;
    einsum(subscripts: string, x: JaxArray, y: JaxArray): JaxArray;
    readonly add: JaxBinary;
    readonly subtract: JaxBinary;
    readonly multiply: JaxBinary;
    readonly maximum: JaxBinary;
    readonly minimum: JaxBinary;
    readonly sum: JaxReduction;
    readonly mean: JaxReduction;
    readonly max: JaxReduction;
  };
  readonly random: { key(seed: number): JaxArray; normal(key: JaxArray, shape: readonly number[]): JaxArray };
}

const CHAIN_NAMES = { mul: "multiply", add: "add", sub: "subtract", max: "maximum", min: "minimum" } as const;

/** Its arrays, on its pool of `threads` workers. */
export async function jaxArrays(threads: number): Promise<Library> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads, configurable: true });
  const name = "npm:@jax-js/jax@0.1.25";
  const jax = await import(name) as Jax;
  await jax.init();
  jax.defaultDevice("wasm");
  const { numpy: np } = jax;
  return (task) => {
    const given = operands(task).map(([data, shape]) => np.array(data, { shape, dtype: "float32" }));
    const [x, y] = given;
    const key = jax.random.key(0);
    const call = (): JaxArray => {
      switch (task.op) {
        case "add":
          return np.add(x!.ref, y!.ref);
        case "transpose":
          return np.transpose(x!.ref);
        case "chain": {
          let z = x!.ref;
          for (const [op, operand] of CHAINS.chain) z = np[CHAIN_NAMES[op]](z, operand === "x" ? x!.ref : operand);
          return z;
        }
        case "einsum":
          return np.einsum(task.subscripts, x!.ref, y!.ref);
        case "normal":
          return jax.random.normal(key.ref, [task.size]);
        case "sum":
        case "mean":
        case "max":
          return np[task.op](x!.ref, task.axis ?? null);
        default:
          throw new Error("not there");
      }
    };
    if (task.op === "slice") return undefined;
    return {
      run: () => call().blockUntilReady().then((z) => z.dispose()),
      result: () => call().data(),
      dispose: () => [...given, key].forEach((array) => array.dispose()),
    };
  };
}

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

type TfBinary = (x: Tensor, y: Tensor | number) => Tensor;
type TfReduction = (x: Tensor, axis?: number) => Tensor;

/** What is used of the core package. */
interface Tf {
  setBackend(name: string): Promise<boolean>;
  tidy(f: () => Tensor): Tensor;
  tensor(data: Float32Array, shape: readonly number[], dtype: string): Tensor;
  transpose(x: Tensor): Tensor;
  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  readonly add: TfBinary;
  readonly sub: TfBinary;
  readonly mul: TfBinary;
  readonly maximum: TfBinary;
  readonly minimum: TfBinary;
  readonly sum: TfReduction;
  readonly mean: TfReduction;
  readonly max: TfReduction;
}

const TF_NAMES = { mul: "mul", add: "add", sub: "sub", max: "maximum", min: "minimum" } as const;

/** Its tensors; one thread, whatever the machine has (tensorflow/tfjs issue 8513). */
export async function tfArrays(): Promise<Library> {
  const [core, backend] = ["npm:@tensorflow/tfjs-core@4.22.0", "npm:@tensorflow/tfjs-backend-wasm@4.22.0"];
  const tf = await import(core) as Tf;
  await import(backend);
  await tf.setBackend("wasm");
  return (task) => {
    // Its backend lacks the kernel of one, and its host has a generator of its own for the other.
    if (task.op === "einsum" || task.op === "normal") return undefined;
    const given = operands(task).map(([data, shape]) => tf.tensor(data, shape, "float32"));
    const [x, y] = given;
    const compute = (): Tensor => {
      switch (task.op) {
        case "add":
          return tf.add(x!, y!);
        case "transpose":
          return tf.transpose(x!);
        case "slice":
          return tf.slice(x!, [1], [2]);
        case "chain": {
          let z = x!;
          for (const [name, operand] of CHAINS.chain) z = tf[TF_NAMES[name]](z, operand === "x" ? x! : operand);
          return z;
        }
        default:
          return tf[task.op](x!, task.axis);
      }
    };
    const call = (): Tensor => tf.tidy(compute);
    return {
      run: () => call().dispose(),
      result: () => {
        const z = call();
        const data = z.dataSync();
        z.dispose();
        return data;
      },
      dispose: () => given.forEach((tensor) => tensor.dispose()),
    };
  };
}
