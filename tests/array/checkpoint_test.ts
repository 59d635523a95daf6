import { test } from "node:test";
import assert from "node:assert/strict";
import goldens from "../goldens/custom_rules.json" with { type: "json" };
import {
  checkpoint,
  checkpointName,
  type CheckpointOptions,
  checkpointPolicies,
  type CheckpointPolicy,
} from "../../array/checkpoint.ts";
import { customJvp } from "../../array/custom_jvp.ts";
import { customVjp } from "../../array/custom_vjp.ts";
import { grad, jvp, linearize, valueAndGrad } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import { hessian } from "../../array/jacobians.ts";
import { makeProgram } from "../../array/programs.ts";
import { savedResiduals } from "../../array/saved_residuals.ts";
import { vmap } from "../../array/vmap.ts";
import * as np from "../../array/np.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { isProgram, type Program } from "../../core/program.ts";
import { scope } from "../../core/storage.ts";
import { start } from "../_support.ts";
import { draw, near } from "./_results.ts";

await start();

interface Weights {
  readonly w1: NDArray;
  readonly w2: NDArray;
  readonly w3: NDArray;
}

type Net = (ws: Weights, x: NDArray) => NDArray;

function golden(name: keyof typeof goldens.results & string, actual: unknown, tolerance?: number): void {
  near(name, actual, goldens.results[name], tolerance);
}

const ws: Weights = { w1: draw(6, 4, 5), w2: draw(7, 5, 5), w3: draw(8, 5, 2) };
const [xs, ys] = [draw(4, 3, 4), draw(5, 3, 4)];

const layer = (w: NDArray, x: NDArray): NDArray => np.sin(x.matmul(w));
const plain: Net = ({ w1, w2, w3 }, x) => {
  const first = checkpointName(layer(w1, x), "first");
  return layer(w3, checkpointName(layer(w2, first), "second"));
};
const net = (options?: CheckpointOptions): Net => checkpoint(plain, options);
const lossOf = (net: Net): Net => (ws, x) => net(ws, x).pow(2).sum();

const { saveOnlyTheseNames: only, dotsSaveable } = checkpointPolicies;
const POLICIES: Readonly<Record<string, CheckpointPolicy | undefined>> = {
  none: undefined,
  everything: checkpointPolicies.everythingSaveable,
  nothing: checkpointPolicies.nothingSaveable,
  dots: dotsSaveable,
  "dots without batches": checkpointPolicies.dotsWithNoBatchDimsSaveable,
  first: only("first"),
  both: only("first", "second"),
  "but first": checkpointPolicies.saveAnyNamesButThese("first"),
  "first or dots": checkpointPolicies.saveFromBothPolicies(only("first"), dotsSaveable),
};
const optionsOf = (policy: CheckpointPolicy | undefined): CheckpointOptions => policy === undefined ? {} : { policy };

/** How often a program does an operation, those that it holds included. */
function count({ equations }: Program, name: string): number {
  return equations.reduce((sum, { primitive, params }) => {
    const held = Object.values(params as object).filter(isProgram);
    return sum + Number(primitive.name === name) + held.reduce((all, program) => all + count(program, name), 0);
  }, 0);
}

test("checkpoint() needs less memory", () => {
  const block = (x: NDArray): NDArray => Array.from({ length: 8 }).reduce<NDArray>((x) => np.sin(x), x);
  const deep = (block: (x: NDArray) => NDArray) => (x: NDArray): NDArray =>
    Array.from({ length: 8 }).reduce<NDArray>(block, x).sum();
  const x = np.linspace(0, 1, { num: 2 ** 16 });
  // Peaks only rise: what needs least comes first.
  // Where other tests have needed more before, as in a browser, nothing shows.
  if (memory().peakBytes > 16 * 4 * x.size) return;
  const peakOf = (fn: (x: NDArray) => NDArray): number => {
    scope(() => void fn(x));
    return memory().peakBytes / x.size / 4;
  };
  const [again, kept] = [grad(deep(checkpoint(block))), grad(deep(block))];
  const [stagedAgain, eagerAgain, staged, eager] = [jit(again), again, jit(kept), kept].map(peakOf) as [
    number,
    number,
    number,
    number,
  ];
  // Of 64 layers, 8 inputs of blocks and the residuals of one, not the residuals of all.
  assert(stagedAgain < 32 && eagerAgain < 56, `${stagedAgain}, ${eagerAgain} arrays`);
  assert(staged > 64 && eager > 128, `${staged}, ${eager} arrays`);
  near("gradient", again(x), kept(x));
});

