/** Matrix products: batches, empty sizes; values against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, transpose } from "../../../wasm/operand.ts";
import { floats, fromBits, withOperands } from "../../_support.ts";
import { bitsOf, goldens, ofBits } from "./_goldens.ts";

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
