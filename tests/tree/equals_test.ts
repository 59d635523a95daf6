import assert from "node:assert/strict";
import test from "node:test";
import { equals } from "../../tree/equals.ts";
import { fillHook } from "../../tree/hooks.ts";
import { StructuralMap } from "../../tree/structural_key.ts";

test("equals compares leaves by value", () => {
  assert(equals(1, 1));
  assert(equals(NaN, NaN));
  assert(equals(0, -0) && equals([-0], [0]));
  assert(equals("a", "a") && equals(true, true) && equals(1n, 1n));
  assert(!equals(1, 2) && !equals(1, "1") && !equals(1, true) && !equals(1, 1n) && !equals(0, false));
});

test("equals compares structures", () => {
  assert(equals({ a: [1, 2], b: null }, { b: null, a: [1, 2] }));
  assert(equals(new Map([["a", 1]]), new Map([["a", 1]])));
  assert(equals(new StructuralMap([[["a"], 1]]), new StructuralMap([[["a"], 1]])));
  assert(!equals(new Map([["a", 1], ["b", 1]]), new Map([["b", 1], ["a", 1]])));
  assert(!equals(new Map([["a", 1]]), { a: 1 }));
  assert(!equals([1, 2], [1, 2, 3]));
  assert(!equals([1], 1) && !equals([], {}));
  assert(!equals({ a: 1 }, { b: 1 }));
  assert(!equals([null], [undefined]) && equals([null], [null]));
  assert(!equals([[1], 2], [[1, 2]]));
});

test("equals compares typed arrays by class and elements", () => {
  assert(equals(Float32Array.of(1, NaN, -0), Float32Array.of(1, NaN, 0)));
  assert(!equals(Float32Array.of(1), Float32Array.of(2)));
  assert(!equals(Float32Array.of(1), Float32Array.of(1, 1)));
  assert(!equals(Int32Array.of(1), Uint32Array.of(1)));
  assert(equals(BigInt64Array.of(1n), BigInt64Array.of(1n)));
  assert(!equals(BigInt64Array.of(1n), BigInt64Array.of(2n)));
  assert(equals(new Float64Array(4).subarray(1, 3), Float64Array.of(0, 0)));
  const view = new DataView(new ArrayBuffer(2));
  assert(equals(view, view) && !equals(view, new DataView(new ArrayBuffer(2))));
});

test("equals compares all other leaves by identity", () => {
  const [date, one] = [new Date(0), () => 1];
  assert(equals([date, one], [date, one]));
  assert(!equals(date, new Date(0)));
  assert(!equals(one, () => 1));
  assert(!equals(new Set([1]), new Set([1])));
});

test("equals leaves arrays of a backend to who knows them", () => {
  class Backed {
    readonly values: readonly number[];
    constructor(values: readonly number[]) {
      this.values = values;
    }
  }
  const [a, b, c] = [new Backed([1, 2]), new Backed([1, 2]), new Backed([1, 3])];
  assert(!equals(a, b));
  fillHook(
    "arrayEquals",
    (x, y) => x instanceof Backed ? y instanceof Backed && x.values.join() === y.values.join() : undefined,
  );
  assert(equals({ w: a }, { w: b }));
  assert(!equals({ w: a }, { w: c }));
  assert(!equals(a, 1));
  assert(!equals(new Date(0), new Date(0)));
});
