/** Reductions: prologues, layouts, NaN and zeros; sums and places against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import { Elementwise } from "../../../wasm/elementwise.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, reverse, slice, transpose } from "../../../wasm/operand.ts";
import { floats, fromBits, withOperands } from "../../_support.ts";
import reduceGoldens from "../../goldens/reduce.json" with { type: "json" };
import { type Bits, bitsOf, goldens, ofBits } from "./_goldens.ts";

/** What `reduce.json` has (`scripts/goldens/reduce.py`). */
const { truth, mean } = reduceGoldens as unknown as {
  truth: { dtype: DType; shape: number[]; x: Bits; axes: number[]; any: Bits; all: Bits; kept: number[] }[];
  mean: { dtype: DType; shape: number[]; x: Bits; out: Bits }[];
};

test("reduce() takes a prologue over several inputs", () =>
  withOperands((operands) => {
    const product = new Elementwise();
    product.store(product.apply("mul_f32", product.load(0), product.load(1)), 0);
    const out = operands.out([2]);
    const inputs = [operands.of([1, 2, 3, 4, 5, 6], [2, 3]), operands.of([1, 0, 2, 1, 0, 2], [2, 3])];
    kernels.reduce("sum", out, inputs, { axes: [1], prologue: product });
    assert.deepEqual([...download(out)], [7, 16]);
  }));

test("reduce() gives the same bits whichever way the array lies", () =>
  withOperands((operands) => {
    const x = operands.of(floats(5, 300 * 70), [300, 70]);
    const across = operands.out([70, 300]);
    kernels.copy(across, transpose(x));
    for (const axis of [0, 1]) {
      const [a, b] = [operands.out([axis === 0 ? 70 : 300]), operands.out([axis === 0 ? 70 : 300])];
      kernels.reduce("sum", a, x, { axes: [axis] });
      kernels.reduce("sum", b, across, { axes: [1 - axis] });
      assert.deepEqual(download(a), download(b));
    }
  }));

test("reduce() of NaN and of zeros: max and min keep a NaN and tell -0 from 0, wherever they stand", () =>
  withOperands((operands) => {
    const rows = [[1, NaN, 2], [-0, 0, -0], [0, -0, 0], [-Infinity, -Infinity, -Infinity], [Infinity, 1, NaN]];
    for (const columns of [3, 40, 5000]) {
      for (const shift of [0, 1, 2]) {
        const data = rows.flatMap((row) => Array.from({ length: columns }, (_, k) => row[(k + shift) % 3] ?? 0));
        const x = operands.of(data, [rows.length, columns]);
        const across = operands.out([columns, rows.length]);
        kernels.copy(across, transpose(x));
        for (
          const [kind, expected] of [["max", [NaN, 0, 0, -Infinity, NaN]], ["min", [
            NaN,
            -0,
            -0,
            -Infinity,
            NaN,
          ]]] as const
        ) {
          for (const [input, axis] of [[x, 1], [across, 0]] as const) {
            const out = operands.out([rows.length]);
            kernels.reduce(kind, out, input, { axes: [axis] });
            assert.deepEqual([...download(out)], expected, `${kind} over axis ${axis} of ${columns}`);
          }
        }
      }
    }
  }));

test('reduce("sum") is within one rounding of its length of the exact sum', () =>
  withOperands((operands) => {
    for (const { seed, scale, n, exact, absolute } of goldens.sum.all) {
      const out = operands.out([]);
      kernels.reduce("sum", out, operands.of(floats(seed, n, scale), [n]));
      const [sum = NaN] = download(out);
      const [expected = NaN] = fromBits([exact]);
      const [magnitude = NaN] = fromBits([absolute]);
      // A term meets at most 128 groups, 5 levels of trees in a chunk and 5 over these chunks; roundings add up as a root.
      const bound = magnitude * 2 ** -24 * Math.sqrt(138);
      assert(Math.abs(sum - expected) <= bound, `n = ${n}: ${sum} for ${expected}, bound ${bound}`);
    }
  }));

