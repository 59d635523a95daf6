/**
 * The names of dtypes, and the families that they belong to.
 *
 * ```text
 * generic ─┬─ bool
 *          ├─ number ─┬─ integer ─┬─ signedInteger ──── int8, int16, int32, int64
 *          │          │           └─ unsignedInteger ── uint8, uint16, uint32, uint64
 *          │          └─ inexact ─┬─ floating ───────── float16, bfloat16, float32, float64
 *          │                      └─ complexFloating ── complex64, complex128
 *          └─ extended ── prngKey
 * ```
 *
 * @module
 */

import { type DType, DTYPES } from "../wasm/dtype.ts";
import { ValueError } from "../errors/mod.ts";

/** The dtypes that an array can have: those that the engine computes with, and random keys of two words each. */
export type ArrayDtype = DType | "prngKey";

/** The dtypes that an array can have, and the 64-bit ones, which stand for their 32-bit counterparts. */
export type ConcreteDtype =
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128"
  | "prngKey";

/** The families of dtypes. */
export type AbstractDtype =
  | "generic"
  | "number"
  | "integer"
  | "signedInteger"
  | "unsignedInteger"
  | "inexact"
  | "floating"
  | "complexFloating"
  | "extended";

/** A dtype or a family of dtypes. */
export type Dtype = ConcreteDtype | AbstractDtype;

/** The family that each family is part of. */
const FAMILIES: Readonly<Record<AbstractDtype, AbstractDtype | null>> = {
  generic: null,
  number: "generic",
  integer: "number",
  signedInteger: "integer",
  unsignedInteger: "integer",
  inexact: "number",
  floating: "inexact",
  complexFloating: "inexact",
  extended: "generic",
};

/** The family of each dtype. */
const MEMBERS: Readonly<Record<ConcreteDtype, AbstractDtype>> = {
  bool: "generic",
  int8: "signedInteger",
  int16: "signedInteger",
  int32: "signedInteger",
  int64: "signedInteger",
  uint8: "unsignedInteger",
  uint16: "unsignedInteger",
  uint32: "unsignedInteger",
  uint64: "unsignedInteger",
  float16: "floating",
  bfloat16: "floating",
  float32: "floating",
  float64: "floating",
  complex64: "complexFloating",
  complex128: "complexFloating",
  prngKey: "extended",
};

const PARENTS: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ...Object.entries(FAMILIES),
  ...Object.entries(MEMBERS),
]);

const CANONICAL: ReadonlyMap<string, string> = new Map([
  ["int64", "int32"],
  ["uint64", "uint32"],
  ["float64", "float32"],
  ["complex128", "complex64"],
]);

/** Whether a name is that of a dtype or of a family of dtypes. */
export function isDtype(name: string): name is Dtype {
  return PARENTS.has(name);
}

/** Whether a name is that of a family of dtypes. */
export function isAbstractDtype(name: string): name is AbstractDtype {
  return Object.hasOwn(FAMILIES, name);
}

/**
 * The dtype that an array has where this one is asked for: a 64-bit dtype's 32-bit counterpart, else the dtype itself.
 *
 * @param dtype The name of a dtype.
 * @returns The name of the dtype that stands for it.
 */
export function canonicalDtype(dtype: string): string {
  return CANONICAL.get(dtype) ?? dtype;
}

/**
 * Whether a dtype belongs to a family, or is a dtype.
 *
 * 64-bit dtypes count as their 32-bit counterparts. A name that is not known belongs to `generic` alone.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * assert(chk.isSubdtype("bfloat16", "floating"));
 * assert(chk.isSubdtype("floating", "number"));
 * assert(!chk.isSubdtype("int32", "inexact"));
 * assert(chk.isSubdtype("int64", "int32"));
 * ```
 *
 * @param dtype The name of a dtype or of a family.
 * @param expected The name of the family, or of the dtype that `dtype` has to be.
 * @returns Whether it is so.
 */
export function isSubdtype(dtype: string, expected: string): boolean {
  const wanted = canonicalDtype(expected);
  let name: string | null = canonicalDtype(dtype);
  while (name !== null) {
    if (name === wanted) return true;
    name = PARENTS.has(name) ? PARENTS.get(name)! : "generic";
  }
  return false;
}

/** Bytes of one element of an array. */
export function itemSize(dtype: ArrayDtype): number {
  return dtype === "prngKey" ? 8 : DTYPES[dtype].size;
}

/** Whether a dtype is a float, of any width. */
export function isFloating(dtype: ArrayDtype): dtype is "float32" | "float16" | "bfloat16" {
  return dtype === "float32" || dtype === "float16" || dtype === "bfloat16";
}

/** Whether a dtype is an integer, of any width; bools are not. */
export function isInteger(dtype: ArrayDtype): boolean {
  return dtype.startsWith("int") || dtype.startsWith("uint");
}

/** Whether a dtype is an unsigned integer, of any width. */
export function isUnsigned(dtype: ArrayDtype): boolean {
  return dtype.startsWith("uint");
}

/**
 * The dtype of an array that is asked for by a name.
 *
 * @param op The operation, for the error.
 * @param name The name; 64-bit ones stand for their 32-bit counterparts.
 * @returns The dtype.
 * @throws {ValueError} If no array can have it.
 */
export function arrayDtype(op: string, name: string): DType {
  const dtype = canonicalDtype(name);
  if (Object.hasOwn(DTYPES, dtype)) return dtype as DType;
  throw new ValueError(`Cannot ${op}: no array of numbers has this dtype`, {
    op,
    operand: "dtype",
    actual: JSON.stringify(name),
    expected: Object.keys(DTYPES).join(", "),
    remedy: dtype === "prngKey" ? "make keys by random.key() or random.wrapKeyData()" : "name one of these",
    code: "dtype",
  });
}
