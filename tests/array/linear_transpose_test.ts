import { test } from "node:test";
import assert from "node:assert/strict";
import { grad, jvp, vjp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import { linearTranspose } from "../../array/linear_transpose.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { ShapeDtypeStruct } from "../../core/shape_dtype_struct.ts";
import { start } from "../_support.ts";
import { draw, near } from "./_results.ts";

await start();

const a = draw(0, 4, 3);
const [x, ct] = [draw(1, 3), draw(2, 4)];
const three = new ShapeDtypeStruct({ shape: [3], dtype: "float32" });

test("linearTranspose() turns linear functions of trees round", () => {
  const f = ({ x, y }: { x: NDArray; y: NDArray[] }): { out: NDArray } => ({
    out: a.matmul(x).add(np.cumsum(y[0]!)).mul(2),
  });
  const args = { x: three, y: [new ShapeDtypeStruct({ shape: [4], dtype: "float32" })] };
  const [back] = linearTranspose(f, args)({ out: ct });
  near("by x", back.x, a.T.matmul(ct).mul(2));
  const [, pullback] = vjp(f, { x, y: [ct] });
  near("as vjp", back, pullback({ out: ct })[0]);
});

test("linearTranspose() goes with all other transformations", () => {
  const f = (x: NDArray): NDArray => jit((x: NDArray) => a.matmul(x))(x);
  const back = (ct: NDArray): NDArray => linearTranspose(f, three)(ct)[0];
  const expected = a.T.matmul(ct);
  near("jit", jit(back)(ct), expected);
  near("transpose of transpose", linearTranspose(back, ct)(x)[0], a.matmul(x));
  near("vmap", vmap(back)(np.stack([ct, ct])).get(1), expected);
  near("jvp", jvp(back, [ct], [ct])[1], expected);
  near("grad", grad((ct: NDArray) => back(ct).mul(x).sum())(ct), a.matmul(x));
  const byMatrix = grad((a: NDArray) => linearTranspose((x: NDArray) => a.matmul(x), three)(ct)[0].mul(x).sum())(a);
  near("grad by what it holds", byMatrix, np.outer(ct, x));
});

test("linearTranspose() leaves constants out of account, and gives zeros where nothing depends", () => {
  const one = (fn: (x: NDArray) => NDArray): unknown[] => {
    const [back] = linearTranspose(fn, 1)(1);
    return [back.item(), back.dtype, back.weakType];
  };
  assert.deepEqual(one((x) => x.add(1)), [1, "float32", true]);
  assert.deepEqual(one(() => np.array(2.5)), [0, "float32", true]);
  assert.deepEqual(one((x) => x.mul(np.sqrt(4)).div(np.sqrt(4))), [1, "float32", true]);
  const [whole] = linearTranspose((x: NDArray) => x.mul(2), np.array(1))(3);
  assert.deepEqual([whole.item(), whole.dtype], [6, "int32"]);
});

test("linearTranspose() says what is not linear, and what does not fit", () => {
  const failing = (fn: (x: NDArray) => NDArray, name: string): void =>
    assert.throws(() => linearTranspose(fn, three)(fn(x)), {
      name: "PenjingError",
      message: `Cannot transpose "${name}": it is not linear\n` +
        "  expected: a linear function of the operands that are transposed\n" +
        "  try:      differentiate by grad or vjp, which linearize first",
    });
  failing((x) => np.sin(x), "sin");
  failing((x) => x.mul(x), "mul");
  failing((x) => np.divide(1, x), "div");
  failing((x) => np.dot(x, x), "dotGeneral");
  assert.throws(() => linearTranspose((x: NDArray) => x.mul(2.5), np.array(1)), {
    name: "TypeError",
    message: "Cannot linearTranspose: the function takes int32[] to float32[]; " +
      "transpose functions of floats to floats, or of integers to integers",
  });
  const back = linearTranspose((x: NDArray) => a.matmul(x), three);
  assert.throws(() => back([ct]), {
    name: "ValueError",
    message: "Cannot linearTranspose: the cotangent does not fit what the function gives\n  actual:   [*]\n" +
      "  expected: float32[4], as *\n  try:      pass a tree of the same structure, with arrays of the same shapes and dtypes",
  });
  assert.throws(() => back(x), {
    name: "ValueError",
    message: "Cannot linearTranspose: the cotangent does not fit what the function gives\n  actual:   float32[3]\n" +
      "  expected: float32[4], as *\n  try:      pass a tree of the same structure, with arrays of the same shapes and dtypes",
  });
});
