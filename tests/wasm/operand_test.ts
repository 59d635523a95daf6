import assert from "node:assert/strict";
import test from "node:test";
import { memoryStats } from "../../wasm/init.ts";
import * as kernels from "../../wasm/kernels/mod.ts";
import { allocate, download, type Operand, release, reverse, slice, transpose, upload } from "../../wasm/operand.ts";
import { Plan, type PlanOperand } from "../../wasm/plan.ts";
import { runPlan } from "../../wasm/run.ts";
import { floats, type Operands, start, withOperands } from "../_support.ts";

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

test("slice() takes every so many elements, forward and backward", () =>
  withOperands((operands) => {
    const x = operands.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [2, 5]);
    assert.deepEqual([...download(slice(x, 1, 0, 3, 2))], [0, 2, 4, 5, 7, 9]);
    assert.deepEqual([...download(slice(x, 1, 3, 2, -2))], [3, 1, 8, 6]);
    assert.deepEqual([...download(slice(x, 1, 4, 5, -1))], [4, 3, 2, 1, 0, 9, 8, 7, 6, 5]);
    assert.deepEqual([...download(slice(slice(x, 1, 0, 3, 2), 1, 2, 2, -2))], [4, 0, 9, 5]);
    assert.deepEqual(slice(x, 1, 4, 1, 7).strides, x.strides);
    assert.deepEqual([...download(slice(x, 1, 5, 0, -3))], []);
  }));

test("slice() and reverse() of arrays without elements stay at their start", () =>
  withOperands((operands) => {
    const x = operands.out([0, 5]);
    assert.equal(slice(x, 1, 3, 2).offset, 0);
    assert.equal(reverse(x).offset, 0);
    assert.equal(reverse(slice(operands.out([4, 5]), 0, 4, 0)).offset, 0);
  }));

test("reverse() turns axes around, all of them if none is named", () =>
  withOperands((operands) => {
    const x = operands.of([0, 1, 2, 3, 4, 5], [2, 3]);
    assert.deepEqual([...download(reverse(x))], [5, 4, 3, 2, 1, 0]);
    assert.deepEqual([...download(reverse(x, [0]))], [3, 4, 5, 0, 1, 2]);
    assert.deepEqual([...download(reverse(x, [1]))], [2, 1, 0, 5, 4, 3]);
    assert.deepEqual([...download(reverse(x, []))], [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(reverse(reverse(x)), x);
    assert.deepEqual([...download(reverse(operands.of([7], [])))], [7]);
  }));

/** Views of a [6, 10] array whose strides are negative, or larger than 1 along the last axis, or both. */
function views(x: Operand): Operand[] {
  return [
    reverse(x),
    reverse(x, [0]),
    reverse(x, [1]),
    slice(x, 1, 0, 5, 2),
    slice(slice(x, 1, 9, 4, -3), 0, 4, 3, -2),
    reverse(transpose(x), [1]),
    slice(transpose(reverse(x)), 0, 8, 3, -4),
  ];
}

/** The same elements, contiguous. */
function plain(operands: Operands, view: Operand): Operand {
  return operands.of(download(view), view.shape, view.dtype);
}

test("every kernel reads and writes backward and spread views as it does contiguous ones", () =>
  withOperands((operands) => {
    const x = operands.of(floats(3, 60, 8), [6, 10]);
    for (const view of views(x)) {
      const [rows = 0, columns = 0] = view.shape;
      const same = plain(operands, view);
      // Runs a kernel on the view and its twin, into contiguous memory and into a backward view of every second.
      const agree = (what: string, shape: number[], run: (output: Operand, input: Operand) => void): void => {
        const [a, b] = [operands.out(shape), operands.out(shape)];
        const c = reverse(slice(operands.out([2 * (shape[0] ?? 1), ...shape.slice(1)]), 0, 0, shape[0] ?? 1, 2));
        run(a, same);
        run(b, view);
        run(c, view);
        const message = `${what}, strides ${view.strides}`;
        assert.deepEqual(download(b), download(a), message);
        assert.deepEqual(download(c), download(a), message);
      };
      agree("copy", [rows, columns], kernels.copy);
      agree("exp", [rows, columns], (output, input) => kernels.unary("exp_f32", output, input));
      agree("softmax", [rows, columns], kernels.softmax);
      agree("sum of rows", [rows], (output, input) => kernels.reduce("sum", output, input, { axes: [1] }));
      agree("max of columns", [columns], (output, input) => kernels.reduce("max", output, input, { axes: [0] }));
      const weights = operands.of(floats(4, columns * 7), [7, columns]);
      agree("matmul", [rows, 7], (output, input) => kernels.matmul(output, input, transpose(weights)));
      agree("matmul from the right", [7, rows], (output, input) => kernels.matmul(output, weights, transpose(input)));
      const vector = slice(transpose(weights), 1, 2, 1);
      agree("matvec", [rows, 1], (output, input) => kernels.matmul(output, input, vector));
      const index = operands.of(Int32Array.of(0, rows - 1, -1, 1, 99), [5]);
      agree("gather", [5, columns], (output, input) => kernels.gather(output, input, reverse(index)));
    }
  }));

test("a cell moves operands through backward views, and is clamped there", () =>
  withOperands((operands) => {
    const x = operands.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [10]);
    const [counter, out] = [operands.of(Int32Array.of(0)), operands.of(new Float32Array(12), [12])];
    const place = (slot: number, { offset, dtype, strides }: Operand, limit: number): PlanOperand => {
      const step = (strides[0] ?? 0) * 4;
      return { slot, offset, dtype, shape: [2], strides, cells: [{ slot: 2, byte: 0, step, limit }] };
    };
    // Every turn copies two elements of x, from its end on, to every second place of the output, from its end on.
    const plan = new Plan().loop({ count: 5, counter: { slot: 2, byte: 0 } }, (body) => {
      body.copy(place(0, slice(out, 0, 11, 6, -2), 4), place(1, reverse(x), 3));
    });
    runPlan(plan.words(), [out, x, counter]);
    assert.deepEqual([...download(out)], [0, 5, 0, 6, 0, 6, 0, 7, 0, 8, 0, 9].map((v, k) => k === 1 ? 5 : v));
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

test("transpose(), slice() and reverse() refuse axes that are not there", () =>
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
    assert.throws(() => slice(x, 0, 0, 2, -1), {
      name: "ValueError",
      message: [
        "Cannot slice: the range is not inside the axis",
        "  actual:   0 to -2 in steps of -1 of axis 0, shape [2,2]",
        "  expected: 0 to 2",
        "  try:      clamp the range to the axis",
      ].join("\n"),
    });
    for (const step of [0, 0.5, 2, NaN]) {
      assert.throws(() => slice(x, 0, 0, 2, step), { name: "ValueError" });
    }
    for (const axes of [[2], [-1], [0, 0]]) {
      assert.throws(() => reverse(x, axes), {
        name: "ValueError",
        message: [
          "Cannot reverse: the axes are not axes of the operand",
          `  actual:   [${axes}] for shape [2,2]`,
          "  expected: each at most once, from 0 to 1",
          "  try:      name axes that the operand has",
        ].join("\n"),
      });
    }
  }));
