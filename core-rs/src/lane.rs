//! Four 32-bit lanes, written once and lowered per target.
//!
//! Kernels are generic over [`Lane`] and always inlined; each wasm build has one live lane, [`Live`]:
//!
//! | build              | lane      | `madd`                        |
//! | ------------------ | --------- | ----------------------------- |
//! | relaxed-simd       | `Relaxed` | one rounding (fused)          |
//! | simd128            | `Simd128` | two roundings                 |
//! | scalar, and native | `Scalar`  | two roundings                 |
//!
//! Apart from `madd`, which only matrix products and their kin use, the three give equal bits for every
//! operation on every input, except for the payload of a NaN.

use core::fmt::Debug;

mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

pub use scalar::Scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub use simd128::Relaxed;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd128::Simd128;

/// The lane that kernels of this build run on.
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd", not(feature = "scalar")))]
pub type Live = Relaxed;
/// The lane that kernels of this build run on.
#[cfg(all(
    target_arch = "wasm32",
    target_feature = "simd128",
    not(target_feature = "relaxed-simd"),
    not(feature = "scalar")
))]
pub type Live = Simd128;
/// The lane that kernels of this build run on.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128", not(feature = "scalar"))))]
pub type Live = Scalar;

/// Lanes in a vector.
pub const LANES: usize = 4;

