import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { pushForward } from "../../core/jvp.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { runProgram, Variable, writeProgram } from "../../core/program.ts";
import { printProgram } from "../../core/program_text.ts";
import { add } from "../../ops/add.ts";
import { mul } from "../../ops/mul.ts";
import { start } from "../_support.ts";

await start();

test("writeProgram() writes operations on constants down, too", () => {
  const c = array([1, 2]);
  const program = writeProgram("test", (x) => [add(x!, mul(c, c)), c], [c]);
  assert.equal(
    printProgram(program),
    "{ lambda a:int32[2]. let\n    b:int32[2] = mul const int32[2] const int32[2]\n" +
      "    c:int32[2] = add a b\n  in (c, const int32[2]) }",
  );
  assert(program.outputs[0] instanceof Variable);
  assert.deepEqual(runProgram(program, [array([10, 20])]).map(tolist), [[11, 24], [1, 2]]);
});

test("programs hold arrays of outer transformations, and can be run under them", () => {
  const x = array([1.5, 2.5]);
  const f = (x: NDArray): readonly NDArray[] => {
    const program = writeProgram("test", (y) => [mul(x, y!)], [x]);
    return runProgram(program, [x]);
  };
  const [, [dy]] = pushForward("jvp", (x) => f(x!), [x], [array([1.5, 0.5])]);
  assert.deepEqual(tolist(dy as NDArray), [4.5, 2.5]);
});
