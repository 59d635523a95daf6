/**
 * Arrays of penjing, one operation a call, and what limits them: the same work by calls of kernels.
 *
 * @module
 */
import * as pz from "../../manual.ts";
import { chainOf, COMPARED_STEPS, dispatched, isDispatch, operands, RATE, type Task } from "../tasks.ts";
import { chainProgram, start as startKernels } from "./penjing.ts";
import type { Engine, Job, Spec } from "../contract.ts";

const { kernels, np } = pz;

/** A step of gradient descent of a perceptron, again and again. */
function steps(task: Task & { readonly op: "step" }): Job {
  const given = operands(task).map(([data, shape]) => np.array(data, { shape }));
  const [first, [x, y]] = [given.slice(0, -2), given.slice(-2) as [pz.NDArray, pz.NDArray]];
  const loss = (parameters: pz.NDArray[], x: pz.NDArray, y: pz.NDArray): pz.NDArray => {
    let z = x;
    for (let k = 0; k < parameters.length; k += 2) {
      z = (k === 0 ? z : pz.fn.relu(z)).matmul(parameters[k]!).add(parameters[k + 1]!);
    }
    return pz.fn.logSoftmax(z).mul(y).sum().mul(-1 / task.batch);
  };
  const step = pz.jit((parameters: pz.NDArray[], x: pz.NDArray, y: pz.NDArray) => {
    const [value, gradient] = pz.valueAndGrad(loss)(parameters, x, y);
    return [parameters.map((parameter, k) => parameter.sub(gradient[k]!.mul(RATE))), value] as const;
  }, { donateArgnums: 0 });
  const fresh = (): pz.NDArray[] => first.map((parameter) => pz.np.copy(parameter));
  let parameters = fresh();
  return {
    run: () => {
      const [next, value] = step(parameters, x, y);
      parameters = next;
      value.dispose();
    },
    result: () => {
      let own = fresh();
      for (let k = 0; k < COMPARED_STEPS; k++) [own] = step(own, x, y) as [pz.NDArray[], pz.NDArray];
      return own.at(-2)!.dataSync() as Float32Array;
    },
    dispose: () => pz.dispose([given, parameters]),
  };
}

/** A task as a job. */
function job(task: Task): Job {
  if (task.op === "step") return steps(task);
  const all = operands(task).map(([data, shape]) => np.array(data, { shape }));
  const [x, y] = all;
  const sum = pz.jit((...leaves: pz.NDArray[]) => leaves[0]!.add(leaves.at(-1)!));
  const key = pz.random.key(0);
  const freeing = (f: (y: pz.NDArray, operand: pz.NDArray | number) => pz.NDArray): typeof f => (before, operand) => {
    const after = f(before, operand);
    if (task.op === "chain" && task.frees && before !== x) before.dispose();
    return after;
  };
  const functions = {
    mul: freeing(np.multiply),
    add: freeing(np.add),
    sub: freeing(np.subtract),
    max: freeing(np.maximum),
    min: freeing(np.minimum),
  };
  const call = (): pz.NDArray => {
    switch (task.op) {
      case "add":
        return x!.add(y!);
      case "transpose":
        return x!.transpose();
      case "slice":
        return x!.get("1:3");
      case "call":
        return sum(...all);
      case "chain":
        return chainOf(x!, functions);
      case "einsum":
        return np.einsum(task.subscripts, x!, y!);
      case "normal":
        return pz.random.normal(key, [task.size]);
      default:
        return np[task.op](x!, task.axis === undefined ? {} : { axis: task.axis });
    }
  };
  // What is put off counts, too.
  const finish = async (z: pz.NDArray): Promise<void> => (await z.blockUntilReady()).dispose();
  const whole = {
    // Large results are freed at once, as the peers' are; small ones are left to finalization.
    run: isDispatch(task) ? call : () => finish(pz.scope(call)),
    dispose: () => pz.dispose([all, key]),
  };
  if (task.op === "normal") return whole; // a sample of its own
  const result = () => pz.scope(() => call().dataSync() as Float32Array);
  return isDispatch(task) ? dispatched({ ...whole, result }) : { ...whole, result };
}

/** The matrix product that an einsum contains: of contiguous matrices of its sizes, transposed where its operands are. */
function containedProduct(task: Task & { readonly op: "einsum" }): Job {
  const [a, b] = task.shapes;
  const [left = "", right = "", out = ""] = task.subscripts.split(/,|->/);
  const sizeOf = (label: string): number => left.includes(label) ? a[left.indexOf(label)]! : b[right.indexOf(label)]!;
  const of = (keep: (label: string) => boolean): number =>
    [...new Set(left + right)].filter(keep).reduce((product, label) => product * sizeOf(label), 1);
  const isSummed = (label: string): boolean => !out.includes(label);
  const batch = of((label) => left.includes(label) && right.includes(label) && !isSummed(label));
  const m = of((label) => !right.includes(label));
  const n = of((label) => !left.includes(label));
  const k = of(isSummed);
  const matrices = (rows: number, columns: number) =>
    kernels.upload(new Float32Array(batch * rows * columns).fill(0.5), { shape: [batch, rows, columns] });
  const x = matrices(m, k);
  const given = isSummed(right.at(-1)!) ? matrices(n, k) : matrices(k, n);
  const y = isSummed(right.at(-1)!) ? kernels.transpose(given, [0, 2, 1]) : given;
  return {
    run: () => {
      // An einsum's result is an array of its own, too.
      const z = kernels.allocate([batch, m, n], "float32");
      kernels.matmul(z, x, y);
      kernels.release(z);
    },
    dispose: () => [x, given].forEach((operand) => kernels.release(operand)),
  };
}

/** A chain as one program, whose result is a block of its own. */
function oneProgram(size: number): Job {
  const x = kernels.upload(new Float32Array(size).fill(1));
  const program = chainProgram("chain");
  return {
    run: () => {
      const z = kernels.allocate([size], "float32");
      kernels.elementwise(program, [z], [x]);
      kernels.release(z);
    },
    dispose: () => kernels.release(x),
  };
}

function prepare(spec: Spec): Job | undefined {
  if (spec.op === "task") return job(spec.task);
  if (spec.op === "one program") return oneProgram(spec.size);
  if (spec.op === "contained product" && spec.task.op === "einsum") return containedProduct(spec.task);
  return undefined;
}

/** Starts penjing with `threads` threads, workers included. */
export async function start(threads: number, build?: string): Promise<Engine> {
  const { about } = await startKernels(threads, build);
  return { about, prepare };
}
