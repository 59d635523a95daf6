import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { linearizeAt, pullBack } from "../../core/linearize.ts";
import { NDArray } from "../../core/ndarray.ts";
import { Zero } from "../../core/primitive.ts";
import { runProgram } from "../../core/program.ts";
import { add } from "../../ops/add.ts";
import { mul } from "../../ops/mul.ts";
import { sin } from "../../ops/sin.ts";
import { start } from "../_support.ts";

await start();

test("linearizeAt() computes what depends on primals alone, and writes down what is linear", () => {
  const [x, y] = [array([1.5, 2.5]), array([3.5, 4.5])];
  const [outputs, { program, tangents }] = linearizeAt("test", (a, b) => [mul(a!, b!), sin(x)], [x, y]);
  assert.deepEqual(tolist(outputs[0]!), [5.25, 11.25]);
  assert.equal(tangents[0], 0);
  assert(tangents[1] instanceof Zero);
  assert.deepEqual(program.equations.map(({ primitive }) => primitive.name), ["mul", "mul", "add"]);
  const one = array([1.0, 1.5]);
  assert.deepEqual(tolist(runProgram(program, [one, one])[0]!), [5, 10.5]);
});

test("pullBack() adds up what comes back on several ways, and gives zero where nothing does", () => {
  const x = array([1.5, 2.5]);
  const [, { program }] = linearizeAt("test", (a, _b) => [add(mul(a!, a!), a!)], [x, x]);
  const [ct, none] = pullBack(program, [array([1.5, 0.5])], add);
  assert.deepEqual(tolist(ct as NDArray), [6, 3]);
  assert(none instanceof Zero && !(none instanceof NDArray));
});
