/**
 * The data of a spec, and the positions at which results are compared.
 *
 * Every process makes its inputs itself, from the spec alone, so all engines work on the same numbers and nothing
 * large crosses a pipe. Values are uniform and of ordinary size: no denormals (they cost a factor), no zeros that a
 * kernel might skip.
 *
 * @module
 */
import type { Sample, Spec, Values } from "./contract.ts";

/** Uniform numbers in [0, 1) from a seed (mulberry32: small, quick, good enough for timing). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function floats(seed: number, size: number, low: number, high: number): Float32Array {
  const next = uniform(seed);
  const out = new Float32Array(size);
  for (let i = 0; i < size; i++) out[i] = low + (high - low) * next();
  return out;
}

/** Integers of the whole range of i8, or of as many bits as let sums of products wrap. */
function integers(seed: number, size: number, dtype: "int32" | "int8"): Int32Array | Int8Array {
  const next = uniform(seed);
  const range = dtype === "int8" ? 2 ** 8 : 2 ** 22;
  const out = dtype === "int8" ? new Int8Array(size) : new Int32Array(size);
  for (let i = 0; i < size; i++) out[i] = Math.floor(range * (next() - 0.5));
  return out;
}

/** Simple operations, in order; the operand is a constant or the input itself. */
type Chain = readonly (readonly ["mul" | "add" | "sub" | "max" | "min", number | "x"])[];

/** The twelve operations of `chain`. */
const TWELVE: Chain = [
  ["mul", 1.125],
  ["add", 0.25],
  ["mul", "x"],
  ["sub", 0.75],
  ["mul", 0.875],
  ["add", "x"],
  ["max", -1.5],
  ["mul", "x"],
  ["add", 0.375],
  ["mul", 1.25],
  ["min", 2],
  ["sub", "x"],
];

/** The eight operations of `hardGelu`: `x * (1/2 + clamp(x * (a + b x^2)))`, the tangent of its usual form cut to lines. */
const HARD_GELU: Chain = [
  ["mul", "x"],
  ["mul", 0.0178],
  ["add", 0.3989],
  ["mul", "x"],
  ["max", -0.5],
  ["min", 0.5],
  ["add", 0.5],
  ["mul", "x"],
];

/** What the chains of operations do. */
export const CHAINS: { readonly [op in "chain" | "hardGelu"]: Chain } = { chain: TWELVE, hardGelu: HARD_GELU };

