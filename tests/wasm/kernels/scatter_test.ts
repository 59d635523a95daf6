/** Scatters against `jnp.ndarray.at` and `lax.scatter`. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { transpose } from "../../../wasm/operand.ts";
import type { GatherMode, ScatterKind } from "../../../wasm/plan.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf, indexGoldens, indices, ofBits, plain, plainBits } from "./_index.ts";

for (const part of ["rows", "elements", "windows"] as const) {
  test(`scatter() sets, adds, multiplies and bounds ${part} as JAX in every dtype`, () =>
    withOperands((operands) => {
      const { index, shape, cases } = indexGoldens[part];
      const lists = index.map((row) => typeof row === "number" ? [row] : row);
      const places = indices(operands, lists, part === "windows" ? undefined : shape);
      const window = part === "windows" ? indexGoldens.windows.window : shape.slice(lists[0]?.length);
      for (const { dtype, x, updates, out } of cases) {
        const given = ofBits(operands, updates, dtype, [index.length, ...window]);
        for (const [name, expected] of Object.entries(out)) {
          const [kind, mode] = name.split(" ") as [ScatterKind, GatherMode];
          const output = ofBits(operands, x, dtype, shape);
          kernels.scatter(kind, output, places, given, { mode });
          assert.deepEqual(plainBits(output), plain(expected, dtype), `${dtype}, ${name}`);
        }
      }
    }));
}

test("scatter() drops what is outside unless told otherwise, and wraps", () =>
  withOperands((operands) => {
    const places = operands.of(Int32Array.of(1, -1, 3, 4), [4, 1]);
    const updates = operands.of(Int32Array.of(1, 2, 3, 4));
    const dropped = operands.of(Int32Array.of(0, 0, 0));
    kernels.scatter("add", dropped, places, updates);
    assert.deepEqual(bitsOf(dropped), [0, 1, 0]);
    const wrapped = operands.of(Int32Array.of(0, 0, 0));
    kernels.scatter("add", wrapped, places, updates, { mode: "wrap" });
    assert.deepEqual(bitsOf(wrapped), [3, 5, 2]);
  }));

test("scatter() takes or and and of bools, and columns of a transposed output", () =>
  withOperands((operands) => {
    const places = operands.of(Int32Array.of(0, 1, 1, 2), [4, 1]);
    for (const [kind, expected] of [["add", [1, 1, 0]], ["mul", [1, 0, 0]]] as const) {
      const output = operands.of([1, 0, 0], [3], "bool");
      kernels.scatter(kind, output, places, operands.of([1, 1, 0, 0], [4], "bool"));
      assert.deepEqual(bitsOf(output), expected);
    }
    const output = operands.of(new Int32Array(6), [2, 3]);
    kernels.scatter("set", transpose(output), places, operands.of(Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [4, 2]));
    assert.deepEqual(bitsOf(output), [1, 5, 7, 2, 6, 8]);
  }));
