/**
 * jax-js (`@jax-js/jax`), WebAssembly backend.
 *
 * Inputs are resident arrays. Every spec is a `jit`-compiled function, the library's fast path. It can be run in two
 * ways, and the one that is faster for the spec at hand is timed: on its worker pool, awaited by `blockUntilReady`
 * (results stay resident), or on the calling thread by `dataSync` (no workers; the result is copied out, because there
 * is no synchronous call that leaves it). A matrix times a vector is also tried as a vector times the transposed
 * matrix. The pool takes its size from `navigator.hardwareConcurrency`, which is set
 * before the library loads. Its `matmul` is f32, its `random.bits` is the partitionable layout.
 *
 * @module
 */
import { causalBias, CHAINS, transposedMatvec } from "../data.ts";
import { fastest } from "./fastest.ts";
import type { Engine, Job, Spec, Values } from "../contract.ts";

const VERSION = "0.1.25";
/** In a variable, so that type checking and tests never fetch the package. */
const PACKAGE = `npm:@jax-js/jax@${VERSION}`;

/** What is used of an array. A call takes its operands' ownership; `ref` makes one that survives it. */
interface JaxArray {
  readonly ref: JaxArray;
  blockUntilReady(): Promise<JaxArray>;
  data(): Promise<Values>;
  dataSync(): Values;
  dispose(): void;
  mul(other: JaxArray | number): JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  astype(dtype: string): JaxArray;
}
type JaxFunction = (...operands: JaxArray[]) => JaxArray;

/** What is used of the library. */
interface Jax {
  init(): Promise<readonly string[]>;
  defaultDevice(device: string): unknown;
  jit(f: JaxFunction): JaxFunction;
  readonly numpy: {
    array(data: Values, options: { shape: readonly number[]; dtype: string }): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    exp(x: JaxArray): JaxArray;
    sum(x: JaxArray, axis: number): JaxArray;
    max(x: JaxArray, axis: number): JaxArray;
    argmax(x: JaxArray, axis: number): JaxArray;
    transpose(x: JaxArray, axes?: readonly number[]): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
    sort(x: JaxArray): JaxArray;
    argsort(x: JaxArray): JaxArray;
    cumsum(x: JaxArray, axis: number): JaxArray;
    maximum(a: JaxArray, b: number): JaxArray;
    minimum(a: JaxArray, b: number): JaxArray;
    concatenate(parts: readonly JaxArray[], axis: number): JaxArray;
    pad(x: JaxArray, width: number): JaxArray;
    flip(x: JaxArray, axis: number): JaxArray;
    greater(a: JaxArray, b: JaxArray): JaxArray;
    where(condition: JaxArray, x: JaxArray, y: JaxArray): JaxArray;
    any(x: JaxArray, axis: number): JaxArray;
  };
  readonly lax: { topK(x: JaxArray, k: number): [JaxArray, JaxArray] };
  readonly nn: {
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
    gelu(x: JaxArray): JaxArray;
    oneHot(x: JaxArray, classes: number): JaxArray;
    dotProductAttention(
      q: JaxArray,
      k: JaxArray,
      v: JaxArray,
      options: { scale: number; isCausal: boolean },
    ): JaxArray;
  };
  readonly random: { bits(key: JaxArray, shape: readonly number[]): JaxArray };
}

/** Beyond this, cumulative sums are left out. */
const LONGEST_CUMSUM = 2 ** 14;

/** The values of the largest elements alone. */
function topK({ lax }: Jax, x: JaxArray, k: number): JaxArray {
  const [values, places] = lax.topK(x, k);
  places.dispose();
  return values;
}

