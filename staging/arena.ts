/**
 * Where the intermediate results of a program lie: in one block of memory, those over each other that do not live at the
 * same time.
 *
 * @module
 */

/** Blocks start at multiples of this, as arrays do. */
const ALIGNMENT = 64;

/** Memory that is used from one instruction to another. */
export interface Lifetime {
  /** Its size. */
  readonly byteLength: number;
  /** The place in the plan from which it is used. */
  readonly from: number;
  /** The place in the plan after which it is not. */
  readonly to: number;
}

/** A free or used stretch of the arena. */
interface Stretch {
  start: number;
  end: number;
}

/**
 * Finds places for blocks: in the order in which they come to live, each takes the smallest gap that it fits.
 *
 * @param lifetimes The blocks, by the place where they begin to be used.
 * @returns Where each starts, and how many bytes there have to be.
 */
export function placeBlocks(lifetimes: readonly Lifetime[]): readonly [starts: readonly number[], byteLength: number] {
  const gaps: Stretch[] = [];
  const used: (Stretch & { readonly to: number })[] = [];
  let top = 0;
  const give = (start: number, end: number): void => {
    let at = gaps.findIndex((gap) => gap.start > start);
    if (at < 0) at = gaps.length;
    gaps.splice(at, 0, { start, end });
    for (const k of [at, at - 1]) {
      if (k >= 0 && k + 1 < gaps.length && gaps[k]!.end === gaps[k + 1]!.start) {
        gaps[k]!.end = gaps[k + 1]!.end;
        gaps.splice(k + 1, 1);
      }
    }
    if (gaps.at(-1)?.end === top) top = gaps.pop()!.start;
  };
  let most = 0;
  const starts = lifetimes.map(({ byteLength, from, to }) => {
    for (let k = used.length - 1; k >= 0; k--) {
      if (used[k]!.to > from) continue;
      give(used[k]!.start, used[k]!.end);
      used.splice(k, 1);
    }
    const size = Math.ceil(Math.max(byteLength, 1) / ALIGNMENT) * ALIGNMENT;
    let gap: Stretch | undefined;
    for (const one of gaps) {
      const [room, best] = [one.end - one.start, gap ? gap.end - gap.start : Infinity];
      if (room >= size && room < best) gap = one;
    }
    const start = gap?.start ?? top;
    if (gap === undefined) top += size;
    else if (gap.start + size === gap.end) gaps.splice(gaps.indexOf(gap), 1);
    else gap.start += size;
    used.push({ start, end: start + size, to });
    most = Math.max(most, top);
    return start;
  });
  return [starts, most];
}
