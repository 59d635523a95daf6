/** Sorts against `jax.lax.sort` and `jnp.argsort`. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, slice } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";
import scan from "../../goldens/scan.json" with { type: "json" };
import { type Bits, bitsOf, ofBits } from "./_goldens.ts";

const goldens = scan as unknown as {
  sort: { dtype: DType; x: Bits; out: Bits; places: number[]; descending: number[]; reversed: Bits }[];
  several: {
    operands: [Bits, Bits, Bits];
    cases: { keys: number; out: Bits[] }[];
    axis_0: { shape: number[]; x: Bits; out: Bits };
  };
};

test("sort() and argsort() are lax.sort and jnp.argsort in every dtype, NaN and zeros included", () =>
  withOperands((operands) => {
    for (const { dtype, x, out: expected, places, descending } of goldens.sort) {
      const input = ofBits(operands, x, dtype);
      const out = operands.out([x.length], dtype);
      kernels.sort(out, input);
      assert.deepEqual(bitsOf(out), expected, dtype);
      kernels.sort([out], [input], { descending: true, axis: 0 });
      assert.deepEqual(bitsOf(out), descending.map((place) => x[place]), `${dtype}, descending`);
      const order = operands.out([x.length], "int32");
      kernels.argsort(order, input);
      assert.deepEqual([...download(order)], places, `places of ${dtype}`);
      kernels.argsort(order, input, { descending: true });
      assert.deepEqual([...download(order)], descending, `places of ${dtype}, descending`);
    }
  }));

test("sort() upward into an output of negative stride is jnp.sort(descending=True)", () =>
  withOperands((operands) => {
    for (const { dtype, x, reversed } of goldens.sort) {
      const out = operands.out([x.length], dtype);
      kernels.sort(
        { ...out, offset: out.byteLength / x.length * (x.length - 1), strides: [-1] },
        ofBits(operands, x, dtype),
      );
      assert.deepEqual(bitsOf(out), reversed, dtype);
    }
  }));

test("sort() takes several keys and carries the other operands, as lax.sort", () =>
  withOperands((operands) => {
    const [a, b, c] = goldens.several.operands;
    const inputs = [ofBits(operands, a, "int32"), ofBits(operands, b, "float32"), ofBits(operands, c, "uint8")];
    for (const { keys, out: expected } of goldens.several.cases) {
      const outputs = inputs.map(({ shape, dtype }) => operands.out(shape, dtype));
      kernels.sort(outputs, inputs, { keys });
      assert.deepEqual(outputs.map(bitsOf), expected, `${keys} keys`);
      const places = operands.out([a.length], "int32");
      kernels.argsort(places, inputs, { keys });
      assert.deepEqual(Array.from(download(places), (place) => c[place]), expected[2], `places by ${keys} keys`);
    }
    const { shape, x, out: expected } = goldens.several.axis_0;
    const out = operands.out(shape, "int16");
    kernels.sort(out, ofBits(operands, x, "int16", shape), { axis: 0 });
    assert.deepEqual(bitsOf(out), expected);
  }));

test("sort() refuses operands that do not belong together", () =>
  withOperands((operands) => {
    const two = operands.of([1, 2]);
    assert.throws(() => kernels.sort([operands.out([2])], [two, two]), {
      name: "ValueError",
      message: [
        "Cannot sort: the operands do not fit",
        "  actual:   outputs [2] float32, inputs [2] float32, [2] float32, 1 keys",
        "  expected: one to eight inputs of one shape, an output like each, and as many keys as inputs at most",
        "  try:      allocate the outputs like the inputs",
      ].join("\n"),
    });
    assert.throws(() => kernels.argsort(operands.out([2]), two), {
      name: "ValueError",
      message: [
        "Cannot sort: the operands do not fit",
        "  actual:   outputs [2] float32, inputs [2] float32, 1 keys",
        "  expected: places in int32 or uint32, of the shape of the input",
        "  try:      allocate the outputs like the inputs",
      ].join("\n"),
    });
    for (const keys of [0, 2, 0.5]) {
      assert.throws(() => kernels.sort(operands.out([2]), two, { keys }), { name: "ValueError" });
    }
    assert.throws(() => kernels.sort([], []), { name: "ValueError" });
    assert.throws(() => kernels.sort(operands.out([2]), two, { axis: -2 }), { name: "ValueError" });
    assert.throws(() => kernels.sort(two, slice(two, 0, 0, 2)), { name: "EngineError" });
  }));
