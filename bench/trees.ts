/**
 * Question: how long does it take to look into a model, and to change it?
 *
 * The model has 1000 structs and 2000 leaves, five structs deep. "First" is a model that nobody has looked at yet, made
 * anew for each run; "again" the same one. Medians, since a first look cannot be repeated.
 *
 * @module
 */
import * as pz from "../manual.ts";
import type { ContestOptions } from "./contest.ts";
import type { Measured, Row } from "./contract.ts";

/** How often each thing is done; odd, for the median. */
const RUNS = 101;

interface LayerFields {
  readonly name: string;
  readonly weights: unknown;
  readonly bias: unknown;
  readonly sublayers: readonly unknown[];
}

class Layer extends pz.Struct<LayerFields, "sublayers"> implements LayerFields {
  static override readonly fields: pz.FieldTable<LayerFields> = {
    name: pz.staticField(),
    weights: pz.field(),
    bias: pz.field(),
    sublayers: pz.field({ default: [] }),
  };
  declare readonly name: string;
  declare readonly weights: unknown;
  declare readonly bias: unknown;
  declare readonly sublayers: readonly unknown[];
  static {
    pz.registerStruct(this, { name: "Layer", module: "bench" });
  }
}

/** A leaf. */
class Parameter {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A tree of `count` layers, each with two parameters and up to five layers below it. */
function model(count: number): Layer {
  const below = count - 1;
  const parts = Math.min(5, below);
  const sublayers = Array.from({ length: parts }, (_, i) => {
    return model(Math.floor(below * (i + 1) / parts) - Math.floor(below * i / parts));
  });
  return new Layer({ name: "layer", weights: new Parameter(1), bias: new Parameter(2), sublayers });
}

function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function rebuild(tree: Layer): void {
  const [leaves, treedef] = pz.tree.flatten(tree);
  pz.tree.unflatten(treedef, leaves);
}

/** Changes every leaf, so that nothing can be remembered. */
function rebuildOthers(tree: Layer): void {
  const [leaves, treedef] = pz.tree.flatten(tree);
  pz.tree.unflatten(treedef, [...leaves]);
}

/** What is timed on a model that nobody has looked at: the time, in milliseconds. */
const RUNNERS: Readonly<Record<string, (tree: Layer) => number>> = {
  "trees flatten and unflatten first": (tree) => milliseconds(() => rebuildOthers(tree)),
  "trees flatten and unflatten again": (tree) => (rebuild(tree), milliseconds(() => rebuild(tree))),
  "trees map": (tree) => milliseconds(() => pz.tree.map((x: Parameter) => x, tree)),
  "trees select and apply": (tree) =>
    milliseconds(() => pz.select(tree).atInstancesOf(Parameter).apply((x) => new Parameter(-x.value))),
};

/** The cases. */
export const CASES: readonly Measured[] = [
  { name: "trees flatten and unflatten first", unit: "ms", goal: { figure: 1 } },
  { name: "trees flatten and unflatten again", unit: "ms", goal: { figure: 0.05 } },
  { name: "trees map", unit: "ms" },
  { name: "trees select and apply", unit: "ms", goal: { figure: 5 } },
];

/** How the figures come about. */
export const METHOD: string =
  `Medians of ${RUNS} models of 1000 structs and 2000 leaves each, after as many to warm up.`;

/** Runs the suite. */
export async function* run(options: ContestOptions): AsyncGenerator<Row> {
  for (const { name, unit } of CASES.filter(({ name }) => options.only.test(name))) {
    const times = Array.from({ length: 2 * RUNS }, () => RUNNERS[name]!(model(1000))).slice(RUNS);
    const ours = times.sort((a, b) => a - b)[RUNS >> 1]!;
    yield { suite: "trees", case: name, threads: 1, unit, ours, peers: {}, limits: {}, ratio: null, ofLimit: null };
  }
}
