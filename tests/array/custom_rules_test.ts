import { test } from "node:test";
import assert from "node:assert/strict";
import { checkpoint } from "../../array/checkpoint.ts";
import { customJvp } from "../../array/custom_jvp.ts";
import { customVjp } from "../../array/custom_vjp.ts";
import { grad, jvp, vjp } from "../../array/derivatives.ts";
import { evalShape } from "../../array/eval_shape.ts";
import { jacfwd, jacrev } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { float0 } from "../../core/float0.ts";
import { start } from "../_support.ts";
import { draw, near } from "./_results.ts";

await start();

// What JAX's own tests hold its custom rules to, beyond values: closures, collectives, loops, rules that compute.

type Fn = (x: NDArray) => NDArray;
type One = readonly [NDArray];

const three = np.array([0.5, 1, 2]);
const [one, two] = [np.array(1.5), np.array(2.5)];

test("rules may hold batches of the mapping that they are called in, though no argument is one", () => {
  const forward = (z: NDArray): NDArray =>
    vmap((x: NDArray) => {
      const g = customJvp((y: NDArray) => x.mul(y));
      g.defjvp(([y]: One, [dy]: One) => [x.mul(y), x.mul(dy)]);
      return g(z);
    })(three);
  const expected = [three.mul(1.5), three.mul(2.5)];
  near("jvp", jvp(forward, [one], [two]), expected);
  near("jit of jvp", jit((x: NDArray, dx: NDArray) => jvp(forward, [x], [dx]))(one, two), expected);
  const backward = (z: NDArray): NDArray =>
    vmap((x: NDArray) => {
      const g = customVjp((y: NDArray) => x.mul(y));
      g.defvjp((y: NDArray) => [x.mul(y), [x, y]], ([x]: [NDArray], ct: NDArray) => [x.mul(ct)]);
      return g(z);
    })(three).sum();
  near("grad", [grad((z: NDArray) => forward(z).sum()), grad(backward), jit(grad(backward))].map((fn) => fn(one)), [
    3.5,
    3.5,
    3.5,
  ]);
  near("vmap of grad", vmap(grad(backward))(three), [3.5, 3.5, 3.5]);
  const holding = (x: NDArray, y: NDArray): NDArray => {
    const g = customJvp((y: NDArray) => x.mul(y));
    g.defjvp(([y]: One, [dy]: One) => [g(y), dy.mul(2)]);
    return g(y);
  };
  const all = (y: NDArray): NDArray => vmap(holding)(three, y).sum();
  near("grad of vmap", [grad(all)(three), jit(grad(all))(three)], Array(6).fill(2));
});

test("functions in functions in functions hold what they like", () => {
  const call = (fn: (...args: NDArray[]) => NDArray, ...args: NDArray[]): NDArray => {
    const own = customJvp(fn);
    own.defjvp((primals: NDArray[], tangents: NDArray[]) => [own(...primals), tangents.reduce((a, b) => a.add(b))]);
    return own(...args);
  };
  const bar = (x: NDArray) => (y: NDArray): NDArray =>
    jit((w: NDArray) => {
      const inner = (_: NDArray): NDArray => call((x) => np.sin(x!), x).mul(y);
      return call(() => y, x).add(call(() => y)).add(call((y) => w.add(y!), y)).add(call(inner as Fn, one));
    })(x);
  const fun: Fn = (x) => call(bar(x), x);
  const plain: Fn = (x) => x.mul(4).add(np.sin(x).mul(x));
  near("values", [fun(two), jit(fun)(two)], [plain(two), plain(two)]);
  near("batches", [vmap(fun)(three), jit(vmap(fun))(three), vmap(jit(fun))(three)], Array(3).fill(plain(three)));
});

