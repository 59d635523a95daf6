import assert from "node:assert/strict";
import { test } from "node:test";
import { ANY, ArraySpec, checkStructure, KnownDim, MatchResult, varsForAxes, Wildcard } from "../../check/mod.ts";
import { StructureMismatchError, ValueError } from "../../errors/mod.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { type FieldTable, staticField } from "../../tree/struct_fields.ts";
import { by, f32, i32, named, names, textOf, v } from "./_named.ts";

type Options = Parameters<typeof checkStructure>[2];

function found(value: unknown, pattern: unknown, options?: Options): Record<string, unknown> {
  return checkStructure(value, pattern, options).toRecord();
}

function mismatch(value: unknown, pattern: unknown, options?: Options): string {
  return textOf(() => checkStructure(value, pattern, options));
}

test("T-CH-01 checkStructure() gives an empty result where there is nothing to solve", () => {
  assert.equal(checkStructure([], []).size, 0);
  assert.deepEqual(found([1, [2, "a"], 3, { b: null }], [1, [2, "a"], ANY, { b: null }]), {});
});

test("T-CH-02 checkStructure() lists all leaves that are not equal", () => {
  const check = () => checkStructure([1, [2, 3, 4], "a", 5], [9, [8, 3, 7], "b", 6]);
  assert.throws(check, (error: unknown) => {
    assert(error instanceof StructureMismatchError && error instanceof ValueError);
    assert.equal(error.op, "checkStructure");
    assert.equal(error.code, "structure-mismatch");
    return true;
  });
  assert.equal(
    textOf(check),
    `Structure check failed:
At root[0]: Value 1 does not equal the pattern 9
At root[1][0]: Value 2 does not equal the pattern 8
At root[1][2]: Value 4 does not equal the pattern 7
At root[2]: Value "a" does not equal the pattern "b"
At root[3]: Value 5 does not equal the pattern 6`,
  );
});

test("T-CH-03 checkStructure() matches shapes, and refuses what is no array", () => {
  assert.deepEqual(found(f32(1, 2, 3), by(1, 2, 3)), {});
  assert.equal(
    mismatch({ a: 1 }, by(1, 2, 3)),
    "Structure check failed:\nAt root: Cannot match an array spec with a non-array value {a: 1}",
  );
  assert.equal(
    mismatch(null, by()),
    "Structure check failed:\nAt root: Cannot match an array spec with a non-array value null",
  );
});

test("T-CH-04 checkStructure() lists dtypes first, then sizes, then lengths", () => {
  const value = { a: f32(1, 2, 2), b: i32(6, 3), c: f32(1, 2, 3) };
  const pattern = {
    a: by(1, 2, 3),
    b: new ArraySpec({ shape: [6, 3], dtype: "floating" }),
    c: new ArraySpec({ shape: [1, 2, 3, 4], dtype: "float32" }),
  };
  assert.equal(
    mismatch(value, pattern),
    `Structure check failed:
At root['b']: Wrong dtype: expected a sub-dtype of floating but got dtype int32
At root['a']: Positional shape (1, 2, 2) does not match pattern (1, 2, 3):
  Dim 2: Actual size 2 does not match expected 3
At root['c']: Positional shape (1, 2, 3) has a different length than pattern (1, 2, 3, 4)`,
  );
});

test("T-CH-05 checkStructure() matches named arrays, and lists all that differs", () => {
  const spec = new ArraySpec({ shape: [5], namedShape: { foo: 3, bar: 4 } });
  assert.deepEqual(found(named({ foo: 3, bar: 4 }, 5), spec), {});
  assert.deepEqual(found(named({ bar: 4, foo: 3 }, 5), spec), {});
  const other = new ArraySpec({ dtype: "int32", namedShape: { foo: 3, bar: 5, qux: 1 } });
  assert.equal(
    mismatch(named({ foo: 3, bar: 4, baz: 2 }, 5), other),
    `Structure check failed:
At root: Wrong dtype: expected dtype int32 but got dtype float32
At root: Positional shape (5,) has a different length than pattern ()
At root: Named shape {'foo': 3, 'bar': 4, 'baz': 2} does not match pattern {'foo': 3, 'bar': 5, 'qux': 1}:
  Axis 'bar': Actual size 4 does not match expected 5
  Axis 'qux': Required by the pattern but absent
  Unexpected names in the value's named shape: ['baz']`,
  );
});

