//! Sine, cosine, tangent of any angle.

use super::abreast::Abreast;
use super::{SIGN, polynomial, wide_polynomial};
use crate::lane::{LANES, Lane};

/// 2 / pi.
const TWO_OVER_PI: f32 = core::f32::consts::FRAC_2_PI;
/// The upper 33 bits of pi / 2, so that its multiples by less than 2^20 are exact (fdlibm's `pio2_1`).
const HALF_PI_HIGH: f64 = 1.570_796_326_734_125_6;
/// pi / 2 less `HALF_PI_HIGH` (fdlibm's `pio2_1t`).
const HALF_PI_LOW: f64 = 6.077_100_506_506_192e-11;
/// Angles from here on are reduced by [`reduce_huge`].
const HUGE: f32 = 131_072.0;

/// sin r / r - 1 = z P(z) with z = r², for |r| a little above pi / 4: a minimax fit, with an error of 2^-28.
const SIN: [f32; 3] = [-1.951_724_1e-4, 8.332_178e-3, -1.666_665_5e-1];
/// cos r = 1 - z / 2 + z² P(z) likewise, with an error of 2^-32.
const COS: [f32; 3] = [2.446_221_3e-5, -1.388_760_7e-3, 4.166_665_3e-2];

/// The r and n of a = r + n pi / 2 with |r| <= pi / 4 (a little above, where n is large), for an a that is not negative;
/// r is NaN for infinity and NaN.
#[inline(always)]
fn reduce<L: Lane>(a: L::F) -> (L::D, L::I) {
    let n = L::nearest(L::mul(a, L::splat(TWO_OVER_PI)));
    let r = reduced::<L>(a, n);
    let n = L::to_i32(n);
    let huge = L::and(L::le(L::splat(HUGE), a), L::lt(a, L::splat(f32::INFINITY)));
    if L::any(huge) { huge_lanes::<L>(a, huge, r, n) } else { (r, n) }
}

/// a - n pi / 2.
#[inline(always)]
fn reduced<L: Lane>(a: L::F, n: L::F) -> L::D {
    let n = L::widen(n);
    let r = L::dsub(L::widen(a), L::dmul(n, L::dsplat(HALF_PI_HIGH)));
    L::dsub(r, L::dmul(n, L::dsplat(HALF_PI_LOW)))
}

/// [`reduce`], where lanes of `huge` are to be made anew.
#[cold]
#[inline(never)]
fn huge_lanes<L: Lane>(a: L::F, huge: L::I, r: L::D, n: L::I) -> (L::D, L::I) {
    let (a, huge) = (L::to_array(a), L::ito_array(huge));
    let (mut high, mut low, mut n) = (L::ito_array(L::dhigh(r)), L::ito_array(L::dlow(r)), L::ito_array(n));
    for i in 0..LANES {
        if huge[i] != 0 {
            let (r, quadrant) = reduce_huge(a[i]);
            (high[i], low[i], n[i]) = ((r.to_bits() >> 32) as u32, r.to_bits() as u32, quadrant);
        }
    }
    (L::dwords(L::ifrom_array(high), L::ifrom_array(low)), L::ifrom_array(n))
}

/// The r and n modulo 4 of a = r + n pi / 2, for finite a >= 2^17, by the digits of 2 / pi that matter (Payne and
/// Hanek): a m-bit integer times those below the fours.
fn reduce_huge(a: f32) -> (f64, u32) {
    /// 2 / pi, after a word of zeros.
    const DIGITS: [u32; 8] =
        [0, 0xa2f9_836e, 0x4e44_1529, 0xfc27_57d1, 0xf534_ddc0, 0xdb62_9599, 0x3c43_9041, 0xfe51_63ab];
    // a = m 2^e, and the digit of weight 2^-i times m 2^e is a multiple of 4 for i <= e - 2. So 96 digits from
    // i = e - 1 on; that of weight 1/2 is bit 32 of the words, and e is at least -6.
    let m = u64::from(a.to_bits() & 0x007f_ffff | 0x0080_0000);
    let e = (a.to_bits() >> 23) as i32 - 150;
    let first = (e + 30) as usize;
    let word = |i: usize| {
        let pair = u64::from(DIGITS[(first / 32 + i) & 7]) << 32 | u64::from(DIGITS[(first / 32 + i + 1) & 7]);
        (pair << (first % 32) >> 32) as u32
    };
    let low = m * u64::from(word(2));
    let middle = m * u64::from(word(1)) + (low >> 32);
    let high = m * u64::from(word(0)) + (middle >> 32);
    // Quarter turns, in units of 2^-62.
    let turns = high << 32 | middle & 0xffff_ffff;
    let n = turns.wrapping_add(1 << 61) >> 62;
    let r = turns.wrapping_sub(n << 62) as i64;
    (r as f64 * (core::f64::consts::FRAC_PI_2 / (1u64 << 62) as f64), n as u32)
}

/// sin(r + n pi / 2).
#[inline(always)]
fn sine_of<L: Lane>(r: L::F, n: L::I) -> L::F {
    let z = L::mul(r, r);
    let sin = L::add(r, L::mul(L::mul(r, z), polynomial::<L>(z, &SIN)));
    let cos = L::mul(L::mul(z, z), polynomial::<L>(z, &COS));
    let cos = L::add(L::sub(L::splat(1.0), L::mul(z, L::splat(0.5))), cos);
    let odd = L::sar(L::shl(n, 31), 31);
    L::float(L::xor(L::bits(L::select(odd, cos, sin)), L::and(L::shl(n, 30), L::isplat(SIGN))))
}

