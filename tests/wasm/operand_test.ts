import assert from "node:assert/strict";
import test from "node:test";
import { memoryStats } from "../../wasm/init.ts";
import { allocate, download, release, slice, transpose, upload } from "../../wasm/operand.ts";
import { start, withOperands } from "../_support.ts";

test("upload() and download() keep elements of every kind", () =>
  withOperands((operands) => {
    const arrays = [
      Float32Array.of(1.5, -0, NaN),
      Int8Array.of(-1, 127),
      Int16Array.of(-1, 300),
      Int32Array.of(-1, 70000),
      Uint8Array.of(255),
      Uint16Array.of(65535),
      Uint32Array.of(0xffff_ffff),
    ];
    const dtypes = ["float32", "int8", "int16", "int32", "uint8", "uint16", "uint32"];
    arrays.forEach((data, k) => {
      const operand = operands.of(data);
      assert.equal(operand.dtype, dtypes[k]);
      assert.deepEqual(download(operand), data);
    });
    assert.deepEqual(download(operands.of([1, 0, 1], [3], "bool")), Uint8Array.of(1, 0, 1));
  }));

test("download() reads views in their own order", () =>
  withOperands((operands) => {
    const x = operands.of([0, 1, 2, 3, 4, 5], [2, 3]);
    assert.deepEqual([...download(transpose(x))], [0, 3, 1, 4, 2, 5]);
    assert.deepEqual([...download(slice(x, 1, 1, 2))], [1, 2, 4, 5]);
    assert.deepEqual([...download(transpose(slice(x, 0, 1, 1)))], [3, 4, 5]);
    assert.deepEqual([...download(slice(x, 0, 1, 0))], []);
    assert.deepEqual([...download({ ...x, offset: 20, strides: [-3, -1] })], [5, 4, 3, 2, 1, 0]);
  }));

test("operands are aligned to 64 bytes, and release() gives memory back once", async () => {
  await start();
  const before = memoryStats().liveBytes;
  const x = allocate([3], "float32");
  assert.equal(x.address % 64, 0);
  assert.equal(memoryStats().liveBytes, before + 12);
  release(x);
  assert.equal(memoryStats().liveBytes, before);
  assert.throws(() => release(x), {
    name: "ValueError",
    message: [
      "Cannot release memory: no live block starts at this address",
      `  actual:   address ${x.address}`,
      "  expected: an address that allocate gave and release has not had before",
      "  try:      release each block once",
    ].join("\n"),
  });
});

test("upload() refuses a shape of another size", async () => {
  await start();
  assert.throws(() => upload([1, 2, 3], { shape: [2] }), {
    name: "ValueError",
    message: [
      "Cannot upload data: the shape does not have as many elements",
      "  actual:   3 elements for shape [2]",
      "  expected: 2 elements",
      "  try:      pass the shape that the data has",
    ].join("\n"),
  });
});

test("allocate() refuses sizes that are not whole, and arrays of 2 GiB", async () => {
  await start();
  assert.throws(() => allocate([1.5], "float32"), {
    name: "ValueError",
    message: [
      "Cannot allocate an array: an axis has no whole size",
      "  actual:   [1.5]",
      "  expected: integers from 0",
      "  try:      round the sizes",
    ].join("\n"),
  });
  for (const size of [2 ** 29, 2 ** 31, 2 ** 60]) {
    assert.throws(() => allocate([size], "float32"), {
      name: "ValueError",
      message: [
        `Cannot allocate an array of shape [${size}], float32: one array holds less than 2 GiB`,
        `  actual:   ${size * 4} bytes`,
        "  expected: an integer from 0 to 2147483647",
        "  try:      split the array along its first axis",
      ].join("\n"),
    });
  }
});

test("transpose() and slice() refuse axes that are not there", () =>
  withOperands((operands) => {
    const x = operands.of([1, 2, 3, 4], [2, 2]);
    assert.throws(() => transpose(x, [0, 0]), {
      name: "ValueError",
      message: [
        "Cannot transpose: the axes are not a permutation",
        "  actual:   [0,0] for shape [2,2]",
        "  expected: each of 0 to 1 once",
        "  try:      name every axis once",
      ].join("\n"),
    });
    assert.throws(() => slice(x, 0, 1, 2), {
      name: "ValueError",
      message: [
        "Cannot slice: the range is not inside the axis",
        "  actual:   1 to 3 of axis 0, shape [2,2]",
        "  expected: 0 to 2",
        "  try:      clamp the range to the axis",
      ].join("\n"),
    });
  }));
