/** What the types of trees and structs let through, and what they refuse. Compiling is half of the test. */

import assert from "node:assert/strict";
import test from "node:test";
import { map } from "../../tree/map.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { field, type FieldTable, staticField } from "../../tree/struct_fields.ts";

interface ScaleFields {
  readonly factor: number;
  readonly axes: readonly string[];
}

class Scale extends Struct<ScaleFields, "axes"> implements ScaleFields {
  static override readonly fields: FieldTable<ScaleFields> = { factor: field(), axes: staticField({ default: [] }) };
  declare readonly factor: number;
  declare readonly axes: readonly string[];
  static {
    registerStruct(this, { name: "Scale" });
  }
}

interface BoxFields {
  readonly inside: readonly number[];
}

class Box extends Struct<BoxFields> implements BoxFields {
  static override readonly fields: FieldTable<BoxFields> = { inside: field() };
  declare readonly inside: readonly number[];
  static {
    registerStruct(this, { name: "Box" });
  }
}

test("new Struct() asks for the fields that have no default", () => {
  const scale: Scale = new Scale({ factor: 2 });
  const factor: number = scale.factor;
  assert.equal(factor, 2);
  // @ts-expect-error: a field without default is missing
  assert.throws(() => new Scale({ axes: [] }), TypeError);
  // @ts-expect-error: a field of another type
  assert.equal(new Scale({ factor: "two" }).factor, "two");
  // @ts-expect-error: no such field
  assert.throws(() => new Scale({ factor: 2, size: 3 }), TypeError);
  // @ts-expect-error: fields are read-only
  assert.throws(() => scale.factor = 3, TypeError);
});

test("a struct of one field takes the value alone, one of several does not", () => {
  assert.deepEqual(new Box([1]).inside, [1]);
  assert.deepEqual(new Box({ inside: [1] }).inside, [1]);
  // @ts-expect-error: the value of the field has another type
  assert.equal(new Box("one").inside, "one");
  // @ts-expect-error: two fields
  assert.throws(() => new Scale(2), TypeError);
});

test("replace(), of(), fromAttributes() and attributesDict() know the class and its fields", () => {
  const scale: Scale = new Scale({ factor: 2 }).replace({ factor: 3 });
  const other: Scale = Scale.of(2, ["a"]);
  const third: Scale = Scale.fromAttributes({ factor: 2, axes: [] });
  const { axes }: ScaleFields = scale.attributesDict();
  assert.deepEqual([scale.factor, other.axes, third.factor, axes], [3, ["a"], 2, []]);
  // @ts-expect-error: a field of another type
  assert.equal(scale.replace({ factor: "x" }).factor, "x");
  // @ts-expect-error: no such field
  assert.throws(() => scale.replace({ size: 1 }), TypeError);
});

test("a table of fields has an entry of its type for every field", () => {
  // @ts-expect-error: `axes` is missing
  const missing: FieldTable<ScaleFields> = { factor: field() };
  // @ts-expect-error: `size` is no field
  const surplus: FieldTable<ScaleFields> = { factor: field(), axes: field(), size: field() };
  // @ts-expect-error: the default is no list of strings
  const wrong: FieldTable<ScaleFields> = { factor: field(), axes: field({ default: 3 }) };
  assert.deepEqual([missing, surplus, wrong].map((table) => Object.keys(table).length), [1, 3, 2]);
});

test("map() gives the type of its tree, or the one that is asked for", () => {
  const doubled: { a: number[] } = map((x: number) => 2 * x, { a: [1] });
  const texts = map<{ a: number[] }, { a: string[] }>((x: number) => String(x), { a: [1] });
  const text: string | undefined = texts.a[0];
  assert.deepEqual([doubled.a, text], [[2], "1"]);
});
