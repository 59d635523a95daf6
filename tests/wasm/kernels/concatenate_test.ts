/** Concatenation against `lax.concatenate`. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, type Operand, reverse, slice, transpose } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf } from "./_goldens.ts";
import { assertRefused, filled, moveGoldens } from "./_move.ts";

test("concatenate() has the bits of lax.concatenate over every axis, with empty parts, in every dtype", () =>
  withOperands((operands) => {
    for (const { dtype, parts, axis, to, out: expected } of moveGoldens.concatenate) {
      for (const named of [axis, axis - to.length]) {
        const out = operands.out(to, dtype);
        kernels.concatenate(
          out,
          parts.map(({ shape, start, step }) => filled(operands, shape, dtype, start, step)),
          named,
        );
        assert.deepEqual(bitsOf(out), expected, `${dtype} ${parts.map(({ shape }) => `[${shape}]`)} along ${named}`);
      }
    }
  }));

test("concatenate() reads and writes views, and takes one part more than once", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3, 4], [2, 2]);
    const out = operands.of(new Float32Array(14), [2, 7]);
    kernels.concatenate(slice(out, 1, 0, 6), [x, transpose(x), reverse(x)], 1);
    assert.deepEqual([...download(out)], [1, 2, 1, 3, 4, 3, 0, 3, 4, 2, 4, 2, 1, 0]);
    kernels.concatenate(slice(out, 1, 6, 1), [slice(x, 0, 1, 1), slice(x, 0, 0, 1)].map((row) => slice(row, 1, 0, 1)));
    assert.deepEqual([...download(slice(out, 1, 6, 1))], [3, 1]);
  }));

test("concatenate() refuses what does not fit", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3, 4], [2, 2]);
    const out = operands.out([4, 2]);
    const refused = (parts: readonly Operand[], axis: number, actual: string): void =>
      assertRefused(
        () => kernels.concatenate(out, parts, axis),
        "Cannot concatenate: the operands do not fit",
        `  actual:   output [4,2] float32, parts ${actual}`,
        "  expected: one dtype, sizes that are equal but along the axis, where the output has their sum",
        "  try:      cast or reshape the parts, or allocate the output with the sum",
      );
    refused([x], 0, "[2,2] float32, axis 0");
    refused([x, x], 1, "[2,2] float32, [2,2] float32, axis 1");
    refused([x, x], 2, "[2,2] float32, [2,2] float32, axis 2");
    refused([x, x], -3, "[2,2] float32, [2,2] float32, axis -3");
    refused([x, x], 0.5, "[2,2] float32, [2,2] float32, axis 0.5");
    refused([], 0, "none, axis 0");
    refused([x, operands.of([1, 2, 3, 4], [2, 2], "int32")], 0, "[2,2] float32, [2,2] int32, axis 0");
    refused([x, operands.of([1, 2])], 0, "[2,2] float32, [2] float32, axis 0");
    assertRefused(
      () => kernels.concatenate(out, [x, slice(out, 0, 0, 2)]),
      "Cannot concatenate: the output overlaps an input",
      "  actual:   output [4,2] float32, input [2,2] float32 in the same memory",
      "  expected: memory of its own for the output",
      "  try:      write to a new operand, and copy back if need be",
    );
  }));
