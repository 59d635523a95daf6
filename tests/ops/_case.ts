/**
 * The case table of primitives: what a row is, and what follows from it.
 *
 * To add an operation, add a row to one of the `_cases_….ts` files: the primitive, its parameters, the shapes and dtypes of
 * its operands, and which of these it is linear in.
 *
 * @module
 */

import assert from "node:assert/strict";
import { constant, fromElements } from "../../core/constant.ts";
import { bind } from "../../core/bind.ts";
import type { ArrayDtype } from "../../core/dtype.ts";
import { NDArray } from "../../core/ndarray.ts";
import { LinearOperand, type Primitive, Zero } from "../../core/primitive.ts";
import { pushForward } from "../../core/jvp.ts";
import type { EagerArray } from "../../core/eager.ts";
import { linearizeAt, pullBack } from "../../core/linearize.ts";
import { writeClosed } from "../../core/program.ts";
import { Executable } from "../../staging/executable.ts";
import { mapBatch } from "../../core/vmap.ts";
import { add } from "../../ops/add.ts";
import { mul } from "../../ops/mul.ts";
import { filled } from "../../ops/zeros.ts";
import { readNow } from "../../array/read.ts";
import { broadcastInDim } from "../../ops/broadcast_in_dim.ts";
import { convertElementType } from "../../ops/convert_element_type.ts";
import { copy } from "../../ops/copy.ts";
import { randomWrap } from "../../ops/random_wrap.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice.ts";
import { transpose } from "../../ops/transpose.ts";
import type { DType, ElementArray } from "../../wasm/dtype.ts";
import { lcg } from "../_support.ts";

/** An operand of a case. */
export interface CaseInput {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its dtype; float32 if left out. */
  readonly dtype?: ArrayDtype;
  /** The least of the seeded values: -2 if left out. */
  readonly low?: number;
  /** What they are below: 2 if left out. */
  readonly high?: number;
  /** The values themselves. */
  readonly values?: readonly number[];
}

/** A row of the table. */
export interface Case {
  /** What the row is about. */
  readonly name: string;
  /** The primitive. */
  // deno-lint-ignore no-explicit-any -- rows have primitives of any parameters
  readonly primitive: Primitive<any>;
  /** Its parameters. */
  readonly params: object;
  /** Its operands. */
  readonly inputs: readonly CaseInput[];
  /** The operands, each of which it is linear in when the others are fixed. */
  readonly linear?: readonly number[];
  /** The operands to be checked by finite differences: all of float32, if left out. */
  readonly differentiable?: readonly number[];
  /** The operands that may be batched; all, if left out. */
  readonly vmapOperands?: readonly number[];
  /** How far finite differences may be off, relative to the largest derivative. */
  readonly tolerance?: number;
  /** Why the tolerance is what it is. */
  readonly reason?: string;
  /** Why its results of halves are not its results of float32, rounded once; they are, if left out. */
  readonly halves?: string;
}

/** Seeded values of an operand. */
function valuesOf({ shape, dtype = "float32", low = -2, high = 2, values }: CaseInput, seed: number): NDArray {
  if (dtype === "prngKey") return randomWrap(valuesOf({ shape: [...shape, 2], dtype: "uint32", high: 2 ** 31 }, seed));
  const size = shape.reduce((product, length) => product * length, 1);
  const states = lcg(seed);
  const number = (k: number): number => {
    const at = low + (states.next().value as number) / 2 ** 32 * (high - low);
    return values === undefined ? (dtype.includes("float") ? at : Math.floor(at)) : values[k % values.length]!;
  };
  const floats = fromElements(Float32Array.from({ length: size }, (_, k) => number(k)), [...shape], "float32");
  return convertElementType(floats, { dtype, weakType: false });
}

/** The operands of a row, of shapes that a batch makes longer. */
function inputsOf({ inputs }: Case, seed = 1): NDArray[] {
  return inputs.map((input, k) => valuesOf(input, seed + 17 * k));
}

function run({ primitive, params }: Case, inputs: readonly NDArray[]): readonly NDArray[] {
  return bind(primitive, inputs, params);
}

