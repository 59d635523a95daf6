/**
 * onnxruntime-web, WebAssembly execution provider.
 *
 * It runs models, so each spec is a model of one or a few nodes. Operands are constants inside the model: they stay
 * resident, and a constant right operand of MatMul is packed ahead of time, as a network's weights are. (A fed input
 * would be copied into its memory by every call.) Graph optimization is off, or the whole model would be folded into
 * its answer. Outputs are copied out by every call; there is no way to leave them. A matrix times a
 * vector is also tried as a vector times the transposed matrix, which it can pack, and the faster is timed.
 *
 * @module
 */
import { causalBias, CHAINS, transposedMatvec } from "../data.ts";
import { fastest } from "./fastest.ts";
import { ONNX_FLOAT, ONNX_FLOAT16, ONNX_INT32, ONNX_INT64, ONNX_INT8, ONNX_UINT8, onnxModel } from "./onnx_model.ts";
import type { OnnxConstant, OnnxGraph, OnnxNode } from "./onnx_model.ts";
import type { Engine, Job, Spec, Values } from "../contract.ts";

const VERSION = "1.30.0";
/** In a variable, so that type checking and tests never fetch the package. */
const PACKAGE = `npm:onnxruntime-web@${VERSION}`;

interface Session {
  run(feeds: Record<string, never>): Promise<{ readonly y: { readonly data: Values | BigInt64Array } }>;
  release(): Promise<void>;
}