/** A chain of operations; one kernel after the library's own fusion. */
function chain(np: Jax["numpy"], name: keyof typeof CHAINS, x: JaxArray): JaxArray {
  let y = x.ref;
  for (const [op, operand] of CHAINS[name]) {
    const other = operand === "x" ? x.ref : operand;
    if (op === "mul") y = y.mul(other);
    else if (op === "add") y = y.add(other);
    else if (op === "sub") y = y.sub(other);
    else y = op === "max" ? np.maximum(y, other as number) : np.minimum(y, other as number);
  }
  x.dispose();
  return y;
}

interface Lowered {
  readonly f: JaxFunction;
  readonly shapes: readonly (readonly number[])[];
  /** In place of the spec's own. */
  readonly inputs?: readonly Values[];
}

/** The ways to compute a spec; none when the library has none. */
function lower(jax: Jax, spec: Spec, inputs: readonly Values[]): Lowered[] {
  const { numpy: np } = jax;
  switch (spec.op) {
    case "matmul":
      return [{ f: (a, b) => np.matmul(a!, b!), shapes: [[spec.m, spec.k], [spec.k, spec.n]] }];
    case "integer matmul":
      if (spec.dtype === "int8") return []; // it has no such dtype
      return [{ f: (a, b) => np.matmul(a!, b!), shapes: [[spec.m, spec.k], [spec.k, spec.n]] }];
    case "matvec":
      return [
        { f: (a, x) => np.matmul(a!, x!), shapes: [[spec.rows, spec.columns], [spec.columns]] },
        {
          f: (a, x) => np.matmul(x!, a!),
          shapes: [[spec.columns, spec.rows], [spec.columns]],
          inputs: transposedMatvec(spec.rows, spec.columns, inputs),
        },
      ];
    case "exp":
      return [{ f: (x) => np.exp(x!), shapes: [[spec.size]] }];
    case "gelu":
      return [{ f: (x) => jax.nn.gelu(x!), shapes: [[spec.size]] }];
    case "add":
      return [{ f: (x, y) => x!.add(y!), shapes: [[spec.size], [spec.size]] }];
    case "chain":
    case "hardGelu": {
      const { op, size } = spec;
      return [{ f: (x) => chain(np, op, x!), shapes: [[size]] }];
    }
    case "softmax":
      return [{ f: (x) => jax.nn.softmax(x!, -1), shapes: [[spec.rows, spec.columns]] }];
    case "logSoftmax":
      return [{ f: (x) => jax.nn.logSoftmax(x!, -1), shapes: [[spec.rows, spec.columns]] }];
    case "rmsNorm": // it has no operation for these
    case "layerNorm":
      return [];
    case "attention": {
      const { heads, queries, keys, dim, causal } = spec;
      const scale = 1 / Math.sqrt(dim);
      const shapes = [[heads, queries, dim], [heads, keys, dim], [heads, keys, dim]];
      const turn = (x: JaxArray) => np.transpose(x, [1, 0, 2]);
      const decomposed: JaxFunction = (q, k, v, bias) => {
        const logits = np.matmul(q!, np.transpose(k!, [0, 2, 1])).mul(scale);
        return np.matmul(jax.nn.softmax(bias ? logits.add(bias) : logits, -1), v!);
      };
      return [
        causal
          ? { f: decomposed, shapes: [...shapes, [queries, keys]], inputs: [...inputs, causalBias(queries, keys)] }
          : { f: decomposed, shapes },
        {
          f: (q, k, v) => turn(jax.nn.dotProductAttention(turn(q!), turn(k!), turn(v!), { scale, isCausal: causal })),
          shapes,
        },
      ];
    }
    case "sum":
    case "max":
    case "argmax":
      return [{ f: (x) => np[spec.op](x!, spec.axis), shapes: [[spec.rows, spec.columns]] }];
    case "transpose":
      return [{ f: (x) => np.transpose(x!), shapes: [[spec.rows, spec.columns]] }];
    case "gather":
      return [{ f: (x, i) => np.take(x!, i!, 0), shapes: [[spec.rows, spec.columns], [spec.count]] }];
    case "sort":
    case "argsort":
      return [{ f: (x) => np[spec.op](x!), shapes: [[spec.size]] }];
    case "topk":
      return [{ f: (x) => topK(jax, x!, spec.count), shapes: [[spec.size]] }];
    case "cumsum":
      // Its work grows with the square of the length: a million elements would take the better part of a minute.
      if ((spec.axis === 0 ? spec.rows : spec.columns) > LONGEST_CUMSUM) return [];
      return [{ f: (x) => np.cumsum(x!, spec.axis), shapes: [[spec.rows, spec.columns]] }];
    case "concatenate": {
      const part = [spec.rows, spec.columns / spec.parts];
      return [{ f: (...parts) => np.concatenate(parts, 1), shapes: inputs.map(() => part) }];
    }
    case "pad":
      return [{ f: (x) => np.pad(x!, spec.border), shapes: [[spec.rows, spec.columns]] }];
    case "reverse":
      return [{ f: (x) => np.flip(x!, 1), shapes: [[spec.rows, spec.columns]] }];
    case "oneHot":
      return [{ f: (i) => jax.nn.oneHot(i!, spec.classes), shapes: [[spec.count]] }];
    case "select": {
      const shape = [spec.size];
      return [{ f: (x, y, z) => np.where(np.greater(x!.ref, y!), x!, z!), shapes: [shape, shape, shape] }];
    }
    case "countTrue":
      return [{ f: (x) => np.sum(x!.astype("int32"), 1), shapes: [[spec.rows, spec.columns]] }];
    case "any":
      return [{ f: (x) => np.any(x!, 1), shapes: [[spec.rows, spec.columns]] }];
    case "dynamicUpdate": // it has no such operation
    case "widen": // nor f16 on this backend
    case "gather f16": // its WebAssembly backend has no f16
    case "scatter add": // it has no scatter
      return [];
    case "threefry":
      if (spec.layout === "legacy" || spec.dtype === "uint8") return []; // it has the partitionable layout of words only
      return [{ f: (key) => jax.random.bits(key!, [spec.size]), shapes: [[2]] }];
    case "task":
    case "contained product":
    case "one program":
    case "barrier":
    case "wake":
    case "madd":
    case "sweep":
    case "copy":
    case "bare loop":
      return [];
  }
}

