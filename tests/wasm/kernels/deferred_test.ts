import assert from "node:assert/strict";
import test from "node:test";
import * as np from "../../../array/np.ts";
import { blockUntilReady } from "../../../array/read.ts";
import type { EagerArray } from "../../../core/eager.ts";
import { operandOf } from "../../../core/bind.ts";
import type { NDArray } from "../../../core/ndarray.ts";
import { dispose, scope } from "../../../core/storage.ts";
import { clamp } from "../../../ops/clamp.ts";
import { defer, deferFrom } from "../../../wasm/kernels/deferred.ts";
import { Elementwise } from "../../../wasm/elementwise.ts";
import { currentEngine, Engine, installEngine } from "../../../wasm/engine.ts";
import { memoryStats } from "../../../wasm/init.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { allocate, download, release, upload } from "../../../wasm/operand.ts";
import { Plan } from "../../../wasm/plan.ts";
import { slotOperand, withRecording } from "../../../wasm/recording.ts";
import { runPlan } from "../../../wasm/run.ts";
import { start } from "../../_support.ts";

await start();

const isDeferred = (): boolean => currentEngine().memory.deferred !== undefined;

const array = (values: readonly number[], dtype = "float32"): NDArray => np.array(values, { dtype });

const addressOf = (x: NDArray): number => (x as EagerArray).storage.address;

const list = (x: NDArray): number[] => [...x.dataSync()];

/** A test in which operations on arrays of two elements are put off already. */
function deferring(name: string, body: () => unknown): void {
  test(name, async () => {
    currentEngine().memory.deferred?.run();
    deferFrom(2);
    try {
      await body();
    } finally {
      deferFrom();
      currentEngine().memory.deferred?.run();
    }
  });
}

/** Runs a function while a stand-in runs the engine's plans; gives the plans' numbers of slots. */
function watched(body: () => void, instead?: () => void): number[] {
  const engine = currentEngine();
  const slots: number[] = [];
  const run: Engine["run"] = engine.run.bind(engine);
  engine.run = (plan, operands, host) => {
    slots.push(operands.length);
    if (instead === undefined) run(plan, operands, host);
    else instead();
  };
  try {
    body();
  } finally {
    delete (engine as { run?: unknown }).run;
  }
  return slots;
}

deferring("defer() makes one plan of many operations, which stores what is still wanted", () => {
  const x = array([1, 2, 3]);
  const slots = watched(() => {
    const [y] = scope(() => [x.add(1).mul(2).sub(x)]);
    assert(isDeferred());
    assert.deepEqual(list(y!), [3, 4, 5]);
    assert(!isDeferred());
  });
  assert.deepEqual(slots, [2]);
});

deferring("whatever looks at memory runs what is put off first", async () => {
  const x = array([1, 2, 3]);
  const out = allocate([3], "float32");
  const { memory } = currentEngine();
  const increment = new Elementwise();
  increment.store(increment.apply("add_f32", increment.load(0), increment.float(1)), 0);
  const place = (slot: number) => ({ slot, offset: 0, dtype: "float32", shape: [3], strides: [1] }) as const;
  const plan = new Plan().elementwise(increment.words(), [place(0)], [place(1)]);
  const doors: Record<string, (y: NDArray) => unknown> = {
    dataSync: (y) => assert.deepEqual(list(y), [2, 3, 4]),
    data: async (y) => assert.deepEqual([...await y.data()], [2, 3, 4]),
    tolist: (y) => assert.deepEqual(y.tolist(), [2, 3, 4]),
    item: (y) => assert.equal(y.get(1).item(), 3),
    "a text": (y) => assert.match(String(y), /2.*3.*4/),
    iteration: (y) => assert.deepEqual([...y].map(Number), [2, 3, 4]),
    "another operation": (y) => assert.equal(y.sum().item(), 9),
    "a mask": (y) => assert.deepEqual(x.get(y.gt(2)).tolist(), [2, 3]),
    "a kernel of users": (y) => {
      kernels.unary("neg_f32", out, operandOf(y as EagerArray));
      assert.deepEqual([...download(out)], [-2, -3, -4]);
    },
    "a plan of users": (y) => {
      runPlan(plan, [out, operandOf(y as EagerArray)]);
      assert.deepEqual([...download(out)], [3, 4, 5]);
    },
    "a kernel that writes an operand": (y) => {
      const before = operandOf(x as EagerArray);
      kernels.unary("neg_f32", before, before);
      kernels.unary("neg_f32", before, before);
      assert.deepEqual(list(y), [2, 3, 4]);
    },
    "memory.view": (y) => assert.deepEqual([...memory.view(addressOf(y), 3, "float32")], [2, 3, 4]),
    "memory.read": (y) => assert.deepEqual([...memory.read(addressOf(y), 3, "float32")], [2, 3, 4]),
    blockUntilReady: (y) => y.blockUntilReady(),
    "blockUntilReady of a tree": (y) => blockUntilReady([y, "no array"]),
    "an operation of another shape": (y) =>
      assert.deepEqual([list(array([1, 2]).add(1)), list(y)], [[2, 3], [2, 3, 4]]),
  };
  for (const [name, look] of Object.entries(doors)) {
    const y = x.add(1);
    assert(isDeferred(), name);
    await look(y);
    assert(!isDeferred(), name);
    dispose(y);
  }
  release(out);
});

