/**
 * What the primitives of random numbers share: how counters are laid out, keys as words, the block function as an
 * elementwise program.
 *
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.2 (Threefry-2x32, 20 rounds).
 * JAX: `jax/_src/prng.py`.
 *
 * @module
 */

import { sizeOf } from "../wasm/layout.ts";
import { DTYPES } from "../wasm/dtype.ts";
import type { Elementwise, ElementwiseValue } from "../wasm/elementwise.ts";
import { threefry } from "../wasm/kernels/threefry.ts";
import type { Operand } from "../wasm/operand.ts";
import type { ThreefryMode } from "../wasm/plan.ts";

/** How the counters of a key's words are laid out: as JAX does since 0.5, or as it did before. */
export type RandomLayout = "partitionable" | "legacy";

/** Rotations of the rounds of even and of odd groups. */
const ROTATIONS: readonly (readonly number[])[] = [[13, 15, 26, 6], [17, 29, 16, 24]];

/** The constant in a key's third word. */
const PARITY = 0x1bd11bda;

/**
 * The block function on words: `(y0, y1) = threefry2x32(k1, k2, x0, x1)`, 32-bit additions and rotations.
 *
 * @param program Where it is written.
 * @param key The words of the key.
 * @param counter The words of the counter.
 * @returns The words of the block.
 */
export function threefryBlock(
  program: Elementwise,
  key: readonly [ElementwiseValue, ElementwiseValue],
  counter: readonly [ElementwiseValue, ElementwiseValue],
): readonly [ElementwiseValue, ElementwiseValue] {
  const add = (a: ElementwiseValue, b: ElementwiseValue): ElementwiseValue => program.apply("add_i32", a, b);
  const xor = (a: ElementwiseValue, b: ElementwiseValue): ElementwiseValue => program.apply("xor_i32", a, b);
  const rotate = (a: ElementwiseValue, by: number): ElementwiseValue =>
    program.apply(
      "or_i32",
      program.apply("shl_i32", a, program.integer(by)),
      program.apply("shr_u32", a, program.integer(32 - by)),
    );
  const words = [key[0], key[1], xor(xor(key[0], key[1]), program.integer(PARITY))] as const;
  let [x0, x1] = [add(counter[0], words[0]), add(counter[1], words[1])];
  for (let group = 0; group < 5; group++) {
    for (const by of ROTATIONS[group % 2]!) {
      x0 = add(x0, x1);
      x1 = xor(rotate(x1, by), x0);
    }
    x0 = add(x0, words[(group + 1) % 3]!);
    x1 = add(x1, add(words[(group + 2) % 3]!, program.integer(group + 1)));
  }
  return [x0, x1];
}

/** The words of keys, given as kernels see keys, as two operands of the keys' shape. */
export function wordsOf(keys: Operand): readonly [Operand, Operand] {
  const first = { ...keys, shape: keys.shape.slice(0, -1), strides: keys.strides.slice(0, -1) };
  return [first, { ...first, offset: first.offset + keys.strides.at(-1)! * DTYPES.uint32.size }];
}

/**
 * Fills an output by the kernel, a stretch of it for each key.
 *
 * @param output Contiguous; its first axes are those of the keys.
 * @param keys The keys, as kernels see them: their last axis is 2.
 * @param mode The layout of the counters.
 */
export function threefryOfKeys(output: Operand, keys: Operand, mode: ThreefryMode): void {
  const batch = keys.shape.slice(0, -1);
  const shape = output.shape.slice(batch.length);
  const strides = output.strides.slice(batch.length);
  const bytes = sizeOf(shape) * DTYPES[output.dtype].size;
  const index = new Array<number>(batch.length).fill(0);
  const count = sizeOf(batch);
  for (let k = 0; k < count; k++) {
    const steps = index.reduce((sum, at, axis) => sum + at * keys.strides[axis]!, 0);
    const key = {
      ...keys,
      offset: keys.offset + steps * DTYPES.uint32.size,
      shape: [2],
      strides: [keys.strides.at(-1)!],
    };
    threefry({ ...output, offset: output.offset + k * bytes, shape, strides }, key, { mode });
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis]! + 1) % batch[axis]!;
      if (index[axis] !== 0) break;
    }
  }
}
