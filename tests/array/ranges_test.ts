import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { arange, eye, geomspace, identity, indices, linspace, logspace, meshgrid, tri } from "../../array/ranges.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

test("arange() counts from 0, or from a number by a step", () => {
  assert.deepEqual(tolist(arange(3)), [0, 1, 2]);
  assert.deepEqual(tolist(arange(5, 0, -2)), [5, 3, 1]);
  assert.deepEqual(tolist(arange(2.5)), [0, 1, 2]);
  assert.equal(arange(2.5).dtype, "float32");
  assert.equal(arange(array(3)).size, 3);
  assert.equal(arange(3, null, null, { dtype: "bfloat16" }).dtype, "bfloat16");
  assert.throws(() => arange(0, 1, 0), {
    name: "ValueError",
    message: "Cannot make a range: it has no end\n  actual:   from 0 to 1 by 0\n" +
      "  expected: finite bounds, and a step that is not 0\n  try:      check the bounds and the step",
  });
});

test("linspace() and its kin have their ends", () => {
  assert.deepEqual(tolist(linspace(0, 1, { num: 3 })), [0, 0.5, 1]);
  assert.deepEqual(linspace(array([0, 1]), 2, { num: 4, axis: -1 }).shape, [2, 4]);
  assert.deepEqual(tolist(logspace(0, 2, { num: 3, base: 2 })), [1, 2, 4]);
  assert.equal(geomspace(1, 1000, { num: 4 }).shape[0], 4);
  assert.throws(() => linspace(0, 1, { num: -1 }), {
    name: "ValueError",
    message: "Cannot compute linspace: the count is not a whole number from 0\n  operand:  num\n  actual:   -1\n" +
      "  expected: a whole number from 0\n  try:      round it",
  });
});

test("eye(), identity() and tri() mark places", () => {
  assert.deepEqual(tolist(eye(2, { m: 3, k: 1 })), [[0, 1, 0], [0, 0, 1]]);
  assert.deepEqual(tolist(identity(2, { dtype: "bool" })), [[true, false], [false, true]]);
  assert.deepEqual(tolist(tri(2, { k: -1, dtype: "int8" })), [[0, 0], [1, 0]]);
});

test("meshgrid() and indices() are coordinates", () => {
  const [x, y] = meshgrid([array([1, 2, 3]), array([4, 5])]);
  assert.deepEqual([tolist(x!), tolist(y!)], [[[1, 2, 3], [1, 2, 3]], [[4, 4, 4], [5, 5, 5]]]);
  assert.deepEqual(meshgrid([array([1, 2]), array([3])], { indexing: "ij", sparse: true }).map(({ shape }) => shape), [
    [2, 1],
    [1, 1],
  ]);
  assert.throws(() => meshgrid([array([[1]])]), { name: "ValueError", message: /^Cannot make a grid/ });
  assert.deepEqual(tolist(indices([2, 2])), [[[0, 0], [1, 1]], [[0, 1], [0, 1]]]);
  assert.deepEqual(indices([2, 3], { sparse: true }).map(({ shape }) => shape), [[2, 1], [1, 3]]);
});
