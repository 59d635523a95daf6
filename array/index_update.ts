/**
 * Arrays with other elements at an index. No array changes: each function makes a new one.
 *
 * @module
 */

import { asArray } from "../core/constant.ts";
import type { ArrayLike, IndexedArray, IndexItem, NDArray } from "../core/ndarray.ts";
import type { GetOptions, IndexMode, UpdateOptions } from "../core/options.ts";
import type { TypeOf } from "../core/promotion.ts";
import { ValueError } from "../errors/mod.ts";
import { add } from "../ops/add.ts";
import { broadcastInDim, broadcastTo } from "../ops/broadcast_in_dim.ts";
import { max } from "../ops/max.ts";
import { min } from "../ops/min.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { select } from "../ops/select.ts";
import { filled } from "../ops/zeros.ts";
import type { ScatterKind } from "../wasm/plan.ts";
import { sameShape } from "../wasm/layout.ts";
import { divide } from "./arithmetic.ts";
import { power } from "./power.ts";
import { asType } from "./promote.ts";
import { basicView } from "./_index_basic.ts";
import { maskError } from "./_index_items.ts";
import { gatherAt, scatterAt } from "./_index_plan.ts";

/** What an update does to elements and values of one shape. */
const COMBINED: { readonly [kind in ScatterKind]: (x: NDArray, value: NDArray) => NDArray } = {
  set: (_x, value) => value,
  add,
  mul,
  min,
  max,
};

/** What a mode means for places outside: the nearest, or nothing. */
function modeOf(op: string, mode: IndexMode | undefined, otherwise: "clip" | "fill"): "clip" | "fill" {
  switch (mode) {
    case undefined:
    case "promise_in_bounds":
      return otherwise;
    case "clip":
      return "clip";
    case "fill":
    case "drop":
      return "fill";
    default:
      throw new ValueError(`Cannot ${op}: indices do not know the mode`, {
        op,
        operand: "mode",
        actual: JSON.stringify(mode),
        expected: '"clip", "fill", "drop" or "promise_in_bounds"',
        remedy: "take the remainder of the indices first, by pz.np.mod, to wrap around",
        code: "index-mode",
      });
  }
}

/** The places of an array at an index. */
export class IndexedPlaces implements IndexedArray {
  readonly #x: NDArray;
  readonly #items: readonly IndexItem[];

  /** Keeps an array and an index. */
  constructor(x: NDArray, items: readonly IndexItem[]) {
    this.#x = x;
    this.#items = items;
  }

  /** The elements there. */
  get(options: GetOptions = {}): NDArray {
    const mode = modeOf("at.get", options.mode, "clip");
    if (mode === "clip") {
      return basicView("at.get", this.#x, this.#items) ?? gatherAt("at.get", this.#x, this.#items, { mode });
    }
    const { fillValue } = options;
    return gatherAt("at.get", this.#x, this.#items, {
      mode,
      fillValue: fillValue === undefined ? null : Number(fillValue),
    });
  }

  /** The array with other elements there; of several at one place the last. */
  set(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.#update("at.set", "set", this.#x, value, options);
  }

  /** The array with something added there. */
  add(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.#update("at.add", "add", this.#x, value, options);
  }

  /** The array with something subtracted there. */
  subtract(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.#update("at.subtract", "add", this.#x, neg(this.#values("at.subtract", "add", value)), options);
  }

  /** The array multiplied there. */
  multiply(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.#update("at.multiply", "mul", this.#x, value, options);
  }

  /** The same as {@linkcode IndexedPlaces.multiply}. */
  mul(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.multiply(value, options);
  }

  /** The array divided there; an array of integers becomes one of floats. */
  divide(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return divide(this.#x, this.#update("at.divide", "mul", filled(1, this.#x), value, options));
  }

  /** The same as {@linkcode IndexedPlaces.divide}. */
  div(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.divide(value, options);
  }

  /** The array raised to a power there. */
  power(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return power(this.#x, this.#update("at.power", "mul", filled(1, this.#x), value, options));
  }

  /** The array with the smaller of its elements and others there. */
  min(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.#update("at.min", "min", this.#x, value, options);
  }

  /** The array with the larger of its elements and others there. */
  max(value: ArrayLike, options: UpdateOptions = {}): NDArray {
    return this.#update("at.max", "max", this.#x, value, options);
  }

  /** The array with a function of its elements there, applied once even where a place comes twice. */
  apply(fn: (x: NDArray) => NDArray, options: UpdateOptions = {}): NDArray {
    return this.#update("at.apply", "set", this.#x, fn(this.get()), options);
  }

  /** Values as the array's elements are. */
  #values(op: string, kind: ScatterKind, value: ArrayLike): NDArray {
    const { dtype, weakType } = this.#x;
    if (dtype === "bool" && (kind === "add" || kind === "mul")) {
      throw new TypeError(`Cannot ${op}: the array holds booleans, which are no numbers; cast it by astype("int32")`);
    }
    if (dtype !== "prngKey") return asType(op, value, { dtype, weakType } as TypeOf);
    const keys = asArray(op, value);
    if (keys.dtype === "prngKey" && kind === "set") return keys;
    throw new TypeError(`Cannot ${op}: the array holds random keys, which only set() can replace, and only by keys`);
  }

  #update(op: string, kind: ScatterKind, x: NDArray, value: ArrayLike, options: UpdateOptions): NDArray {
    const own = this.#values(op, kind, value);
    const mode = modeOf(op, options.mode, "fill");
    const [mask] = this.#items;
    if (this.#items.length === 1 && own.shape.length === 0 && x.dtype !== "prngKey" && isMask(mask)) {
      return masked(op, kind, x, mask, own);
    }
    return scatterAt(op, kind, x, this.#items, own, mode, options.uniqueIndices ?? false);
  }
}

function isMask(item: IndexItem | undefined): item is NDArray {
  return typeof item === "object" && item !== null && "dtype" in item && item.dtype === "bool" &&
    item.shape.length > 0;
}

/** One value wherever a mask is true: without reading the mask. */
function masked(op: string, kind: ScatterKind, x: NDArray, mask: NDArray, value: NDArray): NDArray {
  const { shape } = mask;
  if (!sameShape(x.shape.slice(0, shape.length), shape)) throw maskError(op, shape, 0, x.shape);
  const wide = broadcastInDim(mask, x.shape, shape.map((_, axis) => axis));
  return select(wide, COMBINED[kind](x, broadcastTo(value, x.shape)), x);
}
