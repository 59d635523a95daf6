//! exp and its kin.

use super::abreast::{Abreast, Reduced};
use super::{SIGN, nan_of, signed, wide_polynomial};
use crate::lane::Lane;

/// 1 / ln 2.
pub(super) const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// The upper 10 bits of ln 2, so that `n * LN2_HIGH` is exact for |n| below 2^14 (Cody and Waite; Cephes `expf`).
pub(super) const LN2_HIGH: f32 = 0.693_359_4;
/// ln 2 less `LN2_HIGH`.
pub(super) const LN2_LOW: f32 = -2.121_944_4e-4;
/// ln 2.
const LN_2: f32 = core::f32::consts::LN_2;
/// 1.5 * 2^23: adding it to a float below 2^22 leaves the nearest integer in the low bits of the mantissa.
pub(super) const TO_INTEGER: f32 = 12_582_912.0;

/// The coefficients of [`exp_reduced`], from c6 down to c2: a minimax fit of the relative error, rounded to f32 one
/// after the other from c2 up, the rest fitted anew each time; the polynomial is within 0.03 ulp.
pub(super) const C: [f32; 5] = [1.382_069e-3, 8.368_676e-3, 4.166_826_6e-2, 1.666_652_1e-1, 4.999_999_4e-1];

/// e^r for |r| <= ln 2 / 2: 1 + r + r^2 (c2 + c3 r + c4 r^2 + c5 r^3 + c6 r^4).
#[inline(always)]
pub(super) fn exp_reduced<L: Lane>(r: L::F) -> L::F {
    let mut p = L::splat(C[0]);
    for &c in &C[1..] {
        p = L::add(L::mul(p, r), L::splat(c));
    }
    L::add(L::add(L::mul(p, L::mul(r, r)), r), L::splat(1.0))
}

/// x - n ln 2, in two steps.
#[inline(always)]
pub(super) fn less_ln2<L: Lane>(x: L::F, n: L::F) -> L::F {
    let r = L::sub(x, L::mul(n, L::splat(LN2_HIGH)));
    L::sub(r, L::mul(n, L::splat(LN2_LOW)))
}

/// Of this and smaller numbers the exponential is 0. It is made so before the last steps: a product that underflows
/// takes a processor tens of cycles.
const GONE: f32 = -104.0;

/// `y`, or 0 where `x` is at most `gone`, or a NaN.
#[inline(always)]
fn unless_gone<L: Lane>(x: L::F, y: L::F, gone: L::F) -> L::F {
    L::float(L::and(L::bits(y), L::lt(gone, x)))
}

/// e^x = 2^n e^r with n = round(x / ln 2).
#[inline(always)]
pub(crate) fn exp<L: Lane>(x: L::F) -> L::F {
    // Beyond these the result is infinite or 0.
    let given = x;
    let x = L::pmax(L::pmin(x, L::splat(89.0)), L::splat(-105.0));
    // Twice the bias of the exponent is added too: n + 254 lies in the low bits, and is positive.
    let bias = L::splat(TO_INTEGER + 254.0);
    let shifted = L::add(L::mul(x, L::splat(LOG2_E)), bias);
    let n = L::sub(shifted, bias);
    let y = unless_gone::<L>(given, exp_reduced::<L>(less_ln2::<L>(x, n)), L::splat(GONE));
    nan_of::<L>(given, scaled::<L>(y, shifted))
}

/// y 2^n, where n + 254 lies in the low bits of `shifted`.
#[inline(always)]
fn scaled<L: Lane>(y: L::F, shifted: L::F) -> L::F {
    // 2^n as a product of two normal numbers, whose exponents' sum is n + 254: so a subnormal result is rounded once.
    let low = L::shr(L::bits(shifted), 1);
    let high = L::isub(L::bits(shifted), low);
    L::mul(L::mul(y, L::float(L::shl(low, 23))), L::float(L::shl(high, 23)))
}

/// 2^x = 2^n e^((x - n) ln 2) with n = round(x).
#[inline(always)]
pub(crate) fn exp2<L: Lane>(x: L::F) -> L::F {
    let given = x;
    let x = L::pmax(L::pmin(x, L::splat(129.0)), L::splat(-151.0));
    let bias = L::splat(TO_INTEGER + 254.0);
    let shifted = L::add(x, bias);
    let r = L::mul(L::sub(x, L::sub(shifted, bias)), L::splat(LN_2));
    let y = unless_gone::<L>(given, exp_reduced::<L>(r), L::splat(-150.0));
    nan_of::<L>(given, scaled::<L>(y, shifted))
}

