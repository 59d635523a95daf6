/**
 * NumPy's format for one array, `.npy`: a text that says dtype, order and shape, then the elements.
 *
 * Source: NumPy, `numpy/lib/format.py`, versions 1 to 3 of the format. A bfloat16 is written as the package `ml_dtypes`
 * does: as two bytes of no type, `<V2`.
 *
 * @module
 */

import { readNow } from "../array/read.ts";
import { fromElements } from "../core/constant.ts";
import { isFloating } from "../core/dtype.ts";
import type { NDArray } from "../core/ndarray.ts";
import type { Shape } from "../core/shape.ts";
import { bitcastConvertType } from "../ops/bitcast_convert_type.ts";
import { transpose } from "../ops/transpose.ts";
import { type DType, DTYPES } from "../wasm/dtype.ts";
import { sizeOf } from "../wasm/layout.ts";
import { asBytes, unreadable, viewOf } from "./_bytes.ts";

const READ = "decodeNpy";

/** The first bytes: 0x93, then "NUMPY". */
const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** What the header is filled up to a multiple of, so that elements are aligned. */
const ALIGNMENT = 64;

/** How dtypes are named in files, after the letter for the order of bytes. */
const NAMES: Readonly<Record<DType, string>> = {
  bool: "|b1",
  int8: "|i1",
  int16: "<i2",
  int32: "<i4",
  uint8: "|u1",
  uint16: "<u2",
  uint32: "<u4",
  float16: "<f2",
  bfloat16: "<V2",
  float32: "<f4",
};

/** How elements of a file are read. */
interface Reader {
  /** The dtype of the array. */
  readonly dtype: DType;
  /** Bytes of an element in the file. */
  readonly size: number;
  /** Reads the element at a byte. */
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** By the name in the file without the order of bytes. Halves are read as their bits. */
const READERS: Readonly<Record<string, Reader>> = {
  b1: { dtype: "bool", size: 1, read: (view, at) => view.getUint8(at) === 0 ? 0 : 1 },
  i1: { dtype: "int8", size: 1, read: (view, at) => view.getInt8(at) },
  i2: { dtype: "int16", size: 2, read: (view, at, little) => view.getInt16(at, little) },
  i4: { dtype: "int32", size: 4, read: (view, at, little) => view.getInt32(at, little) },
  i8: {
    dtype: "int32",
    size: 8,
    read: (view, at, little) => narrow(view.getBigInt64(at, little), -(2 ** 31), 2 ** 31),
  },
  u1: { dtype: "uint8", size: 1, read: (view, at) => view.getUint8(at) },
  u2: { dtype: "uint16", size: 2, read: (view, at, little) => view.getUint16(at, little) },
  u4: { dtype: "uint32", size: 4, read: (view, at, little) => view.getUint32(at, little) },
  u8: { dtype: "uint32", size: 8, read: (view, at, little) => narrow(view.getBigUint64(at, little), 0, 2 ** 32) },
  f2: { dtype: "float16", size: 2, read: (view, at, little) => view.getUint16(at, little) },
  f4: { dtype: "float32", size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { dtype: "float32", size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  V2: { dtype: "bfloat16", size: 2, read: (view, at, little) => view.getUint16(at, little) },
};

/** An integer of 64 bits as one of 32, which it has to fit. */
function narrow(value: bigint, least: number, end: number): number {
  if (value >= least && value < end) return Number(value);
  throw unreadable(READ, "an integer of 64 bits does not fit 32", {
    actual: `${value}`,
    expected: `${least} to ${end - 1}`,
    remedy: "save the array as float64, or as two arrays of uint32",
  });
}

/** What the header of a file says. */
interface Header {
  /** The name of the dtype, with the order of bytes first. */
  readonly descr: string;
  /** Whether the first axis is the one whose elements lie next to each other. */
  readonly isFortran: boolean;
  /** Elements along each axis. */
  readonly shape: Shape;
  /** The byte of the first element. */
  readonly start: number;
}

const CUT = "read the file again, or ask for it anew: it was cut or changed";

function damaged(state: string, actual: string, expected: string): Error {
  return unreadable(READ, state, { actual, expected, remedy: CUT });
}

/** The header's text, and where it ends. */
function headerText(bytes: Uint8Array): readonly [text: string, end: number] {
  if (bytes.length < 10 || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    throw unreadable(READ, "the bytes are no .npy file", {
      actual: bytes.length < 10 ? `${bytes.length} bytes` : `a file that begins with [${bytes.subarray(0, 6)}]`,
      expected: `at least 10 bytes that begin with [${MAGIC}]`,
      remedy: "save it by numpy.save; an .npz file is read by decodeNpz()",
    });
  }
  const [version, view] = [bytes[6]!, viewOf(bytes)];
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    throw unreadable(READ, "the version of the format is not known", {
      actual: `${version}.${bytes[7]}`,
      expected: "1.0, 2.0 or 3.0",
      remedy: "save the array anew by numpy.save",
    });
  }
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw damaged("the file ends in its header", `${bytes.length} bytes`, "more");
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw damaged("the file ends in its header", `${bytes.length} bytes`, `at least ${end}`);
  return [new TextDecoder("utf-8").decode(bytes.subarray(start, end)), end];
}

/** Parts of the header: a dict of Python with three entries, in any order. */
const ENTRIES = {
  descr: /'descr'\s*:\s*'([^']*)'\s*,?/,
  order: /'fortran_order'\s*:\s*(True|False)\s*,?/,
  shape: /'shape'\s*:\s*\(((?:\s*\d{1,15}L?\s*,)*\s*(?:\d{1,15}L?\s*)?)\)\s*,?/,
} as const;

