/**
 * The smoke suite of browsers: what the page's headers must lead to, then the shared tests that need no files.
 *
 * `scripts/test_browser.ts` serves it and says in the query how: `isolated`, `not-isolated`, or `strict-policy` (isolated,
 * and no worker may be made from a Blob).
 *
 * @module
 */

import assert from "node:assert/strict";
import test from "node:test";
import * as pz from "@penjing/penjing/manual";
import { start, THREADS } from "../_support.ts";
import { runTests } from "./_testing.ts";

const page = location.search.slice(1);
const { backend, kernels } = pz;

/** Side of a product that is worth sharing between threads. */
const SIDE = 256;

/** Multiplies two matrices of small integers, whose product is exact in any order, and compares all of it. */
function checkProduct(): void {
  const value = (i: number): number => (i * 7 + 3) % 11 - 5;
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => value(i));
  const x = kernels.upload(data, { shape: [SIDE, SIDE], dtype: "float32" });
  const out = kernels.allocate([SIDE, SIDE], "float32");
  kernels.matmul(out, x, kernels.transpose(x));
  const actual = kernels.download(out);
  const expected = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += value(i * SIDE + k) * value(j * SIDE + k);
      expected[i * SIDE + j] = sum;
    }
  }
  assert.deepEqual(actual, expected);
  for (const operand of [x, out]) kernels.release(operand);
}

test("kernels before init() throw NotInitializedError", () => {
  assert.throws(() => kernels.allocate([1], "float32"), { name: "NotInitializedError" });
});

test("init() takes the build and the threads that the page allows", async () => {
  await (page === "strict-policy"
    ? pz.init({ threads: THREADS, workerUrl: new URL("worker.js", location.href) })
    : start());
  const { build, threads, why } = backend.info();
  if (page === "not-isolated") {
    assert.equal(crossOriginIsolated, false);
    assert.equal(build, "relaxed");
    assert.equal(threads, 1);
    assert.match(why, /not cross-origin isolated/);
  } else {
    assert.equal(crossOriginIsolated, true);
    assert.equal(build, "relaxed_threads");
    assert.equal(threads, THREADS);
  }
});

test("the strict policy refuses workers made from a Blob", { skip: page !== "strict-policy" }, async () => {
  const url = URL.createObjectURL(new Blob(["postMessage(1)"], { type: "text/javascript" }));
  const outcome = await new Promise<string>((resolve) => {
    const worker = new Worker(url);
    worker.onmessage = () => resolve("ran");
    worker.onerror = () => resolve("refused");
  });
  assert.equal(outcome, "refused");
});

test("matmul() is right before the workers are up", checkProduct);

test("startWorkers() brings every worker up", async () => {
  await backend.startWorkers();
  const { threads, workers, why } = backend.info();
  assert.equal(workers, page === "not-isolated" ? 0 : THREADS - 1, why);
  assert.equal(threads, workers + 1, why);
});

test("matmul() is right with all workers at it", () => {
  for (let turn = 0; turn < 20; turn++) checkProduct();
});

