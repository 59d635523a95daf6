/** The probe. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download } from "../../../wasm/operand.ts";
import { floats, withOperands } from "../../_support.ts";

test("probe() measures without changing what it sweeps", () =>
  withOperands((operands) => {
    const data = floats(9, 5000);
    const swept = operands.of(data);
    kernels.probe("sweep", swept, { turns: 2 });
    assert.deepEqual(download(swept), data);
    const out = operands.out([2]);
    kernels.probe("madd", out, { turns: 10_000 });
    // Each of 48 lanes goes to the fixed point of x * 0.999 + 0.001.
    for (const value of download(out)) {
      assert(Math.abs(value - 48) < 0.1, String(value));
    }
  }));

test("probe() adds up the parts of its operand", () =>
  withOperands((operands) => {
    const parts = operands.of([1, 2, 3, 10, 20, 30, 0, 0, 0, 7]);
    kernels.probe("add", parts, { turns: 3 });
    assert.deepEqual([...download(parts)], [1, 2, 3, 10, 20, 30, 11, 22, 33, 7]);
  }));
