/** Rows by index against `jnp.take`. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import { Elementwise } from "../../../wasm/elementwise.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf, goldens } from "./_goldens.ts";

test("gather() takes, clips, fills and wraps as jnp.take in every dtype", () =>
  withOperands((operands) => {
    const program = (dtype: DType): Elementwise => {
      const made = new Elementwise();
      const x = made.load(0);
      const isFloat = dtype.includes("float");
      made.store(dtype === "bool" ? made.apply("i32_to_bool", x) : isFloat ? made.apply("i32_to_f32", x) : x, 0);
      return made;
    };
    const numbers = operands.of(Int32Array.from({ length: 12 }, (_, k) => k - 5), [4, 3]);
    for (const { dtype, mode, out: expected } of goldens.take.cases) {
      const source = operands.out([4, 3], dtype);
      kernels.elementwise(program(dtype), [source], [numbers]);
      // JAX counts negative indices from the end before it fills; the kernel's caller does.
      const index = goldens.take.index.map((at) => mode === "fill" && at < 0 ? at + 4 : at);
      const out = operands.out([index.length, 3], dtype);
      kernels.gather(out, source, operands.of(Int32Array.from(index)), { mode });
      assert.deepEqual(bitsOf(out), expected, `${dtype}, ${mode}`);
    }
  }));
