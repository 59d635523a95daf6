import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { item, tolist } from "../../array/read.ts";
import { pushForward } from "../../core/jvp.ts";
import { NDArray } from "../../core/ndarray.ts";
import { Zero } from "../../core/primitive.ts";
import { mul } from "../../ops/mul.ts";
import { sin } from "../../ops/sin.ts";
import { start } from "../_support.ts";

await start();

test("pushForward() gives results and how they change, and writes no zeros", () => {
  const [x, y] = [array([2, 3]), array([5, 7])].map((own) => mul(own, array([1, 1])));
  const [[product, alone], [change, none]] = pushForward("jvp", (a, b) => [mul(a!, b!), b!], [x!, y!], [
    x!,
    new Zero(y!),
  ]);
  assert.deepEqual([tolist(product!), tolist(change as NDArray)], [[10, 21], [10, 21]]);
  assert(none instanceof Zero && alone === y);
});

test("pushForward() inside of itself tells the changes of one from those of the other", () => {
  // d/dx (x d/dy (x + y) y) at y = 1: perturbations must not be confused.
  const [one, x] = [array(1.0 + 0.5), array(0.5)];
  const outer = (x: NDArray): readonly NDArray[] => {
    const [, [inner]] = pushForward("jvp", (y) => [mul(x, mul(x, y!))], [one], [one]);
    return [inner as NDArray];
  };
  const [[value], [change]] = pushForward("jvp", (x) => outer(x!), [x], [array(2.5)]);
  assert.equal(item(value!), 0.375);
  assert.equal(item(change as NDArray), 2 * 0.5 * 1.5 * 2.5);
});

test("tracers are arrays", () => {
  pushForward(
    "jvp",
    (x) => {
      assert(x instanceof NDArray && x.tracedBy?.name === "jvp");
      assert.equal(String(x), "NDArray(float32[], weak, traced by jvp)");
      return [sin(x)];
    },
    [array(1.5)],
    [array(0.5)],
  );
});
