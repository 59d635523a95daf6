/**
 * What is known of an array before its elements are: shape and type.
 *
 * @module
 */

import type { ArrayDtype } from "./dtype.ts";
import type { Shape } from "./shape.ts";

/** The abstract value of an array: all that rules of primitives ask of one. Arrays are their own. */
export interface Aval {
  /** Elements along each axis. */
  readonly shape: Shape;
  /** Type of the elements. */
  readonly dtype: ArrayDtype;
  /** Whether the dtype gives way to others of its kind. */
  readonly weakType: boolean;
}

/** An array as errors name it: `float32[2,3]`. */
export function describe({ shape, dtype }: Aval): string {
  return `${dtype}[${shape}]`;
}
