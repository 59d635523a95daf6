import assert from "node:assert/strict";
import { test } from "node:test";
import * as chk from "../../check/mod.ts";
import { DimVar, dimVar, KnownDim, MultiDimVar, RemainingAxisPlaceholder, varsForAxes } from "../../check/mod.ts";
import { KeyError, ValueError } from "../../errors/mod.ts";
import { structuralKey } from "../../tree/mod.ts";
import { textOf } from "./_named.ts";

test("dimVar() is also called var, and is known by its name", () => {
  assert.equal(chk.var, dimVar);
  assert.equal(chk.var("x").name, "x");
  assert.equal(structuralKey(dimVar("x")), structuralKey(new DimVar("x")));
  assert.notEqual(structuralKey(dimVar("x")), structuralKey(dimVar("y")));
  assert.notEqual(structuralKey(dimVar("x")), structuralKey(new MultiDimVar("x")));
});

test("T-CH-19 dimVar() refuses what is no string", () => {
  assert.throws(() => dimVar(3 as unknown as string), TypeError);
  assert.equal(
    textOf(() => dimVar(3 as unknown as string)),
    "Cannot make a dimension variable: its name must be a string, not 3",
  );
});

test("T-CH-19 a part of a variable can be neither spread nor indexed", () => {
  const part = dimVar("I").at("k");
  assert.throws(() => [...part], TypeError);
  assert.equal(
    textOf(() => [...part]),
    "Cannot spread var('I')['k']: it stands for one size, a part of a variable; use the whole variable",
  );
  assert.throws(() => ({ ...part }), TypeError);
  assert.throws(() => part.at("z"), TypeError);
  assert.equal(
    textOf(() => part.at("z")),
    "Cannot index var('I')['k']: it stands for one size, a part of a variable; use the whole variable",
  );
});

test("DimVar spreads as one run into arrays, and as one symbol into objects", () => {
  const [run, ...rest] = dimVar("x");
  assert.deepEqual(rest, []);
  assert(run instanceof MultiDimVar);
  assert.equal(run.name, "x");
  assert.equal(String(run), "*var('x')");
  const spread: object = { a: 1, ...dimVar("x") };
  assert.deepEqual(Reflect.ownKeys(spread), ["a", Symbol.for("penjing.multiDimVar:x")]);
  const held = (spread as Record<symbol, unknown>)[Symbol.for("penjing.multiDimVar:x")];
  assert(held instanceof RemainingAxisPlaceholder);
  assert.equal(structuralKey(held), structuralKey(new RemainingAxisPlaceholder()));
  assert.equal(String(held), "RemainingAxisPlaceholder()");
  assert.deepEqual(Object.keys(dimVar("x")), []);
});

test("DimVar.at() names a part", () => {
  assert.deepEqual(dimVar("I").at("k").name, ["I", "k"]);
  assert.equal(String(dimVar("I").at(0)), "var('I')[0]");
  assert.notEqual(structuralKey(dimVar("I").at(0)), structuralKey(dimVar("I").at("0")));
  assert.throws(() => dimVar("I").at(1.5), KeyError);
  assert.equal(
    textOf(() => dimVar("I").at(1.5)),
    `Cannot index a dimension variable: the key is neither a string nor an integer
  operand: var('I')
  actual:  1.5
  try:     pass an axis's name or a place in a run`,
  );
});

test("DimVar, MultiDimVar and KnownDim refuse names that are none", () => {
  assert.equal(
    textOf(() => new DimVar(["a"] as unknown as string)),
    "Cannot make a DimVar: its name must be a string, or a string and a key, not ['a']",
  );
  assert.throws(() => new MultiDimVar(1 as unknown as string), TypeError);
  assert.throws(() => new KnownDim(1 as unknown as string, 1), TypeError);
});

test("KnownDim has a name, a size and a source", () => {
  const dim = new KnownDim(["x", "k"], 2);
  assert.equal(String(dim), "var('x')['k']:=2");
  assert.deepEqual([dim.name, dim.size, dim.fromKeypath], [["x", "k"], 2, null]);
  assert.equal(structuralKey(dim), structuralKey(new KnownDim(["x", "k"], 2, "root")));
  assert.throws(() => new KnownDim("x", -1), ValueError);
  assert.equal(
    textOf(() => new KnownDim("x", -1)),
    `Cannot use a number as a size: it is not a natural one
  operand:  var('x')
  actual:   -1
  expected: an integer of at least 0
  try:      pass a size, or dimVar("name") for one that is not known`,
  );
});

test("varsForAxes() takes names or sizes, and keeps their order", () => {
  const shown = (shape: object) => Object.entries(shape).map(([name, dim]) => `${name} ${dim}`);
  assert.deepEqual(shown(varsForAxes("x", { b: 2, a: null })), ["b var('x')['b']:=2", "a var('x')['a']"]);
  assert.deepEqual(shown(varsForAxes("x", new Map([["b", 2], ["a", null]]))), [
    "b var('x')['b']:=2",
    "a var('x')['a']",
  ]);
  assert.deepEqual(shown(varsForAxes("x", ["b", "a"])), ["b var('x')['b']", "a var('x')['a']"]);
  assert.deepEqual(shown(varsForAxes("x", new Set(["b"]))), ["b var('x')['b']"]);
  assert.deepEqual(shown(varsForAxes("x", "rows")), ["rows var('x')['rows']"]);
});

test("varsForAxes() refuses names that are numbers", () => {
  assert.throws(() => varsForAxes("x", ["0"]), ValueError);
  assert.equal(
    textOf(() => varsForAxes("x", ["0"])),
    `Cannot use a number as the name of an axis: JavaScript sorts it before all names
  operand: '0'
  try:     begin the name with a letter`,
  );
  assert.equal(
    textOf(() => varsForAxes("x", [1 as unknown as string])),
    "Cannot use 1 as the name of an axis: it must be a string",
  );
});
