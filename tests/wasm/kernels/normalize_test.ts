/** Normalizations against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, type Operand, transpose } from "../../../wasm/operand.ts";
import { assertBits, floats, type Operands, withOperands } from "../../_support.ts";
import { type Bits, bitsOf, decode, ofBits, ROUNDING, rowwiseGoldens } from "./_goldens.ts";

/**
 * Asserts that two results of the same eight roundings agree but for the order of summation and how XLA divides: within
 * eight roundings of the largest term.
 */
function assertNear(actual: Bits, expected: Bits, dtype: DType, largest: number, what: string): void {
  actual.forEach((bits, k) => {
    const [a, b] = [decode(bits, dtype), decode(expected[k] ?? 0, dtype)];
    const bound = 8 * (ROUNDING[dtype] ?? 0) * Math.max(largest, Math.abs(b));
    assert(Object.is(a, b) || a === b || Math.abs(a - b) <= bound, `${what}: element ${k} is ${a}, not ${b}`);
  });
}

test("rmsNorm() and layerNorm() are JAX's separate operations, in every dtype, with and without vectors", () =>
  withOperands((operands) => {
    for (const row of rowwiseGoldens.normalize) {
      const { dtype, shape } = row;
      const x = ofBits(operands, row.x, dtype, shape);
      const [scale, bias] = [ofBits(operands, row.scale, dtype), ofBits(operands, row.bias, dtype)];
      const out = operands.out(shape, dtype);
      const near = (expected: Bits, largest: number, what: string) =>
        assertNear(bitsOf(out), expected, dtype, largest, `${what} [${shape}] ${dtype}`);
      kernels.rmsNorm(out, x);
      near(row.rms, 0, "rmsNorm");
      kernels.rmsNorm(out, x, { scale, epsilon: 1e-6 });
      near(row.rms_scale, 0, "rmsNorm with scale");
      // A difference from the mean, and a bias, may be much smaller than their terms, which are below 4.
      kernels.layerNorm(out, x);
      near(row.layer, 4, "layerNorm");
      kernels.layerNorm(out, x, { scale });
      near(row.layer_scale, 8, "layerNorm with scale");
      kernels.layerNorm(out, x, { scale, bias });
      near(row.layer_both, 8, "layerNorm with scale and bias");
    }
  }));

/** `layerNorm` of float32 by programs and reductions of single operations. */
function decomposed(operands: Operands, x: Operand, scale: Operand, bias: Operand, epsilon: number): Operand {
  const column = { ...operands.out(x.shape.slice(0, -1)) };
  const columns = [0, 1, 2].map(() => operands.out(column.shape));
  const wide = (operand: Operand): Operand => ({
    ...operand,
    shape: [...operand.shape, 1],
    strides: [...operand.strides, 0],
  });
  const [mean, squares, other] = columns as [Operand, Operand, Operand];
  const [y, square] = [operands.out(x.shape), operands.out(x.shape)];
  const [n, small, zero] = [operands.of([x.shape.at(-1) ?? 0]), operands.of([epsilon]), operands.of([0])];
  kernels.binary("mul_f32", square, x, x);
  kernels.reduce("sum", mean, x, { axes: [-1] });
  kernels.reduce("sum", squares, square, { axes: [-1] });
  kernels.binary("div_f32", mean, mean, n);
  kernels.binary("div_f32", squares, squares, n);
  kernels.binary("mul_f32", other, mean, mean);
  kernels.binary("sub_f32", squares, squares, other);
  kernels.binary("max_f32", squares, squares, zero);
  kernels.binary("add_f32", squares, squares, small);
  kernels.unary("rsqrt_f32", squares, squares);
  kernels.binary("sub_f32", y, x, wide(mean));
  kernels.binary("mul_f32", y, y, wide(squares));
  kernels.binary("mul_f32", y, y, scale);
  kernels.binary("add_f32", y, y, bias);
  return y;
}

test("layerNorm() has the bits of its decomposed form, on views and in place", () =>
  withOperands((operands) => {
    for (const [rows, columns] of [[37, 300], [100, 64], [3, 9001]] as const) {
      const x = operands.of(floats(71, rows * columns, 8), [rows, columns]);
      const [scale, bias] = [operands.of(floats(72, columns, 4)), operands.of(floats(73, columns, 4))];
      const want = download(decomposed(operands, x, scale, bias, 1e-6));
      const [out, turned] = [operands.out([rows, columns]), operands.out([columns, rows])];
      kernels.layerNorm(out, x, { scale, bias });
      assertBits(download(out), want, "plain");
      kernels.copy(turned, transpose(x));
      kernels.layerNorm(transpose(turned), transpose(turned), { scale, bias });
      assertBits(download(transpose(turned)), want, "in place, transposed");
    }
  }));
