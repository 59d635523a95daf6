/**
 * Work of one operation a call, as users of arrays write it; each library's way of it lies beside its kernels in `peers/`.
 *
 * @module
 */
import { CHAINS, uniformFloats } from "./data.ts";
import type { Job } from "./contract.ts";

/** What to compute. */
export type Task =
  | { readonly op: "add"; readonly size: number }
  /** With `frees`, no intermediate outlives its use, where the library leaves that to its users. */
  | { readonly op: "chain"; readonly size: number; readonly frees?: true }
  | { readonly op: "normal"; readonly size: number }
  /** A compiled function of so many small arrays, of which it adds two. */
  | { readonly op: "call"; readonly leaves: number }
  /** A compiled step of gradient descent of a perceptron with these widths. */
  | { readonly op: "step"; readonly widths: readonly number[]; readonly batch: number }
  | { readonly op: "transpose" | "slice" }
  | { readonly op: "sum" | "mean" | "max"; readonly axis?: 0 | 1 }
  | {
    readonly op: "einsum";
    readonly subscripts: string;
    readonly shapes: readonly [readonly number[], readonly number[]];
  };

/** The side of the matrix that is reduced. */
const SIDE = 1024;

/** Whether a task is so short that its dispatch is what takes time. */
export function isDispatch({ op }: Task): boolean {
  return op === "call" || op === "add" || op === "transpose" || op === "slice";
}

/** The operands of a task: their elements and shapes. */
export function operands(task: Task): readonly (readonly [Float32Array, readonly number[]])[] {
  const of = (seed: number, shape: readonly number[]) =>
    [uniformFloats(seed, shape.reduce((product, size) => product * size, 1)), shape] as const;
  switch (task.op) {
    case "add":
      return [of(1, [task.size]), of(2, [task.size])];
    case "chain":
      return [of(1, [task.size])];
    case "normal":
      return [];
    case "call":
      return Array.from({ length: task.leaves }, (_, k) => of(k + 1, [4]));
    case "step":
      return [...parametersOf(task.widths), ...examplesOf(task.widths, task.batch)];
    case "einsum":
      return task.shapes.map((shape, k) => of(k + 1, shape));
    default:
      return [of(1, task.op === "transpose" || task.op === "slice" ? [16, 16] : [SIDE, SIDE])];
  }
}

/** Weights and biases of a perceptron, one after the other. */
function parametersOf(widths: readonly number[]): (readonly [Float32Array, readonly number[]])[] {
  return widths.slice(1).flatMap((to, k) => {
    const from = widths[k]!;
    const weights = uniformFloats(k + 1, from * to).map((value) => value * Math.sqrt(3 / from));
    return [[weights, [from, to]] as const, [new Float32Array(to), [to]] as const];
  });
}

/** Inputs, and for each which output should be the largest, as rows of 0 and 1. */
function examplesOf(widths: readonly number[], batch: number): (readonly [Float32Array, readonly number[]])[] {
  const [inputs = 1, classes = 1] = [widths[0], widths.at(-1)];
  const hot = Float32Array.from({ length: batch * classes }, (_, k) => {
    return k % classes === Math.floor(k / classes) * 7 % classes ? 1 : 0;
  });
  return [[uniformFloats(100, batch * inputs), [batch, inputs]], [hot, [batch, classes]]];
}

/** How far a step goes along the gradient. */
export const RATE = 0.1;

/** Steps after which results are compared. */
export const COMPARED_STEPS = 3;

/** The chain of operations of a library that has these functions. */
export function chainOf<Value>(
  x: Value,
  functions: Readonly<Record<"mul" | "add" | "sub" | "max" | "min", (y: Value, operand: Value | number) => Value>>,
  copy: (x: Value) => Value = (x) => x,
): Value {
  let y = copy(x);
  for (const [op, operand] of CHAINS.chain) y = functions[op](y, operand === "x" ? copy(x) : operand);
  return y;
}

/** Calls in a turn of dispatch: few, since what they make is freed between turns alone. */
const CALLS = 1000;
/** Turns of which the median counts; odd. */
const TURNS = 11;

/** A job of which only the dispatch takes time: finalizers run between its turns, not within them. */
export function dispatched(job: Job): Job {
  const turn = async (): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    const start = performance.now();
    for (let k = 0; k < CALLS; k++) {
      const pending = job.run();
      if (pending instanceof Promise) await pending;
    }
    return (performance.now() - start) / CALLS / 1000;
  };
  const measure = async (): Promise<number> => {
    const times: number[] = [];
    for (let k = 0; k < TURNS; k++) times.push(await turn());
    return times.sort((a, b) => a - b)[TURNS >> 1]!;
  };
  return { ...job, measure };
}
