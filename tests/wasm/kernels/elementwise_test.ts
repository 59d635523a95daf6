/** Elementwise programs: broadcasting, views, ranks above eight; functions, casts and integers against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import { Elementwise, type ElementwiseOp } from "../../../wasm/elementwise.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, slice, transpose } from "../../../wasm/operand.ts";
import { assertUlps, floats, fromBits, withOperands } from "../../_support.ts";
import { type Bits, bitsOf, goldens, ofBits } from "./_goldens.ts";

test("binary() broadcasts sizes of 1 and missing axes", () =>
  withOperands((operands) => {
    const out = operands.out([2, 3]);
    kernels.binary("add_f32", out, operands.of([10, 20], [2, 1]), operands.of([1, 2, 3]));
    assert.deepEqual([...download(out)], [11, 12, 13, 21, 22, 23]);
  }));

test("unary() works in place, and on views", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3, 4, 5, 6], [2, 3]);
    kernels.unary("neg_f32", x, x);
    kernels.unary("neg_f32", slice(x, 1, 1, 1), slice(x, 1, 1, 1));
    assert.deepEqual([...download(x)], [-1, 2, -3, -4, 5, -6]);
    assert.deepEqual([...download(transpose(x))], [-1, -4, 2, 5, -3, -6]);
  }));

test("elementwise() runs several outputs in one pass", () =>
  withOperands((operands) => {
    const program = new Elementwise();
    const [a, b] = [program.load(0), program.load(1)];
    program.store(program.apply("add_f32", a, b), 0);
    program.store(program.apply("lt_f32", a, b), 1);
    const [sum, less] = [operands.out([3]), operands.out([3], "bool")];
    kernels.elementwise(program, [sum, less], [operands.of([1, 2, 3]), operands.of([2, 2, 2])]);
    assert.deepEqual([...download(sum)], [3, 4, 5]);
    assert.deepEqual([...download(less)], [1, 0, 0]);
  }));

test("elementwise() adds to a product and divides by a sum with two roundings, constants or not", () =>
  withOperands((operands) => {
    const n = 1000;
    const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e30, 1e-30];
    const values = (seed: number) => floats(seed, n).map((x, i) => i < 81 ? special[(i * seed) % 9]! : x);
    const [a, b, c] = [values(1), values(2), values(4)];
    const factors: readonly (number | undefined)[] = [undefined, 1.1, -0, Infinity];
    for (const factor of factors) {
      for (const [term, sign] of [[undefined, 1], [0.3, 1], [0.3, -1], [0, -1]] as const) {
        const program = new Elementwise();
        const [x, y, z] = [program.load(0), program.load(1), program.load(2)];
        const product = program.apply("mul_f32", factor === undefined ? y : program.float(factor), x);
        const operand = term === undefined ? z : program.float(term);
        program.store(program.apply(sign === 1 ? "add_f32" : "sub_f32", product, operand), 0);
        const out = operands.out([n]);
        kernels.elementwise(program, [out], [a, b, c].map((of) => operands.of(of)));
        const expected = a.map((x, i) => Math.fround(x * (factor === undefined ? b[i]! : Math.fround(factor))))
          .map((product, i) => product + sign * (term === undefined ? c[i]! : Math.fround(term)));
        assert.deepEqual(download(out), Float32Array.from(expected), `${factor} ${term} ${sign}`);
        const ratio = new Elementwise();
        const [u, v, w] = [ratio.load(0), ratio.load(1), ratio.load(2)];
        const sum = ratio.apply(
          "add_f32",
          factor === undefined ? v : ratio.float(factor),
          term === undefined ? w : ratio.float(term),
        );
        ratio.store(ratio.apply("div_f32", u, sum), 0);
        kernels.elementwise(ratio, [out], [a, b, c].map((of) => operands.of(of)));
        const ratios = a.map((x, i) =>
          x /
          Math.fround(
            (factor === undefined ? b[i]! : Math.fround(factor)) + (term === undefined ? c[i]! : Math.fround(term)),
          )
        );
        assert.deepEqual(download(out), Float32Array.from(ratios), `ratio ${factor} ${term}`);
      }
    }
  }));

test("elementwise() and copy() loop over axes beyond the eighth", () =>
  withOperands((operands) => {
    // Reversing ten axes of size 2 leaves nothing to merge.
    const shape = new Array<number>(10).fill(2);
    const x = operands.of(floats(3, 1024), shape);
    const across = transpose(x);
    const [copied, negated] = [operands.out(shape), operands.out(shape)];
    kernels.copy(copied, across);
    kernels.unary("neg_f32", negated, across);
    const expected = download(across);
    assert.deepEqual(download(copied), expected);
    assert.deepEqual(download(negated), expected.map((value) => -value));
  }));

for (const name of ["exp", "log", "tanh"] as const) {
  test(`unary("${name}_f32") is within 2 ulp of the exact value, NaN and infinities included`, () =>
    withOperands((operands) => {
      const { x, exact } = goldens.unary[name];
      const out = operands.out([x.length]);
      kernels.unary(`${name}_f32`, out, operands.of(fromBits(x)));
      assertUlps(download(out), fromBits(exact), 2, name);
    }));
}

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
