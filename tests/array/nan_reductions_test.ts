import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import {
  nanargmax,
  nanargmin,
  nancumprod,
  nancumsum,
  nanmax,
  nanmean,
  nanmin,
  nanprod,
  nanstd,
  nansum,
  nanvar,
} from "../../array/nan_reductions.ts";
import { item, tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

const x = () => array([[1, NaN, 3], [NaN, NaN, NaN]]);

test("nansum() and nanprod() take NaN for what changes nothing", () => {
  assert.deepEqual(tolist(nansum(x(), { axis: 1 })), [4, 0]);
  assert.deepEqual(tolist(nanprod(x(), { axis: 1 })), [3, 1]);
  assert.equal(nansum(array([1], { dtype: "int8" })).dtype, "int32");
});

test("nanmax(), nanmin() and nanmean() are NaN where there is nothing else", () => {
  assert.deepEqual(tolist(nanmax(x(), { axis: 1 })), [3, NaN]);
  assert.deepEqual(tolist(nanmin(x(), { axis: 1, keepdims: true })), [[1], [NaN]]);
  assert.deepEqual(tolist(nanmean(x(), { axis: 1 })), [2, NaN]);
  assert.equal(item(nanmax(array([NaN]), { initial: 2 })), 2);
});

test("nanvar() and nanstd() count what is not NaN", () => {
  assert.deepEqual(tolist(nanvar(x(), { axis: 1, ddof: 1 })), [2, NaN]);
  assert.deepEqual(tolist(nanstd(x(), { axis: 1 })), [1, NaN]);
});

test("nanargmax() and nanargmin() are -1 where there is nothing but NaN", () => {
  assert.deepEqual(tolist(nanargmax(x(), { axis: 1 })), [2, -1]);
  assert.deepEqual(tolist(nanargmin(x(), { axis: 1 })), [0, -1]);
});

test("nancumsum() and nancumprod() pass over NaN", () => {
  assert.deepEqual(tolist(nancumsum(array([1, NaN, 3]))), [1, 1, 4]);
  assert.deepEqual(tolist(nancumprod(array([2, NaN, 3]))), [2, 2, 6]);
});