/// 1 / (1 + e^-x), as e^x / (1 + e^x) for negative x; sum and quotient in f64, since their roundings in f32 would come
/// to more than 2 ulp with that of e^x.
#[inline(always)]
pub(crate) fn logistic<L: Lane>(x: L::F) -> L::F {
    let e = exp_not_positive::<L>(L::float(L::or(L::bits(x), L::isplat(SIGN))));
    let one = L::splat(1.0);
    let top = L::select(L::lt(x, L::splat(0.0)), e, one);
    nan_of::<L>(x, over::<L>(top, e, L::dsplat(1.0)))
}

/// x / (1 + e), rounded once.
#[inline(always)]
fn over<L: Lane>(x: L::F, e: L::F, one: L::D) -> L::F {
    L::narrow(L::ddiv(L::widen(x), L::dadd(one, L::widen(e))))
}

/// 1.5 * 2^52: as [`TO_INTEGER`], for f64.
const WIDE_TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// e^r - 1 for |r| <= ln 2 / 2, with a relative error of 2^-37.
#[inline(always)]
fn wide_reduced<L: Lane>(r: L::D) -> L::D {
    let q = wide_polynomial::<L>(
        r,
        &[
            2.488241269434823e-05,
            0.00019905009408113656,
            0.0013888809508427922,
            0.008333288887909759,
            0.041666666953927935,
            0.16666666754741968,
            0.49999999999737293,
        ],
    );
    L::dadd(r, L::dmul(L::dmul(r, r), q))
}

/// 2^n, where n lies in the low bits of `shifted`.
#[inline(always)]
fn wide_power<L: Lane>(shifted: L::D) -> L::D {
    L::dwords(L::shl(L::iadd(L::dlow(shifted), L::isplat(1023)), 20), L::isplat(0))
}

/// The p and s of e^x = s (1 + p), where s is a power of two. |x| is below 700.
#[inline(always)]
fn wide_parts<L: Lane>(x: L::D) -> (L::D, L::D) {
    let to_integer = L::dsplat(WIDE_TO_INTEGER);
    let shifted = L::dadd(L::dmul(x, L::dsplat(core::f64::consts::LOG2_E)), to_integer);
    let n = L::dsub(shifted, to_integer);
    let r = L::dsub(x, L::dmul(n, L::dsplat(core::f64::consts::LN_2)));
    (wide_reduced::<L>(r), wide_power::<L>(shifted))
}

/// e^x for |x| < 700.
#[inline(always)]
pub(super) fn wide_exp<L: Lane>(x: L::D) -> L::D {
    let (p, s) = wide_parts::<L>(x);
    L::dadd(L::dmul(p, s), s)
}

/// e^x - 1 for |x| < 700, accurate near 0 too.
#[inline(always)]
pub(super) fn wide_expm1<L: Lane>(x: L::D) -> L::D {
    let (p, s) = wide_parts::<L>(x);
    L::dadd(L::dmul(p, s), L::dsub(s, L::dsplat(1.0)))
}

/// 2^x for |x| < 1000.
#[inline(always)]
pub(super) fn wide_exp2<L: Lane>(x: L::D) -> L::D {
    let to_integer = L::dsplat(WIDE_TO_INTEGER);
    let shifted = L::dadd(x, to_integer);
    let r = L::dmul(L::dsub(x, L::dsub(shifted, to_integer)), L::dsplat(core::f64::consts::LN_2));
    let s = wide_power::<L>(shifted);
    L::dadd(L::dmul(wide_reduced::<L>(r), s), s)
}

/// e^x - 1.
#[inline(always)]
pub(crate) fn expm1<L: Lane>(x: L::F) -> L::F {
    let bounded = L::pmax(L::pmin(x, L::splat(89.5)), L::splat(-30.0));
    nan_of::<L>(x, signed::<L>(x, L::narrow(wide_expm1::<L>(L::widen(bounded)))))
}

/// [`exp`], to the bit, for numbers that are not positive, with fewer steps. A NaN gives NaN or 0.
#[inline(always)]
pub(crate) fn exp_not_positive<L: Lane>(x: L::F) -> L::F {
    // As integers, negative numbers grow away from zero: the smaller of the bits is the larger number.
    let given = x;
    let x = L::float(L::umin(L::bits(x), L::isplat((-105f32).to_bits())));
    // n + 127 + 65 lies in the low bits, so that 2^(n + 65) is normal. Even, as in `exp`, for the sake of ties.
    let bias = L::splat(TO_INTEGER + 192.0);
    let shifted = L::add(L::mul(x, L::splat(LOG2_E)), bias);
    let n = L::sub(shifted, bias);
    let y = L::mul(exp_reduced::<L>(less_ln2::<L>(x, n)), L::float(L::shl(L::bits(shifted), 23)));
    let y = unless_gone::<L>(given, y, L::splat(GONE));
    // 2^-65, which rounds a subnormal result, once.
    L::mul(y, L::float(L::isplat((127 - 65) << 23)))
}

/// [`exp`] of four vectors; `None` unless all results are normal numbers.
pub(crate) struct Exp<L: Lane>(Reduced<L>, L::I);