function dtypeOf(values: Values): string {
  return values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "uint32";
}

/** A resident array; it takes bools from no typed array. */
function resident({ numpy: np }: Jax, data: Values, shape: readonly number[]): JaxArray {
  if (data instanceof Uint8Array) return np.array(Int32Array.from(data), { shape, dtype: "int32" }).astype("bool");
  return np.array(data, { shape, dtype: dtypeOf(data) });
}

/** One way, on the pool and on the caller, with its operands resident. */
function jobs(jax: Jax, { f, shapes, inputs }: Lowered, given: readonly Values[]): Job[] {
  const compiled = jax.jit(f);
  const sides: readonly ((y: JaxArray) => unknown)[] = [
    (y) => y.blockUntilReady().then(() => y.dispose()),
    (y) => y.dataSync(),
  ];
  return sides.map((finish) => {
    const operands = (inputs ?? given).map((data, i) => resident(jax, data, shapes[i]!));
    const call = () => compiled(...operands.map((operand) => operand.ref));
    return {
      run: () => finish(call()),
      result: () => call().data(),
      dispose: () => operands.forEach((operand) => operand.dispose()),
    };
  });
}

/** Starts the library with a pool of `threads` workers. */
export async function start(threads: number): Promise<Engine> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads, configurable: true });
  const jax = await import(PACKAGE) as Jax;
  await jax.init();
  jax.defaultDevice("wasm");
  return {
    about: `jax-js ${VERSION}, wasm, ${threads} worker${threads === 1 ? "" : "s"}`,
    prepare: (spec, inputs) => fastest(lower(jax, spec, inputs).flatMap((way) => jobs(jax, way, inputs))),
  };
}
