import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import { tolist } from "../../array/read.ts";
import { mapBatch } from "../../core/vmap.ts";
import { mul } from "../../ops/mul.ts";
import { transpose } from "../../ops/transpose.ts";
import { start } from "../_support.ts";

await start();

test("mapBatch() hides the axis of examples, and says where it is in results", () => {
  const x = array([[1, 2, 3], [4, 5, 6]]);
  const [[y, same], bdims] = mapBatch(
    3,
    (a, b) => {
      assert.deepEqual([a!.shape, b!.shape], [[2], [2]]);
      return [mul(a!, b!), b!];
    },
    [x, array([1, 10])],
    [1, undefined],
  );
  assert.equal(bdims[1], undefined);
  assert.deepEqual(tolist(same!), [1, 10]);
  assert.deepEqual(tolist(bdims[0] === 0 ? y! : transpose(y!, [1, 0])), [[1, 40], [2, 50], [3, 60]]);
});
