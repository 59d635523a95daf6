/** The largest elements against `jax.lax.top_k`. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";
import scan from "../../goldens/scan.json" with { type: "json" };
import { type Bits, bitsOf, ofBits } from "./_goldens.ts";

const goldens = scan as unknown as {
  top: { dtype: DType; k: number; x: Bits; values: Bits; places: number[] }[];
};

test("topK() is lax.top_k in every dtype, NaN and zeros included", () =>
  withOperands((operands) => {
    for (const { dtype, k, x, values: expected, places: order } of goldens.top) {
      const values = operands.out([k], dtype);
      const places = operands.out([k], "int32");
      kernels.topK(values, places, ofBits(operands, x, dtype));
      assert.deepEqual(bitsOf(values), expected, `${k} of ${dtype}`);
      assert.deepEqual([...download(places)], order, `places of ${k} of ${dtype}`);
    }
  }));

test("topK() runs along any axis", () =>
  withOperands((operands) => {
    const x = operands.of([3, 1, 2, 9, 5, 9], [3, 2]);
    const values = operands.out([2, 2]);
    const places = operands.out([2, 2], "int32");
    kernels.topK(values, places, x, { axis: 0 });
    assert.deepEqual([[...download(values)], [...download(places)]], [[5, 9, 3, 9], [2, 1, 0, 2]]);
  }));

test("topK() refuses more elements than there are", () =>
  withOperands((operands) => {
    const two = operands.of([1, 2]);
    assert.throws(() => kernels.topK(operands.out([3]), operands.out([3], "int32"), two), {
      name: "ValueError",
      message: [
        "Cannot find the largest elements: the operands do not fit",
        "  actual:   values [3] float32, places [3] int32, x [2] float32",
        "  expected: values [3] float32 with at most 2 along axis 0, places of that shape in int32 or uint32",
        "  try:      allocate both outputs with the shape of x, but for the axis",
      ].join("\n"),
    });
    assert.throws(() => kernels.topK(operands.out([1]), operands.out([1]), two), { name: "ValueError" });
    assert.throws(() => kernels.topK(operands.out([1]), operands.out([1], "int32"), operands.of([1], [])), {
      name: "ValueError",
      message: [
        "Cannot find the largest elements: the axis is not one of the operand",
        "  actual:   axis -1 of [] float32",
        "  expected: an operand with at least one axis",
        "  try:      name an axis that the operand has",
      ].join("\n"),
    });
  }));
