//! Elementary functions over a lane, by kin.
//!
//! Every result is within 2 ulp of the exact value over all floats, subnormal results and huge arguments included;
//! `erf_inv` alone follows JAX's formula instead. No multiply-add is contracted, so every lane gives the same bits.
//!
//! There are three kinds of code. The functions that networks call most work on vectors of f32, some of them four
//! vectors at once ([`Abreast`]). Where f32 alone cannot meet the bound, vectors of four f64 ([`Lane::D`]) carry the
//! value, with polynomials good for 2^-34 and better, and the result is rounded once: such functions are within 0.51 ulp.
//! The gamma functions, and reductions of huge angles, are plain f64, element by element.
//!
//! Largest errors against f64, by `tests/ulp.rs` over all 2^32 floats (of `pow` and `atan2` over a million pairs):
//!
//! | function | ulp   | at            |
//! | -------- | ----- | ------------- |
//! | exp      | 0.990 | 70.4031       |
//! | exp2     | 0.995 | -0.44462952   |
//! | log      | 0.840 | 1.4133185     |
//! | log2     | 0.864 | 0.705481      |
//! | log1p    | 0.840 | 0.4133185     |
//! | logistic | 1.480 | -4.846455     |
//! | tanh     | 1.332 | 0.6310442     |
//! | sin      | 1.578 | 2.6469912e31  |
//! | cos      | 1.592 | 1.2761026e12  |
//! | erf      | 1.330 | 0.95085734    |
//! | the rest | 0.501 |               |
//!
//! Here `erf_inv` is within 2 ulp of JAX's formula with a correctly rounded logarithm.
//!
//! ns an element, 2^20 of them in Deno on one core of Zen 5 at 4.1 GHz: `Abreast` exp2 0.48, log2 0.87, log1p 1.2, sin and
//! cos 1.25, logistic 1.5, erf 1.7; in f64 expm1 2.5, sinh and cosh 3, tan 3.4, atanh 3.7, atan 3.9, acosh 4.2, asinh 4.7,
//! atan2 4.8, asin and acos 5.7, erfc, erf_inv and cbrt 6, pow 8.1; by element lgamma and digamma 35.

use crate::lane::Lane;

/// The vectors `f` makes of the vectors at the same place.
macro_rules! each {
    ($($x:ident),* => $f:expr) => {
        core::array::from_fn::<_, 4, _>(#[inline(always)] |i| { $(let $x = $x[i];)* $f })
    };
}

/// Leaves the function if `$turn` is a number that it never is. The compiler does not know, so it has `$values` ready
/// here; else it would sort the steps by vector. Each `$exit` on the way through a function is a number of its own.
macro_rules! ready {
    ($values:ident, $turn:ident == $never:expr, $exit:literal) => {
        if $turn == $never - $exit {
            core::hint::black_box($values);
            return None;
        }
    };
}

mod abreast;
mod arc;
mod erf;
mod exact;
mod exp;
mod gamma;
mod hyperbolic;
mod log;
mod power;
mod trig;

pub(crate) use abreast::Abreast;
pub(crate) use arc::{acos, asin, atan, atan2};
pub(crate) use erf::{Erf, erf, erf_inv, erfc};
pub(crate) use exact::{clamp, copysign, next_after, rem, round_away, sign};
pub(crate) use exp::{Exp, Exp2, Logistic, exp2, expm1, logistic};
pub(crate) use exp::{ExpBounded, ExpNotPositive, exp, exp_not_positive};
pub(crate) use gamma::{digamma, lgamma};
pub(crate) use hyperbolic::{Tanh, acosh, asinh, atanh, cosh, sinh, tanh};
pub(crate) use log::{Log, Log1p, log, log1p, log2};
pub(crate) use power::{cbrt, pow};
pub(crate) use trig::{Sine, cos, sin, tan};

/// The sign bit.
const SIGN: u32 = 0x8000_0000;

/// `y`, or a NaN where `x` is one: all ones are a NaN. The clamps below do not carry it: which operand a comparing
/// minimum takes beside a NaN is not fixed where the compiler makes it a relaxed one.
#[inline(always)]
fn nan_of<L: Lane>(x: L::F, y: L::F) -> L::F {
    L::float(L::or(L::bits(y), L::not(L::eq(x, x))))
}

/// `y`, which is not negative, with the sign of `x`.
#[inline(always)]
fn signed<L: Lane>(x: L::F, y: L::F) -> L::F {
    L::float(L::or(L::bits(y), L::and(L::bits(x), L::isplat(SIGN))))
}

/// `y` where `x` is finite, else `x` itself.
#[inline(always)]
fn if_finite<L: Lane>(x: L::F, y: L::F) -> L::F {
    L::select(L::lt(L::abs(x), L::splat(f32::INFINITY)), y, x)
}

/// c0 + c1 x + c2 x^2 + …, the coefficients from the highest power down.
#[inline(always)]
fn polynomial<L: Lane>(x: L::F, c: &[f32]) -> L::F {
    let mut p = L::splat(c[0]);
    for &c in &c[1..] {
        p = L::add(L::mul(p, x), L::splat(c));
    }
    p
}

/// As [`polynomial`], in f64.
#[inline(always)]
fn wide_polynomial<L: Lane>(x: L::D, c: &[f64]) -> L::D {
    let mut p = L::dsplat(c[0]);
    for &c in &c[1..] {
        p = L::dadd(L::dmul(p, x), L::dsplat(c));
    }
    p
}

#[cfg(test)]
mod tests;