/** Tests that need neither files nor modules of Node; they start the engine themselves, with their own options. */
const SHARED: readonly (() => Promise<unknown>)[] = [
  () => import("../array/activations_test.ts"),
  () => import("../array/arithmetic_test.ts"),
  () => import("../array/associative_scan_test.ts"),
  () => import("../array/attention_test.ts"),
  () => import("../array/checkpoint_test.ts"),
  () => import("../array/collectives_test.ts"),
  () => import("../array/branches_test.ts"),
  () => import("../array/comparison_test.ts"),
  () => import("../array/complex_test.ts"),
  () => import("../array/creation_test.ts"),
  () => import("../array/cumulative_test.ts"),
  () => import("../array/debug_test.ts"),
  () => import("../array/custom_jvp_test.ts"),
  () => import("../array/custom_rules_test.ts"),
  () => import("../array/custom_vjp_test.ts"),
  () => import("../array/derivative_goldens_test.ts"),
  () => import("../array/derivatives_test.ts"),
  () => import("../array/diagonals_test.ts"),
  () => import("../array/display_test.ts"),
  () => import("../array/division_test.ts"),
  () => import("../array/dtypes_test.ts"),
  () => import("../array/einsum_test.ts"),
  () => import("../array/eval_shape_test.ts"),
  () => import("../array/exponential_test.ts"),
  () => import("../array/extremes_test.ts"),
  () => import("../array/finding_test.ts"),
  () => import("../array/floats_test.ts"),
  () => import("../array/goldens_test.ts"),
  () => import("../array/histograms_test.ts"),
  () => import("../array/index_update_test.ts"),
  () => import("../array/indexing_test.ts"),
  () => import("../array/interpolation_test.ts"),
  () => import("../array/jacobians_test.ts"),
  () => import("../array/jit_test.ts"),
  () => import("../array/joining_test.ts"),
  () => import("../array/lax_casts_test.ts"),
  () => import("../array/lax_dynamic_test.ts"),
  () => import("../array/lax_elementwise_test.ts"),
  () => import("../array/lax_indexing_test.ts"),
  () => import("../array/lax_logic_test.ts"),
  () => import("../array/lax_math_test.ts"),
  () => import("../array/lax_reductions_test.ts"),
  () => import("../array/lax_shapes_test.ts"),
  () => import("../array/linalg_test.ts"),
  () => import("../array/linear_transpose_test.ts"),
  () => import("../array/logic_test.ts"),
  () => import("../array/loop_errors_test.ts"),
  () => import("../array/loops_test.ts"),
  () => import("../array/losses_test.ts"),
  () => import("../array/methods_test.ts"),
  () => import("../array/nan_reductions_test.ts"),
  () => import("../array/optimization_barrier_test.ts"),
  () => import("../array/packing_test.ts"),
  () => import("../array/padding_test.ts"),
  () => import("../array/places_test.ts"),
  () => import("../array/power_test.ts"),
  () => import("../array/products_test.ts"),
  () => import("../array/programs_test.ts"),
  () => import("../array/promote_test.ts"),
  () => import("../array/quantiles_test.ts"),
  () => import("../array/ranges_test.ts"),
  () => import("../array/read_test.ts"),
  () => import("../array/rearranging_test.ts"),
  () => import("../array/reductions_test.ts"),
  () => import("../array/repeating_test.ts"),
  () => import("../array/reshaping_test.ts"),
  () => import("../array/rounding_test.ts"),
  () => import("../array/saved_residuals_test.ts"),
  () => import("../array/searching_test.ts"),
  () => import("../array/sets_test.ts"),
  () => import("../array/softmax_test.ts"),
  () => import("../array/sorting_test.ts"),
  () => import("../array/statistics_test.ts"),
  () => import("../array/taking_test.ts"),
  () => import("../array/threads_test.ts"),
  () => import("../array/trigonometric_test.ts"),
  () => import("../array/types_test.ts"),
  () => import("../array/unwrap_test.ts"),
  () => import("../array/vmap_test.ts"),
  () => import("../array/where_test.ts"),
  () => import("../check/array_spec_test.ts"),
  () => import("../check/as_array_structure_test.ts"),
  () => import("../check/check_structure_test.ts"),
  () => import("../check/dims_test.ts"),
  () => import("../check/match_result_test.ts"),
  () => import("../check/substitute_test.ts"),
  () => import("../check/types_test.ts"),
  () => import("../check/wildcard_test.ts"),
  () => import("../core/aval_test.ts"),
  () => import("../core/axes_test.ts"),
  () => import("../core/bind_test.ts"),
  () => import("../core/check_program_test.ts"),
  () => import("../core/constant_test.ts"),
  () => import("../core/dtype_test.ts"),
  () => import("../core/eager_test.ts"),
  () => import("../core/float0_test.ts"),
  () => import("../core/held_programs_test.ts"),
  () => import("../core/jvp_test.ts"),
  () => import("../core/linearize_test.ts"),
  () => import("../core/methods_test.ts"),
  () => import("../core/ndarray_test.ts"),
  () => import("../core/primitive_test.ts"),
  () => import("../core/program_test.ts"),
  () => import("../core/promotion_test.ts"),
  () => import("../core/shape_dtype_struct_test.ts"),
  () => import("../core/shape_test.ts"),
  () => import("../core/trace_test.ts"),
  () => import("../core/vmap_test.ts"),
  () => import("../errors/error_test.ts"),
  () => import("../formats/npy_test.ts"),
  () => import("../formats/npz_test.ts"),
  () => import("../ops/associative_scan_test.ts"),
  () => import("../ops/cases_test.ts"),
  () => import("../ops/collectives_test.ts"),
  () => import("../ops/custom_rules_test.ts"),
  () => import("../ops/debug_callback_test.ts"),
  () => import("../ops/loops_test.ts"),
  () => import("../ops/movement_test.ts"),
  () => import("../random/bits_test.ts"),
  () => import("../random/choosing_test.ts"),
  () => import("../random/distributions_test.ts"),
  () => import("../random/goldens_test.ts"),
  () => import("../random/integers_test.ts"),
  () => import("../random/key_test.ts"),
  () => import("../random/normal_test.ts"),
  () => import("../random/uniform_test.ts"),
  () => import("../select/classes_test.ts"),
  () => import("../select/holes_test.ts"),
  () => import("../select/partition_test.ts"),
  () => import("../select/selection_properties_test.ts"),
  () => import("../select/selection_test.ts"),
  () => import("../select/types_test.ts"),
  () => import("../tree/auto_order_test.ts"),
  () => import("../tree/equals_test.ts"),
  () => import("../tree/flatten_test.ts"),
  () => import("../tree/keys_test.ts"),
  () => import("../tree/map_test.ts"),
  () => import("../tree/node_test.ts"),
  () => import("../tree/one_level_test.ts"),
  () => import("../tree/print_test.ts"),
  () => import("../tree/slice_test.ts"),
  () => import("../tree/struct_fields_test.ts"),
  () => import("../tree/struct_info_test.ts"),
  () => import("../tree/structural_key_test.ts"),
  () => import("../tree/treedef_test.ts"),
  () => import("../tree/types_test.ts"),
  () => import("../wasm/elementwise_join_test.ts"),
  () => import("../wasm/elementwise_test.ts"),
  () => import("../wasm/kernels/attention_test.ts"),
  () => import("../wasm/kernels/concatenate_test.ts"),
  () => import("../wasm/kernels/copy_test.ts"),
  () => import("../wasm/kernels/cumulative_test.ts"),
  () => import("../wasm/kernels/dynamic_slice_test.ts"),
  () => import("../wasm/kernels/elementwise_test.ts"),
  () => import("../wasm/kernels/gate_test.ts"),
  () => import("../wasm/kernels/gather_nd_test.ts"),
  () => import("../wasm/kernels/gather_test.ts"),
  () => import("../wasm/kernels/iota_test.ts"),
  () => import("../wasm/kernels/math_test.ts"),
  () => import("../wasm/kernels/matmul_test.ts"),
  () => import("../wasm/kernels/mod_test.ts"),
  () => import("../wasm/kernels/normalize_test.ts"),
  () => import("../wasm/kernels/pad_test.ts"),
  () => import("../wasm/kernels/probe_test.ts"),
  () => import("../wasm/kernels/reduce_test.ts"),
  () => import("../wasm/kernels/rotary_test.ts"),
  () => import("../wasm/kernels/scatter_test.ts"),
  () => import("../wasm/kernels/softmax_test.ts"),
  () => import("../wasm/kernels/sort_test.ts"),
  () => import("../wasm/kernels/threefry_test.ts"),
  () => import("../wasm/kernels/top_k_test.ts"),
  () => import("../wasm/layout_test.ts"),
  () => import("../wasm/probe_test.ts"),
];

let report: Record<string, unknown>;
try {
  const own = await runTests();
  for (const load of page === "strict-policy" ? [] : SHARED) await load();
  const shared = await runTests();
  const { why, threads } = backend.info();
  report = {
    passed: own.passed + shared.passed,
    skipped: own.skipped + shared.skipped,
    failed: [...own.failed, ...shared.failed],
    why,
    threads,
  };
} catch (error) {
  report = { error: String(error) };
}
await fetch("report", { method: "POST", body: JSON.stringify(report) });
