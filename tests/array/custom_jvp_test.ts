import { test } from "node:test";
import assert from "node:assert/strict";
import goldens from "../goldens/custom_rules.json" with { type: "json" };
import { customJvp } from "../../array/custom_jvp.ts";
import { checkpoint } from "../../array/checkpoint.ts";
import { customVjp } from "../../array/custom_vjp.ts";
import * as lax from "../../array/lax.ts";
import { grad, jvp, linearize, valueAndGrad, vjp } from "../../array/derivatives.ts";
import { hessian, jacfwd, jacrev } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import { linearTranspose } from "../../array/linear_transpose.ts";
import * as np from "../../array/np.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { scope } from "../../core/storage.ts";
import { start } from "../_support.ts";
import { draw, near } from "./_results.ts";

await start();

type Pair = readonly [NDArray, NDArray];

function golden(name: keyof typeof goldens.results & string, actual: unknown, tolerance?: number): void {
  near(name, actual, goldens.results[name], tolerance);
}

const [x, y, dx, dy] = [draw(0, 4), draw(1, 4), draw(2, 4), draw(3, 4)];
const [xs, ys] = [draw(4, 3, 4), draw(5, 3, 4)];

/** A rule that is off by factors, so that it shows whether it is used. */
const f = customJvp(function f(x: NDArray, y: NDArray): NDArray {
  return np.sin(x).mul(y);
});
f.defjvp(([x, y]: Pair, [dx, dy]: Pair) => [
  f(x, y),
  np.cos(x).mul(dx).mul(y).mul(2).add(np.sin(x).mul(dy).mul(3)),
]);
const loss = (x: NDArray, y: NDArray): NDArray => f(x, y).pow(2).sum();

/** The function as it is, compiled, and compiled on the inside. */
const wrapped = (fn: typeof f): readonly ((x: NDArray, y: NDArray) => NDArray)[] => {
  const once = jit((x: NDArray, y: NDArray) => fn(x, y));
  return [fn, once, jit((x: NDArray, y: NDArray) => once(x, y))];
};

test("customJvp() uses the rule wherever it is differentiated, and the function elsewhere", () => {
  for (const fn of wrapped(f)) {
    golden("jvp: value", fn(x, y));
    golden("jvp: jvp", jvp(fn, [x, y], [dx, dy]));
    golden("jvp: jvp by y", jvp((y) => fn(x, y), [y], [dy])[1]);
    golden("jvp: jvp by y", linearize((y) => fn(x, y), y)[1](dy));
    golden("jvp: jacobian", jacfwd(fn)(x, y));
    golden("jvp: jacobian", jacrev(fn)(x, y));
    const loss = (x: NDArray, y: NDArray): NDArray => fn(x, y).pow(2).sum();
    golden("jvp: gradients", grad(loss, { argnums: [0, 1] })(x, y));
    golden("jvp: gradients", jit(grad(loss, { argnums: [0, 1] }))(x, y));
    golden("jvp: gradient of gradient", grad((x: NDArray) => grad(loss)(x, y).pow(2).sum())(x), 5e-6);
    golden("jvp: gradient of gradient", jit(grad((x: NDArray) => jit(grad(loss))(x, y).pow(2).sum()))(x), 5e-6);
    golden("jvp: hessian vector product", jvp(grad(loss), [x, y], [dx, dy])[1], 5e-6);
    golden("jvp: hessian vector product", jit(() => jvp(grad(loss), [x, y], [dx, dy])[1])(), 5e-6);
  }
});

