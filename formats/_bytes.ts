/**
 * What the readers of files share: the error for bytes that are not what they should be, little numbers, a checksum.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";

/** What is wrong with bytes, and what to do about it. */
export interface BytesFault {
  /** What was found. */
  readonly actual?: string;
  /** What was expected. */
  readonly expected?: string;
  /** The way out. */
  readonly remedy: string;
  /** What the host said. */
  readonly cause?: unknown;
}

/**
 * The error for bytes that cannot be read.
 *
 * @param op The function.
 * @param state What is wrong.
 * @param fault The details.
 * @returns The error.
 */
export function unreadable(op: string, state: string, fault: BytesFault): ValueError {
  return new ValueError(`Cannot ${op}: ${state}`, { op, ...fault, code: "format" });
}

/** The bytes, or the error that they are none. */
export function asBytes(op: string, bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw new TypeError(`Cannot ${op}: these are no bytes; pass a Uint8Array, as files are read into`);
}

/** A view for numbers in bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The remainders of all bytes by the polynomial of CRC-32, bits reversed. */
const REMAINDERS: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder >>> 1 ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** The checksum of zip files, CRC-32 of ISO 3309. */
export function crc32(bytes: Uint8Array): number {
  let remainder = ~0;
  for (let k = 0; k < bytes.length; k++) {
    remainder = remainder >>> 8 ^ REMAINDERS[(remainder ^ bytes[k]!) & 0xff]!;
  }
  return ~remainder >>> 0;
}
