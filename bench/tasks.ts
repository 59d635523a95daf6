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
  return op === "add" || op === "transpose" || op === "slice";
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
    case "einsum":
      return task.shapes.map((shape, k) => of(k + 1, shape));
    default:
      return [of(1, task.op === "transpose" || task.op === "slice" ? [16, 16] : [SIDE, SIDE])];
  }
}

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
