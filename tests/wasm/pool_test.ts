import assert from "node:assert/strict";
import test from "node:test";
import { currentEngine } from "../../wasm/engine.ts";
import { backendInfo } from "../../wasm/init.ts";
import * as kernels from "../../wasm/kernels/mod.ts";
import { download } from "../../wasm/operand.ts";
import { assertBits, floats, LANE, withOperands } from "../_support.ts";

test("workers start with the first operation that is large enough, not before", () =>
  withOperands(async (operands) => {
    if (LANE === "scalar" || !backendInfo().build.endsWith("threads")) {
      assert.equal(backendInfo().workers, 0);
      return;
    }
    const { pool } = currentEngine();
    const small = operands.of([1, 2]);
    kernels.unary("neg_f32", small, small);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(pool.ready, 0);
    const x = operands.of(floats(1, 1 << 20));
    const out = operands.out([1 << 20]);
    kernels.unary("exp_f32", out, x);
    await pool.start();
    assert.equal(pool.ready, pool.threads - 1);
    assert.equal(pool.failure, undefined);
  }));

test("rebuild() changes the number of threads; work goes on meanwhile", () =>
  withOperands(async (operands) => {
    const { pool } = currentEngine();
    const x = operands.of(floats(1, 1 << 18));
    const [out, expected] = [operands.out([1 << 18]), operands.out([1 << 18])];
    kernels.unary("exp_f32", expected, x);
    for (const threads of [2, 4, 1]) {
      pool.rebuild(backendInfo().build.endsWith("threads") ? threads : 1);
      kernels.unary("exp_f32", out, x);
      assertBits(download(out), download(expected));
      await pool.settled();
      await pool.start();
      kernels.unary("exp_f32", out, x);
      assertBits(download(out), download(expected));
    }
  }));
