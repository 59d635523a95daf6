import { test } from "node:test";
import assert from "node:assert/strict";
import { array } from "../../array/creation.ts";
import "../../array/methods.ts";
import { NDArray } from "../../core/ndarray.ts";
import { method } from "../../core/methods.ts";
import { key } from "../../random/key.ts";
import { equals } from "../../tree/equals.ts";
import { start } from "../_support.ts";

await start();

/** Members that are no functions of the table: the class's own. */
const OWN: ReadonlySet<string> = new Set(["constructor", "ndim", "size", "itemsize", "nbytes", "T", "mT"]);

test("every method of NDArray has its function", () => {
  const names = Object.getOwnPropertyNames(NDArray.prototype).filter((name) => !OWN.has(name));
  assert(names.length > 60);
  for (const name of names) assert.equal(typeof method(name as "add"), "function", name);
});

test("methods do what the functions of their names do", () => {
  const x = array([[1, 2], [3, 4]], { dtype: "float32" });
  const results: Readonly<Record<string, [NDArray | number | boolean, unknown]>> = {
    add: [x.add(1), [[2, 3], [4, 5]]],
    sub: [x.sub(x), [[0, 0], [0, 0]]],
    mul: [x.mul(2), [[2, 4], [6, 8]]],
    div: [x.div(2), [[0.5, 1], [1.5, 2]]],
    floorDiv: [x.floorDiv(2), [[0, 1], [1, 2]]],
    mod: [x.mod(2), [[1, 0], [1, 0]]],
    divmod: [x.divmod(2)[1], [[1, 0], [1, 0]]],
    pow: [x.pow(2), [[1, 4], [9, 16]]],
    matmul: [x.matmul(x), [[7, 10], [15, 22]]],
    dot: [x.dot(x), [[7, 10], [15, 22]]],
    leftShift: [array([1]).leftShift(3), [8]],
    rightShift: [array([-8]).rightShift(1), [-4]],
    and: [array([6]).and(3), [2]],
    or: [array([6]).or(3), [7]],
    xor: [array([6]).xor(3), [5]],
    lt: [x.lt(3), [[true, true], [false, false]]],
    le: [x.le(3), [[true, true], [true, false]]],
    eq: [x.eq(3), [[false, false], [true, false]]],
    ne: [x.ne(3), [[true, true], [false, true]]],
    ge: [x.ge(3), [[false, false], [true, true]]],
    gt: [x.gt(3), [[false, false], [false, true]]],
    neg: [x.neg(), [[-1, -2], [-3, -4]]],
    pos: [x.pos(), [[1, 2], [3, 4]]],
    abs: [x.neg().abs(), [[1, 2], [3, 4]]],
    invert: [array([0]).invert(), [-1]],
    conj: [x.conj(), [[1, 2], [3, 4]]],
    round: [array([1.26]).round(1), [Math.fround(1.3)]],
    clip: [x.clip(2, 3), [[2, 2], [3, 3]]],
    sum: [x.sum({ axis: 0 }), [4, 6]],
    prod: [x.prod(), 24],
    mean: [x.mean(), 2.5],
    std: [array([1, 3]).std(), 1],
    var: [array([1, 3]).var({ ddof: 1 }), 2],
    max: [x.max(), 4],
    min: [x.min({ axis: 1 }), [1, 3]],
    ptp: [x.ptp(), 3],
    all: [x.all(), true],
    any: [x.gt(9).any(), false],
    argmax: [x.argmax(), 3],
    argmin: [x.argmin({ axis: 1 }), [0, 0]],
    cumsum: [x.cumsum(), [1, 3, 6, 10]],
    cumprod: [x.cumprod({ axis: 0 }), [[1, 2], [3, 8]]],
    sort: [x.sort({ descending: true }), [[2, 1], [4, 3]]],
    argsort: [x.argsort(), [[0, 1], [0, 1]]],
    searchsorted: [array([1, 3]).searchsorted(2), 1],
    nonzero: [array([0, 5]).nonzero()[0]!, [1]],
    reshape: [x.reshape(4), [1, 2, 3, 4]],
    "reshape of a list": [x.reshape([1, -1]), [[1, 2, 3, 4]]],
    transpose: [x.transpose(1, 0), [[1, 3], [2, 4]]],
    T: [x.T, [[1, 3], [2, 4]]],
    mT: [x.mT, [[1, 3], [2, 4]]],
    swapaxes: [x.swapaxes(0, 1), [[1, 3], [2, 4]]],
    squeeze: [array([[1]]).squeeze(), 1],
    ravel: [x.ravel(), [1, 2, 3, 4]],
    flatten: [x.flatten(), [1, 2, 3, 4]],
    diagonal: [x.diagonal(), [1, 4]],
    trace: [x.trace(), 5],
    take: [x.take(array([1]), { axis: 1 }), [[2], [4]]],
    repeat: [array([1, 2]).repeat(2), [1, 1, 2, 2]],
    choose: [array([1, 0]).choose([array([1, 2]), array([3, 4])]), [3, 2]],
    compress: [x.compress(array([false, true]), { axis: 0 }), [[3, 4]]],
    astype: [x.astype("int8"), [[1, 2], [3, 4]]],
    view: [array([1], { dtype: "float32" }).view("int32"), [0x3f800000]],
    get: [x.get(1, "0:1"), [3]],
    at: [x.at(0, 0).set(7), [[7, 2], [3, 4]]],
    unstack: [x.unstack()[1]!, [3, 4]],
    item: [x.get(1, 1).item(), 4],
  };
  for (const [name, [actual, expected]] of Object.entries(results)) {
    assert.deepEqual(actual instanceof NDArray ? actual.tolist() : actual, expected, name);
  }
});

test("arrays are leaves of trees that are equal by dtype, shape and elements", () => {
  const x = array([1, 2]);
  assert(equals({ x }, { x: array([1, 2]) }));
  assert(!equals({ x }, { x: array([1, 3]) }));
  assert(!equals({ x }, { x: array([1, 2], { dtype: "int8" }) }));
  assert(equals(key(1), key(1)) && !equals(key(1), key(2)) && !equals(key(1), x));
});
