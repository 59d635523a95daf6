//! Kernels and plan interpreter of penjing.
//!
//! The crate knows bytes, shapes and numbers, and nothing of JavaScript: `abi.rs` is the only file with exported
//! symbols. See `README.md` beside `Cargo.toml` for the plan format, the names of kernels and the orders of
//! summation that results are bound to.
#![cfg_attr(all(target_arch = "wasm32", target_feature = "atomics"), feature(stdarch_wasm_atomic_wait))]

#[cfg(target_arch = "wasm32")]
pub mod abi;
pub mod dtype;
pub mod fault;
pub mod kernels;
pub mod lane;
pub mod memory;
pub mod plan;
pub mod pool;
pub mod view;
