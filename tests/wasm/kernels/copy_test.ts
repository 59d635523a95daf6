/** Copies: transposes, broadcasts, views in place of arrays. */

import assert from "node:assert/strict";
import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download, slice, transpose } from "../../../wasm/operand.ts";
import { withOperands } from "../../_support.ts";

test("copy() transposes, broadcasts and writes into views, in every width", () =>
  withOperands((operands) => {
    for (const dtype of ["float32", "int16", "uint8"] as const) {
      const x = operands.of([1, 2, 3, 4, 5, 6], [2, 3], dtype);
      const across = operands.out([3, 2], dtype);
      kernels.copy(across, transpose(x));
      assert.deepEqual([...download(across)], [1, 4, 2, 5, 3, 6], dtype);
      const wide = operands.out([2, 2, 3], dtype);
      kernels.copy(wide, slice(x, 0, 1, 1));
      assert.deepEqual([...download(wide)], [4, 5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 6], dtype);
      kernels.copy(slice(x, 1, 1, 1), operands.of([8, 9], [2, 1], dtype));
      assert.deepEqual([...download(x)], [1, 8, 3, 4, 9, 6], dtype);
    }
  }));
