/**
 * The one door to every operation: to a transformation if one is at work, or else to the engine.
 *
 * @module
 */

import { DTYPES } from "../wasm/dtype.ts";
import { contiguousStrides, sizeOf } from "../wasm/layout.ts";
import type { Operand } from "../wasm/operand.ts";
import { type Aval, describe } from "./aval.ts";
import { traceOfAxes } from "./axes.ts";
import { itemSize } from "./dtype.ts";
import { EagerArray } from "./eager.ts";
import type { NDArray } from "./ndarray.ts";
import type { Primitive } from "./primitive.ts";
import { allocateStorage } from "./storage.ts";
import { innermostMapping, stagingTrace } from "./trace.ts";

/**
 * Applies a primitive.
 *
 * @param primitive The operation.
 * @param inputs Its operands, which fit it.
 * @param params Its parameters.
 * @returns Its results.
 */
export function bind<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): readonly NDArray[] {
  let top = stagingTrace();
  const across = traceOfAxes(primitive, params);
  if (across !== undefined && (top === undefined || across.level > top.level)) top = across;
  if (primitive.call?.isOpen?.(params)) {
    const mapping = innermostMapping();
    if (mapping !== undefined && (top === undefined || mapping.level > top.level)) top = mapping;
  }
  for (let k = 0; k < inputs.length; k++) {
    const trace = inputs[k]!.tracedBy;
    if (trace !== undefined && (top === undefined || trace.level > top.level)) top = trace;
  }
  if (top !== undefined) return top.process(primitive, inputs, params);
  return evaluate(primitive, inputs as readonly EagerArray[], params);
}

/** Applies a primitive that has one result. */
export function bindOne<P>(primitive: Primitive<P>, inputs: readonly NDArray[], params: P): NDArray {
  return bind(primitive, inputs, params)[0]!;
}

/** Computes now. */
function evaluate<P>(primitive: Primitive<P>, inputs: readonly EagerArray[], params: P): readonly NDArray[] {
  const { name, call } = primitive;
  for (let k = 0; k < inputs.length; k++) inputs[k]!.storage.check(name);
  if (call !== undefined) return call.evaluate(inputs, params);
  const avals = primitive.outputs(inputs, params);
  const [first] = inputs;
  if (first !== undefined) {
    const view = first.viewed(avals[0]!, (place) => primitive.view(place, params));
    if (view !== undefined) return [view];
  }
  const outputs = avals.map(allocateArray);
  // Kernels need not know of arrays without elements.
  if (avals.some(({ shape }) => !shape.includes(0))) {
    primitive.lower(outputs.map(operandOf), inputs.map(operandOf), params);
  }
  return outputs;
}

/**
 * Allocates an array, whose elements are whatever was there.
 *
 * @param aval Its shape and type.
 * @returns The array, contiguous.
 */
export function allocateArray(aval: Aval): EagerArray {
  const { shape, dtype, weakType } = aval;
  const bytes = sizeOf(shape) * itemSize(dtype);
  const storage = allocateStorage(bytes, () => `an array ${describe(aval)}`);
  return new EagerArray(storage, { offset: 0, shape, strides: contiguousStrides(shape) }, dtype, weakType);
}

/** An array as kernels take it. A key is its two words, along an axis of their own at the end. */
export function operandOf(array: EagerArray): Operand {
  const { storage, shape, strides, offset, dtype } = array;
  const { address, byteLength } = storage;
  if (dtype !== "prngKey") return { address, byteLength, offset: offset * DTYPES[dtype].size, dtype, shape, strides };
  return {
    address,
    byteLength,
    offset: offset * 8,
    dtype: "uint32",
    shape: [...shape, 2],
    strides: [...strides.map((stride) => stride * 2), 1],
  };
}
