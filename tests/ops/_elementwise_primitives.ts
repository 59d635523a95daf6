/**
 * The elementwise primitives, by the names of their functions.
 *
 * @module
 */

import type { Primitive } from "../../core/primitive.ts";
import { absPrimitive } from "../../ops/abs.ts";
import { acosPrimitive } from "../../ops/acos.ts";
import { acoshPrimitive } from "../../ops/acosh.ts";
import { addPrimitive } from "../../ops/add.ts";
import { andPrimitive } from "../../ops/and.ts";
import { asinPrimitive } from "../../ops/asin.ts";
import { asinhPrimitive } from "../../ops/asinh.ts";
import { atanPrimitive } from "../../ops/atan.ts";
import { atan2Primitive } from "../../ops/atan2.ts";
import { atanhPrimitive } from "../../ops/atanh.ts";
import { besselI0ePrimitive } from "../../ops/bessel_i0e.ts";
import { besselI1ePrimitive } from "../../ops/bessel_i1e.ts";
import { bitcastConvertTypePrimitive } from "../../ops/bitcast_convert_type.ts";
import { cbrtPrimitive } from "../../ops/cbrt.ts";
import { ceilPrimitive } from "../../ops/ceil.ts";
import { clampPrimitive } from "../../ops/clamp.ts";
import { clzPrimitive } from "../../ops/clz.ts";
import { cosPrimitive } from "../../ops/cos.ts";
import { coshPrimitive } from "../../ops/cosh.ts";
import { digammaPrimitive } from "../../ops/digamma.ts";
import { divPrimitive } from "../../ops/div.ts";
import { eqPrimitive } from "../../ops/eq.ts";
import { erfPrimitive } from "../../ops/erf.ts";
import { erfInvPrimitive } from "../../ops/erf_inv.ts";
import { erfcPrimitive } from "../../ops/erfc.ts";
import { expPrimitive } from "../../ops/exp.ts";
import { exp2Primitive } from "../../ops/exp2.ts";
import { expm1Primitive } from "../../ops/expm1.ts";
import { floorPrimitive } from "../../ops/floor.ts";
import { gePrimitive } from "../../ops/ge.ts";
import { gtPrimitive } from "../../ops/gt.ts";
import { integerPowPrimitive } from "../../ops/integer_pow.ts";
import { isFinitePrimitive } from "../../ops/is_finite.ts";
import { lePrimitive } from "../../ops/le.ts";
import { lgammaPrimitive } from "../../ops/lgamma.ts";
import { logPrimitive } from "../../ops/log.ts";
import { log1pPrimitive } from "../../ops/log1p.ts";
import { log2Primitive } from "../../ops/log2.ts";
import { logAddExpPrimitive } from "../../ops/log_add_exp.ts";
import { logisticPrimitive } from "../../ops/logistic.ts";
import { ltPrimitive } from "../../ops/lt.ts";
import { maxPrimitive } from "../../ops/max.ts";
import { minPrimitive } from "../../ops/min.ts";
import { mulPrimitive } from "../../ops/mul.ts";
import { nePrimitive } from "../../ops/ne.ts";
import { negPrimitive } from "../../ops/neg.ts";
import { nextAfterPrimitive } from "../../ops/next_after.ts";
import { notPrimitive } from "../../ops/not.ts";
import { orPrimitive } from "../../ops/or.ts";
import { populationCountPrimitive } from "../../ops/population_count.ts";
import { powPrimitive } from "../../ops/pow.ts";
import { remPrimitive } from "../../ops/rem.ts";
import { roundPrimitive } from "../../ops/round.ts";
import { rsqrtPrimitive } from "../../ops/rsqrt.ts";
import { selectPrimitive } from "../../ops/select.ts";
import { shiftLeftPrimitive } from "../../ops/shift_left.ts";
import { shiftRightArithmeticPrimitive } from "../../ops/shift_right_arithmetic.ts";
import { shiftRightLogicalPrimitive } from "../../ops/shift_right_logical.ts";
import { signPrimitive } from "../../ops/sign.ts";
import { sinPrimitive } from "../../ops/sin.ts";
import { sinhPrimitive } from "../../ops/sinh.ts";
import { sqrtPrimitive } from "../../ops/sqrt.ts";
import { squarePrimitive } from "../../ops/square.ts";
import { stopGradientPrimitive } from "../../ops/stop_gradient.ts";
import { subPrimitive } from "../../ops/sub.ts";
import { tanPrimitive } from "../../ops/tan.ts";
import { tanhPrimitive } from "../../ops/tanh.ts";
import { truncPrimitive } from "../../ops/trunc.ts";
import { xorPrimitive } from "../../ops/xor.ts";

