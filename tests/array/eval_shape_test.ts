import { test } from "node:test";
import assert from "node:assert/strict";
import { checkpoint } from "../../array/checkpoint.ts";
import { grad } from "../../array/derivatives.ts";
import { evalShape } from "../../array/eval_shape.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { ShapeDtypeStruct } from "../../core/shape_dtype_struct.ts";
import * as random from "../../random/mod.ts";
import { leaves } from "../../tree/flatten.ts";
import { start } from "../_support.ts";

await start();

const like = (shape: number[], dtype = "float32"): ShapeDtypeStruct => new ShapeDtypeStruct({ shape, dtype });
const texts = (tree: unknown): string[] =>
  leaves(tree).map((leaf) => String(leaf).replace("ShapeDtypeStruct(shape=", "").replace("dtype=", "").slice(0, -1));

test("evalShape() gives shapes, dtypes and weak types, and computes nothing", () => {
  const f = (x: NDArray): { a: NDArray; b: [NDArray, number]; none: null } => ({
    a: x.mul(2),
    b: [x.sum(), 3],
    none: null,
  });
  const out = evalShape(f, like([2]));
  assert.deepEqual(texts(out), ["(2,), float32", "(), float32", "(), int32, weak_type=True"]);
  assert.deepEqual([out.b[0].dtype, out.none], ["float32", null]);
  const before = memory().liveBytes;
  const big = evalShape(
    (a: NDArray, x: NDArray) => np.tanh(a.matmul(x)),
    like([20_000, 30_000]),
    like([30_000, 10_000]),
  );
  assert.deepEqual(big.shape, [20_000, 10_000]);
  assert(memory().liveBytes - before < 2 ** 20);
});

test("evalShape() takes arrays, scalars and structs, in trees", () => {
  const f = ({ x, k }: { x: NDArray; k: NDArray }, n: NDArray): NDArray[] => [x.add(k), k.mul(n), n];
  const args = [{ x: np.ones(2), k: like([], "int32") }, 1.5];
  assert.deepEqual(texts(evalShape(f, ...args)), [
    "(2,), float32",
    "(), float32, weak_type=True",
    "(), float32, weak_type=True",
  ]);
  const weak = new ShapeDtypeStruct({ shape: [], dtype: "float32", weakType: true });
  assert.deepEqual(texts(evalShape((x: NDArray) => x.add(np.ones(2, { dtype: "bfloat16" })), weak)), [
    "(2,), bfloat16",
  ]);
  assert.deepEqual(texts(evalShape((key: NDArray) => random.normal(key, [3]), like([], "prngKey"))), ["(3,), float32"]);
  assert.deepEqual(texts(evalShape((x: NDArray) => x, like([1], "float64"))), ["(1,), float32"]);
  assert.deepEqual(evalShape(() => []), []);
});

test("evalShape() goes through and into transformations", () => {
  const f = (x: NDArray): NDArray => np.sin(x).sum();
  for (
    const fn of [grad(f), jit(grad(f)), checkpoint(grad(f)), (x: NDArray) => vmap(grad(f))(x.reshape(1, 3)).get(0)]
  ) {
    assert.deepEqual(texts(evalShape(fn, like([3]))), ["(3,), float32"]);
  }
  const inside = jit((x: NDArray) => np.zeros(evalShape((x: NDArray) => np.concatenate([x, x]), x).shape.slice()));
  assert.deepEqual(inside(np.ones(2)).tolist(), [0, 0, 0, 0]);
  const held = grad((x: NDArray) => x.mul(evalShape((y: NDArray) => y.mul(x), x).shape.length).sum())(np.ones(2));
  assert.deepEqual(held.tolist(), [1, 1]);
});

test("evalShape() throws what the function throws, and says what has no shape", () => {
  assert.throws(() => evalShape((x: NDArray, y: NDArray) => x.add(y), like([2]), like([3])), { name: "ValueError" });
  assert.throws(() => evalShape((x: NDArray) => x.item(), like([])), { code: "traced-value" });
  assert.throws(() => evalShape((x: NDArray) => x, like([], "complex64")), { name: "ValueError", code: "dtype" });
  assert.throws(() => evalShape((x: NDArray) => x, "text"), {
    name: "TypeError",
    message: "Cannot evalShape: an operand is a string; pass an array, a scalar or a typed array: " +
      "pz.np.array(list) makes an array of a list",
  });
});

test("makeProgram() takes structs for arrays, too", () => {
  const program = makeProgram((x: NDArray) => np.sin(x))(like([3]));
  assert.match(String(program), /b:float32\[3\] = sin a/);
});
