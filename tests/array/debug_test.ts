import { test } from "node:test";
import assert from "node:assert/strict";
import * as debug from "../../array/debug.ts";
import { grad, jvp, valueAndGrad, vjp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { dispose, keep, scope } from "../../core/storage.ts";
import { start } from "../_support.ts";

await start();

const x = np.array([1, 2.5]);

/** The lines that a function prints. */
function printed(body: () => unknown): string[] {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...args: unknown[]) => lines.push(args.join(" "));
  try {
    body();
  } finally {
    console.log = log;
  }
  return lines;
}

test("print() fills fields with values as arrays are printed", () => {
  assert.deepEqual(
    printed(() => {
      debug.print("x = {}, {}", x, np.array([[1, 2], [3, 4]]));
      debug.print("{1} before {0}: {sum} {{}}", "a", true, { sum: x.sum() });
      debug.print("{:.2f} {norm:.3e} {:.1f}", x.sum(), 2, { norm: np.array(12345) });
      debug.print("{}", { a: [x, 1], b: null });
      debug.print("no fields");
      debug.print("{} {}", np.zeros([0, 2]), np.array(true));
      debug.print("{}", np.arange(1000));
    }),
    [
      "x = [1.0, 2.5], [[1, 2],\n [3, 4]]",
      "true before a: 3.5 {}",
      "3.50 1.235e+4 2.0",
      "{a: [[1.0, 2.5], 1], b: null}",
      "no fields",
      "[] true",
      "[  0,   1,   2, ..., 997, 998, 999]",
    ],
  );
});

test("print() says where format and values do not fit, when it is traced", () => {
  const message = (...args: Parameters<typeof debug.print>): string => {
    try {
      jit(() => debug.print(...args) ?? null)();
    } catch (error) {
      assert((error as Error).name === "ValueError");
      return (error as Error).message.split("\n")[0]!;
    }
    return "";
  };
  assert.equal(message("{} {}", x), "Cannot debug.print: there is no value for {1}");
  assert.equal(message("{y}", { x }), "Cannot debug.print: there is no value for {y}");
  assert.equal(message("x", x), "Cannot debug.print: value 0 has no field");
  assert.equal(message("{x}", { x, y: x }), "Cannot debug.print: value y has no field");
  assert.equal(message("{", x), 'Cannot debug.print: a "{" stands alone');
  assert.equal(message("{x.y}", x), 'Cannot debug.print: "{x.y}" is no field');
  assert.equal(message("{:.2f}", x), "Cannot debug.print: {0} has digits and is an array of many");
});

test("print() prints in compiled functions each time, and in derivatives once", () => {
  const f = (x: NDArray): NDArray => {
    const y = np.sin(x);
    debug.print("y {:.3f}", y);
    return y.mul(x);
  };
  const one = np.array(0.5);
  assert.deepEqual(printed(() => f(one)), ["y 0.479"]);
  const g = jit(f);
  assert.deepEqual(printed(() => [g(one), g(np.array(0.25)), g(one)]), ["y 0.479", "y 0.247", "y 0.479"]);
  for (const own of [f, g, jit(g)]) {
    assert.deepEqual(printed(() => grad(own)(one)), ["y 0.479"]);
    assert.deepEqual(printed(() => jit(grad(own))(one)), ["y 0.479"]);
    assert.deepEqual(printed(() => jit(valueAndGrad(own))(one)), ["y 0.479"]);
    assert.deepEqual(printed(() => jvp(own, [one], [one])), ["y 0.479"]);
    assert.deepEqual(printed(() => vjp(own, one)[1](one)), ["y 0.479"]);
    assert.deepEqual(printed(() => grad(grad(own))(one)), ["y 0.479"]);
    const xs = np.array([0.5, 0.25]);
    assert.deepEqual(printed(() => vmap(own)(xs)), ["y 0.479", "y 0.247"]);
    assert.deepEqual(printed(() => jit(vmap(own))(xs)), ["y 0.479", "y 0.247"]);
    assert.deepEqual(printed(() => jit(vmap(grad(own)))(xs)), ["y 0.479", "y 0.247"]);
    assert.deepEqual(printed(() => grad((xs: NDArray) => vmap(own)(xs).sum())(xs)), ["y 0.479", "y 0.247"]);
  }
});

