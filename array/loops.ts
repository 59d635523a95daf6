/**
 * Loops: over rows, with a condition, over numbers.
 *
 * A loop's body is traced once and written down, so that it is one operation, whatever the number of its turns.
 *
 * @module
 */

import { type Aval, describe } from "../core/aval.ts";
import { bind } from "../core/bind.ts";
import { asArray, constant, kindOf } from "../core/constant.ts";
import { isInteger } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import { promoteTypes, type TypeOf } from "../core/promotion.ts";
import { add } from "../ops/add.ts";
import { concatenate } from "../ops/concatenate.ts";
import { convertElementType } from "../ops/convert_element_type.ts";
import { lt } from "../ops/lt.ts";
import { reshape } from "../ops/reshape.ts";
import { scanPrimitive } from "../ops/scan.ts";
import { sliceInDim } from "../ops/slice.ts";
import { whilePrimitive } from "../ops/while_loop.ts";
import { filled } from "../ops/zeros.ts";
import { map as mapTree } from "../tree/map.ts";
import { flatten } from "../tree/flatten.ts";
import type { TreeDef } from "../tree/treedef.ts";
import { type Body, checkCarry, checkFunction, promoteWeak, type Traced, type Tree, writeBody } from "./_bodies.ts";
import { checkFit } from "./_lax_checks.ts";
import { arrayLeaves } from "./_trees.ts";
import { item } from "./read.ts";
import { vmap } from "./vmap.ts";

export type { Traced, Tree };

/** How a loop goes over rows. */
export interface ScanOptions {
  /** How many rows there are, where no array says so. */
  readonly length?: number;
  /** Whether it begins at the last row. The results lie where their rows do. */
  readonly reverse?: boolean;
  /** How many rows a compiled loop does in a turn, or `true` for all: the results are the same. */
  readonly unroll?: number | boolean;
}

/** How a loop goes over numbers. */
export interface ForiOptions {
  /** How many numbers a compiled loop does in a turn, or `true` for all; bounds have to be known then. */
  readonly unroll?: number | boolean;
}

/** How a function is mapped. */
export interface MapOptions {
  /** How many rows are done at once, by {@linkcode vmap}; one if left out. */
  readonly batchSize?: number;
}

/** How many rows the arrays have. */
function lengthOf(op: string, rows: readonly NDArray[], length: number | undefined): number {
  const scalar = rows.find((x) => x.ndim === 0);
  checkFit(op, scalar === undefined, () => ({
    state: "an array has no rows to go over",
    operand: "xs",
    actual: describe(scalar!),
    expected: "arrays with at least one axis",
    remedy: "pass what is the same for all rows by the carry, or use it in the body as it is",
  }));
  const sizes = [...new Set(rows.map(({ shape }) => shape[0]!))];
  checkFit(op, sizes.length < 2, () => ({
    state: "the arrays differ in the number of rows",
    operand: "xs",
    actual: rows.map(describe).join(", "),
    expected: `one size of all first axes, not ${sizes.join(" and ")}`,
    remedy: "cut off or pad the longer ones",
  }));
  checkFit(op, length !== undefined || sizes.length > 0, () => ({
    state: "nothing says how many rows there are",
    operand: "length",
    actual: "no arrays to go over, and no length",
    expected: "one of them",
    remedy: "pass { length }",
  }));
  const given = length ?? sizes[0]!;
  checkFit(op, Number.isInteger(given) && given >= 0, () => ({
    state: "the length is not a whole number from 0",
    operand: "length",
    actual: `${given}`,
    expected: "a number of rows",
    remedy: "round it, or leave it out where arrays say it",
  }));
  checkFit(op, sizes.length === 0 || sizes[0] === given, () => ({
    state: "the length is not that of the arrays",
    operand: "length",
    actual: `${given} for ${rows.map(describe).join(", ")}`,
    expected: `${sizes[0]}`,
    remedy: "leave it out where arrays say it",
  }));
  return given;
}

/** How many rows are done in a turn. */
function unrollOf(op: string, unroll: number | boolean | undefined, length: number): number {
  const given = unroll === true ? Math.max(length, 1) : unroll === false || unroll === undefined ? 1 : unroll;
  checkFit(op, Number.isInteger(given) && given > 0, () => ({
    state: "unroll is no number of rows",
    operand: "unroll",
    actual: `${unroll}`,
    expected: "a whole number from 1, or a boolean",
    remedy: "leave it out",
  }));
  return given;
}

