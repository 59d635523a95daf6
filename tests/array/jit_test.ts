import { test } from "node:test";
import assert from "node:assert/strict";
import { grad, jvp, linearize, valueAndGrad, vjp } from "../../array/derivatives.ts";
import { hessian, jacrev } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { weakFloat } from "../../core/promotion.ts";
import { dispose, scope } from "../../core/storage.ts";
import type { AnyFunction } from "../../core/trace.ts";
import * as random from "../../random/mod.ts";
import { start } from "../_support.ts";

await start();

const x = np.array([1, 2.5]);

/** A function, and how often it was written down. */
function counted<Fn extends AnyFunction>(f: Fn): readonly [fn: Fn, count: () => number] {
  let count = 0;
  return [((...args: unknown[]) => (count++, f(...args))) as Fn, () => count];
}

test("jit() writes a function down once for each kind of arguments", () => {
  const [f, count] = counted((x: NDArray, y: NDArray) => x.add(y));
  const g = jit(f);
  const calls: [NDArray | number, NDArray | number, number][] = [
    [x, x, 1],
    [np.zeros(2), x, 1],
    [x, np.ones(1), 2],
    [x, np.array([1, 2]), 3],
    [x, np.array(1), 4],
    // What a number makes has a weak type, as the number has.
    [x, 1, 4],
    [x, np.array(1, { dtype: "int32" }), 5],
    [x, 0.5, 6],
    [x, weakFloat(1) as unknown as number, 6],
    [x.astype("float16"), x, 7],
    [np.ones([2, 2]), np.ones([2, 1]), 8],
    [np.ones([2, 2]).T, np.ones([2, 1]), 8],
  ];
  for (const [a, b, expected] of calls) {
    assert.deepEqual(g(a as NDArray, b as NDArray).tolist(), np.add(a, b).tolist());
    assert.equal(g(a as NDArray, b as NDArray).dtype, np.add(a, b).dtype);
    assert.equal(count(), expected);
  }
  assert.equal(g.cacheSize(), 8);
  g.clearCache();
  assert.equal(g.cacheSize(), 0);
  g(x, x);
  assert.equal(count(), 9);
});

test("jit() keys by the structure of arguments, in which the order of names does not count", () => {
  const [f, count] = counted(({ a, b }: { a: NDArray; b?: NDArray | null }, ...rest: NDArray[]) =>
    rest.reduce((sum, y) => sum.add(y), b ? a.add(b) : a)
  );
  const g = jit(f);
  assert.deepEqual(g({ a: x, b: x }).tolist(), [2, 5]);
  assert.deepEqual(g({ b: x, a: x }).tolist(), [2, 5]);
  assert.equal(count(), 1);
  assert.deepEqual(g({ a: x }).tolist(), [1, 2.5]);
  assert.deepEqual(g({ a: x, b: null }).tolist(), [1, 2.5]);
  assert.deepEqual(g({ a: x, b: x }, x, x).tolist(), [4, 10]);
  assert.equal(count(), 4);
});

test("jit() takes and gives any tree: numbers, nothing, inputs, constants, one array twice", () => {
  const c = np.array([7, 8]);
  const all = jit((x: NDArray, n: number) => ({
    x,
    twice: [x, x],
    sum: x.sum(),
    c,
    number: 3,
    flag: true,
    half: 0.5,
    nothing: null,
    undefined,
    empty: [] as NDArray[],
    n,
  }))(x, 4);
  assert.deepEqual(all.x.tolist(), [1, 2.5]);
  assert.deepEqual(all.twice.map((y) => y.tolist()), [[1, 2.5], [1, 2.5]]);
  assert.deepEqual(all.c.tolist(), [7, 8]);
  assert.deepEqual([all.nothing, all.undefined, all.empty], [null, undefined, []]);
  const scalar = (y: unknown): unknown => {
    const own = y as NDArray;
    return [own.item(), own.dtype, own.weakType];
  };
  assert.deepEqual(scalar(all.number), [3, "int32", true]);
  assert.deepEqual(scalar(all.flag), [true, "bool", false]);
  assert.deepEqual(scalar(all.half), [0.5, "float32", true]);
  assert.deepEqual(scalar(all.n), [4, "int32", true]);
  assert.deepEqual(scalar(jit((x: unknown) => x)(2n)), [2, "int32", true]);
  assert.deepEqual((jit((x: unknown) => x)(new Float32Array([1, 2])) as NDArray).tolist(), [1, 2]);
  assert.equal(jit(() => null)(), null);
  assert.deepEqual(jit((..._: unknown[]) => ({}))(x, {}, []), {});
  assert.deepEqual((jit((k: NDArray) => random.split(k))(random.key(1)) as NDArray).shape, [2]);
});

