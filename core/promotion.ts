/**
 * Type promotion: the dtype that an operation on operands of several dtypes computes in.
 *
 * Dtypes form a lattice, and operands meet at their least upper bound. Scalars of the language have types of their own in
 * it, *weak* ones, which give way to the dtype of an array of their kind:
 *
 * ```text
 *                   ┌─ uint8 ── uint16 ── uint32 ── (uint64) ─┐                 ┌─ bfloat16 ─┐
 * bool ── int* ─────┤      ╲         ╲         ╲              ├─ float* ────────┤            ├─ float32
 *                   └─ int8 ── int16 ── int32 ──── (int64) ───┘                 └─ float16 ──┘
 * ```
 *
 * What meets at a 64-bit dtype is given its 32-bit counterpart.
 *
 * Source: JAX, `jax/_src/dtypes.py` (`_type_promotion_lattice`), with 64-bit dtypes switched off.
 *
 * @module
 */

import type { DType } from "../wasm/dtype.ts";

/** A dtype, and whether it gives way to others of its kind. */
export interface TypeOf {
  /** The dtype that elements have. */
  readonly dtype: DType;
  /** Whether only scalars of the language went into it. */
  readonly weakType: boolean;
}

/** Places of the lattice, each with those next above it. */
const ABOVE = {
  bool: ["int*"],
  "int*": ["uint8", "int8"],
  uint8: ["uint16", "int16"],
  uint16: ["uint32", "int32"],
  uint32: ["uint64", "int64"],
  uint64: ["float*"],
  int8: ["int16"],
  int16: ["int32"],
  int32: ["int64"],
  int64: ["float*"],
  "float*": ["bfloat16", "float16"],
  bfloat16: ["float32"],
  float16: ["float32"],
  float32: [],
} as const;

type Place = keyof typeof ABOVE;

/** What the places that are no dtype of an array become. */
const MATERIAL: Readonly<Partial<Record<Place, DType>>> = {
  "int*": "int32",
  "float*": "float32",
  int64: "int32",
  uint64: "uint32",
};

/** All places at or above each, the place itself included. */
const UPWARD: Readonly<Record<Place, ReadonlySet<Place>>> = (() => {
  const upward = {} as Record<Place, ReadonlySet<Place>>;
  const climb = (place: Place): ReadonlySet<Place> =>
    upward[place] ??= new Set([place, ...ABOVE[place].flatMap((above) => [...climb(above)])]);
  Object.keys(ABOVE).forEach((place) => climb(place as Place));
  return upward;
})();

/** The lowest place that is above both. */
function meet(a: Place, b: Place): Place {
  const common = [...UPWARD[a]].filter((place) => UPWARD[b].has(place));
  // The lowest has all of the others above it.
  return common.find((place) => UPWARD[place].size === common.length) ?? "float32";
}

function placeOf({ dtype, weakType }: TypeOf): Place {
  if (!weakType || dtype === "bool") return dtype;
  return dtype.startsWith("int") || dtype.startsWith("uint") ? "int*" : "float*";
}

/** Types that have met before, by both names. */
const met = new Map<string, TypeOf>();

/**
 * The type that two operands are computed in.
 *
 * @param a The type of one operand.
 * @param b The type of the other.
 * @returns Their least upper bound; weak if it is that of a scalar.
 */
export function promoteTypes(a: TypeOf, b: TypeOf): TypeOf {
  if (a.dtype === b.dtype && a.weakType === b.weakType) return a;
  const name = `${a.dtype}${a.weakType ? "*" : ""} ${b.dtype}${b.weakType ? "*" : ""}`;
  let type = met.get(name);
  if (type === undefined) {
    type = a.weakType && b.weakType ? promoteWeak(a, b) : promote(placeOf(a), placeOf(b));
    met.set(name, type);
  }
  return type;
}

/** Of weak types alone, the dtypes meet as if they were strong, and the result is weak. */
function promoteWeak(a: TypeOf, b: TypeOf): TypeOf {
  const { dtype } = promote(a.dtype, b.dtype);
  return { dtype, weakType: dtype !== "bool" };
}

function promote(a: Place, b: Place): TypeOf {
  const place = meet(a, b);
  return { dtype: MATERIAL[place] ?? place as DType, weakType: place === "int*" || place === "float*" };
}

const WEAK_INTEGER: TypeOf = { dtype: "int32", weakType: true };
const WEAK_FLOAT: TypeOf = { dtype: "float32", weakType: true };

/** The least and the most that 32 bits hold, signed or not. */
const [LEAST, MOST] = [-(2 ** 31), 2 ** 32 - 1];

/**
 * The type of a scalar of the language.
 *
 * `true` and `false` are bools. A `bigint`, and a `number` that is a whole one, is a weak integer; any other `number` is a
 * weak float. `1.0` is `1` in this language: {@linkcode weakFloat} says that a float is meant.
 *
 * @param value The scalar.
 * @returns Its type, as an operand.
 * @throws {RangeError} If a bigint fits neither int32 nor uint32.
 */
export function typeOfScalar(value: number | bigint | boolean | WeakFloat): TypeOf {
  if (typeof value === "boolean") return { dtype: "bool", weakType: false };
  if (typeof value === "object" || typeof value === "number" && !Number.isInteger(value)) return WEAK_FLOAT;
  if (value >= LEAST && value <= MOST) return WEAK_INTEGER;
  // A number beyond the integers is as good a float as any; a bigint is nothing else.
  if (typeof value === "number") return WEAK_FLOAT;
  throw new RangeError(
    `Cannot use the bigint ${value} in an array: it fits neither int32 nor uint32; ` +
      "pass a number for a float, or split it into two arrays of uint32",
  );
}

/** A number that is a float though it is a whole one. */
export class WeakFloat {
  /** The number. */
  readonly value: number;

  /** Wraps a number. */
  constructor(value: number) {
    this.value = value;
  }

  /** The number, for the language's own operators. */
  valueOf(): number {
    return this.value;
  }
}

/**
 * A number that is a float as an operand, though it may be a whole one.
 *
 * @param value The number.
 * @returns An operand for array functions.
 */
export function weakFloat(value: number): WeakFloat {
  return new WeakFloat(value);
}
