/**
 * Laws of transformations on random functions of arrays.
 *
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "npm:fast-check@4.10.2";
import { grad, jvp, vjp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { readNow } from "../../array/read.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { runProgram } from "../../core/program.ts";
import { scope } from "../../core/storage.ts";
import * as random from "../../random/mod.ts";
import { start } from "../_support.ts";
import { functionOf, type Kind, type Line, lines, textOf } from "./_programs.ts";

await start();

const RUNS = 150;
const SHAPES = [[2, 3], [3], []] as const;

/** Arguments of a program; with a size, a batch of them. */
function argumentsOf(seed: number, ...batch: number[]): NDArray[] {
  return SHAPES.map((shape, k) => random.normal(random.key(seed * 8 + k), [...batch, ...shape]));
}

function numbers(x: NDArray): number[] {
  return [...readNow("test", x)];
}

function same(actual: readonly NDArray[], expected: readonly NDArray[]): void {
  const of = (x: NDArray): unknown => [x.shape, x.dtype, x.weakType, numbers(x)];
  assert.deepEqual(actual.map(of), expected.map(of));
}

/** Near, relative to the largest element. */
function near(actual: NDArray, expected: NDArray, tolerance: number): void {
  assert.deepEqual([actual.shape, actual.dtype], [expected.shape, expected.dtype]);
  const [a, b] = [numbers(actual), numbers(expected)];
  const scale = Math.max(1, ...b.map(Math.abs).filter(Number.isFinite));
  a.forEach((value, k) =>
    assert(Object.is(value, b[k]) || Math.abs(value - b[k]!) <= tolerance * scale, `${value} at ${k}, not ${b[k]}`)
  );
}

function dot(xs: readonly NDArray[], ys: readonly NDArray[]): [sum: number, size: number] {
  let [sum, size] = [0, 0];
  xs.forEach((x, k) => {
    const b = numbers(ys[k]!);
    numbers(x).forEach((value, i) => {
      sum += value * b[i]!;
      size += Math.abs(value * b[i]!);
    });
  });
  return [sum, size];
}

/** Checks a law of random programs. */
function law(
  name: string,
  kind: Kind,
  body: (f: (...inputs: NDArray[]) => NDArray[], seed: number) => void,
): void {
  test(name, () => {
    const check = (program: Line[], seed: number): void => {
      try {
        scope(() => body(functionOf(program), seed));
      } catch (error) {
        throw new Error(`${textOf(program)}: ${(error as Error).message}`, { cause: error });
      }
    };
    fc.assert(fc.property(lines(kind), fc.nat(1000), check), { numRuns: RUNS });
  });
}

law("compiled functions give the bits of eager ones", "any", (f, seed) => {
  const args = argumentsOf(seed);
  same(jit(f)(...args), f(...args));
});

law("programs do what they were written of", "any", (f, seed) => {
  const args = argumentsOf(seed);
  same(runProgram(makeProgram(f)(...args), args), f(...args));
});

law("vmap() does to each example what the function does to one, compiled inside or outside", "any", (f, seed) => {
  const batch = argumentsOf(seed, 3);
  const each = [0, 1, 2].map((k) => f(...batch.map((x) => x.get(k))));
  const expected = each[0]!.map((_, k) => np.stack(each.map((results) => results[k]!)));
  for (const mapped of [vmap(f), jit(vmap(f)), vmap(jit(f))]) {
    mapped(...batch).forEach((y, k) => near(y, expected[k]!, 1e-5));
  }
});

law("vmap() takes examples along any axes, or of some arguments alone", "any", (f, seed) => {
  const [x, y, z] = argumentsOf(seed, 2) as [NDArray, NDArray, NDArray];
  const one = y.get(0);
  const each = [0, 1].map((k) => f(x.get(k), one, z.get(k)));
  const mapped = vmap(f, { inAxes: [2, null, 0], outAxes: -1 })(np.moveaxis(x, 0, 2), one, z);
  mapped.forEach((y, k) => near(y, np.stack(each.map((results) => results[k]!), { axis: -1 }), 1e-5));
});

