import assert from "node:assert/strict";
import { test } from "node:test";
import { randomBitsPrimitive } from "../../ops/random_bits.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice.ts";
import { bits } from "../../random/bits.ts";
import { key, PRNGKey, split } from "../../random/key.ts";
import { start } from "../_support.ts";
import { elements, withLegacyLayout } from "./_draws.ts";

await start();

test("T-RN-06 bits() draws the words of JAX, in both layouts", () => {
  assert.deepEqual(elements(bits(key(0), [4])), [4070199207, 4202968722, 1427181096, 2012915765]);
  assert.deepEqual(elements(bits(key(0), [3])), [4070199207, 4202968722, 1427181096]);
  withLegacyLayout(() => {
    assert.deepEqual(elements(bits(key(0), [4])), [4146024105, 967050713, 2718843009, 1272950319]);
    assert.deepEqual(elements(bits(key(0), [3])), [4146024105, 1351547692, 2718843009]);
  });
});

test("bits() of fewer bits are the low ones, in the old layout parts of words", () => {
  const words = elements(bits(key(0), [4]));
  assert.deepEqual(elements(bits(key(0), [4], { dtype: "uint16" })), words.map((word) => word & 0xffff));
  assert.deepEqual(elements(bits(key(0), 4, { dtype: "uint8" })), words.map((word) => word & 0xff));
  withLegacyLayout(() => {
    const [a = 0, b = 0] = elements(bits(key(0), [2]));
    const bytes = [a, b].flatMap((word) => [0, 8, 16, 24].map((shift) => word >>> shift & 0xff));
    assert.deepEqual(elements(bits(key(0), [7], { dtype: "uint8" })), bytes.slice(0, 7));
  });
});

test("bits() has the shape and dtype that it is asked for", () => {
  const shaped = (shape?: number | readonly number[], dtype?: string): string => {
    const x = bits(PRNGKey(1), shape, dtype === undefined ? {} : { dtype });
    return `${x.dtype}[${x.shape}]`;
  };
  assert.equal(shaped(), "uint32[]");
  assert.equal(shaped([2, 0, 3]), "uint32[2,0,3]");
  assert.equal(shaped(5, "uint64"), "uint32[5]");
  assert.equal(shaped([1, 2], "uint8"), "uint8[1,2]");
});

test("a batch of keys draws what each draws", () => {
  const keys = split(key(9), 3);
  const [[all], [bdim]] = randomBitsPrimitive.vmap(3, [keys], [0], {
    shape: [2, 2],
    bitWidth: 16,
    layout: "partitionable",
  });
  assert.deepEqual([all!.shape, bdim], [[3, 2, 2], 0]);
  for (let k = 0; k < 3; k++) {
    const own = reshape(slice(keys, [k], [k + 1], [1]), []);
    const expected = elements(bits(own, [2, 2], { dtype: "uint16" }));
    assert.deepEqual(elements(all!).slice(4 * k, 4 * k + 4), expected);
  }
});

test("bits() refuses other dtypes", () => {
  assert.throws(() => bits(key(0), [2], { dtype: "int32" }), {
    name: "ValueError",
    message: [
      "Cannot bits: the dtype is no unsigned integer",
      "  operand:  dtype",
      "  actual:   int32",
      "  expected: uint8, uint16 or uint32",
      "  try:      draw unsigned integers, and cast them by astype()",
    ].join("\n"),
  });
});