test("checkpoint() changes no values, whatever is saved, in any nesting", () => {
  const wraps = [<T>(fn: T): T => fn, jit as unknown as <T>(fn: T) => T];
  for (const policy of Object.values(POLICIES)) {
    for (const preventCse of [true, false]) {
      for (const wrap of wraps) {
        const loss = lossOf(wrap(net({ ...optionsOf(policy), preventCse })));
        near("value", loss(ws, xs), lossOf(plain)(ws, xs));
        golden("checkpoint: gradients", wrap(grad(loss, { argnums: [0, 1] }))(ws, xs), 5e-6);
        const byX = grad(loss, { argnums: 1 }) as Net;
        const product = (): NDArray => jvp(byX, [ws, xs], [ws, ys])[1];
        golden("checkpoint: hessian vector product", wrap(product)(), 1e-5);
        const each = vmap(grad(loss, { argnums: 1 }), { inAxes: [null, 0] });
        golden("checkpoint: vmap of grad", wrap(each)(ws, xs), 5e-6);
        const all = vmap(loss, { inAxes: [null, 0] });
        golden(
          "checkpoint: gradients",
          wrap(grad((ws: Weights, x: NDArray) => all(ws, x).sum(), { argnums: [0, 1] }))(ws, xs),
        );
      }
    }
  }
});

test("checkpoint() saves what JAX saves, by policy", () => {
  const { residuals } = goldens;
  const shapes = (fn: Parameters<typeof savedResiduals>[0], ...args: unknown[]): string =>
    savedResiduals(fn, ...args).map(({ aval }) => aval.shape.join()).sort().join(" ");
  const expected = (name: string): string =>
    (residuals as Record<string, number[][]>)[name]!.map((shape) => shape.join()).sort().join(" ");
  for (const [name, policy] of Object.entries(POLICIES)) {
    assert.equal(shapes(net(optionsOf(policy)), ws, xs), expected(name), name);
    // Policies look into compiled functions.
    assert.equal(shapes(checkpoint(jit(plain), optionsOf(policy)), ws, xs), expected(name), `${name} of jit`);
  }
  assert.equal(shapes(plain, ws, xs), expected("without"));
  const batched = (x: NDArray): NDArray => np.sin(np.einsum("bij,bjk->bik", x, x)).sum();
  const cube = draw(9, 2, 3, 3);
  assert.equal(shapes(checkpoint(batched, optionsOf(POLICIES["dots"])), cube), expected("batched dots"));
  const apart = checkpoint(batched, optionsOf(POLICIES["dots without batches"]));
  assert.equal(shapes(apart, cube), expected("batched dots without batches"));
  const nested = ({ w1, w2 }: Weights, x: NDArray): NDArray => checkpoint(layer)(w2, layer(w1, x));
  assert.equal(shapes(nested, ws, xs), expected("nested"));
});

test("checkpoint() computes again in the backward pass, behind barriers", () => {
  const sines = (x: NDArray): NDArray => np.sin(np.sin(np.sin(x)));
  const x = np.ones(3);
  const counts = (fn: (x: NDArray) => NDArray): number[] => {
    const program = makeProgram(grad((x: NDArray) => fn(x).sum()))(x);
    return ["sin", "cos", "optimizationBarrier"].map((name) => count(program, name));
  };
  assert.deepEqual(counts(sines), [3, 3, 0]);
  // Three forwards, and the first two again.
  assert.deepEqual(counts(checkpoint(sines)), [5, 3, 1]);
  assert.deepEqual(counts(checkpoint(sines, { preventCse: false })), [5, 3, 0]);
  assert.deepEqual(counts(checkpoint(sines, { policy: checkpointPolicies.everythingSaveable })), [3, 3, 3]);
  const outer = (x: NDArray): NDArray => checkpoint(checkpoint(sines))(x);
  assert.deepEqual(counts(outer).slice(1), [3, 2]);
  const program = makeProgram(grad((x: NDArray) => checkpoint(sines)(x).sum()))(x);
  const [forward, ...rest] = program.equations;
  assert.deepEqual([forward!.primitive.name, forward!.outputs.length], ["checkpoint", 1]);
  assert.equal(rest.at(-1)!.primitive.name, "checkpoint");
  assert.match(String(program), /isAgain=true/);
});

test("checkpoint() takes trees, empty ones too, integers, settings, and what is differentiated outside of it", () => {
  const f = checkpoint(
    ({ x, k }: { x: NDArray; k: NDArray }, isSquare: boolean) => ({ y: isSquare ? x.mul(x).mul(k) : x, none: null, k }),
    { staticArgnums: 1 },
  );
  const loss = (x: NDArray, isSquare: boolean): NDArray => f({ x, k: np.array(3) }, isSquare).y;
  assert.deepEqual([true, false].map((is) => grad(loss)(np.array(1.5), is).item()), [9, 1]);
  assert.equal(f({ x: np.array(1.5), k: np.array([3]) }, true).k.dtype, "int32");
  assert.deepEqual(checkpoint(() => [])(), []);
  const held = (a: NDArray): NDArray => checkpoint((x: NDArray) => np.sin(x.mul(a)))(np.array(2.5));
  near("held", grad(held)(np.array(0.5)), [2.5 * Math.cos(1.25)]);
  near("held, twice", grad(grad(held))(np.array(0.5)), [-6.25 * Math.sin(1.25)]);
  near("held, compiled", jit(grad(jit(held)))(np.array(0.5)), [2.5 * Math.cos(1.25)]);
  near("held batch", vmap(grad(held))(np.array([0.5, 1])), [2.5 * Math.cos(1.25), 2.5 * Math.cos(2.5)]);
  assert.deepEqual(checkpoint((x: NDArray) => x)(np.array(1.5)).weakType, true);
});

