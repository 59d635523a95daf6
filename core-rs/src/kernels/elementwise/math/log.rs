//! Logarithms.

use super::abreast::Abreast;
use super::{polynomial, wide_polynomial};
use crate::lane::Lane;
/// The bits of sqrt(1/2): counting from there, the exponent of x is k, below.
const SQRT_HALF: u32 = 0x3f35_04f3;
/// fdlibm's R: ln(1 + f) = f - f²/2 + s (f²/2 + s² R(s²)) with s = f / (2 + f).
const R: [f32; 4] = [0.242_790_79, 0.284_987_87, 0.400_009_72, 0.666_666_6];
/// The upper 17 bits of ln 2, so that products with exponents are exact.
const LN2_HIGH: f32 = 0.693_138_1;
/// ln 2 less `LN2_HIGH`.
const LN2_LOW: f32 = 9.058_001e-6;
/// The upper 12 bits of 1 / ln 2.
const LOG2_E_HIGH: f32 = 1.442_871_1;
/// 1 / ln 2 less `LOG2_E_HIGH`.
const LOG2_E_LOW: f32 = -1.760_528_5e-4;

/// ln x, after fdlibm's `__ieee754_logf`: x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), s = f / (2 + f), and
/// ln(1 + f) = f - f²/2 + s (f²/2 + R(s²)).
#[inline(always)]
pub(crate) fn log<L: Lane>(x: L::F) -> L::F {
    // Subnormals are scaled by 2^25.
    let small = L::lt(x, L::float(L::isplat(0x0080_0000)));
    let bits = L::bits(L::select(small, L::mul(x, L::splat(33_554_432.0)), x));
    let offset = L::isub(bits, L::isplat(SQRT_HALF));
    let k = L::isub(L::sar(offset, 23), L::and(small, L::isplat(25)));
    let m = L::iadd(L::and(offset, L::isplat(0x007f_ffff)), L::isplat(SQRT_HALF));
    let k = L::from_i32(k);
    let f = L::sub(L::float(m), L::splat(1.0));
    let s = L::div(f, L::add(f, L::splat(2.0)));
    let z = L::mul(s, s);
    let r = polynomial::<L>(z, &R);
    let half = L::mul(L::mul(f, f), L::splat(0.5));
    let tail = L::add(L::mul(s, L::add(half, L::mul(r, z))), L::mul(k, L::splat(LN2_LOW)));
    let y = L::add(L::add(L::sub(tail, half), f), L::mul(k, L::splat(LN2_HIGH)));
    with_limits::<L>(x, 0.0, y)
}

/// The k and ln m of x = 2^k m with sqrt(1/2) <= m < sqrt(2), for positive normal x, with a relative error of 2^-42;
/// where k is 0, of m = 1 + `f`.
#[inline(always)]
fn wide_parts<L: Lane>(x: L::D, f: Option<L::D>) -> (L::D, L::D) {
    // The upper word of sqrt(1/2); as in [`log`].
    let offset = L::isub(L::dhigh(x), L::isplat(0x3fe6_a09e));
    let k = L::sar(offset, 20);
    let high = L::iadd(L::and(offset, L::isplat(0x000f_ffff)), L::isplat(0x3fe6_a09e));
    let m = L::dsub(L::dwords(high, L::dlow(x)), L::dsplat(1.0));
    let f = match f {
        Some(f) => L::dselect(L::ieq(k, L::isplat(0)), f, m),
        None => m,
    };
    // ln(1 + f) = 2 artanh s = 2 s + s^3 R(s^2) with s = f / (2 + f).
    let s = L::ddiv(f, L::dadd(L::dsplat(2.0), f));
    let z = L::dmul(s, s);
    let r = wide_polynomial::<L>(
        z,
        &[0.1936547161083104, 0.22191244000034932, 0.28571757253683244, 0.3999999878233058, 0.6666666666738797],
    );
    let l = L::dmul(s, L::dadd(L::dsplat(2.0), L::dmul(z, r)));
    (L::widen(L::from_i32(k)), l)
}

/// log2 x for positive normal x.
#[inline(always)]
pub(super) fn wide_log2<L: Lane>(x: L::D) -> L::D {
    let (k, l) = wide_parts::<L>(x, None);
    L::dadd(k, L::dmul(l, L::dsplat(core::f64::consts::LOG2_E)))
}

/// ln(1 + x) for x > -1, accurate near 0 too.
#[inline(always)]
pub(super) fn wide_log1p<L: Lane>(x: L::D) -> L::D {
    let (k, l) = wide_parts::<L>(L::dadd(x, L::dsplat(1.0)), Some(x));
    L::dadd(L::dmul(k, L::dsplat(core::f64::consts::LN_2)), l)
}

/// `y`, but infinity and NaN where x is; -infinity where x is `pole`, and NaN below.
#[inline(always)]
fn with_limits<L: Lane>(x: L::F, pole: f32, y: L::F) -> L::F {
    let y = L::select(L::lt(x, L::splat(f32::INFINITY)), y, x);
    let y = L::select(L::eq(x, L::splat(pole)), L::splat(f32::NEG_INFINITY), y);
    L::select(L::lt(x, L::splat(pole)), L::splat(f32::NAN), y)
}

