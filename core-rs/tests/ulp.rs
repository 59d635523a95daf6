//! Sweeps the elementary functions over all floats and bounds their errors against f64.
//!
//! `PENJING_ULP_STRIDE` sets the distance between the bit patterns tried: by default one that gives about 2^22
//! inputs per function, and 1 tries all 2^32. Odd strides reach every exponent with ever other mantissas.

use penjing_core::kernels::elementwise::{Op, elementwise};
use penjing_core::pool::Pool;
use penjing_core::view::{View, ViewMut};

/// Inputs of one call.
const CHUNK: usize = 1 << 16;

/// The distance between neighboring bit patterns of a sweep.
fn stride() -> u64 {
    std::env::var("PENJING_ULP_STRIDE").ok().and_then(|text| text.parse().ok()).unwrap_or(1021).max(1)
}

/// The error of `got` against the exact `want` in units of the last place of f32 at `want`.
fn ulps(got: f32, want: f64) -> f64 {
    if got.is_nan() || want.is_nan() {
        return if got.is_nan() && want.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if got as f64 == want {
        return 0.0;
    }
    // Rounding takes what lies beyond the largest float by half a unit to infinity; take infinity as 2^128.
    let limit = 2f64.powi(128);
    let (got, want) = ((got as f64).clamp(-limit, limit), want.clamp(-limit, limit));
    let exponent = (want.abs().to_bits() >> 52) as i32 - 1023;
    (got - want).abs() / 2f64.powi(exponent.clamp(-126, 127) - 23)
}

/// The largest error of `op` over the sweep, and where it is.
fn sweep(op: Op, exact: fn(f64) -> f64) -> (f64, f32) {
    let program = [Op::load.word(0, 0, 0), op.word(0, 0, 0), Op::store.word(0, 0, 0)];
    let (mut x, mut y) = (vec![0f32; CHUNK], vec![0f32; CHUNK]);
    let mut worst = (0.0, 0.0);
    let mut bits = 0u64;
    while bits < 1 << 32 {
        for to in x.iter_mut() {
            *to = f32::from_bits(bits.min(u32::MAX as u64) as u32);
            bits += stride();
        }
        let input = View::of(&x, &[CHUNK]).unwrap();
        let output = ViewMut::of(&mut y, &[CHUNK]).unwrap();
        elementwise(&Pool::serial(), &[output], &[input], &program).unwrap();
        for (&x, &y) in x.iter().zip(&y) {
            let error = ulps(y, exact(x as f64));
            if error > worst.0 {
                worst = (error, x);
            }
        }
    }
    println!("{op:?}: {:.3} ulp at {:e}", worst.0, worst.1);
    worst
}

/// Asserts the bound that the head of `math.rs` states.
fn bound(op: Op, exact: fn(f64) -> f64, limit: f64) {
    let (error, at) = sweep(op, exact);
    assert!(error <= limit, "{op:?} is off by {error} ulp at {at:e}");
}

#[test]
fn exp() {
    bound(Op::exp_f32, f64::exp, 2.0);
}

#[test]
fn log() {
    bound(Op::log_f32, f64::ln, 2.0);
}

#[test]
fn tanh() {
    bound(Op::tanh_f32, f64::tanh, 2.0);
}
