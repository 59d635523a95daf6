import assert from "node:assert/strict";
import test from "node:test";
import { currentEngine } from "../../wasm/engine.ts";
import { memoryStats } from "../../wasm/init.ts";
import * as kernels from "../../wasm/kernels/mod.ts";
import { allocate, download, type Operand, release, upload } from "../../wasm/operand.ts";
import { floats, start } from "../_support.ts";

const GIB = 2 ** 30;

test("words() follows the memory when it grows", async () => {
  await start();
  const { memory } = currentEngine();
  const x = upload(Uint32Array.of(7));
  const grown = allocate([memoryStats().memoryBytes], "uint8");
  assert.equal(memory.words(x.address + 4)[x.address / 4], 7);
  const end = grown.address + grown.byteLength;
  assert.equal(memory.words(end).byteLength >= end, true);
  release(grown);
  release(x);
});

test("memory above 2 GiB is as good as below, and exhaustion names bytes, live, limit and remedies", async () => {
  await start();
  const held: Operand[] = [];
  const a = floats(1, 64 * 64);
  const low = upload(a, { shape: [64, 64] });
  const lowOut = allocate([64, 64], "float32");
  kernels.matmul(lowOut, low, low);
  try {
    held.push(allocate([1.25 * GIB], "uint8"), allocate([1.25 * GIB], "uint8"));
    const high = upload(a, { shape: [64, 64] });
    const highOut = allocate([64, 64], "float32");
    held.push(high, highOut);
    assert(high.address > 2.5 * GIB, `the address is ${high.address}`);
    kernels.matmul(highOut, high, high);
    assert.deepEqual(download(highOut), download(lowOut));
    kernels.unary("exp_f32", highOut, high);
    kernels.softmax(highOut, high);
    kernels.softmax(lowOut, low);
    assert.deepEqual(download(highOut), download(lowOut));
    const bits = upload(Uint32Array.of(1, 2));
    const [wordsHigh, wordsLow] = [allocate([100], "uint32"), {
      ...lowOut,
      dtype: "uint32" as const,
      shape: [100],
      strides: [1],
    }];
    held.push(bits, wordsHigh);
    kernels.threefry(wordsHigh, bits);
    kernels.threefry(wordsLow, bits);
    assert.deepEqual(download(wordsHigh), download(wordsLow));

    const { liveBytes, liveBlocks, limitBytes } = memoryStats();
    assert(liveBytes > 2.5 * GIB && limitBytes <= 4 * GIB);
    assert.throws(() => held.push(allocate([1.625 * GIB], "uint8")), {
      name: "OutOfMemoryError",
      message: [
        `Cannot allocate an array of shape [${1.625 * GIB}], uint8: the engine's memory is exhausted`,
        `  actual:   ${1.625 * GIB} bytes asked for, ${liveBytes} bytes live in ${liveBlocks} blocks`,
        `  expected: at most ${limitBytes} bytes in all`,
        "  try:      free arrays by pz.scope() or await pz.collect(), donate arguments that are replaced, or work in smaller batches",
      ].join("\n"),
    });
  } finally {
    [...held, low, lowOut].forEach((operand) => release(operand));
  }
});

test("stats() has a high-water mark, and memory is used again", async () => {
  await start();
  const before = memoryStats();
  for (let turn = 0; turn < 50; turn++) {
    release(allocate([64 << 20], "uint8"));
  }
  const after = memoryStats();
  assert.equal(after.liveBytes, before.liveBytes);
  assert(after.peakBytes >= before.liveBytes + (64 << 20));
  assert(after.reservedBytes <= Math.max(before.reservedBytes, before.liveBytes + (192 << 20)));
  assert.equal(after.allocations, before.allocations + 50);
});
