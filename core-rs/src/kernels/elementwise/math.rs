//! Elementary functions over a lane: exp, log, tanh.
//!
//! No multiply-add is contracted, so every lane gives the same bits. Largest errors against f64, by `tests/ulp.rs`
//! over every 31st bit pattern (1.4 * 10^8 inputs a function, subnormals included):
//!
//! | function | ulp  | at        |
//! | -------- | ---- | --------- |
//! | exp      | 0.98 | 26.719706 |
//! | log      | 0.83 | 1.4089879 |
//! | tanh     | 1.32 | -0.631231 |

use crate::lane::Lane;

/// 1 / ln 2.
const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// The upper 10 bits of ln 2, so that `n * LN2_HIGH` is exact for |n| below 2^14 (Cody and Waite; Cephes `expf`).
const LN2_HIGH: f32 = 0.693_359_4;
/// ln 2 less `LN2_HIGH`.
const LN2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 * 2^23: adding it to a float below 2^22 leaves the nearest integer in the low bits of the mantissa.
const TO_INTEGER: f32 = 12_582_912.0;

/// -1 or 1; a zero keeps its sign, a NaN stays NaN.
#[inline(always)]
pub(super) fn sign<L: Lane>(x: L::F) -> L::F {
    let bits = L::bits(x);
    let one = L::or(L::and(bits, L::isplat(0x8000_0000)), L::isplat(0x3f80_0000));
    let nonzero = L::lt(L::splat(0.0), L::abs(x));
    L::float(L::iselect(nonzero, one, bits))
}

/// The coefficients of [`exp_reduced`], from c6 down to c2: a minimax fit of the relative error, rounded to f32 one
/// after the other from c2 up, the rest fitted anew each time; the polynomial is within 0.03 ulp.
const C: [f32; 5] = [1.382_069e-3, 8.368_676e-3, 4.166_826_6e-2, 1.666_652_1e-1, 4.999_999_4e-1];

/// e^r for |r| <= ln 2 / 2: 1 + r + r^2 (c2 + c3 r + c4 r^2 + c5 r^3 + c6 r^4).
#[inline(always)]
fn exp_reduced<L: Lane>(r: L::F) -> L::F {
    let mut p = L::splat(C[0]);
    for &c in &C[1..] {
        p = L::add(L::mul(p, r), L::splat(c));
    }
    L::add(L::add(L::mul(p, L::mul(r, r)), r), L::splat(1.0))
}

/// `y`, or a NaN where `x` is one: all ones are a NaN. The clamps below do not carry it: which operand a comparing
/// minimum takes beside a NaN is not fixed where the compiler makes it a relaxed one.
#[inline(always)]
fn nan_of<L: Lane>(x: L::F, y: L::F) -> L::F {
    L::float(L::or(L::bits(y), L::not(L::eq(x, x))))
}

/// x - n ln 2, in two steps.
#[inline(always)]
fn less_ln2<L: Lane>(x: L::F, n: L::F) -> L::F {
    let r = L::sub(x, L::mul(n, L::splat(LN2_HIGH)));
    L::sub(r, L::mul(n, L::splat(LN2_LOW)))
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
    let y = exp_reduced::<L>(less_ln2::<L>(x, n));
    // 2^n as a product of two normal numbers, whose exponents' sum is n + 254: so a subnormal result is rounded once.
    let low = L::shr(L::bits(shifted), 1);
    let high = L::isub(L::bits(shifted), low);
    let y = L::mul(L::mul(y, L::float(L::shl(low, 23))), L::float(L::shl(high, 23)));
    nan_of::<L>(given, y)
}

/// [`exp`], to the bit, for numbers that are not positive, with fewer steps. A NaN gives NaN or 0.
#[inline(always)]
pub(crate) fn exp_not_positive<L: Lane>(x: L::F) -> L::F {
    // As integers, negative numbers grow away from zero: the smaller of the bits is the larger number.
    let x = L::float(L::umin(L::bits(x), L::isplat((-105f32).to_bits())));
    // n + 127 + 65 lies in the low bits, so that 2^(n + 65) is normal. Even, as in `exp`, for the sake of ties.
    let bias = L::splat(TO_INTEGER + 192.0);
    let shifted = L::add(L::mul(x, L::splat(LOG2_E)), bias);
    let n = L::sub(shifted, bias);
    let y = L::mul(exp_reduced::<L>(less_ln2::<L>(x, n)), L::float(L::shl(L::bits(shifted), 23)));
    // 2^-65, which rounds a subnormal result, once.
    L::mul(y, L::float(L::isplat((127 - 65) << 23)))
}