test("customJvp() on batches", () => {
  for (const fn of wrapped(f)) {
    const loss = (x: NDArray, y: NDArray): NDArray => fn(x, y).pow(2).sum();
    for (const wrap of [<T>(fn: T): T => fn, jit as unknown as <T>(fn: T) => T]) {
      const each = wrap(vmap(grad(loss, { argnums: [0, 1] }), { inAxes: [0, null] }));
      golden("jvp: vmap of grad", each(xs, y));
      const all = (x: NDArray, ys: NDArray): NDArray =>
        vmap(fn, { inAxes: [null, 1], outAxes: 1 })(x.get(":3"), ys).pow(2).sum();
      golden("jvp: grad of vmap", wrap(grad(all, { argnums: [0, 1] }))(x, ys));
      golden("jvp: jvp of vmap", wrap(() => jvp(vmap(fn, { inAxes: [0, null] }), [xs, y], [ys, dy])[1])());
    }
    const program = String(makeProgram(vmap(fn, { inAxes: [0, null] }))(xs, y));
    assert.match(program, /float32\[3,4\] = (jit|customJvp)\[name=f/);
    assert.deepEqual(vmap(fn, { inAxes: [null, 0] })(x, ys).tolist(), np.sin(x).mul(ys).tolist());
  }
});

test("customJvp() takes trees, rules of single arguments, and arguments that are none", () => {
  const h = customJvp((x: NDArray, y: NDArray) => ({ a: x.mul(y), b: np.exp(x) }));
  h.defjvps(
    (dx: NDArray, out: { b: NDArray }, _x: NDArray, y: NDArray) => ({ a: dx.mul(y).mul(2), b: out.b.mul(dx) }),
    null,
  );
  golden("jvp: tree", jvp(h, [x, y], [dx, dy])[1]);
  golden("jvp: tree gradient", grad((x: NDArray) => h(x, y).a.sum().add(h(x, y).b.sum()))(x));
  golden("jvp: tree gradient", jit(grad((x: NDArray) => h(x, y).a.sum().add(h(x, y).b.sum())))(x));

  const powers = customJvp(
    (fn: (x: NDArray) => NDArray, x: NDArray, n: number): NDArray => fn(x).pow(n),
    { nondiffArgnums: [0, 2] },
  );
  powers.defjvp((fn, n: number, [x]: [NDArray], [dx]: [NDArray]) => [
    powers(fn, x, n),
    fn(x).pow(n - 1).mul(5 * n).mul(dx),
  ]);
  golden("jvp: nondiff", grad((x: NDArray) => powers(np.sin, x, 3).sum())(x));
  golden("jvp: nondiff", jit(grad((x: NDArray) => powers(np.sin, x, 3).sum()))(x));

  const empty = customJvp((_: { a: null }) => [] as NDArray[]);
  empty.defjvp(() => [[], []]);
  assert.deepEqual(empty({ a: null }), []);
});

test("customJvp() cuts derivatives by arguments that are not differentiated", () => {
  const scaled = customJvp((n: NDArray, x: NDArray) => n.mul(x), { nondiffArgnums: 0 });
  scaled.defjvp((n: NDArray, [x]: [NDArray], [dx]: [NDArray]) => [scaled(n, x), dx.mul(5)]);
  const gradients = grad(scaled, { argnums: [0, 1] })(np.array(2.5), np.array(3.5)) as NDArray[];
  assert.deepEqual(gradients.map((ct) => ct.item()), [0, 5]);
  assert.deepEqual(vmap((n: NDArray, x: NDArray) => scaled(n, x))(xs, ys).tolist(), xs.mul(ys).tolist());
});

test("functions of customJvp() may depend on values, as long as nothing writes them down", () => {
  const abs = customJvp((x: NDArray) => x.lt(0).item() ? x.neg() : x);
  abs.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [abs(x), x.lt(0).item() ? dx.neg() : dx]);
  assert.equal(abs(np.array(-1.5)).item(), 1.5);
  assert.equal(grad(abs)(np.array(-1.5)).item(), -1);
  assert.equal(grad(grad((x: NDArray) => abs(x).mul(x)))(np.array(-1.5)).item(), -2);
  assert.throws(() => jit(abs)(np.array(-1.5)), { code: "traced-value" });
});

test("integers and bools have zeros for tangents, which rules may pass on", () => {
  const seen: string[] = [];
  const at = customJvp((x: NDArray, k: NDArray) => [x.mul(k.add(1)), k.add(1), k.gt(0)]);
  at.defjvp(([x, k]: Pair, [dx, dk]: Pair) => {
    seen.push(`${dk.dtype}[${dk.shape}] ${dk.item()}`);
    return [at(x, k), [dx.mul(7), dk, null]] as const;
  });
  assert.throws(() => grad((x: NDArray) => at(x, np.array(3))[0]!)(np.array(0.5)), { name: "TypeError" });
  at.defjvp(([x, k]: Pair, [dx, dk]: Pair) => {
    seen.push(`${dk.dtype}[${dk.shape}] ${dk.item()}`);
    return [at(x, k), [dx.mul(7), dk, dk]] as const;
  });
  const [value, gradient] = valueAndGrad(
    (x: NDArray) => {
      const [y, k] = at(x, np.array(3)) as [NDArray, NDArray];
      return y.mul(k);
    },
  )(np.array(0.5));
  assert.deepEqual([value.item(), gradient.item()], [8, 28]);
  assert.deepEqual([...new Set(seen)], ["int32[] 0"]);
});

