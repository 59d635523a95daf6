/** Plans of many instructions: control flow, cells, host calls, re-entrancy, refusals, recovery from traps. */

import assert from "node:assert/strict";
import test from "node:test";
import { EngineError } from "../../errors/mod.ts";
import { DTYPES } from "../../wasm/dtype.ts";
import { Elementwise } from "../../wasm/elementwise.ts";
import { currentEngine, hasEngine } from "../../wasm/engine.ts";
import { backendInfo, startWorkers } from "../../wasm/init.ts";
import * as kernels from "../../wasm/kernels/mod.ts";
import { allocate, download, type Operand, release, upload } from "../../wasm/operand.ts";
import { Plan, type PlanOperand } from "../../wasm/plan.ts";
import { checkPlan, runPlan } from "../../wasm/run.ts";
import { floats, LANE, withOperands } from "../_support.ts";

test("currentEngine() before init() says what to do", () => {
  if (hasEngine()) {
    return; // The npm suite shares one process with files that have started it.
  }
  assert.throws(() => currentEngine(), {
    name: "NotInitializedError",
    message: [
      "Cannot use penjing before it is initialized",
      "  expected: init to have finished",
      '  try:      write "await init()" first, or import "@penjing/penjing" instead of its "manual" entry',
    ].join("\n"),
  });
});

/** The operand in slot number `slot`, whole. */
function place(slot: number, operand: Operand): PlanOperand {
  return { slot, offset: operand.offset, dtype: operand.dtype, shape: operand.shape, strides: operand.strides };
}

/** y = x + 1, as a program. */
function increment(): readonly number[] {
  const program = new Elementwise();
  program.store(program.apply("add_f32", program.load(0), program.float(1)), 0);
  return program.words();
}

test("run() runs the instructions of a plan in order, in one call", () =>
  withOperands((operands) => {
    const [x, y, z] = [operands.of([1, 2, 3, 4], [2, 2]), operands.out([2, 2]), operands.out([2, 2])];
    const plan = new Plan()
      .matmul(place(1, y), place(0, x), place(0, x))
      .elementwise(increment(), [place(2, z)], [place(1, y)]);
    assert.equal(plan.slots, 3);
    runPlan(plan, [x, y, z]);
    assert.deepEqual([...download(z)], [8, 11, 16, 23]);
  }));

test("a plan is position-free: the same words serve other slots", () =>
  withOperands((operands) => {
    const [x, y] = [operands.of([1, 2]), operands.of([10, 20])];
    const words = new Plan().elementwise(increment(), [place(0, x)], [place(0, x)]).words();
    runPlan(words, [x]);
    runPlan(words, [y]);
    runPlan(words, [y]);
    assert.deepEqual([...download(x), ...download(y)], [2, 3, 12, 22]);
  }));

test("loop() turns, counts and swaps its carries; what follows sees the last result in the first slot", () =>
  withOperands((operands) => {
    for (const turns of [0, 1, 2, 5]) {
      const [a, b, out, counter] = [
        operands.of([0, 0]),
        operands.of([0, 0]),
        operands.out([2]),
        operands.of(Int32Array.of(-1)),
      ];
      const plan = new Plan()
        .loop({ count: turns, carries: [[0, 1]], counter: { slot: 3, byte: 0 } }, (body) => {
          body.elementwise(increment(), [place(1, b)], [place(0, a)]);
        })
        .copy(place(2, out), place(0, a));
      runPlan(plan, [a, b, out, counter]);
      assert.deepEqual([...download(out)], [turns, turns]);
      assert.deepEqual([...download(counter)], [turns], "the counter is set before the turn that does not come, too");
    }
  }));

test("loop() reads its number of turns from a cell, up to its bound", () =>
  withOperands((operands) => {
    for (const [cell, expected] of [[3, 3], [99, 10], [-5, 0]] as const) {
      const [x, count] = [operands.of([0]), operands.of(Int32Array.of(cell))];
      const plan = new Plan().loop({ count: 10, countCell: { slot: 1, byte: 0 } }, (body) => {
        body.elementwise(increment(), [place(0, x)], [place(0, x)]);
      });
      runPlan(plan, [x, count]);
      assert.deepEqual([...download(x)], [expected]);
    }
  }));

