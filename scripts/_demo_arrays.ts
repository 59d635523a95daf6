/**
 * The demo's second half: a small network, trained with arrays and their derivatives alone.
 *
 * @module
 */

import * as pz from "../mod.ts";

const { fn, np, random } = pz;

interface Network {
  readonly hidden: pz.NDArray;
  readonly bias: pz.NDArray;
  readonly out: pz.NDArray;
}

/** Points on two spirals that wind around each other, and which spiral each is on. */
function spirals(count: number): readonly [points: pz.NDArray, labels: pz.NDArray] {
  const turn = np.linspace(0.5, 3, { num: count });
  const arm = (sign: number) => np.stack([np.cos(turn).mul(turn), np.sin(turn).mul(turn)], { axis: 1 }).mul(sign);
  return [np.concatenate([arm(1), arm(-1)]), np.repeat(np.array([0, 1]), count)];
}

function logits({ hidden, bias, out }: Network, x: pz.NDArray): pz.NDArray {
  return np.tanh(x.matmul(hidden).add(bias)).matmul(out);
}

function loss(network: Network, x: pz.NDArray, labels: pz.NDArray): pz.NDArray {
  return fn.softmaxCrossEntropyWithIntegerLabels(logits(network, x), labels).mean();
}

/**
 * Trains a classifier of two spirals, and prints what becomes of it.
 *
 * @returns Whether it has learned them.
 */
export function showArrays(): boolean {
  const [x, labels] = spirals(100);
  const keys = random.split(random.key(0), 2);
  let network: Network = {
    hidden: random.normal(keys.get(0), [2, 32]),
    bias: np.zeros(32),
    out: random.normal(keys.get(1), [32, 2]).mul(0.1),
  };
  const [first, steps] = [loss(network, x, labels).item(), 500];
  const step = pz.jit((network: Network) => {
    return pz.tree.map((w, dw) => w.sub(dw), network, pz.grad(loss)(network, x, labels));
  }, { donateArgnums: 0, name: "step" });
  const start = performance.now();
  for (let k = 0; k < steps; k++) network = step(network);
  const milliseconds = (performance.now() - start) / steps;
  const last = loss(network, x, labels).item();
  const right = logits(network, x).argmax({ axis: 1 }).eq(labels).mean().item();
  console.log(`
A network of 2, 32 and 2 neurons on 200 points of two spirals: ${steps} compiled steps of gradient descent, ${
    milliseconds.toFixed(2)
  } ms each.
The loss fell from ${Number(first).toFixed(3)} to ${Number(last).toFixed(4)}; ${
    (100 * Number(right)).toFixed(1)
  } % of the points are told right. Its first neurons:

${network.hidden.get(":", ":10")}`);
  return right === 1;
}