test("weak types of results are those of the function; numbers among tangents take what is wanted", () => {
  const constant = customJvp((x: NDArray) => x.mul(2).astype("bfloat16"));
  constant.defjvp(([x]: [NDArray]) => [x.mul(2).astype("bfloat16"), 3]);
  const [out, change] = jvp(constant, [np.array(1.5)], [np.array(1.5)]);
  assert.deepEqual([out.dtype, out.item(), change.dtype, change.item()], ["bfloat16", 3, "bfloat16", 3]);
  const strong = customJvp((x: NDArray) => x.astype("float32"));
  strong.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [x, dx]);
  const weak = np.array(1.5);
  assert.deepEqual([weak.weakType, strong(weak).weakType], [true, false]);
  assert.equal(jvp(jit((x: NDArray) => strong(x)), [weak], [weak])[0].weakType, false);
});

test("a rule that works on tangents by functions of customJvp() is transposed through them", () => {
  const double = customJvp((x: NDArray) => x.mul(2));
  double.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [double(x), double(dx)]);
  assert.equal(grad(double)(np.array(1.5)).item(), 2);
  assert.equal(grad(jit(double))(np.array(1.5)).item(), 2);
  const [ct] = linearTranspose(double, np.array(1.5))(1);
  assert.equal(ct.item(), 2);
});

test("functions that hold batches of vmap() work, those that hold what is differentiated say so", () => {
  const holding = (x: NDArray) => {
    const inner = customJvp((y: NDArray) => x.mul(y), { name: "inner" });
    inner.defjvp(([y]: [NDArray], [dy]: [NDArray]) => [inner(y), dy.mul(2)]);
    return inner;
  };
  const three = np.array([0, 1, 2]).astype("float32");
  type Fn = (x: NDArray) => NDArray;
  for (const wrap of [(fn: Fn) => fn, jit as (fn: Fn) => Fn]) {
    assert.deepEqual(wrap(vmap((x: NDArray) => holding(x)(x)))(three).tolist(), [0, 1, 4]);
    assert.deepEqual(vmap(wrap((x: NDArray) => holding(x)(x)))(three).tolist(), [0, 1, 4]);
    assert.deepEqual(wrap(vmap((x: NDArray) => grad(holding(x))(x)))(three).tolist(), [2, 2, 2]);
  }
  const error = {
    name: "PenjingError",
    message:
      'Cannot differentiate the customJvp function "inner" by an array that it holds: its rule knows its arguments alone\n' +
      "  expected: functions and rules that hold nothing of the differentiation that they are in\n" +
      "  try:      pass the array as one argument more, and have the rule say how the result changes with it",
  };
  const [one, two] = [np.array(1.5), np.array(2.5)];
  assert.throws(() => grad((x: NDArray) => holding(x)(two))(one), error);
  assert.throws(() => grad((x: NDArray) => holding(x)(x))(one), error);
  assert.throws(() => jvp((x: NDArray) => holding(x)(two), [one], [one]), error);
  assert.throws(() => grad((x: NDArray) => jit((y: NDArray) => holding(x)(y))(two))(one), error);
  assert.throws(() => grad((x: NDArray) => grad(holding(x))(two).mul(x))(one), error);
  const same = (x: NDArray) => {
    const inner = customJvp((_: NDArray) => x, { name: "inner" });
    inner.defjvp(([y]: [NDArray], [dy]: [NDArray]) => [inner(y), dy]);
    return inner;
  };
  assert.throws(() => grad((x: NDArray) => same(x)(two))(one), error);
});

