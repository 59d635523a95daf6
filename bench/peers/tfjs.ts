/**
 * TensorFlow.js, WebAssembly backend (`@tensorflow/tfjs-backend-wasm`).
 *
 * Inputs are resident tensors; results stay resident and are disposed of. Calls are synchronous. A matrix times a
 * vector is also tried as a vector times the transposed matrix, and the faster is timed. The package runs one
 * thread whatever it is asked for: its Node build refuses threads, and with its workers running the threaded binary
 * of this version still reports one (tensorflow/tfjs issue 8513). It therefore competes with its one thread in cases
 * of any number of threads, as it would for its users.
 *
 * @module
 */
import { causalBias, CHAINS, transposedMatvec } from "../data.ts";
import { fastest } from "./fastest.ts";
import type { Engine, Job, Spec, Values } from "../contract.ts";

const VERSION = "4.22.0";
/** In variables, so that type checking and tests never fetch the packages. */
const CORE = `npm:@tensorflow/tfjs-core@${VERSION}`;
const BACKEND = `npm:@tensorflow/tfjs-backend-wasm@${VERSION}`;

interface Tensor {
  dataSync(): Values;
  dispose(): void;
}

/** What is used of the core package. */
interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  tensor(data: Values, shape: readonly number[], dtype: string): Tensor;
  scalar(value: number): Tensor;
  tidy(f: () => Tensor): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  exp(x: Tensor): Tensor;
  add(x: Tensor, y: Tensor): Tensor;
  sub(x: Tensor, y: Tensor): Tensor;
  mul(x: Tensor, y: Tensor): Tensor;
  maximum(x: Tensor, y: Tensor): Tensor;
  minimum(x: Tensor, y: Tensor): Tensor;
  softmax(x: Tensor): Tensor;
  logSoftmax(x: Tensor): Tensor;
  rsqrt(x: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  square(x: Tensor): Tensor;
  mean(x: Tensor, axis: number, keepDims: boolean): Tensor;
  sum(x: Tensor, axis: number): Tensor;
  max(x: Tensor, axis: number): Tensor;
  argMax(x: Tensor, axis: number): Tensor;
  transpose(x: Tensor): Tensor;
  gather(x: Tensor, indices: Tensor): Tensor;
  cumsum(x: Tensor, axis: number): Tensor;
  topk(x: Tensor, k: number): { readonly values: Tensor; readonly indices: Tensor };
  concat(parts: readonly Tensor[], axis: number): Tensor;
  pad(x: Tensor, paddings: readonly (readonly [number, number])[]): Tensor;
  reverse(x: Tensor, axis: number): Tensor;
  oneHot(indices: Tensor, depth: number): Tensor;
  greater(x: Tensor, y: Tensor): Tensor;
  where(condition: Tensor, x: Tensor, y: Tensor): Tensor;
  any(x: Tensor, axis: number): Tensor;
  scatterND(indices: Tensor, updates: Tensor, shape: readonly number[]): Tensor;
}

/** What is used of the backend package. */
interface Backend {
  setThreadsCount(count: number): void;
  getThreadsCount(): number;
}

const CHAIN_OPS = { mul: "mul", add: "add", sub: "sub", max: "maximum", min: "minimum" } as const;

interface Lowered {
  readonly f: (operands: readonly Tensor[]) => Tensor;
  readonly shapes: readonly (readonly number[])[];
  /** In place of the spec's own. */
  readonly inputs?: readonly Values[];
}

