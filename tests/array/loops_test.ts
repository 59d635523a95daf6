import { test } from "node:test";
import assert from "node:assert/strict";
import { checkpoint } from "../../array/checkpoint.ts";
import { grad, jvp, linearize } from "../../array/derivatives.ts";
import { hessian, jacfwd, jacrev } from "../../array/jacobians.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { weakFloat } from "../../core/promotion.ts";
import { dispose, scope } from "../../core/storage.ts";
import type { ScanParams } from "../../ops/scan.ts";
import type { AnyFunction } from "../../core/trace.ts";
import * as random from "../../random/mod.ts";
import { close, draw, golden, same } from "./_control_flow.ts";

const [w, u, h0, xs] = [draw(0, 3, 3), draw(1, 2, 3), draw(2, 3), draw(3, 4, 2)];
const [dw, dh, dxs] = [draw(4, 3, 3), draw(5, 3), draw(6, 4, 2)];
const batch = draw(7, 5, 4, 2);
const v = draw(8, 4);

type Pair = [NDArray, NDArray];

function cell(w: NDArray, h: NDArray, x: NDArray): readonly [NDArray, { h: NDArray; norm: NDArray }] {
  const next = np.tanh(h.matmul(w).add(x.matmul(u)));
  return [next, { h: next, norm: next.pow(2).sum() }];
}

function rnn(w: NDArray, h0: NDArray, xs: NDArray, reverse = false): [NDArray, { h: NDArray; norm: NDArray }] {
  return lax.scan((h: NDArray, x: NDArray) => cell(w, h, x), h0, xs, { reverse }) as ReturnType<typeof rnn>;
}

function lossOf(h: NDArray, hs: NDArray, norms: NDArray): NDArray {
  return np.sin(h).sum().add(hs.pow(2).mean()).add(norms.get("1:").sum());
}

function rnnLoss(w: NDArray, h0: NDArray, xs: NDArray): NDArray {
  const [h, ys] = rnn(w, h0, xs);
  return lossOf(h, ys.h, ys.norm);
}

function plainLoss(w: NDArray, h0: NDArray, xs: NDArray): NDArray {
  let h = h0;
  const ys = xs.unstack().map((x) => {
    const [next, y] = cell(w, h, x);
    h = next;
    return y;
  });
  return lossOf(h, np.stack(ys.map((y) => y.h)), np.stack(ys.map((y) => y.norm)));
}

function counted(x: NDArray): [NDArray, NDArray] {
  const body = ([i, total]: Pair, x: NDArray) =>
    [[i.add(1), total.add(x.mul(i))] as Pair, [i, total.mul(x)] as Pair] as const;
  const [[i, total], [numbers, products]] = lax.scan(body, [np.array(0), np.array(0)] as Pair, x);
  return [total.pow(2).add(products.mul(numbers).sum()), i];
}

test("scan() runs a recurrent network as JAX does, forwards and backwards", () => {
  golden("rnn", rnn(w, h0, xs));
  golden("rnn reversed", rnn(w, h0, xs, true));
  golden("rnn gradients", grad(rnnLoss, { argnums: [0, 1, 2] })(w, h0, xs));
  golden("rnn jvp", jvp(rnnLoss, [w, h0, xs], [dw, dh, dxs])[1]);
  golden("rnn of batch", vmap((xs: NDArray) => rnn(w, h0, xs)[0])(batch));
  golden("rnn gradients of batch", vmap(grad(rnnLoss), { inAxes: [null, null, 0] })(w, h0, batch));
  const ofBatch = (w: NDArray) => vmap(rnnLoss, { inAxes: [null, null, 0] })(w, h0, batch).sum();
  golden("rnn gradient of batch", grad(ofBatch)(w), 1e-5);
  const ofW = (w: NDArray) => rnnLoss(w, h0, xs);
  golden("rnn hessian vector product", jvp(grad(ofW), [w], [dw])[1], 1e-5);
  golden("rnn gradient of gradient norm", grad((w: NDArray) => grad(ofW)(w).pow(2).sum())(w), 1e-5);
});

