//! Powers and roots.

use super::exp::wide_exp2;
use super::log::wide_log2;
use super::{SIGN, signed};
use crate::lane::Lane;

/// The cube root; the sign is that of x.
#[inline(always)]
pub(crate) fn cbrt<L: Lane>(x: L::F) -> L::F {
    let a = L::abs(x);
    let y = wide_exp2::<L>(L::dmul(wide_log2::<L>(L::widen(a)), L::dsplat(1.0 / 3.0)));
    let ordinary = L::and(L::lt(L::splat(0.0), a), L::lt(a, L::splat(f32::INFINITY)));
    L::select(ordinary, signed::<L>(x, L::narrow(y)), x)
}

/// x^y = 2^(y log2 |x|), with the special cases of IEEE 754 and C99, as in JAX.
#[inline(always)]
pub(crate) fn pow<L: Lane>(x: L::F, y: L::F) -> L::F {
    let (zero, infinity) = (L::splat(0.0), L::splat(f32::INFINITY));
    let (a, size) = (L::abs(x), L::abs(y));
    let power = L::dmul(L::widen(y), wide_log2::<L>(L::widen(a)));
    // Beyond these the result is infinite or 0.
    let power = L::dselect(L::dlt(power, L::dsplat(200.0)), power, L::dsplat(200.0));
    let power = L::dselect(L::dlt(L::dsplat(-200.0), power), power, L::dsplat(-200.0));
    let p = L::narrow(wide_exp2::<L>(power));
    let ordinary = L::and(L::and(L::lt(zero, x), L::lt(x, infinity)), L::lt(size, infinity));
    if L::any(L::not(ordinary)) { special::<L>(x, y, p) } else { p }
}

/// `p`, the power |x|^y, with the special cases.
#[inline(never)]
fn special<L: Lane>(x: L::F, y: L::F, p: L::F) -> L::F {
    let (zero, one, infinity) = (L::splat(0.0), L::splat(1.0), L::splat(f32::INFINITY));
    let (a, size) = (L::abs(x), L::abs(y));
    // Powers of 0 and infinity.
    let (negative, none, endless) = (L::lt(y, zero), L::eq(a, zero), L::eq(a, infinity));
    let limit = L::select(L::xor(negative, none), zero, infinity);
    let p = L::select(L::or(none, endless), limit, p);
    // 1 and -1 to an infinite power.
    let p = L::select(L::and(L::eq(a, one), L::eq(size, infinity)), one, p);
    // The sign; a float from 2^24 on is even.
    let whole = L::eq(L::trunc(y), y);
    let odd = L::sar(L::shl(L::to_i32(y), 31), 31);
    let odd = L::and(L::and(odd, whole), L::lt(size, L::splat(16_777_216.0)));
    let p = L::float(L::or(L::bits(p), L::and(L::and(L::bits(x), odd), L::isplat(SIGN))));
    // A negative number, but for -infinity, has no power that is not whole.
    let wrong = L::and(L::and(L::lt(x, zero), L::lt(a, infinity)), L::not(whole));
    let wrong = L::or(wrong, L::not(L::and(L::eq(x, x), L::eq(y, y))));
    let p = L::select(wrong, L::splat(f32::NAN), p);
    // Even of NaN.
    L::select(L::or(L::eq(x, one), L::eq(y, zero)), one, p)
}
