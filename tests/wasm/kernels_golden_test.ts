/**
 * Kernels against JAX's values (`tests/goldens`, made by `scripts/goldens`).
 *
 * Where a result has rounding in it, the golden's `exact` (computed in f64, rounded once) is the reference.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { DType } from "../../wasm/dtype.ts";
import { Elementwise, type ElementwiseOp } from "../../wasm/elementwise.ts";
import * as kernels from "../../wasm/kernels.ts";
import { download, type Operand, transpose } from "../../wasm/operand.ts";
import type { ThreefryMode } from "../../wasm/plan.ts";
import { assertUlps, floats, fromBits, type Operands, withOperands } from "../_support.ts";

type Bits = readonly number[];

interface Goldens {
  readonly unary: Record<"exp" | "log" | "tanh", { x: Bits; exact: Bits }>;
  readonly sum: {
    all: { seed: number; scale: number; n: number; exact: number; absolute: number }[];
    axis: { seed: number; scale: number; shape: number[]; axis: number; exact: Bits }[];
  };
  readonly softmax: { shape: number[]; x: Bits; exact: Bits }[];
  readonly matmul: { lhs: Bits; rhs: Bits; rhs_dtype: DType; m: number; k: number; n: number; exact: Bits }[];
  readonly argument: {
    all: { x: Bits; argmax: number; argmin: number }[];
    axis: { shape: number[]; x: Bits; axis: number; argmax: Bits; argmin: Bits }[];
  };
  readonly take: { index: number[]; cases: { dtype: DType; mode: "clip" | "fill" | "wrap"; out: Bits }[] };
  readonly cast: Record<"f32" | "i32" | "u32", Record<string, Bits>>;
  readonly integer: ({ dtype: DType } & Record<string, Bits>)[];
}

interface ThreefryRow {
  readonly mode: string;
  readonly key: Bits;
  readonly shape: number[];
  readonly count: number;
  readonly offset: string;
  readonly first: Bits;
  readonly last: Bits;
  readonly hash: number;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../goldens/${name}.json`, import.meta.url), "utf8")) as T;
}

const goldens = read<Goldens>("kernels");
const threefry = read<{ bits: ThreefryRow[]; pairs: ThreefryRow[]; split: ThreefryRow[] }>("threefry");

/** An operand of any dtype from the bits of its elements. */
function ofBits(operands: Operands, bits: Bits, dtype: DType, shape?: readonly number[]): Operand {
  if (dtype === "float32") {
    return operands.of(fromBits(bits), shape);
  }
  return operands.of([...bits], shape, dtype);
}

/** The bits of an operand's elements, unsigned. */
function bitsOf(operand: Operand): number[] {
  const data = download(operand);
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: size } = data;
  const Unsigned = size === 4 ? Uint32Array : size === 2 ? Uint16Array : Uint8Array;
  return Array.from(new Unsigned(buffer as ArrayBuffer, byteOffset, length));
}

for (const name of ["exp", "log", "tanh"] as const) {
  test(`unary("${name}_f32") is within 2 ulp of the exact value, NaN and infinities included`, () =>
    withOperands((operands) => {
      const { x, exact } = goldens.unary[name];
      const out = operands.out([x.length]);
      kernels.unary(`${name}_f32`, out, operands.of(fromBits(x)));
      assertUlps(download(out), fromBits(exact), 2, name);
    }));
}

test('reduce("sum") is within one rounding of its length of the exact sum', () =>
  withOperands((operands) => {
    for (const { seed, scale, n, exact, absolute } of goldens.sum.all) {
      const out = operands.out([]);
      kernels.reduce("sum", out, operands.of(floats(seed, n, scale), [n]));
      const [sum = NaN] = download(out);
      const [expected = NaN] = fromBits([exact]);
      const [magnitude = NaN] = fromBits([absolute]);
      // A term meets at most 128 groups, 5 levels of trees in a chunk and 5 over these chunks; roundings add up as a root.
      const bound = magnitude * 2 ** -24 * Math.sqrt(138);
      assert(Math.abs(sum - expected) <= bound, `n = ${n}: ${sum} for ${expected}, bound ${bound}`);
    }
  }));

test('reduce("sum") over one axis agrees with JAX', () =>
  withOperands((operands) => {
    for (const { seed, scale, shape, axis, exact } of goldens.sum.axis) {
      const kept = shape.filter((_, k) => k !== axis);
      const out = operands.out(kept);
      const size = shape.reduce((a, b) => a * b);
      kernels.reduce("sum", out, operands.of(floats(seed, size, scale), shape), { axes: [axis] });
      const actual = download(out);
      fromBits(exact).forEach((expected, k) => {
        assert(Math.abs((actual[k] ?? NaN) - expected) <= 8 * 2 ** -24, `[${shape}] over ${axis}, element ${k}`);
      });
    }
  }));

