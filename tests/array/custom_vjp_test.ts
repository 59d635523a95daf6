import { test } from "node:test";
import assert from "node:assert/strict";
import goldens from "../goldens/custom_rules.json" with { type: "json" };
import { customVjp } from "../../array/custom_vjp.ts";
import { grad, jvp, linearize, valueAndGrad, vjp } from "../../array/derivatives.ts";
import { jacfwd, jacrev } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import * as np from "../../array/np.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { scope } from "../../core/storage.ts";
import { start } from "../_support.ts";
import { draw, near } from "./_results.ts";

await start();

interface Parameters {
  readonly w: NDArray;
  readonly b: NDArray;
}

interface Result {
  readonly out: NDArray;
  readonly sum: NDArray;
}

function golden(name: keyof typeof goldens.results & string, actual: unknown, tolerance?: number): void {
  near(name, actual, goldens.results[name], tolerance);
}

const [x, y, xs] = [draw(0, 4), draw(1, 4), draw(4, 3, 4)];
const p: Parameters = { w: np.array(0.7, { dtype: "float32" }), b: np.array(-0.3, { dtype: "float32" }) };

/** Rules that are off by factors, so that it shows whether they are used. */
const g = customVjp(function g({ w, b }: Parameters, x: NDArray): Result {
  return { out: np.sin(x.mul(w)).add(b), sum: x.sum() };
});
g.defvjp(
  (p: Parameters, x: NDArray) => [g(p, x), { p, cos: np.cos(x.mul(p.w)), x }],
  ({ p, cos, x }: { p: Parameters; cos: NDArray; x: NDArray }, { out, sum }: Result) => {
    const inner = out.mul(cos);
    return [{ w: inner.mul(x).sum().mul(2), b: out.sum().mul(3) }, inner.mul(p.w).mul(5).add(sum)];
  },
);

type Loss = (p: Parameters, x: NDArray) => NDArray;

/** The loss of the function as it is, compiled, and compiled on the inside. */
function losses(): Loss[] {
  const of = (fn: (p: Parameters, x: NDArray) => Result): Loss => (p, x) => {
    const { out, sum } = fn(p, x);
    return out.pow(2).sum().add(sum.mul(2));
  };
  const once = jit((p: Parameters, x: NDArray) => g(p, x));
  return [of(g), of(once), jit(of(once))];
}

const wraps = [<T>(fn: T): T => fn, jit as unknown as <T>(fn: T) => T];

test("customVjp() uses its rules in reverse mode, and the function elsewhere", () => {
  for (const loss of losses()) {
    near("value", g(p, x).out, np.sin(x.mul(0.7)).sub(0.3));
    for (const wrap of wraps) {
      golden("vjp: gradients", wrap(grad(loss, { argnums: [0, 1] }))(p, x));
      const byX = wrap(grad(loss, { argnums: 1 })) as (p: Parameters, x: NDArray) => NDArray;
      golden("vjp: gradient of gradient", wrap(grad((x: NDArray) => byX(p, x).pow(2).sum()))(x), 5e-6);
      golden("vjp: gradient of gradient by p", wrap(grad((p: Parameters) => grad(loss)(p, x).w.pow(2)))(p), 5e-6);
      const again = grad((x: NDArray) => byX(p, x).pow(2).sum());
      near(
        "jacobian",
        jacrev(byX, { argnums: 1 })(p, x),
        vmap((e: NDArray) => vjp((x: NDArray) => byX(p, x), x)[1](e)[0])(
          np.eye(4),
        ),
      );
      assert.deepEqual(again(x).shape, [4]);
    }
  }
});

