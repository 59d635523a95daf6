/**
 * Maps that nobody can change.
 *
 * @module
 */

function refuse(): never {
  throw new TypeError("Cannot change a map: it is part of a value that never changes; make a new Map of its entries");
}

/** A map of these entries whose methods that change it throw. */
export function frozenMap<K, V>(entries: Iterable<readonly [K, V]>): ReadonlyMap<K, V> {
  const map = new Map<K, V>(entries);
  for (const method of ["set", "delete", "clear"]) Object.defineProperty(map, method, { value: refuse });
  return Object.freeze(map);
}