test("callback() gets trees, and may compute, compile and read", () => {
  const seen: unknown[] = [];
  const double = jit((x: NDArray) => x.mul(2));
  const f = jit((x: NDArray) => {
    debug.callback(
      ({ a, b }, name, flag) => {
        seen.push([a.tolist(), b.add(1).item(), double(a).tolist(), grad((x: NDArray) => x.mul(x).sum())(a).tolist()]);
        seen.push([name, flag]);
      },
      { a: x.mul(1), b: x.sum() },
      "name",
      3,
    );
    return x;
  });
  // What is compiled keeps its constants.
  scope(() => f(x).tolist());
  seen.length = 0;
  const before = memory().liveArrays;
  scope(() => f(x).tolist());
  assert.deepEqual(seen, [[[1, 2.5], 4.5, [2, 5], [2, 5]], ["name", 3]]);
  assert.equal(memory().liveArrays, before);
  const calls: string[] = [];
  debug.callback(() => calls.push("alone"));
  jit(() => debug.callback(() => calls.push("compiled")) ?? null)();
  assert.deepEqual(calls, ["alone", "compiled"]);
});

test("callback() may keep what it is given", () => {
  const kept: NDArray[] = [];
  const f = jit((x: NDArray) => {
    debug.callback((y: NDArray) => kept.push(keep(y)), x.add(1));
    return x.sum();
  });
  scope(() => void f(x));
  assert.deepEqual(kept[0]!.tolist(), [2, 3.5]);
  dispose(kept);
});

test("what a callback throws, the caller gets, and all goes on", () => {
  class Stop extends Error {}
  let stops = true;
  const f = jit((x: NDArray) => {
    const y = x.mul(3);
    debug.callback((y: NDArray) => {
      if (stops) throw new Stop(`at ${y.tolist()}`);
    }, y);
    return y.add(1);
  });
  const before = memory().liveArrays;
  for (let turn = 0; turn < 3; turn++) {
    assert.throws(() => f(x), (error) => error instanceof Stop && error.message === "at 3,7.5");
    assert.throws(() => vmap(f)(x), Stop);
    assert.throws(() => grad((x: NDArray) => f(x).sum())(x), Stop);
    assert.throws(() => jit((x: NDArray) => f(x).sum())(x), Stop);
  }
  stops = false;
  assert.deepEqual(scope(() => f(x).tolist()), [4, 8.5]);
  assert.deepEqual(scope(() => grad((x: NDArray) => f(x).sum())(x).tolist()), [3, 3]);
  assert(memory().liveArrays - before < 60);
});

test("callback() in compiled functions sees views of any strides", () => {
  const x = np.arange(6).reshape(2, 3);
  const views: Record<string, (x: NDArray) => NDArray> = {
    flipped: (x) => np.flip(x),
    transposed: (x) => x.T,
    cut: (x) => x.get("1:", "::-2"),
    repeated: (x) => np.broadcastTo(x, [2, 2, 3]),
    deep: (x) => x.reshape(1, 2, 1, 1, 1, 3, 1, 1, 1, 1),
    empty: (x) => x.get("2:"),
    scalar: (x) => x.get(1, 2),
    row: (x) => x.astype("bfloat16").get(1),
    half: (x) => x.astype("bfloat16").get(":", 1),
  };
  for (const [name, view] of Object.entries(views)) {
    const seen: unknown[] = [];
    jit((x: NDArray) => {
      debug.callback((y: NDArray) => seen.push([y.shape, y.dtype, y.tolist()]), view(x));
      return null;
    })(x);
    const expected = view(x);
    assert.deepEqual(seen, [[expected.shape, expected.dtype, expected.tolist()]], name);
  }
});

test("callback() in loops and branches is called each time that these run", () => {
  const seen: unknown[] = [];
  const see = (y: NDArray): void => debug.callback((y: NDArray) => seen.push(y.item()), y);
  const calls = (f: (x: NDArray) => unknown, x: NDArray | number): unknown => {
    seen.length = 0;
    f(x as NDArray);
    return [...seen];
  };
  const scanned = (x: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, row: NDArray): [NDArray, NDArray] => {
        see(row);
        return [c.add(row), c];
      },
      np.zeros([]),
      x,
    )[0];
  const looped = (x: NDArray): NDArray =>
    lax.whileLoop((y: NDArray) => np.less(y, 10), (y: NDArray) => {
      see(y);
      return y.mul(2);
    }, x);
  const branched = (x: NDArray): NDArray =>
    lax.cond(np.greater(x, 0), (x: NDArray) => (see(x), x), (x: NDArray) => (see(x.mul(10)), x), x);
  for (const transform of [(f: (x: NDArray) => NDArray) => f, jit, (f: (x: NDArray) => NDArray) => jit(jit(f))]) {
    assert.deepEqual(calls(transform(scanned), np.array([1, 2.5, 3])), [1, 2.5, 3]);
    assert.deepEqual(calls(transform(looped), np.array(3)), [3, 6]);
    assert.deepEqual(calls(transform(branched), np.array(3)), [3]);
    assert.deepEqual(calls(transform(branched), np.array(-3)), [-30]);
    assert.deepEqual(calls(transform(grad(scanned)), np.array([1, 2.5])), [1, 2.5]);
  }
});