test("customVjp() on batches: cotangents of what all share are summed", () => {
  for (const loss of losses()) {
    for (const wrap of wraps) {
      golden("vjp: vmap of grad", wrap(vmap(grad(loss, { argnums: [0, 1] }), { inAxes: [null, 0] }))(p, xs));
      const all = (p: Parameters, xs: NDArray): NDArray => vmap(loss, { inAxes: [null, 0] })(p, xs).pow(2).sum();
      golden("vjp: grad of vmap", wrap(grad(all, { argnums: [0, 1] }))(p, xs), 5e-6);
      const ofW = (w: NDArray, x: NDArray): NDArray =>
        vmap((w: NDArray, x: NDArray) => loss({ w, b: p.b }, x), { inAxes: [0, null] })(w, x).sum();
      golden("vjp: grad of vmap of w", wrap(grad(ofW, { argnums: [0, 1] }))(y, x));
      const each = vmap(grad(loss, { argnums: 1 }), { inAxes: [null, 0] }) as Loss;
      golden("vjp: grad of vmap of grad", wrap(grad((xs: NDArray) => each(p, xs).pow(2).sum()))(xs), 5e-6);
      const twice = vmap(vmap(grad(loss, { argnums: 1 }) as Loss, { inAxes: [null, 0] }), {
        inAxes: [null, 1],
        outAxes: 1,
      });
      const cube = np.stack([xs, xs], { axis: 1 });
      near("vmap of vmap", wrap(twice)(p, cube).get(":", 0), (each as Loss)(p, xs));
    }
  }
});

test("forward mode of customVjp() says that there is none; through reverse mode it goes", () => {
  const sin = customVjp((x: NDArray) => np.sin(x), { name: "sin" });
  sin.defvjp((x: NDArray) => [np.sin(x), np.cos(x)], (cos: NDArray, ct: NDArray) => [ct.mul(cos).mul(2)]);
  const x = np.array(0.5);
  const error = {
    name: "PenjingError",
    message: 'Cannot apply forward-mode differentiation to a customVjp function: "sin" has no rule for it\n' +
      "  actual:   jvp, jacfwd, or the map that linearize gives\n  expected: reverse mode: grad, vjp, jacrev\n" +
      "  try:      differentiate backwards, or give the function its derivative by customJvp, which serves both",
  };
  assert.throws(() => jvp(sin, [x], [x]), error);
  assert.throws(() => jit((x: NDArray) => jvp(sin, [x], [x]))(x), error);
  assert.throws(() => jvp(jit(sin), [x], [x]), error);
  assert.throws(() => jacfwd(sin)(x), error);
  assert.throws(() => linearize(sin, x)[1](x), error);
  assert.throws(() => vmap((x: NDArray) => jvp(sin, [x], [x])[1])(np.ones(2)), error);
  near("forward over reverse", jvp(grad(sin), [x], [x])[1], [-2 * Math.sin(0.5) * 0.5]);
  near("reverse over reverse", grad(grad(sin))(x), [-2 * Math.sin(0.5)]);
  assert.equal(
    makeProgram((x: NDArray) => jvp(sin, [x], [x])[1])(x).equations.at(-1)!.primitive.name,
    "customVjpTangent",
  );
});

test("cotangents may be left out, of another float dtype, or numbers; those of integers are not read", () => {
  const scaled = customVjp((x: NDArray, k: NDArray, { more }: { more: NDArray[] }) => x.mul(k).add(more[0]!));
  const x = np.array([0.5, 1.5]);
  const gradients = (bwd: (kept: NDArray, ct: NDArray) => unknown[]): number[][] => {
    scaled.defvjp(
      (x: NDArray, k: NDArray, rest: { more: NDArray[] }) => [scaled(x, k, rest), k],
      bwd,
    );
    const loss = (x: NDArray, more: NDArray[]): NDArray => scaled(x, np.array(3), { more }).sum();
    const [ofX, [ofMore]] = grad(loss, { argnums: [0, 1] })(x, [np.array([1.5, 2.5])]) as [NDArray, [NDArray]];
    assert.deepEqual([ofX.dtype, ofMore.dtype], ["float32", "float32"]);
    return [ofX.tolist() as number[], ofMore.tolist() as number[]];
  };
  assert.deepEqual(gradients((k, ct) => [ct.mul(k).mul(2), null, { more: [ct] }]), [[6, 6], [1, 1]]);
  assert.deepEqual(gradients((_, ct) => [ct, np.array(7), undefined]), [[1, 1], [0, 0]]);
  assert.deepEqual(gradients((_, ct) => [null, "not read", { more: [ct.astype("float16")] }]), [[0, 0], [1, 1]]);
  assert.deepEqual(gradients((_, ct) => [ct, null, { more: null }]), [[1, 1], [0, 0]]);
  const half = customVjp((x: NDArray) => x.mul(2));
  half.defvjp((x: NDArray) => [x.mul(2), null], () => [1]);
  assert.equal(grad(half)(np.array(0.5)).item(), 1);
});