test("jit() of a function of customJvp() is compiled once, and can be differentiated again and again", () => {
  let [runs, rules] = [0, 0];
  const own = customJvp((x: NDArray) => {
    runs++;
    return np.tanh(x);
  });
  own.defjvp(([x]: [NDArray], [dx]: [NDArray]) => {
    rules++;
    return [own(x), dx.mul(2)];
  });
  const compiled = jit((x: NDArray) => own(x).sum());
  for (let turn = 0; turn < 3; turn++) assert.deepEqual(grad(compiled)(np.ones(2)).tolist(), [2, 2]);
  assert.deepEqual([runs, rules], [2, 1]);
  assert.equal(compiled.cacheSize(), 1);
});

test("calls of functions of customJvp() leave no memory behind", () => {
  const run = (): unknown => jit(grad(loss))(x, y);
  run();
  const before = memory().liveArrays;
  scope(() => void grad(loss)(x, y));
  scope(() => void vmap(grad(loss), { inAxes: [0, null] })(xs, y));
  assert.equal(memory().liveArrays, before);
});

test("customJvp() goes through vjp() and hessian()", () => {
  const [, pullback] = vjp(f, x, y);
  near("pullback", pullback(dx)[1], np.sin(x).mul(dx).mul(3));
  assert.deepEqual(hessian(loss)(x, y).shape, [4, 4]);
});

test("functions with rules of their own go into loops and branches", () => {
  const own = customJvp((x: NDArray) => np.sin(x));
  own.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [own(x), np.cos(x).mul(dx).mul(2)]);
  const back = customVjp((x: NDArray, c: NDArray) => np.sin(x).mul(c));
  back.defvjp(
    (x: NDArray, c: NDArray) => [back(x, c), [x, c]],
    ([x, c]: Pair, ct: NDArray) => [ct.mul(np.cos(x)).mul(c).mul(2), ct.mul(np.sin(x)).sum()],
  );
  type Step = (x: NDArray, c: NDArray) => NDArray;
  const steps: Step[] = [(x, c) => own(x).mul(c), back];
  for (const step of [...steps, ...steps.map((step) => checkpoint(step))]) {
    const rolled: Step = (x, c) => step(step(step(x, c), c), c);
    const scanned: Step = (x, c) => lax.scan((x: NDArray) => [step(x, c), null], x, null, { length: 3 })[0];
    const counted: Step = (x, c) => lax.foriLoop(0, 3, (_: NDArray, x: NDArray) => step(x, c), x);
    const branch: Step = (x, c) => lax.cond(x.gt(0), (x: NDArray) => rolled(x, c), (x: NDArray) => x.mul(c), x);
    const [c, two] = [np.array(0.75), np.array([0.5, 1])];
    const both = { argnums: [0, 1] };
    const one = np.array(0.5);
    for (const f of [scanned, counted, branch]) {
      for (const wrap of [(fn: Step) => fn, jit as (fn: Step) => Step]) {
        const [a, b] = [wrap(f), wrap(rolled)];
        near("grad", grad(a, both)(one, c), grad(b, both)(one, c));
        near("jit of grad", jit(grad(a, both))(one, c), grad(b, both)(one, c));
        const each = (f: Step): unknown => vmap(grad(f, both), { inAxes: [0, null] })(two, c);
        near("vmap of grad", each(a), each(b));
        const all = (f: Step): unknown =>
          grad((x: NDArray, c: NDArray) => vmap(f, { inAxes: [0, null] })(x, c).sum(), both)(two, c);
        near("grad of vmap", all(a), all(b));
        const twice = (f: Step): unknown => grad((x: NDArray) => grad(f, { argnums: 1 })(x, c) as NDArray)(one);
        near("grad of grad", twice(a), twice(b), 5e-6);
      }
    }
  }
  const until = (x: NDArray): NDArray =>
    lax.whileLoop(([i]: Pair) => i.lt(3), ([i, x]: Pair): Pair => [i.add(1), own(x)], [np.array(0), x] as Pair)[1];
  near(
    "while",
    jvp(until, [np.array(0.5)], [np.array(1.5)]),
    jvp((x: NDArray) => own(own(own(x))), [np.array(0.5)], [np.array(1.5)]),
  );
});

