/** Reductions: prologues, layouts, NaN and zeros; sums and places against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import { Elementwise } from "../../../wasm/elementwise.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, transpose } from "../../../wasm/operand.ts";
import { floats, fromBits, withOperands } from "../../_support.ts";
import { goldens } from "./_goldens.ts";

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
