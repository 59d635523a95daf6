/**
 * What a check found the variables to be.
 *
 * @module
 */

import { KeyError } from "../errors/mod.ts";
import { frozenMap } from "./_frozen_map.ts";
import { showSolution } from "./_messages.ts";
import { quoted } from "./dims.ts";

/** What a variable is: a size, a run of sizes, or sizes by name. */
export type Binding = number | readonly number[] | ReadonlyMap<string | number, number>;

/** As {@linkcode Binding}, with sizes by name as a plain object. */
export type BindingRecord = number | readonly number[] | { readonly [key: string]: number };

/** Variables that are known: what an earlier check found, or bindings by name. */
export type KnownVars =
  | MatchResult
  | ReadonlyMap<string, Binding | BindingRecord>
  | { readonly [name: string]: Binding | BindingRecord };

function fixedBinding(binding: Binding | BindingRecord): Binding {
  if (typeof binding === "number") return binding;
  if (Array.isArray(binding)) return Object.freeze([...binding as readonly number[]]);
  return frozenMap(binding instanceof Map ? binding : Object.entries(binding));
}

/**
 * The variables of a pattern, each with what it was found to be. It never changes.
 *
 * @example Usage
 * ```ts
 * import assert from "node:assert/strict";
 * import { chk } from "@penjing/penjing/manual";
 *
 * const pattern = new chk.ArraySpec({ shape: [chk.dimVar("rows"), ...chk.dimVar("rest")] });
 * const found = chk.checkStructure(new chk.ShapeDtypeStruct({ shape: [2, 3, 4], dtype: "bool" }), pattern);
 * assert.equal(found.get("rows"), 2);
 * assert.deepEqual(found.toRecord(), { rows: 2, rest: [3, 4] });
 * ```
 */
export class MatchResult implements Iterable<[name: string, binding: Binding]> {
  readonly #bindings: ReadonlyMap<string, Binding>;

  /**
   * Makes a result; checks do.
   *
   * @param bindings The variables, each with what it is.
   */
  constructor(bindings: KnownVars = {}) {
    const entries: Iterable<readonly [string, Binding | BindingRecord]> =
      bindings instanceof MatchResult || bindings instanceof Map
        ? bindings
        : Object.entries(bindings as { readonly [name: string]: Binding | BindingRecord });
    this.#bindings = frozenMap([...entries].map(([name, binding]) => [name, fixedBinding(binding)]));
    Object.freeze(this);
  }

  /** The number of variables. */
  get size(): number {
    return this.#bindings.size;
  }

  /** Whether there is a variable of this name. */
  has(name: string): boolean {
    return this.#bindings.has(name);
  }

  /**
   * What a variable was found to be.
   *
   * @param name The variable's name.
   * @returns A size, a run of sizes, or sizes by name.
   * @throws {KeyError} If there is no such variable.
   */
  get(name: string): Binding {
    const binding = this.#bindings.get(name);
    if (binding !== undefined) return binding;
    throw new KeyError(`Cannot get a variable: there is none called ${quoted(name)}`, {
      op: "MatchResult.get",
      operand: quoted(name),
      actual: [...this.#bindings.keys()].map(quoted).join(", ") || "no variables",
      remedy: "pass the name of a variable of the pattern, or of one that was known",
      code: "check-no-variable",
    });
  }

  /**
   * What several variables were found to be.
   *
   * @param names The variables' names.
   * @returns One binding for each.
   * @throws {KeyError} If there is no such variable.
   */
  getMany<const N extends readonly string[]>(...names: N): { readonly [I in keyof N]: Binding } {
    return names.map((name) => this.get(name)) as { readonly [I in keyof N]: Binding };
  }

  /** The variables' names, in the order in which they were solved. */
  keys(): IterableIterator<string> {
    return this.#bindings.keys();
  }

  /** The variables' names, each with what it is. */
  [Symbol.iterator](): IterableIterator<[name: string, binding: Binding]> {
    return this.#bindings.entries();
  }

  /** All variables as a plain object, and so the sizes by name in it. */
  toRecord(): Record<string, BindingRecord> {
    return Object.fromEntries(
      [...this.#bindings].map(([name, binding]) => [
        name,
        binding instanceof Map ? Object.fromEntries(binding as Map<string, number>) : binding as BindingRecord,
      ]),
    );
  }

  /** `MatchResult({'x': 2, 'y': (3, 4)})` */
  toString(): string {
    const shown = [...this.#bindings].map(([name, binding]) => `${quoted(name)}: ${showSolution(binding)}`);
    return `MatchResult({${shown.join(", ")}})`;
  }
}
