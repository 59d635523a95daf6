//! Inverse trigonometric functions, all by one arc tangent in f64.

use super::{SIGN, signed, wide_polynomial};
use crate::lane::Lane;
use core::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// The angle of (x, y), both at least 0 and not both 0 or infinite; NaN if either is.
#[inline(always)]
fn angle<L: Lane>(y: L::D, x: L::D) -> L::D {
    let steep = L::dlt(x, y);
    let (low, high) = (L::dselect(steep, x, y), L::dselect(steep, y, x));
    // Beyond tan(pi/8) the angle is measured from the diagonal.
    let far = L::dlt(L::dmul(high, L::dsplat(0.41421356237309503)), low);
    let top = L::dselect(far, L::dsub(low, high), low);
    let t = L::ddiv(top, L::dselect(far, L::dadd(low, high), high));
    let z = L::dmul(t, t);
    let p = wide_polynomial::<L>(
        z,
        &[
            0.04747830739179441,
            -0.08478199918934701,
            0.11045058101164962,
            -0.1428203931639317,
            0.19999905092640835,
            -0.3333333251353622,
        ],
    );
    let p = L::dadd(t, L::dmul(L::dmul(t, z), p));
    let p = L::dselect(far, L::dadd(p, L::dsplat(FRAC_PI_4)), p);
    L::dselect(steep, L::dsub(L::dsplat(FRAC_PI_2), p), p)
}

/// atan x.
#[inline(always)]
pub(crate) fn atan<L: Lane>(x: L::F) -> L::F {
    signed::<L>(x, L::narrow(angle::<L>(L::widen(L::abs(x)), L::dsplat(1.0))))
}

/// sqrt(1 - x²), and NaN beyond 1.
#[inline(always)]
fn other_leg<L: Lane>(x: L::D) -> L::D {
    let one = L::dsplat(1.0);
    L::dsqrt(L::dmul(L::dsub(one, x), L::dadd(one, x)))
}

/// asin x = atan2(x, sqrt(1 - x²)).
#[inline(always)]
pub(crate) fn asin<L: Lane>(x: L::F) -> L::F {
    let a = L::widen(L::abs(x));
    signed::<L>(x, L::narrow(angle::<L>(a, other_leg::<L>(a))))
}

/// acos x = atan2(sqrt(1 - x²), x).
#[inline(always)]
pub(crate) fn acos<L: Lane>(x: L::F) -> L::F {
    let a = L::widen(L::abs(x));
    let p = angle::<L>(other_leg::<L>(a), a);
    L::narrow(L::dselect(L::lt(x, L::splat(0.0)), L::dsub(L::dsplat(PI), p), p))
}

/// The angle of (x, y) in the plane, from -pi to pi, for zeros and infinities too, as C99 and JAX have it.
#[inline(always)]
pub(crate) fn atan2<L: Lane>(y: L::F, x: L::F) -> L::F {
    let (one, zero, infinity) = (L::splat(1.0), L::splat(0.0), L::splat(f32::INFINITY));
    let (b, a) = (L::abs(y), L::abs(x));
    let both_zero = L::and(L::eq(b, zero), L::eq(a, zero));
    let both_infinite = L::and(L::eq(b, infinity), L::eq(a, infinity));
    let b = L::select(both_infinite, one, b);
    let a = L::select(L::or(both_zero, both_infinite), one, a);
    let p = angle::<L>(L::widen(b), L::widen(a));
    let left = L::ilt(L::bits(x), L::isplat(0));
    let p = L::dselect(left, L::dsub(L::dsplat(PI), p), p);
    let sign = L::and(L::bits(y), L::isplat(SIGN));
    L::float(L::or(L::bits(L::narrow(p)), sign))
}
