//! The portable lane: arrays and loops. It is the twin that the SIMD lanes are tested against, and the lane of
//! native tests.

use super::{LANES, Lane};

/// Four lanes in plain arrays.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

type F = [f32; LANES];
type I = [u32; LANES];

#[inline(always)]
fn map<T: Copy, U: Copy + Default>(a: [T; LANES], f: impl Fn(T) -> U) -> [U; LANES] {
    let mut out = [U::default(); LANES];
    for i in 0..LANES {
        out[i] = f(a[i]);
    }
    out
}

#[inline(always)]
fn zip<T: Copy, U: Copy + Default>(a: [T; LANES], b: [T; LANES], f: impl Fn(T, T) -> U) -> [U; LANES] {
    let mut out = [U::default(); LANES];
    for i in 0..LANES {
        out[i] = f(a[i], b[i]);
    }
    out
}

#[inline(always)]
fn mask(holds: bool) -> u32 {
    if holds { u32::MAX } else { 0 }
}

#[inline(always)]
fn min(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        // -0 lies below +0.
        f32::from_bits(a.to_bits() | b.to_bits())
    } else if a < b {
        a
    } else {
        b
    }
}

#[inline(always)]
fn max(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        f32::from_bits(a.to_bits() & b.to_bits())
    } else if a > b {
        a
    } else {
        b
    }
}

impl Lane for Scalar {
    const NAME: &'static str = "scalar";
    type F = F;
    type I = I;
    type D = [f64; LANES];

