import { test } from "node:test";
import assert from "node:assert/strict";
import { grad } from "../../array/derivatives.ts";
import * as np from "../../array/np.ts";
import { bind } from "../../core/bind.ts";
import { batchProgram } from "../../core/derived.ts";
import { pullBack } from "../../core/linearize.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { LinearOperand, Zero } from "../../core/primitive.ts";
import { writeClosed } from "../../core/program.ts";
import { add } from "../../ops/add.ts";
import { checkpointPrimitive } from "../../ops/checkpoint.ts";
import { customJvpPrimitive } from "../../ops/custom_jvp.ts";
import { customVjpPrimitive, customVjpTangentPrimitive } from "../../ops/custom_vjp.ts";
import { start } from "../_support.ts";

await start();

const [x, y] = [np.array([0.5, 1.5]), np.array([2.5, 3.5])];
const [program] = writeClosed("test", (x, y) => [x!.mul(y!)], [x, y]);
const held = { name: "product", program, held: 0 };

/** Params of the three operations that are the product of two arrays. */
const jvpParams = {
  ...held,
  jvp: ([x, y]: readonly NDArray[], [dx]: readonly (NDArray | Zero)[]) =>
    [[x!.mul(y!)], [dx instanceof Zero ? dx : dx!.mul(y!)]] as const,
};
const bwd = ([y]: readonly NDArray[], [ct]: readonly (NDArray | Zero)[]): readonly (NDArray | Zero)[] => [
  (ct as NDArray).mul(y!).mul(2),
  new Zero(y!),
];
const vjpParams = {
  ...held,
  fwd: ([x, y]: readonly NDArray[]) => ({ outputs: [x!.mul(y!)], residuals: [y!], bwd }),
};
const checkpointParams = { name: "product", program, policy: undefined, preventCse: true, isAgain: false };

/** The product by each of them. */
const products: readonly ((x: NDArray, y: NDArray) => NDArray)[] = [
  (x, y) => bind(customJvpPrimitive, [x, y], jvpParams)[0]!,
  (x, y) => bind(customVjpPrimitive, [x, y], vjpParams)[0]!,
  (x, y) => bind(checkpointPrimitive, [x, y], checkpointParams)[0]!,
];

test("operations with rules of their own compute their program, and are differentiated by their rule", () => {
  const gradients = [[2.5, 3.5], [5, 7], [2.5, 3.5]];
  products.forEach((product, k) => {
    assert.deepEqual(product(x, y).tolist(), [1.25, 5.25]);
    assert.deepEqual(grad((x: NDArray) => product(x, y).sum())(x).tolist(), gradients[k]);
  });
});

test("operations with rules of their own are transposed as their program is", () => {
  const operands = [new LinearOperand(x), y];
  for (
    const [ct] of [
      customJvpPrimitive.transpose([x], operands, jvpParams),
      customVjpPrimitive.transpose([x], operands, vjpParams),
      checkpointPrimitive.transpose([x], operands, checkpointParams),
    ]
  ) assert.deepEqual((ct as NDArray).tolist(), [1.25, 5.25]);
});

test("operations with rules of their own work on batches along any axis", () => {
  const batch = np.stack([x, y], { axis: 1 });
  const rules = [
    customJvpPrimitive.vmap(2, [batch, y], [1, undefined], jvpParams, undefined),
    customVjpPrimitive.vmap(2, [batch, y], [1, undefined], vjpParams, undefined),
    checkpointPrimitive.vmap(2, [batch, y], [1, undefined], checkpointParams, undefined),
  ];
  for (const [[out], [bdim]] of rules) {
    assert.deepEqual(np.moveaxis(out!, bdim!, 0).tolist(), [[1.25, 5.25], [6.25, 12.25]]);
  }
});

test("customVjpTangent is transposed on batches: cotangents of tangents that all share are summed", () => {
  const params = { name: "product", residuals: 1, bwd, isChanging: [true, false], avals: [x] };
  const [tangent] = writeClosed("test", (y, dx) => bind(customVjpTangentPrimitive, [y!, dx!], params), [y, x]);
  const both = np.stack([y, x]);
  const cases = [[both, 0, 0, [[5, 7], [1, 3]]], [both, 0, undefined, [6, 10]], [y, undefined, 0, [[5, 7], [5, 7]]]];
  for (const [known, ofY, ofX, expected] of cases as [NDArray, number, number, unknown][]) {
    const { program, bdims } = batchProgram(tangent, 2, [ofY, ofX], undefined);
    assert.deepEqual(bdims, [0]);
    const [, ct] = pullBack(program, [np.ones([2, 2])], add, [known]);
    assert.deepEqual((ct as NDArray).tolist(), expected);
  }
});
