/**
 * Solves constraints for variables.
 *
 * ```text
 * until no constraint is left:
 *   for each constraint:
 *     put in the runs that are solved
 *     if two or more are not: keep the constraint for later
 *     else match, which binds variables or fails
 *   if anything failed: throw all failures
 *   if nothing was solved: throw, since the pattern is ambiguous
 * gather the parts of variables
 * ```
 *
 * @module
 */

import { StructureMismatchError } from "../errors/mod.ts";
import { StructuralMap } from "../tree/mod.ts";
import { compareCodePoints } from "../tree/node.ts";
import { type Constraint, type Solution, type Solutions, tryConstraint } from "./_constraints.ts";
import { showNamed, showPositional, showSolution } from "./_messages.ts";
import { DimVar, MultiDimVar, showVar, type VarName } from "./dims.ts";
import { type Binding, MatchResult } from "./match_result.ts";

const KNOWN_VARS = "the known variable assignments";

function fail(prefix: string, lines: readonly string[], code: string): never {
  throw new StructureMismatchError(prefix + lines.join("\n"), { op: "checkStructure", code });
}

/** The names of the variables of these constraints that have no solution, sorted. */
function unsolvedNames(constraints: readonly Constraint[], solutions: Solutions): string[] {
  const names = constraints.flatMap(({ pattern }) =>
    [...pattern.keys(), ...pattern.values()]
      .filter((of): of is DimVar | MultiDimVar => of instanceof DimVar || of instanceof MultiDimVar)
      .filter(({ name }) => !solutions.has(name))
      .map(({ name }) => showVar(name))
  );
  return [...new Set(names)].sort(compareCodePoints);
}

function ambiguity(constraints: readonly Constraint[], solutions: Solutions): string[] {
  const shown = constraints.map((constraint) => {
    const [value, pattern] = constraint.kind === "positional"
      ? [showPositional(constraint.value), showPositional(constraint.pattern)]
      : [showNamed(constraint.value), showNamed(constraint.pattern)];
    return `  ${value} == ${pattern} from ${constraint.path}`;
  });
  return [
    "Cannot solve for all variables: their assignment is ambiguous, as happens where several unpack patterns " +
    "(...var) stand in one positional or named shape.",
    `Unsolvable variables: ${unsolvedNames(constraints, solutions).join(", ")}`,
    "Unsolvable constraints:",
    ...shown,
  ];
}

/** Whether a solved variable has this part. */
function hasPart(whole: Binding, key: string | number, size: Binding): boolean {
  if (Array.isArray(whole)) return (whole as readonly number[])[key as number] === size;
  return whole instanceof Map && whole.get(key) === size;
}

/** The variables by their own names, the parts of each gathered in one. */
function gather(solutions: Solutions, prefix: string): MatchResult {
  const bindings = new Map<string, Binding>();
  const conflicts: string[] = [];
  const isPart = (name: VarName): name is readonly [string, string | number] => typeof name !== "string";
  for (const [name, { value, source }] of solutions) {
    if (!isPart(name)) {
      bindings.set(name, value);
      continue;
    }
    const [base, key] = name;
    const whole: Solution | undefined = solutions.get(base);
    if (whole === undefined) {
      const parts = bindings.get(base) ?? new Map();
      bindings.set(base, (parts as Map<string | number, number>).set(key, value as number));
    } else if (!hasPart(whole.value, key, value)) {
      conflicts.push(
        `  ${showVar(base)}: Solved as ${showSolution(whole.value)} from ${whole.source} ` +
          `but separately solved ${showVar(name)} as ${showSolution(value)} from ${source}`,
      );
    }
  }
  if (conflicts.length > 0) {
    fail(prefix, ["Unexpected conflicts between variable assignments:", ...conflicts], "structure-conflict");
  }
  return new MatchResult(bindings);
}

/**
 * Solves constraints.
 *
 * @param constraints The constraints, in the order in which they are tried.
 * @param failures What failed already: blocks of the message.
 * @param known The variables that are known.
 * @param prefix What the text of an error begins with.
 * @returns All variables.
 * @throws {StructureMismatchError} If anything failed, is ambiguous, or contradicts itself.
 */
export function solve(
  constraints: readonly Constraint[],
  failures: readonly string[],
  known: MatchResult,
  prefix: string,
): MatchResult {
  const solutions: Solutions = new StructuralMap<VarName, Solution>();
  for (const [name, value] of known) solutions.set(name, { value, source: KNOWN_VARS });
  const failed = [...failures];
  let remaining = constraints;
  do {
    const postponed: Constraint[] = [];
    for (const constraint of remaining) {
      const outcome = tryConstraint(constraint, solutions);
      if (typeof outcome !== "string") postponed.push(outcome);
      else if (outcome !== "") failed.push(outcome);
    }
    if (failed.length > 0) {
      const more = "There may be more mismatches: some constraints could not be solved yet.";
      fail(
        prefix,
        ["Structure check failed:", ...failed, ...(postponed.length > 0 ? [more] : [])],
        "structure-mismatch",
      );
    }
    if (postponed.length > 0 && postponed.length === remaining.length) {
      fail(prefix, ambiguity(postponed, solutions), "structure-ambiguous");
    }
    remaining = postponed;
  } while (remaining.length > 0);
  return gather(solutions, prefix);
}
