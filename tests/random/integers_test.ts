import assert from "node:assert/strict";
import { test } from "node:test";
import { fromElements } from "../../core/constant.ts";
import { randint } from "../../random/integers.ts";
import { key } from "../../random/key.ts";
import { start } from "../_support.ts";
import { elements } from "./_draws.ts";

await start();

test("randint() draws all integers of a range, and no others", () => {
  const x = elements(randint(key(0), [1000], -2, 3));
  assert.deepEqual([...new Set(x)].sort((a, b) => a - b), [-2, -1, 0, 1, 2]);
  for (const value of [-2, -1, 0, 1, 2]) {
    assert(Math.abs(x.filter((other) => other === value).length - 200) < 50, `${value}`);
  }
});

test("randint() reaches both ends of a dtype", () => {
  const seen = (dtype: string, least: number, end: number): [number, number] => {
    const x = elements(randint(key(4), [20000], least, end, { dtype }));
    return [Math.min(...x), Math.max(...x)];
  };
  assert.deepEqual(seen("int8", -128, 128), [-128, 127]);
  assert.deepEqual(seen("uint8", 0, 256), [0, 255]);
  assert.deepEqual(seen("uint8", -5, 1000), [0, 255]);
  const [least, most] = seen("uint32", 0, 2 ** 32 - 1);
  assert(least < 2 ** 20 && most > 2 ** 32 - 2 ** 20);
});

test("randint() of an empty range draws its start", () => {
  assert.deepEqual(elements(randint(key(0), [3], 5, 5)), [5, 5, 5]);
  assert.deepEqual(elements(randint(key(0), [2], 5, -5, { dtype: "int8" })), [5, 5]);
});

test("randint() takes bounds that broadcast", () => {
  const low = fromElements([0, 10], [2, 1], "int32");
  const high = fromElements([1, 11, 12], [3], "int32");
  const x = randint(key(7), [2, 3], low, high);
  assert.deepEqual(x.shape, [2, 3]);
  const [a, , , d, e] = elements(x);
  assert.deepEqual([a, d, e], [0, 10, 10]);
});

test("randint() refuses dtypes and bounds that do not fit", () => {
  assert.throws(() => randint(key(0), [2], 0, 5, { dtype: "float32" }), {
    name: "TypeError",
    message: "Cannot randint: the dtype is float32; name an integer dtype, or draw floats by uniform()",
  });
  assert.throws(() => randint(key(0), [2], 0, 2 ** 32), {
    name: "ValueError",
    message: [
      "Cannot randint: a bound is beyond all integers of 32 bits",
      "  actual:   4294967296",
      "  expected: at most 4294967295",
      "  try:      draw all integers of 32 bits by bits()",
    ].join("\n"),
  });
});
