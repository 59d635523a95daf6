/** All kernels: the lane, any number of threads, errors. */

import assert from "node:assert/strict";
import test from "node:test";
import { currentEngine } from "../../../wasm/engine.ts";
import { backendInfo, startWorkers } from "../../../wasm/init.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, type Operand, reverse, slice, transpose } from "../../../wasm/operand.ts";
import { assertBits, floats, LANE, type Operands, start, withOperands } from "../../_support.ts";

test("the lane under test is the live one", async () => {
  await start();
  const { lane, build } = backendInfo();
  if (LANE === "scalar") {
    assert.deepEqual([lane, build], ["scalar", "scalar"]);
  } else {
    assert.equal(lane, build.startsWith("relaxed") ? "relaxed-simd" : "simd128");
  }
});

/** One run of each kernel at a size that threads share; the results' bytes. */
function runAll(operands: Operands): Record<string, Uint8Array> {
  const results: Record<string, Operand> = {};
  const out = (name: string, shape: number[], dtype: Operand["dtype"] = "float32"): Operand =>
    results[name] = operands.out(shape, dtype);
  const x = operands.of(floats(11, 777 * 501, 8), [777, 501]);
  const y = operands.of(floats(12, 501 * 333, 8), [501, 333]);
  const key = operands.of(Uint32Array.of(1, 2));
  const words = Int32Array.from({ length: 501 * 777 }, (_, k) => Math.imul(k, 0x9e3779b1));
  const counts = operands.of(words, [777, 501]);
  const bytes = operands.of([...new Int8Array(words.buffer)].slice(0, 501 * 333), [501, 333], "int8");
  const shorts = operands.of([...new Int16Array(words.buffer)].slice(0, 777 * 501), [777, 501], "int16");
  kernels.matmul(out("matmul", [777, 333]), x, y);
  kernels.matmul(out("matvec", [777, 1]), x, slice(y, 1, 5, 1));
  kernels.matmul(out("matmul int32", [777, 333], "int32"), counts, bytes);
  kernels.matmul(out("matmul int16", [777, 333], "int16"), shorts, bytes);
  kernels.matmul(out("matvec int32", [777, 1], "int32"), counts, slice(bytes, 1, 5, 1));
  kernels.unary("exp_f32", out("exp", [777, 501]), x);
  kernels.softmax(out("softmax", [777, 501]), x);
  kernels.logSoftmax(out("log-softmax", [777, 501]), x);
  kernels.logsumexp(out("log-sum-exp", [777]), x);
  const scale = slice(transpose(y), 0, 7, 1);
  const row = { ...scale, shape: [501], strides: scale.strides.slice(1) };
  kernels.rmsNorm(out("rms norm", [777, 501]), x, { scale: row });
  kernels.layerNorm(out("layer norm", [777, 501]), x, { scale: row, bias: row });
  const even = slice(x, 1, 1, 500);
  kernels.rotary(out("rotary", [777, 500]), even, slice(x, 1, 0, 250), slice(x, 1, 80, 250));
  const heads = (operand: Operand): Operand => ({ ...operand, shape: [1, 6, 700, 32], strides: [0, 20_000, 32, 1] });
  kernels.attention(out("attention", [1, 6, 700, 32]), heads(x), heads(y), heads(x), { scale: 0.1, causal: true });
  const query = slice(heads(x), 2, 0, 1);
  kernels.attention(out("attention of one query", [1, 6, 1, 32]), query, heads(y), heads(x), { scale: 0.1 });
  kernels.reduce("sum", out("sum all", []), x);
  kernels.reduce("sum", out("sum rows", [777]), x, { axes: [1] });
  kernels.reduce("sum", out("sum columns", [501]), x, { axes: [0] });
  kernels.reduce("argmax", out("argmax", [], "int32"), x);
  kernels.copy(out("transpose", [501, 777]), transpose(x));
  const numbers = Int32Array.from({ length: 2000 }, (_, k) => (k * 7919) % 900 - 50);
  const rows = operands.of(numbers, [2000, 1]);
  kernels.gather(out("gather", [2000, 501]), x, operands.of(numbers), { mode: "fill" });
  const pairs = operands.of(Int32Array.from({ length: 4000 }, (_, k) => (k * 7919) % 510 - 5), [2000, 2]);
  kernels.gatherNd(out("gatherNd", [2000, 30, 20]), x, pairs);
  const sums = out("scatter", [800, 501]);
  kernels.copy(sums, slice(results["gather"] ?? x, 0, 0, 800));
  kernels.scatter("add", sums, rows, results["gather"] ?? x);
  kernels.threefry(out("threefry", [400_000], "uint32"), key);
  const line = operands.of(floats(13, 300_001, 8));
  kernels.cumulative("sum", out("cumulative sum", [300_001]), line);
  kernels.cumulative("sum", out("cumulative sum of columns", [777, 501]), x, { axis: 0, reverse: true });
  kernels.sort(out("sort", [300_001]), line);
  kernels.argsort(out("argsort", [777, 501], "int32"), x);
  kernels.topK(out("top", [64]), out("places of the top", [64], "int32"), line);
  kernels.iota(out("iota", [777, 501]), 1);
  kernels.oneHot(out("one-hot", [2000, 300]), operands.of(numbers));
  kernels.concatenate(out("concatenate", [777, 834]), [x, slice(x, 1, 0, 333)], 1);
  const padding = [{ low: 5, high: -7, interior: 1 }, { low: -3, high: 11 }];
  kernels.pad(out("pad", [1551, 509]), x, slice(slice(x, 0, 0, 1), 1, 0, 1), padding);
  kernels.copy(out("reverse", [777, 501]), reverse(x));
  kernels.dynamicSlice(out("dynamic slice", [700, 400]), x, operands.of(Int32Array.of(60, 999)));
  kernels.reduce("any", out("any", [777, 1], "bool"), x, { axes: [1] });
  kernels.threefry(out("threefry bytes", [400_001], "uint8"), key);
  kernels.threefry(out("threefry shorts", [400_001], "uint16"), key, { mode: "legacy" });
  return Object.fromEntries(
    Object.entries(results).map(([name, operand]) => [name, new Uint8Array(download(operand).buffer)]),
  );
}

