/**
 * Operations that are put off give the bits of operations done at once, whatever happens between them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "npm:fast-check@4.10.2";
import * as fn from "../../array/fn.ts";
import * as np from "../../array/np.ts";
import { operandOf } from "../../core/bind.ts";
import type { EagerArray } from "../../core/eager.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { scope } from "../../core/storage.ts";
import { deferFrom } from "../../wasm/kernels/deferred.ts";
import { download } from "../../wasm/operand.ts";
import { floats, start } from "../_support.ts";

await start();

const UNARY: readonly ((x: NDArray) => NDArray)[] = [
  np.negative,
  np.absolute,
  np.square,
  np.tanh,
  np.sign,
  np.floor,
  np.isfinite,
  np.logicalNot,
  np.invert,
  fn.silu,
  (x) => fn.gelu(x),
  (x) => np.clip(x, -1, 2),
];

const BINARY: readonly ((x: NDArray, y: NDArray | number) => NDArray)[] = [
  np.add,
  np.subtract,
  np.multiply,
  np.divide,
  np.maximum,
  np.minimum,
  np.power,
  np.floorDivide,
  np.arctan2,
  np.greater,
  np.equal,
  np.bitwiseXor,
  np.leftShift,
  (x, y) => np.where(np.less(x, y), x, y),
];

const VIEWS: readonly ((x: NDArray) => NDArray)[] = [
  (x) => x.T,
  (x) => x.get("::-1"),
  (x) => x.get("...", "1:"),
  (x) => x.get(0),
  (x) => x.ravel(),
  (x) => /^u?int/.test(x.dtype) ? x.view(x.dtype.startsWith("u") ? x.dtype.slice(1) : `u${x.dtype}`) : x,
  (x) => np.broadcastTo(x.get(-1), x.shape),
  (x) => np.broadcastTo(x.ravel().get(1), x.shape),
];

const CASTS = ["float32", "float16", "bfloat16", "int8", "int16", "int32", "uint8", "uint16", "uint32", "bool"];

const SHAPES = [[3, 5], [2, 1300], [7]];

const KINDS = [
  "unary",
  "binary",
  "binary",
  "number",
  "cast",
  "view",
  "free",
  "read",
  "sum",
  "scope",
  "upload",
] as const;

/** A step of a program: what it does, and numbers by which it chooses. */
type Step = readonly [kind: typeof KINDS[number], what: number, a: number, b: number];

const natural = fc.nat({ max: 1000 });

const programs = fc.tuple(
  fc.constantFrom(...SHAPES),
  fc.array(fc.tuple(fc.constantFrom(...KINDS), natural, natural, natural), { minLength: 10, maxLength: 60 }),
);

/** An array's elements: their bits, but for NaN, whose bits are nobody's. */
function bitsOf(x: NDArray): number[] {
  const isFloat = ["float32", "float16", "bfloat16"].includes(x.dtype);
  const values = isFloat ? x.dataSync() : undefined;
  const { dtype, ...rest } = operandOf(x as EagerArray);
  const unsigned = dtype === "float32" ? "uint32" : dtype;
  return Array.from(download({ ...rest, dtype: unsigned }), (bits, k) => Number.isNaN(values?.[k]) ? NaN : bits);
}

/** Runs a program, and notes all that can be seen of it. */
function seen(shape: readonly number[], steps: readonly Step[]): unknown[] {
  const size = shape.reduce((product, length) => product * length, 1);
  const notes: unknown[] = [];
  const upload = (seed: number): NDArray => np.array(floats(seed, size, 9), { shape });
  const pool = [upload(1), upload(2).astype("int32"), upload(3).astype("float16")];
  const pick = (k: number): NDArray => pool[k % pool.length]!;
  const made = (make: () => NDArray): void => {
    try {
      const x = make();
      notes.push([x.dtype, x.shape]);
      pool.push(x);
    } catch (error) {
      notes.push(`${error}`);
    }
  };
  for (const [kind, what, a, b] of steps) {
    const [x, y] = [pick(a), pick(b)];
    const binary = BINARY[what % BINARY.length]!;
    if (kind === "unary") made(() => UNARY[what % UNARY.length]!(x));
    else if (kind === "binary") made(() => binary(x, y));
    else if (kind === "number") made(() => binary(x, b % 5 - 1.5));
    else if (kind === "cast") made(() => x.astype(CASTS[what % CASTS.length]!));
    else if (kind === "view") made(() => VIEWS[what % VIEWS.length]!(x));
    else if (kind === "read") notes.push(bitsOf(x));
    else if (kind === "sum") notes.push(bitsOf(x.sum()));
    else if (kind === "scope") made(() => scope(() => binary(binary(x, 2), y.mul(x))));
    else if (kind === "upload") pool.push(upload(a));
    else if (pool.length > 3) {
      // What views the same memory is freed with it.
      const { storage } = x as EagerArray;
      x.dispose();
      for (let k = pool.length - 1; k >= 0; k--) {
        if ((pool[k] as EagerArray).storage === storage) pool.splice(k, 1);
      }
      if (pool.length === 0) pool.push(upload(b));
    }
  }
  return [...notes, ...pool.map(bitsOf)];
}

test("what is put off has the bits of what is done at once", () => {
  try {
    fc.assert(
      fc.property(programs, ([shape, steps]) => {
        deferFrom(Infinity);
        const atOnce = scope(() => seen(shape, steps));
        deferFrom(1);
        assert.deepEqual(scope(() => seen(shape, steps)), atOnce);
      }),
      { numRuns: 500 },
    );
  } finally {
    deferFrom();
  }
});
