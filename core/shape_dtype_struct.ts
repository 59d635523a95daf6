/**
 * The shape and dtype of an array, without the array.
 *
 * @module
 */

/** What a {@linkcode ShapeDtypeStruct} is made of. */
export interface ShapeDtype {
  /** The sizes of the axes. */
  readonly shape: readonly number[];
  /** The dtype's name. */
  readonly dtype: string;
  /** Whether the dtype gives way to others of its kind: not, if left out. */
  readonly weakType?: boolean;
}

/**
 * Stands for an array of which only shape and dtype are known. It is a leaf of pytrees.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * const like = new chk.ShapeDtypeStruct({ shape: [2, 3], dtype: "float32" });
 * assert.equal(String(like), "ShapeDtypeStruct(shape=(2, 3), dtype=float32)");
 * ```
 *
 * JAX: `jax.ShapeDtypeStruct`.
 */
export class ShapeDtypeStruct implements ShapeDtype {
  /** The sizes of the axes. */
  readonly shape: readonly number[];
  /** The dtype's name. */
  readonly dtype: string;
  /** Whether the dtype gives way to others of its kind. */
  readonly weakType: boolean;

  /**
   * Makes a placeholder.
   *
   * @param attributes The shape and the dtype.
   */
  constructor(attributes: ShapeDtype) {
    this.shape = Object.freeze([...attributes.shape]);
    this.dtype = attributes.dtype;
    this.weakType = attributes.weakType ?? false;
    Object.freeze(this);
  }

  /** The struct itself, which is already what stands in a tree. */
  intoPytree(): this {
    return this;
  }

  /** `ShapeDtypeStruct(shape=(2, 3), dtype=float32)` */
  toString(): string {
    const { shape, dtype, weakType } = this;
    const sizes = `${shape.join(", ")}${shape.length === 1 ? "," : ""}`;
    return `ShapeDtypeStruct(shape=(${sizes}), dtype=${dtype}${weakType ? ", weak_type=True" : ""})`;
  }
}
