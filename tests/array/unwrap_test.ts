import assert from "node:assert/strict";
import { test } from "node:test";
import { array, zeros } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { unwrap } from "../../array/unwrap.ts";
import { start } from "../_support.ts";

await start();

test("unwrap() adds whole periods where numbers begin again", () => {
  const x = array([[21, 22, 23, 0, 1], [3, 1, 23, 20, 5]]);
  assert.deepEqual(tolist(unwrap(x, { period: 24 })), [[21, 22, 23, 24, 25], [3, 1, -1, -4, 5]]);
  const down = unwrap(array([[0, 2], [6, 2], [0, 2]]), { period: 6, axis: 0 });
  assert.deepEqual(tolist(down), [[0, 2], [0, 2], [0, 2]]);
});

test("unwrap() keeps the way of a jump of half a period, and jumps below the discontinuity", () => {
  assert.deepEqual(tolist(unwrap(array([0, 2, 0]), { period: 4 })), [0, 2, 0]);
  assert.deepEqual(tolist(unwrap(array([0, 3, 0]), { period: 4, discont: 3.5 })), [0, 3, 0]);
});

test("unwrap() of nothing is nothing", () => {
  assert.deepEqual(unwrap(zeros([2, 0])).shape, [2, 0]);
  assert.throws(() => unwrap(1), { name: "ValueError" });
});