test("what jit() gives owns its memory, or views that of its arguments, as views do", () => {
  const c = np.array([7, 8]);
  const constant = jit(() => c);
  dispose(constant());
  assert.deepEqual(constant().tolist(), [7, 8]);
  assert.deepEqual(c.tolist(), [7, 8]);
  const [same, doubled] = jit((x: NDArray) => [x, x.mul(2)])(np.array([1, 2])) as [NDArray, NDArray];
  dispose(doubled);
  assert.deepEqual(same.tolist(), [1, 2]);
});

test("static arguments are keyed by what they hold, and anything but arrays may be one", () => {
  const [f, count] = counted((x: NDArray, { power, names }: { power: number; names: string[] }, g: AnyFunction) =>
    g(x.pow(power)).mul(names.length)
  );
  const compiled = jit(f, { staticArgnums: [1, 2] });
  assert.deepEqual(compiled(x, { power: 2, names: ["a"] }, np.sin as AnyFunction).tolist(), np.sin(x.pow(2)).tolist());
  compiled(x, { names: ["a"], power: 2 }, np.sin as AnyFunction);
  assert.equal(count(), 1);
  compiled(x, { power: 2, names: ["b"] }, np.sin as AnyFunction);
  compiled(x, { power: 3, names: ["a"] }, np.sin as AnyFunction);
  compiled(x, { power: 3, names: ["a"] }, np.cos as AnyFunction);
  assert.equal(count(), 4);
  const [h, times] = counted((n: number, flag: boolean) => flag ? np.zeros(n) : np.ones(n));
  const sized = jit(h, { staticArgnums: [0, 1] });
  assert.deepEqual([sized(2, false).shape, sized(3, true).shape, sized(2, false).shape], [[2], [3], [2]]);
  assert.equal(times(), 2);
  assert.notEqual(jit((n: number) => np.array(n), { staticArgnums: 0 })(1), undefined);
  class Keyed {
    toStructuralKey(): string {
      return "k";
    }
  }
  const [k, often] = counted((_: unknown, x: NDArray) => x);
  const byKey = jit(k, { staticArgnums: 0 });
  byKey(new Keyed(), x);
  byKey(new Keyed(), x);
  assert.equal(often(), 1);
  assert.throws(() => compiled(x, x as never, np.sin as AnyFunction), {
    name: "TypeError",
    message: "Cannot jit: argument 1 is static and holds an array; leave it out of staticArgnums, or pass a number",
  });
  const last = jit((x: NDArray, n: number) => x.mul(n).mul(Math.sign(n)), { staticArgnums: -1, donateArgnums: -2 });
  const donated = np.array([1, 2]);
  assert.deepEqual(last(donated, -3).tolist(), [3, 6]);
  assert.throws(() => donated.tolist(), { name: "FreedArrayError" });
  // A static argument that is left out is none.
  assert.deepEqual(jit((x: NDArray, n = 2) => x.mul(n), { staticArgnums: 1 })(x).tolist(), [2, 5]);
});

test("jit() says which options make no sense", () => {
  assert.throws(() => jit((x: NDArray) => x, { staticArgnums: -1.5 }), { name: "ValueError", code: "argnums" });
  assert.throws(() => jit((x: NDArray) => x, { staticArgnums: 0, donateArgnums: [1, 0] }), {
    name: "ValueError",
    message: "Cannot jit: a static argument has no memory to donate\n  operand: donateArgnums\n" +
      "  actual:  0, which is among staticArgnums\n  try:     name each argument once",
  });
});

test("transformations say what is no function", () => {
  const transforms = { jit, grad, valueAndGrad, vmap, hessian, makeProgram } as unknown as Record<string, AnyFunction>;
  for (const [name, transform] of Object.entries(transforms)) {
    assert.throws(() => transform(3), {
      name: "TypeError",
      message: `Cannot ${name}: a number is no function; pass one`,
    });
  }
  for (const [name, transform] of Object.entries({ jvp, vjp, linearize } as unknown as Record<string, AnyFunction>)) {
    assert.throws(() => transform(null, [x], [x]), {
      name: "TypeError",
      message: `Cannot ${name}: null is no function; pass one`,
    });
  }
});

