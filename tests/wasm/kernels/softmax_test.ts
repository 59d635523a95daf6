/** Softmax against JAX's. */

import test from "node:test";
import * as kernels from "../../../wasm/kernels/mod.ts";
import { download } from "../../../wasm/operand.ts";
import { assertUlps, fromBits, withOperands } from "../../_support.ts";
import { goldens } from "./_goldens.ts";

test("softmax() is within 4 ulp of the exact value; rows with NaN, infinities and -inf alone as in JAX", () =>
  withOperands((operands) => {
    for (const { shape, x, exact } of goldens.softmax) {
      const out = operands.out(shape);
      kernels.softmax(out, operands.of(fromBits(x), shape));
      assertUlps(download(out), fromBits(exact), 4, `softmax [${shape}]`);
    }
  }));