/** The body of a scan as a function of leaves, and the structures of what it gave last. */
interface RowFunction {
  readonly call: (...leaves: NDArray[]) => unknown;
  carry(): TreeDef;
  row(): TreeDef;
}

function onRow(
  fn: (carry: never, x: never) => readonly [unknown, unknown],
  carries: number,
  ofCarry: TreeDef,
  ofRow: TreeDef,
): RowFunction {
  let structures: readonly TreeDef[] = [];
  return {
    call: (...leaves) => {
      const carry = ofCarry.unflatten(leaves.slice(0, carries)) as never;
      const result = fn(carry, ofRow.unflatten(leaves.slice(carries)) as never) as unknown;
      if (!Array.isArray(result) || result.length !== 2) {
        const actual = Array.isArray(result) ? `a list of ${result.length}` : kindOf(result);
        throw new TypeError(`Cannot scan: the body gives ${actual}; return a pair, [carry, y], where y may be null`);
      }
      structures = result.map((part) => flatten(part)[1]);
      return result;
    },
    carry: () => structures[0]!,
    row: () => structures[1]!,
  };
}

/**
 * Goes over rows: `[carry, y[i]] = f(carry, x[i])`, one after the other.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const compound = (balance: pz.NDArray, rate: pz.NDArray) => {
 *   const next = balance.mul(rate.add(1));
 *   return [next, next.sub(balance)] as const;
 * };
 * const [balance, interest] = pz.lax.scan(compound, 100, pz.np.array([0.5, 0.25]));
 * assert.equal(balance.item(), 187.5);
 * assert.deepEqual(interest.tolist(), [50, 37.5]);
 * ```
 *
 * @param f The body: takes the carry and a row, gives the next carry, of the same structure, shapes and dtypes, and what is
 *   stacked. It is traced once.
 * @param init The first carry: a tree of arrays.
 * @param xs A tree of arrays, whose first axis is gone over; `null` for none.
 * @param options How many rows there are, and from which end.
 * @returns The last carry, and the results of all rows, stacked along a new first axis.
 * @throws {ValueError} If the arrays differ in the number of rows, or nothing says it.
 * @throws {TypeError} If the body gives no pair, or a carry of other types than it takes. A weak type is promoted first.
 *
 * JAX: `jax.lax.scan`.
 */
export function scan<Carry extends Tree, X extends Tree, Y extends Tree>(
  f: (carry: Traced<Carry>, x: X) => readonly [carry: unknown, y: Y],
  init: Carry,
  xs: X,
  options: ScanOptions = {},
): [carry: Traced<Carry>, ys: Traced<Y>] {
  return scanned("scan", f, init, xs, options) as [Traced<Carry>, Traced<Y>];
}

function scanned(
  op: string,
  f: (carry: never, x: never) => readonly [unknown, unknown],
  init: unknown,
  xs: unknown,
  { length, reverse = false, unroll }: ScanOptions,
  hidden = 0,
): [carry: unknown, ys: unknown] {
  checkFunction(op, "the body", f);
  const [first, ofCarry] = arrayLeaves(op, init);
  const [rows, ofRows] = arrayLeaves(op, xs);
  const size = lengthOf(op, rows, length);
  const turns = unrollOf(op, unroll, size);
  const x = rows.map(({ shape, dtype, weakType }): Aval => ({ shape: shape.slice(1), dtype, weakType }));
  const row = onRow(f, first.length, ofCarry, ofRows);
  const carriesOf = ({ avals }: Body): readonly Aval[] => avals.slice(0, row.carry().numLeaves);
  const write = (own: readonly NDArray[]): Body => writeBody(op, row.call, [...own, ...x]);
  let [carry, body]: [readonly NDArray[], Body] = [first, write(first)];
  const promoted = promoteWeak(carry, carriesOf(body));
  if (promoted !== undefined) [carry, body] = [promoted, write(promoted)];
  checkCarry(op, [ofCarry, carry], [row.carry(), carriesOf(body)], hidden);
  const results = bind(scanPrimitive, [...body.held, ...carry, ...rows], {
    program: body.program,
    consts: body.held.length,
    carries: carry.length,
    length: size,
    reverse,
    unroll: turns,
  });
  return [
    ofCarry.unflatten(results.slice(0, carry.length)),
    row.row().unflatten(results.slice(carry.length)),
  ];
}