test("T-CH-06 checkStructure() solves positional variables", () => {
  const value = [
    f32(1, 2, 3),
    f32(4, 3),
    f32(6, 7, 8, 9, 10),
    f32(11, 12, 13),
    f32(11, 12, 13),
    f32(5, 5, 5),
    f32(6, 7),
  ];
  const pattern = [
    by(v("a"), 2, v("c")),
    by(4, v("b")),
    by(6, ...v("c1"), 9, v("c2")),
    by(...v("d1"), 11, 12, 13),
    by(11, 12, 13, ...v("d2")),
    by(v("f"), v("f"), v("f")),
    new ArraySpec({ shape: v("g") }),
  ];
  assert.deepEqual(found(value, pattern), { a: 1, c: 3, b: 3, c1: [7, 8], c2: 10, d1: [], d2: [], f: 5, g: [6, 7] });
});

test("T-CH-07 checkStructure() shows conflicts of positional variables", () => {
  assert.equal(
    mismatch({ a: f32(3, 4, 5) }, { a: by(v("x"), 4, v("x")) }),
    `Structure check failed:
At root['a']: Positional shape (3, 4, 5) does not match pattern (var('x'), 4, var('x')):
  Dim 2: Size 5 does not match previous size 3 for var('x') from root['a']`,
  );
  assert.equal(
    mismatch({ a: f32(3, 4), b: f32(5, 6) }, { a: by(v("x"), 4), b: by(v("x"), 6) }),
    `Structure check failed:
At root['b']: Positional shape (5, 6) does not match pattern (var('x'), 6):
  Dim 0: Size 5 does not match previous size 3 for var('x') from root['a']`,
  );
  assert.equal(
    mismatch(
      { a: f32(2, 3), b: f32(5, 6, 7), c: f32(1, 2, 3), d: f32(1, 2, 3, 4) },
      { a: by(...v("y")), b: by(...v("y"), 7), c: new ArraySpec({ shape: v("y") }), d: by(1, 2, 3, ...v("z"), 3, 4) },
    ),
    `Structure check failed:
At root['b']: Positional shape (5, 6, 7) does not match pattern (var('y')[0]:=2, var('y')[1]:=3, 7):
  Dim 0: Size 5 does not match previous size 2 for var('y')[0]:=2 from root['a']
  Dim 1: Size 6 does not match previous size 3 for var('y')[1]:=3 from root['a']
  After inlining var('y') = (2, 3) from root['a']
At root['c']: Positional shape (1, 2, 3) has a different length than pattern (var('y')[0]:=2, var('y')[1]:=3)
  After inlining var('y') = (2, 3) from root['a']
At root['d']: Positional shape (1, 2, 3, 4) is shorter than wildcard pattern (1, 2, 3, *var('z'), 3, 4)`,
  );
});

const ITERATIVE_VALUE = { a: f32(1, 2, 3, 4), b: f32(5, 6, 7, 3, 4, 5, 6, 7), c: f32(1, 5, 6, 7, 10) };
const ITERATIVE = {
  a: by(...v("x"), ...v("y")),
  b: by(...v("z"), ...v("y"), ...v("z")),
  c: by(1, ...v("z"), 10),
};

