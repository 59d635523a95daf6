//! ln |gamma| and its derivative, element by element in f64.
//!
//! All steps are good for some 2^-50, so that the results are within 2 ulp of f32 near the zeros at negative numbers
//! too, which the terms cancel to.

use crate::lane::{LANES, Lane};
use core::f64::consts::{FRAC_PI_2, LN_2, PI};

/// c0 + c1 x + c2 x^2 + …, the coefficients from the highest power down.
fn polynomial(x: f64, c: &[f64]) -> f64 {
    c.iter().fold(0.0, |p, c| p * x + c)
}

/// Applies a function to each lane.
#[inline(always)]
fn each_lane<L: Lane>(x: L::F, f: fn(f64) -> f64) -> L::F {
    let mut y = L::to_array(x);
    for y in &mut y {
        *y = f(f64::from(*y)) as f32;
    }
    debug_assert!(y.len() == LANES);
    L::from_array(y)
}

/// ln x for positive normal x, as `log.rs` has it.
#[inline(never)]
fn ln(x: f64) -> f64 {
    let offset = x.to_bits().wrapping_sub(0x3fe6_a09e << 32);
    let m = f64::from_bits((offset & 0x000f_ffff_ffff_ffff).wrapping_add(0x3fe6_a09e << 32));
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let r = polynomial(
        z,
        &[
            0.13089219145858638,
            0.13268516288443394,
            0.15386249681084868,
            0.1818179544827098,
            0.22222222393603783,
            0.28571428570794766,
            0.4000000000000089,
            0.6666666666666666,
        ],
    );
    ((offset as i64) >> 52) as f64 * LN_2 + s * (2.0 + z * r)
}

/// sin and cos of pi x.
#[inline(never)]
fn sin_cos_pi(x: f64) -> (f64, f64) {
    let n = (x + x).round_ties_even();
    // Exact, and |r| is at most pi / 4.
    let r = (x + x - n) * FRAC_PI_2;
    let z = r * r;
    let sin = [
        1.5896840616106017e-10,
        -2.505075899729817e-08,
        2.755731369848409e-06,
        -0.00019841269829830657,
        0.00833333333332245,
        -0.16666666666666632,
    ];
    let cos = [
        -1.1367496641494403e-11,
        2.0875886380224316e-09,
        -2.7557315656164975e-07,
        2.4801587294449182e-05,
        -0.001388888888888303,
        0.04166666666666666,
    ];
    let (sin, cos) = (r + r * z * polynomial(z, &sin), 1.0 - z * 0.5 + z * z * polynomial(z, &cos));
    // Modulo 4, by exact steps.
    match (n - 4.0 * (n * 0.25).floor()) as u32 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// ln gamma(2 + w) for |w| <= 1/2: w times a minimax fit, with a relative error of 2^-59.
fn near_two(w: f64) -> f64 {
    w * polynomial(
        w,
        &[
            -1.3614312678539397e-07,
            2.78799850681915e-07,
            -4.280891461678041e-07,
            9.199901378945387e-07,
            -2.0459826455728416e-06,
            4.384731770912998e-06,
            -9.438190147474136e-06,
            2.0505584415133794e-05,
            -4.4926390668863155e-05,
            9.945767439455636e-05,
            -0.00022315474732135667,
            0.0005096695153489966,
            -0.001192753912167459,
            0.002890510331036746,
            -0.007385551028664101,
            0.020580808427780335,
            -0.06735230105319817,
            0.32246703342411326,
            0.42278433509846713,
        ],
    )
}

/// ln gamma(x) for positive x.
fn ln_gamma(x: f64) -> f64 {
    if x >= 8.0 {
        // Stirling's series.
        let c = [1.0 / 156.0, -691.0 / 360_360.0, 1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0];
        let half_ln_2pi = 0.918_938_533_204_672_7;
        return (x - 0.5) * ln(x) - x + half_ln_2pi + polynomial(1.0 / (x * x), &c) / x;
    }
    if x < 0.5 {
        return near_two(x) - ln(x * (x + 1.0));
    }
    if x < 1.5 {
        return near_two(x - 1.0) - ln(x);
    }
    let (mut x, mut product) = (x, 1.0);
    while x > 2.5 {
        x -= 1.0;
        product *= x;
    }
    near_two(x - 2.0) + ln(product)
}

/// ln |gamma(x)|; infinite at 0, at negative integers and at both infinities.
#[inline(never)]
fn ln_abs_gamma(x: f64) -> f64 {
    if x > 0.0 {
        return if x < f64::INFINITY { ln_gamma(x) } else { x };
    }
    if x.is_nan() {
        return x;
    }
    if x == x.floor() {
        return f64::INFINITY;
    }
    // gamma(x) gamma(-x) = -pi / (x sin(pi x)).
    ln(PI / (x * sin_cos_pi(x).0).abs()) - ln_gamma(-x)
}

/// The logarithmic derivative of gamma at positive x.
fn psi(x: f64) -> f64 {
    let (mut x, mut y) = (x, 0.0);
    while x < 10.0 {
        y -= 1.0 / x;
        x += 1.0;
    }
    let z = 1.0 / (x * x);
    let c = [-1.0 / 12.0, 691.0 / 32_760.0, -1.0 / 132.0, 1.0 / 240.0, -1.0 / 252.0, 1.0 / 120.0, -1.0 / 12.0];
    y + (ln(x) - 0.5 / x + z * polynomial(z, &c))
}

/// The logarithmic derivative of gamma; NaN at 0, at negative integers and at -infinity, as in JAX.
#[inline(never)]
fn psi_anywhere(x: f64) -> f64 {
    if x > 0.0 {
        return if x < f64::INFINITY { psi(x) } else { x };
    }
    if x.is_nan() || x == x.floor() {
        return f64::NAN;
    }
    let (sin, cos) = sin_cos_pi(x);
    psi(1.0 - x) - PI * cos / sin
}

/// ln |gamma(x)|.
#[inline(always)]
pub(crate) fn lgamma<L: Lane>(x: L::F) -> L::F {
    each_lane::<L>(x, ln_abs_gamma)
}

/// The logarithmic derivative of gamma.
#[inline(always)]
pub(crate) fn digamma<L: Lane>(x: L::F) -> L::F {
    each_lane::<L>(x, psi_anywhere)
}
