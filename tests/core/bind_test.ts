import { test } from "node:test";
import assert from "node:assert/strict";
import { allocateArray, bind, bindOne, operandOf } from "../../core/bind.ts";
import { constant, fromElements } from "../../core/constant.ts";
import type { EagerArray } from "../../core/eager.ts";
import { NDArray } from "../../core/ndarray.ts";
import { definePrimitive, neverView, notDifferentiable, notLinear, type Primitive } from "../../core/primitive.ts";
import { type Trace, withStaging } from "../../core/trace.ts";
import type { ArrayDtype } from "../../core/dtype.ts";
import { unary } from "../../wasm/kernels/elementwise.ts";
import { download } from "../../wasm/operand.ts";
import { start } from "../_support.ts";

await start();

const negate: Primitive<object> = definePrimitive({
  name: "negate",
  outputs: ([x]) => [x!],
  view: neverView,
  lower: ([y], [x]) => unary("neg_f32", y!, x!),
  jvp: notDifferentiable("negate", "a test"),
  transpose: notLinear("negate"),
  vmap: (_size, inputs, bdims) => [inputs, bdims],
});

const tail: Primitive<object> = definePrimitive({
  ...negate,
  outputs: () => [{ shape: [1], dtype: "float32", weakType: false }],
  view: ({ offset, strides }) => ({ offset: offset + 1, shape: [1], strides }),
  lower: () => assert.fail("a view is not computed"),
});

/** A tracer and its trace, which keeps what it was asked. */
class Recorder extends NDArray implements Trace {
  override readonly shape = [2];
  override readonly dtype: ArrayDtype = "float32";
  override readonly weakType = false;
  override readonly tracedBy: Trace = this;
  readonly name: string;
  readonly level: number;
  readonly asked: string[] = [];

  constructor(name: string, level: number) {
    super();
    this.name = name;
    this.level = level;
  }

  process<P>(primitive: Primitive<P>, inputs: readonly NDArray[]): readonly NDArray[] {
    this.asked.push(`${primitive.name} of ${inputs.length}`);
    return [this];
  }
}

test("bind() computes at once where nothing is traced", () => {
  const y = bindOne(negate, [fromElements(new Float32Array([1, -2]), [2], "float32")], {}) as EagerArray;
  assert.deepEqual([...download(operandOf(y))], [-1, 2]);
});

test("bind() gives a view of the operand's memory where the rule has one", () => {
  const x = fromElements(new Float32Array([1, 5]), [2], "float32");
  const [y] = bind(tail, [x], {}) as readonly EagerArray[];
  assert.equal(y!.storage, x.storage);
  assert.deepEqual([...download(operandOf(y!))], [5]);
});

test("bind() asks no kernel for results without elements", () => {
  const x = fromElements(new Float32Array(0), [0, 3], "float32");
  assert.deepEqual(bindOne({ ...negate, lower: () => assert.fail() }, [x], {}).shape, [0, 3]);
});

test("bind() gives an operation to the innermost of the operands' traces", () => {
  const [outer, inner] = [new Recorder("jit", 1), new Recorder("grad", 2)];
  assert.equal(bindOne(negate, [outer, inner, constant(1)], {}), inner);
  assert.deepEqual([outer.asked, inner.asked], [[], ["negate of 3"]]);
});

test("bind() gives operations on arrays alone to a trace that writes a program", () => {
  const writer = new Recorder("jit", 1);
  withStaging(writer, () => bind(negate, [constant(1.5)], {}));
  assert.deepEqual(writer.asked, ["negate of 1"]);
});

test("bind() refuses freed arrays", () => {
  const x = fromElements(new Float32Array([1]), [1], "float32");
  x.storage.free(new Error("freed by a test"));
  assert.throws(() => bind(negate, [x], {}), { name: "FreedArrayError" });
});

test("operandOf() shows keys as pairs of words", () => {
  const keys = allocateArray({ shape: [3], dtype: "prngKey", weakType: false });
  const { dtype, shape, strides, byteLength } = operandOf(keys);
  assert.deepEqual({ dtype, shape, strides, byteLength }, {
    dtype: "uint32",
    shape: [3, 2],
    strides: [2, 1],
    byteLength: 24,
  });
});
