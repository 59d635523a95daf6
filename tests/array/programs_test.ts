import { test } from "node:test";
import assert from "node:assert/strict";
import { grad } from "../../array/derivatives.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { runProgram } from "../../core/program.ts";
import { start } from "../_support.ts";

await start();

test("makeProgram() writes operations down, and prints them", () => {
  const f = (x: NDArray): NDArray => np.sin(x).mul(2).sum();
  const x = np.array([1, 2, 3.5]);
  const program = makeProgram(f)(x);
  assert.equal(
    String(program),
    [
      "{ lambda a:float32[3]. let",
      "    b:float32[3] = sin a",
      "    c:float32[3] = broadcastInDim[shape=[3] dimensions=[]] 2",
      "    d:float32[3] = mul b c",
      "    e:float32[] = reduceSum[axes=[0]] d",
      "  in (e) }",
    ].join("\n"),
  );
  assert.equal(runProgram(program, [x])[0]!.item(), f(x).item());
});

test("makeProgram() of a derivative does what the derivative does", () => {
  const f = (x: NDArray): NDArray => np.tanh(x).mul(x).sum();
  const x = np.array([0.5, -1.5]);
  const [gradient] = runProgram(makeProgram(grad(f))(x), [x]);
  assert.deepEqual(gradient!.tolist(), grad(f)(x).tolist());
});

test("constants can be read and printed while a program is written down", () => {
  const half = np.arange(200).astype("bfloat16").reshape(2, 100).T;
  const program = makeProgram((x: NDArray) => {
    assert.equal(half.tolist().toString().slice(0, 11), "0,100,1,101");
    assert.match(String(half), /^NDArray\(\[\[ {2}0\., 100\.\],\n/);
    return x.add(1);
  })(np.ones(2));
  assert.equal(program.equations.at(-1)?.primitive.name, "add");
});