law("jvp() and vjp() are transposes of each other, compiled or not", "precise", (f, seed) => {
  const [args, dxs] = [argumentsOf(seed), argumentsOf(seed + 5000)];
  const [ys, dys] = jvp(f, args, dxs);
  const cts = ys.map((y, k) => random.normal(random.key(seed + k), y.shape));
  const [left, size] = dot(cts, dys);
  const functions = [f, jit(f)];
  for (const g of functions) {
    const [again, pullback] = vjp(g, ...args);
    same(again, ys);
    const [right] = dot(pullback(cts) as NDArray[], dxs);
    assert(Math.abs(left - right) <= 2e-5 * size + 2e-5, `<ct, J dx> ${left}, <Jt ct, dx> ${right}`);
  }
  jvp(jit(f), args, dxs)[1].forEach((dy, k) => near(dy, dys[k]!, 1e-5));
  const compiled = jit((...args: NDArray[]) => vjp(f, ...args)[1](cts))(...args) as NDArray[];
  compiled.forEach((ct, k) => near(ct, (vjp(f, ...args)[1](cts) as NDArray[])[k]!, 1e-5));
});

law("derivatives of batches are batches of derivatives", "any", (f, seed) => {
  const batch = argumentsOf(seed, 2);
  const loss = (...args: NDArray[]): NDArray => f(...args).reduce((sum, y) => sum.add(np.tanh(y).sum()), np.array(0.5));
  const g = grad(loss, { argnums: [0, 1, 2] }) as (...args: NDArray[]) => NDArray[];
  const each = [0, 1].map((k) => g(...batch.map((x) => x.get(k))));
  const outside = grad((...args: NDArray[]) => vmap(loss)(...args).sum(), { argnums: [0, 1, 2] });
  for (const all of [vmap(g)(...batch), jit(vmap(g))(...batch), outside(...batch) as NDArray[]]) {
    all.forEach((d, k) => near(d, np.stack(each.map((ds) => ds[k]!)), 2e-5));
  }
});

law("grad() is what finite differences say", "smooth", (f, seed) => {
  const [args, dxs] = [argumentsOf(seed), argumentsOf(seed + 7000)];
  const loss = (...args: NDArray[]): NDArray =>
    f(...args).reduce((sum, y) => sum.add(np.tanh(y).sum().mul(0.1)), np.array(0.5));
  const gradients = grad(loss, { argnums: [0, 1, 2] })(...args) as NDArray[];
  const [slope, size] = dot(gradients, dxs);
  const at = (by: number): number => loss(...args.map((x, k) => x.add(dxs[k]!.mul(by)))).item() as number;
  // Richardson's: of two step sizes, so that the error is of the fourth order.
  const quotient = (h: number): number => (at(h) - at(-h)) / (2 * h);
  const expected = (4 * quotient(2 ** -7) - quotient(2 ** -6)) / 3;
  // Values are a few units of rounding off, over a step of 2 ** -7.
  const bound = 1e-2 * size + 5e-4;
  assert(Math.abs(slope - expected) <= bound, `${slope}, not ${expected}`);
});

law("second derivatives are symmetric, and the same forwards and backwards", "smooth", (f, seed) => {
  const [args, us, vs] = [argumentsOf(seed), argumentsOf(seed + 100), argumentsOf(seed + 200)];
  const loss = (...args: NDArray[]): NDArray => f(...args).reduce((sum, y) => sum.add(np.tanh(y).sum()), np.array(0.5));
  const g = grad(loss, { argnums: [0, 1, 2] }) as (...args: NDArray[]) => NDArray[];
  const along = (ds: NDArray[]): NDArray[] => jvp(g, args, ds)[1];
  const [[left, size], [right, other]] = [dot(us, along(vs)), dot(vs, along(us))];
  assert(Math.abs(left - right) <= 1e-3 * Math.max(size, other) + 1e-5, `<u, H v> ${left}, <v, H u> ${right}`);
  const slope = (...args: NDArray[]): NDArray =>
    g(...args).reduce((sum, d, k) => sum.add(d.mul(us[k]!).sum()), np.array(0.5));
  const backwards = grad(slope, { argnums: [0, 1, 2] });
  for (const h of [backwards, jit(backwards)]) {
    const [again] = dot(h(...args) as NDArray[], vs);
    assert(Math.abs(left - again) <= 1e-3 * Math.max(size, other) + 1e-5, `<u, H v> ${left}, backwards ${again}`);
  }
});
