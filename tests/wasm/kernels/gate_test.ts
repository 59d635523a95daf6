/** GELU, SiLU and the layers they gate, against the formulas of `jax.nn`. */

import assert from "node:assert/strict";
import test from "node:test";
import type { DType } from "../../../wasm/dtype.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, transpose } from "../../../wasm/operand.ts";
import { assertBits, floats, withOperands } from "../../_support.ts";
import gate from "../../goldens/gate.json" with { type: "json" };
import { type Bits, bitsOf, decode, ofBits, ROUNDING } from "./_goldens.ts";

const goldens = gate as unknown as {
  rows: { op: "gelu" | "exactGelu" | "silu"; dtype: DType; x: Bits; times: Bits; exact: Bits; gated: Bits }[];
};

test("gelu() and silu() are the formulas' values but for rounding, at special values as in JAX, alone and as gates", () =>
  withOperands((operands) => {
    for (const { op, dtype, x, times, exact, gated } of goldens.rows) {
      const [input, factor] = [ofBits(operands, x, dtype), ofBits(operands, times, dtype)];
      const out = operands.out([x.length], dtype);
      const run = (options: kernels.GateOptions) =>
        op === "silu"
          ? kernels.silu(out, input, options)
          : kernels.gelu(out, input, { ...options, approximate: op === "gelu" });
      const near = (expected: Bits, what: string) =>
        bitsOf(out).forEach((bits, k) => {
          const [a, b, v] = [bits, expected[k] ?? 0, x[k] ?? 0].map((word) => decode(word, dtype)) as [
            number,
            number,
            number,
          ];
          // 1 + tanh(z) and erfc(z) are rounded where they are no smaller than 2^-24, or lose by z * z what z is off.
          const float32 = 2 ** -24 * (op === "exactGelu" ? (8 + 2 * v * v) * Math.abs(b) : 8 * Math.abs(v));
          const bound = float32 + (dtype === "float32" ? 0 : 2 * (ROUNDING[dtype] ?? 0) * Math.abs(b) + 2 ** -24);
          assert(Object.is(a, b) || Math.abs(a - b) <= bound, `${what} of ${v} in ${dtype} is ${a}, not ${b}`);
        });
      run({});
      near(exact, op);
      run({ times: factor });
      near(gated, `gated ${op}`);
    }
  }));

test("gates run on views and in place, and broadcast what they multiply by", () =>
  withOperands((operands) => {
    const x = operands.of(floats(91, 130 * 70, 8), [130, 70]);
    const times = operands.of(floats(92, 70, 2));
    const [plain, turned] = [operands.out([130, 70]), operands.out([70, 130])];
    kernels.silu(plain, x, { times });
    kernels.copy(turned, transpose(x));
    kernels.silu(transpose(turned), transpose(turned), { times });
    assertBits(download(transpose(turned)), download(plain), "in place, transposed");
    kernels.gelu(operands.out([0, 3]), operands.out([0, 3]));
  }));

test("gates say what does not fit", () =>
  withOperands((operands) => {
    const [two, three] = [operands.of([1, 2]), operands.of([1, 2, 3])];
    assert.throws(() => kernels.gelu(two, two, { times: three }), {
      name: "ValueError",
      message: [
        "Cannot compute gelu: the operands do not fit",
        "  actual:   output [2] float32, x [2] float32, times [3] float32",
        "  expected: output and x floats of one shape, and times a float that broadcasts to it",
        "  try:      allocate the output like x, and cast integers to float32 first",
      ].join("\n"),
    });
    assert.throws(() => kernels.silu(two, operands.of([1, 2], [2], "int32")), { name: "ValueError" });
  }));