test("scan() carries counters, and takes closed values' derivatives, as JAX does", () => {
  golden("counted", counted(v));
  golden("counted gradient", grad((x: NDArray) => counted(x)[0])(v));
});

test("scan() gives what the loop gives that is written out, under all transformations", () => {
  same("rnn", rnnLoss, plainLoss, [w, h0, xs]);
});

function products(x: NDArray): NDArray {
  return lax.scan((p: NDArray, x: NDArray) => [p.mul(x), p.mul(x)] as const, np.ones([]), x)[1];
}

function nested(w: NDArray, x: NDArray): NDArray {
  const [c, ds] = lax.scan(
    (c: NDArray, x: NDArray) => {
      const [d, ys] = lax.scan(
        (d: NDArray, y: NDArray) => {
          const next = np.sin(d.mul(w.get(0)).add(y.mul(c.get(0))));
          return [next, next.mul(w.get(1))] as const;
        },
        x,
        c,
      );
      return [c.add(ys.mul(d)), d] as const;
    },
    w,
    x,
  );
  return c.pow(2).sum().add(ds.sum());
}

function plainNested(w: NDArray, x: NDArray): NDArray {
  let c = w;
  const ds = x.unstack().map((row) => {
    let d = row;
    const ys = c.unstack().map((y) => {
      d = np.sin(d.mul(w.get(0)).add(y.mul(c.get(0))));
      return d.mul(w.get(1));
    });
    c = c.add(np.stack(ys).mul(d));
    return d;
  });
  return c.pow(2).sum().add(np.stack(ds).sum());
}

function closed(a: NDArray): NDArray {
  // The body holds what is differentiated, in part the same for all rows.
  const s = np.exp(a);
  const row = (c: NDArray, x: NDArray) =>
    [c.mul(s.get(0)).add(np.cos(s).mul(np.array([1, 2, 3, 4])).sum().mul(x)), s.mul(c)] as const;
  return lax.scan(row, a.get(0), a)[1].sum();
}

test("scan() nests, and its body may hold what is differentiated", () => {
  golden("products", products(v));
  golden("products jacobians", [jacfwd(products)(v), jacrev(products)(v)]);
  golden("nested gradients", grad(nested, { argnums: [0, 1] })(v, h0), 1e-5);
  golden("nested hessian vector product", jvp(grad((x: NDArray) => nested(x, h0)), [v], [v.add(1)])[1], 1e-5);
  golden("closed gradient", grad(closed)(v), 1e-5);
  golden("closed second", jvp(grad(closed), [v], [v.add(1)])[1], 1e-5);
  same("nested", nested, plainNested, [v, h0]);
});

test("scan() carries any types, in any order, under all transformations", () => {
  // Counters, bools, what is handed on unchanged, what is swapped, what depends on a counter; rows of integers.
  type Carry = { n: NDArray; ok: NDArray; a: NDArray; b: NDArray; same: NDArray };
  type Row = { k: NDArray; x: NDArray };
  const turn = (scale: NDArray) => ({ n, ok, a, b, same }: Carry, { k, x }: Row) => {
    const next = np.where(ok, b.mul(scale), b).add(x.mul(n));
    return [{ n: n.add(k), ok: np.logicalNot(ok), a: next, b: np.sin(a), same }, {
      n,
      x: np.where(k.gt(1), a.mul(same), x),
      zero: np.floor(x),
    }] as const;
  };
  const init = (a: NDArray): Carry => ({
    n: np.array(1, { dtype: "int32" }),
    ok: np.array(true),
    a,
    b: np.ones([], { dtype: "float32" }),
    same: a.mul(2),
  });
  const finish = ({ a, b, n }: Carry, ys: { n: NDArray; x: NDArray; zero: NDArray }): NDArray =>
    a.mul(b).add(ys.x.mul(ys.n).sum()).add(ys.zero.sum()).add(n);
  const keys = np.array([0, 3, 1, 2]);
  for (const reverse of [false, true]) {
    const loop = (a: NDArray, scale: NDArray, x: NDArray, k: NDArray): NDArray =>
      finish(...lax.scan(turn(scale), init(a), { k, x }, { reverse }) as unknown as Parameters<typeof finish>);
    const plain = (a: NDArray, scale: NDArray, x: NDArray, k: NDArray): NDArray => {
      const [rows, ks] = [x.unstack(), k.unstack()];
      let carry = init(a);
      const ys: { n: NDArray; x: NDArray; zero: NDArray }[] = [];
      for (let turns = 0; turns < 4; turns++) {
        const row = reverse ? 3 - turns : turns;
        const [next, y] = turn(scale)(carry, { k: ks[row]!, x: rows[row]! });
        [carry, ys[row]] = [next, y];
      }
      const stacked = (name: "n" | "x" | "zero") => np.stack(ys.map((y) => y[name]));
      return finish(carry, { n: stacked("n"), x: stacked("x"), zero: stacked("zero") });
    };
    same(`types ${reverse}`, loop, plain, [np.array(0.75, { dtype: "float32" }), v.get(0), v, keys]);
  }
});

