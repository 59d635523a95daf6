/**
 * Arrays of jax-js, one operation a call.
 *
 * It enqueues what is called and does it when a result is asked for, on its pool of workers (`blockUntilReady`) or on the
 * calling thread (`dataSync`): the faster of both is timed. Its calls take their operands' ownership; `ref` makes one that
 * survives.
 *
 * @module
 */
import { chainOf, COMPARED_STEPS, dispatched, isDispatch, operands, RATE, type Task } from "../tasks.ts";
import { fastest } from "./fastest.ts";
import type { Engine, Job } from "../contract.ts";

interface JaxArray {
  readonly ref: JaxArray;
  blockUntilReady(): Promise<JaxArray>;
  data(): Promise<Float32Array>;
  dataSync(): Float32Array;
  dispose(): void;
}

type JaxBinary = (x: JaxArray, y: JaxArray | number) => JaxArray;
type JaxReduction = (x: JaxArray, axis: number | null) => JaxArray;

/** What is used of the library. */
interface Jax {
  init(): Promise<readonly string[]>;
  defaultDevice(device: string): unknown;
  readonly numpy: {
    array(data: Float32Array, options: { readonly shape: readonly number[]; readonly dtype: string }): JaxArray;
    transpose(x: JaxArray): JaxArray;
    matmul(x: JaxArray, y: JaxArray): JaxArray;
    einsum(subscripts: string, x: JaxArray, y: JaxArray): JaxArray;
    readonly add: JaxBinary;
    readonly subtract: JaxBinary;
    readonly multiply: JaxBinary;
    readonly maximum: JaxBinary;
    readonly minimum: JaxBinary;
    readonly sum: JaxReduction;
    readonly mean: JaxReduction;
    readonly max: JaxReduction;
  };
  readonly nn: { relu(x: JaxArray): JaxArray; logSoftmax(x: JaxArray): JaxArray };
  // deno-lint-ignore no-explicit-any -- functions of any trees of arrays
  jit<F extends (...args: any[]) => unknown>(f: F): F;
  valueAndGrad<Parameters>(
    f: (parameters: Parameters, ...rest: JaxArray[]) => JaxArray,
  ): (parameters: Parameters, ...rest: JaxArray[]) => [value: JaxArray, gradient: Parameters];
  blockUntilReady(tree: unknown): Promise<unknown>;
  readonly random: { key(seed: number): JaxArray; normal(key: JaxArray, shape: readonly number[]): JaxArray };
}

const VERSION = "0.1.25";
/** In a variable, so that type checking and tests never fetch the package. */
const PACKAGE = `npm:@jax-js/jax@${VERSION}`;

/** A step of gradient descent of a perceptron, again and again. */
function steps({ numpy: np, nn, jit, valueAndGrad, blockUntilReady }: Jax, task: Task & { readonly op: "step" }): Job {
  const given = operands(task).map(([data, shape]) => np.array(data, { shape, dtype: "float32" }));
  const [first, [x, y]] = [given.slice(0, -2), given.slice(-2) as [JaxArray, JaxArray]];
  const loss = (parameters: JaxArray[], x: JaxArray, y: JaxArray): JaxArray => {
    let z = x;
    for (let k = 0; k < parameters.length; k += 2) {
      z = np.add(np.matmul(k === 0 ? z : nn.relu(z), parameters[k]!), parameters[k + 1]!);
    }
    return np.multiply(np.sum(np.multiply(nn.logSoftmax(z), y), null), -1 / task.batch);
  };
  const step = jit((parameters: JaxArray[], x: JaxArray, y: JaxArray): [JaxArray[], JaxArray] => {
    const [value, gradient] = valueAndGrad(loss)(parameters.map(({ ref }) => ref), x, y);
    return [parameters.map((parameter, k) => np.subtract(parameter, np.multiply(gradient[k]!, RATE))), value];
  });
  let parameters = first.map(({ ref }) => ref);
  return {
    run: async () => {
      const [next, value] = step(parameters, x.ref, y.ref);
      parameters = next;
      value.dispose();
      await blockUntilReady(parameters);
    },
    result: () => {
      let own = first.map(({ ref }) => ref);
      for (let k = 0; k < COMPARED_STEPS; k++) {
        const [next, value] = step(own, x.ref, y.ref);
        value.dispose();
        own = next;
      }
      own.forEach((array, k) => k !== own.length - 2 && array.dispose());
      return own.at(-2)!.data();
    },
    dispose: () => [...given, ...parameters].forEach((array) => array.dispose()),
  };
}

/** The jobs of a task, one for each side that may do it. */
function jobs(jax: Jax, task: Task): Job[] {
  if (task.op === "step") return [steps(jax, task)];
  const { numpy: np, random, jit } = jax;
  const given = operands(task).map(([data, shape]) => np.array(data, { shape, dtype: "float32" }));
  const [x, y] = given;
  const key = random.key(0);
  const sum = jit((...leaves: JaxArray[]): JaxArray => {
    leaves.slice(1, -1).forEach((leaf) => leaf.dispose());
    return np.add(leaves[0]!, leaves.at(-1)!);
  });
  const functions = { mul: np.multiply, add: np.add, sub: np.subtract, max: np.maximum, min: np.minimum };
  const call = (): JaxArray => {
    switch (task.op) {
      case "add":
        return np.add(x!.ref, y!.ref);
      case "transpose":
        return np.transpose(x!.ref);
      case "call":
        return sum(...given.map(({ ref }) => ref));
      case "chain":
        return chainOf<JaxArray>(x!, functions, (array) => array.ref);
      case "einsum":
        return np.einsum(task.subscripts, x!.ref, y!.ref);
      case "normal":
        return random.normal(key.ref, [task.size]);
      case "slice":
        throw new Error("Cannot slice without evaluating");
      default:
        return np[task.op](x!.ref, task.axis ?? null);
    }
  };
  const sides: readonly ((z: JaxArray) => unknown)[] = [
    (z) => z.blockUntilReady().then(() => z.dispose()),
    (z) => z.dataSync(),
  ];
  let owners = sides.length;
  return sides.map((finish) => {
    const whole = {
      run: () => finish(call()),
      dispose: () => {
        owners -= 1;
        if (owners === 0) [...given, key].forEach((array) => array.dispose());
      },
    };
    if (task.op === "normal") return whole; // a sample of its own
    const job = { ...whole, result: () => call().data() };
    return isDispatch(task) ? dispatched(job) : job;
  });
}

/** Starts the library with a pool of `threads` workers. */
export async function start(threads: number): Promise<Engine> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads, configurable: true });
  const jax = await import(PACKAGE) as Jax;
  await jax.init();
  jax.defaultDevice("wasm");
  return {
    about: `jax-js ${VERSION}, wasm, ${threads} worker${threads === 1 ? "" : "s"}`,
    prepare: (spec) => spec.op !== "task" || spec.task.op === "slice" ? undefined : fastest(jobs(jax, spec.task)),
  };
}
