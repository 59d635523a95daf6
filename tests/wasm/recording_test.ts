import { test } from "node:test";
import assert from "node:assert/strict";
import { elementwise, unary } from "../../wasm/kernels/elementwise.ts";
import { reduce } from "../../wasm/kernels/reduce.ts";
import { Elementwise } from "../../wasm/elementwise.ts";
import { allocate, download, release, upload } from "../../wasm/operand.ts";
import { Plan } from "../../wasm/plan.ts";
import {
  allocateScratch,
  currentRecording,
  type Recording,
  releaseScratch,
  slotOf,
  slotOperand,
  withRecording,
} from "../../wasm/recording.ts";
import { runPlan } from "../../wasm/run.ts";
import { start } from "../_support.ts";

await start();

/** A recording whose scratch memory lies in slots from 10 on. */
function recording(): Recording & { readonly log: string[] } {
  const log: string[] = [];
  let next = 10;
  return {
    plan: new Plan(true),
    log,
    allocateSlot: (bytes) => {
      log.push(`allocate ${bytes}`);
      return next++;
    },
    releaseSlot: (slot) => void log.push(`release ${slot}`),
  };
}

const layout = { offset: 0, dtype: "float32", shape: [3], strides: [1] } as const;

test("kernels write into a recording in place of being run, and the plan can be moved to other slots", () => {
  const to = recording();
  const [x, y, z] = [4, 7, 5].map((slot) => slotOperand(slot, 12, layout));
  withRecording(to, () => {
    assert.equal(currentRecording(), to);
    unary("neg_f32", y!, x!);
    unary("abs_f32", z!, y!);
  });
  assert.equal(currentRecording(), undefined);
  // Slots 4, 7 and 5 become an argument, a part of an arena, and a result.
  const places = new Map([[4, { slot: 0, byte: 0 }], [7, { slot: 1, byte: 64 }], [5, { slot: 2, byte: 0 }]]);
  to.plan.move(3, (slot) => places.get(slot)!);
  const [argument, arena, result] = [
    upload(new Float32Array([1, -2, 3])),
    allocate([100], "float32"),
    allocate([3], "float32"),
  ];
  runPlan(to.plan, [argument, arena, result]);
  assert.deepEqual([...download(result)], [1, 2, 3]);
  assert.deepEqual([...download(arena)].slice(16, 19), [-1, 2, -3]);
  [argument, arena, result].forEach(release);
});

test("operands of different slots do not overlap, wherever in them they lie", () => {
  const far = slotOperand(3, 2 ** 31, { ...layout, offset: 2 ** 31 - 12 });
  const next = slotOperand(4, 12, layout);
  assert(far.address + far.offset + 12 <= next.address);
  assert.deepEqual([slotOf(far), slotOf(next)], [3, 4]);
});

test("memory that a kernel needs for itself comes from the recording, and is given back to it", () => {
  const square = new Elementwise();
  square.store(square.apply("square_f32", square.load(0)), 0);
  const to = recording();
  const half = slotOperand(0, 2, { ...layout, dtype: "float16", shape: [], strides: [] });
  withRecording(to, () => reduce("sum", half, slotOperand(1, 12, layout), { axes: [0], epilogue: square }));
  assert.deepEqual(to.log, ["allocate 4", "release 10"]);
  const own = allocateScratch([2], "int32");
  elementwise(square, [own], [own]);
  releaseScratch(own);
  assert.throws(() => release(own), "without a recording it is the engine's");
});

test("a function that throws ends its recording", () => {
  assert.throws(() =>
    withRecording(recording(), () => {
      throw new RangeError("stop");
    }), RangeError);
  assert.equal(currentRecording(), undefined);
});
