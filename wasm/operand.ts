/**
 * Operands: elements in the engine's memory, and views of them.
 *
 * An operand is plain data. It does not own its memory: {@linkcode release} frees the block that {@linkcode allocate}
 * or {@linkcode upload} made, and views of it are then meaningless.
 *
 * @module
 */

import { ValueError } from "../errors/mod.ts";
import { type DType, DTYPES, type ElementArray } from "./dtype.ts";
import { currentEngine, type Slot } from "./engine.ts";
import { contiguousStrides, isContiguous, sizeOf } from "./layout.ts";

/** Elements in the engine's memory. */
export interface Operand extends Slot {
  /** Address of the block. */
  readonly address: number;
  /** Bytes of the block. */
  readonly byteLength: number;
  /** Bytes from the block's start to the element at index (0, 0, …). */
  readonly offset: number;
  /** Type of the elements. */
  readonly dtype: DType;
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** Elements between neighbors along each axis. */
  readonly strides: readonly number[];
}

/** How {@linkcode upload} reads its data. */
export interface UploadOptions {
  /** The shape; one axis of all elements if left out. */
  readonly shape?: readonly number[];
  /** The dtype; that of the typed array, float32 for a list of numbers, if left out. */
  readonly dtype?: DType;
}

/** The dtype of each kind of typed array. */
function dtypeOf(data: ElementArray | readonly number[]): DType {
  const names = Object.keys(DTYPES) as DType[];
  // The last match would be bool for bytes; the first is the plain one, since float16 and bfloat16 must be named.
  const found = names.find((name) =>
    name !== "float16" && name !== "bfloat16" && name !== "bool" && data instanceof DTYPES[name].array
  );
  return found ?? "float32";
}

/**
 * Allocates an operand. Its elements are whatever was there.
 *
 * @param shape Elements along each axis.
 * @param dtype Type of the elements.
 * @returns A contiguous operand.
 * @throws {ValueError} If an axis is not a whole number, or the array would have 2 GiB or more.
 * @throws {OutOfMemoryError} If the engine's memory is exhausted.
 */
export function allocate(shape: readonly number[], dtype: DType): Operand {
  if (shape.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ValueError("Cannot allocate an array: an axis has no whole size", {
      op: "allocate",
      actual: `[${shape}]`,
      expected: "integers from 0",
      remedy: "round the sizes",
      code: "shape",
    });
  }
  const byteLength = sizeOf(shape) * DTYPES[dtype].size;
  const address = currentEngine().memory.allocate(byteLength, `an array of shape [${shape}], ${dtype}`);
  return { address, byteLength, offset: 0, dtype, shape: [...shape], strides: contiguousStrides(shape) };
}

/**
 * Copies data into the engine's memory.
 *
 * @param data The elements in row-major order; for float16 and bfloat16 their bits in a `Uint16Array`.
 * @param options Shape and dtype.
 * @returns A contiguous operand.
 * @throws {ValueError} If the shape does not have as many elements as `data`.
 */
export function upload(data: ElementArray | readonly number[], options: UploadOptions = {}): Operand {
  const { shape = [data.length], dtype = dtypeOf(data) } = options;
  if (sizeOf(shape) !== data.length) {
    throw new ValueError("Cannot upload data: the shape does not have as many elements", {
      op: "upload",
      actual: `${data.length} elements for shape [${shape}]`,
      expected: `${sizeOf(shape)} elements`,
      remedy: "pass the shape that the data has",
      code: "upload-shape",
    });
  }
  const operand = allocate(shape, dtype);
  currentEngine().memory.fresh(operand.address, data.length, dtype).set(data);
  return operand;
}

/**
 * Copies an operand's elements out.
 *
 * @param operand What to read; any strides.
 * @returns The elements in row-major order; for float16 and bfloat16 their bits.
 */
export function download(operand: Operand): ElementArray {
  const { address, byteLength, offset, dtype, shape } = operand;
  const { memory } = currentEngine();
  const { size, array } = DTYPES[dtype];
  const length = sizeOf(shape);
  if (isContiguous(operand)) {
    return memory.read(address + offset, length, dtype);
  }
  const out = new array(length);
  const source = memory.view(address, Math.floor(byteLength / size), dtype);
  const index = new Array<number>(shape.length).fill(0);
  let at = offset / size;
  for (let k = 0; k < length; k++) {
    out[k] = source[at] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = operand.strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 1)) {
        index[axis] = next;
        at += stride;
        break;
      }
      index[axis] = 0;
      at -= stride * (next - 1);
    }
  }
  return out;
}

