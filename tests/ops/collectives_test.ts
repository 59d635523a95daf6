import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { LinearOperand } from "../../core/primitive.ts";
import { mapBatch } from "../../core/vmap.ts";
import { allGather, allGatherPrimitive } from "../../ops/all_gather.ts";
import { axisIndex } from "../../ops/axis_index.ts";
import { pmax } from "../../ops/pmax.ts";
import { pmin } from "../../ops/pmin.ts";
import { psum, psumPrimitive } from "../../ops/psum.ts";
import { start } from "../_support.ts";

await start();

const x = array([[1, 2], [3, 4], [-5, 6]]);

/** What the examples get, and along which axis of it they lie. */
function across(fn: (x: NDArray) => NDArray, bdim = 0): unknown {
  const [[y], [own]] = mapBatch(x.shape[bdim]!, (x) => [fn(x!)], [x], [bdim], "i");
  return [tolist(y!), own];
}

test("collectives reduce a batch to what all examples share", () => {
  assert.deepEqual(across((x) => psum(x, "i")), [[-1, 12], undefined]);
  assert.deepEqual(across((x) => psum(x, "i"), 1), [[3, 7, 1], undefined]);
  assert.deepEqual(across((x) => pmax(x, "i")), [[3, 6], undefined]);
  assert.deepEqual(across((x) => pmin(x, "i")), [[-5, 2], undefined]);
  assert.deepEqual(across((x) => allGather(x, { axisName: "i", axis: 1, size: 3 })), [
    [[1, 3, -5], [2, 4, 6]],
    undefined,
  ]);
  assert.deepEqual(across(() => axisIndex("i")), [[0, 1, 2], 0]);
});

test("collectives of what does not depend on the example count all examples", () => {
  const [a] = [array([1, 2])];
  assert.deepEqual(across(() => psum(a, "i")), [[3, 6], undefined]);
  assert.deepEqual(across(() => pmax(a, "i")), [[1, 2], undefined]);
  assert.deepEqual(across(() => allGather(a, { axisName: "i", axis: 0, size: 3 })), [
    [[1, 2], [1, 2], [1, 2]],
    undefined,
  ]);
});

test("the transpose of psum() sums cotangents, that of allGather() gives each example its part of the sum", () => {
  const operand = (ct: NDArray): LinearOperand => new LinearOperand(ct);
  assert.deepEqual(
    across((ct) => psumPrimitive.transpose([ct], [operand(ct)], { axisName: "i" })[0] as NDArray),
    [[-1, 12], undefined],
  );
  const params = { axisName: "i", axis: 0, size: 2 };
  const back = (ct: NDArray): NDArray =>
    allGatherPrimitive.transpose([ct], [new LinearOperand({ shape: [], dtype: "int32", weakType: false })], params)[
      0
    ] as NDArray;
  const [[y], [own]] = mapBatch(2, (ct) => [back(ct!)], [array([[1, 2], [10, 20]])], [0], "i");
  assert.deepEqual([tolist(y!), own], [[11, 22], 0]);
});
