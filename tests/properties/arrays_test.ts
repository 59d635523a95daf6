/**
 * Laws of array functions on any shapes and views, against references that are a few lines of loops.
 *
 * The library is a development dependency of these tests alone: they run in Deno, and not in the suite of the package.
 *
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "npm:fast-check@4.10.2";
import * as lax from "../../array/lax.ts";
import * as np from "../../array/np.ts";
import { at, get } from "../../array/indexing.ts";
import { readNow } from "../../array/read.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { scope } from "../../core/storage.ts";
import { decodeNpy, encodeNpy } from "../../formats/mod.ts";
import { Slice } from "../../tree/slice.ts";
import { start } from "../_support.ts";

await start();

/** An array and what it holds, in row-major order. */
interface Sample {
  readonly x: NDArray;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** All indices of a shape, in row-major order. */
function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, size) => prefixes.flatMap((prefix) => Array.from({ length: size }, (_, k) => [...prefix, k])),
    [[]],
  );
}

/** The place of an index among the elements. */
function flat(shape: readonly number[], index: readonly number[]): number {
  return index.reduce((place, k, axis) => place * shape[axis]! + k, 0);
}

function elements(x: NDArray): number[] {
  return [...readNow("test", x)];
}

/** A sample of what an array is seen to be. */
function sampleOf(x: NDArray): Sample {
  return { x, shape: x.shape, values: elements(x) };
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Arrays of int32 of any shape, seen through steps that change their strides. */
const samples: fc.Arbitrary<Sample> = fc.tuple(
  shapes,
  fc.integer(),
  fc.array(fc.constantFrom("transpose", "reverse", "step", "repeat"), { maxLength: 3 }),
).map(([shape, seed, steps]) => {
  const size = shape.reduce((product, length) => product * length, 1);
  const numbers = Int32Array.from({ length: size }, (_, k) => Math.imul(k + 1, 2654435761 ^ seed) % 1000);
  let x = np.array(numbers, { shape });
  for (const step of steps) {
    const last = x.ndim - 1;
    if (last < 0) break;
    if (step === "transpose") x = np.transpose(x);
    else if (step === "reverse") x = np.flip(x, { axis: last });
    else if (step === "step") x = get(x, "...", new Slice(null, null, 2));
    else if (x.size < 200) x = np.broadcastTo(x, [2, ...x.shape]);
  }
  return sampleOf(x);
});

/** Checks a law on samples; what it makes is freed. */
function law<T>(name: string, arbitrary: fc.Arbitrary<T>, body: (value: T) => void): void {
  test(name, () => fc.assert(fc.property(arbitrary, (value) => scope(() => body(value))), { numRuns: 150 }));
}

/** Samples with one of their axes. */
const withAxis = samples.filter(({ shape }) => shape.length > 0)
  .chain((sample) =>
    fc.tuple(fc.constant(sample), fc.integer({ min: -sample.shape.length, max: sample.shape.length - 1 }))
  );

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The elements along an axis, for each place along the others. */
function lines({ shape, values }: Sample, axis: number): number[][] {
  const others = shape.map((size, k) => k === axis ? 1 : size);
  return indicesOf(others).map((index) =>
    Array.from({ length: shape[axis]! }, (_, k) => values[flat(shape, index.toSpliced(axis, 1, k))]!)
  );
}

law("add() broadcasts by strides", fc.tuple(samples, fc.integer({ min: 0, max: 4 })), ([sample, from]) => {
  const { x, shape, values } = sample;
  const tail = get(x, ...shape.slice(0, from).map((size) => size === 0 ? ":" : 0));
  if (from > shape.length || shape.slice(0, from).includes(0)) return;
  const other = elements(tail);
  const expected = indicesOf(shape).map((index, k) => values[k]! + other[flat(tail.shape, index.slice(from))]!);
  assert.deepEqual(elements(np.add(x, tail)), expected);
});

law("sum(), max() and argmin() go along any axis", withAxis, ([sample, axis]) => {
  const own = positive(axis, sample.shape.length);
  const all = lines(sample, own);
  assert.deepEqual(
    elements(np.sum(sample.x, { axis })),
    all.map((line) => line.reduce((sum, value) => sum + value, 0)),
  );
  if (sample.shape[own] === 0) return;
  assert.deepEqual(elements(np.max(sample.x, { axis })), all.map((line) => Math.max(...line)));
  assert.deepEqual(elements(np.argmin(sample.x, { axis })), all.map((line) => line.indexOf(Math.min(...line))));
});

law("cumsum(), sort(), flip() and roll() go along any axis", withAxis, ([sample, axis]) => {
  const own = positive(axis, sample.shape.length);
  const along = (f: (line: readonly number[]) => readonly number[]): number[] => {
    const out = new Array<number>(sample.values.length);
    const others = sample.shape.map((size, k) => k === own ? 1 : size);
    indicesOf(others).forEach((index, row) =>
      f(lines(sample, own)[row]!).forEach((value, k) => out[flat(sample.shape, index.toSpliced(own, 1, k))] = value)
    );
    return out;
  };
  let sum = 0;
  assert.deepEqual(
    elements(np.cumsum(sample.x, { axis })),
    along((line) => (sum = 0, line.map((value) => sum += value))),
  );
  assert.deepEqual(elements(np.sort(sample.x, { axis })), along((line) => line.toSorted((a, b) => a - b)));
  assert.deepEqual(elements(np.flip(sample.x, { axis })), along((line) => line.toReversed()));
  assert.deepEqual(
    elements(np.roll(sample.x, 1, { axis })),
    along((line) => line.map((_, k) => line.at((k - 1) % line.length)!)),
  );
});

law("reshape(), ravel() and transpose() keep the elements", samples, ({ x, shape, values }) => {
  assert.deepEqual(elements(np.ravel(x)), values);
  assert.deepEqual(elements(np.reshape(x, [1, ...shape, 1])), values);
  const order = [...shape.keys()].reverse();
  const turned = indicesOf(order.map((axis) => shape[axis]!)).map((index) => values[flat(shape, index.toReversed())]!);
  assert.deepEqual(elements(np.transpose(x)), turned);
  assert.deepEqual(elements(np.transpose(np.transpose(x))), values);
});

law("split() undoes concatenate()", withAxis, ([{ x, values }, axis]) => {
  const joined = np.concatenate([x, x, x], { axis });
  for (const part of np.split(joined, 3, { axis })) assert.deepEqual(elements(part), values);
});

const slices = fc.tuple(
  fc.option(fc.integer({ min: -5, max: 5 })),
  fc.option(fc.integer({ min: -5, max: 5 })),
  fc.option(fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0)),
);