function elements(x: NDArray): ElementArray {
  return readNow("test", x);
}

/** The same elements with other strides: axes stored the other way round, every second of twice as many. */
function strided(x: NDArray): NDArray {
  if (x.ndim === 0 || x.size === 0) return x;
  const doubled = broadcastInDim(x, [...x.shape, 2], x.shape.map((_, axis) => axis));
  const backward = [...doubled.shape.keys()].reverse();
  const stored = copy(transpose(doubled, backward));
  const shown = transpose(stored, backward);
  const one = slice(shown, shown.shape.map(() => 0), [...x.shape, 1]);
  return reshape(one, x.shape);
}

/** Strided operands give the bits of contiguous ones. */
export function checkStrides(row: Case): void {
  const inputs = inputsOf(row);
  const expected = run(row, inputs);
  run(row, inputs.map(strided)).forEach((output, k) => {
    assert.deepEqual(
      [...elements(output)],
      [...elements(expected[k]!)],
      `${row.name}: output ${k} of strided operands`,
    );
  });
}

/** As a part of a plan of the engine it gives the bits of the operation done at once. */
export function checkStaged(row: Case): void {
  const inputs = inputsOf(row);
  const expected = run(row, inputs);
  // Copies before and after are intermediate results, and what lies between them is one, too.
  const fn = (...args: NDArray[]): readonly NDArray[] => {
    const outputs = run(row, args.map(copy));
    return [...outputs, ...outputs.map(copy), ...run(row, args)];
  };
  const [program] = writeClosed("test", fn, inputs);
  for (const some of [inputs, inputs.map(strided)]) {
    const args = some as readonly NDArray[] as readonly EagerArray[];
    const executable = new Executable(row.name, program, args.map(({ strides }) => strides));
    executable.run(args).forEach((output, k) => {
      const same = expected[k % expected.length]!;
      assert.deepEqual([...elements(output)], [...elements(same)], `${row.name}: output ${k} of the plan`);
      assert.deepEqual([output.shape, output.dtype, output.weakType], [same.shape, same.dtype, same.weakType]);
    });
  }
}

/** Of halves it gives what it gives of float32, rounded once. */
export function checkHalves(row: Case): void {
  const inputs = inputsOf(row);
  const cast = (x: NDArray, from: DType, dtype: DType): NDArray =>
    x.dtype === from ? convertElementType(x, { dtype, weakType: false }) : x;
  for (const half of ["float16", "bfloat16"] as const) {
    const narrow = inputs.map((x) => cast(x, "float32", half));
    const wide = run(row, narrow.map((x) => cast(x, half, "float32")));
    run(row, narrow).forEach((output, k) => {
      const expected = elements(output.dtype === half ? cast(wide[k]!, "float32", half) : wide[k]!);
      assert.deepEqual([...elements(output)], [...expected], `${row.name}: output ${k} of ${half}`);
    });
  }
}

/** Of nothing it makes nothing. */
export function checkEmpty(row: Case): void {
  const inputs = inputsOf({ ...row, inputs: row.inputs.map((input) => ({ ...input, shape: [0, 3] })) });
  for (const output of run(row, inputs)) assert.deepEqual(output.shape, [0, 3], row.name);
}

function isFloat32(x: NDArray): boolean {
  return x.dtype === "float32";
}

/** The sum of the products of elements. */
function dot(a: ElementArray, b: ElementArray): number {
  return Array.from(a).reduce((sum, value, k) => sum + value * b[k]!, 0);
}

/** The change of the results by a change of one operand, as the rule has it; `undefined` where it is 0. */
function tangentsOf(row: Case, inputs: readonly NDArray[], at: number, dx: NDArray): (NDArray | undefined)[] {
  const outputs = run(row, inputs);
  const tangents = inputs.map((x, k) => k === at ? dx : new Zero(x));
  return row.primitive.jvp(inputs, tangents, outputs, row.params).map((dy, k) => {
    if (dy instanceof Zero) return undefined;
    assert.deepEqual(dy.shape, outputs[k]!.shape, `${row.name}: the shape of tangent ${k}`);
    assert.equal(dy.dtype, outputs[k]!.dtype, `${row.name}: the dtype of tangent ${k}`);
    return dy;
  });
}