test("T-CH-08 checkStructure() solves in several sweeps, and says what it cannot solve", () => {
  assert.deepEqual(found(ITERATIVE_VALUE, ITERATIVE), { z: [5, 6, 7], y: [3, 4], x: [1, 2] });
  const { c: _c, ...pattern } = ITERATIVE;
  const { c: _d, ...value } = ITERATIVE_VALUE;
  assert.equal(
    mismatch(value, pattern),
    `Cannot solve for all variables: their assignment is ambiguous, as happens where several unpack patterns (...var) stand in one positional or named shape.
Unsolvable variables: var('x'), var('y'), var('z')
Unsolvable constraints:
  (1, 2, 3, 4) == (*var('x'), *var('y')) from root['a']
  (5, 6, 7, 3, 4, 5, 6, 7) == (*var('z'), *var('y'), *var('z')) from root['b']`,
  );
  assert.equal(
    mismatch({ ...value, d: f32(1) }, { ...pattern, d: by(2) }),
    `Structure check failed:
At root['d']: Positional shape (1,) does not match pattern (2,):
  Dim 0: Actual size 1 does not match expected 2
There may be more mismatches: some constraints could not be solved yet.`,
  );
});

test("checkStructure() shows what was put in while a constraint had to wait", () => {
  const value = [f32(1, 2, 3, 4), f32(2)];
  const pattern = [by(...v("x"), ...v("y"), ...v("z")), by(...v("y"))];
  assert.equal(
    mismatch(value, pattern),
    `Cannot solve for all variables: their assignment is ambiguous, as happens where several unpack patterns (...var) stand in one positional or named shape.
Unsolvable variables: var('x'), var('z')
Unsolvable constraints:
  (1, 2, 3, 4) == (*var('x'), var('y')[0]:=2, *var('z')) from root[0]`,
  );
  assert.equal(
    mismatch([...value, f32(1)], [...pattern, by(...v("x"), 5)]),
    `Structure check failed:
At root[2]: Positional shape (1,) does not match pattern (*var('x'), 5):
  Dim 0: Actual size 1 does not match expected 5
There may be more mismatches: some constraints could not be solved yet.`,
  );
  assert.equal(
    mismatch([f32(9, 9), f32(2), f32(1), f32(4)], [...pattern, by(...v("x")), by(...v("z"))]),
    `Structure check failed:
At root[0]: Positional shape (9, 9) has a different length than pattern (var('x')[0]:=1, var('y')[0]:=2, var('z')[0]:=4)
  After inlining var('x') = (1,) from root[2]
  After inlining var('y') = (2,) from root[1]
  After inlining var('z') = (4,) from root[3]`,
  );
});

test("T-CH-09 checkStructure() solves named variables", () => {
  const value = [
    named({ a: 1, b: 2, c: 3 }),
    named({ a: 4, b: 3 }),
    named({ a: 6, b: 7, c: 8, d: 9, e: 10 }),
    named({ a: 11, b: 12, c: 13 }),
    named({ a: 11, b: 12, c: 13 }),
    named({ a: 5, b: 5, c: 5 }),
  ];
  const pattern = [
    names({ a: v("a"), b: 2, c: v("c") }),
    names({ a: 4, b: v("b") }),
    names({ a: 6, ...v("c1"), d: 9, e: v("c2") }),
    names({ ...v("d"), a: 11, b: 12, c: 13 }),
    names(v("e")),
    names({ a: v("f"), b: v("f"), c: v("f") }),
  ];
  assert.deepEqual(found(value, pattern), {
    a: 1,
    c: 3,
    b: 3,
    c2: 10,
    c1: { b: 7, c: 8 },
    d: {},
    e: { a: 11, b: 12, c: 13 },
    f: 5,
  });
});