test("every kernel has the same bits with 1, 2, 3 and 5 threads", () =>
  withOperands(async (operands) => {
    const { pool } = currentEngine();
    const expected = runAll(operands);
    const before = pool.threads;
    for (const threads of backendInfo().build.endsWith("threads") ? [1, 2, 3, 5] : [1]) {
      pool.rebuild(threads);
      await startWorkers();
      assert.equal(pool.ready, threads - 1, pool.failure);
      const actual = runAll(operands);
      for (const [name, bytes] of Object.entries(expected)) {
        assertBits(actual[name] ?? new Uint8Array(), bytes, `${name} with ${threads} threads`);
      }
    }
    pool.rebuild(before);
    await pool.settled();
  }));

const LINES = (...lines: string[]): string => lines.join("\n");

test("errors name the operands, what was expected, and the way out", () =>
  withOperands((operands) => {
    const two = operands.of([1, 2]);
    const three = operands.of([1, 2, 3]);
    const square = operands.of([1, 2, 3, 4], [2, 2]);
    const refused = (run: () => void, message: string): void => {
      assert.throws(run, { name: "ValueError", message });
    };
    refused(
      () => kernels.matmul(square, square, three),
      LINES(
        "Cannot multiply matrices: the shapes do not fit",
        "  actual:   output [2,2] float32, a [2,2] float32, b [3] float32",
        "  expected: output [..., m, n], a [..., m, k], b [..., k, n]",
        "  try:      transpose an operand, or check their order",
      ),
    );
    const counts = operands.of(Int32Array.of(1, 2, 3, 4), [2, 2]);
    refused(
      () => kernels.matmul(square, square, counts),
      LINES(
        "Cannot multiply matrices: the dtypes do not fit",
        "  actual:   output [2,2] float32, a [2,2] float32, b [2,2] int32",
        "  expected: output and a float32, b of floats; or all three of integers, the output not bool",
        "  try:      cast the integers to float32, or the floats to an integer dtype, first",
      ),
    );
    refused(
      () => kernels.binary("add_f32", two, two, three),
      LINES(
        "Cannot run an elementwise program: an input does not broadcast to the output",
        "  actual:   input [3] float32, output [2]",
        "  expected: sizes that are equal or 1, aligned at the last axis",
        "  try:      transpose or slice the input to the output's shape",
      ),
    );
    refused(
      () => kernels.reduce("sum", two, square, { axes: [2] }),
      LINES(
        'Cannot compute "sum": the axes are not axes of the input',
        "  actual:   axes [2] of [2,2] float32",
        "  expected: each at most once, from -2 to 1",
        "  try:      name axes that the input has",
      ),
    );
    refused(
      () => kernels.reduce("max", three, square, { axes: [-1] }),
      LINES(
        'Cannot compute "max": the shapes do not fit',
        "  actual:   output [3] float32, inputs [2,2] float32",
        "  expected: an output of shape [2] or [2,1], inputs of one shape",
        "  try:      allocate the output with the sizes of the axes that stay",
      ),
    );
    const shape = new Array<number>(10).fill(2);
    const folded = transpose(operands.of(new Float32Array(1024), shape), [0, 2, 4, 6, 8, 9, 7, 5, 3, 1]);
    refused(
      () => kernels.reduce("sum", operands.out(shape.slice(5)), folded, { axes: [5, 6, 7, 8, 9] }),
      LINES(
        'Cannot compute "sum" of an array of this rank',
        "  actual:   5 kept and 5 reduced axes after merging",
        "  expected: at most 8",
        "  try:      copy the input to contiguous memory with the reduced axes last",
      ),
    );
    refused(
      () => kernels.softmax(three, two),
      LINES(
        "Cannot compute softmax: the operands do not fit",
        "  actual:   output [3] float32, x [2] float32",
        "  expected: one shape with at least one axis, and one dtype",
        "  try:      allocate the output like x",
      ),
    );
    refused(
      () => kernels.logsumexp(three, square),
      LINES(
        "Cannot compute logsumexp: the operands do not fit",
        "  actual:   output [3] float32, x [2,2] float32",
        "  expected: x with at least one axis, output [2] float32",
        "  try:      allocate the output without the last axis of x",
      ),
    );
    refused(
      () => kernels.layerNorm(square, square, { scale: two, bias: three }),
      LINES(
        "Cannot compute layerNorm: the operands do not fit",
        "  actual:   output [2,2] float32, x [2,2] float32, vector [2] float32, vector [3] float32",
        "  expected: one shape with at least one axis, vectors [2], and one dtype",
        "  try:      allocate the output like x, and cast scale and bias to its dtype",
      ),
    );
    refused(
      () => kernels.rotary(three, three, two, two),
      LINES(
        "Cannot compute rotary: the operands do not fit",
        "  actual:   output [3] float32, x [3] float32, cos [2] float32, sin [2] float32",
        "  expected: output and x floats of one shape whose last axis is even, cos and sin floats that broadcast to half of it",
        "  try:      allocate the output like x, and cos and sin for half of its last axis",
      ),
    );
    refused(
      () => kernels.copy(two, three),
      LINES(
        "Cannot copy: the operands do not fit",
        "  actual:   output [2] float32, x [3] float32",
        "  expected: one dtype, and sizes that are equal or 1",
        "  try:      cast by an elementwise program first, or allocate the output like x",
      ),
    );
    refused(
      () => kernels.gather(two, square, three),
      LINES(
        "Cannot gather: the operands do not fit",
        "  actual:   output [2] float32, source [2,2] float32, indices [3] float32",
        "  expected: output [3,2] float32, indices int32 or uint32",
        "  try:      allocate the output with the indices' axes before the row's",
      ),
    );
    refused(
      () => kernels.gatherNd(two, square, operands.of(Int32Array.of(0, 1), [2, 1])),
      LINES(
        "Cannot gather windows: the operands do not fit",
        "  actual:   output [2] float32, source [2,2] float32, indices [2,1] int32",
        "  expected: indices [...i, d] int32 or uint32, and an output [...i, ...window] of the source's dtype",
        "  try:      give windows the source's axes but the first d; or all, none longer than the source's",
      ),
    );
    refused(
      () => kernels.scatter("set", three, operands.of(Int32Array.of(0), [1]), two, { mode: "wrap" }),
      LINES(
        "Cannot scatter: windows of this size cannot wrap",
        '  actual:   windows [2] with the mode "wrap"',
        "  expected: one element along the first 1 axes",
        '  try:      take the remainder of the indices first, and use "clip" or "fill"',
      ),
    );
    refused(
      () => kernels.scatter("add", square, two, two),
      LINES(
        "Cannot scatter: the operands do not fit",
        "  actual:   output [2,2] float32, indices [2] float32, updates [2] float32",
        "  expected: indices [...i, d] int32 or uint32, and updates [...i, ...window] of the output's dtype",
        "  try:      give windows the output's axes but the first d; or all, none longer than the output's",
      ),
    );
    refused(
      () => kernels.threefry(two, two),
      LINES(
        "Cannot make random bits: the operands do not fit",
        "  actual:   output [2] float32, key [2] float32, offset 0",
        "  expected: output contiguous uint32, uint16 or uint8, key [2] uint32, offset a whole number from 0",
        "  try:      allocate such an output; with pairs it is uint32 and its last axis has size 2",
      ),
    );
  }));
