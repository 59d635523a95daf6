/**
 * The table of the methods of arrays: filled by `array/`, which composes them of operations on arrays.
 *
 * @module
 */

import { PenjingError } from "../errors/mod.ts";
import type { NDArray } from "./ndarray.ts";

/** Members of an array that are functions of other arrays. */
type MethodName = {
  // deno-lint-ignore no-explicit-any -- any function counts
  [K in keyof NDArray]: K extends string ? NDArray[K] extends (...args: any[]) => unknown ? K : never : never;
}[keyof NDArray];

/** The methods, each with the array first. */
export type Methods = {
  [K in MethodName]: (x: NDArray, ...args: Parameters<NDArray[K]>) => ReturnType<NDArray[K]>;
};

const table: Partial<Methods> = {};

/** Fills places of the table. */
export function fillMethods(methods: Partial<Methods>): void {
  Object.assign(table, methods);
}

/**
 * The function behind a method.
 *
 * @param name The method.
 * @returns The function.
 * @throws {PenjingError} If the part that has it is not loaded.
 */
export function method<K extends MethodName>(name: K): Methods[K] {
  const found = table[name];
  if (found !== undefined) return found;
  throw new PenjingError(`Cannot call "${name}" of an array: the part that knows how is not loaded`, {
    op: name,
    remedy: 'import "@penjing/penjing" somewhere before',
    code: "array-method",
  });
}
