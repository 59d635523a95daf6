import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { categorical, choice, permutation } from "../../random/choosing.ts";
import { key, split } from "../../random/key.ts";
import { start } from "../_support.ts";
import { elements } from "./_draws.ts";

await start();

test("permutation() keeps all elements", () => {
  for (const size of [0, 1, 2, 10, 1000]) {
    const x = elements(permutation(key(size), size)).sort((a, b) => a - b);
    assert.deepEqual(x, Array.from({ length: size }, (_, k) => k));
  }
  const x = fromElements([1, 2, 3, 4, 5, 6], [2, 3], "int8");
  const turned = permutation(key(0), x, { axis: -1 });
  assert.deepEqual([turned.dtype, turned.shape], ["int8", [2, 3]]);
  const [a, b] = [elements(turned).slice(0, 3), elements(turned).slice(3)];
  assert.deepEqual(a.map((value) => value + 3), b);
});

test("permutation() with independent gives each line an order of its own", () => {
  const rows = Array.from({ length: 20 }, () => [0, 1, 2, 3, 4]).flat();
  const x = elements(permutation(key(1), fromElements(rows, [20, 5], "int32"), { axis: 1, independent: true }));
  const lines = Array.from({ length: 20 }, (_, k) => x.slice(5 * k, 5 * k + 5));
  for (const line of lines) assert.deepEqual([...line].sort(), [0, 1, 2, 3, 4]);
  assert(new Set(lines.map(String)).size > 10);
});

test("permutation() puts keys in order, too", () => {
  const keys = split(key(0), 5);
  const turned = permutation(key(1), keys);
  assert.equal(turned.dtype, "prngKey");
  assert.deepEqual([...elements(turned)].sort(), [...elements(keys)].sort());
});

test("choice() without replacement gives each once", () => {
  const x = elements(choice(key(3), 10, { shape: [10], replace: false }));
  assert.deepEqual([...x].sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const p = fromElements([0, 0.5, 0, 0.5], [4], "float32");
  assert.deepEqual(elements(choice(key(3), 4, { shape: [2], replace: false, p })).sort(), [1, 3]);
});

test("choice() of probabilities gives what is likely", () => {
  const p = fromElements([0.25, 0, 0.75], [3], "float32");
  const x = elements(choice(key(3), fromElements([7, 8, 9], [3], "int8"), { shape: [50, 20], p }));
  assert.equal(x.filter((value) => value === 8).length, 0);
  assert(Math.abs(x.filter((value) => value === 9).length - 750) < 60);
});

test("choice() along an axis puts its shape there", () => {
  const x = fromElements([1, 2, 3, 4, 5, 6], [2, 3], "float32");
  assert.deepEqual(choice(key(0), x, { axis: 1, shape: [4, 5] }).shape, [2, 4, 5]);
  assert.deepEqual(choice(key(0), x, { axis: 1 }).shape, [2]);
  assert.deepEqual(choice(key(0), x, { shape: [2], replace: false }).shape, [2, 3]);
  assert.deepEqual(choice(key(0), 3).shape, []);
  assert.deepEqual(choice(key(0), x, { shape: [0] }).shape, [0]);
});

test("choice() and permutation() refuse what cannot be", () => {
  assert.throws(() => choice(key(0), 3, { shape: [4], replace: false }), {
    name: "ValueError",
    message: [
      "Cannot choice: there is not enough to choose from",
      "  actual:   4 draws from 3",
      "  expected: at most 3 draws",
      "  try:      draw less, or with replacement",
    ].join("\n"),
  });
  assert.throws(() => choice(key(0), 0, { shape: [2] }), {
    name: "ValueError",
    message: [
      "Cannot choice: there is not enough to choose from",
      "  actual:   0",
      "  expected: at least one",
      "  try:      pass something to choose from",
    ].join("\n"),
  });
  assert.throws(() => choice(key(0), 3, { p: fromElements([1, 0], [2], "float32") }), {
    name: "ValueError",
    message: [
      "Cannot choice: the probabilities do not fit what is chosen from",
      "  operand:  p",
      "  actual:   shape [2]",
      "  expected: shape [3]",
      "  try:      give one probability for each",
    ].join("\n"),
  });
  assert.throws(() => permutation(key(0), 2.5), {
    name: "TypeError",
    message: "Cannot permutation: it is given a single float32; pass a whole number, or an array with an axis",
  });
});

test("categorical() draws what is likely, along an axis, at a shape", () => {
  const logits = fromElements([Math.log(0.25), -Infinity, Math.log(0.75)], [3], "float32");
  for (const mode of ["low", "high"] as const) {
    const x = elements(categorical(key(5), logits, { shape: [1000], mode }));
    assert.equal(x.filter((value) => value === 1).length, 0);
    assert(Math.abs(x.filter((value) => value === 2).length - 750) < 60);
  }
  const table = fromElements([0, 9, 0, 0, 0, 9], [3, 2], "float32");
  assert.deepEqual(categorical(key(0), table).shape, [3]);
  assert.deepEqual(categorical(key(0), table, { axis: 0 }).shape, [2]);
  assert.deepEqual(categorical(key(0), table, { axis: 0, shape: [4, 2] }).shape, [4, 2]);
  const some = elements(categorical(key(0), logits, { shape: [3], replace: false }));
  assert.deepEqual([...some].sort(), [0, 1, 2]);
  assert.throws(() => categorical(key(0), logits, { shape: [4], replace: false }), {
    name: "ValueError",
    message: [
      "Cannot categorical: there are less categories than draws without replacement",
      "  actual:   4 draws of 3 categories",
      "  expected: at most 3 draws",
      "  try:      draw less, or with replacement",
    ].join("\n"),
  });
});