/// Operations on vectors of four f32 (`F`) or four 32-bit integers (`I`, signed or unsigned by operation).
///
/// A comparison gives all ones or all zeros in each lane of an `I`. Float minimum and maximum give NaN when
/// either side is NaN and order -0 below +0, as WebAssembly and JAX do.
pub trait Lane: Copy + Debug + Send + Sync + 'static {
    /// The lane's name, as `backend.info()` reports it.
    const NAME: &'static str;
    /// Four f32.
    type F: Copy;
    /// Four 32-bit integers.
    type I: Copy;
    /// Four f64, for what needs more digits between.
    type D: Copy;

    /// Loads four f32.
    ///
    /// # Safety
    /// - Sixteen bytes at `p` are readable. No alignment is needed.
    unsafe fn load(p: *const f32) -> Self::F;
    /// Stores four f32.
    ///
    /// # Safety
    /// - Sixteen bytes at `p` are writable. No alignment is needed.
    unsafe fn store(p: *mut f32, x: Self::F);
    /// Loads one f32 into all lanes.
    ///
    /// # Safety
    /// - Four bytes at `p` are readable.
    unsafe fn load_splat(p: *const f32) -> Self::F;
    /// Loads four integers.
    ///
    /// # Safety
    /// - Sixteen bytes at `p` are readable. No alignment is needed.
    unsafe fn iload(p: *const u32) -> Self::I;
    /// Stores four integers.
    ///
    /// # Safety
    /// - Sixteen bytes at `p` are writable. No alignment is needed.
    unsafe fn istore(p: *mut u32, x: Self::I);
    /// Stores the lower two integers at `low` and the upper two at `high`.
    ///
    /// # Safety
    /// - Eight bytes at `low` and at `high` are writable. No alignment is needed.
    unsafe fn istore_halves(low: *mut u32, high: *mut u32, x: Self::I);
    /// Loads four unsigned 16-bit numbers into the lanes.
    ///
    /// # Safety
    /// - Eight bytes at `p` are readable. No alignment is needed.
    unsafe fn iload_u16(p: *const u16) -> Self::I;

    /// Loads four unsigned 8-bit numbers into the lanes.
    ///
    /// # Safety
    /// - Four bytes at `p` are readable.
    unsafe fn iload_u8(p: *const u8) -> Self::I;
    /// Stores the low 16 bits of each lane.
    ///
    /// # Safety
    /// - Eight bytes at `p` are writable. No alignment is needed.
    unsafe fn istore_u16(p: *mut u16, x: Self::I);
    /// Stores the low 8 bits of each lane.
    ///
    /// # Safety
    /// - Four bytes at `p` are writable.
    unsafe fn istore_u8(p: *mut u8, x: Self::I);

    /// `x` in all lanes.
    fn splat(x: f32) -> Self::F;
    /// `x` in all lanes.
    fn isplat(x: u32) -> Self::I;
    /// The lanes as an array.
    fn to_array(x: Self::F) -> [f32; LANES];
    /// The lanes as an array.
    fn ito_array(x: Self::I) -> [u32; LANES];
    /// Lanes from an array.
    fn from_array(x: [f32; LANES]) -> Self::F;
    /// Lanes from an array.
    fn ifrom_array(x: [u32; LANES]) -> Self::I;

    /// `a + b`.
    fn add(a: Self::F, b: Self::F) -> Self::F;
    /// `a - b`.
    fn sub(a: Self::F, b: Self::F) -> Self::F;
    /// `a * b`.
    fn mul(a: Self::F, b: Self::F) -> Self::F;
    /// `a / b`.
    fn div(a: Self::F, b: Self::F) -> Self::F;
    /// `a * b + c`, rounded once where the lane can; see the table above.
    fn madd(a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    /// The smaller; NaN if either is.
    fn min(a: Self::F, b: Self::F) -> Self::F;
    /// The larger; NaN if either is.
    fn max(a: Self::F, b: Self::F) -> Self::F;
    /// `b < a ? b : a`, cheaper than [`Lane::min`]. Which operand comes where either is NaN or both are zeros is not
    /// fixed: with relaxed SIMD the compiler makes this `f32x4.relaxed_min`. So kernels must not let it show.
    fn pmin(a: Self::F, b: Self::F) -> Self::F;
    /// `a < b ? b : a`, cheaper than [`Lane::max`]; for NaN and zeros as [`Lane::pmin`].
    fn pmax(a: Self::F, b: Self::F) -> Self::F;
    /// `|x|`.
    fn abs(x: Self::F) -> Self::F;
    /// `-x`.
    fn neg(x: Self::F) -> Self::F;
    /// The square root, correctly rounded.
    fn sqrt(x: Self::F) -> Self::F;
    /// Rounds down.
    fn floor(x: Self::F) -> Self::F;
    /// Rounds up.
    fn ceil(x: Self::F) -> Self::F;
    /// Rounds toward zero.
    fn trunc(x: Self::F) -> Self::F;
    /// Rounds to the nearest integer, ties to even.
    fn nearest(x: Self::F) -> Self::F;
    /// `a == b`.
    fn eq(a: Self::F, b: Self::F) -> Self::I;
    /// `a < b`.
    fn lt(a: Self::F, b: Self::F) -> Self::I;
    /// `a <= b`.
    fn le(a: Self::F, b: Self::F) -> Self::I;

    /// The bits of the floats.
    fn bits(x: Self::F) -> Self::I;
    /// The floats with these bits.
    fn float(x: Self::I) -> Self::F;
    /// The nearest float of each signed integer.
    fn from_i32(x: Self::I) -> Self::F;
    /// The nearest float of each unsigned integer.
    fn from_u32(x: Self::I) -> Self::F;
    /// Rounds toward zero into i32; saturates; NaN gives 0.
    fn to_i32(x: Self::F) -> Self::I;
    /// Rounds toward zero into u32; saturates; NaN gives 0.
    fn to_u32(x: Self::F) -> Self::I;

    /// `a + b`, wrapping.
    fn iadd(a: Self::I, b: Self::I) -> Self::I;
    /// `a - b`, wrapping.
    fn isub(a: Self::I, b: Self::I) -> Self::I;
    /// The low 32 bits of `a * b`.
    fn imul(a: Self::I, b: Self::I) -> Self::I;
    /// The sum of both products of signed 16-bit halves, `low(a) low(b) + high(a) high(b)`, wrapping.
    fn dot16(a: Self::I, b: Self::I) -> Self::I;
    /// `a & b`.
    fn and(a: Self::I, b: Self::I) -> Self::I;
    /// `a | b`.
    fn or(a: Self::I, b: Self::I) -> Self::I;
    /// `a ^ b`.
    fn xor(a: Self::I, b: Self::I) -> Self::I;
    /// `!a`.
    fn not(a: Self::I) -> Self::I;
    /// Shifts left by the same count (below 32) in all lanes.
    fn shl(a: Self::I, count: u32) -> Self::I;
    /// Shifts right, filling with zeros, by the same count (below 32) in all lanes.
    fn shr(a: Self::I, count: u32) -> Self::I;
    /// Shifts right, filling with the sign, by the same count (below 32) in all lanes.
    fn sar(a: Self::I, count: u32) -> Self::I;
    /// `a == b`.
    fn ieq(a: Self::I, b: Self::I) -> Self::I;
    /// `a < b`, signed.
    fn ilt(a: Self::I, b: Self::I) -> Self::I;
    /// `a < b`, unsigned.
    fn ult(a: Self::I, b: Self::I) -> Self::I;
    /// The smaller, signed.
    fn imin(a: Self::I, b: Self::I) -> Self::I;
    /// The larger, signed.
    fn imax(a: Self::I, b: Self::I) -> Self::I;
    /// The smaller, unsigned.
    fn umin(a: Self::I, b: Self::I) -> Self::I;
    /// The larger, unsigned.
    fn umax(a: Self::I, b: Self::I) -> Self::I;
    /// Each bit of `a` where `mask` has a one, of `b` where it has a zero.
    fn iselect(mask: Self::I, a: Self::I, b: Self::I) -> Self::I;
    /// As [`Lane::iselect`], on floats.
    #[inline(always)]
    fn select(mask: Self::I, a: Self::F, b: Self::F) -> Self::F {
        Self::float(Self::iselect(mask, Self::bits(a), Self::bits(b)))
    }
    /// `x` in all lanes.
    fn dsplat(x: f64) -> Self::D;
    /// The same numbers.
    fn widen(x: Self::F) -> Self::D;
    /// The nearest f32 of each, ties to even.
    fn narrow(x: Self::D) -> Self::F;
    /// `a + b`.
    fn dadd(a: Self::D, b: Self::D) -> Self::D;
    /// `a - b`.
    fn dsub(a: Self::D, b: Self::D) -> Self::D;
    /// `a * b`.
    fn dmul(a: Self::D, b: Self::D) -> Self::D;
    /// `a / b`.
    fn ddiv(a: Self::D, b: Self::D) -> Self::D;
    /// The square root, correctly rounded.
    fn dsqrt(x: Self::D) -> Self::D;
    /// Rounds toward zero.
    fn dtrunc(x: Self::D) -> Self::D;
    /// `a < b`.
    fn dlt(a: Self::D, b: Self::D) -> Self::I;
    /// `a` where a lane of a comparison holds, `b` where not.
    fn dselect(mask: Self::I, a: Self::D, b: Self::D) -> Self::D;
    /// The upper 32 bits of each.
    fn dhigh(x: Self::D) -> Self::I;
    /// The lower 32 bits of each.
    fn dlow(x: Self::D) -> Self::I;
    /// The f64 of these upper and lower bits.
    fn dwords(high: Self::I, low: Self::I) -> Self::D;
    /// Whether some lane of a comparison holds.
    fn any(mask: Self::I) -> bool;
    /// The bytes of `a` and `b` in turn: those of the lower halves, then those of the upper.
    fn interleave8(a: Self::I, b: Self::I) -> (Self::I, Self::I);
    /// As [`Lane::interleave8`], on pairs of bytes.
    fn interleave16(a: Self::I, b: Self::I) -> (Self::I, Self::I);
    /// As [`Lane::interleave8`], on the integers.
    fn interleave32(a: Self::I, b: Self::I) -> (Self::I, Self::I);
    /// The last integer of `a`, then the first three of `b`.
    fn after1(a: Self::I, b: Self::I) -> Self::I;
    /// The last two integers of `a`, then the first two of `b`.
    fn after2(a: Self::I, b: Self::I) -> Self::I;
    /// The last integer in all lanes.
    fn last(a: Self::I) -> Self::I;
    /// The integers in the opposite order.
    fn reverse(a: Self::I) -> Self::I;
    /// Transposes a 4x4 block whose rows are given.
    fn transpose(rows: [Self::I; LANES]) -> [Self::I; LANES];
}
