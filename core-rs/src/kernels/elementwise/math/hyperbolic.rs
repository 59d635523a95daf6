//! Hyperbolic functions and their inverses.

use super::abreast::{Abreast, Reduced};
use super::exp::{LOG2_E, TO_INTEGER, exp_reduced, less_ln2, wide_expm1};
use super::log::wide_log1p;
use super::{if_finite, nan_of, signed};
use crate::lane::Lane;
/// tanh |x| = 1 - 2 / (e^(2|x|) + 1), and x + x^3 P(x^2) for |x| < 0.625, after Cephes' `tanhf`; the sign is that of x.
#[inline(always)]
pub(crate) fn tanh<L: Lane>(x: L::F) -> L::F {
    let sign = L::and(L::bits(x), L::isplat(0x8000_0000));
    // From 9.02 on the result is 1.
    let a = L::pmin(L::abs(x), L::splat(9.1));
    let twice = L::add(a, a);
    // n + 127 lies in the low bits.
    let bias = L::splat(TO_INTEGER + 127.0);
    let shifted = L::add(L::mul(twice, L::splat(LOG2_E)), bias);
    let n = L::sub(shifted, bias);
    let power = L::float(L::shl(L::bits(shifted), 23));
    let e = L::mul(exp_reduced::<L>(less_ln2::<L>(twice, n)), power);
    let large = L::sub(L::splat(1.0), L::div(L::splat(2.0), L::add(e, L::splat(1.0))));
    let z = L::mul(a, a);
    let mut p = L::splat(-5.704_988_7e-3);
    for c in [2.063_908_8e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328e-1] {
        p = L::add(L::mul(p, z), L::splat(c));
    }
    let small = L::add(L::mul(L::mul(p, z), a), a);
    let y = L::select(L::lt(a, L::splat(0.625)), small, large);
    nan_of::<L>(x, L::float(L::or(L::bits(y), sign)))
}

/// e^|x| - 1, and infinite in f32 where it must be.
#[inline(always)]
fn grown<L: Lane>(x: L::F) -> L::D {
    wide_expm1::<L>(L::widen(L::pmin(L::abs(x), L::splat(100.0))))
}

/// sinh |x| = (e + e / (e + 1)) / 2 with e = e^|x| - 1; the sign is that of x.
#[inline(always)]
pub(crate) fn sinh<L: Lane>(x: L::F) -> L::F {
    let e = grown::<L>(x);
    let twice = L::dadd(e, L::ddiv(e, L::dadd(e, L::dsplat(1.0))));
    nan_of::<L>(x, signed::<L>(x, L::narrow(L::dmul(twice, L::dsplat(0.5)))))
}

/// cosh x = (e + 1 / e) / 2 with e = e^|x|.
#[inline(always)]
pub(crate) fn cosh<L: Lane>(x: L::F) -> L::F {
    let one = L::dsplat(1.0);
    let e = L::dadd(grown::<L>(x), one);
    nan_of::<L>(x, L::narrow(L::dmul(L::dadd(e, L::ddiv(one, e)), L::dsplat(0.5))))
}

/// arsinh |x| = ln(1 + |x| + x² / (1 + sqrt(1 + x²))); the sign is that of x.
#[inline(always)]
pub(crate) fn asinh<L: Lane>(x: L::F) -> L::F {
    let (a, one) = (L::widen(L::abs(x)), L::dsplat(1.0));
    let z = L::dmul(a, a);
    let y = wide_log1p::<L>(L::dadd(a, L::ddiv(z, L::dadd(one, L::dsqrt(L::dadd(one, z))))));
    if_finite::<L>(x, signed::<L>(x, L::narrow(y)))
}

/// arcosh x = ln(1 + t + sqrt(t² + 2 t)) with t = x - 1; NaN below 1.
#[inline(always)]
pub(crate) fn acosh<L: Lane>(x: L::F) -> L::F {
    let t = L::dsub(L::widen(x), L::dsplat(1.0));
    let root = L::dsqrt(L::dmul(t, L::dadd(t, L::dsplat(2.0))));
    let y = if_finite::<L>(x, L::narrow(wide_log1p::<L>(L::dadd(t, root))));
    L::select(L::lt(x, L::splat(1.0)), L::splat(f32::NAN), y)
}

/// artanh |x| = ln(1 + 2 |x| / (1 - |x|)) / 2; the sign is that of x; infinite at 1, NaN above.
#[inline(always)]
pub(crate) fn atanh<L: Lane>(x: L::F) -> L::F {
    let (size, one) = (L::abs(x), L::splat(1.0));
    let a = L::widen(size);
    let y = wide_log1p::<L>(L::ddiv(L::dadd(a, a), L::dsub(L::dsplat(1.0), a)));
    let y = signed::<L>(x, L::narrow(L::dmul(y, L::dsplat(0.5))));
    let limit = L::select(L::eq(size, one), signed::<L>(x, L::splat(f32::INFINITY)), L::splat(f32::NAN));
    L::select(L::lt(size, one), y, limit)
}

/// [`tanh`] of four vectors; never `None` in truth.
pub(crate) struct Tanh<L: Lane> {
    power: Reduced<L>,
    sign: L::I,
    c: [L::F; 8],
}

impl<L: Lane> Abreast<L> for Tanh<L> {
    #[inline(always)]
    fn new() -> Self {
        let c = core::hint::black_box([
            9.1,
            -5.704_988_7e-3,
            2.063_908_8e-2,
            -5.373_971_6e-2,
            1.333_144_2e-1,
            -3.333_328e-1,
            2.0,
            0.625,
        ]);
        Tanh {
            power: Reduced::new(TO_INTEGER + 127.0),
            sign: L::isplat(core::hint::black_box(0x8000_0000)),
            c: c.map(L::splat),
        }
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let c = &self.c;
        let a = each!(x => L::pmin(L::abs(x), c[0]));
        let z = each!(a => L::mul(a, a));
        let p = each!(z => L::add(L::mul(c[1], z), c[2]));
        let p = each!(p, z => L::add(L::mul(p, z), c[3]));
        let p = each!(p, z => L::add(L::mul(p, z), c[4]));
        ready!(p, turn == self.power.never, 3);
        let p = each!(p, z => L::add(L::mul(p, z), c[5]));
        let small = each!(p, z, a => L::add(L::mul(L::mul(p, z), a), a));
        ready!(small, turn == self.power.never, 4);
        let twice = each!(a => L::add(a, a));
        let s = self.power.shifted(twice);
        let e = self.power.power(twice, s, turn)?;
        let e = each!(e, s => L::mul(e, L::float(L::shl(L::bits(s), 23))));
        let large = each!(e => L::sub(self.power.one, L::div(c[6], L::add(e, self.power.one))));
        let y = each!(a, small, large => L::select(L::lt(a, c[7]), small, large));
        Some(each!(x, y => nan_of::<L>(x, L::float(L::or(L::bits(y), L::and(L::bits(x), self.sign))))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        tanh::<L>(x)
    }
}