test("checkpoint() and functions with rules of their own go together", () => {
  const own = customJvp((x: NDArray) => np.tanh(x));
  own.defjvp(([x]: [NDArray], [dx]: [NDArray]) => [own(x), dx.mul(np.cos(x))]);
  const back = customVjp((x: NDArray) => np.tanh(x));
  back.defvjp((x: NDArray) => [back(x), np.cos(x)], (cos: NDArray, ct: NDArray) => [ct.mul(cos)]);
  const x = np.array([0.5, 1.5]);
  for (const fn of [own, back]) {
    const loss = (x: NDArray): NDArray => checkpoint((x: NDArray) => fn(fn(x)))(x).sum();
    const expected = grad((x: NDArray) => fn(fn(x)).sum())(x);
    near("gradient", grad(loss)(x), expected);
    near("compiled", jit(grad(jit(loss)))(x), expected);
    near("batches", grad((x: NDArray) => vmap(loss)(np.stack([x, x])).sum())(x), expected.mul(2));
    near(
      "twice",
      grad((x: NDArray) => grad(loss)(x).sum())(x),
      grad((x: NDArray) => grad((x: NDArray) => fn(fn(x)).sum())(x).sum())(x),
      1e-5,
    );
  }
});

test("checkpoint() of checkpoint(), linearize() and hessian() of it", () => {
  const deep = (depth: number): (x: NDArray) => NDArray =>
    depth === 0 ? np.sin : checkpoint((x: NDArray) => deep(depth - 1)(np.sin(x)));
  const f = (x: NDArray): NDArray => np.sin(np.sin(np.sin(np.sin(x))));
  const x = np.array([0.5, 1.5]);
  near("gradient", grad((x: NDArray) => deep(3)(x).sum())(x), grad((x: NDArray) => f(x).sum())(x));
  near("hessian", hessian((x: NDArray) => deep(3)(x).sum())(x), hessian((x: NDArray) => f(x).sum())(x), 1e-5);
  near("linearize", linearize(deep(2), x)[1](x), linearize((x: NDArray) => np.sin(np.sin(np.sin(x))), x)[1](x));
});

test("checkpoint() leaves no memory behind, and says what cannot be asked", () => {
  const loss = lossOf(net({ policy: dotsSaveable }));
  const before = memory().liveArrays;
  for (let turn = 0; turn < 3; turn++) {
    scope(() => void valueAndGrad(loss)(ws, xs));
    scope(() => void vmap(grad(loss), { inAxes: [null, 0] })(ws, xs));
    assert.equal(memory().liveArrays, before);
  }
  assert.throws(() => checkpoint((x: NDArray) => x.gt(0).item() ? x : x.neg())(np.array(1.5)), {
    code: "traced-value",
  });
  assert.throws(() => checkpoint((x: NDArray) => x, { staticArgnums: [-1] }), {
    name: "ValueError",
    message: "Cannot checkpoint: staticArgnums are the numbers of arguments\n  operand:  staticArgnums\n" +
      "  actual:   -1\n  expected: whole numbers from 0\n  try:      count arguments from the first, which is 0",
  });
  assert.throws(() => checkpoint((x: NDArray) => x, { staticArgnums: 2 })(xs), {
    name: "ValueError",
    message: "Cannot checkpoint: there is no argument of this number\n  actual:   2 of 1 arguments\n" +
      "  expected: whole numbers below 1\n  try:      pass all arguments that the options name",
  });
});

test("checkpointName() gives the array, and names no tangents", () => {
  assert.equal(checkpointName(1.5, "x").item(), 1.5);
  const named = (x: NDArray): NDArray => checkpointName(x, "x").mul(2);
  assert.equal(grad(named)(np.array(1.5)).item(), 2);
  assert.deepEqual(vmap(named)(np.array([1, 2])).tolist(), [2, 4]);
  assert.equal(count(makeProgram((x: NDArray) => jvp(named, [x], [x]))(np.array(1.5)), "checkpointName"), 1);
});

test("checkpointPolicies.saveAnythingExceptTheseNames() leaves named values out alone", () => {
  const policy = checkpointPolicies.saveAnythingExceptTheseNames("mid");
  const f = (x: NDArray): NDArray => np.sin(checkpointName(np.sin(x), "mid").mul(2));
  assert.equal(savedResiduals(checkpoint(f, { policy }), np.ones(3)).length, savedResiduals(f, np.ones(3)).length);
  near(
    "gradient",
    grad((x: NDArray) => checkpoint(f, { policy })(x).sum())(np.ones(3)),
    grad((x: NDArray) => f(x).sum())(np.ones(3)),
  );
});