test("jit() says what is no array among arguments and results", () => {
  const id = jit((x: unknown) => x);
  assert.throws(() => id("text"), {
    name: "TypeError",
    message: /^Cannot jit: an operand is a string; pass an array, a scalar or a typed array/,
  });
  assert.throws(() => jit(() => "text")(), {
    name: "TypeError",
    message: /^Cannot jit: the function gives a string among its results; return arrays/,
  });
  assert.throws(() => jit(() => Promise.resolve(x))(), {
    name: "TypeError",
    message: /^Cannot jit: the function gives a Promise/,
  });
  assert.throws(() => jit(() => new Map([["a", Symbol("b")]]))(), { name: "TypeError" });
});

test("values cannot be asked for while a function is written down", () => {
  const uses: ((x: NDArray) => unknown)[] = [
    (x) => x.item(),
    (x) => x.tolist(),
    (x) => x.get(np.greater(x, 0)),
    (x) => np.nonzero(x),
    (x) => np.arange(x as unknown as number),
    (x) => `${x.sum().item()}`,
  ];
  for (const use of uses) {
    assert.throws(() => jit(use)(x), (error) => error instanceof Error && error.name !== "AssertionError", String(use));
  }
  assert.throws(() => jit((x: NDArray) => x.item() === 1 ? x : x.neg(), { name: "f" })(np.array(1)), {
    name: "PenjingError",
    code: "traced-value",
    message:
      /^Cannot take the item of an array: the array has no value yet, it is being traced\n {2}actual: {3}an array inside of jit of f\n/,
  });
  assert.equal(jit((x: NDArray) => np.ones(x.shape).mul(x.ndim).mul(x.size))(x).get(0).item(), 2);
});

test("a function that throws while it is written down can be called again", () => {
  let throws = true;
  const f = jit((x: NDArray) => {
    const y = x.mul(2);
    if (throws) throw new RangeError("not now");
    return y;
  });
  for (const call of [() => f(x), () => grad((x: NDArray) => f(x).sum())(x), () => vmap(f)(x), () => jit(f)(x)]) {
    assert.throws(call, { name: "RangeError", message: "not now" });
  }
  assert.equal(f.cacheSize(), 0);
  throws = false;
  assert.deepEqual(f(x).tolist(), [2, 5]);
  // Nothing is being traced any more.
  assert.deepEqual(x.add(1).tolist(), [2, 3.5]);
});