deferring("what only makes arrays, views them or frees them runs nothing", () => {
  const x = array([1, 2, 3, 4]);
  const other = array([0, 0, 0, 0]);
  const y = x.add(1);
  const slots = watched(() => {
    array([5, 6]);
    np.array(new Float32Array(8));
    np.array(3);
    np.allocate([2], "float32", (elements) => elements.fill(1));
    y.T.reshape(2, 2).get(0);
    release(upload([1, 2]));
    memoryStats();
    dispose(other);
  });
  assert.deepEqual([slots, isDeferred()], [[], true]);
  assert.deepEqual(list(y), [2, 3, 4, 5]);
});

deferring("a host function's operations are done before the plan goes on", () => {
  const x = array([1, 2, 3]);
  const [y, copied] = [allocate([3], "float32"), allocate([3], "float32")];
  const place = (slot: number) => ({ slot, offset: 0, dtype: "float32", shape: [3], strides: [1] }) as const;
  let made: NDArray | undefined;
  const plan = new Plan().hostCall(0, []).copy(place(0), place(1));
  const target = { ...y };
  runPlan(plan, [copied, y], {
    host: [() => {
      made = x.add(1);
      assert(isDeferred());
      kernels.copy(target, operandOf(made as EagerArray));
      made = x.mul(2);
    }],
  });
  assert(!isDeferred());
  assert.deepEqual([[...download(copied)], list(made!)], [[2, 3, 4], [2, 4, 6]]);
  [y, copied].forEach(release);
});

deferring("what is read is freed only after the operations that need it", () => {
  const [x, y] = [array([1, 2, 3]), array([4, 5, 6])];
  const z = x.add(1);
  dispose(y);
  assert(isDeferred());
  dispose(x);
  assert(!isDeferred());
  array([9, 9, 9]);
  assert.deepEqual(list(z), [2, 3, 4]);
});

deferring("what was freed is not stored, and what only it needs not computed", () => {
  const x = array([1, 2, 3]);
  assert.deepEqual(
    watched(() => {
      const y = x.add(1);
      const z = y.mul(2);
      dispose([y, z]);
      dispose(x);
      array([1, 2]).sum();
    }),
    [2],
    "the sum alone",
  );
  const x2 = array([1, 2, 3]);
  let z: NDArray | undefined;
  const slots = watched(() => {
    const y = x2.add(1);
    z = y.mul(2);
    x2.sub(7).dispose();
    dispose(y);
    dispose(x2);
  });
  assert.deepEqual([slots, list(z!)], [[2], [4, 6, 8]]);
});

deferring("the block of a freed result may be another's", () => {
  // No numbers beside arrays below: their blocks would take the place.
  const all = (value: number): NDArray => array(new Array(5000).fill(value));
  const x = all(1);
  const y = x.add(x);
  const z = y.mul(y);
  const address = addressOf(y);
  dispose(y);
  const again = z.sub(x);
  assert.equal(addressOf(again), address);
  const last = again.add(z);
  assert(isDeferred());
  assert.deepEqual([z, again, last].map((result) => list(result).at(-1)), [4, 3, 7]);
  dispose(again);
  const w = last.add(x);
  assert.equal(addressOf(w), address);
  const v = w.add(w);
  dispose(w);
  const data = all(5);
  assert.equal(addressOf(data), address);
  const u = v.sub(data);
  assert(isDeferred());
  assert.deepEqual([v, data, u].map((result) => list(result).at(-1)), [16, 5, 11]);
});

deferring("more results than a program has outputs make more programs", () => {
  const x = array([1, 2]);
  const results: NDArray[] = [];
  const slots = watched(() => {
    let y = x;
    for (let k = 0; k < 20; k++) results.push(y = y.add(k).mul(x).sub(y));
    assert.deepEqual(list(y), list(results.at(-1)!));
  });
  assert(slots.length <= 3 * 3 + 1, `${slots}`);
  let expected = [1, 2];
  results.forEach((result, k) => {
    expected = expected.map((y, at) => Math.fround(Math.fround((y + k) * [1, 2][at]!) - y));
    assert.deepEqual(list(result), expected, `result ${k}`);
  });
});

