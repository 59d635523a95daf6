/**
 * Turns rows into what is read: JSON lines, or an aligned table with a closing line that says what falls short.
 *
 * @module
 */
import type { Goal, Measured, Row } from "./contract.ts";

/** A column: its head and its cell. */
type Column = readonly [head: string, cell: (row: Row) => string];

function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return "-";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function percent(value: number | null): string {
  return value === null ? "-" : `${(100 * value).toFixed(0)} %`;
}

/** What a row misses of its goal, in words; empty when it is met. */
export function shortfall(row: Row, goal: Goal | undefined): string {
  if (!goal) return "";
  const always = goal.always?.[row.threads];
  if (always !== undefined && (row.ofLimit ?? 0) < always) {
    return `${percent(row.ofLimit)} of the limit, ${percent(always)} is the goal`;
  }
  const misses: string[] = [];
  if (goal.ratio !== undefined && row.ratio !== null) {
    if (row.ratio >= goal.ratio) return "";
    misses.push(`${number(row.ratio)} times the best peer, ${number(goal.ratio)} is the goal`);
  }
  if (goal.ofLimit !== undefined && row.ofLimit !== null) {
    if (row.ofLimit >= goal.ofLimit) return "";
    misses.push(`${percent(row.ofLimit)} of the limit, ${percent(goal.ofLimit)} is the goal`);
  }
  if (goal.figure !== undefined) {
    const isCost = ["us", "ms", "MB"].includes(row.unit);
    const bound = isCost ? goal.figure : goal.figure * row.threads;
    if (isCost ? row.ours <= bound : row.ours >= bound) return "";
    misses.push(`${number(row.ours)} ${row.unit}, ${number(bound)} is the goal`);
  }
  return misses.join("; ");
}

/** Lines of the table: a head, then the rows, groups (the first word of a case) apart. */
export function table(rows: readonly Row[]): string {
  const names = (of: "peers" | "limits") => [...new Set(rows.flatMap((row) => Object.keys(row[of])))];
  const columns: Column[] = [
    ["case", (row) => row.case],
    ["threads", (row) => `${row.threads}`],
    ["unit", (row) => row.unit],
    ["ours", (row) => number(row.ours)],
    ...names("peers").map((name): Column => [name, (row) => number(row.peers[name])]),
    ["ratio", (row) => number(row.ratio)],
    ...names("limits").map((name): Column => [name, (row) => number(row.limits[name])]),
    ["of limit", (row) => percent(row.ofLimit)],
  ];
  const cells = [columns.map(([head]) => head), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const group = (i: number) => rows[i - 1]?.case.split(" ")[0];
  return cells.map((line, i) => {
    const text = line.map((cell, c) => c === 0 || c === 2 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!));
    return (i > 0 && group(i) !== group(i - 1) ? "\n" : "") + text.join("  ").trimEnd();
  }).join("\n");
}

/** The closing lines: which cases fall short of their goals. */
export function verdict(rows: readonly Row[], cases: readonly Measured[]): string {
  const goals = new Map(cases.map((test) => [test.name, test.goal]));
  const missed = rows.flatMap((row) => {
    const text = shortfall(row, goals.get(row.case));
    return text === "" ? [] : [`  ${row.case}, ${row.threads} threads: ${text}`];
  });
  const judged = rows.filter((row) => goals.get(row.case)).length;
  return missed.length === 0
    ? `All ${judged} cases with a goal meet it.`
    : `${missed.length} of ${judged} cases with a goal miss it:\n${missed.join("\n")}`;
}
