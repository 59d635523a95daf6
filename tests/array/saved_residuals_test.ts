import { test } from "node:test";
import assert from "node:assert/strict";
import { checkpoint, checkpointName, checkpointPolicies } from "../../array/checkpoint.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { savedResiduals } from "../../array/saved_residuals.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { ShapeDtypeStruct } from "../../core/shape_dtype_struct.ts";
import { start } from "../_support.ts";

await start();

const x = new ShapeDtypeStruct({ shape: [3], dtype: "float32" });

test("savedResiduals() lists what a derivative keeps, and where it comes from", () => {
  const scale = np.array([1, 2, 3], { dtype: "float32" });
  const f = (x: NDArray): NDArray => np.sin(x).mul(x).mul(scale);
  const texts = savedResiduals(f, x).map(String).sort();
  assert.deepEqual(texts, [
    "float32[3] from a constant",
    "float32[3] from argument array 0",
    "float32[3] output of cos",
    "float32[3] output of sin",
  ]);
  assert.deepEqual(savedResiduals((x: NDArray) => x.add(x), x), []);
});

test("savedResiduals() tells names and compiled functions", () => {
  const named = checkpoint((x: NDArray) => np.sin(checkpointName(np.sin(x), "first")), {
    policy: checkpointPolicies.saveOnlyTheseNames("first"),
  });
  assert.deepEqual(
    savedResiduals(named, x).map(String),
    [
      "float32[3] from argument array 0",
      'float32[3] named "first"',
    ],
  );
  const own = (x: NDArray): NDArray => checkpointName(np.exp(x), "exp").mul(x);
  assert.deepEqual(savedResiduals(own, x).map(String).sort(), [
    "float32[3] from argument array 0",
    'float32[3] named "exp"',
    'float32[3] named "exp"',
  ]);
  const inner = jit((x: NDArray) => np.sin(x), { name: "inner" });
  assert.deepEqual(savedResiduals((x: NDArray) => inner(x), x).map(String), ['float32[3] output of jit "inner"']);
});

test("savedResiduals() takes numbers for floats", () => {
  assert.deepEqual(savedResiduals((x: NDArray) => np.sin(x), 1).map(String), ["float32[] output of cos"]);
});