test("scan() takes rows of nothing, no rows, and results of nothing", () => {
  const [c, ys] = lax.scan((c: NDArray) => [c.mul(2), null] as const, 1, null, { length: 5 });
  assert.deepEqual([c.item(), ys], [32, null]);
  const [none, stacked] = lax.scan((c: NDArray, x: NDArray) => [c.add(x), { y: c }] as const, 1.5, np.zeros([0]));
  assert.deepEqual([none.item(), stacked.y.shape, stacked.y.dtype], [1.5, [0], "float32"]);
  const [empty, rows] = lax.scan((c: [], x: NDArray) => [c, x.mul(2)] as const, [] as [], np.array([1, 2]));
  assert.deepEqual([empty, rows.tolist()], [[], [2, 4]]);
  assert.deepEqual(
    grad((x: NDArray) => lax.scan((c: NDArray) => [c, c] as const, x, null, { length: 3 })[1].sum())(
      np.array(2.5),
    ).item(),
    3,
  );
  assert.deepEqual(
    vmap((x: NDArray) => lax.scan((c: NDArray) => [c, c] as const, x, null, { length: 0 })[0])(v).shape,
    [4],
  );
});

test("scan() unrolls turns, and gives the same results", () => {
  const turn = ([c, key]: Pair, { x, n }: { x: NDArray; n: NDArray }) => {
    const [next, own] = random.split(key).unstack() as Pair;
    const y = np.sin(c.mul(x).add(random.normal(own)));
    return [[y, next] as Pair, { y: y.mul(n), n, key: next }] as const;
  };
  const xs = { x: draw(1, 7, 2), n: np.arange(7) };
  const f = (x: NDArray, reverse: boolean, unroll: number | boolean): NDArray[] => {
    const [[c], { y, n, key }] = lax.scan(turn, [np.ones([2]), random.key(0)] as Pair, { ...xs, x }, {
      reverse,
      unroll,
    });
    return [c, y, n, vmap((key: NDArray) => random.normal(key))(key)];
  };
  const loss = (x: NDArray, reverse: boolean, unroll: number | boolean): NDArray =>
    f(x, reverse, unroll).slice(0, 2).map((y) => np.cos(y).sum()).reduce((sum, y) => sum.add(y));
  for (const reverse of [false, true]) {
    const rolled = f(xs.x, reverse, 1).map((y) => y.tolist());
    const gradient = grad((x: NDArray) => loss(x, reverse, 1))(xs.x).tolist();
    for (const unroll of [2, 3, 6, 7, 10, true, false]) {
      assert.deepEqual(f(xs.x, reverse, unroll).map((y) => y.tolist()), rolled);
      const own = jit((x: NDArray) => f(x, reverse, unroll));
      assert.deepEqual(own(xs.x).map((y) => y.tolist()), rolled);
      const pull = (x: NDArray): NDArray => grad((x: NDArray) => loss(x, reverse, unroll))(x);
      close(`${unroll}`, [pull(xs.x), jit(pull)(xs.x)], [gradient, gradient], 1e-6);
    }
  }
  const none = jit((x: NDArray) => lax.scan((c: NDArray, x: NDArray) => [c, x] as const, 0, x, { unroll: true })[1]);
  assert.deepEqual(none(np.zeros([0, 2])).shape, [0, 2]);
});