/** What is used of the library. */
interface Ort {
  readonly env: { logLevel: string; readonly wasm: { numThreads: number } };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

const CHAIN_OPS = { mul: "Mul", add: "Add", sub: "Sub", max: "Max", min: "Min" } as const;

function constant(name: string, data: Values, shape: readonly number[]): OnnxConstant {
  const type = data instanceof Float32Array
    ? ONNX_FLOAT
    : data instanceof Uint16Array
    ? ONNX_FLOAT16
    : data instanceof Uint8Array
    ? ONNX_UINT8
    : data instanceof Int8Array
    ? ONNX_INT8
    : ONNX_INT32;
  return { name, type, shape, data };
}

/** Sizes, axes and the like, which operators take as operands. */
function integers(name: string, ...values: readonly number[]): OnnxConstant {
  return { name, type: ONNX_INT64, shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** A model of one node whose operands are called `x` and `w`. */
function single(
  node: Omit<OnnxNode, "outputs">,
  constants: readonly OnnxConstant[],
  shape: readonly number[],
  type: number = ONNX_FLOAT,
): OnnxGraph {
  return { nodes: [{ ...node, outputs: ["y"] }], constants, outputs: [{ name: "y", type, shape }] };
}

/** The models of a spec; none when ONNX has no operator for it. */
function lower(spec: Spec, inputs: readonly Values[]): OnnxGraph[] {
  const [x, w] = inputs as [Values, Values];
  switch (spec.op) {
    case "matmul": {
      const operands = [constant("x", x, [spec.m, spec.k]), constant("w", w, [spec.k, spec.n])];
      return [single({ op: "MatMul", inputs: ["x", "w"] }, operands, [spec.m, spec.n])];
    }
    case "integer matmul": {
      const operands = [constant("x", x, [spec.m, spec.k]), constant("w", w, [spec.k, spec.n])];
      const op = spec.dtype === "int8" ? "MatMulInteger" : "MatMul";
      return [single({ op, inputs: ["x", "w"] }, operands, [spec.m, spec.n], ONNX_INT32)];
    }
    case "matvec": {
      const { rows, columns } = spec;
      const [turned] = transposedMatvec(rows, columns, inputs);
      const plain = [constant("x", x, [rows, columns]), constant("w", w, [columns, 1])];
      const packed = [constant("x", w, [1, columns]), constant("w", turned, [columns, rows])];
      return [
        single({ op: "MatMul", inputs: ["x", "w"] }, plain, [rows, 1]),
        single({ op: "MatMul", inputs: ["x", "w"] }, packed, [1, rows]),
      ];
    }
    case "exp":
      return [single({ op: "Exp", inputs: ["x"] }, [constant("x", x, [spec.size])], [spec.size])];
    case "gelu": {
      const node = { op: "FastGelu", domain: "com.microsoft", inputs: ["x"] };
      return [single(node, [constant("x", x, [spec.size])], [spec.size])];
    }
    case "add": {
      const operands = [constant("x", x, [spec.size]), constant("w", w, [spec.size])];
      return [single({ op: "Add", inputs: ["x", "w"] }, operands, [spec.size])];
    }
    case "chain":
    case "hardGelu": {
      const chain = CHAINS[spec.op];
      const constants = [constant("x", x, [spec.size])];
      const nodes: OnnxNode[] = [];
      for (const [i, [op, operand]] of chain.entries()) {
        const name = operand === "x" ? "x" : `c${i}`;
        if (operand !== "x") constants.push(constant(name, new Float32Array([operand]), []));
        const inputs = [i === 0 ? "x" : `t${i - 1}`, name];
        nodes.push({ op: CHAIN_OPS[op], inputs, outputs: [i === chain.length - 1 ? "y" : `t${i}`] });
      }
      return [{ nodes, constants, outputs: [{ name: "y", type: ONNX_FLOAT, shape: [spec.size] }] }];
    }
    case "softmax": {
      const shape = [spec.rows, spec.columns];
      const attributes = { axis: 1 };
      return [single({ op: "Softmax", inputs: ["x"], attributes }, [constant("x", x, shape)], shape)];
    }
    case "logSoftmax": {
      const shape = [spec.rows, spec.columns];
      return [single({ op: "LogSoftmax", inputs: ["x"], attributes: { axis: 1 } }, [constant("x", x, shape)], shape)];
    }
    case "rmsNorm":
    case "layerNorm": {
      const shape = [spec.rows, spec.columns];
      const operands = [constant("x", x, shape), constant("w", w, [spec.columns])];
      if (spec.op === "rmsNorm") {
        const attributes = { axis: 1, epsilon: new Float32Array([1e-6]) };
        return [single({ op: "SimplifiedLayerNormalization", inputs: ["x", "w"], attributes }, operands, shape)];
      }
      operands.push(constant("b", inputs[2]!, [spec.columns]));
      const attributes = { axis: 1, epsilon: new Float32Array([1e-6]) };
      return [single({ op: "LayerNormalization", inputs: ["x", "w", "b"], attributes }, operands, shape)];
    }
    case "sum":
    case "max":
    case "argmax": {
      const data = constant("x", x, [spec.rows, spec.columns]);
      const shape = [spec.axis === 0 ? spec.columns : spec.rows];
      if (spec.op === "argmax") {
        const attributes = { axis: spec.axis, keepdims: 0 };
        return [single({ op: "ArgMax", inputs: ["x"], attributes }, [data], shape, ONNX_INT64)];
      }
      if (spec.op === "max") {
        const attributes = { axes: [spec.axis], keepdims: 0 };
        return [single({ op: "ReduceMax", inputs: ["x"], attributes }, [data], shape)];
      }
      const axes: OnnxConstant = {
        name: "axes",
        type: ONNX_INT64,
        shape: [1],
        data: BigInt64Array.of(BigInt(spec.axis)),
      };
      return [single({ op: "ReduceSum", inputs: ["x", "axes"], attributes: { keepdims: 0 } }, [data, axes], shape)];
    }
    case "transpose": {
      const data = constant("x", x, [spec.rows, spec.columns]);
      return [
        single({ op: "Transpose", inputs: ["x"], attributes: { perm: [1, 0] } }, [data], [spec.columns, spec.rows]),
      ];
    }
    case "gather": {
      const operands = [constant("x", x, [spec.rows, spec.columns]), constant("w", w, [spec.count])];
      return [single({ op: "Gather", inputs: ["x", "w"] }, operands, [spec.count, spec.columns])];
    }
    case "scatter add": {
      if (!spec.fresh) return []; // it has no update in place
      const { rows, columns, count } = spec;
      const operands = [
        constant("z", new Float32Array(rows * columns), [rows, columns]),
        { name: "i", type: ONNX_INT64, shape: [count, 1], data: BigInt64Array.from(w, BigInt) },
        constant("x", x, [count, columns]),
      ];
      const attributes = { reduction: "add" };
      return [single({ op: "ScatterND", inputs: ["z", "i", "x"], attributes }, operands, [rows, columns])];
    }
    case "cumsum": {
      const shape = [spec.rows, spec.columns];
      const axis: OnnxConstant = { name: "axis", type: ONNX_INT32, shape: [], data: Int32Array.of(spec.axis) };
      return [single({ op: "CumSum", inputs: ["x", "axis"] }, [constant("x", x, shape), axis], shape)];
    }
    case "sort": // ONNX sorts by asking for all of the smallest
    case "argsort":
    case "topk": {
      const size = spec.op === "topk" ? spec.count : spec.size;
      const k: OnnxConstant = { name: "k", type: ONNX_INT64, shape: [1], data: BigInt64Array.of(BigInt(size)) };
      const outputs = spec.op === "argsort" ? ["values", "y"] : ["y", "places"];
      const attributes = { axis: 0, largest: spec.op === "topk" ? 1 : 0, sorted: 1 };
      return [{
        nodes: [{ op: "TopK", inputs: ["x", "k"], outputs, attributes }],
        constants: [constant("x", x, [spec.size]), k],
        outputs: [{ name: "y", type: spec.op === "argsort" ? ONNX_INT64 : ONNX_FLOAT, shape: [size] }],
      }];
    }
    case "attention": {
      const { heads, queries, keys, dim, causal } = spec;
      const shape = [heads, keys, dim];
      const constants = [
        constant("q", x, [heads, queries, dim]),
        constant("k", w, shape),
        constant("v", inputs[2]!, shape),
        constant("scale", Float32Array.of(1 / Math.sqrt(dim)), []),
        ...(causal ? [constant("bias", causalBias(queries, keys), [queries, keys])] : []),
      ];
      return [{
        nodes: [
          { op: "Transpose", inputs: ["k"], outputs: ["turned"], attributes: { perm: [0, 2, 1] } },
          { op: "MatMul", inputs: ["q", "turned"], outputs: ["products"] },
          { op: "Mul", inputs: ["products", "scale"], outputs: ["logits"] },
          ...(causal ? [{ op: "Add", inputs: ["logits", "bias"], outputs: ["hidden"] }] : []),
          { op: "Softmax", inputs: [causal ? "hidden" : "logits"], outputs: ["weights"], attributes: { axis: 2 } },
          { op: "MatMul", inputs: ["weights", "v"], outputs: ["y"] },
        ],
        constants,
        outputs: [{ name: "y", type: ONNX_FLOAT, shape: [heads, queries, dim] }],
      }];
    }
    case "concatenate": {
      const part = [spec.rows, spec.columns / spec.parts];
      const operands = inputs.map((data, i) => constant(`x${i}`, data, part));
      const names = operands.map(({ name }) => name);
      return [single({ op: "Concat", inputs: names, attributes: { axis: 1 } }, operands, [spec.rows, spec.columns])];
    }
    case "pad": {
      const { rows, columns, border } = spec;
      const operands = [constant("x", x, [rows, columns]), integers("pads", border, border, border, border)];
      return [single({ op: "Pad", inputs: ["x", "pads"] }, operands, [rows + 2 * border, columns + 2 * border])];
    }
    case "reverse": {
      const shape = [spec.rows, spec.columns];
      // From the last to beyond the first, which is as far below as 64 bits reach.
      const ranges = [integers("starts", -1), integers("ends", -(2 ** 62)), integers("axes", 1), integers("steps", -1)];
      const names = ["x", ...ranges.map(({ name }) => name)];
      return [single({ op: "Slice", inputs: names }, [constant("x", x, shape), ...ranges], shape)];
    }
    case "oneHot": {
      const values = constant("values", Float32Array.of(0, 1), [2]);
      const operands = [constant("x", x, [spec.count]), constant("depth", Int32Array.of(spec.classes), [1]), values];
      return [single({ op: "OneHot", inputs: ["x", "depth", "values"] }, operands, [spec.count, spec.classes])];
    }
    case "widen":
      return [
        single({ op: "Cast", inputs: ["x"], attributes: { to: ONNX_FLOAT } }, [constant("x", x, [spec.size])], [
          spec.size,
        ]),
      ];
    case "select": {
      const shape = [spec.size];
      const nodes: OnnxNode[] = [
        { op: "Greater", inputs: ["a", "b"], outputs: ["t"] },
        { op: "Where", inputs: ["t", "a", "c"], outputs: ["y"] },
      ];
      const constants = ["a", "b", "c"].map((name, i) => constant(name, inputs[i]!, shape));
      return [{ nodes, constants, outputs: [{ name: "y", type: ONNX_FLOAT, shape }] }];
    }
    case "countTrue": {
      const nodes: OnnxNode[] = [
        { op: "Cast", inputs: ["x"], outputs: ["t"], attributes: { to: ONNX_INT32 } },
        { op: "ReduceSum", inputs: ["t", "axes"], outputs: ["y"], attributes: { keepdims: 0 } },
      ];
      const constants = [constant("x", x, [spec.rows, spec.columns]), integers("axes", 1)];
      return [{ nodes, constants, outputs: [{ name: "y", type: ONNX_INT32, shape: [spec.rows] }] }];
    }
    case "any": {
      const attributes = { axes: [1], keepdims: 0 };
      const data = constant("x", x, [spec.rows, spec.columns]);
      return [single({ op: "ReduceMax", inputs: ["x"], attributes }, [data], [spec.rows], ONNX_UINT8)];
    }
    case "dynamicUpdate": // ONNX has none; ScatterND takes an index for each row
    case "gather f16": // its constants may not be as large
    case "threefry": // ONNX has no counter-based generator
    case "task":
    case "contained product":
    case "one program":
    case "barrier":
    case "wake":
    case "madd":
    case "sweep":
    case "copy":
    case "bare loop":
      return [];
  }
}

/** A model, loaded. */
async function job(ort: Ort, graph: OnnxGraph): Promise<Job> {
  const session = await ort.InferenceSession.create(onnxModel(graph), {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "disabled",
  });
  return {
    run: () => session.run({}),
    result: async () => {
      const { data } = (await session.run({})).y;
      return data instanceof BigInt64Array ? Int32Array.from(data, Number) : data;
    },
    dispose: () => void session.release(),
  };
}

/** Starts the library with `threads` threads. */
export async function start(threads: number): Promise<Engine> {
  const ort = await import(PACKAGE) as Ort;
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = threads;
  return {
    about: `onnxruntime-web ${VERSION}, wasm, ${threads} thread${threads === 1 ? "" : "s"}`,
    prepare: async (spec, inputs) => fastest(await Promise.all(lower(spec, inputs).map((graph) => job(ort, graph)))),
  };
}
