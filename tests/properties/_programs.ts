/**
 * Random functions of arrays: lists of steps, each an operation on values that earlier steps gave.
 *
 * @module
 */

import fc from "npm:fast-check@4.10.2";
import { checkpoint } from "../../array/checkpoint.ts";
import { customJvp } from "../../array/custom_jvp.ts";
import { callback } from "../../array/debug.ts";
import { grad } from "../../array/derivatives.ts";
import * as fn from "../../array/fn.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import { isFloating } from "../../core/dtype.ts";
import type { NDArray } from "../../core/ndarray.ts";

/** What a step does. `k` is a number that it may make use of. */
interface Step {
  /** Its name, for reports. */
  readonly name: string;
  /** Does it; values are floats of any shape, of at most {@linkcode MOST} elements. */
  readonly run: (x: NDArray, y: NDArray, k: number) => NDArray;
  /** Whether it is smooth and well-conditioned, so that finite differences say what its derivative is. */
  readonly isSmooth?: boolean;
  /** Whether it rounds to halves, so that its derivatives are rounded, too. */
  readonly isHalf?: boolean;
}

/** Elements that a value has at most. */
const MOST = 24;

/** The second operand, of a shape that goes with the first. */
function fitted(x: NDArray, y: NDArray): NDArray {
  const from = y.shape.map((size, axis) => size === 1 || size === x.shape[axis + x.ndim - y.ndim]);
  return y.ndim <= x.ndim && from.every(Boolean) ? y : y.sum();
}

function axisOf(x: NDArray, k: number): number {
  return k % Math.max(x.ndim, 1);
}

/** A step along an axis; of scalars it does nothing. */
function along(run: (x: NDArray, axis: number, k: number) => NDArray): Step["run"] {
  return (x, _, k) => x.ndim === 0 || x.size === 0 ? x : run(x, axisOf(x, k), k);
}

const cubed = customJvp((x: NDArray) => x.pow(3));
cubed.defjvp(([x], [dx]) => [cubed(x!), x!.mul(x!).mul(3).mul(dx!)]);

function step(name: string, run: Step["run"], isSmooth = true, isHalf = false): Step {
  return { name, run, isSmooth, isHalf };
}

