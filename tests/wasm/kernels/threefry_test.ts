/** Random bits against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download } from "../../../wasm/operand.ts";
import type { DType, ElementArray } from "../../../wasm/dtype.ts";
import type { ThreefryMode } from "../../../wasm/plan.ts";
import { type Operands, withOperands } from "../../_support.ts";
import { integerGoldens, threefryGoldens as threefry, type ThreefryRow } from "./_goldens.ts";

function fnv(words: ElementArray): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(words.buffer, words.byteOffset, words.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

/** Compares the words of one golden row. */
function checkThreefry(
  operands: Operands,
  row: ThreefryRow & { readonly dtype?: DType },
  mode: ThreefryMode,
  shape: number[],
  offset = 0,
): void {
  const { dtype = "uint32" } = row;
  const out = operands.out(shape, dtype);
  kernels.threefry(out, operands.of(Uint32Array.from(row.key)), { mode, offset });
  const data = download(out);
  const words = [...data];
  const what = `${mode}, ${dtype}, key ${row.key}, shape [${shape}], offset ${offset}`;
  assert.deepEqual(words.slice(0, row.first.length), row.first, what);
  assert.deepEqual(words.slice(words.length - row.last.length), row.last, what);
  assert.equal(fnv(data), row.hash, what);
}

test("threefry() has the bits of jax.random.bits in both layouts", () =>
  withOperands((operands) => {
    for (const row of threefry.bits) {
      checkThreefry(operands, row, row.mode === "bits" ? "partitionable" : "legacy", row.shape);
      operands.release();
    }
  }));

test("threefry() has the bits of jax.random.bits of 8 and 16 bits in both layouts", () =>
  withOperands((operands) => {
    for (const row of integerGoldens.bits) {
      checkThreefry(operands, row, row.mode === "bits" ? "partitionable" : "legacy", row.shape);
      operands.release();
    }
  }));

test("threefry() of bytes is the low bytes of its words at any offset", () =>
  withOperands((operands) => {
    const key = operands.of(Uint32Array.of(3, 5));
    for (const offset of [0, 1, 2 ** 32 - 7, 2 ** 40 + 3]) {
      const [words, bytes] = [operands.out([37], "uint32"), operands.out([37], "uint8")];
      kernels.threefry(words, key, { offset });
      kernels.threefry(bytes, key, { offset });
      assert.deepEqual([...download(bytes)], [...download(words)].map((word) => word & 255));
    }
  }));

test("threefry() has the words of the block function and of jax.random.split", () =>
  withOperands((operands) => {
    for (const row of threefry.pairs) {
      if (Number.isSafeInteger(Number(row.offset))) {
        checkThreefry(operands, row, "pairs", [row.count, 2], Number(row.offset));
      }
    }
    for (const row of threefry.split) {
      const shape = row.mode === "pairs" ? [row.count, 2] : [2 * row.count];
      checkThreefry(operands, row, row.mode === "pairs" ? "pairs" : "legacy", shape);
    }
  }));
