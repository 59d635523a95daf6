/**
 * Settings that hold for as long as some code runs.
 *
 * @module
 */

/** A value that was set for a while; ends it when it is disposed of. */
export interface Scoped {
  /** Sets what was set before. */
  [Symbol.dispose](): void;
}

/** How a contextual value is called where it is shown. */
export interface ContextualValueOptions {
  /** The module that has it. */
  readonly module?: string;
  /** Its name there. */
  readonly qualname?: string;
}

/**
 * A value that can be set for as long as some code runs, or for all code.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { ContextualValue } from "@penjing/penjing/manual";
 *
 * const depth = new ContextualValue(10);
 * assert.equal(depth.runScoped(3, () => depth.get()), 3);
 * assert.equal(depth.get(), 10);
 * ```
 *
 * @typeParam T The value.
 */
export class ContextualValue<T> {
  /** The module that has it; may be empty. */
  readonly module: string;
  /** Its name there; may be empty. */
  readonly qualname: string;
  #global: T;
  readonly #scoped: { readonly value: T }[] = [];

  /**
   * With a value for all code.
   *
   * @param initialValue The value.
   * @param options How it is called.
   */
  constructor(initialValue: T, options: ContextualValueOptions = {}) {
    this.#global = initialValue;
    this.module = options.module ?? "";
    this.qualname = options.qualname ?? "";
  }

  /** The value: what was set last for a while, else what holds for all code. */
  get(): T {
    const last = this.#scoped.at(-1);
    return last === undefined ? this.#global : last.value;
  }

  /**
   * Sets the value until the result is disposed of, by `using` or by hand.
   *
   * @param value The value.
   * @returns What ends it; to do so again changes nothing.
   */
  setScoped(value: T): Scoped {
    const entry = { value };
    this.#scoped.push(entry);
    return {
      [Symbol.dispose]: () => {
        const place = this.#scoped.lastIndexOf(entry);
        if (place >= 0) this.#scoped.splice(place, 1);
      },
    };
  }

  /**
   * Calls a function with the value set until it returns or throws.
   *
   * @param value The value.
   * @param fn The function.
   * @returns What it returns.
   */
  runScoped<R>(value: T, fn: () => R): R {
    const scoped = this.setScoped(value);
    try {
      return fn();
    } finally {
      scoped[Symbol.dispose]();
    }
  }

  /** Sets the value for all code; what is set for a while goes before. */
  setGlobally(value: T): void {
    this.#global = value;
  }

  /** Another name of {@linkcode ContextualValue.setGlobally}, for interactive sessions. */
  setInteractive(value: T): void {
    this.setGlobally(value);
  }
}
