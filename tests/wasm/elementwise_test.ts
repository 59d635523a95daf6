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

test("Elementwise.inline() applies a program to values of another", () => {
  const inner = new Elementwise();
  const [a, b] = [inner.load(0), inner.load(1)];
  inner.store(inner.apply("sub_i32", b, a), 1);
  inner.store(inner.apply("add_i32", a, inner.integer(7)), 0);
  const outer = new Elementwise();
  const [x, y] = [outer.load(0), outer.load(1)];
  const [sum = 0, difference = 0] = outer.inline(inner, [y, x]);
  outer.store(outer.apply("mul_i32", sum, difference), 0);
  const written = new Elementwise();
  const [u, v] = [written.load(0), written.load(1)];
  const minus = written.apply("sub_i32", u, v);
  const plus = written.apply("add_i32", v, written.integer(7));
  written.store(written.apply("mul_i32", plus, minus), 0);
  assert.deepEqual(outer.words(), written.words());
});

test("Elementwise.registers() counts the values that live at once", () => {
  const program = new Elementwise();
  const [x, y] = [program.load(0), program.load(1)];
  const sum = program.apply("add_f32", x, y);
  program.store(sum, 0);
  assert.equal(program.registers(), 2);
  program.store(program.apply("mul_f32", sum, program.float(2)), 1);
  assert.equal(program.registers(), 2);
  program.store(program.apply("mul_f32", x, y), 2);
  assert.equal(program.registers(), 4);
});

test("Elementwise.placeOf() finds a constant among the words", () => {
  const program = new Elementwise();
  const [two, three] = [program.integer(2), program.integer(3)];
  program.store(program.apply("add_i32", program.apply("mul_i32", program.load(0), two), three), 0);
  assert.deepEqual([two, three].map((constant) => program.words()[program.placeOf(constant)]), [2, 3]);
});

test("Elementwise.isBit() tells results of comparisons and logic", () => {
  const program = new Elementwise();
  const x = program.load(0);
  const bits = [
    program.apply("lt_f32", x, x),
    program.apply("is_infinite_f32", x),
    program.apply("ge_u32", x, x),
    program.apply("logical_not", x),
  ];
  assert.deepEqual(bits.map((value) => program.isBit(value)), [true, true, true, true]);
  const others = [
    x,
    program.apply("add_f32", x, x),
    program.apply("clamp_u32", x, x, x),
    program.apply("f32_to_i8", x),
  ];
  assert.deepEqual(others.map((value) => program.isBit(value)), [false, false, false, false]);
});
