import { test } from "node:test";
import assert from "node:assert/strict";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { writeProgram } from "../../core/program.ts";
import { printProgram } from "../../core/program_text.ts";
import { start } from "../_support.ts";

await start();

test("a program is a line for each operation; one that an operation holds is written into it, further in", () => {
  const double = jit((x: NDArray) => x.mul(2), { name: "double" });
  const program = writeProgram("test", (x) => [double(np.sin(x!)).sum({ axis: 0 })], [np.ones([2, 3])]);
  assert.equal(
    printProgram(program),
    `{ lambda a:float32[2,3]. let
    b:float32[2,3] = sin a
    c:float32[2,3] = jit[name=double program={ lambda a:float32[2,3]. let
        b:float32[2,3] = broadcastInDim[shape=[2,3] dimensions=[]] 2
        c:float32[2,3] = mul a b
      in (c) }] b
    d:float32[3] = reduceSum[axes=[0]] c
  in (d) }`,
  );
});
