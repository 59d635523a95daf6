/** Softmax and its kin against JAX's. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download } from "../../../wasm/operand.ts";
import { assertUlps, fromBits, withOperands } from "../../_support.ts";
import { bitsOf, goldens, ofBits, rowwiseGoldens } from "./_goldens.ts";

test("softmax() is within 4 ulp of the exact value; rows with NaN, infinities and -inf alone as in JAX", () =>
  withOperands((operands) => {
    for (const { shape, x, exact } of goldens.softmax) {
      const out = operands.out(shape);
      kernels.softmax(out, operands.of(fromBits(x), shape));
      assertUlps(download(out), fromBits(exact), 4, `softmax [${shape}]`);
    }
  }));

/** Asserts that logarithms are right within eight roundings of numbers of their size, or of 1 where they are smaller. */
function assertLogarithms(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let k = 0; k < actual.length; k++) {
    const [a, b] = [actual[k] ?? 0, expected[k] ?? 0];
    const near = Object.is(a, b) || a === b || Math.abs(a - b) <= 8 * 2 ** -24 * Math.max(1, Math.abs(b));
    assert(near, `${what}: element ${k} is ${a}, not ${b}`);
  }
}

test("logSoftmax() and logsumexp() are the exact value but for rounding; special rows as in JAX", () =>
  withOperands((operands) => {
    for (const { dtype, shape, x, exact_log_softmax, exact_logsumexp } of rowwiseGoldens.softmax) {
      if (exact_log_softmax === undefined || exact_logsumexp === undefined) {
        continue;
      }
      const input = ofBits(operands, x, dtype, shape);
      const [rows, sums] = [operands.out(shape), operands.out(shape.slice(0, -1))];
      kernels.logSoftmax(rows, input);
      assertLogarithms(download(rows), fromBits(exact_log_softmax), `logSoftmax [${shape}]`);
      kernels.logsumexp(sums, input);
      assertLogarithms(download(sums), fromBits(exact_logsumexp), `logsumexp [${shape}]`);
      kernels.logSoftmax(input, input);
      assert.deepEqual(bitsOf(input), bitsOf(rows), "in place");
    }
  }));

test("logSoftmax() and logsumexp() of float16 and bfloat16 round each operation as JAX does", () =>
  withOperands((operands) => {
    for (const { dtype, shape, x, log_softmax, logsumexp } of rowwiseGoldens.softmax) {
      if (dtype === "float32") {
        continue;
      }
      const infinity = dtype === "float16" ? 0x7c00 : 0x7f80;
      const plain = (bits: readonly number[]) => bits.map((x) => (x & 0x7fff) > infinity ? NaN : x);
      const input = ofBits(operands, x, dtype, shape);
      const [rows, sums] = [operands.out(shape, dtype), operands.out(shape.slice(0, -1), dtype)];
      kernels.logSoftmax(rows, input);
      assert.deepEqual(plain(bitsOf(rows)), plain(log_softmax), `logSoftmax [${shape}] ${dtype}`);
      kernels.logsumexp(sums, input);
      assert.deepEqual(plain(bitsOf(sums)), plain(logsumexp), `logsumexp [${shape}] ${dtype}`);
    }
  }));