test("results that are integers have no cotangents that count", () => {
  const both = customVjp((x: NDArray) => [x.mul(2), x.astype("int32")]);
  both.defvjp(
    (x: NDArray) => [both(x), null],
    (_: null, [ct, none]: [NDArray, NDArray]) => [ct.add(none.astype("float32")).mul(3)],
  );
  assert.equal(grad((x: NDArray) => both(x)[0]!)(np.array(1.5)).item(), 3);
  assert.equal(grad((x: NDArray) => both(x)[1]!.astype("float32"))(np.array(1.5)).item(), 0);
  assert.deepEqual(grad((xs: NDArray) => vmap(both)(xs)[0]!.sum())(np.ones(2)).tolist(), [3, 3]);
  const whole = customVjp((x: NDArray) => x.astype("int32"));
  whole.defvjp((x: NDArray) => [whole(x), null], () => [null]);
  assert.equal(grad((x: NDArray) => x.mul(whole(x)))(np.array(2.5)).item(), 2);
});

test("customVjp() passes arguments that are not differentiated to its rules, in the places that JAX gives them", () => {
  const called: string[] = [];
  const power = customVjp(
    (fn: (x: NDArray) => NDArray, x: NDArray, n: number) => fn(x).pow(n),
    { nondiffArgnums: [0, 2] },
  );
  power.defvjp(
    (fn: (x: NDArray) => NDArray, x: NDArray, n: number) => {
      called.push(`fwd ${n}`);
      return [power(fn, x, n), x];
    },
    (_fn: unknown, n: number, x: NDArray, ct: NDArray) => {
      called.push(`bwd ${n}`);
      return [ct.mul(x).mul(n)];
    },
  );
  assert.deepEqual(grad((x: NDArray) => power(np.sin, x, 3).sum())(np.array([1.5, 2.5])).tolist(), [4.5, 7.5]);
  assert.deepEqual(called, ["fwd 3", "bwd 3"]);
  const scaled = customVjp((n: NDArray, x: NDArray) => n.mul(x), { nondiffArgnums: 0, name: "scaled" });
  scaled.defvjp(
    (n: NDArray, x: NDArray) => [scaled(n, x), n],
    (_n: NDArray, n: NDArray, ct: NDArray) => [ct.mul(n).mul(2)],
  );
  assert.equal(grad((x: NDArray) => scaled(np.array(1.5), x))(np.array(2.5)).item(), 3);
  assert.throws(() => grad((n: NDArray) => scaled(n, n))(np.array(1.5)), {
    name: "TypeError",
    message:
      'Cannot call the customVjp function "scaled": argument 0, which nondiffArgnums names, holds an array that is ' +
      "being traced; leave it out of nondiffArgnums, and let bwd give null for its cotangent",
  });
});

test("functions that hold batches of vmap() work, those that hold what is differentiated say so", () => {
  const holding = (x: NDArray) => {
    const inner = customVjp((y: NDArray) => x.mul(y), { name: "inner" });
    inner.defvjp((y: NDArray) => [inner(y), np.cos(y)], (cos: NDArray, ct: NDArray) => [cos.mul(ct)]);
    return inner;
  };
  const three = np.array([0, 1, 2], { dtype: "float32" });
  assert.deepEqual(vmap((x: NDArray) => holding(x)(np.array(3.5)))(three).tolist(), [0, 3.5, 7]);
  assert.deepEqual(vmap((x: NDArray) => holding(x)(x))(three).tolist(), [0, 1, 4]);
  near("vmap of grad", vmap((x: NDArray) => grad(holding(x))(x))(three), [1, Math.cos(1), Math.cos(2)]);
  assert.throws(() => grad((x: NDArray) => holding(x)(x))(np.array(1.5)), { code: "custom-held" });
  assert.throws(() => grad((x: NDArray) => holding(x)(np.array(1.5)))(np.array(1.5)), { code: "custom-held" });
});

