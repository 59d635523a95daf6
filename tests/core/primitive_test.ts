import { test } from "node:test";
import assert from "node:assert/strict";
import {
  alwaysView,
  definePrimitive,
  LinearOperand,
  neverView,
  notDifferentiable,
  notLinear,
  type Primitive,
  Zero,
  zeroTangent,
} from "../../core/primitive.ts";

const aval = { shape: [2], dtype: "float32", weakType: false } as const;

test("absent rules say why", () => {
  assert.equal(neverView(), undefined);
  assert.throws(() => alwaysView("slice")([], [], {}), { message: /^Cannot compute "slice": it is a view/ });
  assert.throws(() => notDifferentiable("sort", "a place has none")([], [], [], {}), {
    message: 'Cannot differentiate "sort"\n  actual: a place has none\n' +
      "  try:    cut the derivative by stopGradient, or give the function one of its own by customJvp",
  });
  assert.throws(() => notLinear("exp")([], [], {}), {
    message: 'Cannot transpose "exp": it is not linear\n' +
      "  expected: a linear function of the operands that are transposed\n" +
      "  try:      differentiate by grad or vjp, which linearize first",
  });
});

test("zeroTangent() gives the zero of each result", () => {
  const [zero] = zeroTangent("integers")([], [], [aval as never], {});
  assert(zero instanceof Zero && zero.aval === aval);
  assert.equal(new LinearOperand(aval).aval, aval);
});

test("definePrimitive() freezes the rules", () => {
  const primitive = definePrimitive({ name: "test" } as Primitive<object>);
  assert(Object.isFrozen(primitive));
});
