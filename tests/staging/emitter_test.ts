import { test } from "node:test";
import assert from "node:assert/strict";
import * as np from "../../array/np.ts";
import { bind } from "../../core/bind.ts";
import type { Aval } from "../../core/aval.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { type CallRules, defineCall, notLinear, type Primitive } from "../../core/primitive.ts";
import { type Program, writeClosed } from "../../core/program.ts";
import { scope } from "../../core/storage.ts";
import { runStaged } from "../../staging/executable.ts";
import { start } from "../_support.ts";

await start();

type StageRule = NonNullable<CallRules<object>["stage"]>;

/** An operation that is nothing but how it becomes part of a plan. */
function staged(outputs: readonly Aval[], stage: StageRule): Primitive<object> {
  const absent = (): never => {
    throw new Error("not there");
  };
  return defineCall<object>({
    name: "staged",
    outputs: () => outputs,
    transpose: notLinear("staged"),
    vmap: absent,
    call: { evaluate: absent, push: absent, stage },
  });
}

/** The results of such an operation on arrays, with operations around it. */
function run(outputs: readonly Aval[], stage: StageRule, ...args: NDArray[]): unknown[] {
  const primitive = staged(outputs, stage);
  const [program] = writeClosed("test", (...xs) => bind(primitive, xs, {}).map((y) => y.add(y)), args);
  const before = memory().liveBytes;
  const lists = scope(() => runStaged("test", program, args).map((y) => y.tolist()));
  assert.equal(memory().liveBytes, before, "nothing is left");
  return lists;
}

const float = (...shape: number[]): Aval => ({ shape, dtype: "float32", weakType: false });

function programOf(fn: (...args: NDArray[]) => readonly NDArray[], ...avals: readonly Aval[]): Program {
  return writeClosed("test", fn, avals)[0];
}

/** Cumulative sums of rows, from the first or the last, by a loop. */
function sums(fromEnd: boolean): StageRule {
  const add = programOf((sum, x) => [sum!.add(x!)], float(3), float(3));
  return (stager, [init, xs]) => {
    const [before, after] = [stager.allocate(float(3)), stager.allocate(float(3))];
    const row = stager.allocate(float(3));
    const rows = stager.allocate(float(4, 3));
    stager.copy(before, init!);
    stager.loop({ count: 4, carries: [[before, after]] }, (turn) => {
      stager.take(row, xs!, turn, fromEnd);
      const [sum] = stager.run(add, [before, row]);
      stager.copy(after, sum!);
      stager.put(rows, sum!, turn, fromEnd);
      stager.release(sum!);
    });
    const last = stager.allocate(float(3));
    stager.copy(last, before);
    [before, after, row].forEach((value) => stager.release(value));
    return [last, rows];
  };
}

test("a loop carries values from turn to turn, takes parts of arrays, and puts parts of results", () => {
  const init = np.array([1, 0, 0]).astype("float32");
  const xs = np.arange(12).astype("float32").reshape([4, 3]);
  for (const rows of [xs, xs.transpose().add(0).transpose()]) {
    assert.deepEqual(run([float(3), float(4, 3)], sums(false), init, rows), [
      [38, 44, 52],
      [[2, 2, 4], [8, 10, 14], [20, 24, 30], [38, 44, 52]],
    ]);
    assert.deepEqual(run([float(3), float(4, 3)], sums(true), init, rows), [
      [38, 44, 52],
      [[38, 44, 52], [38, 42, 48], [32, 34, 38], [20, 20, 22]],
    ]);
  }
});

test("a loop with a condition turns while it holds, and not more often than it may", () => {
  const double = programOf((x) => [x!.mul(2)], float());
  const isSmall = programOf((x, limit) => [x!.lt(limit!)], float(), float());
  const doubling = (count: number): StageRule => (stager, [init, limit]) => {
    const [before, after] = [stager.allocate(float()), stager.allocate(float())];
    stager.copy(before, init!);
    const goesOn = () => stager.run(isSmall, [before, limit!])[0]!;
    stager.loop({ count, carries: [[before, after]], while: goesOn }, () => {
      const [y] = stager.run(double, [before]);
      stager.copy(after, y!);
      stager.release(y!);
    });
    const last = stager.allocate(float());
    stager.copy(last, before);
    [before, after].forEach((value) => stager.release(value));
    return [last];
  };
  const of = (x: number, limit: number): unknown =>
    run([float()], doubling(1000), np.array(x).astype("float32"), np.array(limit).astype("float32"))[0];
  assert.deepEqual([of(1, 100), of(200, 100), of(3, 100)], [256, 400, 384]);
  assert.throws(
    () => run([float()], doubling(2), np.array(1).astype("float32"), np.array(100).astype("float32")),
    /more turns/,
  );
});

test("a branch runs the block that an integer says, the nearest if there is none", () => {
  const add = programOf((x) => [x!.add(1)], float(2));
  const mul = programOf((x) => [x!.mul(10)], float(2));
  const choose: StageRule = (stager, [index, x]) => {
    const y = stager.allocate(float(2));
    stager.branch(
      index!,
      [add, mul].map((program) => () => {
        const [own] = stager.run(program, [x!]);
        stager.copy(y, own!);
        stager.release(own!);
      }),
    );
    return [y];
  };
  const x = np.array([1, 2]).astype("float32");
  const of = (index: number): unknown => run([float(2)], choose, np.array(index, { dtype: "int32" }), x)[0];
  assert.deepEqual([of(-3), of(0), of(1), of(7)], [[4, 6], [4, 6], [20, 40], [20, 40]]);
});

test("a function that is called amid a plan is given arrays, may use the engine, and may throw", () => {
  const seen: unknown[] = [];
  const call = (fn: (x: NDArray) => void): StageRule => (stager, [x]) => {
    stager.host((value) => fn(value!), [x!]);
    return [stager.retain(x!)];
  };
  const x = np.array([[1, 2], [3, 4]]).astype("float32");
  const look = (value: NDArray): unknown => seen.push([value.tolist(), scope(() => value.add(1).sum().item())]);
  assert.deepEqual(run([float(2, 2)], call(look), x.transpose()), [[[2, 6], [4, 8]]]);
  assert.deepEqual(seen, [[[[1, 3], [2, 4]], 14]]);
  const fails = call(() => {
    throw new RangeError("stop");
  });
  assert.throws(() => run([float(2, 2)], fails, x), (error: Error) => {
    return error instanceof RangeError && error.message === "stop";
  });
  assert.deepEqual(run([float(2, 2)], call(look), x), [[[2, 4], [6, 8]]]);
});
