import assert from "node:assert/strict";
import test from "node:test";
import { BUILDS } from "../../wasm/builds.ts";
import { currentEngine } from "../../wasm/engine.ts";
import { backendInfo } from "../../wasm/init.ts";
import { instantiate } from "../../wasm/instance.ts";
import * as kernels from "../../wasm/kernels/mod.ts";
import { download } from "../../wasm/operand.ts";
import { Pool } from "../../wasm/pool.ts";
import { assertBits, floats, LANE, start, withOperands } from "../_support.ts";

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

test("rebuild() waits until the last worker has left its loop, or two would have one number", async () => {
  await start();
  if (backendInfo().build === "simd_threads") {
    return; // glue belongs to one instance, and the engine has taken this one's
  }
  const instance = await instantiate(BUILDS.simd_threads, undefined, { call: () => 1 });
  const { exports } = instance;
  const left: number[] = [];
  const watched: typeof exports = {
    ...exports,
    pj_pool_reset: (threads, mayWait, crowded) => {
      left.push(exports.pj_pool_ready());
      exports.pj_pool_reset(threads, mayWait, crowded);
    },
  };
  const pool = new Pool({ ...instance, exports: watched }, { threads: 4, cores: undefined, workerUrl: undefined });
  for (const threads of [3, 2, 1]) {
    await pool.start();
    assert.equal(pool.ready, threads, pool.failure);
    pool.rebuild(threads);
    await pool.settled();
  }
  assert.deepEqual(left, [0, 0, 0, 0]);
});