test("results that do not depend on the example are batches all the same, and rules run on them", () => {
  const zeros = customJvp((x: NDArray) => np.zeros(x.shape));
  zeros.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [zeros(x), dx]);
  const three = np.array([0.5, 1.5, 2.5]);
  assert.deepEqual(jit(vmap(zeros))(three).tolist(), [0, 0, 0]);
  assert.deepEqual(jit(vmap(grad(zeros)))(three).tolist(), [1, 1, 1]);
  const all = (x: NDArray): NDArray => vmap(zeros)(x).sum();
  assert.deepEqual(
    [grad(all), jit(grad(all)), grad(jit(all))].map((fn) => fn(three).tolist()),
    Array(3).fill([1, 1, 1]),
  );
  assert.deepEqual(jvp(vmap(zeros), [three], [three])[1].tolist(), three.tolist());
});

test("rules that do not fit say so", () => {
  const none = customJvp((x: NDArray) => x, { name: "none" });
  assert.throws(() => none(x), {
    name: "AttributeError",
    message:
      'Cannot call the customJvp function "none": it has no rule\n  try: state its derivative before, by defjvp or defjvps',
  });
  const failing = (rule: (primals: [NDArray], tangents: [NDArray]) => unknown, message: string): void => {
    const wrong = customJvp((x: NDArray) => x.mul(2), { name: "wrong" });
    wrong.defjvp(rule);
    const expected = { name: "TypeError", message };
    assert.throws(() => jvp(wrong, [x], [dx]), expected);
    assert.throws(() => grad((x: NDArray) => wrong(x).sum())(x), expected);
    assert.throws(() => jit(grad((x: NDArray) => wrong(x).sum()))(x), expected);
  };
  const start = 'Cannot apply the jvp rule of the customJvp function "wrong": ';
  failing(([x]) => x, `${start}it gives an array; return a pair, [result, tangent]`);
  failing(([x], [dx]) => [x, dx, dx], `${start}it gives a list of 3; return a pair, [result, tangent]`);
  failing(
    ([x], [dx]) => [x, [dx]],
    `${start}its value is *, and its tangent [*]; return trees of the same structure`,
  );
  failing(
    ([x], [dx]) => [x, dx.sum()],
    `${start}its value holds float32[4], and its tangent float32[]; return tangents of the same shapes and dtypes`,
  );
  failing(
    ([x], [dx]) => [x, dx.astype("float16")],
    `${start}its value holds float32[4], and its tangent float16[4]; return tangents of the same shapes and dtypes`,
  );
  const inside = (rule: (primals: [NDArray], tangents: [NDArray]) => unknown, message: string): void => {
    const wrong = customJvp((x: NDArray) => x.mul(2), { name: "wrong" });
    wrong.defjvp(rule);
    assert.throws(() => grad(jit((x: NDArray) => wrong(x).sum()))(x), { name: "TypeError", message });
  };
  inside(
    ([x], [dx]) => [[x], [dx]],
    `${start}its value is [*], and the function gives *; return as first part what the function returns`,
  );
  inside(
    ([x], [dx]) => [x.sum(), dx.sum()],
    `${start}its value holds float32[], and the function gives float32[4]; return as first part what the function returns`,
  );
  const numbered = customJvp((_: number, x: NDArray) => x, { nondiffArgnums: [0] });
  assert.throws(() => numbered.defjvps(null), {
    name: "TypeError",
    message: "Cannot use defjvps with nondiffArgnums: its rules take all arguments; use defjvp",
  });
  assert.throws(() => customJvp((x: NDArray) => x, { nondiffArgnums: [-1] }), {
    name: "ValueError",
    message: "Cannot customJvp: nondiffArgnums are the numbers of arguments\n  operand:  nondiffArgnums\n" +
      "  actual:   -1\n  expected: whole numbers from 0\n  try:      count arguments from the first, which is 0",
  });
});

test("a rule that holds what another differentiation has left behind says so", () => {
  let kept: NDArray | undefined;
  grad((x: NDArray) => (kept = x).sum())(x);
  const leaking = customJvp((x: NDArray) => x);
  leaking.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [x, dx.mul(kept!)]);
  assert.throws(() => grad((x: NDArray) => leaking(x).sum())(x), { name: "TracerLeakError" });
});
