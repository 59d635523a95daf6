import { test } from "node:test";
import assert from "node:assert/strict";
import { checkpoint } from "../../array/checkpoint.ts";
import { customVjp } from "../../array/custom_vjp.ts";
import { grad, jvp, vjp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { close, draw, golden, same } from "./_control_flow.ts";

const [v, a4, w] = [draw(8, 4), draw(9, 7).get(":4"), draw(0, 3, 3)];

function sqrt(x: NDArray): NDArray {
  return lax.cond(x.gt(0), np.sqrt, np.zerosLike, x);
}

function chosen(i: NDArray | number, x: NDArray, y: NDArray): NDArray {
  const s = x.sum();
  return lax.switch(
    i,
    [
      (x: NDArray, y: NDArray) => x.mul(y).sum(),
      (_x: NDArray, y: NDArray) => np.sin(s).mul(y.get(0)),
      (x: NDArray) => np.exp(x).sum(),
    ],
    x,
    y,
  );
}

function stepped(x: NDArray): NDArray {
  const body = (c: NDArray, [i, x]: [NDArray, NDArray]) =>
    [
      lax.cond(
        np.remainder(i, 2).eq(0),
        (c: NDArray) => c.mul(np.sin(x)),
        (c: NDArray) => c.sub(x.mul(w.get(0, 0))),
        c,
      ),
      c,
    ] as const;
  const [c, cs] = lax.scan(body, np.ones([], { dtype: "float32" }), [np.arange(4), x] as [NDArray, NDArray]);
  return c.add((cs as unknown as NDArray).pow(2).sum());
}

test("cond() selects under vmap, and derivatives of what is not selected do not count, as in JAX", () => {
  const x = np.array([-1, 0, 4], { dtype: "float32" });
  golden("sqrt", vmap(sqrt)(x));
  golden("sqrt gradients", vmap(grad(sqrt))(x));
  golden("sqrt gradient of batch", grad((x: NDArray) => vmap(sqrt)(x).sum())(x));
  golden("sqrt second", vmap(grad(grad(sqrt)))(np.array([-1, 4], { dtype: "float32" })));
});

test("switch() does the branch of a number, the nearest where there is none, as in JAX", () => {
  golden("chosen", [-1, 0, 1, 2, 5].map((i) => chosen(i, v, a4)));
  const by = { argnums: [1, 2] };
  golden("chosen gradients", [0, 1, 2].map((i) => grad(chosen, by)(i, v, a4)));
  const mapped = vmap(grad(chosen, by), { inAxes: [0, null, null] });
  golden("chosen gradients of batch", mapped(np.array([2, 0, 1, 9]), v, a4));
  golden(
    "chosen hessian vector product",
    [0, 1, 2].map((i) => jvp(grad((x: NDArray) => chosen(i, x, a4)), [v], [v.add(1)])[1]),
    1e-5,
  );
  golden("stepped", [stepped(v), grad(stepped)(v), jvp(grad(stepped), [v], [v.add(1)])[1]], 1e-5);
});

test("cond() and switch() give what selections give, under all transformations", () => {
  // Branches need of their operands what others do not, of several types, and hold what is differentiated.
  const branches = (z: NDArray) => [
    (x: NDArray, y: NDArray) => ({ a: np.sin(x).mul(y), b: y.sum().mul(z), n: np.array(1) }),
    (x: NDArray, y: NDArray) => ({ a: np.exp(x).mul(np.tanh(z)), b: x.sum().mul(y.get(0)), n: np.array(2) }),
    (_x: NDArray, y: NDArray) => ({ a: np.ones([4]), b: y.prod(), n: np.array(3) }),
  ];
  const finish = ({ a, b, n }: { a: NDArray; b: NDArray; n: NDArray }): NDArray => a.mul(b).sum().add(n.mul(b));
  const loop = (x: NDArray, y: NDArray, z: NDArray, i: NDArray): NDArray => finish(lax.switch(i, branches(z), x, y));
  const plain = (x: NDArray, y: NDArray, z: NDArray, i: NDArray): NDArray =>
    branches(z).map((branch, k) => np.where(i.eq(k), finish(branch(x, y)), 0)).reduce((sum, y) => sum.add(y));
  for (const i of [0, 1, 2]) same(`switch ${i}`, loop, plain, [v, a4, v.get(2), np.array(i)]);
  const steps = (f: typeof loop) => (x: NDArray, y: NDArray, z: NDArray): NDArray =>
    vmap((i: NDArray) => f(x, y, z, i))(np.array([2, 0, 0, 1])).sum();
  same("switch of batch", steps(loop), steps(plain), [v, a4, v.get(2)]);
  const nested = (x: NDArray, y: NDArray): NDArray =>
    lax.cond(
      x.gt(0),
      (x: NDArray) => lax.cond(y.gt(x), (x: NDArray) => x.mul(y), (x: NDArray) => np.sin(x), x),
      (x: NDArray) => x.mul(x).mul(y),
      x,
    );
  const flat = (x: NDArray, y: NDArray): NDArray =>
    np.where(x.gt(0), np.where(y.gt(x), x.mul(y), np.sin(x)), x.mul(x).mul(y));
  for (const [x, y] of [[1, 2], [1, 0.5], [-1, 0.5]]) {
    same(`nested ${x} ${y}`, nested, flat, [np.array(x! * 1.5), np.array(y! * 1.25)]);
  }
  const plainSteps = (x: NDArray): NDArray => {
    let c: NDArray = np.ones([], { dtype: "float32" });
    const cs = x.unstack().map((x, i) => {
      const before = c;
      c = i % 2 === 0 ? c.mul(np.sin(x)) : c.sub(x.mul(w.get(0, 0)));
      return before;
    });
    return c.add(np.stack(cs).pow(2).sum());
  };
  same("stepped", stepped, plainSteps, [v]);
});

test("cond() takes any number for a condition, and does one branch alone", () => {
  const pick = (condition: NDArray | number | boolean): unknown => lax.cond(condition, () => 1, () => 0).item();
  assert.deepEqual([true, false, 2, 0, -0.5].map(pick), [1, 0, 1, 0, 1]);
  assert.deepEqual([np.array(3, { dtype: "uint8" }), np.array(0.5), np.array(false)].map(pick), [1, 1, 0]);
  const program = makeProgram((x: NDArray) => lax.cond(x.gt(0), np.sin, np.cos, x))(np.array(1.5));
  assert.equal(program.equations.at(-1)!.primitive.name, "cond");
  assert.match(String(program), /branches=\[\{ lambda [^]*cos[^]*sin/);
  // Weak where both are.
  const types = [lax.cond(true, () => 1, () => np.array(2, { dtype: "int32" })), lax.cond(true, () => 1, () => 2)];
  assert.deepEqual(types.map(({ dtype, weakType }) => [dtype, weakType]), [["int32", false], ["int32", true]]);
  assert.deepEqual(lax.cond(true, () => [], () => []), []);
  assert.equal(lax.switch(7, [(x: NDArray) => x.mul(2)], 4).item(), 8);
  const key = lax.cond(true, (key: NDArray) => random.split(key).get(0), (key: NDArray) => key, random.key(1));
  assert.equal(random.normal(key).item(), random.normal(random.split(random.key(1)).get(0)).item());
  const keyed = (x: NDArray, key: NDArray): NDArray =>
    lax.cond(x.gt(0), (x: NDArray) => random.normal(random.split(key).get(0)).mul(x), np.sin, x);
  same("keys", keyed, (x, key) => np.where(x.gt(0), random.normal(random.split(key).get(0)).mul(x), np.sin(x)), [
    np.array(0.5),
    random.key(2),
  ], { argnums: [0] });
});

test("branches may have rules of their own, and recompute what they need", () => {
  const twice = customVjp((x: NDArray) => np.sin(x));
  twice.defvjp((x: NDArray) => [np.sin(x), x], (x: NDArray, ct: NDArray) => [ct.mul(np.cos(x)).mul(2)]);
  const f = (x: NDArray): NDArray => lax.cond(x.gt(0), twice, np.cos, x);
  const x = np.array([0.5, -1.5]);
  const expected = [2 * Math.cos(0.5), Math.sin(1.5)];
  const all = [vmap(grad(f))(x), jit(vmap(grad(f)))(x), np.stack(x.unstack().map((x) => grad(f)(x)))];
  all.forEach((y, k) => close(`${k}`, y, expected, 1e-6));
  // What is recomputed takes a key that the branch makes, so that keys are among the residuals.
  const noise = (key: NDArray, x: NDArray): NDArray => np.sin(random.normal(key).mul(x));
  const keyed = (of: typeof noise) => (x: NDArray, key: NDArray): NDArray =>
    lax.cond(x.gt(0), (x: NDArray) => of(random.split(key).get(0), x), (x: NDArray) => np.exp(x), x);
  const plain = (x: NDArray, key: NDArray): NDArray => np.where(x.gt(0), noise(random.split(key).get(0), x), np.exp(x));
  for (const x of [0.5, -0.5]) {
    same(`recomputed ${x}`, keyed(checkpoint(noise)), plain, [np.array(x), random.key(5)], { argnums: [0] });
  }
});

test("cond() gives no tangents where no branch does", () => {
  const f = (x: NDArray): NDArray => lax.cond(x.gt(0), () => np.array(1.5), () => np.array(2.5));
  assert.equal(grad((x: NDArray) => f(x).add(x))(np.array(0.5)).item(), 1);
  assert.equal(
    grad(jit((x: NDArray) => lax.cond(x.gt(0), (x: NDArray) => np.floor(x), np.ceil, x)))(np.array(0.5)).item(),
    0,
  );
  const [, pull] = vjp(
    (x: NDArray) => lax.cond(true, (x: NDArray) => [x, x.mul(2)], (x: NDArray) => [x, np.array(1.5)], x),
    np.array(0.5),
  );
  const one = np.array(1, { dtype: "float32" });
  assert.equal(pull([one, one])[0].item(), 3);
});

test("cond() and switch() say what does not fit", () => {
  const same = "; return trees of the same structure, with arrays of the same shapes and dtypes";
  const x = np.array(1.5);
  const throws = (call: () => unknown, message: string, name = "TypeError"): void =>
    assert.throws(call, { name, message });
  throws(
    () => lax.cond(true, (x: NDArray) => [x], (x: NDArray) => [x, x], x),
    `Cannot cond: the results of whenFalse and whenTrue differ in structure: [*, *] from whenFalse, [*] from whenTrue${same}`,
  );
  throws(
    () => lax.cond(true, (x: NDArray) => ({ a: x, b: x }), (x: NDArray) => ({ a: x, b: x.gt(0) }), x),
    "Cannot cond: the results of whenFalse and whenTrue differ in type: " +
      `['b']: bool[] from whenFalse, float32[] from whenTrue${same}`,
  );
  throws(
    () => lax.switch(0, [() => np.ones(2), () => np.ones(2), () => np.ones(3)]),
    `Cannot switch: the results of branch 0 and branch 2 differ in type: float32[2] from branch 0, float32[3] from branch 2${same}`,
  );
  throws(
    () => lax.cond(np.ones(2), np.sin, np.cos, x),
    "Cannot cond: the condition is float32[2]; pass a bool without axes, as x.lt(1).all()",
  );
  throws(
    () => lax.cond(true, 1 as unknown as () => NDArray, () => x),
    "Cannot cond: whenTrue is a number; pass a function",
  );
  throws(() => lax.switch(0.5, [() => x]), 'Cannot switch: the index is float32[]; cast it, as index.astype("int32")');
  throws(
    () => lax.switch(np.array([1]), [() => x]),
    "Cannot switch: the index is int32[1]; pass an integer without axes",
  );
  throws(
    () => lax.switch(0, []),
    "Cannot switch: there are no branches\n  operand:  branches\n  actual:   an empty list\n" +
      "  expected: at least one function\n  try:      pass the functions that the index counts",
    "ValueError",
  );
});
