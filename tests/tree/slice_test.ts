import assert from "node:assert/strict";
import test from "node:test";
import { PenjingError, ValueError } from "../../errors/mod.ts";
import { kindOf } from "../../tree/node.ts";
import { ELLIPSIS, indexExpr, NEW_AXIS, Slice, slice, type SliceBound } from "../../tree/slice.ts";
import { structuralKey, StructuralSet } from "../../tree/structural_key.ts";

function parts({ start, stop, step }: Slice): readonly (number | null)[] {
  return [start, stop, step];
}

test("T-SS-01 indexExpr() returns its items; slice.parse() reads what slice() says", () => {
  const start = slice(2, null, 10);
  const stop = slice(null, 3);
  const items = indexExpr(1, start, stop, "foo");
  assert.equal(items.length, 4);
  assert.equal(items[0], 1);
  assert.equal(items[1], start);
  assert.equal(items[2], stop);
  assert.equal(items[3], "foo");
  assert.deepEqual(slice.parse("2::10"), slice(2, null, 10));
  assert.deepEqual(slice.parse(":3"), slice(null, 3));
});

test("slice() takes stop alone, as Python does, or start and stop and step", () => {
  assert.deepEqual(parts(slice(5)), [null, 5, null]);
  assert.deepEqual(parts(slice(null)), [null, null, null]);
  assert.deepEqual(parts(slice(1, 3)), [1, 3, null]);
  assert.deepEqual(parts(slice(1, undefined)), [1, null, null]);
  assert.deepEqual(parts(slice(-1, null, -2)), [-1, null, -2]);
  assert.deepEqual(parts(slice(undefined, undefined, undefined)), [null, null, null]);
  assert(slice(5) instanceof Slice);
  assert(Object.is(slice(-0).stop, 0));
});

test("slice() takes scalar arrays and reads them at once", () => {
  let calls = 0;
  const scalar = {
    item(): number {
      calls++;
      return 3;
    },
  };
  assert.deepEqual(slice(scalar), slice(3));
  assert.equal(calls, 1);
  assert.deepEqual(slice({ item: () => 7n }, 8), slice(7, 8));
  const primitive = { [Symbol.toPrimitive]: (hint: string) => hint === "number" ? 4 : NaN };
  assert.deepEqual(slice(0, primitive), slice(0, 4));
  // A named array has both, and its conversion throws so that none becomes a text unseen.
  const named = {
    item: () => 2,
    [Symbol.toPrimitive](): number {
      throw new TypeError("Cannot convert an array");
    },
  };
  assert.deepEqual(slice(named), slice(2));
});

test("slice() passes on what an array that is no scalar throws", () => {
  const matrix = {
    item(): number {
      throw new ValueError("Cannot read one element: there are six");
    },
  };
  assert.throws(() => slice(matrix), new ValueError("Cannot read one element: there are six"));
});

test("slice() refuses what is no integer", () => {
  const refused = (bound: unknown, given: string) =>
    assert.throws(
      () => slice(null, bound as SliceBound, 1),
      new TypeError(`Cannot make a slice: stop is ${given}; pass an integer, an array of one integer, or null`),
    );
  refused(1.5, "the number 1.5");
  refused(NaN, "the number NaN");
  refused(Infinity, "the number Infinity");
  refused("2", "the string 2");
  refused(true, "the boolean true");
  refused({}, "an object of class Object that holds no single integer");
  refused([1], "an object of class Array that holds no single integer");
  refused({ item: () => 0.5 }, "an object of class Object that holds no single integer");
  refused({ item: () => true }, "an object of class Object that holds no single integer");
  assert.throws(() => slice(0.5, 1), /^TypeError: Cannot make a slice: start is the number 0\.5;/);
  assert.throws(() => slice(0, 1, 0.5), /^TypeError: Cannot make a slice: step is the number 0\.5;/);
});

test("slice() refuses no arguments and too many", () => {
  const rest = "; pass stop, or start and stop, or start, stop and step";
  const loose = slice as unknown as (...bounds: number[]) => Slice;
  assert.throws(
    () => loose(),
    new TypeError(`Cannot make a slice: it takes one to three arguments, not 0${rest}`),
  );
  assert.throws(
    () => loose(1, 2, 3, 4),
    new TypeError(`Cannot make a slice: it takes one to three arguments, not 4${rest}`),
  );
});