/** The derivative of the rule is that of finite differences. */
export function checkJvp(row: Case): void {
  const inputs = inputsOf(row);
  const operands = row.differentiable ??
    inputs.map((x, k) => isFloat32(x) && x.size > 0 ? k : -1).filter((k) => k >= 0);
  for (const at of operands) {
    const x = inputs[at]!;
    const dx = valuesOf({ shape: x.shape, low: -1, high: 1 }, 99);
    const tangents = tangentsOf(row, inputs, at, dx);
    const step = 2 ** -9;
    const [direction, values] = [elements(dx), elements(x)];
    const moved = (by: number): readonly NDArray[] => {
      const own = fromElements(
        values.map((value: number, k: number) => value + by * direction[k]!),
        x.shape,
        "float32",
      );
      return run(row, inputs.map((input, k) => k === at ? own : input));
    };
    const [up, down] = [moved(step), moved(-step)];
    tangents.forEach((dy, k) => {
      if (!isFloat32(up[k]!)) return assert.equal(dy, undefined, `${row.name}: integers have no tangents`);
      const [above, below] = [elements(up[k]!), elements(down[k]!)];
      const expected = Array.from(above, (value, i) => (value - below[i]!) / (2 * step));
      const actual = dy === undefined ? expected.map(() => 0) : [...elements(dy)];
      const bound = (row.tolerance ?? 2e-2) * Math.max(1, ...expected.map(Math.abs));
      actual.forEach((value, i) => {
        const off = Math.abs(value - expected[i]!);
        assert(off <= bound, `${row.name}: derivative by operand ${at} is ${value} at ${i}, not ${expected[i]}`);
      });
    });
  }
}

/** The transpose is that of the map: `<ct, A x> = <Aᵀ ct, x>` for the map that operand `at` is put through. */
export function checkTranspose(row: Case): void {
  for (const at of row.linear ?? []) {
    const inputs = inputsOf(row);
    const outputs = run(row, inputs);
    const cts = outputs.map((y, k) => valuesOf({ shape: y.shape, low: -1, high: 1 }, 7 + k));
    const zero = run(row, inputs.map((x, k) => k === at ? broadcastInDim(constantZero(), x.shape, []) : x));
    const given = inputs.map((x, k) => k === at ? new LinearOperand(x) : x);
    const transposed = row.primitive.transpose(cts, given, row.params)[at];
    assert(transposed !== undefined, `${row.name}: no cotangent for operand ${at}`);
    const x = inputs[at]!;
    if (!(transposed instanceof Zero)) {
      assert.deepEqual(transposed.shape, x.shape, `${row.name}: shape of the cotangent`);
    }
    // An affine map of the operand is linear once its value at 0 is taken off.
    const left = outputs.reduce((sum, y, k) =>
      sum + dot(elements(cts[k]!), elements(y)) -
      dot(elements(cts[k]!), elements(zero[k]!)), 0);
    const right = transposed instanceof Zero ? 0 : dot(elements(transposed), elements(x));
    assert(
      Math.abs(left - right) <= 1e-4 * Math.max(1, Math.abs(left)),
      `${row.name}: <ct, Ax> ${left}, <Atct, x> ${right}`,
    );
  }
}

/** The arguments of a row that are differentiated, and the row as a function of them. */
function differentiated(
  row: Case,
): readonly [at: readonly number[], inputs: NDArray[], fn: (...args: NDArray[]) => readonly NDArray[]] {
  const inputs = inputsOf(row);
  const at = inputs.map((x, k) => isFloat32(x) ? k : -1).filter((k) => k >= 0);
  return [at, inputs, (...args) => run(row, inputs.map((x, k) => at.includes(k) ? args[at.indexOf(k)]! : x))];
}