/// sin x.
#[inline(always)]
pub(crate) fn sin<L: Lane>(x: L::F) -> L::F {
    let (r, n) = reduce::<L>(L::abs(x));
    let y = sine_of::<L>(L::narrow(r), n);
    L::float(L::xor(L::bits(y), L::and(L::bits(x), L::isplat(SIGN))))
}

/// cos x.
#[inline(always)]
pub(crate) fn cos<L: Lane>(x: L::F) -> L::F {
    let (r, n) = reduce::<L>(L::abs(x));
    sine_of::<L>(L::narrow(r), L::iadd(n, L::isplat(1)))
}

/// tan x = sin r / cos r, or -cos r / sin r in odd quadrants.
#[inline(always)]
pub(crate) fn tan<L: Lane>(x: L::F) -> L::F {
    let (r, n) = reduce::<L>(L::abs(x));
    let z = L::dmul(r, r);
    let sin = wide_polynomial::<L>(
        z,
        &[2.718303359182244e-06, -0.0001983933402008005, 0.008333329383641083, -0.166666666416148],
    );
    let sin = L::dadd(r, L::dmul(L::dmul(r, z), sin));
    let cos = wide_polynomial::<L>(
        z,
        &[-2.7240941180290144e-07, 2.479994563081494e-05, -0.001388888564614633, 0.04166666664951022],
    );
    let cos = L::dadd(L::dsub(L::dsplat(1.0), L::dmul(z, L::dsplat(0.5))), L::dmul(L::dmul(z, z), cos));
    let odd = L::sar(L::shl(n, 31), 31);
    let negative = L::dsub(L::dsplat(0.0), cos);
    let y = L::narrow(L::ddiv(L::dselect(odd, negative, sin), L::dselect(odd, sin, cos)));
    L::float(L::xor(L::bits(y), L::and(L::bits(x), L::isplat(SIGN))))
}

/// [`sin`] (`SHIFT` = 0) or [`cos`] (`SHIFT` = 1) of four vectors; `None` where an angle is huge.
pub(crate) struct Sine<L: Lane, const SHIFT: u32> {
    scale: L::F,
    huge: L::F,
    half_pi: [L::D; 2],
    sin: [L::F; 3],
    cos: [L::F; 3],
    one: L::F,
    half: L::F,
    sign: L::I,
    never: usize,
}

impl<L: Lane, const SHIFT: u32> Abreast<L> for Sine<L, SHIFT> {
    #[inline(always)]
    fn new() -> Self {
        let [scale, huge, one, half] = core::hint::black_box([TWO_OVER_PI, HUGE, 1.0, 0.5]).map(L::splat);
        Sine {
            scale,
            huge,
            half_pi: core::hint::black_box([HALF_PI_HIGH, HALF_PI_LOW]).map(L::dsplat),
            sin: core::hint::black_box(SIN).map(L::splat),
            cos: core::hint::black_box(COS).map(L::splat),
            one,
            half,
            sign: L::isplat(core::hint::black_box(SIGN)),
            never: core::hint::black_box(usize::MAX),
        }
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let a = each!(x => L::abs(x));
        // As integers, which order floats that are not negative, and put NaN above all.
        let [p, q, r, s] = each!(a => L::bits(a));
        let widest = L::umax(L::umax(p, q), L::umax(r, s));
        if L::any(L::not(L::ult(widest, L::bits(self.huge)))) {
            return None;
        }
        let n = each!(a => L::nearest(L::mul(a, self.scale)));
        let w = each!(n => L::widen(n));
        let r = each!(a, w => L::dsub(L::widen(a), L::dmul(w, self.half_pi[0])));
        let r = each!(r, w => L::narrow(L::dsub(r, L::dmul(w, self.half_pi[1]))));
        ready!(r, turn == self.never, 1);
        let z = each!(r => L::mul(r, r));
        let c = &self.sin;
        let p = each!(z => L::add(L::mul(c[0], z), c[1]));
        let p = each!(p, z => L::add(L::mul(p, z), c[2]));
        let sin = each!(p, z, r => L::add(r, L::mul(L::mul(r, z), p)));
        ready!(sin, turn == self.never, 2);
        let c = &self.cos;
        let p = each!(z => L::add(L::mul(c[0], z), c[1]));
        let p = each!(p, z => L::add(L::mul(p, z), c[2]));
        let p = each!(p, z => L::mul(L::mul(z, z), p));
        let cos = each!(p, z => L::add(L::sub(self.one, L::mul(z, self.half)), p));
        ready!(cos, turn == self.never, 3);
        let n = each!(n => L::iadd(L::to_i32(n), L::isplat(SHIFT)));
        let y = each!(n, sin, cos => L::bits(L::select(L::sar(L::shl(n, 31), 31), cos, sin)));
        let turned = each!(n, x => L::xor(L::shl(n, 30), if SHIFT == 0 { L::bits(x) } else { L::isplat(0) }));
        Some(each!(y, turned => L::float(L::xor(y, L::and(turned, self.sign)))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        if SHIFT == 0 { sin::<L>(x) } else { cos::<L>(x) }
    }
}