test("T-CH-10 checkStructure() shows names that clash where variables are put in", () => {
  assert.equal(
    mismatch(
      [named({ a: 1, c: 3 }), named({ c: 3, d: 4 }), named({ a: 1, c: 3, d: 4 }), named({ a: 1, c: 3, d: 4 })],
      [names(v("u")), names(v("x")), names({ a: 1, c: 3, ...v("x") }), names({ ...v("u"), ...v("x") })],
    ),
    `Structure check failed:
At root[2]: Key conflict while substituting **var('x') = {'c': 3, 'd': 4} from root[1]: the name 'c' is already present in the pattern {'a': 1, 'c': 3, **var('x')}
At root[3]: Key conflict while substituting **var('x') = {'c': 3, 'd': 4} from root[1]: the name 'c' is already present in the pattern {**var('u'), **var('x')}
  After inlining var('u') = {'a': 1, 'c': 3} from root[0]`,
  );
});

test("T-CH-11 checkStructure() shows conflicts of named variables", () => {
  assert.equal(
    mismatch(
      {
        a: named({ a: 1, c: 3 }),
        b: named({ a: 2, c: 3 }),
        c: named({ b: 4, c: 5, e: 1 }),
        d: named({ b: 6, c: 7 }),
        e: named({ b: 6, c: 2, d: 1 }),
      },
      {
        a: names({ a: v("x"), ...v("r") }),
        b: names({ a: v("x"), ...v("r") }),
        c: names(v("r")),
        d: names(varsForAxes("y", { b: 2, c: null })),
        e: names(varsForAxes("y", { b: 2, c: 2 })),
      },
    ),
    `Structure check failed:
At root['b']: Named shape {'a': 2, 'c': 3} does not match pattern {'a': var('x'), 'c': var('r')['c']:=3}:
  Axis 'a': Size 2 does not match previous size 1 for var('x') from root['a']
  After inlining var('r') = {'c': 3} from root['a']
At root['c']: Named shape {'b': 4, 'c': 5, 'e': 1} does not match pattern {'c': var('r')['c']:=3}:
  Axis 'c': Size 5 does not match previous size 3 for var('r')['c']:=3 from root['a']
  Unexpected names in the value's named shape: ['b', 'e']
  After inlining var('r') = {'c': 3} from root['a']
At root['d']: Named shape {'b': 6, 'c': 7} does not match pattern {'b': var('y')['b']:=2, 'c': var('y')['c']}:
  Axis 'b': Actual size 6 does not match expected var('y')['b']:=2
At root['e']: Named shape {'b': 6, 'c': 2, 'd': 1} does not match pattern {'b': var('y')['b']:=2, 'c': var('y')['c']:=2}:
  Axis 'b': Size 2 does not match previous size 6 for var('y')['b']:=2 from root['d']
  Axis 'c': Size 2 does not match previous size 7 for var('y')['c']:=2 from root['d']
  Unexpected names in the value's named shape: ['d']`,
  );
});

test("T-CH-12 checkStructure() solves named variables in several sweeps", () => {
  const value = {
    a: named({ a: 1, b: 2, c: 3, d: 4 }),
    b: named({ a: 1, b: 2, e: 5, f: 6 }),
    c: named({ e: 5, f: 6, g: 7 }),
  };
  const pattern = {
    a: names({ ...v("x"), ...v("y") }),
    b: names({ ...v("y"), ...v("z") }),
    c: names({ ...v("z"), g: 7 }),
  };
  assert.deepEqual(found(value, pattern), { z: { e: 5, f: 6 }, y: { a: 1, b: 2 }, x: { c: 3, d: 4 } });
  assert.equal(
    mismatch({ a: value.a, b: value.b }, { a: pattern.a, b: names({ e: 5, ...v("y"), ...v("z") }) }),
    `Cannot solve for all variables: their assignment is ambiguous, as happens where several unpack patterns (...var) stand in one positional or named shape.
Unsolvable variables: var('x'), var('y'), var('z')
Unsolvable constraints:
  {'a': 1, 'b': 2, 'c': 3, 'd': 4} == {**var('x'), **var('y')} from root['a']
  {'a': 1, 'b': 2, 'e': 5, 'f': 6} == {'e': 5, **var('y'), **var('z')} from root['b']`,
  );
});

