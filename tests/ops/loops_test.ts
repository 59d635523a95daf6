import { test } from "node:test";
import assert from "node:assert/strict";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import type { Aval } from "../../core/aval.ts";
import { bind } from "../../core/bind.ts";
import { pullBack } from "../../core/linearize.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { runProgram, writeClosed, writeProgram } from "../../core/program.ts";
import { add } from "../../ops/add.ts";
import { condPrimitive } from "../../ops/cond.ts";
import { scanPrimitive } from "../../ops/scan.ts";
import { whilePrimitive } from "../../ops/while_loop.ts";
import { instantiate } from "../../ops/zeros.ts";
import { start } from "../_support.ts";

await start();

/** Checks that `⟨ct, f(x)⟩ = ⟨fᵀ(ct), x⟩`, of a function that is linear. */
function checkTranspose(name: string, f: (...xs: NDArray[]) => readonly NDArray[], xs: readonly NDArray[]): void {
  const program = writeProgram("test", f, xs);
  const ys = runProgram(program, xs);
  const cts = ys.map((y, k) => np.sin(np.arange(y.size).add(k + 1)).reshape(y.shape));
  const back = pullBack(program, cts, add).map(instantiate);
  const dot = (a: readonly NDArray[], b: readonly NDArray[]): number =>
    a.reduce((sum, x, k) => sum + Number(x.mul(b[k]!).sum().item()), 0);
  const [left, right] = [dot(cts, ys), dot(back, xs)];
  assert.ok(Math.abs(left - right) < 1e-4 * Math.max(1, Math.abs(left)), `${name}: ${left} and ${right}`);
}

/** Integers of these shapes. */
function avals(...shapes: number[][]): Aval[] {
  return shapes.map((shape) => ({ shape, dtype: "int32", weakType: false }));
}

const v = np.array([0.5, -1.25, 2, 0.75]);

test("a scan is transposed though some of what it carries is known", () => {
  const w = np.array([2, 3, 5, 7.5]);
  for (const reverse of [false, true]) {
    // Counts, has a carry of numbers that are known, and one that begins with a constant 0.
    const f = (x: NDArray, c: NDArray): readonly NDArray[] => {
      const turn = ([i, s, c, z]: NDArray[], x: NDArray) =>
        [[i!.add(1), s!.mul(1.5), c!.mul(w.get(i!)).add(x.mul(s!)), z!.add(c!)], z!.mul(i!)] as const;
      const zero = np.zeros([], { dtype: "float32" });
      const [[, , last, sum], ys] = lax.scan(turn, [np.array(0), np.array(1.5), c, zero], x, { reverse });
      return [last!, sum!, ys as NDArray];
    };
    checkTranspose(`${reverse}`, f, [v, np.array(0.5)]);
    // Not all results have a cotangent, nor all operands a part in it.
    checkTranspose(`${reverse} last`, (x, c) => f(x, c).slice(0, 1), [v, np.array(0.5)]);
    checkTranspose(`${reverse} rows`, (x, c) => f(x, c).slice(2), [v, np.array(0.5)]);
  }
});

test("a choice is transposed, by a number that is known", () => {
  for (const index of [0, 1, 2]) {
    const f = (x: NDArray, y: NDArray): readonly NDArray[] =>
      lax.switch(
        np.array(index),
        [
          (x: NDArray, y: NDArray) => [x.mul(2), y],
          (x: NDArray, _: NDArray) => [x.mul(v), np.zeros([])],
          (_: NDArray, y: NDArray) => [np.zeros([4]), y.mul(3)],
        ],
        x,
        y,
      ) as NDArray[];
    checkTranspose(`${index}`, f, [v, np.array(1.5)]);
  }
});

test("operations that hold programs do what these say", () => {
  const x = np.array([1, 2, 3]);
  const [turn] = writeClosed("test", (k, c, x) => [add(c!, x!), k!.mul(c!)], avals([], [], []));
  const params = { program: turn, consts: 1, carries: 1, length: 3, reverse: false, unroll: 1 };
  const run = (own: Partial<typeof params>) =>
    bind(scanPrimitive, [np.array(10), np.array(0), x], { ...params, ...own }).map((y) => y.tolist());
  assert.deepEqual(run({}), [6, [0, 10, 30]]);
  assert.deepEqual(run({ reverse: true }), [6, [50, 30, 0]]);
  assert.deepEqual(run({ unroll: 2 }), [6, [0, 10, 30]]);
  const [cond] = writeClosed("test", (end, x) => [x!.lt(end!)], avals([], []));
  const [body] = writeClosed("test", (step, x) => [x!.add(step!)], avals([], []));
  const loop = { cond, body, condConsts: 1, bodyConsts: 1 };
  const count = (start: number) =>
    bind(whilePrimitive, [np.array(10), np.array(4), np.array(start)], loop).map((y) => y.item());
  assert.deepEqual([count(0), count(11)], [[12], [11]]);
  const branches = [1, 2, 3].map((k) => writeClosed("test", (x) => [x!.mul(k)], avals([3]))[0]);
  const choose = (k: number) => bind(condPrimitive, [np.array(k), x], { branches })[0]!.tolist();
  assert.deepEqual([-5, 0, 1, 2, 9].map(choose), [[1, 2, 3], [1, 2, 3], [2, 4, 6], [3, 6, 9], [3, 6, 9]]);
});
