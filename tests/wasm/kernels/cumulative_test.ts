/** Cumulative operations against `jax.lax.cumsum` and its kin. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, transpose } from "../../../wasm/operand.ts";
import type { Cumulative } from "../../../wasm/plan.ts";
import { floats, fromBits, withOperands } from "../../_support.ts";
import scan from "../../goldens/scan.json" with { type: "json" };
import { type Bits, bitsOf, ofBits } from "./_goldens.ts";

const goldens = scan as unknown as {
  cumulative: {
    kind: Cumulative;
    dtype: DType;
    shape: number[];
    axis: number;
    reverse: boolean;
    x: Bits;
    out: Bits;
  }[];
  sum: { seed: number; scale: number; n: number; exact: Bits; absolute: number }[];
};

/** The highest magnitude that is no NaN, by dtype. */
const INFINITY_BITS: Partial<Record<DType, number>> = { float32: 0x7f800000, float16: 0x7c00, bfloat16: 0x7f80 };

/** Bits in which every NaN is the same. */
function withoutPayloads(bits: Bits, dtype: DType): number[] {
  const infinity = INFINITY_BITS[dtype];
  const magnitude = dtype === "float32" ? 0x7fffffff : 0x7fff;
  return bits.map((word) => infinity !== undefined && (word & magnitude) > infinity ? NaN : word);
}

test("cumulative() is lax.cumsum, cumprod, cummax and cummin in every dtype, along any axis, both ways", () =>
  withOperands((operands) => {
    for (const { kind, dtype, shape, axis, reverse, x, out: expected } of goldens.cumulative) {
      const what = `${kind} of [${x}] as [${shape}] ${dtype}, axis ${axis}, reverse ${reverse}`;
      const input = ofBits(operands, x, dtype, shape);
      for (const named of [axis, axis - shape.length]) {
        const out = operands.out(shape, dtype);
        kernels.cumulative(kind, out, input, { axis: named, reverse });
        assert.deepEqual(withoutPayloads(bitsOf(out), dtype), withoutPayloads(expected, dtype), what);
      }
      const turned = operands.out(shape.toReversed(), dtype);
      kernels.cumulative(kind, transpose(turned), input, { axis, reverse });
      const back = operands.out(shape, dtype);
      kernels.copy(back, transpose(turned));
      assert.deepEqual(withoutPayloads(bitsOf(back), dtype), withoutPayloads(expected, dtype), `${what}, transposed`);
      kernels.cumulative(kind, input, input, { axis, reverse });
      assert.deepEqual(withoutPayloads(bitsOf(input), dtype), withoutPayloads(expected, dtype), `${what}, in place`);
    }
  }));

test('cumulative("sum") is within a few roundings of the exact sums', () =>
  withOperands((operands) => {
    for (const { seed, scale, n, exact, absolute } of goldens.sum) {
      const out = operands.out([n]);
      kernels.cumulative("sum", out, operands.of(floats(seed, n, scale)));
      const actual = download(out);
      const [magnitude = NaN] = fromBits([absolute]);
      fromBits(exact).forEach((expected, k) => {
        // A term meets at most 68 roundings, which add up as a root.
        const bound = magnitude * 2 ** -24 * Math.sqrt(68);
        assert(
          Math.abs((actual[k] ?? NaN) - expected) <= bound,
          `n = ${n}, element ${k}: ${actual[k]} for ${expected}`,
        );
      });
    }
  }));

test("cumulative() refuses other shapes, booleans and axes that are not there", () =>
  withOperands((operands) => {
    const two = operands.of([1, 2]);
    assert.throws(() => kernels.cumulative("sum", operands.out([3]), two), {
      name: "ValueError",
      message: [
        'Cannot compute the cumulative "sum": the operands do not fit',
        "  actual:   output [3] float32, x [2] float32",
        "  expected: one shape, and one dtype that is not bool",
        "  try:      allocate the output like x; cast booleans to int32 first",
      ].join("\n"),
    });
    const bools = operands.out([2], "bool");
    assert.throws(() => kernels.cumulative("max", operands.out([2], "bool"), bools), { name: "ValueError" });
    assert.throws(() => kernels.cumulative("max", operands.out([2]), two, { axis: 1 }), {
      name: "ValueError",
      message: [
        'Cannot compute the cumulative "max": the axis is not one of the operand',
        "  actual:   axis 1 of [2] float32",
        "  expected: a whole number from -1 to 0",
        "  try:      name an axis that the operand has",
      ].join("\n"),
    });
    const shape = new Array<number>(10).fill(2);
    const folded = transpose(operands.of(new Float32Array(1024), shape), [0, 2, 4, 6, 8, 9, 7, 5, 3, 1]);
    assert.throws(() => kernels.cumulative("sum", operands.out(shape), folded), {
      name: "ValueError",
      message: [
        'Cannot compute the cumulative "sum" of an array of this rank',
        "  actual:   9 axes after merging",
        "  expected: at most 8",
        "  try:      copy the operands to contiguous memory",
      ].join("\n"),
    });
  }));