    #[inline(always)]
    unsafe fn load(p: *const f32) -> F {
        // SAFETY: the caller vouches for sixteen readable bytes.
        unsafe { p.cast::<F>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, x: F) {
        // SAFETY: the caller vouches for sixteen writable bytes.
        unsafe { p.cast::<F>().write_unaligned(x) }
    }
    #[inline(always)]
    unsafe fn load_splat(p: *const f32) -> F {
        // SAFETY: the caller vouches for four readable bytes.
        [unsafe { p.read_unaligned() }; LANES]
    }
    #[inline(always)]
    unsafe fn iload(p: *const u32) -> I {
        // SAFETY: the caller vouches for sixteen readable bytes.
        unsafe { p.cast::<I>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn istore(p: *mut u32, x: I) {
        // SAFETY: the caller vouches for sixteen writable bytes.
        unsafe { p.cast::<I>().write_unaligned(x) }
    }
    #[inline(always)]
    unsafe fn istore_halves(low: *mut u32, high: *mut u32, x: I) {
        // SAFETY: the caller vouches for eight writable bytes at each.
        unsafe {
            low.cast::<[u32; 2]>().write_unaligned([x[0], x[1]]);
            high.cast::<[u32; 2]>().write_unaligned([x[2], x[3]]);
        }
    }
    #[inline(always)]
    unsafe fn iload_u16(p: *const u16) -> I {
        // SAFETY: the caller vouches for eight readable bytes.
        map(unsafe { p.cast::<[u16; LANES]>().read_unaligned() }, u32::from)
    }
    #[inline(always)]
    unsafe fn iload_u8(p: *const u8) -> I {
        // SAFETY: the caller vouches for four readable bytes.
        map(unsafe { p.cast::<[u8; LANES]>().read_unaligned() }, u32::from)
    }
    #[inline(always)]
    unsafe fn istore_u16(p: *mut u16, x: I) {
        // SAFETY: the caller vouches for eight writable bytes.
        unsafe { p.cast::<[u16; LANES]>().write_unaligned(map(x, |x| x as u16)) }
    }
    #[inline(always)]
    unsafe fn istore_u8(p: *mut u8, x: I) {
        // SAFETY: the caller vouches for four writable bytes.
        unsafe { p.cast::<[u8; LANES]>().write_unaligned(map(x, |x| x as u8)) }
    }

    #[inline(always)]
    fn splat(x: f32) -> F {
        [x; LANES]
    }
    #[inline(always)]
    fn isplat(x: u32) -> I {
        [x; LANES]
    }
    #[inline(always)]
    fn to_array(x: F) -> [f32; LANES] {
        x
    }
    #[inline(always)]
    fn ito_array(x: I) -> [u32; LANES] {
        x
    }
    #[inline(always)]
    fn from_array(x: [f32; LANES]) -> F {
        x
    }
    #[inline(always)]
    fn ifrom_array(x: [u32; LANES]) -> I {
        x
    }

    #[inline(always)]
    fn add(a: F, b: F) -> F {
        zip(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(a: F, b: F) -> F {
        zip(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(a: F, b: F) -> F {
        zip(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(a: F, b: F) -> F {
        zip(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn madd(a: F, b: F, c: F) -> F {
        Self::add(Self::mul(a, b), c)
    }
    #[inline(always)]
    fn min(a: F, b: F) -> F {
        zip(a, b, min)
    }
    #[inline(always)]
    fn max(a: F, b: F) -> F {
        zip(a, b, max)
    }
    #[inline(always)]
    fn pmin(a: F, b: F) -> F {
        zip(a, b, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    fn pmax(a: F, b: F) -> F {
        zip(a, b, |a, b| if a < b { b } else { a })
    }
    #[inline(always)]
    fn abs(x: F) -> F {
        map(x, f32::abs)
    }
    #[inline(always)]
    fn neg(x: F) -> F {
        map(x, |x| -x)
    }
    #[inline(always)]
    fn sqrt(x: F) -> F {
        map(x, f32::sqrt)
    }
    #[inline(always)]
    fn floor(x: F) -> F {
        map(x, f32::floor)
    }
    #[inline(always)]
    fn ceil(x: F) -> F {
        map(x, f32::ceil)
    }
    #[inline(always)]
    fn trunc(x: F) -> F {
        map(x, f32::trunc)
    }
    #[inline(always)]
    fn nearest(x: F) -> F {
        map(x, f32::round_ties_even)
    }
    #[inline(always)]
    fn eq(a: F, b: F) -> I {
        zip(a, b, |a, b| mask(a == b))
    }
    #[inline(always)]
    fn lt(a: F, b: F) -> I {
        zip(a, b, |a, b| mask(a < b))
    }
    #[inline(always)]
    fn le(a: F, b: F) -> I {
        zip(a, b, |a, b| mask(a <= b))
    }

    #[inline(always)]
    fn bits(x: F) -> I {
        map(x, f32::to_bits)
    }
    #[inline(always)]
    fn float(x: I) -> F {
        map(x, f32::from_bits)
    }
    #[inline(always)]
    fn from_i32(x: I) -> F {
        map(x, |x| x as i32 as f32)
    }
    #[inline(always)]
    fn from_u32(x: I) -> F {
        map(x, |x| x as f32)
    }
    #[inline(always)]
    fn to_i32(x: F) -> I {
        map(x, |x| x as i32 as u32)
    }
    #[inline(always)]
    fn to_u32(x: F) -> I {
        map(x, |x| x as u32)
    }

    #[inline(always)]
    fn iadd(a: I, b: I) -> I {
        zip(a, b, u32::wrapping_add)
    }
    #[inline(always)]
    fn isub(a: I, b: I) -> I {
        zip(a, b, u32::wrapping_sub)
    }
    #[inline(always)]
    fn imul(a: I, b: I) -> I {
        zip(a, b, u32::wrapping_mul)
    }
    #[inline(always)]
    fn and(a: I, b: I) -> I {
        zip(a, b, |a, b| a & b)
    }
    #[inline(always)]
    fn or(a: I, b: I) -> I {
        zip(a, b, |a, b| a | b)
    }
    #[inline(always)]
    fn xor(a: I, b: I) -> I {
        zip(a, b, |a, b| a ^ b)
    }
    #[inline(always)]
    fn not(a: I) -> I {
        map(a, |a| !a)
    }
    #[inline(always)]
    fn shl(a: I, count: u32) -> I {
        map(a, |a| a << count)
    }
    #[inline(always)]
    fn shr(a: I, count: u32) -> I {
        map(a, |a| a >> count)
    }
    #[inline(always)]
    fn sar(a: I, count: u32) -> I {
        map(a, |a| ((a as i32) >> count) as u32)
    }
    #[inline(always)]
    fn ieq(a: I, b: I) -> I {
        zip(a, b, |a, b| mask(a == b))
    }
    #[inline(always)]
    fn ilt(a: I, b: I) -> I {
        zip(a, b, |a, b| mask((a as i32) < b as i32))
    }
    #[inline(always)]
    fn ult(a: I, b: I) -> I {
        zip(a, b, |a, b| mask(a < b))
    }
    #[inline(always)]
    fn imin(a: I, b: I) -> I {
        zip(a, b, |a, b| (a as i32).min(b as i32) as u32)
    }
    #[inline(always)]
    fn imax(a: I, b: I) -> I {
        zip(a, b, |a, b| (a as i32).max(b as i32) as u32)
    }
    #[inline(always)]
    fn umin(a: I, b: I) -> I {
        zip(a, b, u32::min)
    }
    #[inline(always)]
    fn umax(a: I, b: I) -> I {
        zip(a, b, u32::max)
    }
    #[inline(always)]
    fn iselect(mask: I, a: I, b: I) -> I {
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = (a[i] & mask[i]) | (b[i] & !mask[i]);
        }
        out
    }
    #[inline(always)]
    fn dsplat(x: f64) -> Self::D {
        [x; LANES]
    }
    #[inline(always)]
    fn widen(x: F) -> Self::D {
        x.map(f64::from)
    }
    #[inline(always)]
    fn narrow(x: Self::D) -> F {
        x.map(|x| x as f32)
    }
    #[inline(always)]
    fn dadd(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn dsub(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn dmul(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn ddiv(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn dsqrt(x: Self::D) -> Self::D {
        x.map(f64::sqrt)
    }
    #[inline(always)]
    fn dtrunc(x: Self::D) -> Self::D {
        x.map(f64::trunc)
    }
    #[inline(always)]
    fn dlt(a: Self::D, b: Self::D) -> I {
        zip(a, b, |a, b| mask(a < b))
    }
    #[inline(always)]
    fn dselect(mask: I, a: Self::D, b: Self::D) -> Self::D {
        core::array::from_fn(|i| if mask[i] != 0 { a[i] } else { b[i] })
    }
    #[inline(always)]
    fn dhigh(x: Self::D) -> I {
        x.map(|x| (x.to_bits() >> 32) as u32)
    }
    #[inline(always)]
    fn dlow(x: Self::D) -> I {
        x.map(|x| x.to_bits() as u32)
    }
    #[inline(always)]
    fn dwords(high: I, low: I) -> Self::D {
        core::array::from_fn(|i| f64::from_bits(u64::from(high[i]) << 32 | u64::from(low[i])))
    }
    #[inline(always)]
    fn any(mask: I) -> bool {
        mask.iter().any(|&x| x != 0)
    }
    #[inline(always)]
    fn interleave8(a: I, b: I) -> (I, I) {
        // Bytes 0 and 1 of `a` and `b` as a, b, a, b; the shift picks the pair.
        let pair = |a: u32, b: u32, at: u32| {
            let (a, b) = (a >> at, b >> at);
            (a & 0xff) | (b & 0xff) << 8 | (a & 0xff00) << 8 | (b & 0xff00) << 16
        };
        let half = |i: usize| {
            [pair(a[i], b[i], 0), pair(a[i], b[i], 16), pair(a[i + 1], b[i + 1], 0), pair(a[i + 1], b[i + 1], 16)]
        };
        (half(0), half(2))
    }
    #[inline(always)]
    fn interleave16(a: I, b: I) -> (I, I) {
        let low = |i: usize| (a[i] & 0xffff) | b[i] << 16;
        let high = |i: usize| a[i] >> 16 | (b[i] & 0xffff_0000);
        ([low(0), high(0), low(1), high(1)], [low(2), high(2), low(3), high(3)])
    }
    #[inline(always)]
    fn interleave32(a: I, b: I) -> (I, I) {
        ([a[0], b[0], a[1], b[1]], [a[2], b[2], a[3], b[3]])
    }
    #[inline(always)]
    fn after1(a: I, b: I) -> I {
        [a[3], b[0], b[1], b[2]]
    }
    #[inline(always)]
    fn after2(a: I, b: I) -> I {
        [a[2], a[3], b[0], b[1]]
    }
    #[inline(always)]
    fn last(a: I) -> I {
        [a[3]; LANES]
    }
    #[inline(always)]
    fn reverse(a: I) -> I {
        [a[3], a[2], a[1], a[0]]
    }
    #[inline(always)]
    fn transpose(rows: [I; LANES]) -> [I; LANES] {
        let mut out = [[0; LANES]; LANES];
        for i in 0..LANES {
            for j in 0..LANES {
                out[j][i] = rows[i][j];
            }
        }
        out
    }
}
