/** Places and one-hot vectors against `lax.broadcasted_iota` and `jax.nn.one_hot`. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, reverse, slice, transpose } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";
import { bitsOf } from "./_goldens.ts";
import { assertRefused, moveGoldens } from "./_move.ts";

/** 32-bit FNV-1a over the bytes of elements. */
function fnv({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

test("iota() has JAX's bits along every axis, in every dtype: integers wrap, floats round", () =>
  withOperands((operands) => {
    for (const row of moveGoldens.iota) {
      const { dtype, shape, axis } = row;
      for (const named of [axis, axis - shape.length]) {
        const out = operands.out(shape, dtype);
        kernels.iota(out, named);
        const what = `${dtype} [${shape}] along ${named}`;
        if (row.at === undefined) {
          assert.deepEqual(bitsOf(out), row.out, what);
        } else {
          const bits = bitsOf(out);
          assert.deepEqual(row.at.map((at) => bits[at]), row.some, what);
          assert.equal(fnv(download(out)), row.hash, what);
        }
      }
    }
  }));

test("iota() writes into views and nothing beside them", () =>
  withOperands((operands) => {
    const out = operands.of(new Int16Array(24).fill(-1), [4, 6]);
    const view = transpose(reverse(slice(slice(out, 0, 1, 2), 1, 1, 2, 3)));
    kernels.iota(view);
    assert.deepEqual([...download(view)], [0, 0, 1, 1]);
    assert.deepEqual([...download(slice(out, 0, 1, 1))], [-1, 1, -1, -1, 0, -1]);
    assert.equal(download(out).filter((value) => value !== -1).length, 4);
  }));

test("oneHot() has JAX's bits, rows of zeros for indices outside, in every dtype", () =>
  withOperands((operands) => {
    for (const { dtype, shape, index, classes, out: expected } of moveGoldens.one_hot) {
      const out = operands.out([...shape, classes], dtype);
      kernels.oneHot(out, operands.of(Int32Array.from(index), shape));
      assert.deepEqual(bitsOf(out), expected, `${dtype} [${shape}] of ${classes}`);
    }
  }));

test("oneHot() takes uint32 indices, and views of indices and results", () =>
  withOperands((operands) => {
    // The first of each pair is the index.
    const pairs = operands.of(Uint32Array.of(2, 9, 0xffff_ffff, 9, 0, 9, 3, 9));
    const out = operands.out([3, 4]);
    kernels.oneHot(transpose(out), slice(pairs, 0, 0, 4, 2));
    assert.deepEqual([...download(transpose(out))], [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  }));

test("iota() and oneHot() refuse what does not fit", () =>
  withOperands((operands) => {
    const x = operands.out([2, 3]);
    const places = (run: () => void, actual: string): void =>
      assertRefused(
        run,
        "Cannot write places: the output does not fit",
        `  actual:   ${actual}`,
        "  expected: 1 to 8 axes, one of them named, and a dtype of numbers",
        "  try:      name an axis of the output, or cast afterwards",
      );
    places(() => kernels.iota(x, 2), "output [2,3] float32, axis 2");
    places(() => kernels.iota(x, -3), "output [2,3] float32, axis -3");
    places(() => kernels.iota(x, 0.5), "output [2,3] float32, axis 0.5");
    places(() => kernels.iota(operands.out([])), "output [] float32, axis 0");
    places(() => kernels.iota(operands.out([2], "bool")), "output [2] bool, axis 0");
    places(
      () => kernels.iota(operands.out(new Array<number>(9).fill(1))),
      "output [1,1,1,1,1,1,1,1,1] float32, axis 0",
    );
    const hot = (run: () => void, actual: string, shape: string): void =>
      assertRefused(
        run,
        "Cannot write one-hot vectors: the operands do not fit",
        `  actual:   ${actual}`,
        `  expected: output [${shape}], at most 8 axes, indices int32 or uint32`,
        "  try:      allocate the output with one axis more than the indices",
      );
    const index = operands.of(Int32Array.of(0, 1, 2));
    hot(() => kernels.oneHot(x, index), "output [2,3] float32, indices [3] int32", "3,n");
    hot(() => kernels.oneHot(x, operands.of([0, 1])), "output [2,3] float32, indices [2] float32", "2,n");
    hot(() => kernels.oneHot(operands.out([]), index), "output [] float32, indices [3] int32", "3,n");
  }));
