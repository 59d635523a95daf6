/** Attention against JAX's, and the cache of a decoder. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import type { AttentionOptions } from "../../../wasm/kernels/mod.ts";
import { download, type Operand, slice, transpose } from "../../../wasm/operand.ts";
import { floats, fromBits, type Operands, withOperands } from "../../_support.ts";
import attention from "../../goldens/attention.json" with { type: "json" };
import { type Bits, bitsOf } from "./_goldens.ts";

/** What `attention.json` has; see `scripts/goldens/attention.py`. */
interface Row {
  readonly b: number;
  readonly h: number;
  readonly hkv: number;
  readonly tq: number;
  readonly tk: number;
  readonly d: number;
  readonly dv: number;
  readonly dtype: DType;
  readonly seed: number;
  readonly scale?: number;
  readonly softCap?: number;
  readonly causal?: boolean;
  readonly window?: number;
  readonly queryPositions?: number[][];
  readonly keyPositions?: number[][];
  readonly mask?: number[];
  readonly maskedValue?: number;
  readonly exact: Bits;
}

const goldens = attention as unknown as { readonly cases: readonly Row[] };

/** An operand of the dtype that has these floats, their low bits cut off. */
function cut(operands: Operands, data: Float32Array, shape: readonly number[], dtype: DType): Operand {
  if (dtype === "float32") {
    return operands.of(data, shape);
  }
  const bits = Array.from(new Uint32Array(data.buffer), (word) => {
    if (dtype === "bfloat16") {
      return word >>> 16;
    }
    // Exponents of float16 are less by 112; none of these numbers is subnormal.
    const rest = word & 0x7fff_ffff;
    return (word >>> 31 << 15) | (rest === 0 ? 0 : (rest - (112 << 23)) >> 13);
  });
  return operands.of(bits, shape, dtype);
}

/** The operands of a row, and its options. */
function make(operands: Operands, row: Row): { q: Operand; k: Operand; v: Operand; options: AttentionOptions } {
  const { b, h, hkv, tq, tk, d, dv, dtype, seed, maskedValue, mask, queryPositions, keyPositions } = row;
  const { scale, softCap, causal, window } = row;
  const ints = (rows: number[][]) => operands.of(Int32Array.from(rows.flat()), [b, rows[0]?.length ?? 0]);
  return {
    q: operands.of(floats(seed, b * h * tq * d, 4), [b, h, tq, d]),
    k: cut(operands, floats(seed + 1, b * hkv * tk * d, 4), [b, hkv, tk, d], dtype),
    v: cut(operands, floats(seed + 2, b * hkv * tk * dv, 4), [b, hkv, tk, dv], dtype),
    options: {
      ...(scale !== undefined && { scale }),
      ...(softCap !== undefined && { softCap }),
      ...(causal !== undefined && { causal }),
      ...(window !== undefined && { window }),
      ...(queryPositions && { queryPositions: ints(queryPositions) }),
      ...(keyPositions && { keyPositions: ints(keyPositions) }),
      ...(mask && { mask: operands.of(mask, [b, h, tq, tk], "bool") }),
      ...(maskedValue !== undefined && { maskedValue: fromBits([maskedValue])[0] ?? NaN }),
    },
  };
}

test("attention() agrees with JAX for groups of heads, masks of all kinds, soft caps and each dtype", () =>
  withOperands((operands) => {
    for (const row of goldens.cases) {
      const { q, k, v, options } = make(operands, row);
      const out = operands.out([row.b, row.h, row.tq, row.dv]);
      kernels.attention(out, q, k, v, options);
      const expected = fromBits(row.exact);
      download(out).forEach((value, place) => {
        const want = expected[place] ?? NaN;
        const what = `seed ${row.seed}, element ${place}: ${value}, not ${want}`;
        // Logits of at most 16 terms of 4, scaled; weighted means of numbers below 2.
        assert(Number.isNaN(want) ? Number.isNaN(value) : Math.abs(value - want) <= 2e-5, what);
      });
    }
  }));