test("softmax() is within 4 ulp of the exact value; rows with NaN, infinities and -inf alone as in JAX", () =>
  withOperands((operands) => {
    for (const { shape, x, exact } of goldens.softmax) {
      const out = operands.out(shape);
      kernels.softmax(out, operands.of(fromBits(x), shape));
      assertUlps(download(out), fromBits(exact), 4, `softmax [${shape}]`);
    }
  }));

test("matmul() agrees with JAX for each dtype of the right operand, whichever way it lies", () =>
  withOperands((operands) => {
    for (const { lhs, rhs, rhs_dtype: dtype, m, k, n, exact } of goldens.matmul) {
      const a = operands.of(fromBits(lhs), [m, k]);
      const b = ofBits(operands, rhs, dtype, [k, n]);
      const bAcross = operands.out([n, k], dtype);
      kernels.copy(bAcross, transpose(b));
      const direct = operands.out([m, n]);
      const across = operands.out([m, n]);
      kernels.matmul(direct, a, b);
      kernels.matmul(across, a, transpose(bAcross));
      assert.deepEqual(bitsOf(direct), bitsOf(across), "strides do not change the bits");
      const actual = download(direct);
      fromBits(exact).forEach((expected, place) => {
        // Seven products below 4 each.
        assert(Math.abs((actual[place] ?? NaN) - expected) <= 7 * 4 * 2 ** -24, `${dtype}, element ${place}`);
      });
    }
  }));

test("reduce(argmax, argmin) gives the first of equals, and NaN wins, as in JAX", () =>
  withOperands((operands) => {
    for (const { x, argmax, argmin } of goldens.argument.all) {
      for (const [kind, expected] of [["argmax", argmax], ["argmin", argmin]] as const) {
        const out = operands.out([], "int32");
        kernels.reduce(kind, out, operands.of(fromBits(x)));
        assert.deepEqual([...download(out)], [expected], `${kind} of ${fromBits(x)}`);
      }
    }
    for (const { shape, x, axis, argmax, argmin } of goldens.argument.axis) {
      for (const [kind, expected] of [["argmax", argmax], ["argmin", argmin]] as const) {
        const out = operands.out(shape.filter((_, k) => k !== axis), "int32");
        kernels.reduce(kind, out, operands.of(fromBits(x), shape), { axes: [axis] });
        assert.deepEqual([...download(out)], expected);
      }
    }
  }));

test("gather() takes, clips, fills and wraps as jnp.take in every dtype", () =>
  withOperands((operands) => {
    const program = (dtype: DType): Elementwise => {
      const made = new Elementwise();
      const x = made.load(0);
      const isFloat = dtype.includes("float");
      made.store(dtype === "bool" ? made.apply("i32_to_bool", x) : isFloat ? made.apply("i32_to_f32", x) : x, 0);
      return made;
    };
    const numbers = operands.of(Int32Array.from({ length: 12 }, (_, k) => k - 5), [4, 3]);
    for (const { dtype, mode, out: expected } of goldens.take.cases) {
      const source = operands.out([4, 3], dtype);
      kernels.elementwise(program(dtype), [source], [numbers]);
      // JAX counts negative indices from the end before it fills; the kernel's caller does.
      const index = goldens.take.index.map((at) => mode === "fill" && at < 0 ? at + 4 : at);
      const out = operands.out([index.length, 3], dtype);
      kernels.gather(out, source, operands.of(Int32Array.from(index)), { mode });
      assert.deepEqual(bitsOf(out), expected, `${dtype}, ${mode}`);
    }
  }));

/** The casts that one operation makes; narrow floats round when they are stored. */
const CASTS: Readonly<Record<string, Readonly<Record<string, ElementwiseOp | "none">>>> = {
  f32: {
    int32: "f32_to_i32",
    uint32: "f32_to_u32",
    int16: "f32_to_i16",
    uint16: "f32_to_u16",
    int8: "f32_to_i8",
    uint8: "f32_to_u8",
    float16: "round_f16",
    bfloat16: "round_bf16",
    bool: "f32_to_bool",
  },
  i32: {
    int8: "wrap_i8",
    uint8: "wrap_u8",
    int16: "wrap_i16",
    uint16: "wrap_u16",
    uint32: "none",
    float32: "i32_to_f32",
    float16: "i32_to_f32",
    bfloat16: "i32_to_f32",
    bool: "i32_to_bool",
  },
  u32: { int8: "wrap_i8", int32: "none", float32: "u32_to_f32", float16: "u32_to_f32", bfloat16: "u32_to_f32" },
};

