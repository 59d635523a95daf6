import assert from "node:assert/strict";
import { test } from "node:test";
import { array } from "../../array/creation.ts";
import * as lax from "../../array/lax_math.ts";
import { tolist } from "../../array/read.ts";
import { start } from "../_support.ts";

await start();

/** Each function at one place, with its value there. */
const VALUES = [
  ["exp", 1, Math.E],
  ["exp2", 3, 8],
  ["expm1", 1, Math.expm1(1)],
  ["log", 2, Math.LN2],
  ["log1p", 1, Math.LN2],
  ["sqrt", 2, Math.SQRT2],
  ["rsqrt", 2, Math.SQRT1_2],
  ["cbrt", -8, -2],
  ["sin", 1, Math.sin(1)],
  ["cos", 1, Math.cos(1)],
  ["tan", 1, Math.tan(1)],
  ["asin", 0.5, Math.asin(0.5)],
  ["acos", 0.5, Math.acos(0.5)],
  ["atan", 2, Math.atan(2)],
  ["sinh", 1, Math.sinh(1)],
  ["cosh", 1, Math.cosh(1)],
  ["tanh", 1, Math.tanh(1)],
  ["asinh", 1, Math.asinh(1)],
  ["acosh", 2, Math.acosh(2)],
  ["atanh", 0.5, Math.atanh(0.5)],
  ["logistic", 1, 1 / (1 + Math.exp(-1))],
  ["erf", 1, 0.8427007929497149],
  ["erfc", 1, 0.15729920705028513],
  ["erfInv", 0.5, 0.4769362762044699],
  ["lgamma", 5, Math.log(24)],
  ["digamma", 1, -0.5772156649015329],
  ["besselI0e", 1, 0.46575960759364043],
  ["besselI1e", 10, 0.12126268138445552],
] as const;

for (const [name, x, value] of VALUES) {
  test(`${name}() is of floats alone`, () => {
    const [y] = tolist(lax[name](array([x], { dtype: "float32" }))) as number[];
    assert(Math.abs(y! - value) <= 3e-7 * Math.abs(value), `${y}, not ${value}`);
    assert.throws(() => lax[name](array([1])), {
      name: "TypeError",
      message: `Cannot ${name}: the elements are int32, not floats; cast them by pz.lax.convertElementType`,
    });
  });
}

test("atan2() takes a scalar on either side", () => {
  const [angle] = tolist(lax.atan2(array([1.5]), -1.5)) as number[];
  assert.equal(angle, Math.fround(3 * Math.PI / 4));
});