/** Their names. */
export type ElementwiseName =
  | "abs"
  | "acos"
  | "acosh"
  | "add"
  | "and"
  | "asin"
  | "asinh"
  | "atan"
  | "atan2"
  | "atanh"
  | "besselI0e"
  | "besselI1e"
  | "bitcastConvertType"
  | "cbrt"
  | "ceil"
  | "clamp"
  | "clz"
  | "cos"
  | "cosh"
  | "digamma"
  | "div"
  | "eq"
  | "erf"
  | "erfInv"
  | "erfc"
  | "exp"
  | "exp2"
  | "expm1"
  | "floor"
  | "ge"
  | "gt"
  | "integerPow"
  | "isFinite"
  | "le"
  | "lgamma"
  | "log"
  | "log1p"
  | "log2"
  | "logAddExp"
  | "logistic"
  | "lt"
  | "max"
  | "min"
  | "mul"
  | "ne"
  | "neg"
  | "nextAfter"
  | "not"
  | "or"
  | "populationCount"
  | "pow"
  | "rem"
  | "round"
  | "rsqrt"
  | "select"
  | "shiftLeft"
  | "shiftRightArithmetic"
  | "shiftRightLogical"
  | "sign"
  | "sin"
  | "sinh"
  | "sqrt"
  | "square"
  | "stopGradient"
  | "sub"
  | "tan"
  | "tanh"
  | "trunc"
  | "xor";

/** The primitives. */
// deno-lint-ignore no-explicit-any -- they have parameters of any kind
export const elementwisePrimitives: Readonly<Record<ElementwiseName, Primitive<any>>> = {
  abs: absPrimitive,
  acos: acosPrimitive,
  acosh: acoshPrimitive,
  add: addPrimitive,
  and: andPrimitive,
  asin: asinPrimitive,
  asinh: asinhPrimitive,
  atan: atanPrimitive,
  atan2: atan2Primitive,
  atanh: atanhPrimitive,
  besselI0e: besselI0ePrimitive,
  besselI1e: besselI1ePrimitive,
  bitcastConvertType: bitcastConvertTypePrimitive,
  cbrt: cbrtPrimitive,
  ceil: ceilPrimitive,
  clamp: clampPrimitive,
  clz: clzPrimitive,
  cos: cosPrimitive,
  cosh: coshPrimitive,
  digamma: digammaPrimitive,
  div: divPrimitive,
  eq: eqPrimitive,
  erf: erfPrimitive,
  erfInv: erfInvPrimitive,
  erfc: erfcPrimitive,
  exp: expPrimitive,
  exp2: exp2Primitive,
  expm1: expm1Primitive,
  floor: floorPrimitive,
  ge: gePrimitive,
  gt: gtPrimitive,
  integerPow: integerPowPrimitive,
  isFinite: isFinitePrimitive,
  le: lePrimitive,
  lgamma: lgammaPrimitive,
  log: logPrimitive,
  log1p: log1pPrimitive,
  log2: log2Primitive,
  logAddExp: logAddExpPrimitive,
  logistic: logisticPrimitive,
  lt: ltPrimitive,
  max: maxPrimitive,
  min: minPrimitive,
  mul: mulPrimitive,
  ne: nePrimitive,
  neg: negPrimitive,
  nextAfter: nextAfterPrimitive,
  not: notPrimitive,
  or: orPrimitive,
  populationCount: populationCountPrimitive,
  pow: powPrimitive,
  rem: remPrimitive,
  round: roundPrimitive,
  rsqrt: rsqrtPrimitive,
  select: selectPrimitive,
  shiftLeft: shiftLeftPrimitive,
  shiftRightArithmetic: shiftRightArithmeticPrimitive,
  shiftRightLogical: shiftRightLogicalPrimitive,
  sign: signPrimitive,
  sin: sinPrimitive,
  sinh: sinhPrimitive,
  sqrt: sqrtPrimitive,
  square: squarePrimitive,
  stopGradient: stopGradientPrimitive,
  sub: subPrimitive,
  tan: tanPrimitive,
  tanh: tanhPrimitive,
  trunc: truncPrimitive,
  xor: xorPrimitive,
};
