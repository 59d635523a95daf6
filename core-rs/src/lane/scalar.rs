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

// In the module that this lane is built into, operations are calls: four floats at each place, unrolled as the kernels are,
// would make it half again as large, and five times as long to build; nobody waits for it.
impl Lane for Scalar {
    const NAME: &'static str = "scalar";
    type F = F;
    type I = I;
    type D = [f64; LANES];

    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn load(p: *const f32) -> F {
        // SAFETY: the caller vouches for sixteen readable bytes.
        unsafe { p.cast::<F>().read_unaligned() }
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn store(p: *mut f32, x: F) {
        // SAFETY: the caller vouches for sixteen writable bytes.
        unsafe { p.cast::<F>().write_unaligned(x) }
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn load_splat(p: *const f32) -> F {
        // SAFETY: the caller vouches for four readable bytes.
        [unsafe { p.read_unaligned() }; LANES]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn iload(p: *const u32) -> I {
        // SAFETY: the caller vouches for sixteen readable bytes.
        unsafe { p.cast::<I>().read_unaligned() }
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn istore(p: *mut u32, x: I) {
        // SAFETY: the caller vouches for sixteen writable bytes.
        unsafe { p.cast::<I>().write_unaligned(x) }
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn istore_halves(low: *mut u32, high: *mut u32, x: I) {
        // SAFETY: the caller vouches for eight writable bytes at each.
        unsafe {
            low.cast::<[u32; 2]>().write_unaligned([x[0], x[1]]);
            high.cast::<[u32; 2]>().write_unaligned([x[2], x[3]]);
        }
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn iload_u16(p: *const u16) -> I {
        // SAFETY: the caller vouches for eight readable bytes.
        map(unsafe { p.cast::<[u16; LANES]>().read_unaligned() }, u32::from)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn iload_u8(p: *const u8) -> I {
        // SAFETY: the caller vouches for four readable bytes.
        map(unsafe { p.cast::<[u8; LANES]>().read_unaligned() }, u32::from)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn istore_u16(p: *mut u16, x: I) {
        // SAFETY: the caller vouches for eight writable bytes.
        unsafe { p.cast::<[u16; LANES]>().write_unaligned(map(x, |x| x as u16)) }
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    unsafe fn istore_u8(p: *mut u8, x: I) {
        // SAFETY: the caller vouches for four writable bytes.
        unsafe { p.cast::<[u8; LANES]>().write_unaligned(map(x, |x| x as u8)) }
    }

    #[cfg_attr(feature = "scalar", inline(never))]
    fn splat(x: f32) -> F {
        [x; LANES]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn isplat(x: u32) -> I {
        [x; LANES]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn to_array(x: F) -> [f32; LANES] {
        x
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ito_array(x: I) -> [u32; LANES] {
        x
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn from_array(x: [f32; LANES]) -> F {
        x
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ifrom_array(x: [u32; LANES]) -> I {
        x
    }

    #[cfg_attr(feature = "scalar", inline(never))]
    fn add(a: F, b: F) -> F {
        zip(a, b, |a, b| a + b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn sub(a: F, b: F) -> F {
        zip(a, b, |a, b| a - b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn mul(a: F, b: F) -> F {
        zip(a, b, |a, b| a * b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn div(a: F, b: F) -> F {
        zip(a, b, |a, b| a / b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn madd(a: F, b: F, c: F) -> F {
        Self::add(Self::mul(a, b), c)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn min(a: F, b: F) -> F {
        zip(a, b, min)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn max(a: F, b: F) -> F {
        zip(a, b, max)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn pmin(a: F, b: F) -> F {
        zip(a, b, |a, b| if b < a { b } else { a })
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn pmax(a: F, b: F) -> F {
        zip(a, b, |a, b| if a < b { b } else { a })
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn abs(x: F) -> F {
        map(x, f32::abs)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn neg(x: F) -> F {
        map(x, |x| -x)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn sqrt(x: F) -> F {
        map(x, f32::sqrt)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn floor(x: F) -> F {
        map(x, f32::floor)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ceil(x: F) -> F {
        map(x, f32::ceil)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn trunc(x: F) -> F {
        map(x, f32::trunc)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn nearest(x: F) -> F {
        map(x, f32::round_ties_even)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn eq(a: F, b: F) -> I {
        zip(a, b, |a, b| mask(a == b))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn lt(a: F, b: F) -> I {
        zip(a, b, |a, b| mask(a < b))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn le(a: F, b: F) -> I {
        zip(a, b, |a, b| mask(a <= b))
    }

    #[cfg_attr(feature = "scalar", inline(never))]
    fn bits(x: F) -> I {
        map(x, f32::to_bits)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn float(x: I) -> F {
        map(x, f32::from_bits)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn from_i32(x: I) -> F {
        map(x, |x| x as i32 as f32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn from_u32(x: I) -> F {
        map(x, |x| x as f32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn to_i32(x: F) -> I {
        map(x, |x| x as i32 as u32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn to_u32(x: F) -> I {
        map(x, |x| x as u32)
    }

    #[cfg_attr(feature = "scalar", inline(never))]
    fn iadd(a: I, b: I) -> I {
        zip(a, b, u32::wrapping_add)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn isub(a: I, b: I) -> I {
        zip(a, b, u32::wrapping_sub)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn imul(a: I, b: I) -> I {
        zip(a, b, u32::wrapping_mul)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dot16(a: I, b: I) -> I {
        let low = |x: u32| x as i16 as i32;
        let high = |x: u32| (x >> 16) as i16 as i32;
        zip(a, b, |a, b| ((low(a) * low(b)) as u32).wrapping_add((high(a) * high(b)) as u32))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn and(a: I, b: I) -> I {
        zip(a, b, |a, b| a & b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn or(a: I, b: I) -> I {
        zip(a, b, |a, b| a | b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn xor(a: I, b: I) -> I {
        zip(a, b, |a, b| a ^ b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn not(a: I) -> I {
        map(a, |a| !a)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn shl(a: I, count: u32) -> I {
        map(a, |a| a << count)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn shr(a: I, count: u32) -> I {
        map(a, |a| a >> count)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn sar(a: I, count: u32) -> I {
        map(a, |a| ((a as i32) >> count) as u32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ieq(a: I, b: I) -> I {
        zip(a, b, |a, b| mask(a == b))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ilt(a: I, b: I) -> I {
        zip(a, b, |a, b| mask((a as i32) < b as i32))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ult(a: I, b: I) -> I {
        zip(a, b, |a, b| mask(a < b))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn imin(a: I, b: I) -> I {
        zip(a, b, |a, b| (a as i32).min(b as i32) as u32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn imax(a: I, b: I) -> I {
        zip(a, b, |a, b| (a as i32).max(b as i32) as u32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn umin(a: I, b: I) -> I {
        zip(a, b, u32::min)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn umax(a: I, b: I) -> I {
        zip(a, b, u32::max)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn iselect(mask: I, a: I, b: I) -> I {
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = (a[i] & mask[i]) | (b[i] & !mask[i]);
        }
        out
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dsplat(x: f64) -> Self::D {
        [x; LANES]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn widen(x: F) -> Self::D {
        x.map(f64::from)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn narrow(x: Self::D) -> F {
        x.map(|x| x as f32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dadd(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a + b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dsub(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a - b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dmul(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a * b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn ddiv(a: Self::D, b: Self::D) -> Self::D {
        zip(a, b, |a, b| a / b)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dsqrt(x: Self::D) -> Self::D {
        x.map(f64::sqrt)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dtrunc(x: Self::D) -> Self::D {
        x.map(f64::trunc)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dlt(a: Self::D, b: Self::D) -> I {
        zip(a, b, |a, b| mask(a < b))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dselect(mask: I, a: Self::D, b: Self::D) -> Self::D {
        core::array::from_fn(|i| if mask[i] != 0 { a[i] } else { b[i] })
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dhigh(x: Self::D) -> I {
        x.map(|x| (x.to_bits() >> 32) as u32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dlow(x: Self::D) -> I {
        x.map(|x| x.to_bits() as u32)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn dwords(high: I, low: I) -> Self::D {
        core::array::from_fn(|i| f64::from_bits(u64::from(high[i]) << 32 | u64::from(low[i])))
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn any(mask: I) -> bool {
        mask.iter().any(|&x| x != 0)
    }
    #[cfg_attr(feature = "scalar", inline(never))]
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
    #[cfg_attr(feature = "scalar", inline(never))]
    fn interleave16(a: I, b: I) -> (I, I) {
        let low = |i: usize| (a[i] & 0xffff) | b[i] << 16;
        let high = |i: usize| a[i] >> 16 | (b[i] & 0xffff_0000);
        ([low(0), high(0), low(1), high(1)], [low(2), high(2), low(3), high(3)])
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn interleave32(a: I, b: I) -> (I, I) {
        ([a[0], b[0], a[1], b[1]], [a[2], b[2], a[3], b[3]])
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn after1(a: I, b: I) -> I {
        [a[3], b[0], b[1], b[2]]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn after2(a: I, b: I) -> I {
        [a[2], a[3], b[0], b[1]]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn last(a: I) -> I {
        [a[3]; LANES]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
    fn reverse(a: I) -> I {
        [a[3], a[2], a[1], a[0]]
    }
    #[cfg_attr(feature = "scalar", inline(never))]
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