deferring("a later program loads what an earlier one stored, if it has inputs to spare", () => {
  const [a, b] = [array([1, 2]), array([3, 4])];
  const results = [a.add(b)];
  for (let k = 0; k < 8; k++) results.push(results.at(-1)!.mul(2));
  const slots = watched(() => assert.deepEqual(list(results.at(-1)!), [1024, 1536]));
  assert.deepEqual(slots, [8 + 2, 1 + 1], "a and b, then the eighth result");

  const inputs = Array.from({ length: 16 }, (_, k) => array([k, 2 * k]));
  const products = Array.from({ length: 8 }, (_, k) => inputs[k]!.mul(inputs[k + 8]!));
  const last = scope(() => {
    let z = products[7]!;
    for (let k = 0; k < 16; k += 2) z = clamp(inputs[k]!, z, inputs[k + 1]!);
    return z;
  });
  const more = watched(() => assert.deepEqual(list(last), [14, 28]));
  assert.deepEqual(more, [8 + 16, 1 + 16], "the product is computed again");
});

deferring("the queue runs before it is too long, and never reads more than sixteen inputs", () => {
  const x = array([1, 2]);
  const long = watched(() => {
    scope(() => {
      let y = x;
      for (let k = 0; k < 21; k++) y = y.add(x);
      return y;
    });
  });
  assert.equal(long.length, 4, "twenty results in three programs; the last before what it reads is freed");
  const inputs = Array.from({ length: 40 }, (_, k) => array([k, 2 * k]));
  const sum = scope(() => inputs.reduce((sum, x) => sum.add(x)));
  assert.deepEqual(list(sum), [780, 1560]);
  // Results that are stored already may be one input too many.
  const partial: NDArray[] = [];
  const slots = watched(() => {
    inputs.slice(0, 16).reduce((sum, x) => {
      partial.push(sum.mul(x));
      return partial.at(-1)!;
    });
    list(partial[0]!);
  });
  assert(slots.every((count) => count <= 24), `${slots}`);
  let product = 0;
  partial.forEach((result, k) => assert.equal(list(result)[0], product *= k + 1));
});

deferring("shapes in turn", () => {
  const [x, y] = [array([1, 2, 3]), array([4, 5])];
  let [a, b] = [x, y];
  for (let k = 0; k < 5; k++) [a, b] = [a.add(1), b.mul(2)];
  assert.deepEqual([list(a), list(b)], [[6, 7, 8], [128, 160]]);
  const matrix = np.array([[1, 2, 3], [4, 5, 6]]).add(x);
  assert.deepEqual(matrix.add(x.mul(2)).add(matrix.get(0)).tolist(), [[6, 12, 18], [9, 15, 21]]);
});

deferring("another view of a result is read from memory", () => {
  const x = np.array([[1, 2], [3, 4]], { dtype: "int8" });
  const y = x.mul(-1);
  assert.deepEqual(y.add(y.T).tolist(), [[-2, -5], [-5, -8]]);
  const move = new Elementwise();
  move.store(move.load(0), 0);
  const bytes = upload([1, -2], { dtype: "int8" });
  const [copied, wide] = [allocate([2], "int8"), allocate([2], "int32")];
  assert(defer(move, copied, [bytes]) && defer(move, wide, [{ ...copied, dtype: "uint8" }]));
  assert.deepEqual([...download(wide)], [1, 254]);
  [bytes, copied, wide].forEach(release);
  const w = x.add(1);
  assert.deepEqual(np.broadcastTo(w.get(1, 1), [2, 2]).add(x).tolist(), [[6, 7], [8, 9]]);
  const v = x.add(2);
  assert.deepEqual(v.get("::-1").add(v).tolist(), [[8, 10], [8, 10]]);
});

