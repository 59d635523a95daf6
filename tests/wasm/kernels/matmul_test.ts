/** Matrix products: batches, empty sizes; values against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, transpose } from "../../../wasm/operand.ts";
import { floats, fromBits, withOperands } from "../../_support.ts";
import { bitsOf, goldens, integerGoldens, ofBits } from "./_goldens.ts";

test("matmul() broadcasts batches", () =>
  withOperands((operands) => {
    const a = operands.of([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    const b = operands.of([0, 1, 1, 0], [2, 2]);
    const out = operands.out([2, 2, 2]);
    kernels.matmul(out, a, b);
    assert.deepEqual([...download(out)], [2, 1, 4, 3, 6, 5, 8, 7]);
  }));

test("matmul() with k = 0 is zeros, with m = 0 nothing", () =>
  withOperands((operands) => {
    const out = operands.out([2, 2]);
    kernels.matmul(out, operands.of([], [2, 0]), operands.of([], [0, 2]));
    assert.deepEqual([...download(out)], [0, 0, 0, 0]);
    kernels.matmul(operands.out([0, 2]), operands.of([], [0, 3]), operands.of(floats(1, 6), [3, 2]));
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

test("matmul() of integers is JAX's, whichever way they lie", () =>
  withOperands((operands) => {
    for (const row of integerGoldens.matmul) {
      const { m, k, n } = row;
      const a = ofBits(operands, row.lhs, row.lhs_dtype, [m, k]);
      const b = ofBits(operands, row.rhs, row.rhs_dtype, [k, n]);
      const bAcross = operands.out([n, k], row.rhs_dtype);
      kernels.copy(bAcross, transpose(b));
      for (const right of [b, transpose(bAcross)]) {
        const out = operands.out([m, n], row.out_dtype);
        kernels.matmul(out, a, right);
        assert.deepEqual(
          bitsOf(out),
          row.out,
          `${row.call} of ${row.lhs_dtype} and ${row.rhs_dtype}, ${m} x ${k} x ${n}`,
        );
      }
      const across = operands.out([n, m], row.out_dtype);
      const back = operands.out([m, n], row.out_dtype);
      kernels.matmul(transpose(across), a, b);
      kernels.copy(back, transpose(across));
      assert.deepEqual(bitsOf(back), row.out, "into columns");
      operands.release();
    }
  }));

test("matmul() of integers broadcasts batches as jnp.matmul does", () =>
  withOperands((operands) => {
    for (const { lhs, rhs, dtype, out: expected } of integerGoldens.batched) {
      const out = operands.out([2, 3, 4, 6], dtype);
      kernels.matmul(out, ofBits(operands, lhs, dtype, [2, 3, 4, 5]), ofBits(operands, rhs, dtype, [3, 5, 6]));
      assert.deepEqual(bitsOf(out), expected, dtype);
    }
  }));