const STEPS: readonly Step[] = [
  step("sin", (x) => np.sin(x)),
  step("tanh", (x) => np.tanh(x)),
  step("logistic", (x) => fn.sigmoid(x)),
  step("gaussian", (x) => np.exp(np.square(x).neg())),
  step("log1p of square", (x) => np.log1p(np.square(x))),
  step("sqrt of square", (x) => np.sqrt(np.square(x).add(1))),
  step("gelu", (x) => fn.gelu(np.tanh(x))),
  step("neg", (x) => x.neg()),
  step("add", (x, y) => x.add(fitted(x, y))),
  step("sub", (x, y) => np.tanh(x).sub(fitted(x, y))),
  step("mul", (x, y) => x.mul(np.tanh(fitted(x, y)))),
  step("div", (x, y) => x.div(np.square(fitted(x, y)).add(1))),
  step("scalar", (x, _, k) => x.mul(0.5).add(k)),
  step("transpose", (x) => x.T),
  step("ravel", (x) => x.reshape(-1)),
  step("expand", (x) => np.expandDims(x, 0)),
  step("flip", along((x, axis) => np.flip(x, { axis }))),
  step("slice", along((x, axis, k) => lax.sliceInDim(x, k % 2, Math.max(x.shape[axis]!, 1), { axis }))),
  step("step", (x) => x.ndim === 0 ? x : x.get("::2")),
  step(
    "pad",
    along((x, axis, k) => np.pad(x, x.shape.map((_, at): [number, number] => at === axis ? [k % 2, 1] : [0, 0]))),
  ),
  step("concatenate", along((x, axis) => np.concatenate([x, x.mul(2)], { axis }))),
  step("stack", (x, y) => np.stack([x, x.sub(fitted(x, y))])),
  step("broadcast", (x) => np.broadcastTo(x, [2, ...x.shape])),
  step("roll", along((x, axis, k) => np.roll(x, k, { axis }))),
  step("sum", along((x, axis) => x.sum({ axis }))),
  step("mean", along((x, axis) => x.mean({ axis, keepdims: true }))),
  step("cumsum", along((x, axis) => np.cumsum(np.tanh(x), { axis }))),
  step("softmax", along((x, axis) => fn.softmax(x, { axis }))),
  step("logsumexp", along((x, axis) => fn.logsumexp(x, { axis }))),
  step("matmul", (x) => x.ndim < 2 ? x : np.tanh(x.matmul(np.swapaxes(x, -1, -2)))),
  step("outer", (x) => np.outer(np.tanh(x), np.sin(x)).mul(0.25)),
  step("take", along((x, axis, k) => np.take(x, np.array([k % x.shape[axis]!, 0]), { axis }))),
  step("set", (x, _, k) => x.ndim === 0 || x.size === 0 ? x : x.at(k % x.shape[0]!).set(0.5)),
  step("add at", (x, y, k) => x.ndim === 0 || x.size === 0 ? x : x.at(k % x.shape[0]!).add(np.tanh(y.sum()))),
  step("where", (x, y, k) => np.where(np.equal(np.arange(x.size).reshape(x.shape).mod(2 + k % 2), 0), x, fitted(x, y))),
  step("compiled", (x, y) => jit((x: NDArray, y: NDArray) => np.sin(x).mul(np.tanh(y)))(x, fitted(x, y))),
  step("compiled within", (x, y) => jit((x: NDArray) => np.sin(x).mul(np.tanh(fitted(x, y))))(x)),
  step("derivative", (x) => grad((x: NDArray) => np.sin(x).mul(x).sum())(x)),
  step("compiled derivative", (x) => jit(grad((x: NDArray) => np.tanh(x).pow(2).sum()))(x)),
  step("mapped", (x, y) => x.ndim === 0 || x.shape[0] === 0 ? x : vmap((row: NDArray) => row.mul(np.tanh(y.sum())))(x)),
  step(
    "shared",
    (x) =>
      x.ndim === 0 || x.shape[0] === 0
        ? x
        : vmap((row: NDArray) => row.sub(lax.pmean(row, "rows")), { axisName: "rows" })(x),
  ),
  step("recomputed", (x, y) => checkpoint((x: NDArray) => np.sin(np.tanh(x)).mul(np.tanh(y.sum())))(x)),
  step("own rule", (x) => cubed(np.tanh(x))),
  step("looked at", (x) => {
    callback((y: NDArray) => void y.ndim, x);
    return np.sin(x);
  }),
  step("dynamic", along((x, axis, k) => lax.dynamicSliceInDim(x, np.array(k), 1, { axis }))),
  step("einsum", (x) => x.ndim !== 2 ? x : np.einsum("ij,kj->ik", np.tanh(x), x)),
  step("associative", (x) => x.ndim === 0 ? x : lax.associativeScan((a: NDArray, b: NDArray) => a.add(b), np.tanh(x))),
  step("scan", (x, y) =>
    x.ndim === 0 ? x : lax.scan(
      (carry: NDArray, row: NDArray): [NDArray, NDArray] => {
        const next = np.tanh(carry.mul(0.5).add(row.mean()));
        return [next, row.mul(next)];
      },
      np.tanh(y.sum()),
      x,
    )[1]),
  step(
    "reversed scan",
    (x, y) =>
      x.ndim === 0 ? x : lax.scan(
        (carry: NDArray, row: NDArray): [NDArray, null] => [np.tanh(carry.add(row.mul(y.mean()))), null],
        np.zeros(x.shape.slice(1)),
        x,
        { reverse: true },
      )[0],
  ),
  step("loop", (x, y, k) => lax.foriLoop(0, k, (_: NDArray, x: NDArray) => np.sin(x).add(np.tanh(y.mean())), x)),
  step(
    "cond",
    (x, y, k) => lax.cond(k % 2 === 0, (x: NDArray) => np.sin(x), (x: NDArray) => x.mul(np.tanh(y.sum())), x),
  ),
  step(
    "switch by value",
    (x, y) => lax.cond(np.greater(y.sum(), 0.25), (x: NDArray) => np.sin(x), (x: NDArray) => x.mul(2), x),
    false,
  ),
  step("abs", (x) => np.abs(x), false),
  step("maximum", (x, y) => np.maximum(x, fitted(x, y)), false),
  step("relu", (x) => fn.relu(x), false),
  step("max", along((x, axis) => x.max({ axis })), false),
  step("sort", along((x, axis) => np.sort(x, { axis })), false),
  step("floor", (x) => np.floor(x.mul(4)), false),
  step("clip", (x) => np.clip(x, -0.5, 0.5), false),
  step("stop", (x) => lax.stopGradient(x), false),
  step("greater", (x, y) => np.where(np.greater(x, fitted(x, y)), x, 0), false),
  step("argmax", along((x, axis) => np.argmax(x, { axis }).astype("float32")), false),
  step("integers", (x, _, k) => np.clip(x.mul(8), -99, 99).astype("int32").mul(k).astype("float32"), false),
  step("half", (x) => x.astype("float16").add(1).astype("float32"), false, true),
  step("brain", (x) => np.tanh(x.astype("bfloat16")).astype("float32"), false, true),
];

/** A step of a program: which, and on which values. */
export interface Line {
  readonly step: Step;
  readonly a: number;
  readonly b: number;
  readonly k: number;
}

/** Of which steps programs are made: all, those whose derivatives are exact, or smooth ones. */
export type Kind = "any" | "precise" | "smooth";

/** Programs of some steps. */
export function lines(kind: Kind): fc.Arbitrary<Line[]> {
  const steps = STEPS.filter(({ isSmooth, isHalf }) => kind === "any" || !isHalf && (isSmooth || kind === "precise"));
  const line = fc.record({
    step: fc.constantFrom(...steps),
    a: fc.nat(20),
    b: fc.nat(20),
    k: fc.nat(5),
  });
  return fc.array(line, { minLength: 1, maxLength: 12 });
}

/** The function that lines describe. It gives the values that its last steps gave. */
export function functionOf(lines: readonly Line[]): (...inputs: NDArray[]) => NDArray[] {
  return (...inputs) => {
    const values = [...inputs];
    // Of two, the later value is taken more often, so that programs are deep.
    const pick = (number: number): NDArray => values[Math.max(values.length - 1 - number, number % values.length)]!;
    for (const { step, a, b, k } of lines) {
      const y = step.run(pick(a), pick(b), k);
      if (!isFloating(y.dtype)) throw new TypeError(`"${step.name}" gives ${y.dtype}`);
      values.push(y.size > MOST || y.ndim > 4 ? y.reshape(-1).get(`:${MOST}`) : y);
    }
    return values.slice(-Math.min(lines.length, 3));
  };
}

/** What lines do, for reports. */
export function textOf(lines: readonly Line[]): string {
  return lines.map(({ step, a, b, k }) => `${step.name}(${a}, ${b}, ${k})`).join(" ");
}