/// log2 x, after FreeBSD's `e_log2f`: as [`log`], where the product with 1 / ln 2 is in two parts of both factors.
#[inline(always)]
pub(crate) fn log2<L: Lane>(x: L::F) -> L::F {
    let small = L::lt(x, L::float(L::isplat(0x0080_0000)));
    let bits = L::bits(L::select(small, L::mul(x, L::splat(33_554_432.0)), x));
    let offset = L::isub(bits, L::isplat(SQRT_HALF));
    let k = L::from_i32(L::isub(L::sar(offset, 23), L::and(small, L::isplat(25))));
    let m = L::iadd(L::and(offset, L::isplat(0x007f_ffff)), L::isplat(SQRT_HALF));
    let f = L::sub(L::float(m), L::splat(1.0));
    let s = L::div(f, L::add(f, L::splat(2.0)));
    let z = L::mul(s, s);
    let r = L::mul(polynomial::<L>(z, &R), z);
    let half = L::mul(L::mul(f, f), L::splat(0.5));
    // 12 bits of f - f²/2, and what is left of ln(1 + f).
    let high = L::float(L::and(L::bits(L::sub(f, half)), L::isplat(0xffff_f000)));
    let low = L::add(L::sub(L::sub(f, high), half), L::mul(s, L::add(half, r)));
    let y = L::add(
        L::add(L::mul(L::add(low, high), L::splat(LOG2_E_LOW)), L::mul(low, L::splat(LOG2_E_HIGH))),
        L::mul(high, L::splat(LOG2_E_HIGH)),
    );
    with_limits::<L>(x, 0.0, L::add(y, k))
}

/// ln(1 + x), after fdlibm's `log1pf`: as [`log`] of u = 1 + x, with what that sum lost as a share of u; but where u is
/// between sqrt(1/2) and sqrt(2), with f = x.
#[inline(always)]
pub(crate) fn log1p<L: Lane>(x: L::F) -> L::F {
    let one = L::splat(1.0);
    let u = L::add(x, one);
    let lost = {
        let part = L::sub(u, one);
        L::add(L::sub(one, L::sub(u, part)), L::sub(x, part))
    };
    let offset = L::isub(L::bits(u), L::isplat(SQRT_HALF));
    let k = L::sar(offset, 23);
    let m = L::iadd(L::and(offset, L::isplat(0x007f_ffff)), L::isplat(SQRT_HALF));
    let same = L::ieq(k, L::isplat(0));
    let f = L::select(same, x, L::sub(L::float(m), one));
    let share = L::float(L::and(L::bits(L::div(lost, u)), L::not(same)));
    let k = L::from_i32(k);
    let s = L::div(f, L::add(f, L::splat(2.0)));
    let z = L::mul(s, s);
    let r = L::mul(polynomial::<L>(z, &R), z);
    let half = L::mul(L::mul(f, f), L::splat(0.5));
    let rest = L::add(L::mul(k, L::splat(LN2_LOW)), share);
    let tail = L::add(L::mul(s, L::add(half, r)), rest);
    let y = L::add(L::add(L::sub(tail, half), f), L::mul(k, L::splat(LN2_HIGH)));
    // The sum above makes -0 a 0.
    with_limits::<L>(x, -1.0, L::select(L::eq(x, L::splat(0.0)), x, y))
}

/// [`log`] (`BASE` = 0) or [`log2`] (`BASE` = 2) of four vectors; `None` unless all are positive normal numbers.
pub(crate) struct Log<L: Lane, const BASE: u32> {
    /// sqrt(1/2), the mantissa's bits, the lowest normal number, and how far the highest one lies above it.
    bits: [L::I; 4],
    c: [L::F; 9],
    upper: L::I,
    never: usize,
}

