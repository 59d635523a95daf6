import assert from "node:assert/strict";
import test from "node:test";
import { colorFromString, oklchColor } from "../../treescope/color.ts";

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
