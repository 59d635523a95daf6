// An application as a beginner would write it: multiply two matrices and say what they were multiplied on.
import * as pz from "@penjing/penjing";

// Methods find their functions through a table, which a bundler must not shake empty.
function multiply() {
  const a = pz.np.array([[1, 2], [3, 4]]);
  const b = pz.np.array([[5, 6], [7, 8]]);
  return a.matmul(b).ravel().tolist();
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
