import assert from "node:assert/strict";
import { test } from "node:test";
import { array, zeros } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { choose, piecewise, select, where } from "../../array/where.ts";
import { key } from "../../random/key.ts";
import { start } from "../_support.ts";

await start();

test("where() broadcasts the condition with both choices", () => {
  const chosen = where(array([[true], [false]]), array([1, 2]), 0);
  assert.deepEqual(tolist(chosen), [[1, 2], [0, 0]]);
  assert.deepEqual(tolist(where(array([0, 2, NaN]), 1, 0)), [0, 1, 1]);
  assert.deepEqual(where(true, zeros([0, 3]), 1).shape, [0, 3]);
});

test("where() promotes the choices, and stays weak of scalars", () => {
  assert.equal(where(true, 1, 0.5).dtype, "float32");
  assert.equal(where(true, 1, 2).weakType, true);
  assert.equal(where(array([true]), array([1], { dtype: "int8" }), 300).dtype, "int8");
});

test("where() chooses among keys", () => {
  const [a, b] = [key(1), key(2)];
  assert.deepEqual(tolist(where(array(true), a, b)), tolist(a));
  assert.deepEqual(tolist(where(false, a, b)), tolist(b));
  assert.throws(() => where(true, a, 1), { name: "TypeError" });
});

test("select() takes the first condition that holds", () => {
  const x = array([1, 2, 3, 4]);
  const chosen = select([array([true, true, false, false]), array([true, false, true, false])], [x, 10], {
    default: -1,
  });
  assert.deepEqual(tolist(chosen), [1, 2, 10, -1]);
  assert.throws(() => select([], []), {
    name: "ValueError",
    message: "Cannot select: there is not one condition for each choice\n" +
      "  actual:   0 conditions, 0 choices\n" +
      "  expected: as many of both, at least one\n" +
      "  try:      pass the last choice as { default }",
  });
});

test("piecewise() takes the last condition that holds, and the last function where none does", () => {
  const x = array([-2, 0, 3]);
  const conditions = [array([true, false, true]), array([false, false, true])];
  assert.deepEqual(tolist(piecewise(x, conditions, [5, (y) => y.shape[0]!])), [5, 0, 3]);
  assert.deepEqual(tolist(piecewise(x, array([[true, false, false]]), [(y) => y, 7])), [-2, 7, 7]);
  assert.throws(() => piecewise(x, conditions, [1]), {
    name: "ValueError",
    message: "Cannot apply functions piecewise: there is not one for each condition\n" +
      "  operand:  functions\n" +
      "  actual:   1 for 2 conditions\n" +
      "  expected: 2 or 3\n" +
      "  try:      pass one function for each condition, and perhaps one more for where none holds",
  });
});

test("choose() takes elements by number, and says what to do with others", () => {
  const [a, b] = [array([1, 2, 3]), array([10, 20, 30])];
  assert.deepEqual(tolist(choose(array([0, 1, 0]), [a, b])), [1, 20, 3]);
  assert.deepEqual(tolist(choose(array([-1, 1, 2]), [a, b], { mode: "wrap" })), [10, 20, 3]);
  assert.deepEqual(tolist(choose(array([-1, 1, 2]), [a, b], { mode: "clip" })), [1, 20, 30]);
  assert.deepEqual(tolist(choose(array([1, 0]), array([[1, 2], [3, 4]]))), [3, 2]);
  assert.throws(() => choose(array([2]), [a, b]), {
    name: "ValueError",
    message: "Cannot choose: a number is not that of a choice\n" +
      "  actual:   2\n" +
      "  expected: 0 to 1\n" +
      '  try:      pass { mode: "clip" } or { mode: "wrap" }, or correct the numbers',
  });
  assert.throws(() => choose(array([0.5]), [a]), {
    name: "TypeError",
    message: "Cannot choose: the numbers of the choices are float32; cast them to an integer",
  });
});