test("loops go over arrays and batches without elements", () => {
  const none = np.zeros([0, 3]);
  for (const wrap of [<F extends AnyFunction>(f: F): F => f, jit]) {
    const sum = wrap((x: NDArray) =>
      lax.scan((c: NDArray, x: NDArray) => [c.add(x), c.mul(x)] as const, np.zeros([]), x)[1]
    );
    assert.deepEqual(vmap(sum)(none).shape, [0, 3]);
    const count = wrap((x: NDArray) => lax.whileLoop((x: NDArray) => x.sum().lt(5), (x: NDArray) => x.add(1), x));
    assert.deepEqual(vmap(count)(none).shape, [0, 3]);
    const f = wrap((x: NDArray) => lax.scan((c: NDArray, x: NDArray) => [c.mul(x.sum()), x] as const, 1.5, x)[1]);
    assert.deepEqual(f(np.ones([2, 0])).shape, [2, 0]);
    assert.deepEqual(grad((x: NDArray) => f(x).sum())(np.ones([0, 2])).shape, [0, 2]);
    // Results that are views of operands, of constants, and of the carry that is written over.
    const views = wrap((x: NDArray) =>
      lax.scan((c: NDArray, x: NDArray) => [x.T, { c: c.T, k: np.array([1.5]) }] as const, np.zeros([2, 3]), x)[1]
    );
    const x = np.arange(12).astype("float32").reshape(2, 3, 2);
    assert.deepEqual(views(x).c.tolist(), [[[0, 0], [0, 0], [0, 0]], [[0, 1], [2, 3], [4, 5]]]);
    assert.deepEqual(views(x).k.tolist(), [[1.5], [1.5]]);
  }
});

test("scan() promotes weak carries once, and keeps keys", () => {
  const add = (c: NDArray, x: NDArray) => [c.add(x), null] as const;
  const f16 = np.ones([2], { dtype: "float16" });
  const [half] = lax.scan(add, 0, f16);
  assert.deepEqual([half.dtype, half.weakType, half.item()], ["float16", false, 2]);
  const [int] = lax.scan(add, 0, np.array([1, 2], { dtype: "int8" }));
  assert.deepEqual([int.dtype, int.weakType], ["int8", false]);
  const [weak] = lax.scan((c: NDArray) => [c.mul(2), null] as const, 0.5, null, { length: 2 });
  assert.deepEqual([weak.dtype, weak.weakType, weak.item()], ["float32", true, 2]);
  const walk = (key: NDArray) => {
    const [next, own] = random.split(key).unstack() as Pair;
    return [next, { key: own, x: random.normal(own) }] as const;
  };
  const [, ys] = lax.scan(walk, random.key(3), null, { length: 3 });
  let key = random.key(3);
  for (let k = 0; k < 3; k++) {
    const [next, { x }] = walk(key);
    assert.equal(ys.x.get(k).item(), x.item());
    key = next;
  }
  const noisy = (s: NDArray, key: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, key: NDArray) => {
        const x = random.normal(key).mul(s);
        return [c.mul(x), key] as const;
      },
      s,
      random.split(key, 3),
    )[0];
  const plain = (s: NDArray, key: NDArray): NDArray =>
    random.split(key, 3).unstack().reduce((c, key) => c.mul(random.normal(key).mul(s)), s);
  same("keys", noisy, plain, [np.array(0.5), random.key(1)], { argnums: [0] });
});

