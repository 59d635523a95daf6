/** Slices whose starts are in memory, against `lax.dynamic_slice` and `lax.dynamic_update_slice`. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, reverse, slice, transpose } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf } from "./_goldens.ts";
import { assertRefused, filled, moveGoldens } from "./_move.ts";

test("dynamicSlice() and dynamicUpdateSlice() have JAX's bits, with starts outside and in every dtype", () =>
  withOperands((operands) => {
    for (const { dtype, shape, part, starts, slice: sliced, update: updated } of moveGoldens.dynamic) {
      const what = `${dtype} [${part}] of [${shape}] at [${starts}]`;
      const x = filled(operands, shape, dtype, 5, 65537 * 3 + 1);
      const at = operands.of(Int32Array.from(starts));
      const out = operands.out(part, dtype);
      kernels.dynamicSlice(out, x, at);
      assert.deepEqual(bitsOf(out), sliced, what);
      kernels.dynamicUpdateSlice(x, filled(operands, part, dtype, 90, 65537 * 5 + 1), at);
      assert.deepEqual(bitsOf(x), updated, what);
    }
  }));

test("dynamicSlice() reads starts that a kernel has computed, at any stride", () =>
  withOperands((operands) => {
    const x = operands.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4]);
    const pairs = operands.of(Int32Array.of(-1, 9, 0, 9), [4]);
    const starts = slice(pairs, 0, 2, 2, -2);
    const out = operands.out([2, 2]);
    kernels.dynamicSlice(out, x, starts);
    assert.deepEqual([...download(out)], [0, 1, 4, 5]);
    kernels.binary("add_i32", pairs, pairs, operands.of(Int32Array.of(3)));
    kernels.dynamicSlice(out, x, starts);
    assert.deepEqual([...download(out)], [6, 7, 10, 11]);
  }));

test("dynamicSlice() and dynamicUpdateSlice() move through views, backward ones too", () =>
  withOperands((operands) => {
    const x = operands.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4]);
    const out = operands.out([2, 3]);
    for (const [row, column] of [[0, 0], [1, 0], [9, -1], [-1, 5]] as const) {
      const starts = operands.of(Int32Array.of(row, column));
      const clamp = (start: number, most: number): number => Math.min(Math.max(start, 0), most);
      for (const view of [transpose(reverse(x)), transpose(reverse(x, [0])), reverse(transpose(x), [0])]) {
        const part = operands.out([2, 3]);
        kernels.dynamicSlice(part, view, starts);
        const expected = slice(slice(view, 0, clamp(row, 2), 2), 1, clamp(column, 0), 3);
        assert.deepEqual(download(part), download(expected));
      }
      const grown = operands.of(new Float32Array(24), [4, 6]);
      const view = slice(reverse(grown), 1, 0, 3, 2);
      kernels.copy(out, slice(slice(x, 0, 0, 2), 1, 1, 3));
      kernels.dynamicUpdateSlice(view, reverse(out, [1]), operands.of(Int32Array.of(row, column)));
      const expected = new Float32Array(12);
      [3, 2, 1, 7, 6, 5].forEach((value, k) => expected[(clamp(row, 2) + Math.floor(k / 3)) * 3 + k % 3] = value);
      assert.deepEqual(download(view), expected);
      assert.equal(download(grown).filter((value) => value !== 0).length, 6);
    }
  }));

test("dynamicSlice() and dynamicUpdateSlice() refuse what does not fit", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3, 4], [2, 2]);
    const starts = operands.of(Int32Array.of(0, 0));
    const tall = operands.out([3, 1]);
    const remedy = "  try:      give one int32 start for each axis";
    const expected = "  expected: a slice no larger than the array, of its dtype and at most 8 axes; starts [2] int32";
    assertRefused(
      () => kernels.dynamicSlice(tall, x, starts),
      "Cannot take a dynamic slice: the operands do not fit",
      "  actual:   slice [3,1] float32 of [2,2] float32, starts [2] int32",
      expected,
      remedy,
    );
    assertRefused(
      () => kernels.dynamicUpdateSlice(x, tall, starts),
      "Cannot update a dynamic slice: the operands do not fit",
      "  actual:   slice [3,1] float32 of [2,2] float32, starts [2] int32",
      expected,
      remedy,
    );
    const [one, flat, whole] = [operands.out([1, 1]), operands.out([1]), operands.out([1, 1], "int32")];
    for (
      const [part, at] of [
        [one, operands.of([0, 0])],
        [one, operands.of(Int32Array.of(0))],
        [one, operands.of(Int32Array.of(0, 0), [2, 1])],
        [flat, starts],
        [whole, starts],
      ] as const
    ) {
      assert.throws(() => kernels.dynamicSlice(part, x, at), { name: "ValueError" });
    }
  }));
