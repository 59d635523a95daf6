/**
 * Programs made of programs: what transformations do to operations that hold them.
 *
 * A program that an operation holds is closed: its only arrays are those that have their elements. So what is derived from
 * it depends on it alone, and is made once.
 *
 * @module
 */

import type { Aval } from "./aval.ts";
import { pushForward } from "./jvp.ts";
import { linearizeAt, pullBack } from "./linearize.ts";
import { leaked } from "./leaks.ts";
import { NDArray } from "./ndarray.ts";
import { type Tangent, Zero } from "./primitive.ts";
import {
  dropUnused,
  isPassing,
  madeOf,
  outputAvals,
  type Program,
  ProgramTrace,
  runProgram,
  takeOut,
  writeClosed,
} from "./program.ts";
import { deeper, withStaging } from "./trace.ts";
import { mapBatch } from "./vmap.ts";

const derivatives = new WeakMap<Program, Map<string, unknown>>();

/**
 * What is derived from a program: made the first time, and kept as long as the program.
 *
 * @param program The program.
 * @param key What is derived, and how.
 * @param make Makes it.
 * @returns It.
 */
export function derive<T>(program: Program, key: string, make: () => T): T {
  let known = derivatives.get(program);
  if (known === undefined) derivatives.set(program, known = new Map());
  // What was made while the program was to be run once is not kept with it.
  const own = isPassing(program) ? `passing ${key}` : key;
  if (!known.has(own)) known.set(own, make());
  return known.get(own) as T;
}

let lastIdentity = 0;

/** The number of a program, by which keys tell it from others. */
export function identityOf(program: Program): number {
  return derive(program, "identity", () => ++lastIdentity);
}

/**
 * A function of a closed program, written down: there is nothing of other transformations for it to hold.
 *
 * @param source The program.
 * @param name The transformation, as users call it.
 * @param fn The function.
 * @param avals The shapes and types of its arguments.
 * @returns The function as a program.
 */
export function written(
  source: Program,
  name: string,
  fn: (...args: NDArray[]) => readonly NDArray[],
  avals: readonly Aval[],
): Program {
  const [program, held] = writeClosed(name, fn, avals, !isPassing(source));
  if (held.length > 0) throw leaked(name, held[0]!.tracedBy!, held);
  return program;
}

function avalsOf({ inputs }: Program, picks: readonly boolean[] = []): Aval[] {
  return inputs.filter((_, k) => picks[k] ?? true).map(({ aval }) => aval);
}

/** Marks as a part of a key. */
function keyOf(marks: readonly unknown[]): string {
  return marks.map((mark) => mark === true ? 1 : mark === false ? 0 : mark ?? "_").join(",");
}

/** Which tangents are not zero. */
export function changing(tangents: readonly (Tangent | undefined)[]): boolean[] {
  return tangents.map((dx) => dx instanceof NDArray);
}

/** Those that are not zero. */
export function nonzero(tangents: readonly (Tangent | undefined)[]): NDArray[] {
  return tangents.filter((dx) => dx instanceof NDArray);
}

/** Puts zeros to the places of those that do not change. */
export function withZeros(
  tangents: readonly NDArray[],
  isChanging: readonly boolean[],
  avals: readonly Aval[],
): Tangent[] {
  let next = 0;
  return isChanging.map((changes, k) => changes ? tangents[next++]! : new Zero(avals[k]!));
}

/** A program, and which of its results there are. */
export interface Partial {
  /** The program. */
  readonly program: Program;
  /** Of all results those that it gives. */
  readonly gives: readonly boolean[];
}

/**
 * Forward mode: `[...inputs, ...tangents]` to `[...outputs, ...tangents]`.
 *
 * @param program A closed program.
 * @param isChanging The inputs that have tangents.
 * @param always The outputs that have tangents though they do not change, as carries of loops must.
 * @param zero Writes a zero out.
 * @returns The program, and the outputs that have tangents.
 */
export function jvpProgram(
  program: Program,
  isChanging: readonly boolean[],
  always?: readonly boolean[],
  zero?: (tangent: Tangent) => NDArray,
): Partial {
  return derive(program, `jvp ${keyOf(isChanging)};${keyOf(always ?? [])}`, () => {
    let gives: boolean[] = [];
    const { inputs } = program;
    const push = (...args: NDArray[]): readonly NDArray[] => {
      const primals = args.slice(0, inputs.length);
      const tangents = withZeros(args.slice(inputs.length), isChanging, primals);
      const [outputs, changes] = pushForward("jvp", (...own) => runProgram(program, own), primals, tangents);
      const wanted = changes.map((dy, k) => always?.[k] ? zero!(dy) : dy);
      gives = changing(wanted);
      return [...outputs, ...nonzero(wanted)];
    };
    return { program: written(program, "jvp", push, [...avalsOf(program), ...avalsOf(program, isChanging)]), gives };
  });
}

/** A program in two: what is known without tangents, and what is linear in them. */
export interface Linearized {
  /** `inputs` to `[...outputs, ...residuals]`. */
  readonly known: Program;
  /** `[...residuals, ...tangents]` to tangents, linear in tangents. */
  readonly linear: Program;
  /** Of all outputs those that have tangents. */
  readonly gives: readonly boolean[];
  /** How many residuals there are. */
  readonly residuals: number;
}

