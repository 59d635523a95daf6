import { test } from "node:test";
import assert from "node:assert/strict";
import * as np from "../../array/np.ts";
import {
  batchProgram,
  changing,
  derive,
  jvpProgram,
  linearizeProgram,
  nonzero,
  transposeProgram,
  withZeros,
} from "../../core/derived.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { Zero } from "../../core/primitive.ts";
import { type Program, runProgram, writeClosed } from "../../core/program.ts";
import { batchFirst } from "../../ops/_rules.ts";
import { add } from "../../ops/add.ts";
import { mul } from "../../ops/mul.ts";
import { sin } from "../../ops/sin.ts";
import { instantiate } from "../../ops/zeros.ts";
import { start } from "../_support.ts";

await start();

const x = np.array([0.5, 1.5]);
const y = np.array([2, 3]).astype("float32");

/** `[sin(x) y, y]`. */
const [program] = writeClosed("test", (x, y) => [mul(sin(x!), y!), y!], [x, y]);

function run(program: Program, ...args: NDArray[]): unknown[] {
  return runProgram(program, args).map((z) => z.tolist());
}

const list = (...arrays: NDArray[]): unknown[] => arrays.map((z) => z.tolist());

test("what is derived from a program is made once", () => {
  let made = 0;
  const make = (): object => (made++, {});
  assert.equal(derive(program, "a", make), derive(program, "a", make));
  assert.notEqual(derive(program, "a", make), derive(program, "b", make));
  assert.equal(made, 2);
  assert.equal(jvpProgram(program, [true, false]), jvpProgram(program, [true, false]));
});

test("jvpProgram() gives results and the tangents that are not zero, or that are wanted", () => {
  const dx = np.array([1, 0.5]);
  const { program: one, gives } = jvpProgram(program, [true, false]);
  assert.deepEqual(gives, [true, false]);
  const dz = np.cos(x).mul(y).mul(dx);
  assert.deepEqual(run(one, x, y, dx), list(np.sin(x).mul(y), y, dz));
  const all = jvpProgram(program, [true, false], [true, true], instantiate);
  assert.deepEqual(all.gives, [true, true]);
  assert.deepEqual(run(all.program, x, y, dx), list(np.sin(x).mul(y), y, dz, np.zeros(2)));
});

test("linearizeProgram() splits into what is known and what is linear, and transposeProgram() transposes the latter", () => {
  const { known, linear, gives, residuals } = linearizeProgram(program, [true, true]);
  assert.deepEqual(gives, [true, true]);
  const results = runProgram(known, [x, y]);
  assert.equal(results.length, 2 + residuals);
  assert.deepEqual(list(...results.slice(0, 2)), list(np.sin(x).mul(y), y));
  const [dx, dy] = [np.array([1, 0.5]), np.array([0.25, 1])];
  const held = results.slice(2);
  const expected = np.cos(x).mul(y).mul(dx).add(np.sin(x).mul(dy));
  assert.deepEqual(run(linear, ...held, dx, dy), list(expected, dy));
  assert(linear.equations.every(({ primitive }) => ["mul", "add"].includes(primitive.name)), "the sine is not in it");

  const isKnown = [...held.map(() => true), false, false];
  const back = transposeProgram(linear, isKnown, [true, false], add);
  assert.deepEqual(back.gives, [true, true]);
  const ct = np.array([1, 2]).astype("float32");
  assert.deepEqual(run(back.program, ...held, ct), list(np.cos(x).mul(y).mul(ct), np.sin(x).mul(ct)));
  const none = transposeProgram(linear, isKnown, [false, false], add, [true, false], instantiate);
  assert.deepEqual([none.gives, run(none.program, ...held)], [[true, false], [[0, 0]]]);
});

test("what an operation of a linear program needs of known inputs is computed before it is transposed", () => {
  const [both] = writeClosed("test", (x, dx) => [mul(sin(x!), dx!)], [x, x]);
  const { program: back } = transposeProgram(both, [true, false], [true], add);
  const ct = np.array([1, 2]).astype("float32");
  assert.deepEqual(run(back, x, ct), list(np.sin(x).mul(ct)));
});

test("batchProgram() maps over examples, which it puts along axis 0 where that is wanted", () => {
  const xs = np.stack([x, x.add(1), x.sub(1)]);
  const { program: batched, bdims } = batchProgram(program, 3, [0, undefined], undefined);
  assert.deepEqual(bdims, [0, undefined]);
  assert.deepEqual(run(batched, xs, y), list(np.sin(xs).mul(y), y));
  const forced = batchProgram(program, 3, [1, undefined], undefined, [true, true], batchFirst);
  assert.deepEqual(forced.bdims, [0, 0]);
  assert.deepEqual(run(forced.program, xs.transpose(), y), list(np.sin(xs).mul(y), np.broadcastTo(y, [3, 2])));
});

test("tangents that are zero are told from those that are not", () => {
  const tangents = [x, new Zero(y), undefined];
  assert.deepEqual(changing(tangents), [true, false, false]);
  assert.deepEqual(nonzero(tangents), [x]);
  const [first, second] = withZeros([x], [false, true], [y, y]);
  assert(first instanceof Zero);
  assert.equal(second, x);
});