test("collectives go across the batch, in functions and in rules", () => {
  const sums: Fn[] = [];
  const forward = customJvp((x: NDArray) => lax.psum(x, "batch"));
  forward.defjvp(([x]: One, [dx]: One) => [lax.psum(x, "batch"), dx.mul(3)]);
  const backward = customVjp((x: NDArray) => lax.psum(x, "batch"));
  backward.defvjp((x: NDArray) => [lax.psum(x, "batch"), null], (_: null, ct: NDArray) => [ct.mul(3)]);
  for (const fn of [forward, backward]) sums.push(fn, jit(fn as Fn));
  for (const sum of sums) {
    const named = { axisName: "batch" };
    assert.deepEqual(vmap(sum, named)(three).tolist(), [3.5, 3.5, 3.5]);
    const shared = vmap((_: NDArray, x: NDArray) => sum(x), { ...named, inAxes: [0, null], outAxes: null });
    assert.equal(shared(three, two).item(), 7.5);
    assert.deepEqual(grad((x: NDArray) => vmap(sum, named)(x).sum())(three).tolist(), [3, 3, 3]);
  }
});

test("arguments that are not differentiated may be batches or keys", () => {
  const sample = customJvp(
    (shape: number[], x: NDArray, seed: NDArray): NDArray => random.uniform(seed, shape).add(x),
    { nondiffArgnums: [0, 2] },
  );
  sample.defjvp((shape: number[], seed: NDArray, [x]: One, [dx]: One) => {
    const y = sample(shape, x, seed);
    return [y, y.mul(np.broadcastTo(dx, shape))];
  });
  const keys = random.split(random.key(1), 3);
  const each = (x: NDArray): NDArray => vmap((seed: NDArray) => sample([2], x, seed))(keys);
  near("samples", each(one), vmap((seed: NDArray) => random.uniform(seed, [2]))(keys).add(1.5));
  near("jvp of vmap", jvp(each, [one], [two]), [each(one), each(one).mul(2.5)]);
});

test("rules may compute derivatives, map and compile", () => {
  const root = customJvp((a: NDArray) =>
    lax.whileLoop(
      ([x]: readonly [NDArray, NDArray]) => np.abs(x.mul(x).sub(a)).gt(1e-5),
      ([x]: readonly [NDArray, NDArray]): [NDArray, NDArray] => [x.add(a.div(x)).mul(0.5), x],
      [a, a] as readonly [NDArray, NDArray],
    )[0] as NDArray
  );
  root.defjvp(([a]: One, [da]: One) => {
    const x = root(a);
    const slope = jit(grad((x: NDArray) => x.mul(x)))(x);
    return [x, da.div(slope)];
  });
  near("root", root(two), [Math.sqrt(2.5)]);
  near("slope", [grad(root)(two), jit(grad(root))(two)], Array(2).fill(0.5 / Math.sqrt(2.5)), 1e-5);
  near("curvature", grad(grad(root))(two), [-0.25 * 2.5 ** -1.5], 1e-5);
  near("batches", vmap(grad(root))(three), np.divide(0.5, np.sqrt(three)), 1e-5);
  const mapped = customJvp((x: NDArray) => x.sum());
  mapped.defjvp(([x]: One, [dx]: One) => [x.sum(), vmap((x: NDArray, dx: NDArray) => np.cos(x).mul(dx))(x, dx).sum()]);
  near("mapped", [grad(mapped)(three), jacfwd(mapped)(three), jacrev(mapped)(three)], Array(3).fill(np.cos(three)));
  const pulling = customVjp((x: NDArray) => x.mul(x));
  pulling.defvjp(
    (x: NDArray) => [pulling(x), x],
    (x: NDArray, ct: NDArray) => vjp((x: NDArray) => np.sin(x), x)[1](ct),
  );
  near("pulling", [grad(pulling)(two), jit(grad(jit(pulling)))(two)], Array(2).fill(Math.cos(2.5)));
});

