/**
 * NumPy's format for several arrays, `.npz`: a zip file of `.npy` files.
 *
 * Source: PKWARE, ".ZIP File Format Specification", sections 4.3 to 4.5. What is read of it: entries that are stored or
 * deflated. What is not: parts, encryption, sizes of 4 GiB and more.
 *
 * @module
 */

import type { NDArray } from "../core/ndarray.ts";
import { ValueError } from "../errors/mod.ts";
import { asBytes, crc32, unreadable, viewOf } from "./_bytes.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

const READ = "decodeNpz";

/** The first words of an entry, of its record in the directory, and of the end of the directory. */
const [ENTRY, RECORD, END] = [0x04034b50, 0x02014b50, 0x06054b50];

/** Bytes of these, without what varies in length. */
const [ENTRY_SIZE, RECORD_SIZE, END_SIZE] = [30, 46, 22];

/** How bytes are packed. */
const [STORED, DEFLATED] = [0, 8];

/** Bits of an entry's flags: it is encrypted; its name is UTF-8. */
const [ENCRYPTED, UTF8] = [0x1, 0x800];

/** The first of January 1980, the least date: a file depends on its arrays alone. */
const DATE = 0x21;

/** An entry of the directory. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

function damaged(state: string, actual: string, expected: string, cause?: unknown): Error {
  const remedy = "read the file again, or ask for it anew: it was cut or changed";
  return unreadable(READ, state, { actual, expected, remedy, ...(cause === undefined ? {} : { cause }) });
}

function unsupported(state: string, actual: string, expected: string): Error {
  return unreadable(READ, state, { actual, expected, remedy: "save it anew by numpy.savez" });
}

/** Where the end of the directory is: as near to the end of the file as the comment after it lets it be. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - END_SIZE; at >= 0 && at >= view.byteLength - END_SIZE - 0xffff; at--) {
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength) {
      return at;
    }
  }
  throw damaged("the bytes are no .npz file", `${view.byteLength} bytes without a directory`, "a zip file");
}

/** The entries of the directory. */
function directory(bytes: Uint8Array): Entry[] {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const [disk, first, here, count] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    throw unsupported("the file is a zip64 one", "a directory of zip64", "less than 65535 arrays, and less than 4 GiB");
  }
  if (disk !== 0 || first !== 0 || here !== count) {
    throw unsupported("the file is one of several parts", `part ${disk}`, "a file of one part");
  }
  if (start + size !== end) {
    throw damaged("its directory does not end where it should", `byte ${start + size}`, `byte ${end}`);
  }
  const entries: Entry[] = [];
  let at = start;
  for (let k = 0; k < count; k++) {
    if (at + RECORD_SIZE > end || view.getUint32(at, true) !== RECORD) {
      throw damaged("its directory lacks an entry", `${k} entries`, `${count}`);
    }
    const length = view.getUint16(at + 28, true);
    const next = at + RECORD_SIZE + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw damaged("its directory is cut", `${end - at} bytes`, `${next - at}`);
    const name = new TextDecoder().decode(bytes.subarray(at + RECORD_SIZE, at + RECORD_SIZE + length));
    entries.push(entryAt(view, at, name));
    at = next;
  }
  if (at !== end) throw damaged("its directory has more than its entries", `${end - at} bytes more`, "none");
  return entries;
}

function entryAt(view: DataView, at: number, name: string): Entry {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (flags & ENCRYPTED) throw unsupported(`the entry "${name}" is encrypted`, "encrypted bytes", "plain ones");
  if (method !== STORED && method !== DEFLATED) {
    throw unsupported(
      `the entry "${name}" is packed in a way that is not known`,
      `${method}`,
      "0, stored, or 8, deflated",
    );
  }
  const [checksum, packed, size, place] = [16, 20, 24, 42].map((field) => view.getUint32(at + field, true)) as [
    number,
    number,
    number,
    number,
  ];
  if ([packed, size, place].includes(0xffffffff)) {
    throw unsupported(`the entry "${name}" is of zip64`, "sizes of 64 bits", "less than 4 GiB");
  }
  return { name, method, checksum, packed, size, at: place };
}

/** The packed bytes of an entry. */
function packedBytes(bytes: Uint8Array, { name, packed, at }: Entry): Uint8Array {
  const view = viewOf(bytes);
  const isThere = at + ENTRY_SIZE <= bytes.length && view.getUint32(at, true) === ENTRY;
  const length = isThere ? view.getUint16(at + 26, true) : 0;
  const start = at + ENTRY_SIZE + length + (isThere ? view.getUint16(at + 28, true) : 0);
  const own = new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + length));
  // The name stands twice: that it is the same is the one check of it that there is.
  if (!isThere || own !== name || start + packed > bytes.length) {
    throw damaged(`the entry "${name}" is not where the directory says`, `byte ${at} of ${bytes.length}`, "its header");
  }
  return bytes.subarray(start, start + packed);
}

