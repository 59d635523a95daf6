/**
 * Arithmetic on shapes and strides: what brings operands of any rank into the form that plans take.
 *
 * @module
 */

/** Shape and strides (in elements) of an array. */
export interface Layout {
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** Elements between neighbors along each axis. */
  readonly strides: readonly number[];
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) {
    return false;
  }
  for (let axis = 0; axis < a.length; axis++) {
    if (a[axis] !== b[axis]) {
      return false;
    }
  }
  return true;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const axis of shape) {
    size *= axis;
  }
  return size;
}

/** The strides of contiguous elements in row-major order. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= Math.max(shape[axis] ?? 1, 1);
  }
  return strides;
}

/** Whether the elements, if there are any, lie next to each other in row-major order. */
export function isContiguous({ shape, strides }: Layout): boolean {
  if (shape.includes(0)) {
    return true;
  }
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    if (size !== 1 && strides[axis] !== step) {
      return false;
    }
    step *= size;
  }
  return true;
}

/**
 * Strides that let an array be read at a larger shape, by NumPy's rules: axes align at the end, size 1 repeats.
 *
 * @param layout The array's layout.
 * @param shape The shape to be read at.
 * @returns The strides, or `undefined` if the shapes do not fit.
 */
export function broadcastStrides(layout: Layout, shape: readonly number[]): readonly number[] | undefined {
  if (sameShape(layout.shape, shape)) {
    return layout.strides;
  }
  const missing = shape.length - layout.shape.length;
  if (missing < 0) {
    return undefined;
  }
  const strides: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = axis < missing ? 1 : layout.shape[axis - missing];
    if (size === shape[axis]) {
      strides.push(axis < missing ? 0 : layout.strides[axis - missing] ?? 0);
    } else if (size === 1) {
      strides.push(0);
    } else {
      return undefined;
    }
  }
  return strides;
}

/**
 * Merges neighboring axes of `first..last` that every operand steps over evenly, and drops axes of size 1. The
 * elements and their order stay the same.
 *
 * @param shape The common shape.
 * @param strides The strides of each operand.
 * @returns The fewest axes that give the same elements.
 */
export function coalesce(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { shape: number[]; strides: number[][] } {
  const merged: number[] = [];
  const out: number[][] = strides.map(() => []);
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] ?? 1;
    if (size === 1) {
      continue;
    }
    const last = merged.length - 1;
    let fits = last >= 0;
    for (let k = 0; fits && k < strides.length; k++) {
      fits = out[k]?.[last] === (strides[k]?.[axis] ?? 0) * size;
    }
    const at = fits ? last : last + 1;
    merged[at] = fits ? (merged[last] ?? 1) * size : size;
    for (let k = 0; k < strides.length; k++) {
      const own = out[k];
      if (own !== undefined) {
        own[at] = strides[k]?.[axis] ?? 0;
      }
    }
  }
  return { shape: merged, strides: out };
}
