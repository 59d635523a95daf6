import { test } from "node:test";
import assert from "node:assert/strict";
import { callback } from "../../array/debug.ts";
import { grad, jvp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { scope } from "../../core/storage.ts";
import { start } from "../_support.ts";

await start();

const add = (c: NDArray, x: NDArray) => [c.add(x), c] as const;

test("scan() says what does not fit", () => {
  const value = (call: () => unknown, message: string): void => assert.throws(call, { name: "ValueError", message });
  value(
    () => lax.scan(add, 0, np.array(3)),
    "Cannot scan: an array has no rows to go over\n  operand:  xs\n  actual:   int32[]\n" +
      "  expected: arrays with at least one axis\n" +
      "  try:      pass what is the same for all rows by the carry, or use it in the body as it is",
  );
  value(
    () => lax.scan((c: NDArray) => [c, null] as const, 0, [np.ones([3]), np.ones([4, 2])]),
    "Cannot scan: the arrays differ in the number of rows\n  operand:  xs\n  actual:   float32[3], float32[4,2]\n" +
      "  expected: one size of all first axes, not 3 and 4\n  try:      cut off or pad the longer ones",
  );
  value(
    () => lax.scan(add, 0, null as unknown as NDArray),
    "Cannot scan: nothing says how many rows there are\n  operand:  length\n" +
      "  actual:   no arrays to go over, and no length\n  expected: one of them\n  try:      pass { length }",
  );
  value(
    () => lax.scan(add, 0, np.ones([3]), { length: 5 }),
    "Cannot scan: the length is not that of the arrays\n  operand:  length\n  actual:   5 for float32[3]\n" +
      "  expected: 3\n  try:      leave it out where arrays say it",
  );
  value(
    () => lax.scan(add, 0, np.ones([3]), { length: 2.5 }),
    "Cannot scan: the length is not a whole number from 0\n  operand:  length\n  actual:   2.5\n" +
      "  expected: a number of rows\n  try:      round it, or leave it out where arrays say it",
  );
  value(
    () => lax.scan(add, 0, np.ones([3]), { unroll: 0 }),
    "Cannot scan: unroll is no number of rows\n  operand:  unroll\n  actual:   0\n" +
      "  expected: a whole number from 1, or a boolean\n  try:      leave it out",
  );
});

test("bodies of other types than they take say which", () => {
  const type = (call: () => unknown, message: string): void => assert.throws(call, { name: "TypeError", message });
  const remedy = '; return a carry as it was taken, cast by x.astype("float32") where that is what changed';
  const x = np.ones([3]);
  type(
    () => lax.scan((c: NDArray) => c as unknown as [NDArray, NDArray], 0, x),
    "Cannot scan: the body gives an array; return a pair, [carry, y], where y may be null",
  );
  type(
    () => lax.scan((c: NDArray) => [c, c, c] as unknown as [NDArray, NDArray], 0, x),
    "Cannot scan: the body gives a list of 3; return a pair, [carry, y], where y may be null",
  );
  type(
    () => lax.scan((c: { a: NDArray }) => [[c.a], null], { a: x }, x),
    "Cannot scan: the carries that the body takes and gives differ in structure: {a: *} taken, [*] given" + remedy,
  );
  type(
    () =>
      lax.scan((c: NDArray[], x: NDArray) => [[c[0]!.add(1), c[1]!.add(x), c[2]!.get(":2")], null], [
        x,
        np.array(1, { dtype: "int32" }),
        x,
      ], x),
    "Cannot scan: the carries that the body takes and gives differ in type: " +
      "[1]: int32[] taken, float32[] given; [2]: float32[3] taken, float32[2] given" + remedy,
  );
  type(
    () => lax.whileLoop((x: NDArray) => x.sum().lt(9), (x: NDArray) => x.gt(2), x),
    "Cannot whileLoop: the carries that the body takes and gives differ in type: float32[3] taken, bool[3] given" +
      remedy,
  );
  type(
    () => lax.whileLoop((x: NDArray) => x.lt(9), (x: NDArray) => x, x),
    "Cannot whileLoop: the condition gives bool[3]; return a bool without axes, as x.lt(1).all()",
  );
  type(
    () => lax.whileLoop((x: NDArray) => x.sum(), (x: NDArray) => x, x),
    "Cannot whileLoop: the condition gives float32[]; return a bool without axes, as x.lt(1).all()",
  );
  type(
    () => lax.whileLoop((x: NDArray) => [x.sum().lt(1)] as unknown as NDArray, (x: NDArray) => x, x),
    "Cannot whileLoop: the condition gives a tree, [*]; return a bool without axes, as x.lt(1).all()",
  );
  type(
    () => lax.foriLoop(0, 3, (i, x: NDArray) => [x.mul(i)], x),
    "Cannot foriLoop: the carries that the body takes and gives differ in structure: * taken, [*] given" + remedy,
  );
  type(
    () => jit((n: NDArray) => lax.foriLoop(0, n, (_, [x]: NDArray[]) => [x!.gt(1)], [x]))(np.array(3)),
    "Cannot foriLoop: the carries that the body takes and gives differ in type: " +
      "[0]: float32[3] taken, bool[3] given" + remedy,
  );
  type(
    () => lax.foriLoop(0, 2.5, (_, x: NDArray) => x, x),
    'Cannot foriLoop: the bound "upper" is 2.5; pass a whole number',
  );
  type(
    () => lax.foriLoop(x, 2, (_, x: NDArray) => x, x),
    'Cannot foriLoop: the bound "lower" is float32[3]; pass a whole number',
  );
  const bounds = [np.array(0, { dtype: "int8" }), np.array(3, { dtype: "int16" })] as const;
  type(
    () => lax.foriLoop(...bounds, (_, x: NDArray) => x, x),
    'Cannot foriLoop: the bounds are of int8 and int16; cast one, as upper.astype("int8")',
  );
  type(
    () => lax.map(3 as unknown as (x: NDArray) => NDArray, x),
    "Cannot map: the first argument is a number; pass a function",
  );
});

test("foriLoop() and map() say what cannot be unrolled or batched", () => {
  const loop = jit((n: NDArray) => lax.foriLoop(0, n, (_, x: NDArray) => x, np.ones(2), { unroll: 2 }));
  assert.throws(() => loop(np.array(3)), {
    name: "ValueError",
    message: "Cannot foriLoop: a loop whose bounds are not known cannot be unrolled\n  operand:  unroll\n" +
      "  actual:   2\n  expected: bounds that are numbers\n" +
      "  try:      leave unroll out, or pass numbers for both bounds",
  });
  assert.throws(() => lax.map((x: NDArray) => x, np.ones(3), { batchSize: 0 }), {
    name: "ValueError",
    message: "Cannot map: batchSize is no number of rows\n  operand:  batchSize\n  actual:   0\n" +
      "  expected: a whole number from 1\n  try:      leave it out to do one row at a time",
  });
});

test("values of a body that is traced are not to be had, nor are they afterwards", () => {
  let kept: NDArray | undefined;
  lax.scan((c: NDArray) => [kept = c, null] as const, np.array(1.5), null, { length: 1 });
  assert.throws(() => kept!.add(1), { name: "TracerLeakError" });
  assert.throws(
    () => lax.whileLoop((x: NDArray) => Number(x.item()) < 3, (x: NDArray) => x.add(1), 0),
    { name: "PenjingError", message: /^Cannot take the item of an array: the array has no value yet/ },
  );
});

test("a body that throws leaves the engine as it was", () => {
  const f = (x: NDArray): NDArray =>
    lax.scan(
      (c: NDArray, x: NDArray) => {
        if (x.shape.length === 0) throw new RangeError("mine");
        return [c, x] as const;
      },
      0,
      x,
    )[1];
  assert.throws(() => grad((x: NDArray) => vmap(f)(x).sum())(np.ones([2, 3])), { name: "RangeError", message: "mine" });
  // So does one that throws in some turn.
  const g = (x: NDArray): NDArray =>
    lax.foriLoop(0, 5, (i, c: NDArray) => {
      callback((i: NDArray) => {
        if (i.item() === 3) throw new RangeError("mine, later");
      }, i);
      return lax.cond(i.lt(2), np.sin, (c: NDArray) => c.mul(2), c);
    }, x);
  const x = np.ones([2]);
  const fails = (fn: (x: NDArray) => NDArray): number => {
    assert.throws(() => scope(() => fn(x)), { name: "RangeError", message: "mine, later" });
    return memory().liveArrays;
  };
  for (const fn of [g, jit(g), (x: NDArray) => jvp(g, [x], [x])[1]]) assert.equal(fails(fn), fails(fn));
  assert.deepEqual(np.array([1, 2]).add(1).tolist(), [2, 3]);
  let kept: NDArray | undefined;
  grad((x: NDArray) => (kept = x).sum())(np.ones(2));
  assert.throws(() => lax.scan((c: NDArray) => [c.add(kept!), null] as const, np.zeros(2), null, { length: 2 }), {
    name: "TracerLeakError",
  });
});
