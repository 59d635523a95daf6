import { test } from "node:test";
import assert from "node:assert/strict";
import * as np from "../../array/np.ts";
import type { EagerArray } from "../../core/eager.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { writeClosed } from "../../core/program.ts";
import { dispose, scope } from "../../core/storage.ts";
import { FreedArrayError } from "../../errors/mod.ts";
import { Executable, runStaged } from "../../staging/executable.ts";
import { start } from "../_support.ts";

await start();

type Leaves = (...args: NDArray[]) => readonly NDArray[];

function compiled(fn: Leaves, ...args: readonly NDArray[]): Executable {
  const [program] = writeClosed("test", fn, args);
  return new Executable("test", program, args.map((x) => (x as EagerArray).strides));
}

function run(executable: Executable, ...args: readonly NDArray[]): unknown[] {
  return executable.run(args as EagerArray[]).map((y) => y.tolist());
}

/** A function, twenty times over. */
function chainOf(fn: (x: NDArray) => NDArray, x: NDArray): NDArray {
  return Array.from({ length: 20 }).reduce<NDArray>((y) => fn(y), x);
}

test("a chain of operations has an arena of two arrays, and none where each can write over the one before", () => {
  const x = np.linspace(-1, 1, { num: 1024 });
  const chains: [(x: NDArray) => NDArray, number][] = [
    [(x) => np.sin(x), 0],
    [(x) => x.mul(x).add(x.get("::-1")), 2 * 4096],
    [(x) => np.cumsum(x), 2 * 4096],
  ];
  for (const [fn, arenaBytes] of chains) {
    const executable = compiled((x) => [chainOf(fn, x!)], x);
    assert.equal(executable.arenaBytes, arenaBytes);
    const before = memory().liveBytes;
    const [y] = executable.run([x as EagerArray]);
    assert.equal(memory().liveBytes, before + 4096);
    assert.deepEqual(y!.tolist(), chainOf(fn, x).tolist());
  }
});

test("results take the memory of arguments that are given away, if nothing else needs it", () => {
  const [program] = writeClosed("test", (x, y) => [x!.mul(2).add(y!), y!.sum()], [np.ones(100), np.ones(100)]);
  const run = (x: NDArray, y: NDArray, donated: boolean[]): EagerArray => {
    return runStaged("test", program, [x, y], { donated })[0] as EagerArray;
  };
  const fresh = (): EagerArray => np.arange(100).astype("float32") as EagerArray;
  const expected = fresh().mul(2).add(fresh()).tolist();
  const cases: [x: EagerArray, y: EagerArray, donated: boolean[], isTaken: boolean][] = [
    [fresh(), fresh(), [true, false], true],
    [fresh(), fresh(), [false, false], false],
    [fresh(), fresh(), [false, true], false],
    [np.arange(200).astype("float32").get(":100") as EagerArray, fresh(), [true, false], false],
  ];
  for (const [x, y, donated, isTaken] of cases) {
    const before = x.tolist();
    const result = run(x, y, donated);
    assert.deepEqual(result.tolist(), expected);
    assert.equal(result.storage === x.storage, isTaken);
    if (!isTaken) assert.deepEqual(x.tolist(), before);
    assert.deepEqual(y.tolist(), fresh().tolist());
  }
  const w = fresh();
  const [holding] = writeClosed("test", (x) => [x!.add(1).mul(w)], [w]);
  const squares = fresh().add(1).mul(fresh()).tolist();
  for (let call = 0; call < 2; call++) {
    const [product] = runStaged("test", holding, [w], { donated: [true] });
    assert.deepEqual(product!.tolist(), squares, "what the program holds is not written over");
  }
  const both = writeClosed("test", (x) => [x!.add(1), x!], [np.ones(100)])[0];
  const x = fresh();
  const [next, same] = runStaged("test", both, [x], { donated: [true] });
  assert.deepEqual([next!.get(3).item(), same!.get(3).item()], [4, 3]);
});

