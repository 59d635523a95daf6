import { test } from "node:test";
import assert from "node:assert/strict";
import { grad, jvp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { start } from "../_support.ts";

await start();

test("optimizationBarrier() gives a tree as it is, in any transformation", () => {
  const tree = { a: np.array([1, 2]), b: [np.array(1.5), true], none: null, key: random.key(1) };
  const same = lax.optimizationBarrier(tree);
  assert.deepEqual(same.a.tolist(), [1, 2]);
  assert.deepEqual([same.b.length, same.none, same.key.dtype], [2, null, "prngKey"]);
  const f = (x: NDArray): NDArray => lax.optimizationBarrier({ x: np.sin(x) }).x.add(np.sin(x));
  const x = np.array([0.5, 1.5]);
  const expected = np.cos(x).mul(2).tolist();
  assert.deepEqual(grad((x: NDArray) => f(x).sum())(x).tolist(), expected);
  assert.deepEqual(jit(grad((x: NDArray) => f(x).sum()))(x).tolist(), expected);
  assert.deepEqual(vmap(grad(f))(x).tolist(), expected);
  assert.deepEqual(jvp(f, [x], [np.ones(2)])[1].tolist(), expected);
  assert.match(String(makeProgram(grad((x: NDArray) => f(x).sum()))(x)), /optimizationBarrier/);
});