/** Reverse mode, which transposes all that the derivative rule does, is the transpose of forward mode. */
export function checkReverse(row: Case): void {
  const [at, inputs, fn] = differentiated(row);
  const primals = at.map((k) => inputs[k]!);
  const dxs = primals.map((x, k) => valuesOf({ shape: x.shape, low: -1, high: 1 }, 71 + k));
  const [outputs, dys] = pushForward("jvp", fn, primals, dxs);
  const [again, { program, tangents }] = linearizeAt("vjp", fn, primals);
  outputs.forEach((y, k) => assert.deepEqual([...elements(again[k]!)], [...elements(y)], `${row.name}: result ${k}`));
  const cts = outputs.map((y, k) => valuesOf({ shape: y.shape, low: -1, high: 1 }, 83 + k));
  const ofOutputs = program.outputs.map((_, n) => cts[tangents.indexOf(n)]!);
  const back = pullBack(program, ofOutputs, add);
  const left = dys.reduce((sum, dy, k) => sum + (dy instanceof Zero ? 0 : dot(elements(cts[k]!), elements(dy))), 0);
  const right = back.reduce((sum, ct, k) => sum + (ct instanceof Zero ? 0 : dot(elements(ct), elements(dxs[k]!))), 0);
  if (Number.isFinite(left)) {
    assert(
      Math.abs(left - right) <= 1e-3 * Math.max(1, Math.abs(left)),
      `${row.name}: <ct, J dx> ${left}, <Jt ct, dx> ${right}`,
    );
  }
}

/** The change of its derivative is that of finite differences, and reverse mode through it the transpose of that. */
export function checkSecond(row: Case): void {
  const [at, inputs, fn] = differentiated(row);
  const primals = at.map((k) => inputs[k]!);
  const directions = (seed: number): NDArray[] =>
    primals.map((x, k) => valuesOf({ shape: x.shape, low: -1, high: 1 }, seed + k));
  const [first, second] = [directions(41), directions(61)];
  const derivative = (...xs: NDArray[]): readonly NDArray[] =>
    pushForward("jvp", fn, xs, first)[1].filter((dy) => dy instanceof NDArray);
  const [values, changes] = pushForward("jvp", derivative, primals, second);
  const step = 2 ** -9;
  const moved = (by: number): readonly NDArray[] =>
    derivative(...primals.map((x, k) => add(x, mul(second[k]!, filled(by, x)))));
  const [up, down] = [moved(step), moved(-step)];
  changes.forEach((dy, k) => {
    const [above, below] = [elements(up[k]!), elements(down[k]!)];
    const expected = Array.from(above, (value, i) => (value - below[i]!) / (2 * step));
    const actual = dy instanceof Zero ? expected.map(() => 0) : [...elements(dy)];
    const bound = (row.tolerance ?? 2e-2) * Math.max(1, ...expected.map(Math.abs));
    actual.forEach((value, i) => {
      const off = Math.abs(value - expected[i]!);
      assert(off <= bound, `${row.name}: second derivative ${k} is ${value} at ${i}, not ${expected[i]}`);
    });
  });
  const [, { program, tangents }] = linearizeAt("vjp", derivative, primals);
  const cts = values.map((y, k) => valuesOf({ shape: y.shape, low: -1, high: 1 }, 23 + k));
  const back = pullBack(program, program.outputs.map((_, n) => cts[tangents.indexOf(n)]!), add);
  const left = changes.reduce((sum, dy, k) => sum + (dy instanceof Zero ? 0 : dot(elements(cts[k]!), elements(dy))), 0);
  const right = back.reduce(
    (sum, ct, k) => sum + (ct instanceof Zero ? 0 : dot(elements(ct), elements(second[k]!))),
    0,
  );
  assert(
    !Number.isFinite(left) || Math.abs(left - right) <= 1e-3 * Math.max(1, Math.abs(left)),
    `${row.name}: twice, <ct, J dx> is ${left}, <Jt ct, dx> ${right}`,
  );
}