/** The ways to compute a spec; none when the library has none. */
function lower(tf: Tfjs, spec: Spec, inputs: readonly Values[]): Lowered[] {
  switch (spec.op) {
    case "matmul":
      return [{ f: ([a, b]) => tf.matMul(a!, b!), shapes: [[spec.m, spec.k], [spec.k, spec.n]] }];
    case "matvec":
      return [
        { f: ([a, x]) => tf.matMul(a!, x!), shapes: [[spec.rows, spec.columns], [spec.columns, 1]] },
        {
          f: ([a, x]) => tf.matMul(x!, a!),
          shapes: [[spec.columns, spec.rows], [1, spec.columns]],
          inputs: transposedMatvec(spec.rows, spec.columns, inputs),
        },
      ];
    case "exp":
      return [{ f: ([x]) => tf.exp(x!), shapes: [[spec.size]] }];
    case "add":
      return [{ f: ([x, y]) => tf.add(x!, y!), shapes: [[spec.size], [spec.size]] }];
    case "gelu": { // made of operations, as in its layers
      const [half, one, bend, scale] = [0.5, 1, 0.044715, Math.sqrt(2 / Math.PI)].map((value) => tf.scalar(value)) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const f = ([x]: readonly Tensor[]) =>
        tf.tidy(() => {
          const z = tf.mul(scale, tf.add(x!, tf.mul(bend, tf.mul(x!, tf.square(x!)))));
          return tf.mul(tf.mul(half, x!), tf.add(one, tf.tanh(z)));
        });
      return [{ f, shapes: [[spec.size]] }];
    }
    case "chain":
    case "hardGelu": {
      const chain = CHAINS[spec.op];
      const constants = chain.map(([, operand]) => operand === "x" ? undefined : tf.scalar(operand));
      const f = ([x]: readonly Tensor[]) =>
        tf.tidy(() => chain.reduce((y, [op], i) => tf[CHAIN_OPS[op]](y, constants[i] ?? x!), x!));
      return [{ f, shapes: [[spec.size]] }];
    }
    case "softmax":
      return [{ f: ([x]) => tf.softmax(x!), shapes: [[spec.rows, spec.columns]] }];
    case "logSoftmax":
      return [{ f: ([x]) => tf.logSoftmax(x!), shapes: [[spec.rows, spec.columns]] }];
    case "rmsNorm":
    case "layerNorm": { // it has no operation for them, only layers that are made of these
      const epsilon = tf.scalar(1e-6);
      const f = ([x, scale, bias]: readonly Tensor[]) =>
        tf.tidy(() => {
          const centered = spec.op === "layerNorm" ? tf.sub(x!, tf.mean(x!, 1, true)) : x!;
          const factor = tf.rsqrt(tf.add(tf.mean(tf.square(centered), 1, true), epsilon));
          const scaled = tf.mul(tf.mul(centered, factor), scale!);
          return bias ? tf.add(scaled, bias) : scaled;
        });
      return [{ f, shapes: [[spec.rows, spec.columns], [spec.columns], [spec.columns]] }];
    }
    case "attention": {
      const { heads, queries, keys, dim, causal } = spec;
      const [scale, shape] = [tf.scalar(1 / Math.sqrt(dim)), [heads, keys, dim]];
      const f = ([q, k, v, bias]: readonly Tensor[]) =>
        tf.tidy(() => {
          const logits = tf.mul(tf.matMul(q!, k!, false, true), scale);
          return tf.matMul(tf.softmax(bias ? tf.add(logits, bias) : logits), v!);
        });
      const shapes = [[heads, queries, dim], shape, shape];
      if (!causal) return [{ f, shapes }];
      return [{ f, shapes: [...shapes, [queries, keys]], inputs: [...inputs, causalBias(queries, keys)] }];
    }
    case "sum":
      return [{ f: ([x]) => tf.sum(x!, spec.axis), shapes: [[spec.rows, spec.columns]] }];
    case "max":
      return [{ f: ([x]) => tf.max(x!, spec.axis), shapes: [[spec.rows, spec.columns]] }];
    case "argmax":
      return [{ f: ([x]) => tf.argMax(x!, spec.axis), shapes: [[spec.rows, spec.columns]] }];
    case "transpose":
      return [{ f: ([x]) => tf.transpose(x!), shapes: [[spec.rows, spec.columns]] }];
    case "gather":
      return [{ f: ([x, i]) => tf.gather(x!, i!), shapes: [[spec.rows, spec.columns], [spec.count]] }];
    case "scatter add": {
      if (!spec.fresh) return []; // it has no update in place
      const { rows, columns, count } = spec;
      const f = ([x, i]: readonly Tensor[]) => tf.scatterND(i!, x!, [rows, columns]);
      return [{ f, shapes: [[count, columns], [count, 1]] }];
    }
    case "cumsum":
      return [{ f: ([x]) => tf.cumsum(x!, spec.axis), shapes: [[spec.rows, spec.columns]] }];
    case "topk":
      return [{ f: ([x]) => tf.tidy(() => tf.topk(x!, spec.count).values), shapes: [[spec.size]] }];
    case "concatenate": {
      const part = [spec.rows, spec.columns / spec.parts];
      return [{ f: (parts) => tf.concat(parts, 1), shapes: inputs.map(() => part) }];
    }
    case "pad": {
      const border = [spec.border, spec.border] as const;
      return [{ f: ([x]) => tf.pad(x!, [border, border]), shapes: [[spec.rows, spec.columns]] }];
    }
    case "reverse":
      return [{ f: ([x]) => tf.reverse(x!, 1), shapes: [[spec.rows, spec.columns]] }];
    case "oneHot": // of i32, as many bytes: asked for f32, it writes the bits of integers
      return [{ f: ([i]) => tf.oneHot(i!, spec.classes), shapes: [[spec.count]] }];
    case "select":
      return [{
        f: ([x, y, z]) => tf.tidy(() => tf.where(tf.greater(x!, y!), x!, z!)),
        shapes: [[spec.size], [spec.size], [spec.size]],
      }];
    case "countTrue":
      return [{ f: ([x]) => tf.sum(x!, 1), shapes: [[spec.rows, spec.columns]] }];
    case "any":
      return [{ f: ([x]) => tf.any(x!, 1), shapes: [[spec.rows, spec.columns]] }];
    case "sort": // it has no sort
    case "argsort":
    case "dynamicUpdate": // it has no such operation
    case "widen": // nor f16
    case "integer matmul": // its kernel refuses int32
    case "gather f16":
    case "threefry": // it has no counter-based generator
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

/** One way, with its operands resident. */
function job(tf: Tfjs, { f, shapes, inputs }: Lowered, given: readonly Values[]): Job {
  const operands = (inputs ?? given).map((data, i) =>
    tf.tensor(
      data,
      shapes[i]!,
      data instanceof Float32Array ? "float32" : data instanceof Uint8Array ? "bool" : "int32",
    )
  );
  return {
    run: () => f(operands).dispose(),
    result: () => {
      const y = f(operands);
      const values = y.dataSync().slice();
      y.dispose();
      return values;
    },
    dispose: () => operands.forEach((operand) => operand.dispose()),
  };
}

/** Starts the library; `threads` is asked for, and `about` says what came of it. */
export async function start(threads: number): Promise<Engine> {
  const tf = await import(CORE) as Tfjs;
  const backend = await import(BACKEND) as Backend;
  backend.setThreadsCount(threads);
  await tf.setBackend("wasm");
  return {
    about: `tfjs-wasm ${VERSION}, ${backend.getThreadsCount()} thread`,
    prepare: (spec, inputs) => fastest(lower(tf, spec, inputs).map((way) => job(tf, way, inputs))),
  };
}
