//! The kernels, one file per family.
//!
//! To add one: write `kernels/<family>.rs` in the order of the house style (what it computes; constants; safe
//! entry; generic body over a [`Lane`](crate::lane::Lane); `mod reference`; `mod tests`), add its line here, give it
//! an opcode in `plan/opcode.rs` and an arm in `plan/dispatch.rs`, write its instruction in `wasm/plan.ts`, and
//! document the instruction in `core-rs/README.md`.
//!
//! The contract that every entry follows:
//!
//! - It is safe: it takes checked [`View`](crate::view::View)s and a [`ViewMut`](crate::view::ViewMut), checks dtypes,
//!   ranks and shapes, refuses overlaps it cannot bear, and returns a [`Fault`](crate::fault::Fault) for bad input
//!   before it writes anything.
//! - It cuts its work on a grid that depends on shapes alone and runs it by [`Pool::run`](crate::pool::Pool::run);
//!   the number of threads may say only how many outputs, each computed by itself, a task has.
//! - `plan/dispatch.rs` shows the signature of each entry: `Pool`, output, inputs, parameters, scratch.
//! - It allocates nothing. What it needs beyond the stack comes as `scratch: &mut [u8]`, 64-byte aligned, of at least
//!   `<name>_scratch(…, threads)` bytes.
//! - Zero-size operands, NaN and infinities behave as in JAX.

pub mod attention;
pub mod copy;
pub mod elementwise;
pub mod gather;
pub mod iota;
pub mod matmul;
pub mod matvec;
pub mod normalize;
pub mod one_hot;
pub mod probe;
pub mod reduce;
mod rowwise;
pub mod scan;
pub mod scatter;
pub mod softmax;
pub mod sort;
pub mod threefry;
pub mod top_k;
