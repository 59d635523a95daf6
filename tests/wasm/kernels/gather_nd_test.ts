/** Gathers of windows against `jnp.ndarray.at` and `lax.gather`. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import type { GatherMode } from "../../../wasm/plan.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf, indexGoldens, indices, ofBits } from "./_index.ts";

/** The number that JAX filled with in `filled`: 1, of float16 and bfloat16 its bits. */
const ONE: Record<string, number> = { float16: 0x3c00, bfloat16: 0x3f80 };

test("gatherNd() takes elements as jnp.ndarray.at in every dtype and mode", () =>
  withOperands((operands) => {
    const { index, shape, cases } = indexGoldens.elements;
    for (const { dtype, x, get = {} } of cases) {
      const source = ofBits(operands, x, dtype, shape);
      for (const [name, expected] of Object.entries(get)) {
        const places = indices(operands, index, name === "wrap" ? undefined : shape);
        const output = operands.out([index.length], dtype);
        const fillValue = ONE[dtype] ?? 1;
        const options = name === "filled" ? { fillValue } : { mode: name as GatherMode };
        kernels.gatherNd(output, source, places, options);
        assert.deepEqual(bitsOf(output), expected, `${dtype}, ${name}`);
      }
    }
  }));

test("gatherNd() takes windows as lax.gather", () =>
  withOperands((operands) => {
    const { index, shape, window, cases } = indexGoldens.windows;
    for (const { dtype, x, get = {} } of cases) {
      const source = ofBits(operands, x, dtype, shape);
      for (const [mode, expected] of Object.entries(get)) {
        const output = operands.out([index.length, ...window], dtype);
        kernels.gatherNd(output, source, indices(operands, index), { mode: mode as GatherMode });
        assert.deepEqual(bitsOf(output), expected, `${dtype}, ${mode}`);
      }
    }
  }));

test("gatherNd() takes rows as gather() does", () =>
  withOperands((operands) => {
    const source = operands.of(Float32Array.from({ length: 12 }, (_, k) => k), [4, 3]);
    const numbers = Int32Array.of(3, -1, 4, 0);
    for (const mode of ["clip", "fill", "wrap"] as const) {
      const [rows, windows] = [operands.out([4, 3]), operands.out([4, 3])];
      kernels.gather(rows, source, operands.of(numbers), { mode });
      kernels.gatherNd(windows, source, operands.of(numbers, [4, 1]), { mode });
      assert.deepEqual(bitsOf(windows), bitsOf(rows), mode);
    }
  }));