test("casts have JAX's bits: saturation, NaN, ties, subnormals", () =>
  withOperands((operands) => {
    const dtypes = { f32: "float32", i32: "int32", u32: "uint32" } as const;
    for (const from of ["f32", "i32", "u32"] as const) {
      const { x = [], ...targets } = goldens.cast[from];
      const input = ofBits(operands, x, dtypes[from]);
      for (const [to, expected] of Object.entries(targets)) {
        const op = CASTS[from]?.[to];
        assert(op !== undefined, `${from} to ${to}`);
        const program = new Elementwise();
        const value = program.load(0);
        program.store(op === "none" ? value : program.apply(op, value), 0);
        const out = operands.out([x.length], to as DType);
        kernels.elementwise(program, [out], [input]);
        const actual = bitsOf(out);
        expected.forEach((bits, k) => {
          const isNan = to === "float16" ? (bits & 0x7fff) > 0x7c00 : to === "bfloat16" && (bits & 0x7fff) > 0x7f80;
          if (from === "f32" && to === "bool" && Math.abs(fromBits([x[k] ?? 0])[0] ?? 0) < 2 ** -126) {
            return; // XLA flushes subnormals to zero on the CPU; WebAssembly has them, and they are not zero.
          }
          // The payload of a NaN is nobody's promise; that it is one is.
          const same = isNan ? ((actual[k] ?? 0) & 0x7fff) > (to === "float16" ? 0x7c00 : 0x7f80) : actual[k] === bits;
          assert(same, `${from} ${x[k]} to ${to}: ${actual[k]} for ${bits}`);
        });
      }
    }
  }));

test("integer division, remainder and shifts have JAX's bits in every width", () =>
  withOperands((operands) => {
    for (const row of goldens.integer) {
      const { dtype } = row;
      const unsigned = dtype.startsWith("u");
      const wrap = ({ int8: "wrap_i8", uint8: "wrap_u8", int16: "wrap_i16" } as const)[dtype as "int8"];
      const width = dtype.endsWith("32") ? 32 : dtype.endsWith("16") ? 16 : 8;
      const run = (op: ElementwiseOp, a: Bits, b: Bits): number[] => {
        const program = new Elementwise();
        const result = program.apply(op, program.load(0), program.load(1));
        program.store(wrap === undefined ? result : program.apply(wrap, result), 0);
        const out = operands.out([a.length], dtype);
        kernels.elementwise(program, [out], [ofBits(operands, a, dtype), ofBits(operands, b, dtype)]);
        return bitsOf(out);
      };
      const { a = [], b = [], value = [], count = [] } = row;
      // Only what 32-bit registers decide themselves: narrow shifts and divisions by zero are widened by their caller.
      const exactRows = a.map((_, k) => width === 32 || b[k] !== 0);
      const compare = (actual: number[], expected: Bits | undefined, what: string): void => {
        actual.forEach((bits, k) => {
          if (exactRows[k]) {
            assert.equal(bits, expected?.[k], `${dtype} ${what} of ${a[k]}, ${b[k]}`);
          }
        });
      };
      compare(run(unsigned ? "div_u32" : "div_i32", a, b), row["div"], "div");
      compare(run(unsigned ? "rem_u32" : "rem_i32", a, b), row["rem"], "rem");
      if (width === 32) {
        assert.deepEqual(run("shl_i32", value, count), row["shift_left"]);
        assert.deepEqual(run("shr_i32", value, count), row["shift_right_arithmetic"]);
        assert.deepEqual(run("shr_u32", value, count), row["shift_right_logical"]);
      }
    }
  }));

function fnv(words: ArrayLike<number>): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(Uint32Array.from(words).buffer)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

/** Compares the words of one golden row. */
function checkThreefry(operands: Operands, row: ThreefryRow, mode: ThreefryMode, shape: number[], offset = 0): void {
  const out = operands.out(shape, "uint32");
  kernels.threefry(out, operands.of(Uint32Array.from(row.key)), { mode, offset });
  const words = [...download(out)];
  const what = `${mode}, key ${row.key}, shape [${shape}], offset ${offset}`;
  assert.deepEqual(words.slice(0, row.first.length), row.first, what);
  assert.deepEqual(words.slice(words.length - row.last.length), row.last, what);
  assert.equal(fnv(words), row.hash, what);
}

test("threefry() has the bits of jax.random.bits in both layouts", () =>
  withOperands((operands) => {
    for (const row of threefry.bits) {
      checkThreefry(operands, row, row.mode === "bits" ? "partitionable" : "legacy", row.shape);
      operands.release();
    }
  }));

test("threefry() has the words of the block function and of jax.random.split", () =>
  withOperands((operands) => {
    for (const row of threefry.pairs) {
      if (Number.isSafeInteger(Number(row.offset))) {
        checkThreefry(operands, row, "pairs", [row.count, 2], Number(row.offset));
      }
    }
    for (const row of threefry.split) {
      const shape = row.mode === "pairs" ? [row.count, 2] : [2 * row.count];
      checkThreefry(operands, row, row.mode === "pairs" ? "pairs" : "legacy", shape);
    }
  }));