test("a batch of a loop over a function that all share is differentiated twice", () => {
  const mul = customVjp((x: NDArray, c: NDArray) => x.mul(c));
  mul.defvjp(
    (x: NDArray, c: NDArray) => [mul(x, c), [x, c]],
    ([x, c]: readonly [NDArray, NDArray], ct: NDArray) => [ct.mul(c), x.mul(ct).sum()],
  );
  type Two = (x: NDArray, c: NDArray) => NDArray;
  const over: Two = (x, c) => lax.scan((x: NDArray, _: NDArray) => [mul(x, c), null], x, np.arange(3))[0];
  const plain: Two = (x, c) => x.mul(c).mul(c).mul(c);
  const xs = draw(0, 3, 2);
  const c = np.array(1.25);
  const loss = (fn: Two): Two => (x, c) => vmap(fn, { inAxes: [0, null] })(x, c).pow(2).sum();
  near("first", grad(loss(over), { argnums: [0, 1] })(xs, c), grad(loss(plain), { argnums: [0, 1] })(xs, c));
  const mixed = (fn: Two): NDArray => grad((c: NDArray) => grad(loss(fn))(xs, c).sum())(c);
  near("second", mixed(over), mixed(plain));
});

test("checkpoints of derivatives, derivatives of checkpoints, thrice", () => {
  const own = customVjp((x: NDArray) => np.sin(x));
  own.defvjp((x: NDArray) => [own(x), np.cos(x)], (cos: NDArray, ct: NDArray) => [cos.mul(ct).mul(2)]);
  const g: Fn = (x) => own(own(x));
  const twice = (fn: Fn): Fn => grad(grad(fn));
  near("grad of grad", twice(checkpoint(g))(two), twice(g)(two));
  near("inside", grad(checkpoint(grad(g)))(two), twice(g)(two));
  near("thrice", grad(twice(checkpoint(g)))(two), grad(twice(g))(two), 1e-5);
});

test("nothing goes in and nothing comes out", () => {
  const none = customVjp((_x: NDArray, _y: NDArray) => null);
  none.defvjp((_x: NDArray, y: NDArray) => [null, y], () => {
    throw new Error("there is no cotangent");
  });
  const [out, pullback] = vjp((x: NDArray, y: NDArray) => none(x, y), one, two);
  assert.equal(out, null);
  assert.deepEqual(pullback(null).map((ct) => ct.item()), [0, 0]);
  assert.equal(vmap(none, { inAxes: [0, null], outAxes: null })(three, two), null);
  assert.deepEqual(evalShape((x: NDArray) => none(x, x), two), null);
});

test("a pullback through a batch can be used again", () => {
  const same = customVjp((x: NDArray) => x);
  same.defvjp((x: NDArray) => [x, null], (_: null, ct: NDArray) => [ct]);
  const [, pullback] = vjp((x: NDArray) => vmap(same)(x), three);
  for (let turn = 0; turn < 2; turn++) assert.deepEqual(pullback(three)[0].tolist(), three.tolist());
});

test("rules may give float0 for integers, as derivatives do", () => {
  const scaled = customJvp((x: NDArray, k: NDArray) => [x.mul(2), k]);
  scaled.defjvp(([x, k]: readonly [NDArray, NDArray], [dx]: One) => [[x.mul(2), k], [dx.mul(7), float0]]);
  const [, [dy, dk]] = jvp(
    (x: NDArray, k: NDArray) => scaled(x, k) as unknown[],
    [one, np.array(3)],
    [two, float0 as unknown as NDArray],
  );
  assert.deepEqual([(dy as NDArray).item(), dk], [17.5, float0]);
  const times = customVjp((x: NDArray, k: NDArray) => x.mul(k));
  times.defvjp((x: NDArray, k: NDArray) => [times(x, k), k], (k: NDArray, ct: NDArray) => [ct.mul(k), float0]);
  for (const fn of [times, checkpoint((x: NDArray, k: NDArray) => times(x, k))]) {
    const [ofX, ofK] = grad(fn as Fn, { argnums: [0, 1], allowInt: true })(one, np.array(3)) as [NDArray, unknown];
    assert.deepEqual([ofX.item(), ofK], [3, float0]);
  }
});