test("T-CH-13 checkStructure() gathers the parts that varsForAxes made", () => {
  const pattern = {
    a: names(varsForAxes("x", { b: 2, c: null, d: null })),
    b: names(varsForAxes("y", ["b", "c", "d"])),
    c: names({ ...varsForAxes("y", ["b", "c", "d"]) }),
  };
  const all = { b: 2, c: 3, d: 4 };
  assert.deepEqual(found({ a: named(all), b: named(all), c: named(all) }, pattern), { x: all, y: all });
  assert.equal(
    mismatch({ a: named({ ...all, b: 4 }), b: named(all), c: named({ ...all, d: 5 }) }, pattern),
    `Structure check failed:
At root['a']: Named shape {'b': 4, 'c': 3, 'd': 4} does not match pattern {'b': var('x')['b']:=2, 'c': var('x')['c'], 'd': var('x')['d']}:
  Axis 'b': Actual size 4 does not match expected var('x')['b']:=2
At root['c']: Named shape {'b': 2, 'c': 3, 'd': 5} does not match pattern {'b': var('y')['b'], 'c': var('y')['c'], 'd': var('y')['d']}:
  Axis 'd': Size 5 does not match previous size 4 for var('y')['d'] from root['b']`,
  );
});

test("T-CH-14 checkStructure() compares a variable's parts with the whole", () => {
  const pattern = { a: names(varsForAxes("x", ["b", "c", "d"])), b: names({ ...v("x") }) };
  const all = { b: 2, c: 3, d: 4 };
  assert.deepEqual(found({ a: named(all), b: named(all) }, pattern), { x: all });
  const conflict = () => checkStructure({ a: named(all), b: named({ b: 7, c: 4, e: 5 }) }, pattern);
  assert.equal(
    textOf(conflict),
    `Unexpected conflicts between variable assignments:
  var('x'): Solved as {'b': 7, 'c': 4, 'e': 5} from root['b'] but separately solved var('x')['b'] as 2 from root['a']
  var('x'): Solved as {'b': 7, 'c': 4, 'e': 5} from root['b'] but separately solved var('x')['c'] as 3 from root['a']
  var('x'): Solved as {'b': 7, 'c': 4, 'e': 5} from root['b'] but separately solved var('x')['d'] as 4 from root['a']`,
  );
  assert.throws(conflict, StructureMismatchError);
  assert.deepEqual(found([f32(3, 4), f32(4)], [by(...v("x")), by(v("x").at(1))]), { x: [3, 4] });
});

test("T-CH-15 checkStructure() does not look into what ANY hides", () => {
  const value = { a: named({ a: 1, c: 3 }), b: [1, 2, { c: f32(3) }] };
  assert.deepEqual(found(value, { a: names(v("u")), b: ANY }), { u: { a: 1, c: 3 } });
  assert.deepEqual(found(value, { a: names(v("u")), b: new Wildcard("a list") }), { u: { a: 1, c: 3 } });
});

test("T-CH-16 checkStructure() goes on from variables that are known", () => {
  const knownVars = checkStructure(f32(3, 4), by(v("x"), v("y")));
  assert.equal(
    mismatch(f32(4, 4), by(v("x"), v("y")), { knownVars, errorPrefix: "In the second layer: " }),
    `In the second layer: Structure check failed:
At root: Positional shape (4, 4) does not match pattern (var('x'), var('y')):
  Dim 0: Size 4 does not match previous size 3 for var('x') from the known variable assignments`,
  );
  const merged = checkStructure(f32(4, 6), by(v("y"), v("z")), { knownVars });
  assert(merged instanceof MatchResult);
  assert.deepEqual(merged.toRecord(), { x: 3, y: 4, z: 6 });
  assert.deepEqual(
    found(named({ b: 1 }, 2), new ArraySpec({ shape: v("s"), namedShape: { ...v("n") } }), {
      knownVars: { s: [2], n: { b: 1 } },
    }),
    { s: [2], n: { b: 1 } },
  );
});