/**
 * Goes on as long as a condition holds: `while (condition(carry)) carry = body(carry)`.
 *
 * It is differentiated forwards alone, by `jvp` or `jacfwd`: how many turns it takes is not known before. Under `vmap` it
 * goes on while one example has to, and those that are done keep what they have.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const halvings = (x: pz.NDArray) =>
 *   pz.lax.whileLoop(([x]) => x.gt(1), ([x, n]) => [x.div(2), n.add(1)], [x, 0])[1];
 * assert.deepEqual(pz.vmap(halvings)(pz.np.array([0.5, 8, 100])).tolist(), [0, 3, 7]);
 * ```
 *
 * @param condition Takes the carry, and gives a bool, an array without axes.
 * @param body Takes the carry, and gives the next one, of the same structure, shapes and dtypes.
 * @param init The first carry: a tree of arrays.
 * @returns The last carry, for which the condition does not hold.
 * @throws {TypeError} If the condition gives no bool, or the body a carry of other types than it takes.
 *
 * JAX: `jax.lax.while_loop`.
 */
export function whileLoop<Carry extends Tree>(
  condition: (carry: Traced<Carry>) => NDArray | boolean,
  body: (carry: Traced<Carry>) => unknown,
  init: Carry,
): Traced<Carry> {
  return looped("whileLoop", condition, body, init) as Traced<Carry>;
}

function looped(
  op: string,
  condition: (carry: never) => unknown,
  body: (carry: never) => unknown,
  init: unknown,
  hidden = 0,
): unknown {
  checkFunction(op, "the condition", condition);
  checkFunction(op, "the body", body);
  const [first, structure] = arrayLeaves(op, init);
  const onCarry = (fn: (carry: never) => unknown) => (...leaves: NDArray[]): unknown =>
    fn(structure.unflatten(leaves) as never);
  let [carry, turn]: [readonly NDArray[], Body] = [first, writeBody(op, onCarry(body), first)];
  const promoted = promoteWeak(carry, turn.avals);
  if (promoted !== undefined) [carry, turn] = [promoted, writeBody(op, onCarry(body), promoted)];
  const goesOn = writeBody(op, onCarry(condition), carry);
  const [is] = goesOn.avals;
  if (
    goesOn.structure.numLeaves !== 1 || goesOn.structure.kind !== null || is!.shape.length !== 0 || is!.dtype !== "bool"
  ) {
    const actual = goesOn.structure.kind === null ? describe(is!) : `a tree, ${goesOn.structure}`;
    throw new TypeError(`Cannot ${op}: the condition gives ${actual}; return a bool without axes, as x.lt(1).all()`);
  }
  checkCarry(op, [structure, carry], [turn.structure, turn.avals], hidden);
  const results = bind(whilePrimitive, [...goesOn.held, ...turn.held, ...carry], {
    cond: goesOn.program,
    body: turn.program,
    condConsts: goesOn.held.length,
    bodyConsts: turn.held.length,
  });
  return structure.unflatten(results);
}

/** A bound of a loop over numbers: a whole number, or an array of one integer. */
function boundOf(name: string, bound: NDArray | number): NDArray {
  const array = typeof bound === "number" && !Number.isInteger(bound) ? undefined : asArray("foriLoop", bound);
  if (array !== undefined && array.ndim === 0 && isInteger(array.dtype)) return array;
  const actual = array === undefined ? `${bound}` : describe(array);
  throw new TypeError(`Cannot foriLoop: the bound "${name}" is ${actual}; pass a whole number`);
}

/** What a loop over numbers carries. */
type Counted<Carry> = readonly [i: NDArray, carry: Traced<Carry>];
type Bounded<Carry> = readonly [i: NDArray, end: NDArray, carry: Traced<Carry>];

/** The type that a loop counts in. */
function counterType(lower: NDArray, upper: NDArray): TypeOf {
  const [a, b] = [lower as TypeOf, upper as TypeOf];
  if (a.dtype === b.dtype) return { dtype: a.dtype, weakType: a.weakType && b.weakType };
  if (a.weakType !== b.weakType) return a.weakType ? b : a;
  if (a.weakType) return promoteTypes(a, b);
  throw new TypeError(
    `Cannot foriLoop: the bounds are of ${a.dtype} and ${b.dtype}; cast one, as upper.astype("${a.dtype}")`,
  );
}