/** Unpacks, and stops where there is more than there should be. */
async function inflate(packed: Uint8Array, { name, size }: Entry): Promise<Uint8Array> {
  const out = new Uint8Array(size);
  let length = 0;
  try {
    const source = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
    const reader = source.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > size) {
        length += part.value.length;
        await reader.cancel();
        break;
      }
      out.set(part.value, length);
      length += part.value.length;
    }
  } catch (cause) {
    throw damaged(`the entry "${name}" cannot be unpacked`, `${packed.length} bytes`, "deflated bytes", cause);
  }
  if (length === size) return out;
  throw damaged(`the entry "${name}" is not as long as the directory says`, `${length} bytes`, `${size} bytes`);
}

async function unpacked(bytes: Uint8Array, entry: Entry): Promise<Uint8Array> {
  const { name, method, checksum, size } = entry;
  const packed = packedBytes(bytes, entry);
  if (method === STORED && packed.length !== size) {
    throw damaged(`the entry "${name}" has two sizes`, `${packed.length} bytes stored`, `${size} bytes`);
  }
  const out = method === STORED ? packed : await inflate(packed, entry);
  const actual = crc32(out);
  if (actual === checksum) return out;
  throw damaged(`the entry "${name}" does not have its checksum`, actual.toString(16), checksum.toString(16));
}

/**
 * Reads arrays from the bytes of an `.npz` file.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import * as pz from "@penjing/penjing";
 * import { decodeNpz, encodeNpz } from "@penjing/penjing/formats";
 *
 * const bytes = encodeNpz({ weights: pz.np.ones([2, 3]), bias: pz.np.zeros([3]) });
 * const arrays = await decodeNpz(bytes);
 * assert.deepEqual(Object.keys(arrays), ["weights", "bias"]);
 * assert.deepEqual(arrays["bias"]!.tolist(), [0, 0, 0]);
 * ```
 *
 * @param bytes The whole file.
 * @returns The arrays by their names, in the order of the file.
 * @throws {ValueError} If the bytes are no such file, were cut or changed, or an entry is no array. See
 *   {@linkcode decodeNpy}.
 *
 * JAX: `jax.numpy.load`.
 */
export async function decodeNpz(bytes: Uint8Array): Promise<Record<string, NDArray>> {
  const all = asBytes(READ, bytes);
  const arrays = new Map<string, NDArray>();
  for (const entry of directory(all)) {
    const name = entry.name.replace(/\.npy$/, "");
    if (name === entry.name) {
      throw unsupported(`the entry "${name}" is no array`, `a file "${name}"`, "names that end in .npy");
    }
    if (arrays.has(name)) throw damaged(`the entry "${name}" is there twice`, "two entries of one name", "one");
    arrays.set(name, decodeNpy(await unpacked(all, entry)));
  }
  return Object.fromEntries(arrays);
}

/** Writes numbers of 16 and 32 bits one after the other, the low bytes first. */
function packed(fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  const view = viewOf(out);
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

/**
 * Writes arrays as the bytes of an `.npz` file, which `numpy.load` reads. Nothing is packed.
 *
 * @param arrays The arrays by their names.
 * @returns The whole file, which depends on the names and the arrays alone.
 * @throws {TypeError} If an array holds random keys.
 * @throws {ValueError} If there are more than 65534 arrays, or they have 4 GiB or more.
 */
export function encodeNpz(arrays: Readonly<Record<string, NDArray>>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  let at = 0;
  const entries = Object.entries(arrays);
  for (const [key, x] of entries) {
    const name = new TextEncoder().encode(`${key}.npy`);
    const bytes = encodeNpy(x);
    // What the entry and its record share: version, flags, method, time, date, checksum, sizes, lengths.
    const shared = [
      [2, 20],
      [2, UTF8],
      [2, STORED],
      [2, 0],
      [2, DATE],
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, name.length],
      [2, 0],
    ] as const;
    const header = packed([[4, ENTRY], ...shared]);
    // Of the record alone: the version that wrote it, the comment, the part, two kinds of attributes, the place.
    records.push(packed([[4, RECORD], [2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), name);
    parts.push(header, name, bytes);
    at += header.length + name.length + bytes.length;
  }
  const size = records.reduce((sum, { length }) => sum + length, 0);
  const length = at + size + END_SIZE;
  if (length >= 2 ** 32 || entries.length >= 0xffff) {
    throw new ValueError("Cannot encodeNpz: the arrays do not fit one file", {
      op: "encodeNpz",
      actual: `${entries.length} arrays, ${length} bytes`,
      expected: "at most 65534 arrays, and less than 4 GiB",
      remedy: "write several files",
      code: "npz-size",
    });
  }
  const end = packed([[4, END], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, at], [2, 0]]);
  const out = new Uint8Array(length);
  let to = 0;
  for (const part of [...parts, ...records, end]) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}