impl<L: Lane> Abreast<L> for Exp<L> {
    #[inline(always)]
    fn new() -> Self {
        // The bits of the bias are a multiple of 2^22: they leave with the shift below.
        Exp(Reduced::new(TO_INTEGER), L::isplat(core::hint::black_box(TO_INTEGER.to_bits() - 125)))
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let s = self.0.shifted(x);
        // -125 <= n <= 127, by one comparison of unsigned numbers.
        let [a, b, c, d] = each!(s => L::isub(L::bits(s), self.1));
        let widest = L::umax(L::umax(a, b), L::umax(c, d));
        if L::any(L::ult(L::isplat(252), widest)) {
            return None;
        }
        let y = self.0.power(x, s, turn)?;
        Some(each!(y, s => L::float(L::iadd(L::bits(y), L::shl(L::bits(s), 23)))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        exp::<L>(x)
    }
}

/// [`exp_not_positive`] of four vectors; never `None` in truth.
pub(crate) struct ExpNotPositive<L: Lane>(pub(super) Reduced<L>, [L::F; 3]);

impl<L: Lane> Abreast<L> for ExpNotPositive<L> {
    #[inline(always)]
    fn new() -> Self {
        let c = core::hint::black_box([-105.0, f32::from_bits((127 - 65) << 23), GONE]);
        ExpNotPositive(Reduced::new(TO_INTEGER + 192.0), c.map(L::splat))
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let given = x;
        let x = each!(x => L::float(L::umin(L::bits(x), L::bits(self.1[0]))));
        let s = self.0.shifted(x);
        let y = self.0.power(x, s, turn)?;
        let y = each!(y, s => L::mul(y, L::float(L::shl(L::bits(s), 23))));
        let y = each!(given, y => unless_gone::<L>(given, y, self.1[2]));
        Some(each!(y => L::mul(y, self.1[1])))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        exp_not_positive::<L>(x)
    }
}

/// [`exp_not_positive`] of four vectors of numbers from [`ExpBounded::LEAST`] to 0; never `None` in truth.
pub(crate) struct ExpBounded<L: Lane>(Reduced<L>);

impl<L: Lane> ExpBounded<L> {
    /// Of this and larger numbers the exponential is a normal number, with some to spare.
    pub(crate) const LEAST: f32 = -86.0;
}

impl<L: Lane> Abreast<L> for ExpBounded<L> {
    #[inline(always)]
    fn new() -> Self {
        // The bits of the bias are a multiple of 2^22: they leave with the shift below.
        ExpBounded(Reduced::new(TO_INTEGER))
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let s = self.0.shifted(x);
        let y = self.0.power(x, s, turn)?;
        Some(each!(y, s => L::float(L::iadd(L::bits(y), L::shl(L::bits(s), 23)))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        exp_not_positive::<L>(x)
    }
}

/// [`exp2`] of four vectors; `None` unless all results are normal numbers.
pub(crate) struct Exp2<L: Lane>(Reduced<L>, L::I, L::F);

impl<L: Lane> Abreast<L> for Exp2<L> {
    #[inline(always)]
    fn new() -> Self {
        // As in `Exp`.
        let low = L::isplat(core::hint::black_box(TO_INTEGER.to_bits() - 125));
        Exp2(Reduced::new(TO_INTEGER), low, L::splat(core::hint::black_box(LN_2)))
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let s = each!(x => L::add(x, self.0.bias));
        let [a, b, c, d] = each!(s => L::isub(L::bits(s), self.1));
        let widest = L::umax(L::umax(a, b), L::umax(c, d));
        if L::any(L::ult(L::isplat(252), widest)) {
            return None;
        }
        let r = each!(x, s => L::mul(L::sub(x, L::sub(s, self.0.bias)), self.2));
        let y = self.0.power_of(r, turn)?;
        Some(each!(y, s => L::float(L::iadd(L::bits(y), L::shl(L::bits(s), 23)))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        exp2::<L>(x)
    }
}

/// [`logistic`] of four vectors; never `None` in truth.
pub(crate) struct Logistic<L: Lane>(ExpNotPositive<L>, L::I, L::D);

impl<L: Lane> Abreast<L> for Logistic<L> {
    #[inline(always)]
    fn new() -> Self {
        let (sign, one) = core::hint::black_box((SIGN, 1.0));
        Logistic(ExpNotPositive::new(), L::isplat(sign), L::dsplat(one))
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let one = self.0.0.one;
        let e = self.0.four(each!(x => L::float(L::or(L::bits(x), self.1))), turn)?;
        // The sign says which, but for -0, where both are 1.
        let top = each!(x, e => L::select(L::sar(L::bits(x), 31), e, one));
        let y = each!(top, e => over::<L>(top, e, self.2));
        Some(each!(x, y => nan_of::<L>(x, y)))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        logistic::<L>(x)
    }
}
