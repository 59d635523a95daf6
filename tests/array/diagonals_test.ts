import assert from "node:assert/strict";
import { test } from "node:test";
import { diag, diagIndices, diagonal, fillDiagonal, tril, trilIndices, triu } from "../../array/diagonals.ts";
import { get } from "../../array/indexing.ts";
import { reshape } from "../../array/reshaping.ts";
import { iota } from "../../ops/iota.ts";
import { start } from "../_support.ts";
import { shareMemory, text } from "./_arrays.ts";

await start();

const x = iota("int32", [12], 0);
const matrix = reshape(x, [3, 4]);

test("diagonal() and diag() of a matrix give views", () => {
  assert(shareMemory(diagonal(matrix, { offset: 1 }), x));
  assert.equal(text(diagonal(matrix, { offset: -1 })), "int32[2] 4 9");
  assert.equal(text(diag(matrix, { k: 3 })), "int32[1] 3");
  assert.equal(text(diagonal(reshape(x, [3, 2, 2]), { axis1: -1, axis2: 0 })), "int32[2,2] 0 5 2 7");
});

test("diag() of a list gives a matrix", () => {
  assert.equal(text(diag(get(iota("int8", [3], 0), "1:"), { k: -1 })), "int8[3,3] 0 0 0 1 0 0 0 2 0");
});

test("tril() and triu() keep the array's type, weak or not", () => {
  assert.equal(text(tril(matrix, { k: -1 })), "int32[3,4] 0 0 0 0 4 0 0 0 8 9 0 0");
  assert.equal(text(triu(reshape(iota("bfloat16", [4], 0), [2, 2]))), "bfloat16[2,2] 0 1 0 3");
});

test("fillDiagonal() makes a new array", () => {
  assert.equal(text(fillDiagonal(matrix, iota("int32", [2], 0))), "int32[3,4] 0 1 2 3 4 1 6 7 8 9 0 11");
  assert.equal(text(matrix), "int32[3,4] 0 1 2 3 4 5 6 7 8 9 10 11");
});

test("indices of triangles and diagonals count rows first", () => {
  assert.deepEqual(trilIndices(2).map(text), ["int32[3] 0 1 1", "int32[3] 0 0 1"]);
  assert.deepEqual(diagIndices(2, { ndim: 3 }).map(text), ["int32[2] 0 1", "int32[2] 0 1", "int32[2] 0 1"]);
});

test("diagonal() and its kin throw if there are no two axes", () => {
  for (const [name, of] of Object.entries({ diagonal, tril, triu })) {
    assert.throws(() => of(x), {
      name: "ValueError",
      message: `Cannot ${name}: the array does not have the right number of axes\n` +
        "  actual:   shape [12]\n" +
        "  expected: at least two axes\n" +
        "  try:      reshape the array, or index it first",
    });
  }
  assert.throws(() => trilIndices(-1), {
    name: "ValueError",
    message: "Cannot trilIndices: n is not a whole number from 0\n" +
      "  operand:  n\n" +
      "  actual:   -1\n" +
      "  expected: a whole number from 0\n" +
      "  try:      round it",
  });
});
