import { test } from "node:test";
import assert from "node:assert/strict";
import { grad } from "../../array/derivatives.ts";
import { jit } from "../../array/jit.ts";
import * as np from "../../array/np.ts";
import { makeProgram } from "../../array/programs.ts";
import { vmap } from "../../array/vmap.ts";
import { checkProgram, hashProgram } from "../../core/check_program.ts";
import { batchProgram, jvpProgram, linearizeProgram, transposeProgram } from "../../core/derived.ts";
import type { NDArray } from "../../core/ndarray.ts";
import { inspectPrograms, type Program, Variable, writeClosed } from "../../core/program.ts";
import type { AnyFunction } from "../../core/trace.ts";
import { add } from "../../ops/add.ts";
import { jitPrimitive } from "../../ops/jit.ts";
import { sin } from "../../ops/sin.ts";
import { start } from "../_support.ts";

await start();

const x = np.array([1, 2.5]);
const aval = { shape: [2], dtype: "float32", weakType: false } as const;
const f = (x: NDArray): NDArray => np.sin(x).mul(2).sum();

/** A program, some of which is replaced by what does not fit. */
function spoiled(change: (program: Program) => Partial<Program>): Program {
  const program = makeProgram((x: NDArray) => np.exp(np.sin(x)))(x);
  return { ...program, ...change(program) };
}

test("checkProgram() finds programs right that are written and derived", () => {
  const [program] = writeClosed("test", (x) => [sin(x!), x!], [aval]);
  const { known, linear } = linearizeProgram(program, [true]);
  const derived = [
    program,
    known,
    linear,
    jvpProgram(program, [true]).program,
    batchProgram(program, 3, [0], undefined).program,
    transposeProgram(linear, [true, false], [true, true], add).program,
    jit(f).lower(x),
    makeProgram(jit(grad(jit(f))))(x),
    makeProgram(grad((x: NDArray) => vmap(jit(f))(x).sum()))(np.ones([2, 2])),
  ];
  for (const program of derived) assert.equal(checkProgram(program), program);
});

test("checkProgram() names the operation that is wrong", () => {
  assert.throws(() => checkProgram(spoiled(({ equations }) => ({ equations: equations.slice(1) }))), {
    name: "PenjingError",
    message: "Cannot check a program: a value is used that nothing before gives\n  actual: float32[2]\n" +
      '  at:     operand 0 of equation 0, "exp"\n  try:    report this, with the function that the program was made of',
  });
  assert.throws(() => checkProgram(spoiled(({ equations }) => ({ equations: equations.slice(0, 1) }))), {
    path: "output 0",
  });
  assert.throws(() => checkProgram(spoiled(({ equations: [one] }) => ({ equations: [one!, one!] }))), {
    message: /^Cannot check a program: a value is given twice\n/,
    path: "c:float32[2] = sin a",
  });
  assert.throws(() => checkProgram(spoiled(({ inputs: [input] }) => ({ inputs: [input!, input!] }))), {
    path: "input 1",
  });
  const other = new Variable({ ...aval, dtype: "float16" });
  assert.throws(
    () => checkProgram(spoiled(({ equations: [one] }) => ({ equations: [{ ...one!, outputs: [other] }] }))),
    {
      message: 'Cannot check a program: results of "sin" are of other types than its rule says\n' +
        "  actual:   float16[2]\n  expected: float32[2]\n  at:       b:float16[2] = sin a\n" +
        "  try:      report this, with the function that the program was made of",
    },
  );
});

test("checkProgram() checks programs that operations hold, and that they fit", () => {
  const inner = spoiled(({ equations }) => ({ equations: equations.slice(1) }));
  const outer = (program: Program, of = aval): Program => {
    const input = new Variable(of);
    const outputs = program.outputs.map((output) => new Variable(output instanceof Variable ? output.aval : output));
    const params = { name: "f", program };
    return { inputs: [input], equations: [{ primitive: jitPrimitive, inputs: [input], params, outputs }], outputs };
  };
  assert.throws(() => checkProgram(outer(inner)), { path: 'operand 0 of equation 0, "exp"' });
  const good = spoiled(() => ({}));
  checkProgram(outer(good));
  assert.throws(() => checkProgram(outer(good, { ...aval, shape: [3] as unknown as readonly [2] })), {
    message:
      /^Cannot check a program: a program that "jit" holds is not for its operands\n {2}actual: {3}one for float32\[2\]/,
  });
});

test("inspectPrograms() has each program looked at that is written", () => {
  const seen: Program[] = [];
  inspectPrograms((program) => seen.push(program));
  try {
    const program = makeProgram(f)(x);
    assert.deepEqual(seen.map(({ equations }) => equations), [program.equations]);
  } finally {
    inspectPrograms(checkProgram);
  }
});

test("hashProgram() is that of all that a program does", () => {
  const hash = (f: AnyFunction, ...args: unknown[]): string => hashProgram(makeProgram(f)(...args));
  assert.match(hash(f, x), /^[0-9a-f]{28}$/);
  assert.equal(hash(f, x), hash((y: NDArray) => np.sin(y).mul(2).sum(), np.ones(2)));
  const large = np.ones(100);
  const same = [() => np.array([1, 2]), () => large, () => np.array(0.5)];
  for (const constant of same) {
    assert.equal(hash(() => jit(() => constant())()), hash(() => jit(() => constant())()));
  }
  const others = [
    hash(f, x),
    hash(f, np.ones(3)),
    hash(f, x.astype("float16")),
    hash(f, np.array([[1, 2.5]])),
    hash((x: NDArray) => np.cos(x).mul(2).sum(), x),
    hash((x: NDArray) => np.sin(x).mul(3).sum(), x),
    hash((x: NDArray) => np.sin(x).mul(2).sum({ keepdims: true }), x),
    hash((x: NDArray) => np.sin(x).mul(x).sum(), x),
    hash((x: NDArray) => np.sin(x).mul(large.get(":2")).sum(), x),
    hash((x: NDArray, y: NDArray) => x.sub(y), x, x),
    hash((x: NDArray, y: NDArray) => y.sub(x), x, x),
    hash(jit(f), x),
    hash(jit((x: NDArray) => np.sin(x).mul(3).sum()), x),
    ...[np.ones(100), large, np.array(0), np.zeros([]), np.zeros([]).neg(), np.array([1, 2]), np.array([1, 2.5])].map((
      c,
    ) => hash(() => c)),
  ];
  assert.equal(new Set(others).size, others.length);
});