/**
 * Splits a program for reverse mode.
 *
 * @param program A closed program.
 * @param isChanging The inputs that have tangents.
 * @param always The outputs that have tangents though they do not change, as carries of loops must.
 * @param zero Writes a zero out.
 * @returns Both parts.
 */
export function linearizeProgram(
  program: Program,
  isChanging: readonly boolean[],
  always?: readonly boolean[],
  zero?: (tangent: Tangent) => NDArray,
): Linearized {
  return derive(program, `linearize ${keyOf(isChanging)};${keyOf(always ?? [])}`, () =>
    deeper((level) => {
      const trace = new ProgramTrace("linearize", level);
      const inputs = program.inputs.map(({ aval }) => trace.input(aval));
      try {
        return withStaging(trace, () => {
          const run = (...own: NDArray[]): readonly NDArray[] => {
            let next = 0;
            return runProgram(program, inputs.map((x, k) => isChanging[k] ? own[next++]! : x));
          };
          const points = inputs.filter((_, k) => isChanging[k]);
          const [outputs, { program: rest, tangents }] = linearizeAt("linearize", run, points);
          const wanted = tangents.map((dy, k) =>
            typeof dy === "number" ? rest.outputs[dy]! : always?.[k] ? zero!(dy) : dy
          );
          const gives = wanted.map((dy) => !(dy instanceof Zero));
          const changes = wanted.filter((dy) => !(dy instanceof Zero));
          const [linear, residuals] = takeOut(dropUnused({ ...rest, outputs: changes }), (x) => x.tracedBy === trace);
          const known = madeOf(program, dropUnused(trace.finish(inputs, [...outputs, ...residuals])));
          return { known, linear: madeOf(program, linear), gives, residuals: residuals.length };
        });
      } finally {
        trace.isOver = true;
      }
    }));
}

/**
 * Reverse mode: `[...known, ...cotangents of outputs]` to cotangents of the other inputs.
 *
 * @param program A closed program, linear in the inputs that are not known.
 * @param isKnown The inputs that need not be linear.
 * @param given The outputs whose cotangents there are; the others' are zero.
 * @param add Adds two arrays.
 * @param always The inputs, of those that are not known, whose cotangents are written out though they are zero.
 * @param zero Writes a zero out.
 * @returns The program, and which of the inputs that are not known it gives the cotangents of.
 */
export function transposeProgram(
  program: Program,
  isKnown: readonly boolean[],
  given: readonly boolean[],
  add: (x: NDArray, y: NDArray) => NDArray,
  always?: readonly boolean[],
  zero?: (tangent: Tangent) => NDArray,
): Partial {
  return derive(program, `transpose ${keyOf(isKnown)};${keyOf(given)};${keyOf(always ?? [])}`, () => {
    let gives: boolean[] = [];
    const outputs = outputAvals(program);
    const count = isKnown.filter(Boolean).length;
    const pull = (...args: NDArray[]): readonly NDArray[] => {
      let next = 0;
      const known = isKnown.map((is) => is ? args[next++] : undefined);
      const cts = withZeros(args.slice(count), given, outputs);
      const pulled = pullBack(program, cts, add, known).filter((_, k) => !isKnown[k]);
      const wanted = pulled.map((ct, k) => always?.[k] ? zero!(ct) : ct);
      gives = changing(wanted);
      return nonzero(wanted);
    };
    const avals = [...avalsOf(program, isKnown), ...outputs.filter((_, k) => given[k])];
    return { program: written(program, "transpose", pull, avals), gives };
  });
}

/** A program for a batch, and the axis of each output along which the examples lie. */
export interface Batched {
  /** The program. */
  readonly program: Program;
  /** The axes. */
  readonly bdims: readonly (number | undefined)[];
}

/**
 * Batches: the program of one example for all of them.
 *
 * @param program A closed program.
 * @param size How many examples there are.
 * @param bdims The axis of each input that the examples lie along.
 * @param axisName What collectives call that axis.
 * @param first The outputs whose examples are to lie along axis 0, whether they differ or not.
 * @param toFirst Puts them there.
 * @returns The program.
 */
export function batchProgram(
  program: Program,
  size: number,
  bdims: readonly (number | undefined)[],
  axisName: string | undefined,
  first?: readonly boolean[],
  toFirst?: (x: NDArray, bdim: number | undefined, size: number) => NDArray,
): Batched {
  return derive(program, `batch ${size} ${axisName};${keyOf(bdims)};${keyOf(first ?? [])}`, () => {
    let axes: readonly (number | undefined)[] = [];
    const map = (...args: NDArray[]): readonly NDArray[] => {
      const [outputs, own] = mapBatch(size, (...xs) => runProgram(program, xs), args, bdims, axisName);
      axes = own.map((bdim, k) => first?.[k] ? 0 : bdim);
      return outputs.map((y, k) => first?.[k] ? toFirst!(y, own[k], size) : y);
    };
    const avals = program.inputs.map(({ aval }, k) => {
      if (bdims[k] === undefined) return aval;
      return { ...aval, shape: [...aval.shape.slice(0, bdims[k]), size, ...aval.shape.slice(bdims[k])] };
    });
    return { program: written(program, "vmap", map, avals), bdims: axes };
  });
}
