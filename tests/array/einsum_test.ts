import assert from "node:assert/strict";
import { test } from "node:test";
import { array, copy, ones } from "../../array/creation.ts";
import { einsum, einsumPath } from "../../array/einsum.ts";
import { item, tolist } from "../../array/read.ts";
import { reshape } from "../../array/reshaping.ts";
import type { EagerArray } from "../../core/eager.ts";
import { currentEngine } from "../../wasm/engine.ts";
import { ELLIPSIS } from "../../tree/slice.ts";
import { start } from "../_support.ts";

await start();

const a = () => array([[1, 2], [3, 4]]);

/** How many plans run while a function does. */
function runsOf(body: () => unknown): number {
  const engine = currentEngine();
  const { run } = engine;
  let runs = 0;
  engine.run = (...args: Parameters<typeof run>) => {
    runs++;
    run.apply(engine, args);
  };
  try {
    body();
  } finally {
    engine.run = run;
  }
  return runs;
}

test("einsum() of attention is one product on views, without a copy", () => {
  const [q, k] = [ones([2, 16, 4, 8]), ones([2, 16, 4, 8])].map((x) => copy(x));
  const weights = einsum("bqhd,bkhd->bhqk", q!, k!);
  assert.equal(runsOf(() => einsum("bqhd,bkhd->bhqk", q!, k!)), 1);
  assert.equal(runsOf(() => einsum("bhqk,bkhd->bqhd", weights, k!)), 1);
  const groups = reshape(q!, [2, 16, 2, 2, 8]);
  assert.equal(runsOf(() => einsum("btghd,bsgd->bghts", groups, reshape(k!, [2, 32, 2, 8]))), 1);
});

test("einsum() of one operand transposes and takes diagonals as views", () => {
  const x = a();
  for (const subscripts of ["ij->ji", "ii->i"]) {
    assert.equal((einsum(subscripts, x) as EagerArray).storage, (x as EagerArray).storage, subscripts);
  }
  assert.deepEqual(tolist(einsum("ii->i", x)), [1, 4]);
  assert.deepEqual(tolist(einsum("ji", x)), [[1, 3], [2, 4]]);
});

test("einsum() takes labels as lists of numbers, too", () => {
  assert.deepEqual(tolist(einsum(a(), [0, 1], a(), [1, 2], [0, 2])), [[7, 10], [15, 22]]);
  assert.deepEqual(tolist(einsum(a(), [0, 1], a(), [1, 2])), [[7, 10], [15, 22]]);
  assert.deepEqual(tolist(einsum(a(), [ELLIPSIS, 0], ["...", 0])), [[1, 2], [3, 4]]);
  assert.throws(() => einsum(a(), a()), {
    name: "TypeError",
    message: "Cannot einsum: an operand is not followed by its labels; pass a list of numbers after each",
  });
});

test("einsum() of many operands multiplies the cheapest first, in any number", () => {
  const row = ones([1, 64]);
  assert.deepEqual(einsumPath("ij,jk,kl->il", row, ones([64, 64]), ones([64, 64])), [[0, 1], [0, 1]]);
  assert.deepEqual(einsumPath("ij,jk,kl->il", ones([64, 64]), ones([64, 64]), ones([64, 1])), [[1, 2], [0, 1]]);
  const eight = Array.from({ length: 8 }, () => a());
  const chain = "ab,bc,cd,de,ef,fg,gh,hi->ai";
  // The eighth power of the matrix.
  assert.deepEqual(tolist(einsum(chain, ...eight)), [[165751, 241570], [362355, 528106]]);
  assert.deepEqual(tolist(einsum("ab,bc,cd,de,ef->af", ...eight.slice(3))), [[1069, 1558], [2337, 3406]]);
});

test("einsum() broadcasts axes under an ellipsis, and axes of size 1", () => {
  assert.deepEqual(einsum("...ij,...jk->...ik", ones([5, 1, 2, 3]), ones([4, 3, 2])).shape, [5, 4, 2, 2]);
  assert.deepEqual(tolist(einsum("i,i->", array([2]), array([1, 2, 3]))), 12);
});

test("einsum() keeps the dtype of the operands, or the one asked for", () => {
  assert.equal(einsum("i->", array([1], { dtype: "int8" })).dtype, "int8");
  const x = ones([2], { dtype: "bfloat16" });
  assert.equal(einsum("i,i", x, x, { preferredElementType: "float32" }).dtype, "float32");
  assert.equal(item(einsum("i->", array([true, true]))), true);
});

test("einsum() says which label does not fit", () => {
  const refusals: [() => unknown, string[]][] = [
    [() => einsum("ij->ik", a()), [
      'Cannot einsum: the result has a label that no operand has: "k"',
      '  actual:   "ij->ik"',
      "  expected: each label of the result once, and in some operand",
      "  try:      multiply by an identity matrix to spread a result along a diagonal",
    ]],
    [() => einsum("ij->ii", a()), [
      'Cannot einsum: the result has the label "i" twice',
      '  actual:   "ij->ii"',
      "  expected: each label of the result once, and in some operand",
      "  try:      multiply by an identity matrix to spread a result along a diagonal",
    ]],
    [() => einsum("ijk", a()), [
      "Cannot einsum: operand 0 has not as many axes as labels",
      '  actual:   "ijk" for shape [2,2]',
      "  expected: 3 axes",
      '  try:      name each axis, or write "..." for those that are left',
    ]],
    [() => einsum("ij,jk", a(), ones([3, 2])), [
      'Cannot einsum: the axes of the label "j" have different sizes',
      "  actual:   2 and 3",
      "  expected: equal sizes, or 1",
      "  try:      check the order of the labels",
    ]],
    [() => einsum("ij,jk", a()), [
      "Cannot einsum: there are not as many operands as subscripts",
      '  actual:   "ij,jk" for 1 operands',
      "  expected: 2 operands",
      "  try:      separate the labels of operands by commas",
    ]],
    [() => einsum("i!", a()), [
      'Cannot einsum: there is no such label as "!"',
      '  actual:   "i!"',
      '  expected: letters, and at most one "..." an operand',
      "  try:      name axes by letters from a to z and A to Z",
    ]],
    [() => einsum("i->j->k", a()), [
      'Cannot einsum: there are several "->"',
      '  actual:   "i->j->k"',
      '  expected: at most one "->"',
      "  try:      name one result",
    ]],
  ];
  for (const [refused, lines] of refusals) assert.throws(refused, { name: "ValueError", message: lines.join("\n") });
});