/**
 * Frees an operand's block, and so every view of it.
 *
 * @param operand An operand that {@linkcode allocate} or {@linkcode upload} gave, or a view of one.
 * @throws {ValueError} If the block was freed before.
 */
export function release(operand: Operand): void {
  currentEngine().memory.free(operand.address);
}

/**
 * A view with its axes in another order.
 *
 * @param operand What to view.
 * @param axes For each axis of the view, the axis of `operand` it shows; reversed order if left out.
 * @returns A view of the same memory.
 * @throws {ValueError} If `axes` does not name each axis once.
 */
export function transpose(operand: Operand, axes?: readonly number[]): Operand {
  const rank = operand.shape.length;
  const order = axes ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (order.length !== rank || new Set(order).size !== rank || order.some((axis) => !(axis >= 0 && axis < rank))) {
    throw new ValueError("Cannot transpose: the axes are not a permutation", {
      op: "transpose",
      actual: `[${order}] for shape [${operand.shape}]`,
      expected: `each of 0 to ${rank - 1} once`,
      remedy: "name every axis once",
      code: "permutation",
    });
  }
  return {
    ...operand,
    shape: order.map((axis) => operand.shape[axis] ?? 1),
    strides: order.map((axis) => operand.strides[axis] ?? 0),
  };
}

/**
 * A view of a range of one axis, or of every so many elements of it.
 *
 * @param operand What to view.
 * @param axis The axis.
 * @param start The first element.
 * @param length How many.
 * @param step Elements from one to the next; 1 if left out; negative ones go backward from `start`.
 * @returns A view of the same memory.
 * @throws {ValueError} If the range is not inside the axis.
 */
export function slice(operand: Operand, axis: number, start: number, length: number, step = 1): Operand {
  const size = operand.shape[axis];
  const last = start + Math.max(length - 1, 0) * step;
  const inside = size !== undefined && start >= 0 && length >= 0 &&
    (length === 0 ? start <= size : start < size && last >= 0 && last < size);
  if (!inside || !Number.isInteger(step) || (step === 0 && length > 1)) {
    throw new ValueError("Cannot slice: the range is not inside the axis", {
      op: "slice",
      actual: `${start} to ${start + length * step}${
        step === 1 ? "" : ` in steps of ${step}`
      } of axis ${axis}, shape [${operand.shape}]`,
      expected: size === undefined ? `an axis below ${operand.shape.length}` : `0 to ${size}`,
      remedy: "clamp the range to the axis",
      code: "slice-range",
    });
  }
  const stride = operand.strides[axis] ?? 0;
  // Without elements there is no first one, and a place beyond the block would be refused.
  const isEmpty = length === 0 || operand.shape.includes(0);
  return {
    ...operand,
    offset: operand.offset + (isEmpty ? 0 : start * stride * DTYPES[operand.dtype].size),
    shape: operand.shape.map((own, k) => k === axis ? length : own),
    strides: operand.strides.map((own, k) => k === axis && length > 1 ? own * step : own),
  };
}

/**
 * A view with the elements along some axes in opposite order.
 *
 * @param operand What to view.
 * @param axes The axes; all of them if left out.
 * @returns A view of the same memory.
 * @throws {ValueError} If an axis is out of range or named twice.
 */
export function reverse(operand: Operand, axes: readonly number[] = operand.shape.map((_, axis) => axis)): Operand {
  const { shape, strides, dtype } = operand;
  if (new Set(axes).size !== axes.length || axes.some((axis) => shape[axis] === undefined)) {
    throw new ValueError("Cannot reverse: the axes are not axes of the operand", {
      op: "reverse",
      actual: `[${axes}] for shape [${shape}]`,
      expected: `each at most once, from 0 to ${shape.length - 1}`,
      remedy: "name axes that the operand has",
      code: "reverse-axes",
    });
  }
  const turned = (axis: number): boolean => axes.includes(axis) && (shape[axis] ?? 0) > 1;
  const steps = shape.reduce((sum, size, axis) => turned(axis) ? sum + (size - 1) * (strides[axis] ?? 0) : sum, 0);
  return {
    ...operand,
    offset: operand.offset + (shape.includes(0) ? 0 : steps * DTYPES[dtype].size),
    strides: strides.map((stride, axis) => turned(axis) ? 0 - stride : stride),
  };
}