/// A function of four vectors at once, one step of all four after the other.
///
/// The chain of operations of one vector is longer than the processor looks ahead; four next to each other keep its
/// pipes busy. And a constant, which V8 would make anew by three instructions, is at hand for all four.
/// Measured on Zen 5 at 4.1 GHz in Deno, in ns an element, and vector by vector in brackets: exp 0.53 (0.87), log 0.77
/// (1.43), tanh 1.23 (1.50).
pub(crate) trait Abreast<L: Lane> {
    /// The function's constants, hidden from the compiler; make them before a loop.
    fn new() -> Self;

    /// The function of four vectors, or `None`: then compute each of them alone, which gives the same bits. `turn`
    /// is a loop's counter, below 2^31.
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]>;

    /// The function of one vector, for any values.
    fn one(x: L::F) -> L::F;
}

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

/// What [`Exp`] and [`ExpNotPositive`] share.
struct Reduced<L: Lane> {
    log2_e: L::F,
    bias: L::F,
    ln2: [L::F; 2],
    c: [L::F; 5],
    one: L::F,
    never: usize,
}

impl<L: Lane> Reduced<L> {
    #[inline(always)]
    fn new(bias: f32) -> Self {
        let c = core::hint::black_box([LOG2_E, bias, LN2_HIGH, LN2_LOW, C[0], C[1], C[2], C[3], C[4], 1.0]);
        Reduced {
            log2_e: L::splat(c[0]),
            bias: L::splat(c[1]),
            ln2: [L::splat(c[2]), L::splat(c[3])],
            c: [L::splat(c[4]), L::splat(c[5]), L::splat(c[6]), L::splat(c[7]), L::splat(c[8])],
            one: L::splat(c[9]),
            never: core::hint::black_box(usize::MAX),
        }
    }

    /// x / ln 2 plus the bias, in the lowest bits of a float.
    #[inline(always)]
    fn shifted(&self, x: [L::F; 4]) -> [L::F; 4] {
        each!(x => L::add(L::mul(x, self.log2_e), self.bias))
    }

    /// e^r of what [`Self::shifted`] leaves, as [`exp_reduced`] of [`less_ln2`].
    #[inline(always)]
    fn power(&self, x: [L::F; 4], shifted: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let n = each!(shifted => L::sub(shifted, self.bias));
        let r = each!(x, n => L::sub(x, L::mul(n, self.ln2[0])));
        let r = each!(r, n => L::sub(r, L::mul(n, self.ln2[1])));
        ready!(r, turn == self.never, 1);
        let p = each!(r => L::add(L::mul(self.c[0], r), self.c[1]));
        let p = each!(p, r => L::add(L::mul(p, r), self.c[2]));
        let p = each!(p, r => L::add(L::mul(p, r), self.c[3]));
        ready!(p, turn == self.never, 2);
        let p = each!(p, r => L::add(L::mul(p, r), self.c[4]));
        let p = each!(p, r => L::add(L::mul(p, L::mul(r, r)), r));
        Some(each!(p => L::add(p, self.one)))
    }
}

/// [`exp`] of four vectors; `None` unless all results are normal numbers.
pub(super) struct Exp<L: Lane>(Reduced<L>, L::I);

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
pub(crate) struct ExpNotPositive<L: Lane>(Reduced<L>, [L::F; 2]);

impl<L: Lane> Abreast<L> for ExpNotPositive<L> {
    #[inline(always)]
    fn new() -> Self {
        let c = core::hint::black_box([-105.0, f32::from_bits((127 - 65) << 23)]);
        ExpNotPositive(Reduced::new(TO_INTEGER + 192.0), [L::splat(c[0]), L::splat(c[1])])
    }

