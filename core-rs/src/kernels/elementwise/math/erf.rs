//! The error function and its kin.

use super::abreast::Abreast;
use super::exp::{ExpNotPositive, exp_not_positive, wide_exp};
use super::log::log1p;
use super::{SIGN, nan_of, polynomial, signed, wide_polynomial};
use crate::lane::Lane;

/// erf x / x - 1 as a polynomial of x², for |x| < [`MIDDLE`]: a minimax fit, with an error of 2^-31.
const NEAR: [f32; 7] =
    [8.409_921e-5, -8.152_631e-4, 5.201_961e-3, -2.685_98e-2, 1.128_370_3e-1, -3.761_263_5e-1, 1.283_791_7e-1];
/// ln(1 - erf x) as a polynomial of x, for x from [`MIDDLE`] to [`FAR`]: a fit that minimizes erf's relative error,
/// of 2^-29.
const TAIL: [f32; 7] =
    [1.959_363_6e-4, -3.043_212e-3, 2.222_690_7e-2, -1.039_315_8e-1, -6.371_822_4e-1, -1.127_675_7, -1.956_744_4e-4];
/// Where the two meet.
const MIDDLE: f32 = 0.92;
/// From here on the result is 1.
const FAR: f32 = 3.92;

/// erf x.
#[inline(always)]
pub(crate) fn erf<L: Lane>(x: L::F) -> L::F {
    let a = L::pmin(L::abs(x), L::splat(FAR));
    let near = L::add(L::mul(a, polynomial::<L>(L::mul(a, a), &NEAR)), a);
    let tail = L::sub(L::splat(1.0), exp_not_positive::<L>(polynomial::<L>(a, &TAIL)));
    let y = L::select(L::lt(a, L::splat(MIDDLE)), near, tail);
    nan_of::<L>(x, signed::<L>(x, y))
}

/// [`erf`] of four vectors; never `None` in truth.
pub(crate) struct Erf<L: Lane> {
    exp: ExpNotPositive<L>,
    near: [L::F; 7],
    tail: [L::F; 7],
    ends: [L::F; 2],
    sign: L::I,
}

impl<L: Lane> Abreast<L> for Erf<L> {
    #[inline(always)]
    fn new() -> Self {
        Erf {
            exp: ExpNotPositive::new(),
            near: core::hint::black_box(NEAR).map(L::splat),
            tail: core::hint::black_box(TAIL).map(L::splat),
            ends: core::hint::black_box([MIDDLE, FAR]).map(L::splat),
            sign: L::isplat(core::hint::black_box(SIGN)),
        }
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let ([middle, far], never, one) = (self.ends, self.exp.0.never, self.exp.0.one);
        let a = each!(x => L::pmin(L::abs(x), far));
        let z = each!(a => L::mul(a, a));
        let c = &self.near;
        let p = each!(z => L::add(L::mul(c[0], z), c[1]));
        let p = each!(p, z => L::add(L::mul(p, z), c[2]));
        let p = each!(p, z => L::add(L::mul(p, z), c[3]));
        ready!(p, turn == never, 3);
        let p = each!(p, z => L::add(L::mul(p, z), c[4]));
        let p = each!(p, z => L::add(L::mul(p, z), c[5]));
        let p = each!(p, z => L::add(L::mul(p, z), c[6]));
        let near = each!(p, a => L::add(L::mul(a, p), a));
        ready!(near, turn == never, 4);
        let c = &self.tail;
        let p = each!(a => L::add(L::mul(c[0], a), c[1]));
        let p = each!(p, a => L::add(L::mul(p, a), c[2]));
        let p = each!(p, a => L::add(L::mul(p, a), c[3]));
        ready!(p, turn == never, 5);
        let p = each!(p, a => L::add(L::mul(p, a), c[4]));
        let p = each!(p, a => L::add(L::mul(p, a), c[5]));
        let p = each!(p, a => L::add(L::mul(p, a), c[6]));
        let e = self.exp.four(p, turn)?;
        let y = each!(a, near, e => L::select(L::lt(a, middle), near, L::sub(one, e)));
        Some(each!(x, y => nan_of::<L>(x, L::float(L::or(L::bits(y), L::and(L::bits(x), self.sign))))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        erf::<L>(x)
    }
}

/// erfc x = e^-x² h(t) / (1 + 2 x) for positive x, with t = (x - 3) / (x + 3) and a polynomial h (after Shepherd and
/// Laframboise, 1981), fitted to a relative error of 2^-34 up to 10.2, beyond which the result is 0; erfc -x is
/// 2 - erfc x.
#[inline(always)]
pub(crate) fn erfc<L: Lane>(x: L::F) -> L::F {
    let a = L::widen(L::pmin(L::abs(x), L::splat(10.2)));
    let (one, three) = (L::dsplat(1.0), L::dsplat(3.0));
    let (above, below) = (L::dadd(a, three), L::dadd(one, L::dadd(a, a)));
    // One division for both quotients.
    let inverse = L::ddiv(one, L::dmul(above, below));
    let t = L::dmul(L::dmul(L::dsub(a, three), below), inverse);
    let h = wide_polynomial::<L>(
        t,
        &[
            3.309206662079494e-05,
            0.00012672301492440717,
            -0.00012665732170304283,
            -0.0007899694605633653,
            0.0018942315149763653,
            0.002533512808378469,
            -0.023771041125909394,
            0.06830737508049556,
            -0.11927365473581149,
            0.12964520032801996,
            -0.047562293812241856,
            -0.1356211068782724,
            1.2530080582654297,
        ],
    );
    let e = wide_exp::<L>(L::dsub(L::dsplat(0.0), L::dmul(a, a)));
    let y = L::dmul(L::dmul(e, h), L::dmul(above, inverse));
    let y = L::dselect(L::lt(x, L::splat(0.0)), L::dsub(L::dsplat(2.0), y), y);
    nan_of::<L>(x, L::narrow(y))
}

/// The inverse of erf by JAX's formula (M. Giles, "Approximating the erfinv function", 2012), x² rounded first:
/// w = -log1p(-x²), and x times a polynomial of w - 2.5, or of sqrt(w) - 3 from w = 5 on. Infinite at 1, NaN beyond.
#[inline(always)]
pub(crate) fn erf_inv<L: Lane>(x: L::F) -> L::F {
    let w = L::neg(log1p::<L>(L::neg(L::mul(x, x))));
    let central = L::lt(w, L::splat(5.0));
    let w = L::select(central, L::sub(w, L::splat(2.5)), L::sub(L::sqrt(w), L::splat(3.0)));
    const A: [f32; 9] = [
        2.810_226_4e-8,
        3.432_739_4e-7,
        -3.523_387_7e-6,
        -4.391_506_5e-6,
        2.185_808_7e-4,
        -1.253_725e-3,
        -4.177_681_6e-3,
        0.246_640_73,
        1.501_409_4,
    ];
    const B: [f32; 9] = [
        -2.002_142_6e-4,
        1.009_505_6e-4,
        1.349_343_2e-3,
        -3.673_428_4e-3,
        5.739_507_7e-3,
        -7.622_461_3e-3,
        9.438_870_5e-3,
        1.001_674,
        2.832_976_8,
    ];
    let mut p = L::select(central, L::splat(A[0]), L::splat(B[0]));
    for (&a, &b) in A[1..].iter().zip(&B[1..]) {
        p = L::add(L::mul(p, w), L::select(central, L::splat(a), L::splat(b)));
    }
    let infinite = L::eq(L::abs(x), L::splat(1.0));
    L::mul(x, L::select(infinite, L::splat(f32::INFINITY), p))
}
