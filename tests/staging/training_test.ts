import { test } from "node:test";
import assert from "node:assert/strict";
import * as fn from "../../array/fn.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { valueAndGrad } from "../../array/derivatives.ts";
import { memory } from "../../core/memory.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { collect, scope } from "../../core/storage.ts";
import * as random from "../../random/mod.ts";
import { LANE, start } from "../_support.ts";

/** The most that the engine's memory may grow to, where it is one that the host is asked for. */
const LIMIT = 64 * 2 ** 20;

/** A host that does not reserve more. */
class Scarce extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    if ((descriptor.maximum ?? 0) * 65536 > LIMIT) throw new RangeError("could not allocate memory");
    super(descriptor);
  }
}

const { Memory } = WebAssembly;
Object.assign(WebAssembly, { Memory: Scarce });
try {
  await start();
} finally {
  Object.assign(WebAssembly, { Memory });
}

type Layers = readonly (readonly [weights: NDArray, bias: NDArray])[];

function loss(layers: Layers, x: NDArray, y: NDArray): NDArray {
  const [[w, b], [v, c]] = layers as [Layers[0], Layers[0]];
  const hidden = fn.relu(x.matmul(w).add(b));
  return hidden.matmul(v).add(c).sub(y).pow(2).mean();
}

/** A step of gradient descent that takes the memory of the parameters that it replaces. */
const step = jit((layers: Layers, x: NDArray, y: NDArray): [Layers, NDArray] => {
  const [value, gradient] = valueAndGrad(loss)(layers, x, y);
  const next = layers.map(([w, b], k) => {
    const [dw, db] = gradient[k]!;
    return [w.sub(dw.mul(0.05)), b.sub(db.mul(0.05))] as const;
  });
  return [next, value];
}, { donateArgnums: 0 });

function problem(width: number): [Layers, NDArray, NDArray] {
  const [a, b, c] = [0, 1, 2].map((k) => random.key(k)) as [NDArray, NDArray, NDArray];
  const x = random.normal(a, [32, 4]);
  const layers: Layers = [
    [random.normal(b, [4, width]).mul(0.5), np.zeros(width).add(0)],
    [random.normal(c, [width, 1]).mul(1 / Math.sqrt(width)), np.zeros(1).add(0)],
  ];
  return [layers, x, np.sin(x.sum({ axis: 1, keepdims: true }))];
}

test("ten thousand steps in a loop that never yields leave as much memory as ten", () => {
  let [layers, x, y] = problem(16);
  const losses: number[] = [];
  let after10: readonly number[] = [];
  for (let k = 1; k <= 10_000; k++) {
    scope(() => {
      const [next, value] = step(layers, x, y);
      losses.push(value.item() as number);
      layers = next;
      return next;
    });
    const { liveBytes, liveArrays } = memory();
    if (k === 10) after10 = [liveBytes, liveArrays];
    if (k === 10_000) assert.deepEqual([liveBytes, liveArrays], after10);
  }
  assert(losses.at(-1)! < losses[0]! / 10, `the loss went from ${losses[0]} to ${losses.at(-1)}`);
});

test("without scopes and donation, the error at the limit names both", { skip: LANE !== "live" }, async () => {
  const plain = jit((x: NDArray) => x.add(1));
  const { limitBytes } = memory();
  assert(limitBytes <= LIMIT, "this engine has all the memory it may have");
  assert.throws(() => {
    let x = np.zeros(2 ** 20).add(0);
    for (let k = 0; k < 1000; k++) x = plain(x);
  }, (error: Error) => {
    assert.equal(error.name, "OutOfMemoryError");
    assert.match(error.message, /pz\.scope\(\)/);
    assert.match(error.message, /donate/);
    return true;
  });
  await collect();
  assert.equal(plain(np.ones(3)).sum().item(), 6, "and everything goes on");
});