function root(a: NDArray): [NDArray, NDArray] {
  return lax.whileLoop(
    ([x, n]: Pair) => np.logicalAnd(np.abs(x.mul(x).sub(a)).gt(np.multiply(1e-5, a)), n.lt(20)),
    ([x, n]: Pair) => [x.add(np.divide(a, x)).mul(0.5), n.add(1)] as Pair,
    [np.array(3, { dtype: "float32" }), np.array(0)] as Pair,
  );
}

const positive = np.abs(v).add(0.5);

test("whileLoop() is differentiated forwards and batched as JAX does it", () => {
  golden("roots", vmap(root)(positive));
  const value = (a: NDArray): NDArray => root(a)[0];
  const one = np.ones([], { dtype: "float32" });
  golden("root jvp", jvp(value, [positive.get(0)], [one])[1]);
  golden("roots jvp", jvp(vmap(value), [positive], [v])[1]);
  golden("root second", jacfwd(jacfwd(value))(positive.get(1)), 1e-5);
  // Linear in what it is not differentiated by in reverse.
  const [y, push] = linearize(value, positive.get(0));
  golden("root jvp", push(one));
  assert.equal(y.item(), value(positive.get(0)).item());
});

test("whileLoop() gives what the loop gives that is written out, under all transformations but reverse mode", () => {
  // Consts of the condition and of the body, and a carry that does not change; as many turns as n says.
  const loop = (limit: NDArray, scale: NDArray, x: NDArray, n: NDArray): NDArray =>
    np.sum(
      lax.whileLoop(
        ([i, _x, _y, step]: NDArray[]) => np.logicalAnd(i!.lt(n), step!.lt(limit.add(100))),
        ([i, x, y, step]: NDArray[]) => [i!.add(1), np.sin(y!.mul(scale)), x!.add(i!), step!],
        [np.array(0), x, np.ones([2]), scale],
      )[1]!,
    );
  const plain = (_limit: NDArray, scale: NDArray, x: NDArray, n: NDArray): NDArray => {
    let [a, b]: Pair = [x, np.ones([2])];
    for (let k = 0; k < 3; k++) [a, b] = [np.where(n.gt(k), np.sin(b.mul(scale)), a), np.where(n.gt(k), a.add(k), b)];
    return a.sum();
  };
  const args = [np.array(3.5), np.array(0.75), draw(1, 2)];
  const three = (f: typeof loop) => (limit: NDArray, scale: NDArray, x: NDArray): NDArray =>
    f(limit, scale, x, np.array(3));
  same("while", three(loop), three(plain), args, { reverse: false });
  for (const counts of [[1, 3, 2], [0, 0, 1]]) {
    const n = np.array(counts);
    const own = (f: typeof loop) => (limit: NDArray, scale: NDArray, x: NDArray): NDArray =>
      vmap((n: NDArray) => f(limit, scale, x, n))(n).sum();
    same("while of batch", own(loop), own(plain), args, { reverse: false });
  }
});

test("whileLoop() says that reverse mode cannot go through it, unless nothing that is differentiated does", () => {
  const message = "Cannot differentiate a loop with a condition in reverse mode\n" +
    "  actual:   pz.lax.whileLoop, or pz.lax.foriLoop with bounds that are not known when it is traced\n" +
    "  expected: a loop whose number of turns is known\n" +
    "  try:      use pz.lax.scan, or pz.lax.foriLoop with numbers as bounds, or differentiate by jvp or jacfwd";
  const value = (a: NDArray): NDArray => root(a)[0];
  assert.throws(() => grad(value)(positive.get(0)), { name: "PenjingError", message, code: "while-reverse" });
  assert.throws(() => grad(jit(value))(positive.get(0)), { name: "PenjingError", message });
  assert.throws(() => grad((x: NDArray) => vmap(value)(x).sum())(positive), { name: "PenjingError", message });
  // How often it turns depends on what is differentiated, what it hands on does not.
  const counts = (x: NDArray): NDArray => x.mul(lax.whileLoop((n: NDArray) => n.lt(x), (n: NDArray) => n.add(1), 0));
  assert.equal(grad(counts)(np.array(2.5)).item(), 3);
  assert.equal(grad(jit(counts))(np.array(2.5)).item(), 3);
  const cut = (x: NDArray): NDArray => x.mul(lax.stopGradient(value(x)));
  assert.equal(grad(cut)(np.array(4, { dtype: "float32" })).item(), 2);
});