test("loop() goes on while its condition holds, and is refused beyond its bound", () =>
  withOperands((operands) => {
    const below = new Elementwise();
    below.store(below.apply("lt_f32", below.load(0), below.load(1)), 0);
    const whileLoop = (bound: number): { plan: Plan; x: Operand; slots: Operand[] } => {
      const [x, limit, holds] = [operands.of([0]), operands.of([6.5]), operands.of(Int32Array.of(0))];
      const condition = {
        cell: { slot: 2, byte: 0 },
        body: (plan: Plan) => plan.elementwise(below.words(), [place(2, holds)], [place(0, x), place(1, limit)]),
      };
      const plan = new Plan().loop({ count: bound, while: condition }, (body) => {
        body.elementwise(increment(), [place(0, x)], [place(0, x)]);
      });
      return { plan, x, slots: [x, limit, holds] };
    };
    const enough = whileLoop(100);
    runPlan(enough.plan, enough.slots);
    assert.deepEqual([...download(enough.x)], [7]);
    const tooFew = whileLoop(3);
    assert.throws(() => runPlan(tooFew.plan, tooFew.slots), { name: "EngineError", code: "iterations" });
  }));

test("branch() takes the block of its index, the nearest for an index outside", () =>
  withOperands((operands) => {
    for (const [index, expected] of [[0, 10], [1, 20], [2, 30], [7, 30], [-3, 10]] as const) {
      const [out, cell] = [operands.out([1]), operands.of(Int32Array.of(index))];
      const values = [10, 20, 30].map((value) => operands.of([value]));
      const blocks = values.map((value, k) => (plan: Plan) => void plan.copy(place(0, out), place(k + 2, value)));
      runPlan(new Plan().branch({ slot: 1, byte: 0 }, blocks), [out, cell, ...values]);
      assert.deepEqual([...download(out)], [expected]);
    }
  }));

test("an operand moves by an i32 cell, clamped: a row of a cache is written in place", () =>
  withOperands((operands) => {
    const [cache, row, at] = [
      operands.of(new Float32Array(12), [4, 3]),
      operands.of([7, 8, 9]),
      operands.of(Int32Array.of(0)),
    ];
    const rowOfCache: PlanOperand = {
      slot: 0,
      offset: 0,
      dtype: "float32",
      shape: [3],
      strides: [1],
      cells: [{ slot: 2, byte: 0, step: 12, limit: 3 }],
    };
    const words = new Plan().copy(rowOfCache, place(1, row)).words();
    const { memory } = currentEngine();
    for (const index of [1, 99, -1]) {
      memory.view(at.address, 1, "int32")[0] = index;
      runPlan(words, [cache, row, at]);
    }
    assert.deepEqual([...download(cache)], [7, 8, 9, 7, 8, 9, 0, 0, 0, 7, 8, 9]);
    checkPlan(words, [cache, row, at]);
    assert.throws(() => checkPlan(words, [{ ...cache, byteLength: 36 }, row, at]), { code: "bounds" });
  }));

test("a host call sees its operands, may run plans, and may grow memory", () =>
  withOperands((operands) => {
    const [x, y] = [operands.of([1, 2, 3]), operands.out([3])];
    const made: Operand[] = [];
    const host = (seen: readonly Operand[]): void => {
      const [input] = seen;
      assert(input !== undefined);
      assert.deepEqual([input.dtype, input.shape, input.strides], ["float32", [3], [1]]);
      assert.deepEqual([...download(input)], [1, 2, 3]);
      made.push(allocate([64 << 20], "uint8"));
      const more = upload([10, 20, 30]);
      made.push(more);
      kernels.binary("add_f32", y, input, more);
    };
    const plan = new Plan().hostCall(0, [place(0, x)]).elementwise(increment(), [place(1, y)], [place(1, y)]);
    runPlan(plan, [x, y], { host: [host] });
    assert.deepEqual([...download(y)], [12, 23, 34]);
    made.forEach((operand) => release(operand));
  }));

test("a host call that throws stops the plan, is the cause, and leaves the engine usable", () =>
  withOperands((operands) => {
    const x = operands.of([1]);
    const live = currentEngine().memory.stats().liveBytes;
    const plan = new Plan()
      .elementwise(increment(), [place(0, x)], [place(0, x)])
      .hostCall(0, [])
      .elementwise(increment(), [place(0, x)], [place(0, x)]);
    const thrown = new RangeError("no more");
    for (let turn = 0; turn < 3; turn++) {
      assert.throws(
        () =>
          runPlan(plan, [x], {
            host: [() => {
              throw thrown;
            }],
          }),
        (error) => error instanceof EngineError && error.code === "host" && error.cause === thrown,
      );
    }
    assert.throws(() => runPlan(plan, [x]), { code: "host" });
    assert.equal(currentEngine().memory.stats().liveBytes, live);
    kernels.unary("neg_f32", x, x);
    assert.deepEqual([...download(x)], [-5]);
  }));