test("results may be arguments, views of them, constants, views of results, and the same array twice", () => {
  const c = np.array([7, 8]);
  const x = np.array([[1, 2, 3], [4, 5, 6]]);
  const executable = compiled((x) => {
    const y = x!.add(1);
    return [x!, x!.transpose(), c, y, y.get(0), y, c];
  }, x);
  const results = run(executable, x);
  assert.deepEqual(results, [
    [[1, 2, 3], [4, 5, 6]],
    [[1, 4], [2, 5], [3, 6]],
    [7, 8],
    [[2, 3, 4], [5, 6, 7]],
    [2, 3, 4],
    [[2, 3, 4], [5, 6, 7]],
    [7, 8],
  ]);
  const [, , own] = executable.run([x as EagerArray]);
  dispose(own);
  assert.deepEqual(run(executable, x), results, "who frees a result that is a constant frees a copy");
});

test("a constant that was freed is missed", () => {
  const c = np.array([7, 8]);
  const executable = compiled((x) => [x!.add(c)], np.ones(2));
  dispose(c);
  assert.throws(() => run(executable, np.ones(2)), FreedArrayError);
});

test("arguments are read where they lie if their strides are known, and are copied if they cannot be read so", () => {
  const [program] = writeClosed("test", (x) => [x!.mul(2).sum({ axis: 0 })], [np.ones([4, 3])]);
  const of = (x: NDArray): unknown => runStaged("test", program, [x])[0]!.tolist();
  const x = np.arange(12).astype("float32").reshape([4, 3]);
  const wide = np.arange(24).astype("float32").reshape([4, 6]);
  const cases = [
    x,
    x.transpose().add(0).transpose(),
    wide.get(":", "1:4"),
    wide.get(":", "::2"),
    x.get("::-1"),
    np.broadcastTo(np.array([1, 2, 3]).astype("float32"), [4, 3]),
  ];
  const before = memory().liveBytes;
  for (const one of cases) {
    assert.deepEqual(scope(() => of(one)), scope(() => one.mul(2).sum({ axis: 0 }).tolist()));
  }
  assert.equal(memory().liveBytes, before, "copies are freed");
  // Bytes that begin amid a word.
  const bytes = np.arange(9).astype("int8");
  const [small] = writeClosed("test", (x) => [x!.add(1)], [np.ones(3, { dtype: "int8" })]);
  assert.deepEqual(runStaged("test", small, [bytes.get("2:5")])[0]!.tolist(), [3, 4, 5]);
});

test("arguments of more layouts than plans are kept for are put in order", () => {
  const [program] = writeClosed("test", (x) => [x!.neg(), x!], [np.ones([2, 2])]);
  const base = np.arange(400).astype("float32").reshape([20, 20]);
  for (let step = 1; step <= 19; step++) {
    const x = base.get(`:${step + 1}:${step}`, `:${step + 1}:${step}`);
    const [y, same] = runStaged("test", program, [x]);
    assert.deepEqual(y!.tolist(), x.neg().tolist());
    assert.deepEqual(same!.tolist(), x.tolist());
  }
});

test("arrays without elements and programs without operations run, too", () => {
  const none = np.zeros([0, 3]);
  assert.deepEqual(run(compiled((x) => [x!.add(1), x!.sum({ axis: 0 })], none), none), [[], [0, 0, 0]]);
  assert.deepEqual(run(compiled((x) => [x!], none), none), [[]]);
  assert.deepEqual(run(compiled(() => [], none), none), []);
});

test("a program of more values than a plan can name is run one operation after the other", () => {
  const x = np.ones(2);
  const [program] = writeClosed("test", (x) => {
    const parts = Array.from({ length: 2 ** 16 }, () => x!.add(1));
    return [parts.reduce((sum, part) => sum.add(part))];
  }, [x]);
  assert.throws(() => new Executable("test", program, [[1]]), { name: "NotStagedError" });
  assert.deepEqual(scope(() => runStaged("test", program, [x])[0]!.tolist()), [2 ** 17, 2 ** 17]);
});
