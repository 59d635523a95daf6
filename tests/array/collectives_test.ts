import { test } from "node:test";
import assert from "node:assert/strict";
import goldens from "../goldens/collectives.json" with { type: "json" };
import { checkpoint } from "../../array/checkpoint.ts";
import { grad, jvp } from "../../array/derivatives.ts";
import { hessian } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap, type VmapOptions } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import type { AnyFunction } from "../../core/trace.ts";
import * as random from "../../random/mod.ts";
import { start } from "../_support.ts";

await start();

function draw(seed: number, ...shape: number[]): NDArray {
  return random.normal(random.key(seed), shape);
}

const [x, w, dx] = [draw(0, 3, 4), draw(1, 3, 2, 4), draw(2, 3, 4)];
const n = np.array([[3, -1], [5, 2], [-7, 4]]);

type Elementwise = (x: NDArray) => NDArray;

function over<Fn extends AnyFunction>(f: Fn, options: VmapOptions = {}): Fn {
  return vmap(f, { axisName: "i", ...options });
}

function both(f: Elementwise): Elementwise {
  return over(vmap(f, { axisName: "j" }));
}

function norm(x: NDArray): NDArray {
  const centered = x.sub(lax.pmean(x, "i"));
  return centered.div(np.sqrt(lax.pmean(centered.pow(2), "i").add(1e-3)));
}

function gathered(x: NDArray): NDArray {
  const y = lax.allGather(x, "i");
  const tiled = lax.allGather(x, "i", { axis: 0, tiled: true }).get("2:6");
  return np.sin(y).sum({ axis: 0 }).mul(x).add(tiled.mul(lax.axisIndex("i")));
}

function loss(x: NDArray): NDArray {
  return np.sin(x).mul(lax.psum(x.mul(x), "i")).sum();
}

const sumOfSin = (f: Elementwise) => (x: NDArray): NDArray => np.sin(f(x)).sum();

/** What JAX has computed, as a function of nothing. */
const CASES: Readonly<Record<keyof typeof goldens.results, () => NDArray>> = {
  "psum": () => over((x: NDArray) => lax.psum(x, "i"))(x),
  "psum of ints": () => over((x: NDArray) => lax.psum(x, "i"))(n),
  "psum of bools": () => over((x: NDArray) => lax.psum(np.greater(x, 0), "i"))(n),
  "psum of a constant": () =>
    over((x: NDArray) => x.mul(lax.psum(1, "i")).add(lax.psum(np.array([1.0, 2, 3, 4], { dtype: "float32" }), "i")))(x),
  "pmean": () => over((x: NDArray) => lax.pmean(x, "i"))(x),
  "pmean of ints": () => over((x: NDArray) => lax.pmean(x, "i"))(n),
  "pmax and pmin": () => over((x: NDArray) => lax.pmax(x, "i").sub(lax.pmin(x, "i")))(x),
  "axis index": () => over((x: NDArray) => x.mul(lax.axisIndex("i")))(x),
  "all gather": () => over((x: NDArray) => lax.allGather(x, "i"))(x),
  "all gather along 1": () => over((x: NDArray) => lax.allGather(x, "i", { axis: 1 }))(x),
  "all gather tiled": () => over((x: NDArray) => lax.allGather(x, "i", { axis: 0, tiled: true }))(x),
  "normalized": () => over(norm)(x),
  "jvp": () => jvp(over(norm), [x], [dx])[1],
  "jvp inside": () => over((x: NDArray, dx: NDArray) => jvp(norm, [x], [dx])[1])(x, dx),
  "grad outside": () => grad(sumOfSin(over(norm)))(x),
  "grad inside": () => over(grad(loss))(x),
  "grad of gathered": () => grad(sumOfSin(over(gathered)))(x),
  "grad of gathered inside": () => over(grad((x: NDArray) => gathered(x).sum()))(x),
  "hessian inside": () => over(hessian(loss))(x),
  "grad by what all share": () =>
    grad((s: NDArray) => over((x: NDArray) => lax.psum(np.sin(x.mul(s)).sum(), "i").mul(x.get(0)))(x).sum())(
      np.array(0.7),
    ),
  "psum over both": () => both((w) => lax.psum(w, ["i", "j"]))(w),
  "psum over the inner": () => both((w) => w.sub(lax.psum(w, "j")))(w),
  "psum over the outer": () => both((w) => w.sub(lax.psum(w, "i")))(w),
  "index over both": () => both((w) => w.add(lax.axisIndex(["i", "j"])))(w),
  "gather of the outer": () => both((w) => np.cos(lax.allGather(w, "i")).sum({ axis: 0 }))(w),
  "grad over both": () => both(grad((w: NDArray) => np.sin(w.mul(lax.pmean(w, ["i", "j"]))).sum()))(w),
};

