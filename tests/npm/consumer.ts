// A consumer with strict types: what it writes down must follow from the package's own declarations.
import * as pz from "@penjing/penjing";
import * as manual from "@penjing/penjing/manual";

const x: pz.kernels.Operand = pz.kernels.upload(new Float32Array(6), { shape: [2, 3], dtype: "float32" });
const y: pz.kernels.Operand = pz.kernels.allocate([2, 3], "float32");
pz.kernels.softmax(y, x);
const values: pz.kernels.ElementArray = pz.kernels.download(y);
const first: number | undefined = values[0];
const info: { readonly build: string; readonly threads: number } = pz.backend.info();
const start: Promise<void> = manual.init();

try {
  // @ts-expect-error: a shape is a list of numbers
  pz.kernels.allocate("2, 3", "float32");
} catch (error) {
  if (error instanceof pz.PenjingError) {
    const remedy: string | undefined = error.remedy;
    console.log(remedy);
  }
}

console.log(first, info.build, info.threads, start);