test('reduce("sum") over one axis agrees with JAX', () =>
  withOperands((operands) => {
    for (const { seed, scale, shape, axis, exact } of goldens.sum.axis) {
      const kept = shape.filter((_, k) => k !== axis);
      const out = operands.out(kept);
      const size = shape.reduce((a, b) => a * b);
      kernels.reduce("sum", out, operands.of(floats(seed, size, scale), shape), { axes: [axis] });
      const actual = download(out);
      fromBits(exact).forEach((expected, k) => {
        assert(Math.abs((actual[k] ?? NaN) - expected) <= 8 * 2 ** -24, `[${shape}] over ${axis}, element ${k}`);
      });
    }
  }));

test("reduce(argmax, argmin) gives the first of equals, and NaN wins, as in JAX", () =>
  withOperands((operands) => {
    for (const { x, argmax, argmin } of goldens.argument.all) {
      for (const [kind, expected] of [["argmax", argmax], ["argmin", argmin]] as const) {
        const out = operands.out([], "int32");
        kernels.reduce(kind, out, operands.of(fromBits(x)));
        assert.deepEqual([...download(out)], [expected], `${kind} of ${fromBits(x)}`);
      }
    }
    for (const { shape, x, axis, argmax, argmin } of goldens.argument.axis) {
      for (const [kind, expected] of [["argmax", argmax], ["argmin", argmin]] as const) {
        const out = operands.out(shape.filter((_, k) => k !== axis), "int32");
        kernels.reduce(kind, out, operands.of(fromBits(x), shape), { axes: [axis] });
        assert.deepEqual([...download(out)], expected);
      }
    }
  }));

test("reduce(any, all) agrees with JAX in every dtype: NaN is true, -0 is not; over no elements any is false", () =>
  withOperands((operands) => {
    for (const row of truth) {
      const { dtype, shape, x, axes, kept } = row;
      for (const kind of ["any", "all"] as const) {
        for (const to of [kept, shape.filter((_, axis) => !axes.includes(axis))]) {
          const out = operands.out(to, "bool");
          kernels.reduce(kind, out, ofBits(operands, x, dtype, shape), { axes });
          assert.deepEqual(bitsOf(out), row[kind], `${kind} of ${dtype} [${shape}] over ${axes} to [${to}]: ${x}`);
        }
      }
    }
    // The least subnormal of each float dtype is not 0; JAX flushes it.
    for (const dtype of ["float32", "float16", "bfloat16"] as const) {
      const out = operands.out([], "bool");
      kernels.reduce("all", out, ofBits(operands, [1], dtype));
      assert.deepEqual(bitsOf(out), [1], dtype);
    }
  }));

test("reduce(any, all, sum) of bools is right at every length, place and layout", () =>
  withOperands((operands) => {
    for (const columns of [1, 3, 4, 8, 12, 100, 4096, 5000]) {
      // Row r is all true but for one place, or all false but for it.
      const places = [0, 1, columns - 2, columns - 1, -1].map((at) => Math.min(at, columns - 1));
      for (const usual of [0, 1]) {
        const data = new Uint8Array(places.length * columns).fill(usual);
        places.forEach((at, row) => at >= 0 && (data[row * columns + at] = 1 - usual));
        const x = operands.of(data, [places.length, columns], "bool");
        const shifted = slice(
          operands.of(new Uint8Array(data.length + 12), [data.length + 12], "bool"),
          0,
          4,
          data.length,
        );
        const across = operands.out([columns, places.length], "bool");
        kernels.copy(across, transpose(x));
        const wide = slice(operands.out([places.length, columns + 3], "bool"), 1, 2, columns);
        const padded = slice(operands.out([places.length, columns + 4], "bool"), 1, 4, columns);
        const moved = { ...shifted, shape: x.shape, strides: x.strides };
        for (const view of [wide, padded, moved]) kernels.copy(view, x);
        for (const kind of ["any", "all"] as const) {
          const rows = places.map((_, row) => data.subarray(row * columns, (row + 1) * columns));
          const expected = rows.map((row) => Number(kind === "any" ? row.includes(1) : !row.includes(0)));
          for (
            const [name, input] of Object.entries({
              x,
              across: transpose(across),
              wide,
              padded,
              moved,
              back: reverse(x, [1]),
            })
          ) {
            const out = operands.out([places.length], "bool");
            kernels.reduce(kind, out, input, { axes: [1] });
            assert.deepEqual([...download(out)], expected, `${kind} of ${columns}, usually ${usual}, ${name}`);
          }
          for (const dtype of ["int32", "uint32"] as const) {
            const count = operands.out([places.length, 1], dtype);
            kernels.reduce("sum", count, moved, { axes: [1] });
            assert.deepEqual([...download(count)], rows.map((row) => row.reduce((a, b) => a + b, 0)), `${columns}`);
          }
          const whole = operands.out([], "bool");
          kernels.reduce(kind, whole, x);
          assert.deepEqual([...download(whole)], [Number(kind === "any" ? data.includes(1) : !data.includes(0))]);
        }
        operands.release();
      }
    }
  }));

