/**
 * What each spec should give, element by element, in double precision and in the plainest form; and how far an f32
 * result may be from it.
 *
 * Only the sampled positions are computed, so that a 1536-cube takes milliseconds. Two engines may add in different
 * orders: a sum of `k` products is allowed `(8 + sqrt(k)) · 2^-24` of the sum of their magnitudes, which is four or
 * more standard deviations of random rounding and far below what one wrong, lost or doubled term does.
 *
 * @module
 */
import { CHAINS, fromHalf, samplePositions, updateStart } from "./data.ts";
import type { Sample, Spec, Values } from "./contract.ts";

/** An expected value, and the largest error it may have. */
interface Expected {
  readonly value: number;
  readonly error: number;
}

/** Half an ulp of 1: the rounding error of one f32 operation, relative. */
const ROUNDING = 2 ** -24;

function dot(
  k: number,
  left: (i: number) => number,
  right: (i: number) => number,
): Expected {
  let value = 0;
  let magnitude = 0;
  for (let i = 0; i < k; i++) {
    const term = left(i) * right(i);
    value += term;
    magnitude += Math.abs(term);
  }
  return { value, error: (8 + Math.sqrt(k)) * ROUNDING * magnitude };
}

function exact(value: number): Expected {
  return { value, error: 0 };
}