test("loops and branches nest in each other", () => {
  // Of each row as many turns as it says, of which every other does something else.
  const inner = (x: NDArray, n: NDArray, s: NDArray): NDArray =>
    lax.whileLoop(
      ([i]: Pair) => i.lt(n),
      ([i, x]: Pair): Pair => [i.add(1), lax.cond(np.remainder(i, 2).eq(0), np.sin, (x: NDArray) => x.mul(s), x)],
      [np.array(0), x],
    )[1];
  const plainInner = (x: NDArray, n: NDArray, s: NDArray): NDArray => {
    let y = x;
    for (let i = 0; i < 3; i++) y = np.where(n.gt(i), i % 2 === 0 ? np.sin(y) : y.mul(s), y);
    return y;
  };
  const loop = (s: NDArray, x: NDArray, n: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, { x, n }: { x: NDArray; n: NDArray }) => {
        const y = inner(c.add(x), n, s);
        return [y, y.mul(c)] as const;
      },
      s,
      { x, n },
    )[1].sum();
  const plain = (s: NDArray, x: NDArray, n: NDArray): NDArray => {
    let c = s;
    const ns = n.unstack();
    return x.unstack().map((x, k) => {
      const y = plainInner(c.add(x), ns[k]!, s);
      const product = y.mul(c);
      c = y;
      return product;
    }).reduce((sum, y) => sum.add(y));
  };
  same("while in scan", loop, plain, [np.array(1.25), v.get(":3"), np.array([2, 0, 3])], { reverse: false });
  assert.throws(() => grad(loop)(np.array(1.25), v.get(":3"), np.array([2, 0, 3])), { code: "while-reverse" });
  // A scan in a loop with a condition, forwards.
  const outer = (x: NDArray): NDArray =>
    lax.whileLoop((x: NDArray) => x.sum().lt(10), (x: NDArray) => lax.scan(turn, np.ones([]), x)[1].mul(1.5), x).sum();
  const turn = (c: NDArray, x: NDArray) => [c.mul(x), c.add(x)] as const;
  const plainOuter = (x: NDArray): NDArray => {
    let y = x;
    for (let k = 0; k < 6; k++) {
      const rows = y.unstack();
      const next = [np.ones([]), rows[0]!, rows[0]!.mul(rows[1]!)].map((c, k) => c.add(rows[k]!).mul(1.5));
      y = np.where(y.sum().lt(10), np.stack(next), y);
    }
    return y.sum();
  };
  same("scan in while", outer, plainOuter, [np.array([0.25, 0.5, 0.75])], { reverse: false });
});

test("a body that is recomputed hands on less", () => {
  const body = (c: NDArray, x: NDArray): [NDArray, NDArray] => {
    const y = np.tanh(c.mul(np.sin(x)).add(np.exp(c)));
    return [y, np.cos(y.mul(x))];
  };
  const loss = (of: typeof body) => (c: NDArray, x: NDArray): NDArray => lax.scan(of, c, x)[1].sum();
  const args = [np.array(0.5), v];
  same("recomputed", loss(checkpoint(body)), loss(body), args);
  const stacked = (of: typeof body): number => {
    const { equations } = makeProgram(grad(loss(of), { argnums: [0, 1] }))(...args);
    return equations.find(({ primitive }) => primitive.name === "scan")!.outputs.length;
  };
  // The carry, y, and the carries of all rows.
  assert.equal(stacked(checkpoint(body)), 3);
  assert.ok(stacked(body) > 4);
});

