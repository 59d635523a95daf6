import assert from "node:assert/strict";
import test from "node:test";
import { Plan, type PlanOperand } from "../../wasm/plan.ts";

const OPERAND: PlanOperand = { slot: 2, offset: 8, dtype: "float16", shape: [3, 4], strides: [-4, 1] };

test("Plan writes the words that core-rs/README.md describes", () => {
  const cell = { slot: 1, byte: 4, step: 8, limit: 7 };
  const words = new Plan().copy({ ...OPERAND, cells: [cell] }, { ...OPERAND, slot: 0, shape: [], strides: [] }).words();
  assert.deepEqual([...words], [
    ...[0x504a0001, 18, 3, 0],
    ...[20, 14],
    ...[2 | 1 << 16 | 2 << 20 | 1 << 24, 8, 3, 4, 0xffff_fffc, 1, 1, 4, 8, 7],
    ...[0 | 1 << 16, 8],
  ]);
});

test("Plan.iota() and Plan.oneHot() are two modes of one instruction", () => {
  const rows: PlanOperand = { slot: 1, offset: 0, dtype: "float32", shape: [3, 3], strides: [3, 1] };
  const index: PlanOperand = { slot: 0, offset: 0, dtype: "int32", shape: [3], strides: [1] };
  const words = new Plan().oneHot(rows, index).iota(rows, 1).words();
  assert.deepEqual([...words.subarray(4)], [
    ...[31 | 1 << 16, 12],
    ...[1 | 2 << 20, 0, 3, 3, 3, 1],
    ...[5 << 16 | 1 << 20, 0, 3, 1],
    ...[31 | 1 << 8, 8],
    ...[1 | 2 << 20, 0, 3, 3, 3, 1],
  ]);
});

test("Plan writes each kernel's number, parameters, operands in order, and what follows them", () => {
  const x = (slot: number): PlanOperand => ({ slot, offset: 0, dtype: "float32", shape: [], strides: [] });
  const bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  const operands = (count: number): number[] => Array.from({ length: count }, (_, slot) => [slot, 0]).flat();
  const cases: readonly (readonly [plan: Plan, head: number, operands: number, ...rest: readonly number[]])[] = [
    [new Plan().softmax(x(0), x(1), "logsumexp"), 18 | 2 << 8, 2],
    [new Plan().normalize("layer", x(0), x(1), 0.5, { scale: x(2), bias: x(3) }), 23 | 1 << 8 | 3 << 16, 4, bits(0.5)],
    [new Plan().normalize("rms", x(0), x(1), 0.25, { bias: x(2) }), 23 | 2 << 16, 3, bits(0.25)],
    [new Plan().scan("min", x(0), x(1), true), 26 | 3 << 8 | 1 << 16, 2],
    [
      new Plan().sort([x(1), x(2)], [x(3), x(4)], { keys: 2, descending: true, places: x(0) }),
      27 | 3 << 8 | 3 << 16 | (2 | 2 << 4) << 24,
      5,
    ],
    [new Plan().topK(x(0), x(1), x(2)), 28, 3],
    [new Plan().scatter("max", x(0), x(1), x(2), "wrap"), 29 | 4 << 8 | 2 << 16, 3],
    [new Plan().gatherNd(x(0), x(1), x(2), "fill", 0x7fc0), 30 | 1 << 8, 3, 0x7fc0],
    [
      new Plan().attention(x(0), x(1), x(2), x(3), {
        scale: 0.125,
        softCap: 30,
        maskedValue: -4,
        causal: true,
        window: 5,
        positions: [x(4), x(5)],
        mask: x(6),
        length: x(7),
      }),
      25 | 15 << 8,
      8,
      ...[bits(0.125), bits(30), bits(-4), 5],
    ],
  ];
  for (const [plan, head, count, ...rest] of cases) {
    const words = [head, 2 + 2 * count + rest.length, ...operands(count), ...rest];
    assert.deepEqual([...plan.words().subarray(4)], words.map((word) => word >>> 0));
  }
});

test("Plan.loop() writes flags, cells, carries and blocks with their lengths", () => {
  const words = new Plan().loop({
    count: 9,
    countCell: { slot: 0, byte: 0 },
    counter: { slot: 0, byte: 4 },
    carries: [[1, 2]],
    while: { cell: { slot: 0, byte: 8 }, body: (plan) => plan.trap("caller") },
  }, (plan) => plan.trap("worker")).words();
  assert.deepEqual(
    [...words.subarray(4)],
    [
      ...[1 | 7 << 8, 19, 9, 0, 0, 0, 4],
      ...[1, 1, 2],
      ...[0, 8, 2, 4, 2],
      ...[2, 4 | 1 << 8, 2],
    ].map((word, k) => k === 1 ? words.length - 4 : word),
  );
});

test("Plan.branch() writes all lengths before the blocks", () => {
  const words = new Plan().branch({ slot: 0, byte: 0 }, [(plan) => plan.trap("caller"), () => {}]).words();
  assert.deepEqual([...words.subarray(4)], [2 | 2 << 8, 8, 0, 0, 2, 0, 4, 2]);
});

test("Plan.clear() makes the object as new", () => {
  const plan = new Plan().copy(OPERAND, OPERAND);
  assert.equal(plan.slots, 3);
  assert.deepEqual([...plan.clear().words()], [0x504a0001, 4, 0, 0]);
});

test("Plan refuses an operand of rank above 8", () => {
  const shape = new Array<number>(9).fill(1);
  assert.throws(() => new Plan().softmax({ ...OPERAND, shape, strides: shape }, OPERAND), {
    name: "ValueError",
    message: [
      "Cannot write an operand into a plan",
      "  operand:  slot 2",
      "  actual:   shape [1,1,1,1,1,1,1,1,1], strides [1,1,1,1,1,1,1,1,1], 0 cells",
      "  expected: as many strides as axes, at most 8 of them, at most 65536 slots and 255 cells",
      "  try:      coalesce axes, or copy to contiguous memory first",
    ].join("\n"),
  });
});