/** An f16 as a number. */
export function fromHalf(bits: number): number {
  const [exponent, fraction] = [bits >> 10 & 31, bits & 1023];
  const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/** Where `dynamicUpdate` begins to write, of `rows`. */
export function updateStart(rows: number): number {
  return rows >> 2;
}

/** The inputs of a spec, in the order in which its definition names them. */
export function inputsOf(spec: Spec): Values[] {
  switch (spec.op) {
    case "matmul":
      return [floats(1, spec.m * spec.k, -0.5, 0.5), floats(2, spec.k * spec.n, -0.5, 0.5)];
    case "integer matmul":
      return [integers(1, spec.m * spec.k, spec.dtype), integers(2, spec.k * spec.n, spec.dtype)];
    case "matvec":
      return [floats(1, spec.rows * spec.columns, -0.5, 0.5), floats(2, spec.columns, -0.5, 0.5)];
    case "exp":
    case "gelu":
      return [floats(3, spec.size, -10, 10)];
    case "add":
      return [floats(3, spec.size, -1, 1), floats(4, spec.size, -1, 1)];
    case "chain":
      return [floats(5, spec.size, 0.5, 1.5)];
    case "hardGelu":
      return [floats(5, spec.size, -3, 3)];
    case "select":
      return [floats(13, spec.size, -1, 1), floats(14, spec.size, -1, 1), floats(15, spec.size, -1, 1)];
    case "widen": {
      const next = uniform(16);
      // Normal numbers between 2^-10 and 2^10, of both signs.
      const half = () => Math.floor(next() * 20480) + 0x1400 | (next() < 0.5 ? 0x8000 : 0);
      return [new Uint16Array(spec.size).map(half)];
    }
    case "countTrue":
    case "any": {
      const next = uniform(17);
      // Few of them, so that half of the rows of a thousand have none.
      return [new Uint8Array(spec.rows * spec.columns).map(() => next() < 0.0007 ? 1 : 0)];
    }
    case "concatenate": {
      const size = spec.rows * spec.columns / spec.parts;
      return Array.from({ length: spec.parts }, (_, part) => floats(20 + part, size, -1, 1));
    }
    case "oneHot": {
      const next = uniform(18);
      return [new Int32Array(spec.count).map(() => Math.floor(next() * spec.classes))];
    }
    case "dynamicUpdate": {
      const whole = floats(19, spec.rows * spec.columns, -1, 1);
      return [whole, floats(20, whole.length / 2, -1, 1), Int32Array.of(updateStart(spec.rows), 0)];
    }
    case "softmax":
    case "logSoftmax":
      return [floats(6, spec.rows * spec.columns, -4, 4)];
    case "rmsNorm":
    case "layerNorm":
      return [
        floats(10, spec.rows * spec.columns, -4, 4),
        floats(11, spec.columns, 0.5, 1.5),
        ...(spec.op === "layerNorm" ? [floats(12, spec.columns, -1, 1)] : []),
      ];
    case "attention": {
      const size = spec.heads * spec.keys * spec.dim;
      return [
        floats(10, spec.heads * spec.queries * spec.dim, -2, 2),
        floats(11, size, -2, 2),
        floats(12, size, -1, 1),
      ];
    }
    case "sum":
    case "max":
    case "argmax":
    case "transpose":
    case "reverse":
    case "pad":
      return [floats(7, spec.rows * spec.columns, -1, 1)];
    case "gather": {
      const next = uniform(8);
      const indices = new Int32Array(spec.count).map(() => Math.floor(next() * spec.rows));
      return [floats(9, spec.rows * spec.columns, -1, 1), indices];
    }
    case "cumsum":
      return [floats(10, spec.rows * spec.columns, -1, 1)];
    case "sort":
    case "argsort":
    case "topk":
      return [floats(11, spec.size, -1, 1)];
    case "gather f16": {
      const next = uniform(8);
      const indices = new Int32Array(spec.count).map(() => Math.floor(next() * spec.rows));
      // Multiplying by an odd number makes every word different and no row alike; the bits of an f16 do not matter.
      const words = new Uint32Array(spec.rows * spec.columns / 2).map((_, i) => Math.imul(i, 0x9e3779b1));
      return [words, indices];
    }
    case "scatter add": {
      const next = uniform(8);
      const indices = new Int32Array(spec.count).map(() => Math.floor(next() * spec.rows));
      return [floats(9, spec.count * spec.columns, -1, 1), indices];
    }
    case "threefry":
      return [new Uint32Array([0, 42])];
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

/**
 * The matrix of `matvec` transposed ahead of time, followed by the vector: a peer that multiplies from the left
 * faster may do so, as its users would store their weights.
 */
export function transposedMatvec(rows: number, columns: number, inputs: readonly Values[]): [Float32Array, Values] {
  const matrix = inputs[0]!;
  const out = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  }
  return [out, inputs[1]!];
}

/** What hides the later keys of a causal spec when it is added to the logits: `[queries, keys]`. */
export function causalBias(queries: number, keys: number): Float32Array {
  return new Float32Array(queries * keys).map((_, i) => (i % keys <= Math.floor(i / keys) ? 0 : -1e30));
}

/** How many elements of a result are compared with the reference. */
const SAMPLES = 509;

/** The positions that are compared: the first, the last, and a prime number of places that share no tile edge. */
export function samplePositions(length: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < Math.min(SAMPLES, length); i++) {
    out.push(length <= SAMPLES ? i : Math.floor((i * (length - 1)) / (SAMPLES - 1)));
  }
  return out;
}

/** The sample of a result. */
export function sampleOf(values: Values): Sample {
  let weighted = 0;
  let magnitude = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    weighted += value * (Math.imul(i + 1, 0x9e3779b1) / 2 ** 31);
    magnitude += Math.abs(value);
  }
  const at = samplePositions(values.length);
  return { length: values.length, values: at.map((position) => values[position]!), weighted, magnitude };
}

/** Seeded numbers from -1 to 1. */
export function uniformFloats(seed: number, size: number): Float32Array {
  return floats(seed, size, -1, 1);
}