deferring("numbers for all elements are read at once, in every dtype", () => {
  const cases: Record<string, readonly number[]> = {
    float32: [1.5, -0.1],
    float16: [1.5, -65504, 2 ** -24, 3 * 2 ** -16, Infinity, 0],
    bfloat16: [1.5, -(2 ** 100), 2 ** -130],
    int8: [-128, 127],
    int16: [-32768, 32767],
    int32: [-(2 ** 31), 5],
    uint8: [255, 3],
    uint16: [65535, 3],
    uint32: [2 ** 32 - 1, 3],
    bool: [1, 0],
  };
  for (const [dtype, numbers] of Object.entries(cases)) {
    const x = np.array(dtype === "bool" ? [true, false] : [1, 0], { dtype });
    for (const number of numbers) {
      const one = dtype === "bool" ? np.array([false, number === 1]) : np.array([0, number], { dtype });
      const scalar = one.get(1);
      const y = np.maximum(x, np.broadcastTo(scalar, [2]));
      assert(isDeferred());
      dispose(one);
      assert(isDeferred(), "its block is free at once");
      deferFrom(Infinity);
      const again = dtype === "bool" ? np.array([number === 1]) : np.array([number], { dtype });
      assert.deepEqual(list(y), list(np.maximum(x, np.broadcastTo(again, [2]))), `${dtype} ${number}`);
      deferFrom(2);
    }
  }
});

deferring("a structure is written once; its numbers may differ", () => {
  const x = array([1, 2, 3]);
  for (let k = 0; k < 5; k++) assert.deepEqual(list(scope(() => x.mul(k).add(k))), [2 * k, 3 * k, 4 * k]);
});

deferring("an error while the queue runs is thrown by what looks, and the engine goes on", () => {
  const x = array([1, 2, 3]);
  const fail = (): never => {
    throw new RangeError("no worker");
  };
  const y = x.add(1);
  watched(() => assert.throws(() => list(y), /no worker/), fail);
  assert(!isDeferred());
  assert.deepEqual(list(x.add(2)), [3, 4, 5]);

  const z = x.add(1);
  watched(() => dispose(x), fail);
  assert(isDeferred());
  assert.throws(() => list(z), /no worker/);
  assert.equal(list(z).length, 3);

  const w = z.add(1);
  watched(() => dispose(z), fail);
  assert.throws(() => w.add(1), /no worker/);
  assert.deepEqual(list(array([1, 2]).add(1)), [2, 3]);
});

deferring("an engine that another replaces does what is put off first", async () => {
  const first = currentEngine();
  const y = array([1, 2, 3]).add(1);
  const second = await Engine.load(first.build, undefined, { threads: 1, cores: 1, workerUrl: undefined });
  try {
    installEngine(second);
    assert.equal(first.memory.deferred, undefined);
  } finally {
    installEngine(first);
  }
  assert.deepEqual(list(y), [2, 3, 4]);
});

deferring("what is written into a recording is not put off", () => {
  const y = array([1, 2, 3]).add(1);
  const program = new Elementwise();
  program.store(program.apply("neg_f32", program.load(0)), 0);
  const [from, to] = [1, 2].map((slot) =>
    slotOperand(slot, 12, { offset: 0, dtype: "float32", shape: [3], strides: [1] })
  );
  const recording = { plan: new Plan(true), allocateSlot: () => 0, releaseSlot: () => {} };
  withRecording(recording, () => {
    assert(!defer(program, to!, [from!]));
    assert(isDeferred());
    assert.deepEqual(list(y), [2, 3, 4], "what was put off before runs at once");
  });
  assert.equal(recording.plan.slots, 0, "and leaves the recording alone");
});

deferring("memory is accounted for as if nothing was put off", () => {
  const x = array(new Array(100).fill(1));
  const figures = [2, Infinity].map((elements) => {
    deferFrom(elements);
    const before = memoryStats();
    const inside = scope(() => {
      x.add(1).mul(2).sub(3);
      return memoryStats();
    });
    const after = memoryStats();
    return [
      inside.liveBytes - before.liveBytes,
      inside.allocations - before.allocations,
      after.liveBytes - before.liveBytes,
    ];
  });
  assert.deepEqual(figures[0], figures[1]);
});

test("defer() leaves small arrays, and programs that take much, to the caller", () => {
  const program = new Elementwise();
  program.store(program.apply("neg_f32", program.load(0)), 0);
  const values = Array.from({ length: 20 }, (_, k) => program.float(k));
  const wide = new Elementwise();
  const loads = values.map((_, k) => wide.float(k));
  wide.store(loads.reduce((sum, value) => wide.apply("add_f32", sum, value)), 0);
  for (
    const [elements, own, expected] of [[2 ** 15 - 1, program, false], [2 ** 15, wide, false], [
      2 ** 15,
      program,
      true,
    ]] as const
  ) {
    const [x, y] = [upload(new Float32Array(elements)), allocate([elements], "float32")];
    assert.equal(defer(own, y, [x]), expected);
    assert.equal(isDeferred(), expected);
    [y, x].forEach(release);
  }
  currentEngine().memory.deferred?.run();
});
