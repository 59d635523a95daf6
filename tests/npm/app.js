// An application as a beginner would write it: multiply two matrices and say what they were multiplied on.
import * as pz from "@penjing/penjing";

function multiply() {
  const a = pz.kernels.upload(new Float32Array([1, 2, 3, 4]), { shape: [2, 2], dtype: "float32" });
  const b = pz.kernels.upload(new Float32Array([5, 6, 7, 8]), { shape: [2, 2], dtype: "float32" });
  const out = pz.kernels.allocate([2, 2], "float32");
  pz.kernels.matmul(out, a, b);
  return Array.from(pz.kernels.download(out));
}

class Pair extends pz.Struct {
  static fields = { left: pz.field(), right: pz.field() };
  static {
    pz.registerStruct(this, { name: "Pair" });
  }
}

// The method finds the selectors through a slot, which a bundler must not shake empty.
function select() {
  return String(new Pair({ left: 1, right: [2, 3] }).select().atInstancesOf(Number).apply((x) => 10 * x));
}

let report;
try {
  const { build, threads } = pz.backend.info();
  report = { product: multiply(), pair: select(), build, threads };
} catch (error) {
  report = { error: String(error) };
}
await fetch("report", { method: "POST", body: JSON.stringify(report) });