test("reduce(any) takes a prologue that makes bools, and writes nothing but bools", () =>
  withOperands((operands) => {
    const above = new Elementwise();
    above.store(above.apply("gt_f32", above.load(0), above.load(1)), 0);
    const inputs = [operands.of([1, 2, 3, 4], [2, 2]), operands.of([1, 2, 2, 5], [2, 2])];
    const out = operands.out([2, 1], "bool");
    kernels.reduce("any", out, inputs, { axes: [1], prologue: above });
    assert.deepEqual([...download(out)], [0, 1]);
    assert.throws(() => kernels.reduce("all", operands.out([2], "int32"), inputs[0] ?? [], { axes: [1] }), {
      name: "ValueError",
      message: [
        'Cannot compute "all": the output does not hold bools',
        "  actual:   output [2] int32",
        "  expected: dtype bool",
        "  try:      allocate the output with dtype bool, and cast afterwards",
      ].join("\n"),
    });
  }));

test("reduce() keeps reduced axes where the output has them, at any strides", () =>
  withOperands((operands) => {
    const x = operands.of(floats(8, 2 * 3 * 4 * 5), [2, 3, 4, 5]);
    for (const axes of [[], [0], [1, 3], [-2, 0], [0, 1, 2, 3]]) {
      const reduced = axes.map((axis) => (axis + 4) % 4);
      const plain = operands.out(x.shape.filter((_, axis) => !reduced.includes(axis)));
      const kept = operands.out(x.shape.map((size, axis) => reduced.includes(axis) ? 1 : size).toReversed());
      kernels.reduce("sum", plain, x, { axes });
      kernels.reduce("sum", transpose(kept), x, { axes });
      const turned = operands.out(transpose(kept).shape);
      kernels.copy(turned, transpose(kept));
      assert.deepEqual(download(turned), download(plain), `axes ${axes}`);
    }
  }));

test("reduce() runs an epilogue on results of 32 bits: means as jnp.mean in every float dtype", () =>
  withOperands((operands) => {
    for (const { dtype, shape, x, out: expected } of mean) {
      const epilogue = new Elementwise();
      epilogue.store(epilogue.apply("div_f32", epilogue.load(0), epilogue.float(shape[1] ?? 1)), 0);
      const out = operands.out([shape[0] ?? 0, 1], dtype);
      kernels.reduce("sum", out, ofBits(operands, x, dtype, shape), { axes: [1], epilogue });
      assert.deepEqual(bitsOf(out), expected, dtype);
      const across = operands.out([2, shape[0] ?? 0], dtype);
      kernels.reduce("sum", transpose(slice(across, 0, 1, 1)), ofBits(operands, x, dtype, shape), {
        axes: [1],
        epilogue,
      });
      assert.deepEqual(bitsOf(slice(across, 0, 1, 1)), expected, dtype);
    }
  }));

test("reduce() runs an epilogue on wide integers, and may make bools of them", () =>
  withOperands((operands) => {
    const x = operands.of(Int8Array.of(100, 100, 56, -100, -100, -55), [2, 3]);
    const halve = new Elementwise();
    halve.store(halve.apply("shr_i32", halve.load(0), halve.integer(2)), 0);
    const out = operands.out([2], "int8");
    kernels.reduce("sum", out, x, { axes: [1], epilogue: halve });
    assert.deepEqual([...download(out)], [64, -64]);
    const none = new Elementwise();
    none.store(none.apply("logical_not", none.load(0)), 0);
    const empty = operands.out([2], "bool");
    kernels.reduce("any", empty, operands.of([0, 0, 1, 0], [2, 2]), { axes: [1], epilogue: none });
    assert.deepEqual([...download(empty)], [1, 0]);
  }));
