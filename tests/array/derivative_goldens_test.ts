/**
 * Replays derivatives that JAX has computed (`scripts/goldens/derivatives.py`), of every function that has them: jvp, vjp,
 * Hessian times vector, and gradients of batches, eagerly and compiled.
 *
 * @module
 */

import { test } from "node:test";
import assert from "node:assert/strict";
import goldens from "../goldens/derivatives.json" with { type: "json" };
import { grad, jvp, vjp } from "../../array/derivatives.ts";
import * as fn from "../../array/fn.ts";
import { jit } from "../../array/jit.ts";
import * as lax from "../../array/lax.ts";
import * as linalg from "../../array/linalg.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import { heldPrograms } from "../../core/held_programs.ts";
import { NDArray } from "../../core/ndarray.ts";
import type { Program } from "../../core/program.ts";
import { scope } from "../../core/storage.ts";
import { CASES as ELEMENTWISE } from "../ops/_cases_elementwise.ts";
import { CASES as MOVEMENT } from "../ops/_cases_movement.ts";
import { CASES as REDUCTIONS } from "../ops/_cases_reductions.ts";
import { lcg, start } from "../_support.ts";
import { NO_DERIVATIVES, TOLERANCES, UNREACHED } from "./_derivative_tolerances.ts";
import { bytesOf, call, constantsOf, type GoldenCase } from "./_goldens.ts";

await start();

/** An operand: its shape, the range of its values, and whether they are sorted. */
type Drawn = readonly [shape: readonly number[], low: number, high: number, order?: string];

/** Numbers as base64 of float32, or how many zeros there are. */
type Numbers = string | number;

/** A call and its derivatives: `scripts/goldens/derivatives.py` says what the letters are. */
interface DerivativeCase extends GoldenCase {
  readonly d: readonly Drawn[];
  readonly y: readonly (readonly number[])[];
  readonly j?: Numbers;
  readonly v?: Numbers;
  readonly h?: Numbers;
  readonly g?: Numbers;
}

const CASES = goldens.cases as unknown as readonly DerivativeCase[];
const COPIES = 3;

/** The values of a case, in the order in which its generator gives them. */
function drawn(place: number, { d, y }: DerivativeCase): Record<"points" | "tangents" | "cts" | "batches", NDArray[]> {
  const states = lcg(place);
  const draw = ([shape, low, high, order]: Drawn): NDArray => {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = Array.from({ length: size }, () => low + (states.next().value! >>> 8) / 2 ** 24 * (high - low));
    return np.reshape(np.array(Float32Array.from(order === undefined ? values : values.sort((a, b) => a - b))), shape);
  };
  const points = d.map(draw);
  const tangents = d.map(([shape]) => draw([shape, -2, 2]));
  const cts = y.map((shape) => draw([shape, -2, 2]));
  const more = Array.from({ length: COPIES - 1 }, () => d.map(draw));
  return { points, tangents, cts, batches: points.map((x, k) => np.stack([x, ...more.map((copy) => copy[k]!)])) };
}

/** The arrays of floats in a result, in order. */
function floatsOf(result: unknown): NDArray[] {
  if (result instanceof NDArray) return result.dtype === "float32" ? [result] : [];
  return typeof result === "object" && result !== null ? Object.values(result).flatMap(floatsOf) : [];
}

/** What a case asks for, by its letter: functions and what they are given. */
function derivativesOf(
  place: number,
  one: DerivativeCase,
): Record<"j" | "v" | "h" | "g", [() => NDArray[], () => NDArray[]]> {
  const { points, tangents, cts, batches } = drawn(place, one);
  // What is fixed is an array from outside, which transformations close over.
  const fixed = constantsOf(one);
  const f = (...xs: NDArray[]): NDArray[] => floatsOf(call(fixed, xs));
  const product = (...xs: NDArray[]): NDArray =>
    f(...xs).map((y, k) => y.mul(cts[k]!).sum()).reduce((sum, part) => sum.add(part));
  const gradient = grad(product, { argnums: points.map((_, k) => k) }) as (...xs: NDArray[]) => NDArray[];
  const forms = {
    j: [(xs: NDArray[]) => jvp(f, xs, tangents)[1], points],
    v: [(xs: NDArray[]) => vjp(f, ...xs)[1](cts), points],
    h: [(xs: NDArray[]) => jvp(gradient, xs, tangents)[1], points],
    g: [(xs: NDArray[]) => vmap(gradient)(...xs), batches],
  } as const;
  return Object.fromEntries(
    Object.entries(forms).map(([letter, [form, xs]]) => {
      const all = form as (xs: NDArray[]) => NDArray[];
      return [letter, [() => all(xs), () => jit(all)(xs)]];
    }),
  ) as ReturnType<typeof derivativesOf>;
}

function numbersOf(stored: Numbers): Float32Array {
  return typeof stored === "number" ? new Float32Array(stored) : new Float32Array(bytesOf(stored).buffer);
}