test("compiled functions call compiled functions, which are written down once", () => {
  const [f, count] = counted((x: NDArray) => np.sin(x));
  const inner = jit(f);
  const outer = jit((x: NDArray) => inner(inner(x)).add(inner(x)));
  outer(x);
  outer(x);
  inner(x);
  jit(outer)(x);
  grad((x: NDArray) => outer(x).sum())(x);
  assert.equal(count(), 1);
  vmap(inner)(x);
  assert.equal(count(), 2);
  const program = String(outer.lower(x));
  assert.equal(program.match(/jit\[/g)?.length, 3);
  const power = (x: NDArray, n: number): NDArray => n === 0 ? np.onesLike(x) : compiled(x, n - 1).mul(x);
  const compiled: typeof power = jit(power, { staticArgnums: 1 });
  assert.deepEqual(compiled(x, 3).tolist(), [1, 15.625]);
  assert.deepEqual(grad((x: NDArray) => compiled(x, 3).sum())(x).tolist(), [3, 18.75]);
});

test("jit() may be made inside of functions that are transformed, and close over their arrays", () => {
  const f = (w: NDArray, x: NDArray): NDArray => jit((x: NDArray) => np.sin(x.mul(w)).sum())(x);
  const [w, y] = [np.array(0.5), np.array([1, 2.5])];
  const expected = y.mul(np.cos(y.mul(w))).sum().item() as number;
  const near = (actual: NDArray): void => assert(Math.abs((actual.item() as number) - expected) < 1e-6);
  near(grad(f)(w, y));
  near(jit(grad(f))(w, y));
  near(grad(jit(f))(w, y));
  near(jvp((w: NDArray) => f(w, y), [w], [np.array(1, { dtype: "float32" })])[1]);
  const ws = np.array([0.5, 0.5]);
  vmap(grad(f), { inAxes: [0, null] })(ws, y).unstack().forEach(near);
  jit(vmap(grad(f), { inAxes: [0, null] }))(ws, y).unstack().forEach(near);
  grad((ws: NDArray) => vmap(f, { inAxes: [0, null] })(ws, y).sum())(ws).unstack().forEach(near);
  const second = hessian((w: NDArray) => f(w, y))(w).item() as number;
  const square = y.mul(y).mul(np.sin(y.mul(w))).sum().item() as number;
  assert(Math.abs(second + square) < 1e-5);
});

test("a compiled function that held arrays of a transformation does not hold them later", () => {
  let w: NDArray = np.array([1, 1]);
  const f = jit((x: NDArray) => x.mul(w).sum());
  assert.deepEqual(
    grad((own: NDArray) => {
      w = own;
      return f(x);
    })(np.array([2.5, 3])).tolist(),
    [1, 2.5],
  );
  w = np.array([10, 10]);
  assert.equal(f(x).item(), 35);
});

test("what a function does beside its results, it does while it is written down alone", () => {
  const log: number[] = [];
  let factor = 2;
  const f = jit((x: NDArray) => {
    log.push(x.ndim);
    return x.mul(factor);
  });
  f(x);
  factor = 3;
  assert.deepEqual(f(x).tolist(), [2, 5]);
  assert.deepEqual(log, [1]);
});

test("donated arguments are freed, or become results", () => {
  const f = jit((x: NDArray, y: NDArray) => x.add(y), { donateArgnums: 0 });
  const [a, b] = [np.array([1, 2]), np.array([3, 4])];
  assert.deepEqual(f(a, b).tolist(), [4, 6]);
  assert.throws(() => a.add(1), {
    name: "FreedArrayError",
    message: /^Cannot add: the array was freed\n {2}actual: donated to function\n/,
  });
  assert.throws(() => f(a, b), { name: "FreedArrayError" });
  assert.deepEqual(b.tolist(), [3, 4]);
  const same = jit((x: NDArray) => [x, x.get("::-1")], { donateArgnums: 0 });
  const c = np.array([1, 2]);
  const [y, reversed] = same(c) as [NDArray, NDArray];
  assert.deepEqual([y.tolist(), reversed.tolist()], [[1, 2], [2, 1]]);
  assert.throws(() => c.tolist(), { name: "FreedArrayError" });
  // Trees are donated whole, numbers have nothing to give.
  const tree = { a: np.array([1, 2]), b: [np.array(3)] };
  jit(({ a, b }: typeof tree, _: number) => a.mul(b[0]!), { donateArgnums: [0, 1] })(tree, 1);
  for (const x of [tree.a, tree.b[0]!]) assert.throws(() => x.tolist(), { name: "FreedArrayError" });
});

test("one array cannot be donated and used in another place", () => {
  const f = jit((x: NDArray, y: NDArray) => x.add(y), { donateArgnums: 0 });
  const both = jit((x: NDArray, y: NDArray) => x.add(y), { donateArgnums: [0, 1] });
  for (const [g, what] of [[f, "passed twice"], [both, "donated twice"]] as const) {
    const a = np.array([1, 2]);
    assert.throws(() => g(a, a), { name: "ValueError", code: "donated-twice" }, what);
    assert.throws(() => g(a, a.get("::-1")), { name: "ValueError", code: "donated-twice" }, what);
    assert.deepEqual(a.tolist(), [1, 2]);
  }
});

test("donation is of no account inside of transformations", () => {
  const f = jit((x: NDArray) => x.mul(2).sum(), { donateArgnums: 0 });
  const a = np.array([1, 2.5]);
  assert.deepEqual(grad((x: NDArray) => f(x))(a).tolist(), [2, 2]);
  assert.deepEqual(jit((x: NDArray) => f(x).add(x))(a).tolist(), [8, 9.5]);
  assert.deepEqual(vmap((x: NDArray) => f(x))(a).tolist(), [2, 5]);
  assert.deepEqual(a.tolist(), [1, 2.5]);
});

test("calls leave nothing behind but results", () => {
  const f = jit((x: NDArray) => np.sin(x).add(np.ones(2)).mul(x).sum());
  const g = jit(grad(f));
  scope(() => [f(x), g(x)]) && undefined;
  const before = memory().liveArrays;
  for (let turn = 0; turn < 5; turn++) {
    scope(() => void g(x).add(f(x)));
    const y = f(x);
    assert.equal(memory().liveArrays, before + 1);
    dispose(y);
  }
  assert.equal(memory().liveArrays, before);
});

test("constants live as long as what was compiled, also if a scope around the first call ends", () => {
  const f = jit((x: NDArray) => x.add(np.array([1, 2])));
  scope(() => void f(x));
  assert.deepEqual(f(x).tolist(), [2, 4.5]);
  scope(() => {
    const c = np.array([10, 20]);
    const g = jit((x: NDArray) => x.add(c));
    assert.deepEqual(g(x).tolist(), [11, 22.5]);
  });
});

test("lower() gives the program, named and printed", () => {
  const f = jit((x: NDArray) => x.mul(2), { name: "double" });
  assert.equal(
    String(makeProgram(f)(np.ones(3))),
    "{ lambda a:float32[3]. let\n" +
      "    b:float32[3] = jit[name=double program={ lambda a:float32[3]. let\n" +
      "        b:float32[3] = broadcastInDim[shape=[3] dimensions=[]] 2\n" +
      "        c:float32[3] = mul a b\n      in (c) }] a\n  in (b) }",
  );
  assert.equal(f.lower(np.ones(3)).equations.length, 2);
  assert.equal(jit(() => x, { name: "own" }).lower().outputs.length, 1);
});

test("aux arrays come out of derivatives as values, in any nesting", () => {
  const f = (x: NDArray): [NDArray, Record<string, unknown>] => [
    x.mul(x).sum(),
    { double: x.mul(2), input: x, text: "text", number: 3, inner: [x.astype("int32")] },
  ];
  interface Aux {
    readonly double: NDArray;
    readonly input: NDArray;
    readonly text: string;
    readonly number: number;
    readonly inner: readonly [NDArray];
  }
  const options = { hasAux: true } as const;
  const check = (aux: Aux): void => {
    assert.deepEqual([aux.double.tolist(), aux.input.tolist(), aux.inner[0].tolist()], [[2, 5], [1, 2.5], [1, 2]]);
    assert.deepEqual([aux.text, aux.number], ["text", 3]);
  };
  const [gradient, aux] = grad(f as AnyFunction, options)(x) as [NDArray, Aux];
  assert.deepEqual(gradient.tolist(), [2, 5]);
  check(aux);
  const [[value, other]] = valueAndGrad(f as AnyFunction, options)(x) as unknown as [[NDArray, Aux], NDArray];
  assert.equal(value.item(), 7.25);
  check(other);
  const arrays = (x: NDArray): NDArray[] => {
    const [g, aux] = grad(f as AnyFunction, options)(x) as [NDArray, Aux];
    return [g, aux.double, aux.input];
  };
  for (const g of [arrays, jit(arrays)]) assert.deepEqual(g(x).map((y) => y.tolist()), [[2, 5], [2, 5], [1, 2.5]]);
  assert.deepEqual(vmap(arrays)(np.stack([x, x])).map((y) => y.get(1).tolist()), [[2, 5], [2, 5], [1, 2.5]]);
  const product = (x: NDArray): NDArray => arrays(x).reduce((product, y) => product.mul(y)).sum();
  // The product is 4 x³.
  for (const g of [grad(product), jit(grad(product))]) assert.deepEqual(g(x).tolist(), [12, 75]);
  const plain = jit((x: NDArray) => [f(x)[0], { double: x.mul(2) }]);
  const compiled = grad(plain as AnyFunction, options)(x) as [NDArray, Record<string, NDArray>];
  assert.deepEqual(compiled[1]["double"]!.tolist(), [2, 5]);
});

test("derivatives and batches take empty trees and numbers, and say what does not fit", () => {
  const [three, zero] = valueAndGrad((_: NDArray) => 3 as unknown as NDArray)(x);
  assert.deepEqual([three.item(), three.dtype, zero.tolist()], [3, "float32", [0, 0]]);
  assert.deepEqual(grad((_: object, x: NDArray) => x.sum())({}, x), {});
  assert.deepEqual(vjp((_: object) => ({}), {})[1]({}), [{}]);
  assert.deepEqual(jvp((_: object) => ({}), [{}], [{}]), [{}, {}]);
  assert.deepEqual(vmap((_: object) => ({}), { axisSize: 2 })({}), {});
  assert.deepEqual(jit((_: object) => [])({}), []);
  assert.throws(() => jacrev((x: NDArray) => x, { argnums: 1 })(x), { name: "ValueError", code: "argnums" });
  const last = jacrev((x: NDArray, y: NDArray) => x.mul(y), { argnums: -1 })(x, x) as NDArray;
  assert.deepEqual(last.tolist(), [[1, 0], [0, 2.5]]);
  assert.throws(() => vmap((x: NDArray, _: NDArray) => x, { inAxes: [0] })(x, x), {
    name: "ValueError",
    message: "Cannot vmap: inAxes are of another structure than what they are for\n  operand:  inAxes\n" +
      "  actual:   [0]\n  expected: an axis, or a tree that the list of arguments begins with: [*, *]\n" +
      "  try:      give each part its axis, or null",
  });
  assert.throws(() => vmap((x: NDArray) => [x, x], { outAxes: [0] })(x), { name: "ValueError", code: "vmap-axes" });
  assert.throws(() => vmap((x: NDArray) => x)(3 as unknown as NDArray), { name: "ValueError" });
});
