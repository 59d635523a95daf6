/**
 * What tests share: the engine on the lane under test, operands that are released, seeded numbers, goldens as floats.
 *
 * @module
 */

import assert from "node:assert/strict";
import "../array/methods.ts";
import { checkProgram } from "../core/check_program.ts";
import { inspectPrograms } from "../core/program.ts";
import { init } from "../wasm/init.ts";
import type { Build, Glue } from "../wasm/builds.ts";
import type { DType, ElementArray } from "../wasm/dtype.ts";
import { allocate, download, type Operand, release, upload } from "../wasm/operand.ts";

/** Threads that the suite runs with: more than one, whatever the machine has. */
export const THREADS = 3;

/** The scalar build, which is not published, so that only the repository's own suite knows it. */
function scalarBuild(): Build {
  // Names in variables, so that bundlers of the published tests do not look for the files.
  const [glue, embedded] = ["../wasm/generated/scalar.js", "../wasm/generated/scalar_module.ts"];
  return {
    name: "scalar",
    threads: false,
    glue: () => import(import.meta.resolve(glue ?? "")) as Promise<Glue>,
    embedded: () => import(import.meta.resolve(embedded ?? "")),
  };
}

/** The lane that the run is to test: "scalar", or "live" for the best that the host has. */
export const LANE: string = (globalThis as { penjingTestLane?: string }).penjingTestLane ?? "live";

let started: Promise<void> | undefined;

/** Starts the engine on the lane under test, every program checked that is written; further calls wait for the first. */
export function start(): Promise<void> {
  inspectPrograms(checkProgram);
  return started ??= init(LANE === "scalar" ? { build: scalarBuild() } : { threads: THREADS });
}

/** Operands that one test makes and that are released when it ends. */
export class Operands {
  readonly #made: Operand[] = [];

  /** Uploads data. */
  of(data: ElementArray | readonly number[], shape?: readonly number[], dtype?: DType): Operand {
    const options = { ...(shape === undefined ? {} : { shape }), ...(dtype === undefined ? {} : { dtype }) };
    const operand = upload(data, options);
    this.#made.push(operand);
    return operand;
  }

  /** Allocates an operand and fills it with bytes that no result should keep. */
  out(shape: readonly number[], dtype: DType = "float32"): Operand {
    const operand = allocate(shape, dtype);
    this.#made.push(operand);
    const bytes = { ...operand, dtype: "uint8" as const, shape: [operand.byteLength], strides: [1] };
    assert.equal(download(bytes).length, operand.byteLength);
    return operand;
  }

  /** Releases all. */
  release(): void {
    this.#made.splice(0).forEach((operand) => release(operand));
  }
}

/** Runs a test body with operands of its own. */
export async function withOperands(body: (operands: Operands) => unknown): Promise<void> {
  await start();
  const operands = new Operands();
  try {
    await body(operands);
  } finally {
    operands.release();
  }
}

/** The states of the generator of `scripts/goldens/kernels.py` (Numerical Recipes' linear congruential one). */
export function* lcg(seed: number): Generator<number> {
  let state = seed >>> 0;
  while (true) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

/** `count` seeded floats in [-scale / 2, scale / 2), equal to those of `scripts/goldens/kernels.py`. */
export function floats(seed: number, count: number, scale = 1): Float32Array {
  const out = new Float32Array(count);
  let k = 0;
  for (const state of lcg(seed)) {
    if (k === count) {
      break;
    }
    out[k++] = ((state >>> 8) / (1 << 24) - 0.5) * scale;
  }
  return out;
}

/** The floats with these bits. */
export function fromBits(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

/** The distance between two floats in units of the last place; 0 for equal ones and for two NaN. */
export function ulps(a: number, b: number): number {
  if (Number.isNaN(a) && Number.isNaN(b)) {
    return 0;
  }
  // Floats in order are integers in order, once negative ones are mirrored.
  const place = (x: number): number => {
    const bits = new Int32Array(new Float32Array([x]).buffer)[0] ?? 0;
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Number.isNaN(a) !== Number.isNaN(b) ? Infinity : Math.abs(place(a) - place(b));
}

/** Asserts that arrays are equal within so many units of the last place. */
export function assertUlps(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let k = 0; k < actual.length; k++) {
    const distance = ulps(actual[k] ?? NaN, expected[k] ?? NaN);
    assert(distance <= bound, `${what}: element ${k} is ${actual[k]}, not ${expected[k]}: ${distance} ulp`);
  }
}

/** Asserts that arrays have the same bits. Deno 2.5 takes 20 µs an element for `deepEqual`; this is for large ones. */
export function assertBits(actual: ArrayBufferView, expected: ArrayBufferView, what = "the result"): void {
  const [a, b] = [actual, expected].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  assert(a !== undefined && b !== undefined);
  assert.equal(a.length, b.length, what);
  const at = a.findIndex((byte, k) => byte !== b[k]);
  assert.equal(at, -1, `${what}: byte ${at} is ${a[at]}, not ${b[at]}`);
}