function golden(name: keyof typeof CASES, actual: NDArray): void {
  const expected = goldens.results[name];
  const scale = Math.max(...expected.map(Math.abs));
  assert.equal(actual.size, expected.length, name);
  actual.dataSync().forEach((value: number, k: number) =>
    assert(Math.abs(value - expected[k]!) <= 5e-6 * scale, `${name}: ${value} at ${k}, not ${expected[k]}`)
  );
}

for (const [name, compute] of Object.entries(CASES)) {
  test(`collectives: ${name} is JAX's, eager and compiled`, () => {
    golden(name as keyof typeof CASES, compute());
    // Arrays are constants of the compiled function.
    golden(name as keyof typeof CASES, jit(compute)());
  });
}

test("collectives in a compiled function go across the axis that is around it", () => {
  const inner = jit(norm);
  golden("normalized", over(inner)(x));
  golden("jvp", jvp(over(inner), [x], [dx])[1]);
  golden("grad outside", grad(sumOfSin(over(inner)))(x));
  golden("grad inside", over(grad(jit(loss)))(x));
  golden("grad inside", jit(over(jit(grad(jit(loss)))))(x));
  golden("hessian inside", over(jit(hessian(jit(loss))))(x));
  golden("grad of gathered", grad(sumOfSin(over(jit(gathered))))(x));
  golden("grad of gathered inside", over(jit(grad((x: NDArray) => gathered(x).sum())))(x));
  golden("grad of gathered inside", jit(over(grad(jit((x: NDArray) => gathered(x).sum()))))(x));
  const index = jit(() => lax.axisIndex("i"));
  assert.deepEqual(over((_: NDArray) => index())(x).tolist(), [0, 1, 2]);
  assert.deepEqual(over((_: NDArray) => jit(index)().add(index()))(x).tolist(), [0, 2, 4]);
  const total = jit((y: NDArray) => lax.psum(y, "i"));
  assert.deepEqual(over((_: NDArray) => total(np.array(2)))(x).tolist(), [6, 6, 6]);
});

test("jit() writes a function anew where other axes are in scope", () => {
  const size = jit((x: NDArray) => x.mul(lax.psum(1, "i")));
  assert.deepEqual(over(size)(np.ones(2)).tolist(), [2, 2]);
  assert.deepEqual(over(size)(np.ones(3)).tolist(), [3, 3, 3]);
  assert.throws(() => size(np.array(1)), { name: "ValueError", code: "axis-name" });
  assert.equal(size.cacheSize(), 2);
});

test("the innermost axis of a name counts", () => {
  const f = over((w: NDArray) => over((w: NDArray) => lax.psum(w, "i"))(w));
  assert.deepEqual(f(np.ones([3, 2])).tolist(), [[2, 2], [2, 2], [2, 2]]);
  const inner = jit((w: NDArray) => lax.psum(w, "i"));
  assert.deepEqual(over((w: NDArray) => over(inner)(w).add(inner(w)))(np.ones([3, 2])).tolist(), [[5, 5], [5, 5], [
    5,
    5,
  ]]);
});

test("collectives take trees, and numbers stay numbers", () => {
  const f = (x: NDArray): unknown => {
    const { a, b } = lax.psum({ a: x, b: [2, true] as const }, "i");
    assert.equal(b[0], 6);
    assert.equal((b[1] as unknown as NDArray).dtype, "int32");
    assert.equal(lax.pmean(5, "i"), 5);
    assert.equal(lax.axisSize("i"), 3);
    assert.equal(lax.axisSize(["i", "i"]), 9);
    return a;
  };
  over(f as AnyFunction)(x);
  assert.deepEqual((over(() => lax.axisIndex("i"), { axisSize: 3 })() as NDArray).tolist(), [0, 1, 2]);
  assert.deepEqual((over(() => lax.psum(np.array([1, 2]), "i"), { axisSize: 3, outAxes: null })()).tolist(), [3, 6]);
});

