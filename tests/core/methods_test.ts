import { test } from "node:test";
import assert from "node:assert/strict";
import { fillMethods, method } from "../../core/methods.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { PenjingError } from "../../errors/mod.ts";

test("method() gives what was filled, or names the import", () => {
  const before = (() => {
    try {
      return method("ptp");
    } catch (error) {
      assert(error instanceof PenjingError);
      assert.equal(
        error.message,
        'Cannot call "ptp" of an array: the part that knows how is not loaded\n' +
          '  try: import "@penjing/penjing" somewhere before',
      );
      return undefined;
    }
  })();
  const own = (x: NDArray): NDArray => x;
  fillMethods({ ptp: own });
  assert.equal(method("ptp"), own);
  if (before !== undefined) fillMethods({ ptp: before });
});