/** The places that a slice names, as Python does it. */
function placesOf([start, stop, step]: readonly (number | null)[], size: number): number[] {
  const pace = step ?? 1;
  const clamp = (place: number, low: number, high: number): number => Math.min(Math.max(place, low), high);
  const bound = (place: number | null | undefined, otherwise: number): number =>
    place === null || place === undefined
      ? otherwise
      : clamp(place < 0 ? place + size : place, pace > 0 ? 0 : -1, pace > 0 ? size : size - 1);
  const [from, to] = pace > 0 ? [bound(start, 0), bound(stop, size)] : [bound(start, size - 1), bound(stop, -1)];
  const places: number[] = [];
  for (let k = from; pace > 0 ? k < to : k > to; k += pace) places.push(k);
  return places;
}

law(
  "get() and at().set() take slices as Python does",
  fc.tuple(samples, fc.array(slices, { maxLength: 4 })),
  ([sample, given]) => {
    const { x, shape, values } = sample;
    const items = given.slice(0, shape.length);
    const places = shape.map((size, axis) =>
      axis < items.length ? placesOf(items[axis]!, size) : [...Array(size).keys()]
    );
    const chosen = indicesOf(places.map(({ length }) => length)).map((index) =>
      index.map((k, axis) => places[axis]![k]!)
    );
    const index = items.map(([start, stop, step]) => new Slice(start, stop, step));
    assert.deepEqual(elements(get(x, ...index)), chosen.map((place) => values[flat(shape, place)]));
    const written = [...values];
    chosen.forEach((place) => written[flat(shape, place)] = 7);
    assert.deepEqual(elements(at(x, ...index).set(7)), written);
  },
);

law("get() takes integer arrays and masks", withAxis, ([{ x, shape, values }, axis]) => {
  const own = positive(axis, shape.length);
  const size = shape[own]!;
  if (size === 0) return;
  const places = [0, -1, size - 1, 0];
  const expected = np.concatenate(
    places.map((place) => lax.sliceInDim(x, (place + size) % size, (place + size) % size + 1, { axis: own })),
    { axis: own },
  );
  assert.deepEqual(elements(get(x, ...Array<string>(own).fill(":"), np.array(places))), elements(expected));
  assert.deepEqual(elements(get(x, np.greater(x, 0))), values.filter((value) => value > 0));
});

/** Subscripts of two operands, with sizes for the labels. */
const contractions = fc.tuple(
  fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 }),
  fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 }),
  fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
);

law("einsum() is its sum", contractions, ([left, right, kept, sizes]) => {
  const sizeOf = (label: string): number => sizes["abcd".indexOf(label)]!;
  const labels: string[] = [...new Set([...left, ...right])];
  const out = labels.filter((_, k) => kept[k]);
  const operand = (own: readonly string[], by: number): Sample => {
    const shape = own.map(sizeOf);
    const count = shape.reduce((product, size) => product * size, 1);
    return sampleOf(np.array(Int32Array.from({ length: count }, (_, k) => (k * by) % 7 - 3), { shape }));
  };
  const [a, b] = [operand(left, 5), operand(right, 3)];
  const shape = out.map(sizeOf);
  const sums = new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0);
  for (const index of indicesOf(labels.map(sizeOf))) {
    const of = (own: readonly string[]): number[] => own.map((label) => index[labels.indexOf(label)]!);
    sums[flat(shape, of(out))]! += a.values[flat(a.shape, of(left))]! * b.values[flat(b.shape, of(right))]!;
  }
  const subscripts = `${left.join("")},${right.join("")}->${out.join("")}`;
  assert.deepEqual(elements(np.einsum(subscripts, a.x, b.x)), sums);
});

law("npy files give back what they were made of", samples, ({ x, shape, values }) => {
  const read = decodeNpy(encodeNpy(x));
  assert.deepEqual([read.shape, elements(read)], [shape, values]);
});
