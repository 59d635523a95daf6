/**
 * Tensors of TensorFlow.js on its WebAssembly backend, one operation a call; it computes in the call.
 *
 * One thread, whatever the machine has (tensorflow/tfjs issue 8513).
 *
 * @module
 */
import { chainOf, dispatched, isDispatch, operands, type Task } from "../tasks.ts";
import type { Engine, Job } from "../contract.ts";

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

type TfBinary = (x: Tensor, y: Tensor | number) => Tensor;
type TfReduction = (x: Tensor, axis?: number) => Tensor;

/** What is used of the core package. */
interface Tf {
  setBackend(name: string): Promise<boolean>;
  tidy(f: () => Tensor): Tensor;
  tensor(data: Float32Array, shape: readonly number[], dtype: string): Tensor;
  transpose(x: Tensor): Tensor;
  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  readonly add: TfBinary;
  readonly sub: TfBinary;
  readonly mul: TfBinary;
  readonly maximum: TfBinary;
  readonly minimum: TfBinary;
  readonly sum: TfReduction;
  readonly mean: TfReduction;
  readonly max: TfReduction;
}

const VERSION = "4.22.0";
/** In variables, so that type checking and tests never fetch the packages. */
const [CORE, BACKEND] = [`npm:@tensorflow/tfjs-core@${VERSION}`, `npm:@tensorflow/tfjs-backend-wasm@${VERSION}`];

/** A task as a job; `undefined` where the backend lacks it. */
function job(tf: Tf, task: Task): Job | undefined {
  // The backend lacks the kernel of one, the host has a generator of its own for another; nothing is compiled.
  if (task.op === "einsum" || task.op === "normal" || task.op === "call" || task.op === "step") return undefined;
  const given = operands(task).map(([data, shape]) => tf.tensor(data, shape, "float32"));
  const [x, y] = given;
  const functions = { mul: tf.mul, add: tf.add, sub: tf.sub, max: tf.maximum, min: tf.minimum };
  const compute = (): Tensor => {
    switch (task.op) {
      case "add":
        return tf.add(x!, y!);
      case "transpose":
        return tf.transpose(x!);
      case "slice":
        return tf.slice(x!, [1], [2]);
      case "chain":
        return chainOf(x!, functions);
      default:
        return tf[task.op](x!, task.axis);
    }
  };
  const call = (): Tensor => tf.tidy(compute);
  const whole: Job = {
    run: () => call().dispose(),
    result: () => {
      const z = call();
      const data = z.dataSync().slice();
      z.dispose();
      return data;
    },
    dispose: () => given.forEach((tensor) => tensor.dispose()),
  };
  return isDispatch(task) ? dispatched(whole) : whole;
}

/** Starts the library. */
export async function start(): Promise<Engine> {
  const tf = await import(CORE) as Tf;
  await import(BACKEND);
  await tf.setBackend("wasm");
  return {
    about: `tfjs-wasm ${VERSION}, 1 thread`,
    prepare: (spec) => spec.op === "task" ? job(tf, spec.task) : undefined,
  };
}
