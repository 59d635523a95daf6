//! The SIMD lanes: WebAssembly's 128-bit vectors, with and without the fused multiply-add of relaxed SIMD.

use super::{LANES, Lane};
use core::arch::wasm32::*;

/// Four lanes of a v128; `madd` rounds twice.
#[derive(Clone, Copy, Debug)]
pub struct Simd128;

/// Four lanes of a v128; `madd` rounds once (where the processor fuses, which V8 asks of it).
#[cfg(target_feature = "relaxed-simd")]
#[derive(Clone, Copy, Debug)]
pub struct Relaxed;

/// Writes the lane once for both types: they differ in name and `madd` alone.
macro_rules! lane {
    ($type:ident, $name:literal, $madd:expr) => {
        impl Lane for $type {
            const NAME: &'static str = $name;
            type F = v128;
            type I = v128;
            type D = [v128; 2];

            #[inline(always)]
            unsafe fn load(p: *const f32) -> v128 {
                // SAFETY: the caller vouches for sixteen readable bytes.
                unsafe { v128_load(p.cast()) }
            }
            #[inline(always)]
            unsafe fn store(p: *mut f32, x: v128) {
                // SAFETY: the caller vouches for sixteen writable bytes.
                unsafe { v128_store(p.cast(), x) }
            }
            #[inline(always)]
            unsafe fn load_splat(p: *const f32) -> v128 {
                // SAFETY: the caller vouches for four readable bytes.
                unsafe { v128_load32_splat(p.cast()) }
            }
            #[inline(always)]
            unsafe fn iload(p: *const u32) -> v128 {
                // SAFETY: the caller vouches for sixteen readable bytes.
                unsafe { v128_load(p.cast()) }
            }
            #[inline(always)]
            unsafe fn istore(p: *mut u32, x: v128) {
                // SAFETY: the caller vouches for sixteen writable bytes.
                unsafe { v128_store(p.cast(), x) }
            }
            #[inline(always)]
            unsafe fn istore_halves(low: *mut u32, high: *mut u32, x: v128) {
                // SAFETY: the caller vouches for eight writable bytes at each.
                unsafe {
                    v128_store64_lane::<0>(x, low.cast());
                    v128_store64_lane::<1>(x, high.cast());
                }
            }
            #[inline(always)]
            unsafe fn iload_u16(p: *const u16) -> v128 {
                // SAFETY: the caller vouches for eight readable bytes.
                unsafe { u32x4_load_extend_u16x4(p.cast()) }
            }
            #[inline(always)]
            unsafe fn iload_u8(p: *const u8) -> v128 {
                // SAFETY: the caller vouches for four readable bytes.
                let bytes = unsafe { v128_load32_zero(p.cast()) };
                u32x4_extend_low_u16x8(u16x8_extend_low_u8x16(bytes))
            }
            #[inline(always)]
            unsafe fn istore_u16(p: *mut u16, x: v128) {
                let halves = i8x16_shuffle::<0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13>(x, x);
                // SAFETY: the caller vouches for eight writable bytes.
                unsafe { v128_store64_lane::<0>(halves, p.cast()) }
            }
            #[inline(always)]
            unsafe fn istore_u8(p: *mut u8, x: v128) {
                let bytes = i8x16_shuffle::<0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12>(x, x);
                // SAFETY: the caller vouches for four writable bytes.
                unsafe { v128_store32_lane::<0>(bytes, p.cast()) }
            }

            #[inline(always)]
            fn splat(x: f32) -> v128 {
                f32x4_splat(x)
            }
            #[inline(always)]
            fn isplat(x: u32) -> v128 {
                u32x4_splat(x)
            }
            #[inline(always)]
            fn to_array(x: v128) -> [f32; LANES] {
                [
                    f32x4_extract_lane::<0>(x),
                    f32x4_extract_lane::<1>(x),
                    f32x4_extract_lane::<2>(x),
                    f32x4_extract_lane::<3>(x),
                ]
            }
            #[inline(always)]
            fn ito_array(x: v128) -> [u32; LANES] {
                [
                    u32x4_extract_lane::<0>(x),
                    u32x4_extract_lane::<1>(x),
                    u32x4_extract_lane::<2>(x),
                    u32x4_extract_lane::<3>(x),
                ]
            }
            #[inline(always)]
            fn from_array(x: [f32; LANES]) -> v128 {
                f32x4(x[0], x[1], x[2], x[3])
            }
            #[inline(always)]
            fn ifrom_array(x: [u32; LANES]) -> v128 {
                u32x4(x[0], x[1], x[2], x[3])
            }
            #[inline(always)]
            fn add(a: v128, b: v128) -> v128 {
                f32x4_add(a, b)
            }
            #[inline(always)]
            fn sub(a: v128, b: v128) -> v128 {
                f32x4_sub(a, b)
            }
            #[inline(always)]
            fn mul(a: v128, b: v128) -> v128 {
                f32x4_mul(a, b)
            }
            #[inline(always)]
            fn div(a: v128, b: v128) -> v128 {
                f32x4_div(a, b)
            }
            #[inline(always)]
            fn madd(a: v128, b: v128, c: v128) -> v128 {
                $madd(a, b, c)
            }
            #[inline(always)]
            fn min(a: v128, b: v128) -> v128 {
                f32x4_min(a, b)
            }
            #[inline(always)]
            fn max(a: v128, b: v128) -> v128 {
                f32x4_max(a, b)
            }
            #[inline(always)]
            fn pmin(a: v128, b: v128) -> v128 {
                f32x4_pmin(a, b)
            }
            #[inline(always)]
            fn pmax(a: v128, b: v128) -> v128 {
                f32x4_pmax(a, b)
            }
            #[inline(always)]
            fn abs(x: v128) -> v128 {
                f32x4_abs(x)
            }
            #[inline(always)]
            fn neg(x: v128) -> v128 {
                f32x4_neg(x)
            }
            #[inline(always)]
            fn sqrt(x: v128) -> v128 {
                f32x4_sqrt(x)
            }
            #[inline(always)]
            fn floor(x: v128) -> v128 {
                f32x4_floor(x)
            }
            #[inline(always)]
            fn ceil(x: v128) -> v128 {
                f32x4_ceil(x)
            }
            #[inline(always)]
            fn trunc(x: v128) -> v128 {
                f32x4_trunc(x)
            }
            #[inline(always)]
            fn nearest(x: v128) -> v128 {
                f32x4_nearest(x)
            }
            #[inline(always)]
            fn eq(a: v128, b: v128) -> v128 {
                f32x4_eq(a, b)
            }
            #[inline(always)]
            fn lt(a: v128, b: v128) -> v128 {
                f32x4_lt(a, b)
            }
            #[inline(always)]
            fn le(a: v128, b: v128) -> v128 {
                f32x4_le(a, b)
            }
            #[inline(always)]
            fn bits(x: v128) -> v128 {
                x
            }
            #[inline(always)]
            fn float(x: v128) -> v128 {
                x
            }
            #[inline(always)]
            fn from_i32(x: v128) -> v128 {
                f32x4_convert_i32x4(x)
            }
            #[inline(always)]
            fn from_u32(x: v128) -> v128 {
                f32x4_convert_u32x4(x)
            }
            #[inline(always)]
            fn to_i32(x: v128) -> v128 {
                i32x4_trunc_sat_f32x4(x)
            }
            #[inline(always)]
            fn to_u32(x: v128) -> v128 {
                u32x4_trunc_sat_f32x4(x)
            }
            #[inline(always)]
            fn iadd(a: v128, b: v128) -> v128 {
                i32x4_add(a, b)
            }
            #[inline(always)]
            fn isub(a: v128, b: v128) -> v128 {
                i32x4_sub(a, b)
            }
            #[inline(always)]
            fn imul(a: v128, b: v128) -> v128 {
                i32x4_mul(a, b)
            }
            #[inline(always)]
            fn dot16(a: v128, b: v128) -> v128 {
                i32x4_dot_i16x8(a, b)
            }
            #[inline(always)]
            fn and(a: v128, b: v128) -> v128 {
                v128_and(a, b)
            }
            #[inline(always)]
            fn or(a: v128, b: v128) -> v128 {
                v128_or(a, b)
            }
            #[inline(always)]
            fn xor(a: v128, b: v128) -> v128 {
                v128_xor(a, b)
            }
            #[inline(always)]
            fn not(a: v128) -> v128 {
                v128_not(a)
            }
            #[inline(always)]
            fn shl(a: v128, count: u32) -> v128 {
                i32x4_shl(a, count)
            }
            #[inline(always)]
            fn shr(a: v128, count: u32) -> v128 {
                u32x4_shr(a, count)
            }
            #[inline(always)]
            fn sar(a: v128, count: u32) -> v128 {
                i32x4_shr(a, count)
            }
            #[inline(always)]
            fn ieq(a: v128, b: v128) -> v128 {
                i32x4_eq(a, b)
            }
            #[inline(always)]
            fn ilt(a: v128, b: v128) -> v128 {
                i32x4_lt(a, b)
            }
            #[inline(always)]
            fn ult(a: v128, b: v128) -> v128 {
                u32x4_lt(a, b)
            }
            #[inline(always)]
            fn imin(a: v128, b: v128) -> v128 {
                i32x4_min(a, b)
            }
            #[inline(always)]
            fn imax(a: v128, b: v128) -> v128 {
                i32x4_max(a, b)
            }
            #[inline(always)]
            fn umin(a: v128, b: v128) -> v128 {
                u32x4_min(a, b)
            }
            #[inline(always)]
            fn umax(a: v128, b: v128) -> v128 {
                u32x4_max(a, b)
            }
            #[inline(always)]
            fn iselect(mask: v128, a: v128, b: v128) -> v128 {
                v128_bitselect(a, b, mask)
            }
            #[inline(always)]
            fn dsplat(x: f64) -> [v128; 2] {
                [f64x2_splat(x); 2]
            }
            #[inline(always)]
            fn widen(x: v128) -> [v128; 2] {
                [f64x2_promote_low_f32x4(x), f64x2_promote_low_f32x4(i64x2_shuffle::<1, 1>(x, x))]
            }
            #[inline(always)]
            fn narrow([x, y]: [v128; 2]) -> v128 {
                i64x2_shuffle::<0, 2>(f32x4_demote_f64x2_zero(x), f32x4_demote_f64x2_zero(y))
            }
            #[inline(always)]
            fn dadd(a: [v128; 2], b: [v128; 2]) -> [v128; 2] {
                [f64x2_add(a[0], b[0]), f64x2_add(a[1], b[1])]
            }
            #[inline(always)]
            fn dsub(a: [v128; 2], b: [v128; 2]) -> [v128; 2] {
                [f64x2_sub(a[0], b[0]), f64x2_sub(a[1], b[1])]
            }
            #[inline(always)]
            fn dmul(a: [v128; 2], b: [v128; 2]) -> [v128; 2] {
                [f64x2_mul(a[0], b[0]), f64x2_mul(a[1], b[1])]
            }
            #[inline(always)]
            fn ddiv(a: [v128; 2], b: [v128; 2]) -> [v128; 2] {
                [f64x2_div(a[0], b[0]), f64x2_div(a[1], b[1])]
            }
            #[inline(always)]
            fn dsqrt([x, y]: [v128; 2]) -> [v128; 2] {
                [f64x2_sqrt(x), f64x2_sqrt(y)]
            }
            #[inline(always)]
            fn dtrunc([x, y]: [v128; 2]) -> [v128; 2] {
                [f64x2_trunc(x), f64x2_trunc(y)]
            }
            #[inline(always)]
            fn dlt(a: [v128; 2], b: [v128; 2]) -> v128 {
                i32x4_shuffle::<0, 2, 4, 6>(f64x2_lt(a[0], b[0]), f64x2_lt(a[1], b[1]))
            }
            #[inline(always)]
            fn dselect(mask: v128, a: [v128; 2], b: [v128; 2]) -> [v128; 2] {
                let (low, high) = Self::interleave32(mask, mask);
                [v128_bitselect(a[0], b[0], low), v128_bitselect(a[1], b[1], high)]
            }
            #[inline(always)]
            fn dhigh([x, y]: [v128; 2]) -> v128 {
                i32x4_shuffle::<1, 3, 5, 7>(x, y)
            }
            #[inline(always)]
            fn dlow([x, y]: [v128; 2]) -> v128 {
                i32x4_shuffle::<0, 2, 4, 6>(x, y)
            }
            #[inline(always)]
            fn dwords(high: v128, low: v128) -> [v128; 2] {
                let (x, y) = Self::interleave32(low, high);
                [x, y]
            }
            #[inline(always)]
            fn any(mask: v128) -> bool {
                v128_any_true(mask)
            }
            #[inline(always)]
            fn interleave8(a: v128, b: v128) -> (v128, v128) {
                (
                    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b),
                    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(a, b),
                )
            }
            #[inline(always)]
            fn interleave16(a: v128, b: v128) -> (v128, v128) {
                (i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b), i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a, b))
            }
            #[inline(always)]
            fn interleave32(a: v128, b: v128) -> (v128, v128) {
                (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b))
            }
            #[inline(always)]
            fn after1(a: v128, b: v128) -> v128 {
                i32x4_shuffle::<3, 4, 5, 6>(a, b)
            }
            #[inline(always)]
            fn after2(a: v128, b: v128) -> v128 {
                i32x4_shuffle::<2, 3, 4, 5>(a, b)
            }
            #[inline(always)]
            fn last(a: v128) -> v128 {
                i32x4_shuffle::<3, 3, 3, 3>(a, a)
            }
            #[inline(always)]
            fn reverse(a: v128) -> v128 {
                i32x4_shuffle::<3, 2, 1, 0>(a, a)
            }
            #[inline(always)]
            fn transpose(rows: [v128; LANES]) -> [v128; LANES] {
                let [a, b, c, d] = rows;
                let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
                let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
                [
                    i64x2_shuffle::<0, 2>(ab_low, cd_low),
                    i64x2_shuffle::<1, 3>(ab_low, cd_low),
                    i64x2_shuffle::<0, 2>(ab_high, cd_high),
                    i64x2_shuffle::<1, 3>(ab_high, cd_high),
                ]
            }
        }
    };
}

lane!(Simd128, "simd128", |a, b, c| f32x4_add(f32x4_mul(a, b), c));
#[cfg(target_feature = "relaxed-simd")]
lane!(Relaxed, "relaxed-simd", f32x4_relaxed_madd);
