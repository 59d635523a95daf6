//! Functions whose results are exact.

use super::{SIGN, signed};
use crate::lane::{LANES, Lane};

/// -1 or 1; a zero keeps its sign, a NaN stays NaN.
#[inline(always)]
pub(crate) fn sign<L: Lane>(x: L::F) -> L::F {
    let bits = L::bits(x);
    let one = L::or(L::and(bits, L::isplat(0x8000_0000)), L::isplat(0x3f80_0000));
    let nonzero = L::lt(L::splat(0.0), L::abs(x));
    L::float(L::iselect(nonzero, one, bits))
}

/// The nearest integer, halves away from zero.
#[inline(always)]
pub(crate) fn round_away<L: Lane>(x: L::F) -> L::F {
    // The largest number below 1/2: 1/2 itself would lift the largest number below it to 1.
    L::trunc(L::add(x, signed::<L>(x, L::splat(0.499_999_97))))
}

/// The size of `x` with the sign of `y`.
#[inline(always)]
pub(crate) fn copysign<L: Lane>(x: L::F, y: L::F) -> L::F {
    signed::<L>(y, L::abs(x))
}

/// The smaller of `high` and the larger of `x` and `low`; NaN if any is.
#[inline(always)]
pub(crate) fn clamp<L: Lane>(low: L::F, x: L::F, high: L::F) -> L::F {
    L::min(L::max(x, low), high)
}

/// The float next to `x` in the direction of `y`; `y` if they are equal; NaN if either is.
#[inline(always)]
pub(crate) fn next_after<L: Lane>(x: L::F, y: L::F) -> L::F {
    let (zero, bits) = (L::splat(0.0), L::bits(x));
    let grows = L::ieq(L::lt(x, y), L::lt(zero, x));
    // A mask is -1 or 0.
    let step = L::or(L::not(grows), L::isplat(1));
    let first = L::or(L::and(L::bits(y), L::isplat(SIGN)), L::isplat(1));
    let next = L::iselect(L::eq(x, zero), first, L::iadd(bits, step));
    let next = L::iselect(L::eq(x, y), L::bits(y), next);
    L::select(L::and(L::eq(x, x), L::eq(y, y)), L::float(next), L::splat(f32::NAN))
}

/// What is left of x after as many y as fit, exactly, with the sign of x; NaN for an infinite x or y = 0 (C's `fmod`).
#[inline(always)]
pub(crate) fn rem<L: Lane>(x: L::F, y: L::F) -> L::F {
    let (a, b) = (L::widen(L::abs(x)), L::widen(L::abs(y)));
    // In f64 the quotient is whole only if it is so in truth, and times y it is exact.
    let n = L::dtrunc(L::ddiv(a, b));
    let r = signed::<L>(x, L::narrow(L::dsub(a, L::dmul(n, b))));
    let plain = L::and(L::dlt(n, L::dsplat(16_777_216.0)), L::lt(L::abs(y), L::splat(f32::INFINITY)));
    if L::any(L::not(plain)) { rem_lanes::<L>(x, y) } else { r }
}

/// [`rem`], lane by lane.
#[cold]
#[inline(never)]
fn rem_lanes<L: Lane>(x: L::F, y: L::F) -> L::F {
    let (x, y) = (L::to_array(x), L::to_array(y));
    let mut r = [0.0; LANES];
    for i in 0..LANES {
        r[i] = x[i] % y[i];
    }
    L::from_array(r)
}
