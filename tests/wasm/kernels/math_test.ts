/** Elementary functions at special values: exact ones, and JAX's where it sets the rule. */

import assert from "node:assert/strict";
import test from "node:test";
import { Elementwise, type ElementwiseOp } from "../../../wasm/elementwise.ts";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, type Operand } from "../../../wasm/operand.ts";
import { fromBits, type Operands, ulps, withOperands } from "../../_support.ts";
import elementary from "../../goldens/elementary.json" with { type: "json" };
import { type Bits, bitsOf } from "./_goldens.ts";

type Unary =
  | "exp2"
  | "log2"
  | "log1p"
  | "expm1"
  | "logistic"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "erfc"
  | "lgamma"
  | "digamma"
  | "cbrt";
type Binary = "pow" | "atan2" | "rem" | "next_after";

interface Elementary {
  readonly x: Bits;
  readonly pairs: Bits;
  readonly unary: Record<Unary, { more: Bits; exact: Bits }>;
  readonly binary: Record<Binary, Bits>;
  readonly erf_inv: { x: Bits; jax: Bits };
  readonly round_away: { x: Bits; jax: Bits };
  readonly clamp: { low: Bits; x: Bits; high: Bits; jax: Bits };
  readonly integer: Record<
    | "x"
    | "pow"
    | "population_count"
    | "leading_zeros"
    | "shl"
    | "shr_u"
    | "shr_i"
    | "clamp"
    | "clamp_u",
    Bits
  >;
}

const goldens = elementary as unknown as Elementary;

/** Applies an operation to as many operands as it takes. */
function apply(operands: Operands, op: ElementwiseOp, dtype: "float32" | "int32", ...inputs: Operand[]): Operand {
  const program = new Elementwise();
  program.store(program.apply(op, ...inputs.map((_, k) => program.load(k))), 0);
  const out = operands.out(inputs[0]?.shape ?? [], dtype);
  kernels.elementwise(program, [out], inputs);
  return out;
}

/** Asserts that floats are within `bound` ulp; NaN, infinities and zeros are the same, with their signs. */
function assertClose(
  actual: ArrayLike<number>,
  expected: Float32Array,
  bound: number,
  at: (k: number) => string,
): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((want, k) => {
    const got = actual[k] ?? NaN;
    const special = Number.isNaN(want) || !Number.isFinite(want) || want === 0;
    assert(special ? Object.is(got, want) : ulps(got, want) <= bound, `${at(k)} is ${got}, not ${want}`);
  });
}

/** All pairs of values, the second running faster. */
function pairs(values: Bits): [Bits, Bits] {
  return [values.flatMap((a) => values.map(() => a)), values.flatMap(() => values)];
}

for (const [name, { more, exact }] of Object.entries(goldens.unary)) {
  test(`unary("${name}_f32") is exact at limits and zeros, and within 2 ulp elsewhere`, () =>
    withOperands((operands) => {
      const x = fromBits([...goldens.x, ...more]);
      const out = apply(operands, `${name as Unary}_f32`, "float32", operands.of(x));
      assertClose(download(out), fromBits(exact), 2, (k) => `${name}(${x[k]})`);
    }));
}

for (const [name, exact] of Object.entries(goldens.binary)) {
  test(`binary("${name}_f32") is exact at limits and zeros, and within 2 ulp elsewhere`, () =>
    withOperands((operands) => {
      const [a, b] = pairs(goldens.pairs).map(fromBits);
      assert(a !== undefined && b !== undefined);
      const out = apply(operands, `${name as Binary}_f32`, "float32", operands.of(a), operands.of(b));
      const bound = name === "rem" || name === "next_after" ? 0 : 2;
      assertClose(download(out), fromBits(exact), bound, (k) => `${name}(${a[k]}, ${b[k]})`);
    }));
}

test('unary("erf_inv_f32") gives the values of JAX within 1e-6 of them', () =>
  withOperands((operands) => {
    const x = fromBits(goldens.erf_inv.x);
    const out = download(apply(operands, "erf_inv_f32", "float32", operands.of(x)));
    fromBits(goldens.erf_inv.jax).forEach((want, k) => {
      const got = out[k] ?? NaN;
      const close = Math.abs(got - want) <= 1e-6 * Math.abs(want) && want !== 0 && Number.isFinite(want);
      assert(close || Object.is(got, want), `erf_inv(${x[k]}) is ${got}, not ${want}`);
    });
  }));

test('unary("round_away_f32") rounds halves away from zero', () =>
  withOperands((operands) => {
    const x = fromBits(goldens.round_away.x);
    const out = download(apply(operands, "round_away_f32", "float32", operands.of(x)));
    assertClose(out, fromBits(goldens.round_away.jax), 0, (k) => `round(${x[k]})`);
  }));

test('apply("clamp_f32") takes the lower bound first, and is NaN where any operand is', () =>
  withOperands((operands) => {
    const { low, x, high, jax } = goldens.clamp;
    const [a, b, c] = [low, x, high].map((bits) => operands.of(fromBits(bits))) as [Operand, Operand, Operand];
    const out = download(apply(operands, "clamp_f32", "float32", a, b, c));
    assertClose(out, fromBits(jax), 0, (k) => `clamp number ${k}`);
  }));

test('unary("is_infinite_f32") and binary("copysign_f32") take NaN and zeros of both signs', () =>
  withOperands((operands) => {
    const x = operands.of([Infinity, -Infinity, NaN, 0, -0, 3e38]);
    assert.deepEqual([...download(apply(operands, "is_infinite_f32", "int32", x))], [1, 1, 0, 0, 0, 0]);
    const sign = operands.of([-1, 1, -0, -0, 0, -Infinity]);
    const signed = download(apply(operands, "copysign_f32", "float32", x, sign));
    assert.deepEqual([...signed], [-Infinity, Infinity, NaN, -0, 0, -Math.fround(3e38)]);
  }));

test("Integer powers, counts of bits, shifts and clamps are those of JAX", () =>
  withOperands((operands) => {
    const { integer } = goldens;
    const ints = (bits: Bits): Operand => operands.of(bits.map((word) => word | 0), [bits.length], "int32");
    const same = (op: ElementwiseOp, want: Bits, ...inputs: Bits[]): void =>
      assert.deepEqual(bitsOf(apply(operands, op, "int32", ...inputs.map(ints))), want, op);
    const [a, b] = pairs(integer.x);
    same("pow_i32", integer.pow, a, b);
    same("shl_i32", integer.shl, a, b);
    same("shr_u32", integer.shr_u, a, b);
    same("shr_i32", integer.shr_i, a, b);
    same("population_count_i32", integer.population_count, integer.x);
    same("leading_zeros_i32", integer.leading_zeros, integer.x);
    const all = (word: number): Bits => integer.x.map(() => word);
    same("clamp_i32", integer.clamp, all(-2 >>> 0), integer.x, all(32));
    same("clamp_u32", integer.clamp_u, all(2), integer.x, all(0x80000000));
  }));
