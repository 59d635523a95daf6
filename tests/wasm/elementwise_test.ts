import assert from "node:assert/strict";
import test from "node:test";
import { Elementwise } from "../../wasm/elementwise.ts";
import { OPS } from "../../wasm/generated/elementwise_ops.ts";

test("Elementwise.words() gives a register back after a value's last use", () => {
  const program = new Elementwise();
  let x = program.load(0);
  for (let turn = 0; turn < 100; turn++) {
    x = program.apply("neg_f32", x);
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

/** The operations of a program, loads and constants left out. */
function operations(program: Elementwise): string[] {
  const names = new Map<number, { name: string; arity: number }>(
    Object.entries(OPS).map(([name, { code, arity }]) => [code, { name, arity }]),
  );
  const found: string[] = [];
  const words = program.words();
  for (let at = 0; at < words.length; at++) {
    const code = words[at]! & 0xff;
    const op = names.get(code);
    if (op !== undefined) found.push(op.name);
    // A constant's bits and a third operand are words of their own.
    if (code === 3 || op?.arity === 3) at++;
  }
  return found;
}

test("Elementwise.words() adds to a product in one pass, unless the product is wanted besides", () => {
  const sums = (build: (program: Elementwise, product: number, x: number) => number): string[] => {
    const program = new Elementwise();
    const x = program.load(0);
    program.store(build(program, program.apply("mul_f32", program.load(1), x), x), 0);
    return operations(program);
  };
  assert.deepEqual(sums((program, product, x) => program.apply("add_f32", product, x)), ["mul_add_f32"]);
  assert.deepEqual(sums((program, product, x) => program.apply("add_f32", x, product)), ["mul_add_f32"]);
  assert.deepEqual(sums((program, product) => program.apply("sub_f32", product, program.float(2))), ["mul_add_f32"]);
  assert.deepEqual(sums((program, product, x) => program.apply("sub_f32", product, x)), ["mul_f32", "sub_f32"]);
  assert.deepEqual(sums((program, product) => program.apply("add_f32", product, product)), ["mul_f32", "add_f32"]);
  assert.deepEqual(
    sums((program, product, x) => program.apply("max_f32", product, program.apply("add_f32", product, x))),
    ["mul_f32", "add_f32", "max_f32"],
  );
  assert.deepEqual(
    sums((program, product) => {
      const two = program.float(2);
      return program.apply("div_f32", program.apply("sub_f32", product, two), two);
    }),
    ["mul_f32", "sub_f32", "div_f32"],
  );
});

test("Elementwise.words() divides by a sum in one pass, unless the sum is wanted besides", () => {
  const program = new Elementwise();
  const [x, y] = [program.load(0), program.load(1)];
  program.store(program.apply("div_f32", x, program.apply("add_f32", program.float(1), y)), 0);
  assert.deepEqual(operations(program), ["div_add_f32"]);
  const sum = program.apply("add_f32", x, y);
  program.store(program.apply("div_f32", sum, sum), 1);
  assert.deepEqual(operations(program), ["div_add_f32", "add_f32", "div_f32"]);
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