/** Derivatives of batches are batches of derivatives. */
export function checkBatchedJvp(row: Case): void {
  const [at, inputs, fn] = differentiated(row);
  const size = 2;
  const of = (seed: number): NDArray[] =>
    at.map((k) => valuesOf({ ...row.inputs[k]!, shape: [size, ...inputs[k]!.shape] }, seed + k));
  const [primals, dxs] = [of(5), of(55)];
  const written = (y: NDArray, dy: NDArray | Zero): NDArray =>
    dy instanceof Zero ? broadcastInDim(constantZero(), y.shape, []) : dy;
  const tangentsAt = (xs: readonly NDArray[], ds: readonly NDArray[]): NDArray[] => {
    const [ys, dys] = pushForward("jvp", fn, xs, ds);
    return ys.map((y, k) => written(y, dys[k]!));
  };
  const count = at.length;
  const both = (...args: NDArray[]): NDArray[] => tangentsAt(args.slice(0, count), args.slice(count));
  const [outputs, bdims] = mapBatch(size, both, [...primals, ...dxs], Array(2 * count).fill(0));
  for (let example = 0; example < size; example++) {
    const own = (x: NDArray): NDArray => sliceOf(x, 0, example);
    both(...primals.map(own), ...dxs.map(own)).forEach((expected, k) => {
      const actual = bdims[k] === undefined ? outputs[k]! : sliceOf(outputs[k]!, bdims[k], example);
      const [a, b] = [elements(actual), elements(expected)];
      assert.deepEqual(actual.shape, expected.shape, row.name);
      a.forEach((value, i) => {
        const isSame = Object.is(value, b[i]) || Math.abs(value - b[i]!) <= 1e-4 * Math.max(1, Math.abs(b[i]!));
        assert(isSame, `${row.name}: tangent ${k} of example ${example} is ${value} at ${i}, not ${b[i]}`);
      });
    });
  }
}

function constantZero(): NDArray {
  return constant(0, { dtype: "float32", weakType: false });
}

/** All sets of some of the operands, the empty one aside. */
function subsets(operands: readonly number[]): number[][] {
  return operands.reduce<number[][]>((sets, operand) => [...sets, ...sets.map((set) => [...set, operand])], [[]]).slice(
    1,
  );
}

/** The slice of a batch. */
function sliceOf(x: NDArray, axis: number, at: number): NDArray {
  const starts = x.shape.map((_, k) => k === axis ? at : 0);
  const limits = x.shape.map((size, k) => k === axis ? at + 1 : size);
  return reshape(slice(x, starts, limits), x.shape.filter((_, k) => k !== axis));
}

/** On batches it does to each what it does to one. */
export function checkVmap(row: Case): void {
  const size = 3;
  const single = inputsOf(row);
  const operands = row.vmapOperands ?? row.inputs.map((_, k) => k);
  for (const batched of subsets(operands)) {
    for (const turn of [0, 1]) {
      const bdims = row.inputs.map(({ shape }, k) =>
        batched.includes(k) ? turn === 0 ? 0 : Math.min(1 + k, shape.length) : undefined
      );
      const inputs = row.inputs.map((input, k) => {
        const bdim = bdims[k];
        if (bdim === undefined) return single[k]!;
        return valuesOf({ ...input, shape: input.shape.toSpliced(bdim, 0, size) }, 31 + k);
      });
      const [outputs, dims] = row.primitive.vmap(size, inputs, bdims, row.params);
      for (let at = 0; at < size; at++) {
        const expected = run(row, inputs.map((x, k) => bdims[k] === undefined ? x : sliceOf(x, bdims[k], at)));
        expected.forEach((y, k) => {
          const own = dims[k] === undefined ? outputs[k]! : sliceOf(outputs[k]!, dims[k]!, at);
          const what = `${row.name}: batch ${at}, operands [${batched}] along [${bdims}]`;
          assert.deepEqual(own.shape, y.shape, what);
          assert.equal(own.dtype, y.dtype, what);
          const [actual, wanted] = [elements(own), elements(y)];
          actual.forEach((value, i) => {
            const isSame = Object.is(value, wanted[i]) || value === wanted[i] ||
              Math.abs(value - wanted[i]!) <= 1e-5 * Math.max(1, Math.abs(wanted[i]!));
            assert(isSame, `${what}: element ${i} is ${value}, not ${wanted[i]}`);
          });
        });
      }
    }
  }
}
