/**
 * Fills the table of the methods of arrays.
 *
 * @module
 */

import { NDArray } from "../core/ndarray.ts";
import { fillMethods } from "../core/methods.ts";
import { dispose } from "../core/storage.ts";
import { randomUnwrap } from "../ops/random_unwrap.ts";
import { fillHook } from "../tree/hooks.ts";
import { absolute, add, divide, multiply, negative, positive, subtract } from "./arithmetic.ts";
import { arrayEqual, equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison.ts";
import { cumprod, cumsum } from "./cumulative.ts";
import { arrayToString } from "./display.ts";
import { divmod, floorDivide, mod } from "./division.ts";
import { clip } from "./extremes.ts";
import { compress, nonzero } from "./finding.ts";
import { at, get } from "./indexing.ts";
import { unstack } from "./joining.ts";
import { bitcastConvertType } from "./lax_elementwise.ts";
import { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, leftShift, rightShift } from "./logic.ts";
import { power } from "./power.ts";
import { dot, matmul, trace } from "./products.ts";
import { data, dataSync, item, ready, tolist } from "./read.ts";
import { diagonal } from "./diagonals.ts";
import { all, any, argmax, argmin, max, mean, min, prod, ptp, sum } from "./reductions.ts";
import { repeat } from "./repeating.ts";
import { ravel, reshape, squeeze, swapaxes, transpose } from "./reshaping.ts";
import { astype, round } from "./rounding.ts";
import { searchsorted } from "./searching.ts";
import { argpartition, argsort, sort } from "./sorting.ts";
import { std, var as variance } from "./statistics.ts";
import { take } from "./taking.ts";
import { choose } from "./where.ts";

/** Axes or sizes that stand for themselves or in one list. */
function listed(sizes: readonly (number | readonly number[])[]): readonly number[] {
  return sizes.flat();
}

fillMethods({
  add,
  sub: subtract,
  mul: multiply,
  div: divide,
  floorDiv: floorDivide,
  mod,
  divmod,
  pow: power,
  matmul: (x, y) => matmul(x, y),
  dot: (x, y) => dot(x, y),
  leftShift,
  rightShift,
  and: bitwiseAnd,
  or: bitwiseOr,
  xor: bitwiseXor,
  lt: less,
  le: lessEqual,
  eq: equal,
  ne: notEqual,
  ge: greaterEqual,
  gt: greater,
  neg: negative,
  pos: positive,
  abs: absolute,
  invert: bitwiseNot,
  conj: (x) => x,
  round: (x, decimals) => round(x, decimals === undefined ? {} : { decimals }),
  clip,
  sum,
  prod,
  mean,
  std,
  var: variance,
  max,
  min,
  ptp,
  all,
  any,
  argmax,
  argmin,
  cumsum,
  cumprod,
  sort,
  argsort,
  argpartition,
  searchsorted,
  nonzero,
  reshape: (x, ...shape) => reshape(x, listed(shape)),
  transpose: (x, ...axes) => transpose(x, axes.length === 0 ? undefined : listed(axes)),
  swapaxes,
  squeeze,
  ravel: (x) => ravel(x),
  flatten: (x) => ravel(x),
  diagonal,
  trace,
  take,
  repeat,
  choose,
  compress: (x, condition, options) => compress(condition, x, options),
  astype,
  view: bitcastConvertType,
  get,
  at,
  unstack,
  data,
  dataSync,
  blockUntilReady: ready,
  tolist,
  item,
  dispose,
  toString: arrayToString,
});

fillHook("arrayEquals", (a, b) => {
  if (!(a instanceof NDArray)) return undefined;
  if (!(b instanceof NDArray) || a.dtype !== b.dtype) return false;
  const [x, y] = a.dtype === "prngKey" ? [randomUnwrap(a), randomUnwrap(b)] : [a, b];
  return item(arrayEqual(x, y)) === true;
});
