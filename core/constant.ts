/**
 * Arrays out of values of the language.
 *
 * @module
 */

import { type DType, DTYPES } from "../wasm/dtype.ts";
import { currentEngine } from "../wasm/engine.ts";
import { contiguousStrides } from "../wasm/layout.ts";
import { ValueError } from "../errors/mod.ts";
import { EagerArray } from "./eager.ts";
import { NDArray, type TypedArray } from "./ndarray.ts";
import { type TypeOf, typeOfScalar, WeakFloat } from "./promotion.ts";
import type { Shape } from "./shape.ts";
import { allocateStorage } from "./storage.ts";

/** A scalar of the language. */
export type Scalar = number | bigint | boolean | WeakFloat;

/** Whether a value is a scalar of the language. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ||
    value instanceof WeakFloat;
}

const words = new DataView(new ArrayBuffer(8));

/** The bits of the bfloat16 that is nearest to a number; of two, the even one. */
function bfloat16Bits(value: number): number {
  words.setFloat32(0, value);
  const bits = words.getUint32(0);
  if (Number.isNaN(value)) return bits >>> 16 | 0x40;
  // What rounding to float32 has lost breaks a tie.
  const lost = Math.sign(Math.abs(value) - Math.abs(words.getFloat32(0)));
  const [half, rest] = [0x8000, bits & 0xffff];
  const isUp = rest > half || rest === half && (lost > 0 || lost === 0 && (bits & 0x10000) !== 0);
  return (bits >>> 16) + (isUp ? 1 : 0) & 0xffff;
}

/** The bits of the float16 that is nearest to a number; of two, the even one. */
function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // One step of the last place, which below the least normal number stays the same.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const exact = size / 2 ** (exponent - 10);
  const [floor, rest] = [Math.floor(exact), exact % 1];
  const steps = floor + (rest > 0.5 || rest === 0.5 && floor % 2 === 1 ? 1 : 0);
  // Steps that reach the next power of two carry into the exponent by themselves.
  return sign | (exponent + 14) * 1024 + steps;
}

/** Integer dtypes' least and greatest values. */
const RANGE: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
};

/** The least and the greatest value of an integer dtype. */
export function integerRange(dtype: DType): readonly [least: number, greatest: number] {
  return RANGE[dtype] ?? [0, 1];
}

/** The bits of a number as an element. Whole numbers wrap, others go to the nearest value of an integer dtype towards 0. */
export function bitsOf(value: number, dtype: DType): number {
  switch (dtype) {
    case "float32":
      words.setFloat32(0, value);
      return words.getUint32(0);
    case "float16":
      return float16Bits(value);
    case "bfloat16":
      return bfloat16Bits(value);
    case "bool":
      return value === 0 ? 0 : 1;
    default: {
      const [least, greatest] = integerRange(dtype);
      const whole = Number.isInteger(value) ? value : Math.min(Math.max(Math.trunc(value) || 0, least), greatest);
      // Beyond 2^53 the low bits are 0; the remainder is exact.
      return (whole % 2 ** 32) >>> 0;
    }
  }
}

/**
 * An array of one element and no axis.
 *
 * @param value The element.
 * @param type Its type; that of the scalar if left out.
 * @returns The array.
 */
export function constant(value: Scalar, type: TypeOf = typeOfScalar(value)): EagerArray {
  const { dtype, weakType } = type;
  const number = typeof value === "bigint"
    ? Number(BigInt.asIntN(32, value))
    : Number(value instanceof WeakFloat ? value.value : value);
  // A whole word, whatever the dtype: blocks have room for it.
  const storage = allocateStorage(4, "a scalar");
  const { address } = storage;
  currentEngine().memory.words(address + 4)[address >>> 2] = bitsOf(number, dtype);
  return new EagerArray(storage, { offset: 0, shape: [], strides: [] }, dtype, weakType);
}

/**
 * An array with the elements of a typed array.
 *
 * @param data The elements in row-major order, as the dtype's own typed array holds them.
 * @param shape Their shape.
 * @param dtype Their dtype.
 * @returns The array, a copy.
 */
export function fromElements(data: globalThis.ArrayLike<number>, shape: Shape, dtype: DType): EagerArray {
  const storage = allocateStorage(data.length * DTYPES[dtype].size, () => `an array of shape [${shape}], ${dtype}`);
  currentEngine().memory.fresh(storage.address, data.length, dtype).set(data);
  return new EagerArray(storage, { offset: 0, shape, strides: contiguousStrides(shape) }, dtype, false);
}

/** The dtype that a typed array's elements have in an array, and they themselves as that dtype's typed array. */
export function elementsOf(data: TypedArray): readonly [globalThis.ArrayLike<number>, DType] {
  if (data instanceof Float64Array) return [data, "float32"];
  if (data instanceof Uint8ClampedArray) return [data, "uint8"];
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return [Array.from(data, (value) => integerOf(value)), data instanceof BigInt64Array ? "int32" : "uint32"];
  }
  const dtype = (Object.keys(DTYPES) as DType[]).find((name) =>
    !["float16", "bfloat16", "bool"].includes(name) && data instanceof DTYPES[name].array
  );
  return [data, dtype ?? "float32"];
}

/** An integer of 64 bits as one of 32, which it has to fit. */
function integerOf(value: bigint): number {
  const number = Number(value);
  if (number >= -(2 ** 31) && number < 2 ** 32) return number;
  throw new ValueError("Cannot make an array: an integer does not fit 32 bits", {
    op: "array",
    actual: `${value}`,
    expected: `${-(2 ** 31)} to ${2 ** 32 - 1}`,
    remedy: "convert the data to Float64Array for floats, or split it into two arrays of uint32",
    code: "integer-range",
  });
}

/**
 * Whatever functions take for an array, as an array.
 *
 * @param op The function, for the error.
 * @param value An array, a scalar, a typed array.
 * @returns The array itself, or a new one; of a scalar one with a weak type.
 * @throws {TypeError} If the value is something else.
 */
export function asArray(op: string, value: unknown): NDArray {
  if (value instanceof NDArray) return value;
  if (isScalar(value)) return constant(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const [data, dtype] = elementsOf(value as TypedArray);
    return fromElements(data, [data.length], dtype);
  }
  throw new TypeError(
    `Cannot ${op}: an operand is ${kindOf(value)}; pass an array, a scalar or a typed array: ` +
      "pz.np.array(list) makes an array of a list",
  );
}

/** What a value is, for errors. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (Array.isArray(value)) return "a list";
  if (value instanceof NDArray) return "an array";
  const article = (name: string): string => /^[AEIOU]/i.test(name) ? `an ${name}` : `a ${name}`;
  return typeof value === "object" ? article(value.constructor?.name ?? "object") : article(typeof value);
}

/** The type of an array or a scalar, as an operand. */
export function typeOf(value: ArrayLikeValue): TypeOf {
  return value instanceof NDArray ? { dtype: value.dtype as DType, weakType: value.weakType } : typeOfScalar(value);
}

/** What has a type as an operand. */
export type ArrayLikeValue = NDArray | Scalar;