impl<L: Lane, const BASE: u32> Abreast<L> for Log<L, BASE> {
    #[inline(always)]
    fn new() -> Self {
        let bits = core::hint::black_box([SQRT_HALF, 0x007f_ffff, 0x0080_0000, 0x7eff_ffff]);
        let [low, high] = if BASE == 2 { [LOG2_E_LOW, LOG2_E_HIGH] } else { [LN2_LOW, LN2_HIGH] };
        let c = core::hint::black_box([1.0, 2.0, R[0], R[1], R[2], R[3], 0.5, low, high]);
        let upper = L::isplat(core::hint::black_box(0xffff_f000));
        Log { bits: bits.map(L::isplat), c: c.map(L::splat), upper, never: core::hint::black_box(usize::MAX) }
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let [sqrt, mantissa, low, range] = self.bits;
        let [one, two, ..] = self.c;
        let [a, b, c, d] = each!(x => L::isub(L::bits(x), low));
        let widest = L::umax(L::umax(a, b), L::umax(c, d));
        if L::any(L::ult(range, widest)) {
            return None;
        }
        let offset = each!(x => L::isub(L::bits(x), sqrt));
        let k = each!(offset => L::from_i32(L::sar(offset, 23)));
        let f = each!(offset => L::sub(L::float(L::iadd(L::and(offset, mantissa), sqrt)), one));
        let s = each!(f => L::div(f, L::add(f, two)));
        ready!(s, turn == self.never, 1);
        let z = each!(s => L::mul(s, s));
        let r = each!(z => L::add(L::mul(self.c[2], z), self.c[3]));
        let r = each!(r, z => L::add(L::mul(r, z), self.c[4]));
        let r = each!(r, z => L::mul(L::add(L::mul(r, z), self.c[5]), z));
        ready!(r, turn == self.never, 2);
        let half = each!(f => L::mul(L::mul(f, f), self.c[6]));
        let tail = each!(s, half, r => L::mul(s, L::add(half, r)));
        if BASE == 2 {
            let high = each!(f, half => L::float(L::and(L::bits(L::sub(f, half)), self.upper)));
            let low = each!(f, high, half, tail => L::add(L::sub(L::sub(f, high), half), tail));
            ready!(low, turn == self.never, 3);
            let y = each!(low, high => L::mul(L::add(low, high), self.c[7]));
            let y = each!(y, low => L::add(y, L::mul(low, self.c[8])));
            return Some(each!(y, high, k => L::add(L::add(y, L::mul(high, self.c[8])), k)));
        }
        let tail = each!(tail, k => L::add(tail, L::mul(k, self.c[7])));
        Some(each!(tail, half, f, k => L::add(L::add(L::sub(tail, half), f), L::mul(k, self.c[8]))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        if BASE == 2 { log2::<L>(x) } else { log::<L>(x) }
    }
}

/// [`log1p`] of four vectors; `None` unless all are finite and above -1.
pub(crate) struct Log1p<L: Lane> {
    /// sqrt(1/2), the mantissa's bits, the order of the lowest number above -1, and how far the highest lies above it.
    bits: [L::I; 4],
    c: [L::F; 9],
    zero: L::I,
    never: usize,
}

impl<L: Lane> Abreast<L> for Log1p<L> {
    #[inline(always)]
    fn new() -> Self {
        let bits = core::hint::black_box([SQRT_HALF, 0x007f_ffff, 0xc080_0000, 0xbeff_ffff]);
        let c = core::hint::black_box([1.0, 2.0, R[0], R[1], R[2], R[3], 0.5, LN2_LOW, LN2_HIGH]);
        let zero = L::isplat(core::hint::black_box(0));
        Log1p { bits: bits.map(L::isplat), c: c.map(L::splat), zero, never: core::hint::black_box(usize::MAX) }
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let [sqrt, mantissa, low, range] = self.bits;
        let [one, two, ..] = self.c;
        // Floats in order are signed integers in order, once negative ones are mirrored.
        let [a, b, c, d] = each!(x => L::isub(L::xor(L::bits(x), L::shr(L::sar(L::bits(x), 31), 1)), low));
        let widest = L::umax(L::umax(a, b), L::umax(c, d));
        if L::any(L::ult(range, widest)) {
            return None;
        }
        let u = each!(x => L::add(x, one));
        let part = each!(u => L::sub(u, one));
        let lost = each!(x, u, part => L::add(L::sub(one, L::sub(u, part)), L::sub(x, part)));
        let lost = each!(lost, u => L::div(lost, u));
        ready!(lost, turn == self.never, 1);
        let offset = each!(u => L::isub(L::bits(u), sqrt));
        let m = each!(offset => L::sub(L::float(L::iadd(L::and(offset, mantissa), sqrt)), one));
        let k = each!(offset => L::sar(offset, 23));
        let same = each!(k => L::ieq(k, self.zero));
        let f = each!(same, x, m => L::select(same, x, m));
        let s = each!(f => L::div(f, L::add(f, two)));
        let share = each!(same, lost => L::float(L::and(L::bits(lost), L::not(same))));
        let k = each!(k => L::from_i32(k));
        let rest = each!(k, share => L::add(L::mul(k, self.c[7]), share));
        ready!(rest, turn == self.never, 2);
        let z = each!(s => L::mul(s, s));
        let r = each!(z => L::add(L::mul(self.c[2], z), self.c[3]));
        let r = each!(r, z => L::add(L::mul(r, z), self.c[4]));
        let r = each!(r, z => L::mul(L::add(L::mul(r, z), self.c[5]), z));
        ready!(r, turn == self.never, 3);
        let half = each!(f => L::mul(L::mul(f, f), self.c[6]));
        let tail = each!(s, half, r, rest => L::add(L::mul(s, L::add(half, r)), rest));
        let y = each!(tail, half, f, k => L::add(L::add(L::sub(tail, half), f), L::mul(k, self.c[8])));
        Some(each!(x, y => L::select(L::eq(x, L::float(self.zero)), x, y)))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        log1p::<L>(x)
    }
}