test("collectives in loops go across the examples of a batch", () => {
  const x = np.arange(6).astype("float32").reshape(2, 3);
  const f = (x: NDArray): Pair =>
    lax.scan(
      (c: NDArray, x: NDArray) => [c.add(lax.psum(x, "i")), lax.psum(c, "i").mul(lax.axisIndex("i"))] as const,
      np.zeros([]),
      x,
    ) as Pair;
  const [c, ys] = vmap(f, { axisName: "i" })(x);
  assert.deepEqual([c.tolist(), ys.tolist()], [[15, 15], [[0, 0, 0], [0, 6, 16]]]);
  const sum = grad((x: NDArray) => vmap(f, { axisName: "i" })(x)[1].sum())(x);
  assert.deepEqual(sum.tolist(), [[4, 2, 0], [4, 2, 0]]);
});

test("foriLoop() with known bounds is differentiated in reverse, with others forwards", () => {
  const power = (n: NDArray | number, x: NDArray): NDArray =>
    lax.foriLoop(0, n, (i, p: NDArray) => p.mul(x).add(i), np.ones([], { dtype: "float32" }));
  const ns = np.array([0, 1, 3, 2]);
  golden("powers", vmap(power)(ns, v));
  golden("powers jvp", jvp((x: NDArray) => vmap(power)(ns, x), [v], [v.add(1)])[1]);
  const horner = (x: NDArray): NDArray =>
    lax.foriLoop(2, 6, (i, p: NDArray) => p.mul(x).add(i.astype("float32")), weakFloat(1) as unknown as NDArray);
  golden("horner", [horner(v.get(0)), grad(horner)(v.get(0)), grad(grad(horner))(v.get(0))]);
  assert.equal(lax.foriLoop(3, 1, (i, x: NDArray) => x.add(i), np.array(7)).item(), 7);
  assert.equal(lax.foriLoop(0, np.array(3), (i, x: NDArray) => x.add(i), np.array(7)).item(), 10);
  // An array with a value is as good as a number.
  assert.equal(grad((x: NDArray) => power(np.array(2), x))(np.array(1.5)).item(), 3);
  const sum = jit((n: NDArray) => lax.foriLoop(np.array(1, { dtype: "int8" }), n, (i, s: NDArray) => s.add(i), 0));
  assert.deepEqual(sum(np.array(4, { dtype: "int8" })).dtype, "int8");
  assert.equal(sum(np.array(4, { dtype: "int8" })).item(), 6);
});

test("map() does rows one by one, or some at once", () => {
  const f = (x: NDArray): NDArray => np.sin(x).mul(x.sum());
  for (const batchSize of [1, 2, 5, 7]) golden("mapped", lax.map(f, batch, { batchSize }));
  golden("mapped", lax.map(f, batch));
  golden("mapped gradient", grad((x: NDArray) => lax.map(f, x, { batchSize: 2 }).sum())(batch));
  const { sum, pair } = lax.map(({ a, b }: { a: NDArray; b: NDArray }) => ({ sum: a.add(b), pair: [a, 1] }), {
    a: np.array([1, 2, 3]),
    b: np.array([10, 20, 30]),
  });
  assert.deepEqual(lax.map((x: NDArray) => x.mul(2), np.zeros([0])).shape, [0]);
  assert.deepEqual([sum.tolist(), pair.map((x) => (x as NDArray).tolist())], [[11, 22, 33], [[1, 2, 3], [1, 1, 1]]]);
});

