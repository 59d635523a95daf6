import { test } from "node:test";
import { start } from "../_support.ts";
import {
  type Case,
  checkBatchedJvp,
  checkEmpty,
  checkHalves,
  checkJvp,
  checkReverse,
  checkSecond,
  checkStaged,
  checkStrides,
  checkTranspose,
  checkVmap,
} from "./_case.ts";
import { CASES as ELEMENTWISE } from "./_cases_elementwise.ts";
import { CASES as MOVEMENT } from "./_cases_movement.ts";
import { CASES as RANDOM } from "./_cases_random.ts";
import { CASES as REDUCTIONS } from "./_cases_reductions.ts";

await start();

const CASES: readonly Case[] = [...ELEMENTWISE, ...MOVEMENT, ...REDUCTIONS, ...RANDOM];

/** Whether a row is about an elementwise operation without parameters, which any shape suits. */
function isPlain({ primitive, params, inputs }: Case): boolean {
  const shape = String(inputs[0]?.shape);
  return Object.keys(params).length === 0 && inputs.every((input) => String(input.shape) === shape) &&
    !primitive.name.startsWith("random");
}

for (const row of CASES) {
  test(`${row.name}: strided operands give equal bits`, () => checkStrides(row));
  test(`${row.name}: in a plan it gives the same bits`, () => checkStaged(row));
  if (row.halves === undefined && row.inputs.some(({ dtype = "float32" }) => dtype === "float32")) {
    test(`${row.name}: of halves it is that of float32, rounded once`, () => checkHalves(row));
  }
  if (isPlain(row)) test(`${row.name}: of nothing it makes nothing`, () => checkEmpty(row));
  if (row.differentiable?.length !== 0) {
    test(`${row.name}: its derivative is that of finite differences`, () => checkJvp(row));
    test(`${row.name}: reverse mode is the transpose of forward mode`, () => checkReverse(row));
    test(`${row.name}: its second derivative is that of finite differences`, () => checkSecond(row));
    test(`${row.name}: derivatives of batches are batches of derivatives`, () => checkBatchedJvp(row));
  }
  if (row.linear !== undefined) test(`${row.name}: its transpose is that of the linear map`, () => checkTranspose(row));
  if (row.vmapOperands?.length !== 0) test(`${row.name}: on batches it does what it does to one`, () => checkVmap(row));
}