test("a plan with a flaw is refused with the place and the reason", () =>
  withOperands((operands) => {
    const [x, y] = [operands.of(floats(1, 6), [2, 3]), operands.out([2, 3])];
    const refused = (plan: Plan | Uint32Array, code: string, slots = [x, y]): void => {
      assert.throws(() => runPlan(plan, slots), (error) => error instanceof EngineError && error.code === code);
    };
    const copy = new Plan().copy(place(1, y), place(0, x)).words();
    refused(copy.with(0, 1), "version");
    refused(copy.subarray(0, copy.length - 1), "truncated");
    refused(copy.with(4, 99), "opcode");
    refused(copy.with(5, 3), "truncated");
    refused(copy, "slot", [x]);
    refused(copy.with(6, copy[6]! | 0xf << 16), "dtype");
    refused(copy.with(6, copy[6]! | 0xf << 20), "rank");
    refused(copy.with(7, 2), "alignment");
    refused(copy.with(7, 4), "bounds");
    refused(copy.with(8, 0x7fff_ffff), "bounds");
    refused(copy.with(10, 0), "aliased");
    refused(new Plan().matmul(place(1, y), place(0, x), place(0, x)), "shape");
    refused(new Plan().matmul(place(0, x), place(0, x), place(0, { ...x, shape: [3, 3], strides: [0, 1] })), "overlap");
    refused(new Plan().elementwise([0xff], [place(1, y)], [place(0, x)]), "program");
    const nested = (plan: Plan, depth: number): void => {
      plan.loop({ count: 1 }, (body) => depth > 0 ? nested(body, depth - 1) : undefined);
    };
    const deep = new Plan();
    nested(deep, 20);
    refused(deep, "depth");
    const last = new Plan().copy(place(1, y), place(0, x)).matmul(place(1, y), place(0, x), place(0, x));
    assert.throws(() => runPlan(last, [x, y]), { path: `word ${copy.length} of the plan` });
  }));

test("check() finds a flaw at the end of a plan before its beginning has run", () =>
  withOperands((operands) => {
    const x = operands.of([1]);
    const plan = new Plan()
      .elementwise(increment(), [place(0, x)], [place(0, x)])
      .copy(place(1, x), place(0, { ...x, offset: 4 }));
    assert.throws(() => checkPlan(plan, [x, x]), { code: "bounds" });
    assert.deepEqual([...download(x)], [1]);
  }));

test("a plan larger than the stack of plans runs, and its memory is given back", () =>
  withOperands((operands) => {
    const x = operands.of([0]);
    const before = currentEngine().memory.stats().liveBytes;
    const plan = new Plan();
    for (let k = 0; k < 5000; k++) {
      plan.elementwise(increment(), [place(0, x)], [place(0, x)]);
    }
    assert(plan.words().byteLength > 1 << 16);
    runPlan(plan, [x]);
    assert.deepEqual([...download(x)], [5000]);
    assert.equal(currentEngine().memory.stats().liveBytes, before);
  }));

test("every dtype has the size that the engine believes", () =>
  withOperands((operands) => {
    for (const dtype of Object.keys(DTYPES) as (keyof typeof DTYPES)[]) {
      const x = operands.of([1, 2, 3, 4, 5], [5], dtype);
      const y = operands.out([5], dtype);
      kernels.copy(y, x);
      assert.deepEqual(download(y), download(x));
      const tooLong = new Plan().copy(place(1, { ...y, shape: [6] }), place(0, { ...x, shape: [6] }));
      assert.throws(() => runPlan(tooLong, [x, y]), { code: "bounds" });
    }
  }));

test("a trap on the caller is an EngineError, and the engine goes on", () =>
  withOperands(async (operands) => {
    await startWorkers();
    const x = operands.of([1]);
    const plan = new Plan().elementwise(increment(), [place(0, x)], [place(0, x)]).trap("caller");
    for (let turn = 0; turn < 5; turn++) {
      assert.throws(() => runPlan(plan, [x]), { name: "EngineError", code: "trap" });
    }
    assert.deepEqual([...download(x)], [6]);
  }));

test("a trap on a worker is an EngineError that names the instruction, and the pool is rebuilt", () =>
  withOperands(async (operands) => {
    if (LANE === "scalar" || !backendInfo().build.endsWith("threads")) {
      return;
    }
    const x = operands.of(floats(2, 512 * 512), [512, 512]);
    const [before, after] = [operands.out([512, 512]), operands.out([512, 512])];
    kernels.matmul(before, x, x);
    for (let turn = 0; turn < 2; turn++) {
      await startWorkers();
      const workers = backendInfo().workers;
      assert(workers >= 1, backendInfo().why);
      assert.throws(() => runPlan(new Plan().copy(place(1, after), place(0, x)).trap("worker"), [x, after]), {
        name: "EngineError",
        code: "worker",
      });
      kernels.matmul(after, x, x);
      await startWorkers();
      assert.equal(backendInfo().workers, workers);
      kernels.matmul(after, x, x);
      assert.deepEqual(download(after), download(before));
    }
  }));
