import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import type { NDArray } from "../../core/ndarray.ts";
import {
  bernoulli,
  cauchy,
  exponential,
  gumbel,
  laplace,
  logistic,
  maxwell,
  rademacher,
} from "../../random/distributions.ts";
import { key, PRNGKey } from "../../random/key.ts";
import { start } from "../_support.ts";
import { elements, withLegacyLayout } from "./_draws.ts";

await start();

test("T-RN-05 bernoulli() in the old layout draws what JAX drew", () => {
  withLegacyLayout(() => {
    assert.deepEqual(elements(bernoulli(key(1612777541), { p: 0.5, shape: [5] })), [0, 1, 1, 1, 0]);
  });
});

test("T-RN-06 bernoulli() draws the bools of JAX", () => {
  const draw = (): number[] => elements(bernoulli(key(0), { p: 0.3, shape: [8] }));
  assert.deepEqual(draw(), [0, 0, 0, 0, 0, 1, 0, 0]);
  withLegacyLayout(() => assert.deepEqual(draw(), [0, 0, 0, 0, 1, 0, 1, 0]));
});

/** Samplers with the median of their distribution, and the chance of values below a point. */
const SAMPLERS: readonly (readonly [
  sampler: (key: NDArray, shape: readonly number[], options?: { dtype?: string }) => NDArray,
  median: number,
  point: number,
  below: number,
])[] = [
  [exponential, Math.log(2), 1, 1 - Math.exp(-1)],
  [gumbel, -Math.log(Math.log(2)), 0, Math.exp(-1)],
  [(key, shape, options) => gumbel(key, shape, { ...options, mode: "high" }), -Math.log(Math.log(2)), 0, Math.exp(-1)],
  [laplace, 0, -1, Math.exp(-1) / 2],
  [cauchy, 0, -1, 1 / 4],
  [logistic, 0, -1, 1 / (1 + Math.E)],
  [maxwell, 1.5381722, 1, 0.1987480],
];

test("samplers draw their distributions, in every dtype", () => {
  for (const [sampler, median, point, below] of SAMPLERS) {
    for (const dtype of ["float32", "float16", "bfloat16"]) {
      const x = sampler(key(11), [4000], { dtype });
      assert.equal(x.dtype, dtype);
      const values = elements(x);
      assert(values.every((value) => !Number.isNaN(value)), dtype);
      const share = (limit: number): number => values.filter((value) => value < limit).length / values.length;
      const bound = dtype === "bfloat16" ? 0.03 : 0.02;
      assert(Math.abs(share(median) - 0.5) <= bound, `${sampler.name} ${dtype}: ${share(median)} below the median`);
      assert(Math.abs(share(point) - below) <= bound, `${sampler.name} ${dtype}: ${share(point)}, not ${below}`);
    }
    assert.deepEqual(sampler(PRNGKey(0) as NDArray, [2, 0]).shape, [2, 0]);
    assert.deepEqual(sampler(key(0), []).shape, []);
  }
});

test("bernoulli() takes the shape of its probability, or one that it broadcasts to", () => {
  const p = fromElements([0, 1], [2], "float32");
  assert.deepEqual(elements(bernoulli(key(0), { p })), [0, 1]);
  assert.deepEqual(elements(bernoulli(key(0), { p, shape: [2, 2] })), [0, 1, 0, 1]);
  assert.deepEqual(elements(bernoulli(key(0), { p: 1, shape: 3 })), [1, 1, 1]);
  assert.deepEqual([bernoulli(key(0)).shape, bernoulli(key(0)).dtype], [[], "bool"]);
});

test("rademacher() draws signs", () => {
  const x = rademacher(key(1), [100]);
  assert.equal(x.dtype, "int32");
  assert.deepEqual([...new Set(elements(x))].sort(), [-1, 1]);
  assert.equal(rademacher(key(1), [2], { dtype: "float32" }).dtype, "float32");
});

test("samplers refuse what does not fit", () => {
  assert.throws(() => bernoulli(key(0), { p: fromElements([1], [], "int32") }), {
    name: "TypeError",
    message: "Cannot bernoulli: the probability is an array of int32; pass a float, as 0.5",
  });
  assert.throws(() => gumbel(key(0), [2], { mode: "middle" as never }), {
    name: "ValueError",
    message: [
      "Cannot gumbel: there is no such mode",
      "  operand:  mode",
      '  actual:   "middle"',
      '  expected: "low" or "high"',
      "  try:      leave it out",
    ].join("\n"),
  });
});
