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

const sum: pz.NDArray = pz.np.sum(pz.np.ones([2, 3]), { axis: 0, keepdims: true });
const gradient: { readonly w: pz.NDArray } = pz.grad(({ w }: { readonly w: pz.NDArray }) => w.mul(w).sum())({ w: sum });
const [line, step]: [pz.NDArray, pz.NDArray] = pz.np.linspace(0, 1, { num: 3, retstep: true });
// @ts-expect-error: what has a default goes into the options
pz.np.sum(gradient.w, 0);

try {
  // @ts-expect-error: a shape is a list of numbers
  pz.kernels.allocate("2, 3", "float32");
} catch (error) {
  if (error instanceof pz.PenjingError) {
    const remedy: string | undefined = error.remedy;
    console.log(remedy);
  }
}

console.log(line.shape, step.dtype, first, info.build, info.threads, start);
