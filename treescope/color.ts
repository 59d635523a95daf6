/**
 * Colors of what is shown, from names: the same name has the same color everywhere.
 *
 * @module
 */

import { sha256 } from "../random/sha.ts";
import { fillHook } from "../tree/hooks.ts";

/** What a color made of a name has beside its hue. */
export interface ColorOptions {
  /** From 0, black, to 1, white; 0.785 if left out. */
  readonly lightness?: number;
  /** From 0, gray, to about 0.4; 0.103 if left out. */
  readonly chroma?: number;
  /** From 0, transparent, to 1; 1 if left out. */
  readonly alpha?: number;
}

/** A number as Python prints it: whole ones with a decimal. */
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/**
 * A CSS color by lightness, chroma and hue.
 *
 * @param lightness From 0 to 1.
 * @param chroma From 0 to about 0.4.
 * @param hue In degrees.
 * @param alpha From 0 to 1; 1 if left out.
 * @returns The color, `oklch(…)`.
 */
export function oklchColor(lightness: number, chroma: number, hue: number, alpha: number = 1): string {
  return `oklch(${lightness} ${chroma} ${hue} / ${decimal(alpha)})`;
}

/**
 * A CSS color whose hue is a hash of a text.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { colorFromString } from "@penjing/penjing/manual";
 *
 * assert.equal(colorFromString("foo"), "oklch(0.785 0.103 53.67919921875 / 1.0)");
 * ```
 *
 * @param text The text.
 * @param options Lightness, chroma and alpha.
 * @returns The color, `oklch(…)`.
 */
export function colorFromString(text: string, options: ColorOptions = {}): string {
  const { lightness = 0.785, chroma = 0.103, alpha = 1 } = options;
  const [low = 0, high = 0] = sha256(text);
  return oklchColor(lightness, chroma, 360 * (low + 256 * high) / 65536, alpha);
}

fillHook("color", (name) => colorFromString(name));
