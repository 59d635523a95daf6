import { test } from "node:test";
import assert from "node:assert/strict";
import { grad, jvp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import { checkTracerLeaks } from "../../core/leaks.ts";
import type { NDArray } from "../../core/ndarray.ts";
import type { TracerLeakError } from "../../errors/mod.ts";
import { start } from "../_support.ts";

await start();

const x = np.ones(2);

/** What a function threw. */
function thrown(body: () => unknown): TracerLeakError {
  try {
    body();
  } catch (error) {
    assert.equal((error as Error).name, "TracerLeakError", String(error));
    return error as TracerLeakError;
  }
  throw new Error("nothing was thrown");
}

/** Runs a function of an array that it keeps, and gives back what was kept. */
function keptBy(transform: (f: (x: NDArray) => NDArray) => (x: NDArray) => unknown): NDArray {
  let kept: NDArray | undefined;
  transform(function loss(x): NDArray {
    kept = x.mul(2);
    return x.sum();
  })(x);
  return kept!;
}

test("a leaked array says what made it, in which function of which transformation", () => {
  assert.equal(
    thrown(() => keptBy(jit).add(1)).message,
    "Cannot add: an operand was kept beyond the transformation that it belongs to\n" +
      '  actual:   float32[2], made by "mul" in the function of jit of loss, which is over\n' +
      "  expected: arrays that the transformed function returns\n" +
      "  try:      return the array from the function, as one result more, instead of storing it elsewhere; " +
      "pz.checkTracerLeaks() finds the line that made it",
  );
  const whats = [
    (f: (x: NDArray) => NDArray) => grad(f),
    (f: (x: NDArray) => NDArray) => (x: NDArray) => jvp(f, [x], [x]),
    (f: (x: NDArray) => NDArray) => (x: NDArray) => vmap(f)(np.ones([3, 2])) && x,
  ].map((transform) => thrown(() => keptBy(transform).add(1)).actual);
  assert.deepEqual(whats, [
    'float32[2], made by "mul" in the function of grad of loss, which is over',
    'float32[2], made by "mul" in the function of jvp of loss, which is over',
    'float32[2], made by "mul" in the function of vmap of loss, which is over',
  ]);
});

test("checkTracerLeaks() finds the line that made it", () => {
  checkTracerLeaks();
  const kept = keptBy(jit);
  checkTracerLeaks(false);
  const error = thrown(() => kept.add(1));
  // A bundle has no folders to tell the library's lines from others.
  if (error.path !== undefined) assert.match(error.path, /leaks_test\.[jt]s:\d+:\d+\)?$/);
  assert(error.path !== undefined || !import.meta.url.includes("leaks_test"));
  assert.equal((error.cause as Error).message, '"mul" was traced here');
  assert(!error.remedy!.includes("checkTracerLeaks"));
  assert.equal(thrown(() => keptBy(jit).add(1)).path, undefined);
});

test("a leaked array is found wherever it is used", () => {
  const kept = keptBy(jit);
  const uses: (() => unknown)[] = [
    () => jit((y: NDArray) => y.add(kept))(x),
    () => jit(() => kept)(),
    () => jit((y: NDArray) => y)(kept),
    () => grad((y: NDArray) => y.mul(kept).sum())(x),
    () => vmap((y: NDArray) => y.add(kept))(np.ones([3, 2])),
    () => vmap(() => kept, { axisSize: 3 })(),
    () => kept.tolist(),
    () => kept.dataSync(),
    () => np.stack([kept, x]),
  ];
  for (const use of uses) assert.match(thrown(use).actual!, /jit of loss, which is over$/, String(use));
  assert.match(String(kept), /traced by jit of loss/);
  // All is as before.
  assert.deepEqual(jit((y: NDArray) => y.add(1))(x).tolist(), [2, 2]);
});

test("an array of an inner transformation must not leave it for the outer one", () => {
  const outer = jit((x: NDArray) => {
    let kept: NDArray | undefined;
    grad((y: NDArray) => (kept = y.mul(2)).sum())(x);
    return kept!.add(x);
  });
  assert.match(thrown(() => outer(x)).actual!, /^float32\[2\], made by "mul" in the function of grad, which is over$/);
  const inner = jit((x: NDArray) => {
    let kept: NDArray | undefined;
    jit((y: NDArray) => kept = y.mul(2))(x);
    return kept!;
  });
  assert.match(thrown(() => inner(x)).actual!, /made by "mul" in the function of jit of function/);
});