test("programs print collectives by the axis", () => {
  const program = vmapProgram();
  assert.equal(program, "{ lambda a:float32[3]. let\n    b:float32[] = reduceSum[axes=[0]] a\n  in (b) }");
});

function vmapProgram(): string {
  return String(makeProgram(over((x: NDArray) => lax.psum(x, "i"), { outAxes: null }))(np.ones(3)));
}

test("collectives say which axes are in scope", () => {
  assert.throws(() => lax.psum(x, "i"), {
    name: "ValueError",
    message: 'Cannot psum: there is no axis "i" in scope\n  operand:  axisName\n  actual:   "i"\n' +
      "  expected: an axis in scope, of which there is none\n" +
      '  try:      call it in a function that is mapped by pz.vmap(fn, { axisName: "i" })',
  });
  assert.throws(() => both((w) => lax.pmean(w, "k"))(w), {
    name: "ValueError",
    message: 'Cannot pmean: there is no axis "k" in scope\n  operand:  axisName\n  actual:   "k"\n' +
      '  expected: one of "i", "j"\n  try:      call it in a function that is mapped by pz.vmap(fn, { axisName: "k" })',
  });
  assert.throws(() => over(grad((x: NDArray) => lax.pmax(x, "i")))(np.ones(2)), {
    name: "PenjingError",
    code: "not-differentiable",
  });
});

test("collectives go across from inside of loops, branches and recomputed functions", () => {
  const x = np.array([[1, 2], [3, 4], [5, 6]], { dtype: "float32" });
  const sums = (x: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, row: NDArray): [NDArray, NDArray] => {
        const sum = lax.psum(row, "i");
        return [c.add(sum.mul(row)), sum.sub(row)];
      },
      np.zeros([]),
      x,
    )[1];
  const expected = [[8, 10], [6, 8], [4, 6]];
  assert.deepEqual(over(sums)(x).tolist(), expected);
  assert.deepEqual(jit(over(sums))(x).tolist(), expected);
  assert.deepEqual(over(jit(sums))(x).tolist(), expected);
  const numbered = (x: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, _: null): [NDArray, NDArray] => [c.add(lax.axisIndex("i")), c],
      x.get(0).astype("int32"),
      null,
      {
        length: 3,
      },
    )[0];
  assert.deepEqual(over(numbered)(x).tolist(), [1, 6, 11]);
  assert.deepEqual(jit(over(numbered))(x).tolist(), [1, 6, 11]);
  const branched = (x: NDArray): NDArray =>
    lax.cond(np.greater(lax.psum(x.sum(), "i"), 20), (x: NDArray) => lax.psum(x, "i"), (x: NDArray) => x, x);
  assert.deepEqual(over(branched)(x).tolist(), [[9, 12], [9, 12], [9, 12]]);
  assert.deepEqual(jit(over(branched))(x).tolist(), [[9, 12], [9, 12], [9, 12]]);
  const looped = (x: NDArray): NDArray => lax.foriLoop(0, 2, (_: NDArray, y: NDArray) => lax.pmean(y, "i"), x);
  assert.deepEqual(over(looped)(x).tolist(), [[3, 4], [3, 4], [3, 4]]);
  const until = (x: NDArray): NDArray =>
    lax.whileLoop((y: NDArray) => np.less(lax.pmax(y.sum(), "i"), 50), (y: NDArray) => y.mul(2), x);
  assert.deepEqual(over(until)(x).tolist(), [[8, 16], [24, 32], [40, 48]]);
  assert.deepEqual(jit(over(until))(x).tolist(), [[8, 16], [24, 32], [40, 48]]);
  const loss = (x: NDArray): NDArray => np.sin(sums(x)).sum();
  const whole = grad((x: NDArray) => over(loss)(x).sum());
  const recomputed = grad((x: NDArray) => over(checkpoint(loss))(x).sum());
  const [a, b, c] = [whole(x), recomputed(x), jit(recomputed)(x)].map((d) => [...d.dataSync()] as number[]);
  a!.forEach((value, k) => {
    assert(Math.abs(value - b![k]!) < 1e-5 && Math.abs(value - c![k]!) < 1e-5);
  });
  const inside = over(grad(loss))(x).dataSync();
  // Of each example all others' cotangents are summed, as outside.
  inside.forEach((value: number, k: number) => assert(Math.abs(value - a![k]!) < 1e-5));
});