test("what customVjp() makes lives no longer than what is done with it", () => {
  const loss = losses()[0]!;
  const before = memory().liveArrays;
  scope(() => void grad(loss)(p, x));
  scope(() => void vmap(grad(loss), { inAxes: [null, 0] })(p, xs));
  assert.equal(memory().liveArrays, before);
  const compiled = jit(valueAndGrad(loss));
  scope(() => void compiled(p, x));
  const after = memory().liveArrays;
  for (let turn = 0; turn < 3; turn++) scope(() => void compiled(p, x));
  assert.equal(memory().liveArrays, after);
});

test("rules of customVjp() may hold what another differentiation, a batch or a compiled function has", () => {
  const make = (holds: boolean) => (y: NDArray): NDArray => {
    const f = customVjp((x: NDArray) => np.sin(x).mul(2));
    f.defvjp(
      (x: NDArray) => [f(x), holds ? [] : [y]],
      (kept: NDArray[], ct: NDArray) => [np.cos(holds ? y : kept[0]!).mul(2).mul(ct)],
    );
    return grad(f)(np.array(1.5));
  };
  const two = np.array([0.5, 1.5]);
  const [value, values, slope] = [[2 * Math.cos(0.5)], [2 * Math.cos(0.5), 2 * Math.cos(1.5)], [-2 * Math.sin(0.5)]];
  for (const f of [make(true), make(false)]) {
    near("jit", jit(f)(np.array(0.5)), value);
    near("vmap", vmap(f)(two), values);
    near("jit of vmap", jit(vmap(f))(two), values);
    near("vmap of jit", vmap(jit(f))(two), values);
    near("grad", grad(f)(np.array(0.5)), slope);
    near("jit of grad", jit(grad(f))(np.array(0.5)), slope);
    near("grad of jit", grad(jit(f))(np.array(0.5)), slope);
  }
});

test("rules that do not fit say so", () => {
  const none = customVjp((x: NDArray) => x, { name: "none" });
  assert.throws(() => none(x), {
    name: "AttributeError",
    message: 'Cannot call the customVjp function "none": it has no rule\n  try: state its derivative before, by defvjp',
  });
  const wrong = customVjp((x: NDArray, y: { z: NDArray }) => x.mul(y.z), { name: "wrong" });
  const failing = (fwd: (x: NDArray) => unknown, bwd: () => unknown, name: string, message: string): void => {
    wrong.defvjp(fwd, bwd);
    for (const wrap of wraps) {
      assert.throws(() => wrap(grad((x: NDArray) => wrong(x, { z: y }).sum()))(x), { name, message });
      assert.throws(() => grad(wrap((x: NDArray) => wrong(x, { z: y }).sum()))(x), { name, message });
    }
  };
  const [fwd, bwd] = ["fwd", "bwd"].map((rule) => `Cannot apply the ${rule} rule of the customVjp function "wrong": `);
  failing((x) => x, () => [], "TypeError", `${fwd}it gives an array; return a pair, [result, residuals]`);
  const list = "return a list with the cotangent of each argument, or null where that is zero";
  const pass = (x: NDArray): unknown => [x, null];
  failing(pass, () => x, "TypeError", `${bwd}it gives *, and the arguments are [*, {z: *}]; ${list}`);
  failing(pass, () => [x], "TypeError", `${bwd}it gives [*], and the arguments are [*, {z: *}]; ${list}`);
  failing(pass, () => [x, x], "TypeError", `${bwd}it gives [*, *], and the arguments are [*, {z: *}]; ${list}`);
  failing(
    pass,
    () => [x.sum(), null],
    "ValueError",
    `${bwd}a cotangent has another shape than its argument\n  operand:  array 0 of the arguments\n` +
      "  actual:   float32[]\n  expected: float32[4]\n  try:      sum over the axes along which the argument was repeated",
  );
  wrong.defvjp((x: NDArray) => [x.sum(), null], () => [null, null]);
  assert.throws(() => grad(jit((x: NDArray) => wrong(x, { z: y }).sum()))(x), {
    name: "TypeError",
    message: `${fwd}its value holds float32[], and the function gives float32[4]; ` +
      "return as first part what the function returns",
  });
});