    #[inline(always)]
    fn four(&self, x: [L::F; 4], turn: usize) -> Option<[L::F; 4]> {
        let x = each!(x => L::float(L::umin(L::bits(x), L::bits(self.1[0]))));
        let s = self.0.shifted(x);
        let y = self.0.power(x, s, turn)?;
        let y = each!(y, s => L::mul(y, L::float(L::shl(L::bits(s), 23))));
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

/// ln x, after fdlibm's `__ieee754_logf`: x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), s = f / (2 + f), and
/// ln(1 + f) = f - f²/2 + s (f²/2 + R(s²)).
#[inline(always)]
pub(super) fn log<L: Lane>(x: L::F) -> L::F {
    // Subnormals are scaled by 2^25.
    let small = L::lt(x, L::float(L::isplat(0x0080_0000)));
    let bits = L::bits(L::select(small, L::mul(x, L::splat(33_554_432.0)), x));
    // sqrt(1/2) has the bits 0x3f3504f3: counting from there, the exponent is k.
    let offset = L::isub(bits, L::isplat(0x3f35_04f3));
    let k = L::isub(L::sar(offset, 23), L::and(small, L::isplat(25)));
    let m = L::iadd(L::and(offset, L::isplat(0x007f_ffff)), L::isplat(0x3f35_04f3));
    let k = L::from_i32(k);
    let f = L::sub(L::float(m), L::splat(1.0));
    let s = L::div(f, L::add(f, L::splat(2.0)));
    let z = L::mul(s, s);
    let mut r = L::splat(0.242_790_79);
    for c in [0.284_987_87, 0.400_009_72, 0.666_666_6] {
        r = L::add(L::mul(r, z), L::splat(c));
    }
    let half = L::mul(L::mul(f, f), L::splat(0.5));
    // k ln 2: the upper part has 17 bits, so its product is exact.
    let tail = L::add(L::mul(s, L::add(half, L::mul(r, z))), L::mul(k, L::splat(9.058_001e-6)));
    let y = L::add(L::add(L::sub(tail, half), f), L::mul(k, L::splat(0.693_138_1)));
    // Infinity and NaN are themselves, 0 gives -infinity, what lies below gives NaN.
    let y = L::select(L::lt(x, L::splat(f32::INFINITY)), y, x);
    let y = L::select(L::eq(x, L::splat(0.0)), L::splat(f32::NEG_INFINITY), y);
    L::select(L::lt(x, L::splat(0.0)), L::splat(f32::NAN), y)
}

/// tanh |x| = 1 - 2 / (e^(2|x|) + 1), and x + x^3 P(x^2) for |x| < 0.625, after Cephes' `tanhf`; the sign is that of x.
#[inline(always)]
pub(super) fn tanh<L: Lane>(x: L::F) -> L::F {
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

/// [`log`] of four vectors; `None` unless all are positive normal numbers.
pub(super) struct Log<L: Lane> {
    /// sqrt(1/2), the mantissa's bits, the lowest normal number, and how far the highest one lies above it.
    bits: [L::I; 4],
    c: [L::F; 9],
    never: usize,
}

impl<L: Lane> Abreast<L> for Log<L> {
    #[inline(always)]
    fn new() -> Self {
        let bits = core::hint::black_box([0x3f35_04f3, 0x007f_ffff, 0x0080_0000, 0x7eff_ffff]);
        let c = core::hint::black_box([
            1.0,
            2.0,
            0.242_790_79,
            0.284_987_87,
            0.400_009_72,
            0.666_666_6,
            0.5,
            9.058_001e-6,
            0.693_138_1,
        ]);
        Log { bits: bits.map(L::isplat), c: c.map(L::splat), never: core::hint::black_box(usize::MAX) }
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
        let tail = each!(s, half, r, k => L::add(L::mul(s, L::add(half, r)), L::mul(k, self.c[7])));
        Some(each!(tail, half, f, k => L::add(L::add(L::sub(tail, half), f), L::mul(k, self.c[8]))))
    }

    #[inline(always)]
    fn one(x: L::F) -> L::F {
        log::<L>(x)
    }
}

/// [`tanh`] of four vectors; never `None` in truth.
pub(super) struct Tanh<L: Lane> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Scalar;

    #[test]
    fn four_abreast_give_the_bits_of_one_alone() {
        fn check<A: Abreast<Scalar>>(bits: impl Fn(u32) -> u32) {
            let f = A::new();
            let mut taken = 0;
            for i in 0..1 << 16 {
                let x = core::array::from_fn(|v| {
                    core::array::from_fn(|l| f32::from_bits(bits(i * 16 + (v * 4 + l) as u32)))
                });
                let Some(y) = f.four(x, i as usize) else { continue };
                taken += 1;
                for (x, y) in x.into_iter().zip(y) {
                    assert_eq!(A::one(x).map(f32::to_bits), y.map(f32::to_bits), "{x:?}");
                }
            }
            assert!(taken > 0);
        }
        check::<Exp<Scalar>>(|i| i * 4096);
        check::<Log<Scalar>>(|i| i * 4096);
        // Not a NaN.
        check::<Tanh<Scalar>>(|i| i % 0xff_0000 * 128);
        check::<ExpNotPositive<Scalar>>(|i| 0x8000_0000 | (i % 0xff_0000 * 128));
        let least = ExpBounded::<Scalar>::LEAST.to_bits();
        check::<ExpBounded<Scalar>>(|i| 0x8000_0000 + i.wrapping_mul(2053) % (least - 0x8000_0000 + 1));
        check::<ExpBounded<Scalar>>(|i| least - i);
    }
}