function parseHeader(bytes: Uint8Array): Header {
  const [text, start] = headerText(bytes);
  const [descr, order, shape] = [ENTRIES.descr, ENTRIES.order, ENTRIES.shape].map((entry) => entry.exec(text));
  if (/'descr'\s*:\s*\[/.test(text)) {
    throw unreadable(READ, "its elements are records", {
      actual: text.trim(),
      expected: "elements of one number",
      remedy: "save each field as an array of its own",
    });
  }
  // What is left beside the entries are the braces.
  const rest = Object.values(ENTRIES).reduce((left, entry) => left.replace(entry, ""), text).replaceAll(/\s/g, "");
  if (!descr || !order || !shape || rest !== "{}") {
    throw damaged("its header is not one", JSON.stringify(text.trim()), "a dict of descr, fortran_order and shape");
  }
  const sizes = shape[1]!.split(",").map((size) => size.trim()).filter((size) => size !== "");
  return {
    descr: descr[1]!,
    isFortran: order[1] === "True",
    shape: sizes.map((size) => Number.parseInt(size)),
    start,
  };
}

/** How to read a file's elements. */
function readerOf(descr: string): Reader {
  const [, order = "", name = ""] = /^([<>|=])?(\w+)$/.exec(descr) ?? [];
  const reader = READERS[name];
  if (reader !== undefined && (order !== "|" || reader.size === 1 || name === "V2")) return reader;
  const isObject = name.startsWith("O");
  throw unreadable(READ, isObject ? "its elements are objects of Python" : "no array has elements of this dtype", {
    actual: JSON.stringify(descr),
    expected: `one of ${Object.keys(READERS).join(", ")}, with the order of bytes before it`,
    remedy: isObject ? "save arrays of numbers: objects can run code when they are read" : "cast it before it is saved",
  });
}

/**
 * Reads an array from the bytes of an `.npy` file.
 *
 * Numbers of 64 bits become numbers of 32: floats the nearest, integers if they fit. An array in Fortran's order becomes
 * a transposed view. Bytes of no type, two for each element, are bfloat16.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 * import { decodeNpy, encodeNpy } from "@penjing/penjing/formats";
 *
 * const x = pz.np.array([[1, 2], [3, 4]], { dtype: "float32" });
 * const bytes = encodeNpy(x);
 * assert.deepEqual(decodeNpy(bytes).tolist(), [[1, 2], [3, 4]]);
 * ```
 *
 * @param bytes The whole file.
 * @returns The array.
 * @throws {ValueError} If the bytes are no such file, were cut or have more than one, or the elements have no place in
 *   an array: objects, texts, complex numbers, integers beyond 32 bits.
 *
 * JAX: `jax.numpy.load`.
 */
export function decodeNpy(bytes: Uint8Array): NDArray {
  const all = asBytes(READ, bytes);
  const { descr, isFortran, shape, start } = parseHeader(all);
  const { dtype, size } = readerOf(descr);
  const count = sizeOf(shape);
  const end = start + count * size;
  if (end !== all.length) {
    const state = end > all.length ? "the file ends before its elements do" : "the file goes on after its elements";
    throw damaged(state, `${all.length} bytes`, `${end} bytes for ${descr} of shape [${shape}]`);
  }
  const stored = isFortran ? shape.toReversed() : shape;
  const x = fromElements(elementsOf(all, start, count, readerOf(descr), descr[0] !== ">"), stored, dtype);
  return isFortran ? transpose(x, shape.map((_, axis) => shape.length - 1 - axis)) : x;
}

/** The elements of a file, as arrays take them. */
function elementsOf(
  bytes: Uint8Array,
  start: number,
  count: number,
  { dtype, size, read }: Reader,
  isLittle: boolean,
): ArrayLike<number> {
  const { array, size: own } = DTYPES[dtype];
  // Elements that lie in the file as in memory; the bytes of bools may be others than 0 and 1.
  if (isLittle && size === own && dtype !== "bool") {
    return new array(bytes.slice(start, start + count * size).buffer, 0, count);
  }
  const view = viewOf(bytes);
  return Float64Array.from({ length: count }, (_, k) => read(view, start + k * size, isLittle));
}

/**
 * Writes an array as the bytes of an `.npy` file, which `numpy.load` reads.
 *
 * A bfloat16 is written as two bytes of no type; in Python `x.view(ml_dtypes.bfloat16)` makes numbers of them.
 *
 * @param x The array.
 * @returns The whole file.
 * @throws {TypeError} If it holds random keys.
 * @throws {PenjingError} If it is being traced, so that it has no elements yet.
 */
export function encodeNpy(x: NDArray): Uint8Array<ArrayBuffer> {
  if (x.dtype === "prngKey") {
    throw new TypeError("Cannot encodeNpy: the array holds random keys; write their words, pz.random.keyData(x)");
  }
  const dtype = x.dtype;
  const isHalf = isFloating(dtype) && dtype !== "float32";
  const elements = readNow("encodeNpy", isHalf ? bitcastConvertType(x, "uint16") : x);
  const shape = x.shape.length === 1 ? `${x.shape[0]},` : x.shape.join(", ");
  const dict = `{'descr': '${NAMES[dtype]}', 'fortran_order': False, 'shape': (${shape}), }`;
  const length = Math.ceil((10 + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const out = new Uint8Array(length + elements.byteLength);
  out.set([...MAGIC, 1, 0]);
  const view = viewOf(out);
  view.setUint16(8, length - 10, true);
  out.set(new TextEncoder().encode(`${dict.padEnd(length - 10 - 1)}\n`), 10);
  // Elements lie in memory as in the file: all hosts of WebAssembly have the low byte first.
  out.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), length);
  return out;
}