test("slice() refuses a step of 0", () => {
  for (const step of [0, -0, { item: () => 0 }]) {
    assert.throws(() => slice(null, null, step), (error) => {
      assert(error instanceof ValueError && error instanceof PenjingError);
      assert.equal(
        error.message,
        [
          "Cannot make a slice: the step is 0",
          "  operand: step",
          "  try:     pass a step of 1 or more, one of -1 or less to go backwards, or null",
        ].join("\n"),
      );
      assert.equal(error.op, "slice");
      assert.equal(error.code, "slice-step");
      return true;
    });
  }
});

test("slice.parse() reads all of Python's forms", () => {
  assert.deepEqual(slice.parse("1:3"), slice(1, 3));
  assert.deepEqual(slice.parse("::-1"), slice(null, null, -1));
  assert.deepEqual(slice.parse(":5"), slice(5));
  assert.deepEqual(slice.parse(":"), slice(null));
  assert.deepEqual(slice.parse("::"), slice(null));
  assert.deepEqual(slice.parse("-3:-1:+2"), slice(-3, -1, 2));
  assert.deepEqual(slice.parse(" 1 : 2 : 3 "), slice(1, 2, 3));
});

test("slice.parse() refuses everything else", () => {
  for (const text of ["", "3", "1:2:3:4", "a:b", "1.5:2", "1,2", "- 1:", "1 2:3"]) {
    assert.throws(() => slice.parse(text), (error) => {
      assert(error instanceof ValueError);
      assert.equal(
        error.message,
        [
          "Cannot parse a slice: the text does not have its form",
          `  actual:   "${text}"`,
          '  expected: "start:stop" or "start:stop:step", of integers, any of them left out',
          "  try:      call slice(start, stop, step)",
        ].join("\n"),
      );
      assert.equal(error.op, "slice.parse");
      assert.equal(error.code, "slice-text");
      return true;
    });
  }
  assert.throws(() => slice.parse("1:2:0"), ValueError);
  assert.throws(
    () => slice.parse(3 as unknown as string),
    new TypeError('Cannot parse a slice: pass a string as "1:3", not a value of type number'),
  );
});

test("slice.parse() is the inverse of writing, for random slices", () => {
  let state = 7;
  const random = (): number => state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const bound = (): number | null => random() % 3 === 0 ? null : (random() >>> 8) % 41 - 20;
  for (let i = 0; i < 300; i++) {
    const [start, stop, step] = [bound(), bound(), bound() || null];
    const text = `${start ?? ""}:${stop ?? ""}${step === null ? "" : `:${step}`}`;
    assert.deepEqual(parts(slice.parse(text)), [start, stop, step], text);
  }
});

test("Slice never changes, is a leaf, and is known by what it holds", () => {
  const one = slice(1, 3);
  assert.throws(() => (one as { start: number }).start = 2, TypeError);
  assert.equal(one.start, 1);
  assert.equal(kindOf(one), undefined);
  assert.equal(structuralKey(one), structuralKey(slice(1, 3)));
  assert.notEqual(structuralKey(one), structuralKey(slice(1, 3, 1)));
  assert.notEqual(structuralKey(slice(null, 3)), structuralKey(slice(3, null)));
  assert.equal(new StructuralSet([slice(2), slice(null, 2), slice(2, null)]).size, 2);
});

test("Slice.toString() writes the call that makes it", () => {
  assert.equal(String(slice(3)), "slice(null, 3)");
  assert.equal(String(slice(1, -1)), "slice(1, -1)");
  assert.equal(String(slice(null, null, -1)), "slice(null, null, -1)");
});

test("ELLIPSIS and NEW_AXIS are a symbol and null", () => {
  assert.equal(typeof ELLIPSIS, "symbol");
  assert.equal(NEW_AXIS, null);
  assert.deepEqual(indexExpr(ELLIPSIS, NEW_AXIS, 0), [ELLIPSIS, null, 0]);
  assert.deepEqual(indexExpr(), []);
});

test("slice() and indexExpr() have types that say what they take and give", () => {
  const items: readonly [1, Slice, "foo", typeof ELLIPSIS, null] = indexExpr(1, slice(3), "foo", ELLIPSIS, NEW_AXIS);
  assert.equal(items[2], "foo");
  const one: number | null = slice(1).start;
  assert.equal(one, null);
  // @ts-expect-error: a text is no bound; slice.parse reads texts
  assert.throws(() => slice("1:3"), TypeError);
  // @ts-expect-error: at least one argument
  assert.throws(() => slice(), TypeError);
  // @ts-expect-error: at most three arguments
  assert.throws(() => slice(1, 2, 3, 4), TypeError);
});