/** Threefry-2x32 with 20 rounds (Salmon et al. 2011), as in JAX. */
function threefry(key0: number, key1: number, count0: number, count1: number): [number, number] {
  const keys = [key0, key1, key0 ^ key1 ^ 0x1bd11bda];
  const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];
  let x0 = (count0 + key0) >>> 0;
  let x1 = (count1 + key1) >>> 0;
  for (let group = 0; group < 5; group++) {
    for (const rotation of rotations[group % 2]!) {
      x0 = (x0 + x1) >>> 0;
      x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    }
    x0 = (x0 + keys[(group + 1) % 3]!) >>> 0;
    x1 = (x1 + keys[(group + 2) % 3]! + group + 1) >>> 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** The places of sorted inputs: each is sorted once, and then asked for many elements. */
const orders = new WeakMap<Values, Uint32Array>();

/** Where the elements of `x` stand in rising order, of equal ones the first first. */
function orderOf(x: Values): Uint32Array {
  let order = orders.get(x);
  if (order === undefined) {
    order = Uint32Array.from(x, (_, i) => i).sort((i, j) => x[i]! - x[j]! || i - j);
    orders.set(x, order);
  }
  return order;
}

/** The expected element at `at` of the flat result. */
function expected(spec: Spec, inputs: readonly Values[], at: number): Expected {
  const x = inputs[0]!;
  const y = inputs[1]!;
  switch (spec.op) {
    case "matmul": {
      const [row, column] = [Math.floor(at / spec.n), at % spec.n];
      return dot(spec.k, (i) => x[row * spec.k + i]!, (i) => y[i * spec.n + column]!);
    }
    case "integer matmul": {
      const [row, column] = [Math.floor(at / spec.n), at % spec.n];
      let sum = 0;
      for (let i = 0; i < spec.k; i++) {
        sum = (sum + Math.imul(x[row * spec.k + i]!, y[i * spec.n + column]!)) | 0;
      }
      return exact(sum);
    }
    case "matvec":
      return dot(spec.columns, (i) => x[at * spec.columns + i]!, (i) => y[i]!);
    case "exp": {
      // Peers' polynomials are a few ulp off; ours is held to 2 ulp in its own tests.
      const value = Math.exp(x[at]!);
      return { value, error: 16 * ROUNDING * value };
    }
    case "gelu": {
      const [v, z] = [x[at]!, Math.sqrt(2 / Math.PI) * (x[at]! + 0.044715 * x[at]! ** 3)];
      return { value: 0.5 * v * (1 + Math.tanh(z)), error: 32 * ROUNDING * Math.abs(v) };
    }
    case "add":
      return { value: x[at]! + y[at]!, error: 2 * ROUNDING };
    case "chain":
    case "hardGelu": {
      let value: number = x[at]!;
      for (const [op, operand] of CHAINS[spec.op]) {
        const other = operand === "x" ? x[at]! : operand;
        if (op === "mul") value *= other;
        else if (op === "add") value += other;
        else if (op === "sub") value -= other;
        else value = op === "max" ? Math.max(value, other) : Math.min(value, other);
      }
      return { value, error: 64 * ROUNDING }; // twelve roundings of numbers below 4
    }
    case "softmax": {
      const start = at - (at % spec.columns);
      const row = Array.from({ length: spec.columns }, (_, i) => Math.exp(x[start + i]!));
      const value = Math.exp(x[at]!) / row.reduce((sum, item) => sum + item, 0);
      return { value, error: (32 + Math.sqrt(spec.columns)) * ROUNDING * value };
    }
    case "logSoftmax": {
      const start = at - (at % spec.columns);
      const row = Array.from({ length: spec.columns }, (_, i) => Math.exp(x[start + i]!));
      const value = x[at]! - Math.log(row.reduce((sum, item) => sum + item, 0));
      return { value, error: (32 + Math.sqrt(spec.columns)) * ROUNDING * Math.abs(value) };
    }
    case "rmsNorm":
    case "layerNorm": {
      const { columns } = spec;
      const [start, column] = [at - (at % columns), at % columns];
      const row = Array.from({ length: columns }, (_, i) => x[start + i]!);
      const m = spec.op === "layerNorm" ? row.reduce((sum, item) => sum + item, 0) / columns : 0;
      const spread = row.reduce((sum, item) => sum + (item - m) ** 2, 0) / columns;
      const bias = spec.op === "layerNorm" ? inputs[2]![column]! : 0;
      const value = (x[at]! - m) / Math.sqrt(spread + 1e-6) * y[column]! + bias;
      return { value, error: (32 + Math.sqrt(columns)) * ROUNDING * 4 };
    }
    case "attention": {
      const { queries, keys, dim, causal } = spec;
      const [head, query] = [Math.floor(at / dim / queries), Math.floor(at / dim) % queries];
      const row = (j: number) => (head * keys + j) * dim;
      const [seen, start] = [causal ? query + 1 : keys, at - (at % dim)];
      const weights = Array.from({ length: seen }, (_, j) => {
        let logit = 0;
        for (let i = 0; i < dim; i++) logit += x[start + i]! * y[row(j) + i]!;
        return Math.exp(logit / Math.sqrt(dim));
      });
      const total = weights.reduce((sum, item) => sum + item, 0);
      const { value, error } = dot(seen, (j) => weights[j]! / total, (j) => inputs[2]![row(j) + (at % dim)]!);
      return { value, error: error + 64 * ROUNDING }; // weights of logits below 2 sqrt(dim) = 16, wrong by their errors
    }
    case "sum":
    case "max":
    case "argmax": {
      const [step, start, length] = spec.axis === 0
        ? [spec.columns, at, spec.rows]
        : [1, at * spec.columns, spec.columns];
      const item = (i: number) => x[start + i * step]!;
      if (spec.op === "sum") return dot(length, item, () => 1);
      let best = 0;
      for (let i = 1; i < length; i++) if (item(i) > item(best)) best = i;
      return exact(spec.op === "max" ? item(best) : best);
    }
    case "transpose":
      return exact(x[(at % spec.rows) * spec.columns + Math.floor(at / spec.rows)]!);
    case "concatenate": {
      const width = spec.columns / spec.parts;
      const [row, column] = [Math.floor(at / spec.columns), at % spec.columns];
      return exact(inputs[Math.floor(column / width)]![row * width + column % width]!);
    }
    case "pad": {
      const width = spec.columns + 2 * spec.border;
      const [row, column] = [Math.floor(at / width) - spec.border, at % width - spec.border];
      const isInside = row >= 0 && row < spec.rows && column >= 0 && column < spec.columns;
      return exact(isInside ? x[row * spec.columns + column]! : 0);
    }
    case "reverse":
      return exact(x[at - 2 * (at % spec.columns) + spec.columns - 1]!);
    case "oneHot":
      return exact(x[Math.floor(at / spec.classes)] === at % spec.classes ? 1 : 0);
    case "dynamicUpdate": {
      const place = at - updateStart(spec.rows) * spec.columns;
      return exact(place >= 0 && place < y.length ? y[place]! : x[at]!);
    }
    case "widen":
      return exact(fromHalf(x[at]!));
    case "select":
      return exact(x[at]! > y[at]! ? x[at]! : inputs[2]![at]!);
    case "countTrue":
    case "any": {
      const row = x.subarray(at * spec.columns, (at + 1) * spec.columns) as Uint8Array;
      const count = row.reduce((sum, item) => sum + item, 0);
      return exact(spec.op === "any" ? Math.min(count, 1) : count);
    }
    case "gather":
      return exact(x[y[Math.floor(at / spec.columns)]! * spec.columns + (at % spec.columns)]!);
    case "gather f16": {
      const words = spec.columns / 2;
      return exact(x[y[Math.floor(at / words)]! * words + (at % words)]!);
    }
    case "scatter add": {
      const row = Math.floor(at / spec.columns);
      const hits = Array.from(y.keys()).filter((i) => y[i] === row);
      return dot(hits.length, (i) => x[hits[i]! * spec.columns + (at % spec.columns)]!, () => 1);
    }
    case "cumsum": {
      const [step, start, last] = spec.axis === 0
        ? [spec.columns, at % spec.columns, Math.floor(at / spec.columns)]
        : [1, at - (at % spec.columns), at % spec.columns];
      return dot(last + 1, (i) => x[start + i * step]!, () => 1);
    }
    case "sort":
      return exact(x[orderOf(x)[at]!]!);
    case "argsort":
      return exact(orderOf(x)[at]!);
    case "topk":
      return exact(x[orderOf(x)[spec.size - 1 - at]!]!);
    case "threefry": {
      const bytes = spec.dtype === "uint8";
      if (spec.layout === "partitionable") {
        const [a, b] = threefry(x[0]!, x[1]!, 0, at);
        return exact(bytes ? (a ^ b) & 255 : (a ^ b) >>> 0);
      }
      const half = (bytes ? spec.size / 4 : spec.size) / 2;
      const word = bytes ? at >> 2 : at;
      const low = word % half;
      const whole = threefry(x[0]!, x[1]!, low, low + half)[word < half ? 0 : 1];
      return exact(bytes ? (whole >>> (8 * (at & 3))) & 255 : whole);
    }
    case "task":
    case "contained product":
    case "one program":
    case "barrier":
    case "wake":
    case "madd":
    case "sweep":
    case "copy":
    case "bare loop":
      return exact(0);
  }
}

/** Says what is wrong with a sample, or `undefined` when it is as expected; tasks are held against other libraries alone. */
export function faultOf(spec: Spec, inputs: readonly Values[], sample: Sample): string | undefined {
  if (spec.op === "task") return undefined;
  const positions = samplePositions(sample.length);
  for (const [i, at] of positions.entries()) {
    const got = sample.values[i]!;
    const { value, error } = expected(spec, inputs, at);
    if (!(Math.abs(got - value) <= error)) {
      return `element ${at} is ${got}, expected ${value} within ${error.toExponential(1)}`;
    }
  }
  return undefined;
}

/** Says how two whole results differ, or `undefined` when they agree as well as their sums can tell. */
export function disagreement(spec: Spec, one: Sample, other: Sample): string | undefined {
  if (one.length !== other.length) return `${one.length} elements against ${other.length}`;
  const rounds =
    "task matmul matvec exp gelu add chain hardGelu softmax logSoftmax rmsNorm layerNorm attention sum cumsum scatter";
  // The sums of tasks cancel, which the magnitude of what is left does not show.
  const bound = rounds.split(" ").includes(spec.op.split(" ")[0]!)
    ? (spec.op === "task" ? 1e-4 : 1e-5) * Math.max(one.magnitude, other.magnitude)
    : 0;
  const apart = Math.abs(one.weighted - other.weighted);
  return apart <= bound ? undefined : `weighted sums ${one.weighted} and ${other.weighted} differ`;
}
