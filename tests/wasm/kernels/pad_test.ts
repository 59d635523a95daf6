/** Padding against `lax.pad`. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, reverse, slice, transpose } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf, ofBits } from "./_goldens.ts";
import { assertRefused, filled, moveGoldens } from "./_move.ts";

test("pad() has the bits of lax.pad: low, high, interior, negative, empty, in every dtype", () =>
  withOperands((operands) => {
    for (const { dtype, shape, start, step, value, padding, to, out: expected } of moveGoldens.pad) {
      const out = operands.out(to, dtype);
      const given = padding.map(([low, high, interior]) => interior === 0 ? { low, high } : { low, high, interior });
      kernels.pad(out, filled(operands, shape, dtype, start, step), ofBits(operands, [value], dtype, []), given);
      assert.deepEqual(bitsOf(out), expected, `${dtype} [${shape}], padding ${padding.join(" ")}`);
    }
  }));

test("pad() reads and writes views, and takes its value from one", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3, 4, 5, 6], [3, 2]);
    const fill = slice(operands.of([7, 8, 9]), 0, 1, 1);
    const out = operands.of(new Float32Array(36), [6, 6]);
    kernels.pad(reverse(slice(out, 0, 1, 4)), transpose(x), fill, [
      { low: 1, high: 1 },
      { low: -1, high: 2, interior: 1 },
    ]);
    assert.deepEqual([...download(out)], [
      ...[0, 0, 0, 0, 0, 0],
      ...[8, 8, 8, 8, 8, 8],
      ...[8, 8, 6, 8, 4, 8],
      ...[8, 8, 5, 8, 3, 8],
      ...[8, 8, 8, 8, 8, 8],
      ...[0, 0, 0, 0, 0, 0],
    ]);
  }));

test("pad() refuses what does not fit", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3]);
    const value = operands.of([0], []);
    const five = operands.out([5]);
    const fitting = "give each axis its padding, and allocate the output with the sizes that follow";
    assertRefused(
      () => kernels.pad(five, x, value, [{ low: 1, high: 2 }]),
      "Cannot pad: the operands do not fit",
      "  actual:   output [5] float32, x [3] float32, value [] float32, padding (1, 2, 0)",
      "  expected: output [6] float32, a value of one element, whole (low, high, interior from 0) for each axis",
      `  try:      ${fitting}`,
    );
    assertRefused(
      () => kernels.pad(five, x, value, [{ low: 3, high: 3, interior: -1 }]),
      "Cannot pad: the operands do not fit",
      "  actual:   output [5] float32, x [3] float32, value [] float32, padding (3, 3, -1)",
      "  expected: output [7] float32, a value of one element, whole (low, high, interior from 0) for each axis",
      `  try:      ${fitting}`,
    );
    for (const bad of [x, operands.of([0], [], "int32")]) {
      assert.throws(() => kernels.pad(five, x, bad, [{ low: 1, high: 1 }]), { name: "ValueError" });
    }
    for (const padding of [[], [{ low: 0.5, high: 1.5 }], [{ low: 1, high: 1 }, { low: 0, high: 0 }]]) {
      assert.throws(() => kernels.pad(five, x, value, padding), { name: "ValueError" });
    }
    assertRefused(
      () => kernels.pad(five, slice(five, 0, 2, 3), value, [{ low: 1, high: 1 }]),
      "Cannot pad: the output overlaps an input",
      "  actual:   output [5] float32, input [3] float32 in the same memory",
      "  expected: memory of its own for the output",
      "  try:      write to a new operand, and copy back if need be",
    );
  }));