/**
 * Goes over numbers: `for (let i = lower; i < upper; i++) carry = body(i, carry)`.
 *
 * With bounds that are known when it is traced, it is a {@linkcode scan}, and can be differentiated; with others a
 * {@linkcode whileLoop}.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 *
 * const factorial = pz.lax.foriLoop(1, 6, (i, product: pz.NDArray) => product.mul(i), pz.np.array(1));
 * assert.equal(factorial.item(), 120);
 * ```
 *
 * @param lower The first number.
 * @param upper The number that is no more gone to.
 * @param body Takes the number, an array of an integer, and the carry, and gives the next carry.
 * @param init The first carry: a tree of arrays.
 * @param options How it is unrolled.
 * @returns The last carry.
 * @throws {TypeError} If a bound is no integer, or the body gives a carry of other types than it takes.
 *
 * JAX: `jax.lax.fori_loop`.
 */
export function foriLoop<Carry extends Tree>(
  lower: NDArray | number,
  upper: NDArray | number,
  body: (i: NDArray, carry: Traced<Carry>) => unknown,
  init: Carry,
  { unroll }: ForiOptions = {},
): Traced<Carry> {
  const op = "foriLoop";
  checkFunction(op, "the body", body);
  const [from, to] = [boundOf("lower", lower), boundOf("upper", upper)];
  const type = counterType(from, to);
  if (from.tracedBy === undefined && to.tracedBy === undefined) {
    const [start, end] = [Number(item(from)), Number(item(to))];
    const row = ([i, own]: Counted<Carry>) => [[add(i, filled(1, i)), body(i, own)], null] as const;
    const options = { length: Math.max(end - start, 0), ...unroll === undefined ? {} : { unroll } };
    const [[, last]] = scanned(op, row, [constant(start), init], null, options, 1) as [Counted<Carry>, null];
    return last;
  }
  checkFit(op, unroll === undefined || unroll === false || unroll === 1, () => ({
    state: "a loop whose bounds are not known cannot be unrolled",
    operand: "unroll",
    actual: `${unroll}`,
    expected: "bounds that are numbers",
    remedy: "leave unroll out, or pass numbers for both bounds",
  }));
  const [, , last] = looped(
    op,
    ([i, end]: Bounded<Carry>) => lt(i, end),
    ([i, end, own]: Bounded<Carry>) => [add(i, filled(1, i)), end, body(i, own)],
    [convertElementType(from, type), convertElementType(to, type), init],
    2,
  ) as Bounded<Carry>;
  return last;
}

/**
 * Maps a function over rows, one after the other: `y[i] = f(x[i])`.
 *
 * Where {@linkcode vmap} needs memory for all rows at once, this needs it for one, or for `batchSize` of them.
 *
 * @param f A function of a row.
 * @param xs A tree of arrays, whose first axis is gone over.
 * @param options How many rows are done at once.
 * @returns The results, stacked along a new first axis.
 * @throws {ValueError} If the arrays differ in the number of rows, or there are none.
 *
 * JAX: `jax.lax.map`.
 */
export function map<X extends Tree, Y extends Tree>(f: (x: X) => Y, xs: X, { batchSize }: MapOptions = {}): Traced<Y> {
  const op = "map";
  checkFunction(op, "the first argument", f);
  const one = (fn: (x: X) => Y, rows: X): Traced<Y> =>
    scanned(op, (_: null, x: X) => [null, fn(x)] as const, null, rows, {})[1] as Traced<Y>;
  if (batchSize === undefined) return one(f, xs);
  checkFit(op, Number.isInteger(batchSize) && batchSize > 0, () => ({
    state: "batchSize is no number of rows",
    operand: "batchSize",
    actual: `${batchSize}`,
    expected: "a whole number from 1",
    remedy: "leave it out to do one row at a time",
  }));
  const [rows, structure] = arrayLeaves(op, xs);
  const length = lengthOf(op, rows, undefined);
  const batches = Math.floor(length / batchSize);
  const some = (part: (x: NDArray) => NDArray): X => structure.unflatten(rows.map(part)) as X;
  const whole = some((x) =>
    reshape(sliceInDim(x, 0, batches * batchSize, 0), [batches, batchSize, ...x.shape.slice(1)])
  );
  const joined = mapTree(
    (y: NDArray) => reshape(y, [batches * batchSize, ...y.shape.slice(2)]),
    one(vmap(f), whole),
  ) as Traced<Y>;
  if (batches * batchSize === length) return joined;
  const rest = vmap(f)(some((x) => sliceInDim(x, batches * batchSize, length, 0)));
  return mapTree((y: NDArray, z: NDArray) => concatenate([y, z], 0), joined, rest) as Traced<Y>;
}