test("attention() reads a cache of [capacity, heads, dim] up to its length, whatever comes after", () =>
  withOperands((operands) => {
    const [heads, capacity, dim] = [2, 70, 8];
    for (const [h, tq, length] of [[4, 1, 1], [4, 1, 69], [2, 12, 33], [2, 1, 0], [4, 5, 70]] as const) {
      const data = [1, 2].map((seed) => floats(seed, capacity * heads * dim, 4));
      const dirty = data.map((values) => values.slice().fill(NaN, length * heads * dim));
      const [k, v, kDirty, vDirty] = [...data, ...dirty].map((values) =>
        transpose(operands.of(values, [1, capacity, heads, dim]), [0, 2, 1, 3])
      ) as [Operand, Operand, Operand, Operand];
      const q = operands.of(floats(3, h * tq * dim, 4), [1, h, tq, dim]);
      const alone = operands.out([1, h, tq, dim]);
      kernels.attention(alone, q, slice(k, 2, 0, length), slice(v, 2, 0, length));
      for (const given of [length, operands.of([length], [1], "int32"), operands.of([length], [], "int32")]) {
        const out = operands.out([1, h, tq, dim]);
        kernels.attention(out, q, kDirty, vDirty, { length: given });
        assert.deepEqual(bitsOf(out), bitsOf(alone), `length ${length}`);
      }
    }
  }));

test("attention() broadcasts keys, values, positions and masks; strides do not change the bits", () =>
  withOperands((operands) => {
    const shape = [3, 2, 9, 4];
    const q = operands.of(floats(1, 216, 4), shape);
    const [k, v] = [2, 3].map((seed) => operands.of(floats(seed, 56, 4), [1, 2, 7, 4])) as [Operand, Operand];
    const mask = operands.of([1, 1, 0, 1, 1, 1, 1], [7], "bool");
    const [queryPositions, keyPositions] = [9, 7].map((n) =>
      operands.of(Int32Array.from({ length: n }, (_, i) => i))
    ) as [
      Operand,
      Operand,
    ];
    const [one, other] = [operands.out(shape), operands.out(shape)];
    kernels.attention(one, q, k, v, { mask, queryPositions, keyPositions, causal: true });
    const across = (x: Operand) => {
      const copy = operands.out([...x.shape].reverse());
      kernels.copy(transpose(copy), x);
      return transpose(copy);
    };
    kernels.attention(other, across(q), across(k), across(v), { mask, causal: true });
    assert.deepEqual(bitsOf(one), bitsOf(other));
  }));

test("attention() without keys is zeros, without queries nothing", () =>
  withOperands((operands) => {
    const out = operands.out([1, 1, 2, 3]);
    kernels.attention(
      out,
      operands.of([1, 2, 3, 4], [1, 1, 2, 2]),
      operands.of([], [1, 1, 0, 2]),
      operands.of([], [1, 1, 0, 3]),
    );
    assert.deepEqual([...download(out)], [0, 0, 0, 0, 0, 0]);
    const [k, v] = [operands.of([1, 2], [1, 1, 1, 2]), operands.of([1, 2], [1, 1, 1, 2])];
    kernels.attention(operands.out([1, 1, 0, 2]), operands.of([], [1, 1, 0, 2]), k, v);
  }));

test("attention() says what does not fit", () =>
  withOperands((operands) => {
    const x = operands.of(floats(1, 24), [1, 2, 3, 4]);
    const out = operands.out([1, 2, 3, 4]);
    const message = (...lines: string[]) => ({ name: "ValueError", message: lines.join("\n") });
    assert.throws(
      () => kernels.attention(out, x, x, operands.of(floats(1, 36), [1, 3, 3, 4])),
      message(
        "Cannot compute attention: the operands do not fit",
        "  actual:   output [1,2,3,4] float32, q [1,2,3,4] float32, k [1,2,3,4] float32, v [1,3,3,4] float32",
        "  expected: output [b, h, tq, dv] and q [b, h, tq, d], float32; k [b, hkv, tk, d] and v [b, hkv, tk, dv], " +
          "both float32, float16 or bfloat16; h a multiple of hkv",
        "  try:      transpose or reshape the operands, or check their order",
      ),
    );
    assert.throws(
      () => kernels.attention(out, x, x, x, { causal: true, queryPositions: operands.of(new Int32Array(3)) }),
      message(
        "Cannot compute attention: positions or mask do not fit",
        "  actual:   queryPositions [3] int32",
        "  expected: queryPositions [1,3] and keyPositions [1,3], int32, both or neither; mask [1,2,3,3] bool",
        "  try:      give positions to queries and to keys, and a mask to each head, or axes of size 1",
      ),
    );
    for (const options of [{ window: 0 }, { window: 1.5 }, { softCap: -1 }, { length: 4 }, { length: x }]) {
      assert.throws(() => kernels.attention(out, x, x, x, options), {
        name: "ValueError",
        message: /^Cannot compute attention: an option is out of range\n/,
      });
    }
    assert.throws(() => kernels.attention(x, x, x, x), { name: "EngineError" });
  }));
