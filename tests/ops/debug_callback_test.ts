import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { memory } from "../../core/memory.ts";
import { dropUnused, runProgram, writeProgram } from "../../core/program.ts";
import { mapBatch } from "../../core/vmap.ts";
import { add } from "../../ops/add.ts";
import { debugCallback } from "../../ops/debug_callback.ts";
import { jitPrimitive } from "../../ops/jit.ts";
import { bind } from "../../core/bind.ts";
import { start } from "../_support.ts";

await start();

test("debugCallback() calls with values, and frees what is made", () => {
  const seen: unknown[] = [];
  const x = array([1, 2]);
  const before = memory().liveArrays;
  debugCallback((x) => seen.push(tolist(add(x!, x!))), [x]);
  assert.deepEqual(seen, [[2, 4]]);
  assert.equal(memory().liveArrays, before);
});

test("debugCallback() calls once for each example, along any axis", () => {
  const seen: unknown[] = [];
  const c = array(7);
  mapBatch(
    3,
    (x) => {
      debugCallback((x, c) => seen.push([tolist(x!), tolist(c!)]), [x!, c]);
      return [];
    },
    [array([[1, 2, 3], [4, 5, 6]])],
    [1],
  );
  assert.deepEqual(seen, [[[1, 4], 7], [[2, 5], 7], [[3, 6], 7]]);
});

test("debugCallback() stays in programs whose results do not need it, and in those that these hold", () => {
  const seen: unknown[] = [];
  const aval = { shape: [], dtype: "int32", weakType: false } as const;
  const program = dropUnused(writeProgram("test", (x) => {
    debugCallback((x) => seen.push(tolist(x!)), [x!]);
    add(x!, x!);
    return [];
  }, [aval]));
  assert.equal(program.equations.length, 1);
  const outer = dropUnused(writeProgram("test", (x) => bind(jitPrimitive, [x!], { name: "inner", program }), [aval]));
  assert.equal(outer.equations.length, 1);
  runProgram(outer, [array(5)]);
  assert.deepEqual(seen, [5]);
});
