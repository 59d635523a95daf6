import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { packbits, unpackbits } from "../../array/packing.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { text } from "./_arrays.ts";

await start();

const bytes = fromElements([129, 2], [2], "uint8");

test("unpackbits() and packbits() undo each other", () => {
  assert.equal(text(unpackbits(bytes)), "uint8[16] 1 0 0 0 0 0 0 1 0 0 0 0 0 0 1 0");
  for (const bitorder of ["big", "little"] as const) {
    assert.equal(text(packbits(unpackbits(bytes, { bitorder }), { bitorder })), text(bytes));
  }
});

test("unpackbits() of a count cuts off or fills", () => {
  assert.equal(text(unpackbits(bytes, { count: 3 })), "uint8[3] 1 0 0");
  assert.equal(text(unpackbits(bytes, { count: -13 })), "uint8[3] 1 0 0");
  assert.equal(text(unpackbits(bytes, { count: 18 })).slice(-8), "0 1 0 0 0".slice(-8));
});

test("packbits() and unpackbits() throw of what they cannot pack", () => {
  assert.throws(() => packbits(1.5), {
    name: "TypeError",
    message: "Cannot packbits: the array holds float32; pass integers or booleans, as np.notEqual gives",
  });
  assert.throws(() => unpackbits(iota("int32", [1], 0)), {
    name: "TypeError",
    message: 'Cannot unpackbits: the array holds int32; pass uint8, by astype("uint8")',
  });
  assert.throws(() => packbits(true, { bitorder: "middle" as "big" }), {
    name: "ValueError",
    message: "Cannot packbits: there is no such order of bits\n" +
      "  operand:  bitorder\n" +
      '  actual:   "middle"\n' +
      '  expected: "big" or "little"\n' +
      "  try:      name one of these, or leave it out",
  });
});
