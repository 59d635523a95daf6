import assert from "node:assert/strict";
import test from "node:test";
import { leaves } from "../../tree/flatten.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { field, type FieldTable } from "../../tree/struct_fields.ts";
import { infoOf, isPytreeDataclassType } from "../../tree/struct_info.ts";

class Parent extends Struct {
  // deno-lint-ignore no-explicit-any -- children list other fields
  static override readonly fields: FieldTable<any> = { foo: field(), bar: field() };
  static {
    registerStruct(this, { name: "Parent", module: "tests" });
  }
}

test("infoOf() knows registered classes alone", () => {
  class Child extends Parent {}
  assert.deepEqual(infoOf(Parent)?.childNames, ["foo", "bar"]);
  assert.deepEqual([infoOf(Parent)?.name, infoOf(Parent)?.module], ["Parent", "tests"]);
  assert.equal(infoOf(Child), undefined);
  assert.equal(isPytreeDataclassType(Parent), true);
  assert.equal(isPytreeDataclassType(3), false);
});

test("T-ST-04 fields of parents are named again, or inherited on demand", () => {
  class Unclear extends Parent {
    // deno-lint-ignore no-explicit-any -- as above
    static override readonly fields: FieldTable<any> = { qux: field(), bar: field() };
  }
  assert.throws(() => registerStruct(Unclear), {
    name: "PyTreeDataclassSafetyError",
    message: [
      'Cannot register "Unclear" as a struct: it is not clear which fields it has',
      "  actual:   fields lists ['qux', 'bar']",
      "  expected: with the parents' fields first, ['foo', 'bar', 'qux']",
      "  try:      list all fields in this order, or pass hasImplicitlyInheritedFields: true",
    ].join("\n"),
  });
  registerStruct(Unclear, { hasImplicitlyInheritedFields: true });
  assert.deepEqual(infoOf(Unclear)?.names, ["foo", "bar", "qux"]);
  const attributes: object = { qux: 3, foo: 1, bar: 2 };
  assert.deepEqual(leaves(new Unclear(attributes)), [1, 2, 3]);
  assert.deepEqual(leaves(Unclear.of(1, 2, 3)), [1, 2, 3]);
});

test("T-ST-05 nobody inherits on demand what is named again, or is not there", () => {
  class Again extends Parent {
    // deno-lint-ignore no-explicit-any -- as above
    static override readonly fields: FieldTable<any> = { foo: field(), bar: field(), baz: field() };
  }
  class Orphan extends Struct {
    // deno-lint-ignore no-explicit-any -- as above
    static override readonly fields: FieldTable<any> = { foo: field() };
  }
  assert.throws(() => registerStruct(Again, { hasImplicitlyInheritedFields: true }), {
    name: "PyTreeDataclassSafetyError",
    message: [
      'Cannot register "Again" as a struct: it opts in to inherit fields, but inherits none',
      "  actual: all of the parents' fields are listed, ['foo', 'bar']",
      "  try:    leave out hasImplicitlyInheritedFields",
    ].join("\n"),
  });
  assert.throws(() => registerStruct(Orphan, { hasImplicitlyInheritedFields: true }), {
    name: "PyTreeDataclassSafetyError",
    message: [
      'Cannot register "Orphan" as a struct: it opts in to inherit fields, but inherits none',
      "  actual: no parent with fields",
      "  try:    leave out hasImplicitlyInheritedFields",
    ].join("\n"),
  });
});

test("registerStruct() refuses a class twice, and names that no field can have", () => {
  assert.throws(() => registerStruct(Parent), {
    name: "ValueError",
    message: [
      'Cannot register "Parent" as a pytree node: it is one already',
      "  try: register a class once, where it is defined",
    ].join("\n"),
  });
  for (
    const [name, actual] of [
      ["select", "the name of a member that structs of this class have"],
      ["7", "a number, which JavaScript sorts before all names"],
      ["call", "the name of a member that structs of this class have"],
    ] as const
  ) {
    class Named extends Struct {
      // deno-lint-ignore no-explicit-any -- as above
      static override readonly fields: FieldTable<any> = { [name]: field() };
      call(): void {}
    }
    assert.throws(() => registerStruct(Named), {
      name: "ValueError",
      message: [
        `Cannot register "Named" as a struct: no field can be called "${name}"`,
        `  operand: ${name}`,
        `  actual:  ${actual}`,
        "  try:     give the field another name",
      ].join("\n"),
    });
  }
});
