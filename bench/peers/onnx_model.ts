/**
 * ONNX models of a few nodes, written as protocol-buffer bytes by hand.
 *
 * onnxruntime-web only runs models, so to time one kernel it must be given the smallest model that does its work; this
 * writes it, without a model file and without a protobuf library. A model has no inputs here: operands are constants.
 *
 * Only what `onnx.proto3` needs for that is here (field numbers in parentheses): ModelProto {ir_version (1), graph
 * (7), opset_import (8)}, GraphProto {node (1), name (2), initializer (5), output (12)}, NodeProto {input (1), output
 * (2), op_type (4), attribute (5), domain (7)}, AttributeProto {name (1), f (2), i (3), s (4), ints (8), type (20)},
 * TensorProto {dims (1),
 * data_type (2), name (8), raw_data (9)} and ValueInfoProto {name (1), type (2)}.
 *
 * Source: the ONNX specification, `onnx/onnx.proto3`.
 *
 * @module
 */

import type { Values } from "../contract.ts";

/** TensorProto.DataType.FLOAT. */
export const ONNX_FLOAT = 1;
/** TensorProto.DataType.INT8. */
export const ONNX_INT8 = 3;
/** TensorProto.DataType.INT32. */
export const ONNX_INT32 = 6;
/** TensorProto.DataType.INT64. */
export const ONNX_INT64 = 7;
/** TensorProto.DataType.UINT8. */
export const ONNX_UINT8 = 2;
/** TensorProto.DataType.FLOAT16. */
export const ONNX_FLOAT16 = 10;

/** The operator set the models ask for; in a later one `axes` of ReduceMax moves from attribute to input. */
const OPSET = 17;
/** The file-format version that goes with it. */
const IR_VERSION = 8;

/** The model's output. */
export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
}

/** One operation; attributes are integers, lists of integers, strings, or a float (a `Float32Array` of one). */
export interface OnnxNode {
  readonly op: string;
  /** Of operators that are not of the standard. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[] | string | Float32Array>>;
}

/** An operand. */
export interface OnnxConstant extends OnnxValue {
  readonly data: Values | BigInt64Array;
}

/** A whole model. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly outputs: readonly OnnxValue[];
}

/** Pieces of a message, joined at the end: an operand may have 64 MB. */
type Pieces = readonly Uint8Array[];

/** A base-128 integer; the numbers here are not negative and below 2^53. */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  while (value >= 128) {
    out.push((value % 128) | 128);
    value = Math.floor(value / 128);
  }
  out.push(value);
  return Uint8Array.from(out);
}

/** A field with a number (wire type 0). */
function int(field: number, value: number): Pieces {
  return [varint(field * 8), varint(value)];
}

/** A field with bytes: a nested message, a string or raw data (wire type 2). */
function bytes(field: number, content: Pieces): Pieces {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [varint(field * 8 + 2), varint(length), ...content];
}

function text(field: number, value: string): Pieces {
  return bytes(field, [new TextEncoder().encode(value)]);
}

function output(value: OnnxValue): Pieces {
  const dims = value.shape.flatMap((size) => bytes(1, int(1, size)));
  const tensorType = [...int(1, value.type), ...bytes(2, dims)];
  return bytes(12, [...text(1, value.name), ...bytes(2, bytes(1, tensorType))]);
}

function attribute(name: string, value: number | readonly number[] | string | Float32Array): Pieces {
  if (value instanceof Float32Array) {
    // AttributeProto.AttributeType.FLOAT; field 2 with four bytes (wire type 5).
    const float = [varint(2 * 8 + 5), new Uint8Array(value.buffer, value.byteOffset, 4)];
    return bytes(5, [...text(1, name), ...float, ...int(20, 1)]);
  }
  if (typeof value === "string") {
    return bytes(5, [...text(1, name), ...text(4, value), ...int(20, 3)]); // AttributeProto.AttributeType.STRING
  }
  const [kind, content] = typeof value === "number"
    ? [2, int(3, value)] // AttributeProto.AttributeType.INT
    : [7, value.flatMap((item) => int(8, item))]; // AttributeProto.AttributeType.INTS
  return bytes(5, [...text(1, name), ...content, ...int(20, kind)]);
}

function node(value: OnnxNode): Pieces {
  return bytes(1, [
    ...value.inputs.flatMap((name) => text(1, name)),
    ...value.outputs.flatMap((name) => text(2, name)),
    ...text(4, value.op),
    ...(value.domain === undefined ? [] : text(7, value.domain)),
    ...Object.entries(value.attributes ?? {}).flatMap(([name, item]) => attribute(name, item)),
  ]);
}

function constant({ name, type, shape, data }: OnnxConstant): Pieces {
  return bytes(5, [
    ...shape.flatMap((size) => int(1, size)),
    ...int(2, type),
    ...text(8, name),
    ...bytes(9, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]),
  ]);
}

/** The bytes of a model, as `InferenceSession.create` takes them. */
export function onnxModel(graph: OnnxGraph): Uint8Array {
  const body = [
    ...graph.nodes.flatMap(node),
    ...text(2, "case"),
    ...graph.constants.flatMap(constant),
    ...graph.outputs.flatMap(output),
  ];
  const domains = new Set(graph.nodes.flatMap(({ domain }) => domain ?? []));
  const sets = [...domains].flatMap((domain) => bytes(8, [...text(1, domain), ...int(2, 1)]));
  const pieces = [...int(1, IR_VERSION), ...bytes(7, body), ...bytes(8, int(2, OPSET)), ...sets];
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