test("T-CH-17 checkStructure() matches the placeholders of specs with the specs", () => {
  const specs = {
    a: new ArraySpec({ shape: [2, 3], dtype: "float32" }),
    b: new ArraySpec({ shape: [2], dtype: "int64", namedShape: { foo: 3 } }),
    c: new ArraySpec({ dtype: "bool", namedShape: { foo: 3, bar: 4 } }),
  };
  const value = { a: specs.a.intoPytree(), b: specs.b.intoPytree(), c: specs.c.intoPytree() };
  assert.equal(checkStructure(value, specs).size, 0);
  assert.equal(checkStructure(specs, specs).size, 0);
});

test("T-CH-19 the ambiguity error sorts variables of both kinds by name", () => {
  assert.equal(
    mismatch(f32(1, 2, 3, 4), by(...v("x"), v("q").at("k"), v("a"), ...v("b"))),
    `Cannot solve for all variables: their assignment is ambiguous, as happens where several unpack patterns (...var) stand in one positional or named shape.
Unsolvable variables: var('a'), var('b'), var('q')['k'], var('x')
Unsolvable constraints:
  (1, 2, 3, 4) == (*var('x'), var('q')['k'], var('a'), *var('b')) from root`,
  );
});

test("checkStructure() lists trees that differ above the pattern's leaves", () => {
  assert.equal(
    mismatch({ a: [1, 2], b: { c: 1 }, d: null, e: f32(2) }, { a: [ANY], b: [ANY], d: undefined, e: by(3) }),
    `Structure check failed:
At root['a']: Tree structure differs: expected Array with children [0] but got Array with children [0], [1]
At root['b']: Tree structure differs: expected Array with children [0] but got Object with children ['c']
At root['d']: Tree structure differs: expected undefined but got null
At root['e']: Positional shape (2,) does not match pattern (3,):
  Dim 0: Actual size 2 does not match expected 3`,
  );
});

interface NoteFields {
  readonly text: string;
}
class Note extends Struct<NoteFields> implements NoteFields {
  static override readonly fields: FieldTable<NoteFields> = { text: staticField() };
  declare readonly text: string;
  static {
    registerStruct(this, { name: "Note", module: "test" });
  }
}

test("checkStructure() compares static fields", () => {
  assert.deepEqual(found(new Note({ text: "a" }), new Note({ text: "a" })), {});
  assert.equal(
    mismatch([new Note({ text: "a" })], [new Note({ text: "b" })]),
    `Structure check failed:
At root[0]: Tree structure differs: expected the static fields of Note(text="b") but got those of Note(text="a")`,
  );
});

test("checkStructure() takes numbers, booleans and bigints for arrays without axes", () => {
  const of = (dtype: "int32" | "float32" | "bool" | "integer") => new ArraySpec({ dtype });
  assert.deepEqual(found([1, 0.5, true, 7n, 3], [of("int32"), of("float32"), of("bool"), of("integer"), by()]), {});
  assert.equal(
    mismatch([0.5, 1], [of("integer"), by(1)]),
    `Structure check failed:
At root[0]: Wrong dtype: expected a sub-dtype of integer but got dtype float32
At root[1]: Positional shape () has a different length than pattern (1,)`,
  );
});

