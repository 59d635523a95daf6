/**
 * What tests of loops and branches share: results of JAX (`scripts/goldens/control_flow.py`), and a check of a function
 * against the same one written without loops, under all transformations.
 *
 * @module
 */

import assert from "node:assert/strict";
import goldens from "../goldens/control_flow.json" with { type: "json" };
import { grad, jvp, linearize, vjp } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { vmap } from "../../array/vmap.ts";
import { isFloating } from "../../core/dtype.ts";
import { NDArray } from "../../core/ndarray.ts";
import * as random from "../../random/mod.ts";
import { leaves } from "../../tree/flatten.ts";
import { start } from "../_support.ts";

await start();

export function draw(seed: number, ...shape: number[]): NDArray {
  return random.normal(random.key(seed), shape);
}

/** Numbers of a tree of arrays or lists, in order. */
export function numbers(tree: unknown): number[] {
  return leaves(tree).flatMap((leaf) => leaf instanceof NDArray ? [...leaf.dataSync()].map(Number) : [leaf as number]);
}

/** Compares numbers, relative to the largest of them. */
export function close(name: string, actual: unknown, expected: unknown, tolerance: number): void {
  const [a, b] = [numbers(actual), numbers(expected)];
  assert.equal(a.length, b.length, name);
  const scale = Math.max(...b.map(Math.abs), 1e-3);
  a.forEach((value, k) =>
    assert(
      Object.is(value, b[k]) || Math.abs(value - b[k]!) <= tolerance * scale,
      `${name}: ${value} at ${k}, not ${b[k]}`,
    )
  );
}

/** Compares with JAX's results, relative to the largest number. */
export function golden(name: keyof typeof goldens.results & string, actual: unknown, tolerance = 2e-6): void {
  close(name, actual, goldens.results[name], tolerance);
}

type Scalar = (...args: NDArray[]) => NDArray;

/** The part of arguments that marks pick. */
function subsets(count: number): boolean[][] {
  return Array.from(
    { length: 2 ** count },
    (_, bits) => Array.from({ length: count }, (_, k) => (bits >> k) % 2 === 1),
  );
}

/** How much of a function is checked. */
interface Checked {
  /** The arguments that are differentiated: those of floats if left out. */
  readonly argnums?: readonly number[];
  /** Whether there is reverse mode. */
  readonly reverse?: boolean;
  /** Relative to the largest number. */
  readonly tolerance?: number;
}

/**
 * Checks that a function gives what another one does, under all transformations and nests of them.
 *
 * @param name What it is called.
 * @param fn A function of arrays that gives a float.
 * @param plain The same, without loops and branches.
 * @param args Its arguments.
 * @param checked How much is checked.
 */
export function same(name: string, fn: Scalar, plain: Scalar, args: readonly NDArray[], checked: Checked = {}): void {
  const floats = args.map((_, k) => k).filter((k) => isFloating(args[k]!.dtype));
  const { argnums = floats, reverse = true, tolerance = 2e-5 } = checked;
  const check = (what: string, of: (f: Scalar) => unknown, bound = tolerance): void =>
    close(`${name}: ${what}`, of(fn), of(plain), bound);
  const points = argnums.map((k) => args[k]!);
  const directions = points.map((x, k) => draw(100 + k, ...x.shape));
  /** The function of the arguments that are differentiated. */
  const at = (f: Scalar, all: readonly NDArray[] = args): Scalar => (...own) =>
    f(...all.map((x, k) => argnums.includes(k) ? own[argnums.indexOf(k)]! : x));
  const push = (f: Scalar) => (...xs: NDArray[]): NDArray => jvp(f, xs, directions)[1];
  check("value", (f) => f(...args));
  check("jit", (f) => jit(f)(...args));
  check("jvp", (f) => push(at(f))(...points));
  check("jit of jvp", (f) => jit(push(at(f)))(...points));
  check("jvp of jvp", (f) => push(push(at(f)))(...points), 10 * tolerance);
  check("linearize", (f) => linearize(at(f), ...points)[1](...directions));
  for (const [k, x] of points.entries()) {
    // Some tangents are zero.
    const one = (f: Scalar) => (own: NDArray): NDArray => at(f)(...points.map((y, at) => at === k ? own : y));
    check(`jvp by ${k}`, (f) => jvp(one(f), [x], [directions[k]!])[1]);
    if (reverse) check(`grad by ${k}`, (f) => grad(one(f))(x));
    // Held, and not passed.
    check(`jvp by ${k}, with jit around`, (f) => jit((own: NDArray) => jvp(one(f), [own], [directions[k]!])[1])(x));
  }
  const all = { argnums: argnums.map((_, k) => k) };
  const pull = (f: Scalar) => (...own: NDArray[]): NDArray[] => grad(f, all)(...own) as unknown as NDArray[];
  const norm = (f: Scalar): Scalar => (...own) =>
    pull(f)(...own).map((g) => np.sin(g).sum()).reduce((sum, y) => sum.add(y));
  if (reverse) {
    check("grad", (f) => pull(at(f))(...points));
    check("jit of grad", (f) => jit(pull(at(f)))(...points));
    check("grad of jit", (f) => pull(jit(at(f)))(...points));
    check("vjp", (f) => vjp(at(f), ...points)[1](np.array(0.5, { dtype: "float32" })));
    check("jvp of grad", (f) => jvp((...own: NDArray[]) => pull(at(f))(...own), points, directions)[1], 10 * tolerance);
    check("grad of grad", (f) => pull(norm(at(f)))(...points), 10 * tolerance);
    check("grad of jvp", (f) => pull(push(at(f)))(...points), 10 * tolerance);
  }
  for (const marks of subsets(args.length).slice(1)) {
    const batch = args.map((x, k) => marks[k] ? np.stack([x, np.flip(x), x]) : x);
    const options = { inAxes: marks.map((is) => is ? 0 : null) };
    const what = `of arguments ${marks.flatMap((is, k) => is ? [k] : [])}`;
    check(`vmap ${what}`, (f) => vmap(f, options)(...batch));
    const whole = argnums.map((k) => batch[k]!);
    const moved = whole.map((x, k) => draw(200 + k, ...x.shape));
    const mapped = (f: Scalar): Scalar => (...own) =>
      vmap(f, options)(...batch.map((x, k) => argnums.includes(k) ? own[argnums.indexOf(k)]! : x));
    check(`jvp of vmap ${what}`, (f) => jvp(mapped(f), whole, moved)[1]);
    if (!reverse) continue;
    const total = (f: Scalar): Scalar => (...own) => np.sin(mapped(f)(...own)).sum();
    check(`grad of vmap ${what}`, (f) => pull(total(f))(...whole));
    check(`jit of grad of vmap ${what}`, (f) => jit(pull(total(f)))(...whole));
    check(`vmap of grad ${what}`, (f) => vmap(grad(f, { argnums }) as Scalar, options)(...batch));
    check(`vmap of jit ${what}`, (f) => vmap(jit(f), options)(...batch));
  }
}
