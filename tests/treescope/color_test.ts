import assert from "node:assert/strict";
import test from "node:test";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { colorFromString, oklchColor } from "../../treescope/color.ts";
import { NotInThisPartition } from "../../select/partition.ts";

test("T-RD-04 colorFromString() has the hue of the text's hash", () => {
  const hue = (text: string) => Number(colorFromString(text).split(" ")[2]);
  assert.deepEqual(["", "foo", "some_name"].map(hue), [248.7469482421875, 53.67919921875, 312.0501708984375]);
});

test("colorFromString() takes lightness, chroma and alpha", () => {
  assert.equal(
    colorFromString("foo", { lightness: 0.5, chroma: 0.2, alpha: 0.25 }),
    "oklch(0.5 0.2 53.67919921875 / 0.25)",
  );
});

test("oklchColor() prints alpha with a decimal", () => {
  assert.equal(oklchColor(0.785, 0.103, 38.5), "oklch(0.785 0.103 38.5 / 1.0)");
  assert.equal(oklchColor(0.785, 0.103, 38.5, 0), "oklch(0.785 0.103 38.5 / 0.0)");
});

test("Struct.treescopeColor() is that of the qualified name for what can be called", () => {
  class Plain extends Struct {
    static {
      registerStruct(this, { name: "Plain", module: "tests" });
    }
  }
  class Layer extends Struct {
    call(): void {}
    static {
      registerStruct(this, { name: "Layer", module: "tests" });
    }
  }
  class Nameless extends Struct {
    call(): void {}
    static {
      registerStruct(this, { name: "Layer" });
    }
  }
  assert.equal(new Plain({}).treescopeColor(), "transparent");
  assert.equal(new Layer({}).treescopeColor(), colorFromString("tests.Layer"));
  assert.equal(new Nameless({}).treescopeColor(), colorFromString("Layer"));
  assert.equal(new NotInThisPartition().treescopeColor(), "orange");
});