/** The largest number by its size; 1 if all are zeros. */
function largest(...stored: Numbers[]): number {
  return stored.reduce<number>(
    (most, part) => numbersOf(part).reduce((own, x) => Math.max(own, Math.abs(x)), most),
    0,
  ) || 1;
}

/** Compares with JAX's numbers. */
function compare(actual: readonly NDArray[], expected: Numbers, bound: number, what: string): void {
  const values = actual.flatMap((x) => [...x.dataSync()]);
  const wanted = numbersOf(expected);
  assert.equal(values.length, wanted.length, what);
  values.forEach((value, k) => {
    const off = Math.abs(value - wanted[k]!);
    assert(off <= bound, `${what}: ${value} at ${k}, not ${wanted[k]}: off by ${off}, more than ${bound}`);
  });
}

const NAMES = { j: "jvp", v: "vjp", h: "Hessian times vector", g: "vmap of grad" } as const;

/** Compares all that a case asks for; gives what differs. */
function faultsOf(place: number, one: DerivativeCase): string[] {
  const faults: string[] = [];
  const forms = derivativesOf(place, one);
  if (one.e !== undefined) { for (const run of [...forms.j, ...forms.v]) assert.throws(run, { name: "PenjingError" }); }
  for (const letter of ["j", "v", "h", "g"] as const) {
    if (one[letter] === undefined) continue;
    const tolerance = TOLERANCES[`${one.f} ${letter}`] ?? TOLERANCES[one.f] ?? [2e-6];
    // What is summed up for a tangent may be as large as the gradient, and cancel; so may terms of second derivatives.
    const scale = letter === "j" || letter === "h" ? largest(one[letter]!, one.v!) : largest(one[letter]!);
    forms[letter].forEach((run, k) => {
      const what = `${NAMES[letter]}${k === 0 ? "" : ", compiled"}`;
      try {
        scope(() => {
          compare(run(), one[letter]!, tolerance[0] * scale, what);
        });
      } catch (error) {
        const { f, a, o } = one;
        faults.push(`${JSON.stringify({ f, a, o })} ${String((error as Error).message).slice(0, 500)}`);
      }
    });
  }
  return faults;
}

const byFunction = new Map<string, [place: number, one: DerivativeCase][]>();
CASES.forEach((one, place) => byFunction.set(one.f, [...byFunction.get(one.f) ?? [], [place, one]]));

for (const [name, cases] of byFunction) {
  test(`derivatives of ${name} are JAX's`, () => {
    const faults = cases.flatMap(([place, one]) => faultsOf(place, one));
    assert.equal(faults.length, 0, faults.join("\n"));
  });
}

test("piecewise() has the derivatives of where()", () => {
  const x = np.array([-1.5, 0.25, 2]);
  const pieces = (x: NDArray): NDArray => np.piecewise(x, [x.lt(0)], [np.sin, (x) => x.mul(x)]);
  const chosen = (x: NDArray): NDArray => np.where(x.lt(0), np.sin(x), x.mul(x));
  for (
    const by of [(f: typeof pieces) => grad((x: NDArray) => f(x).sum()), (f: typeof pieces) => vmap(grad(grad(f)))]
  ) {
    assert.deepEqual(by(pieces)(x).tolist(), by(chosen)(x).tolist());
  }
});

test("every function has derivatives that are compared with JAX's, or a reason", () => {
  const left: string[] = [];
  const names = Object.entries({ np, lax, fn, linalg }).flatMap(([space, functions]) =>
    Object.entries(functions).filter(([, value]) => typeof value === "function" && !/^class/.test(String(value)))
      .map(([name]) => `${space}.${name}`)
  );
  const compared = new Set(CASES.filter((one) => one.e === undefined).map(({ f }) => f));
  for (const name of names) if (!compared.has(name) && !(name in NO_DERIVATIVES)) left.push(name);
  assert.deepEqual(left, []);
  const known = new Set([...names, ...byFunction.keys()]);
  assert.deepEqual(Object.keys(NO_DERIVATIVES).filter((name) => !known.has(name)), [], "names that are no functions");
});

test("every primitive that has a derivative is reached, or has a reason", () => {
  const reached = new Set<string>();
  const visit = ({ equations }: Program): void => {
    for (const { primitive, params } of equations) {
      reached.add(primitive.name);
      heldPrograms(params).forEach(visit);
    }
  };
  CASES.forEach((one, place) => {
    visit(makeProgram((...xs: NDArray[]) => floatsOf(call(one, xs)))(...drawn(place, one).points));
  });
  const rows = [...ELEMENTWISE, ...MOVEMENT, ...REDUCTIONS].filter(({ differentiable, inputs }) =>
    differentiable?.length !== 0 && inputs.some(({ dtype = "float32" }) => dtype === "float32")
  );
  const differentiable = [...new Set(rows.map(({ primitive }) => primitive.name))];
  assert.deepEqual(differentiable.filter((name) => !reached.has(name) && !(name in UNREACHED)), []);
  assert.deepEqual(Object.keys(UNREACHED).filter((name) => reached.has(name)), [], "reasons that are needed no more");
});
