import assert from "node:assert/strict";
import test from "node:test";
import { Elementwise } from "../../wasm/elementwise.ts";

test("Elementwise.words() gives a register back after a value's last use", () => {
  const program = new Elementwise();
  let x = program.load(0);
  for (let turn = 0; turn < 100; turn++) {
    x = program.apply("floor_f32", x);
  }
  program.store(x, 0);
  const words = program.words();
  assert.equal(words.length, 102);
  assert(words.every((word) => (word >>> 8 & 0xff) === 0), "one register serves");
});

test("Elementwise.words() puts stores last and immediates after their word", () => {
  const program = new Elementwise();
  const sum = program.apply("add_f32", program.load(0), program.float(1));
  program.store(sum, 0);
  const again = program.apply("mul_f32", sum, program.load(1));
  program.store(again, 1);
  const ops = program.words();
  assert.deepEqual(ops.map((word) => word & 0xff), [1, 3, 0x3f800000 & 0xff, 16, 1, 18, 2, 2]);
  assert.equal(ops[2], 0x3f800000);
});

test("Elementwise.words() refuses more live values than there are registers", () => {
  const program = new Elementwise();
  const values = Array.from({ length: 33 }, (_, k) => program.float(k));
  let sum = values[0] ?? 0;
  for (const value of values.slice(1)) {
    sum = program.apply("add_f32", sum, value);
  }
  program.store(sum, 0);
  assert.throws(() => program.words(), {
    name: "ValueError",
    message: [
      "Cannot write an elementwise program: too many values are live at once",
      "  expected: at most 32",
      "  try:      split the program in two",
    ].join("\n"),
  });
});

test("Elementwise.apply() refuses a wrong number of operands", () => {
  const program = new Elementwise();
  assert.throws(() => program.apply("add_f32", program.load(0)), {
    name: "ValueError",
    message: [
      'Cannot apply "add_f32" in an elementwise program',
      "  actual:   1 operands",
      "  expected: 2",
      "  try:      pass one value for each operand",
    ].join("\n"),
  });
});
