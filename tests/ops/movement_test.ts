import assert from "node:assert/strict";
import { test } from "node:test";
import { Zero } from "../../core/primitive.ts";
import { text } from "../array/_arrays.ts";
import { start } from "../_support.ts";
import { reshape } from "../../ops/reshape.ts";
import { add } from "../../ops/add.ts";
import { iota } from "../../ops/iota.ts";
import { pad } from "../../ops/pad.ts";
import { slice } from "../../ops/slice.ts";
import { transpose } from "../../ops/transpose.ts";
import { concatenate } from "../../ops/concatenate.ts";
import { dynamicSlice } from "../../ops/dynamic_slice.ts";
import { dynamicUpdateSlice } from "../../ops/dynamic_update_slice.ts";
import { expandDims, squeeze } from "../../ops/expand_dims.ts";
import { gather } from "../../ops/gather.ts";
import { scatter, scatterAdd } from "../../ops/scatter.ts";
import { filled, instantiate } from "../../ops/zeros.ts";
import { wrapKeyData } from "../../random/key.ts";

await start();

const INT32 = { dtype: "int32", weakType: false } as const;

test("filled() and instantiate() give arrays of one number", () => {
  assert.equal(text(filled(2, { shape: [2], dtype: "bfloat16", weakType: true })), "bfloat16*[2] 2 2");
  assert.equal(text(instantiate(new Zero({ shape: [1, 2], dtype: "float32", weakType: false }))), "float32[1,2] 0 0");
  const x = iota("int8", [2], 0);
  assert.equal(instantiate(x), x);
});

test("expandDims() and squeeze() put axes in and take them out", () => {
  const x = iota("int32", [2, 3], 1);
  assert.deepEqual(expandDims(x, [3, 0]).shape, [1, 2, 3, 1]);
  assert.deepEqual(squeeze(expandDims(x, [3, 0]), [0, 3]).shape, [2, 3]);
});

test("gather() of batches with their own indices counts places along the batch", () => {
  const x = reshape(iota("int32", [12], 0), [3, 4]);
  const indices = reshape(iota("int32", [3], 0), [3, 1]);
  const numbers = {
    offsetDims: [],
    collapsedSliceDims: [],
    startIndexMap: [1],
    operandBatchingDims: [0],
    startIndicesBatchingDims: [0],
  };
  assert.equal(text(gather(x, indices, { ...numbers, collapsedSliceDims: [1] }, [1, 1])), "int32[3] 0 5 10");
});

test("gather() and scatter() without places along any axis read and write at the start", () => {
  const x = iota("float32", [4], 0);
  const none = filled(0, { shape: [3, 0], ...INT32 });
  const numbers = { offsetDims: [1], collapsedSliceDims: [], startIndexMap: [] };
  assert.equal(text(gather(x, none, numbers, [2])), "float32[3,2] 0 1 0 1 0 1");
  const updates = filled(1, { shape: [3, 2], dtype: "float32", weakType: false });
  const back = { updateWindowDims: [1], insertedWindowDims: [], scatterDimsToOperandDims: [] };
  assert.equal(text(scatterAdd(x, none, updates, back)), "float32[4] 3 4 2 3");
  const scalar = filled(5, { shape: [], dtype: "float32", weakType: false });
  const three = filled(2, { shape: [3], dtype: "float32", weakType: false });
  const noWindow = { updateWindowDims: [], insertedWindowDims: [], scatterDimsToOperandDims: [] };
  assert.equal(text(scatterAdd(scalar, none, three, noWindow)), "float32[] 11");
});

test("gather() and scatter() take arrays of more axes than kernels", () => {
  const wide = [2, 1, 2, 1, 2, 1, 2, 1, 2];
  const x = transpose(reshape(iota("int32", [32], 0), wide), [0, 8, 2, 1, 4, 3, 6, 5, 7]);
  const indices = reshape(iota("int32", [2], 0), [2, 1]);
  const offsetDims = [1, 2, 3, 4, 5, 6, 7, 8];
  const numbers = { offsetDims, collapsedSliceDims: [0], startIndexMap: [0] };
  const rows = gather(x, indices, numbers, [1, ...x.shape.slice(1)]);
  assert.equal(text(rows), text(x));
  const back = { updateWindowDims: offsetDims, insertedWindowDims: [0], scatterDimsToOperandDims: [0] };
  assert.equal(text(scatterAdd(x, indices, rows, back)), text(add(x, x)));
});

test("scatter() of updates at one place keeps the last", () => {
  const x = iota("float32", [2], 0);
  const indices = filled(1, { shape: [3, 1], ...INT32 });
  const numbers = { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] };
  assert.equal(text(scatter("set", x, indices, iota("float32", [3], 0), numbers)), "float32[2] 0 2");
});

test("primitives that move elements move keys", () => {
  const keys = wrapKeyData(reshape(iota("uint32", [8], 0), [4, 2]));
  const at = (place: number) => filled(place, { shape: [1], ...INT32 });
  assert.equal(text(slice(keys, [1], [4], [2])), "prngKey[2] 2 3 6 7");
  assert.equal(text(concatenate([keys, keys], 0)), "prngKey[8] 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7");
  assert.equal(text(dynamicSlice(keys, at(3), [2])), "prngKey[2] 4 5 6 7");
  assert.equal(text(dynamicUpdateSlice(keys, slice(keys, [0], [1]), at(2))), "prngKey[4] 0 1 2 3 0 1 6 7");
  assert.equal(text(pad(keys, reshape(slice(keys, [3], [4]), []), [[1, -2, 0]])), "prngKey[3] 6 7 0 1 2 3");
  const numbers = { offsetDims: [], collapsedSliceDims: [0], startIndexMap: [0] };
  assert.equal(text(gather(keys, reshape(at(2), [1, 1]), numbers, [1])), "prngKey[1] 4 5");
  const back = { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] };
  const one = slice(keys, [0], [1]);
  assert.equal(text(scatter("set", keys, reshape(at(3), [1, 1]), one, back)), "prngKey[4] 0 1 2 3 4 5 0 1");
});
