/** Rotary embedding against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, transpose } from "../../../wasm/operand.ts";
import { assertBits, floats, withOperands } from "../../_support.ts";
import { bitsOf, ofBits, rowwiseGoldens } from "./_goldens.ts";

test("rotary() has JAX's bits, rounded once, also in place", () =>
  withOperands((operands) => {
    for (const { dtype, shape, x, cos, sin, out } of rowwiseGoldens.rotary) {
      const half = [shape[1] ?? 0, (shape[2] ?? 0) / 2];
      const waves = [ofBits(operands, cos, "float32", half), ofBits(operands, sin, "float32", half)] as const;
      const [from, to] = [ofBits(operands, x, dtype, shape), operands.out(shape, dtype)];
      kernels.rotary(to, from, ...waves);
      assert.deepEqual(bitsOf(to), out, dtype);
      kernels.rotary(from, from, ...waves);
      assert.deepEqual(bitsOf(from), out, `${dtype}, in place`);
    }
  }));

test("rotary() takes views, many rows, and axes of size 0", () =>
  withOperands((operands) => {
    const shape = [4, 130, 3, 32];
    const x = operands.of(floats(81, 4 * 130 * 3 * 32, 4), shape);
    // Positions along axis 1, heads on axis 2.
    const [cos, sin] = [
      operands.of(floats(82, 130 * 16, 2), [130, 1, 16]),
      operands.of(floats(83, 130 * 16, 2), [130, 1, 16]),
    ];
    const [plain, turned] = [operands.out(shape), operands.out([4, 3, 130, 32])];
    kernels.rotary(plain, x, cos, sin);
    const view = transpose(turned, [0, 2, 1, 3]);
    kernels.copy(view, x);
    kernels.rotary(view, view, cos, sin);
    assertBits(download(view), download(plain), "in place, heads first");
    kernels.rotary(operands.out([0, 4]), operands.out([0, 4]), operands.of([1, 2]), operands.of([1, 2]));
    kernels.rotary(operands.out([4, 0]), operands.out([4, 0]), operands.out([0]), operands.out([0]));
  }));