test("checkStructure() takes specs for values, of which sizes may be unknown", () => {
  const value = new ArraySpec({ shape: [3, new KnownDim("n", 4)], dtype: "floating" });
  assert.deepEqual(found(value, new ArraySpec({ shape: [v("a"), 4], dtype: "inexact" })), { a: 3 });
  assert.equal(
    mismatch(
      [by(3, v("x")), by(v("x")), by(v("x"), 1), by(...v("x")), names({ a: v("x") })],
      [by(3, 4), by(v("y")), by(...v("y")), by(), names(v("y"))],
    ),
    `Structure check failed:
At root[3]: Cannot match an array spec with a non-array value ArraySpec(shape=[*var('x')], dtype="generic", namedShape=Map{})
At root[0]: Positional shape (3, var('x')) does not match pattern (3, 4):
  Dim 1: Actual size var('x') does not match expected 4
At root[1]: Positional shape (var('x'),) does not match pattern (var('y'),):
  Dim 0: Size var('x') is itself unknown, so var('y') cannot be solved
At root[2]: Positional shape (var('x'), 1) does not match pattern (*var('y'),):
  Dim 0: Size var('x') is itself unknown, so var('y') cannot be solved
At root[4]: Named shape {'a': var('x')} does not match pattern {**var('y')}:
  Axis 'a': Size var('x') is itself unknown, so var('y') cannot be solved`,
  );
});

test("checkStructure() shows a variable that is of one kind here and of another there", () => {
  assert.equal(
    mismatch([f32(3), f32(3, 4), named({ a: 1 })], [by(v("x")), by(...v("x")), names(v("x"))]),
    `Structure check failed:
At root[1]: Cannot unpack *var('x') in the pattern (*var('x'),): it was solved as 3 from root[0], which is of another kind
At root[2]: Cannot unpack **var('x') in the pattern {**var('x')}: it was solved as 3 from root[0], which is of another kind`,
  );
  assert.equal(
    mismatch(f32(3, 4), by(v("x"), ...v("x"))),
    `Structure check failed:
At root: Positional shape (3, 4) does not match pattern (var('x'), *var('x')):
  Dim 0: Size 3 does not match previous size (4,) for var('x') from root`,
  );
});

/** Numbers that are the same in each run: mulberry32. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

test("checkStructure() finds the sizes that random shapes were made of", () => {
  for (let seed = 0; seed < 300; seed++) {
    const below = generator(seed);
    const many = (count: number, make: (index: number) => number) => Array.from({ length: count }, (_, i) => make(i));
    const sizes = many(3, () => below(9));
    const runs = many(3, () => 0).map(() => many(below(4), () => below(9)));
    const groups = [0, 1, 2].map((g) =>
      Object.fromEntries(many(below(3), (i) => i).map((i) => [`g${g}_${i}`, below(9)]))
    );
    const [values, patterns]: [unknown[], unknown[]] = [[], []];
    // One leaf solves each variable alone; the others mix any number of them, in whatever order they come.
    const leaves = [...many(3, (i) => i), ...many(below(5), () => -1)];
    for (const alone of leaves) {
      const shape: number[] = [];
      const dims: Parameters<typeof by> = [];
      for (const part of alone >= 0 ? [3 + alone, alone] : many(below(5), () => below(7))) {
        if (part === 6) {
          shape.push(2);
          dims.push(2);
        } else if (part >= 3) {
          shape.push(...runs[part - 3]!);
          dims.push(...v(`run${part - 3}`));
        } else {
          shape.push(sizes[part]!);
          dims.push(v(`size${part}`));
        }
      }
      const used = alone >= 0 ? [alone] : [0, 1, 2].filter(() => below(2) === 0);
      const namedSizes = Object.assign({ own: sizes[0]! }, ...used.map((g) => groups[g]!)) as Record<string, number>;
      const namedPattern = Object.assign({ own: v("size0") }, ...used.map((g) => ({ ...v(`group${g}`) })));
      const place = below(values.length + 1);
      values.splice(place, 0, named(namedSizes, ...shape));
      patterns.splice(place, 0, new ArraySpec({ shape: dims, namedShape: namedPattern }));
    }
    const result = found(values, patterns);
    const expected = Object.fromEntries([0, 1, 2].flatMap((i): [string, unknown][] => [
      [`size${i}`, sizes[i]],
      [`run${i}`, runs[i]],
      [`group${i}`, groups[i]],
    ]));
    assert.deepEqual(result, expected, `seed ${seed}`);
  }
});