test("loops free what their turns make, and what they were traced for", () => {
  const x = np.ones([100]);
  const body = (c: NDArray, x: NDArray) => [np.sin(c.mul(1.5)).add(x), c.sum()] as const;
  const loss = (c: NDArray): NDArray => lax.scan(body, c, x)[0].sum();
  const start = np.ones([8]);
  const measure = (call: () => NDArray): [number, number] => {
    const before = memory().liveArrays;
    const kept = scope(call);
    const after = memory().liveArrays;
    dispose(kept);
    return [before, after];
  };
  const power = (x: NDArray): NDArray => lax.foriLoop(0, 50, (_, x: NDArray) => x.mul(1.01), x);
  const whole = (x: NDArray): NDArray => lax.whileLoop((x: NDArray) => x.sum().lt(1e3), (x: NDArray) => x.mul(2), x);
  const chosen = (x: NDArray): NDArray => lax.cond(x.sum().gt(0), (x: NDArray) => np.exp(x).mul(1.5), np.sin, x);
  const sum = (f: (x: NDArray) => NDArray) => (x: NDArray): NDArray => f(x).sum();
  for (const f of [loss, power, whole, chosen]) {
    const calls: [string, () => NDArray][] = [
      ["value", () => f(start)],
      ["jvp", () => jvp(f, [start], [start])[1]],
      ["vmap", () => vmap(f)(np.ones([3, 8]))],
      ...f === whole
        ? []
        : [["grad", () => grad(sum(f))(start)], ["second", () => hessian(sum(f))(start)]] as typeof calls,
    ];
    for (const [name, call] of calls) {
      const [before, after] = measure(call);
      assert.equal(after, before + 1, name);
    }
  }
});

test("what is derived from a jitted function outlives the scope that it was derived in", () => {
  const body = (c: NDArray, x: NDArray) => [np.tanh(c.mul(x.pow(3))), c.pow(2.5)] as const;
  const nested = (x: NDArray): NDArray =>
    lax.foriLoop(
      0,
      3,
      (i, c: NDArray) => lax.cond(i.lt(1), (c: NDArray) => lax.scan(body, c.sum(), c)[1].mul(1.5), np.sin, c),
      x.mul(2),
    ).sum();
  const functions = [
    (x: NDArray) => np.cos(x.mul(2)).pow(3).sum(),
    (x: NDArray) => lax.scan(body, x.get(0), x)[1].sum(),
    nested,
  ];
  for (const f of functions) {
    const jitted = jit(f);
    const x = np.array([0.5, 1.5]);
    for (
      const derive of [grad, hessian, (f: (x: NDArray) => NDArray) => vmap(grad(f), { inAxes: null, axisSize: 2 })]
    ) {
      const expected = derive(f)(x).tolist();
      for (let turn = 0; turn < 3; turn++) {
        assert.deepEqual(scope(() => derive(jitted)(x) as NDArray).tolist(), expected);
      }
    }
  }
});

test("reverse mode stacks what differs by row alone", () => {
  // Of the body: what all rows share is made once, rows of operands and of results are there already.
  const f = (w: NDArray, x: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, x: NDArray) => {
        const y = np.tanh(c.mul(np.exp(w)).add(x));
        return [y.mul(x), y] as const;
      },
      np.ones([]),
      x,
    )[1].sum();
  const { equations } = makeProgram(grad(f, { argnums: [0, 1] }))(np.array(0.5), v);
  const [known, linear] = equations.filter(({ primitive }) => primitive.name === "scan");
  // The carry, y; then the first carry of each row, and what tanh needs beside y, if anything.
  assert.ok(known!.outputs.length <= 4, String(known!.outputs.length));
  assert.equal((known!.params as ScanParams).consts, 1);
  assert.equal((linear!.params as ScanParams).reverse, true);
  assert.ok(equations.some(({ primitive }) => primitive.name === "exp"));
  const inner = (linear!.params as ScanParams).program.equations.map(({ primitive }) => primitive.name);
  assert.ok(!inner.includes("exp") && !inner.includes("tanh"), inner.join());
});

test("jit() of loops and branches gives the bits of what is done at once", () => {
  const functions = [
    (x: NDArray) => rnnLoss(w, h0, x),
    (x: NDArray) => root(np.abs(x.get(0, 0)))[0],
    (x: NDArray) => lax.foriLoop(0, 9, (i, x: NDArray) => lax.cond(x.sum().gt(i), np.sin, np.cos, x), x),
    (x: NDArray) => grad((x: NDArray) => rnnLoss(w, h0, x))(x),
    (x: NDArray) => vmap((x: NDArray) => root(np.abs(x))[1])(x.get(":", 0)),
  ];
  for (const f of functions) assert.deepEqual(jit(f)(xs).tolist(), f(xs).tolist());
});
