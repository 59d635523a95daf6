//! Moves between memory of any dtype and registers of 32 bits.
//!
//! f16 is exact for all its 65 536 values on load; f16 and bf16 are rounded to nearest, ties to even, on store:
//! beyond the range an infinity, and a NaN stays a (quiet) NaN. Integers keep their low bits on store.

use super::loops::Reg;
use super::tile::{BLOCK, Rows};
use crate::dtype::DType;
use crate::lane::{LANES, Lane, Scalar};

/// Bits of 2^-14, the lowest normal number of f16, as f32.
const F16_LOWEST: u32 = 0x3880_0000;
/// Bits of 2^16: what f16 numbers beyond the largest, 65504, are rounded to.
const F16_BEYOND: u32 = 0x4780_0000;
/// Bits of the infinity of f32.
const INFINITY: u32 = 0x7f80_0000;
const SIGN: u32 = 0x8000_0000;

/// The constants of [`widen_f16`].
pub(crate) type HalfKeys<L> = [<L as Lane>::I; 5];

/// The constants of [`widen_f16`], to be made before a loop. Read as volatile, or LLVM would move them back into it, where
/// V8 makes each anew, with three instructions, for each use.
#[inline(always)]
pub(crate) fn half_keys<L: Lane>() -> HalfKeys<L> {
    /// REBIAS: 127 - 15, in the exponent. 2^-14 as f32. TOP, LOW; the sign.
    static KEYS: [u32; 5] = [112 << 23, 113 << 23, 0x7bff << 13, 0x400 << 13, 1 << 31];
    // SAFETY: a static is readable.
    core::array::from_fn(|i| L::isplat(unsafe { (&raw const KEYS[i]).read_volatile() }))
}

/// The f32 of the f16 in the low half of each lane. Exact:
///
/// ```text
/// normal       exponent and fraction move up 13 bits, and REBIAS is added
/// inf, NaN     above TOP: REBIAS is added once more
/// subnormal    below LOW: 2^-14 (1 + fraction) - 2^-14, since a subnormal f32 would cost a hundred cycles
/// ```
#[inline(always)]
pub(crate) fn widen_f16<L: Lane>(h: L::I, [rebias, lowest, top, low, sign]: HalfKeys<L>) -> L::F {
    let high = L::shl(h, 16);
    let magnitude = L::shr(L::shl(high, 1), 4);
    let special = L::and(L::ilt(top, magnitude), rebias);
    let normal = L::iadd(L::iadd(magnitude, rebias), special);
    let subnormal = L::bits(L::sub(L::float(L::iadd(magnitude, lowest)), L::float(lowest)));
    let value = L::iselect(L::ilt(magnitude, low), subnormal, normal);
    L::float(L::or(value, L::and(high, sign)))
}

/// `x` rounded to the nearest f16, ties to even.
#[inline(always)]
pub(crate) fn round_f16<L: Lane>(x: L::F) -> L::F {
    let bits = L::bits(x);
    let magnitude = L::and(bits, L::isplat(!SIGN));
    // Normal: drop 13 bits of the mantissa.
    let odd = L::and(L::shr(magnitude, 13), L::isplat(1));
    let rounded = L::and(L::iadd(magnitude, L::iadd(odd, L::isplat(0xfff))), L::isplat(!0x1fff));
    let beyond = L::ilt(L::isplat(F16_BEYOND - 1), rounded);
    let rounded = L::iselect(beyond, L::isplat(INFINITY), rounded);
    // Subnormal: numbers in [1/2, 1) are multiples of 2^-24, the lowest f16; so the sum is rounded to one.
    let half = L::splat(0.5);
    let subnormal = L::bits(L::sub(L::add(L::float(magnitude), half), half));
    let small = L::ilt(magnitude, L::isplat(F16_LOWEST));
    let rounded = L::iselect(small, subnormal, rounded);
    let nan = L::ilt(L::isplat(INFINITY), magnitude);
    let rounded = L::iselect(nan, L::or(magnitude, L::isplat(0x0040_0000)), rounded);
    L::float(L::or(rounded, L::and(bits, L::isplat(SIGN))))
}

/// The constants of [`narrow_f16`], to be made before a loop; as [`half_keys`].
#[inline(always)]
fn narrow_keys<L: Lane>() -> [L::I; 6] {
    /// Rebias and half a place, less one; the lowest normal number and 1/2 as f32; infinities; the sign of f16.
    static KEYS: [u32; 6] =
        [0xfffu32.wrapping_sub((127 - 15) << 23), F16_LOWEST, 0x3f00_0000, 0x7c00, INFINITY, SIGN >> 16];
    // SAFETY: a static is readable.
    core::array::from_fn(|i| L::isplat(unsafe { (&raw const KEYS[i]).read_volatile() }))
}

/// The f16 nearest to `x` in the low half of each lane.
#[inline(always)]
fn narrow_f16<L: Lane>(x: L::F, [rebias, lowest, half, beyond, infinity, sign]: [L::I; 6]) -> L::I {
    let bits = L::bits(x);
    let magnitude = L::shr(L::shl(bits, 1), 1);
    // Normal: rebias, and round by carrying into bit 13. What lies beyond ends at infinity.
    let odd = L::shr(L::shl(magnitude, 18), 31);
    let normal = L::imin(L::shr(L::iadd(L::iadd(magnitude, rebias), odd), 13), beyond);
    // Subnormal: as in `round_f16`; the count of 2^-24 lies in the low bits of the sum.
    let subnormal = L::isub(L::bits(L::add(L::float(magnitude), L::float(half))), half);
    let rounded = L::iselect(L::ilt(magnitude, lowest), subnormal, normal);
    // A NaN: all bits of the exponent and one more.
    let nan = L::shr(L::shl(L::ilt(infinity, magnitude), 26), 17);
    L::or(L::or(rounded, nan), L::and(L::shr(bits, 16), sign))
}

/// The bits of `x` rounded to the nearest bf16, in the high half; the low half holds rubbish.
#[inline(always)]
fn bf16_high<L: Lane>(x: L::F) -> L::I {
    let bits = L::bits(x);
    let odd = L::and(L::shr(bits, 16), L::isplat(1));
    let rounded = L::iadd(bits, L::iadd(odd, L::isplat(0x7fff)));
    L::iselect(L::eq(x, x), rounded, L::or(bits, L::isplat(0x0040_0000)))
}

/// `x` rounded to the nearest bf16, ties to even.
#[inline(always)]
pub(crate) fn round_bf16<L: Lane>(x: L::F) -> L::F {
    L::float(L::and(bf16_high::<L>(x), L::isplat(0xffff_0000)))
}

/// The bf16 nearest to `x` in the low half of each lane.
#[inline(always)]
pub(super) fn f32_to_bf16<L: Lane>(x: L::F) -> L::I {
    L::shr(bf16_high::<L>(x), 16)
}

/// The register of a raw element (extended by zeros) of this dtype.
macro_rules! widen {
    ($dtype:ident, $x:expr) => {
        match DType::$dtype {
            DType::BF16 => L::shl($x, 16),
            DType::I16 => L::sar(L::shl($x, 16), 16),
            DType::I8 => L::sar(L::shl($x, 24), 24),
            _ => $x,
        }
    };
}

/// The register of one raw element (extended by zeros) of this dtype.
#[inline(never)]
pub(crate) fn widen_one(dtype: DType, raw: u32) -> u32 {
    type L = Scalar;
    let x = [raw; LANES];
    match dtype {
        DType::F16 => L::bits(widen_f16::<L>(x, half_keys::<L>()))[0],
        DType::BF16 => widen!(BF16, x)[0],
        DType::I16 => widen!(I16, x)[0],
        DType::I8 => widen!(I8, x)[0],
        _ => raw,
    }
}

/// The element of this dtype that a register is rounded to, in the low bits.
#[inline(never)]
pub(crate) fn narrow_one(dtype: DType, bits: u32) -> u32 {
    let x = [f32::from_bits(bits); LANES];
    match dtype {
        DType::F16 => narrow_f16::<Scalar>(x, narrow_keys::<Scalar>())[0],
        DType::BF16 => f32_to_bf16::<Scalar>(x)[0],
        _ => bits,
    }
}

/// Runs `step(i)` for vectors `i` in `0..blocks * 4`, a block a turn.
macro_rules! each_vector {
    ($blocks:expr, |$i:ident| $step:expr) => {
        for block in 0..$blocks {
            for vector in 0..BLOCK / LANES {
                let $i = block * BLOCK + vector * LANES;
                $step
            }
        }
    };
}

/// Widens `blocks` blocks of contiguous elements into a register.
///
/// # Safety
/// - `from` has `blocks * BLOCK` elements of `dtype` to read, `to` as many words to write; they do not overlap.
#[inline(never)]
pub(crate) unsafe fn load_blocks<L: Lane>(from: *const u8, dtype: DType, to: *mut u32, blocks: usize) {
    // SAFETY: the vectors of the blocks are in bounds of both, by the caller's word.
    unsafe {
        match dtype {
            DType::F32 | DType::I32 | DType::U32 => {
                each_vector!(blocks, |i| L::istore(to.add(i), L::iload(from.cast::<u32>().add(i))))
            }
            DType::F16 => {
                let (from, keys) = (from.cast::<u16>(), half_keys::<L>());
                each_vector!(blocks, |i| L::store(to.add(i).cast(), widen_f16::<L>(L::iload_u16(from.add(i)), keys)))
            }
            DType::BF16 => {
                each_vector!(blocks, |i| L::istore(to.add(i), widen!(BF16, L::iload_u16(from.cast::<u16>().add(i)))))
            }
            DType::I16 => {
                each_vector!(blocks, |i| L::istore(to.add(i), widen!(I16, L::iload_u16(from.cast::<u16>().add(i)))))
            }
            DType::U16 => each_vector!(blocks, |i| L::istore(to.add(i), L::iload_u16(from.cast::<u16>().add(i)))),
            DType::I8 => each_vector!(blocks, |i| L::istore(to.add(i), widen!(I8, L::iload_u8(from.add(i))))),
            DType::U8 | DType::Bool => each_vector!(blocks, |i| L::istore(to.add(i), L::iload_u8(from.add(i)))),
        }
    }
}

/// Narrows `blocks` blocks of a register into contiguous elements.
///
/// # Safety
/// - `to` has `blocks * BLOCK` elements of `dtype` to write; the register is live for as many blocks. They do not
///   overlap.
#[inline(never)]
pub(crate) unsafe fn store_blocks<L: Lane>(from: Reg, to: *mut u8, dtype: DType, blocks: usize) {
    let (x, step) = (from.ptr, from.step);
    // A vector of the register: the same block again and again if it is uniform.
    macro_rules! narrow {
        (|$v:ident, $i:ident| $store:expr) => {
            for block in 0..blocks {
                for vector in 0..BLOCK / LANES {
                    let $i = block * BLOCK + vector * LANES;
                    let $v = L::iload(x.add(block * step + vector * LANES));
                    $store
                }
            }
        };
    }
    // SAFETY: the vectors of the blocks are in bounds of both, by the caller's word.
    unsafe {
        match dtype {
            DType::F32 | DType::I32 | DType::U32 => narrow!(|v, i| L::istore(to.cast::<u32>().add(i), v)),
            DType::F16 => {
                let keys = narrow_keys::<L>();
                narrow!(|v, i| L::istore_u16(to.cast::<u16>().add(i), narrow_f16::<L>(L::float(v), keys)))
            }
            DType::BF16 => narrow!(|v, i| L::istore_u16(to.cast::<u16>().add(i), f32_to_bf16::<L>(L::float(v)))),
            DType::I16 | DType::U16 => narrow!(|v, i| L::istore_u16(to.cast::<u16>().add(i), v)),
            DType::I8 | DType::U8 | DType::Bool => narrow!(|v, i| L::istore_u8(to.add(i), v)),
        }
    }
}

/// Copies `n` elements, `stride` apart, into words, extended by zeros.
///
/// # Safety
/// - `from` has the elements to read, `to` has `n` words to write; they do not overlap.
#[inline(always)]
unsafe fn gather<L: Lane, T: Copy + Into<u32>>(from: *const T, stride: isize, to: *mut u32, n: usize) {
    // SAFETY: elements `0..n` are in bounds of both, by the caller's word.
    unsafe {
        let mut i = 0;
        if stride == 1 && size_of::<T>() == 4 {
            i = n / BLOCK * BLOCK;
            each_vector!(n / BLOCK, |i| L::istore(to.add(i), L::iload(from.cast::<u32>().add(i))));
            while i + LANES <= n {
                L::istore(to.add(i), L::iload(from.cast::<u32>().add(i)));
                i += LANES;
            }
        } else if stride == 0 && n >= BLOCK {
            i = n / BLOCK * BLOCK;
            let v = L::isplat((*from).into());
            each_vector!(n / BLOCK, |i| L::istore(to.add(i), v));
        }
        while i + 4 <= n {
            let p = from.offset(i as isize * stride);
            let (a, b, c, d) = (*p, *p.offset(stride), *p.offset(2 * stride), *p.offset(3 * stride));
            *to.add(i) = a.into();
            *to.add(i + 1) = b.into();
            *to.add(i + 2) = c.into();
            *to.add(i + 3) = d.into();
            i += 4;
        }
        while i < n {
            *to.add(i) = (*from.offset(i as isize * stride)).into();
            i += 1;
        }
    }
}

/// Copies the elements of `rows`, whose neighbors lie closer down the rows than along them, into words, extended by
/// zeros: column by column, so that each line of memory is used whole while it is in cache.
///
/// # Safety
/// - As for [`gather`], of all rows.
#[inline(always)]
unsafe fn gather_down<L: Lane, T: Copy + Into<u32>>(from: *const T, rows: &Rows, to: *mut u32) {
    let &Rows { count, length, stride, jump } = rows;
    // Blocks of four by four, of words next to each other down the rows, are transposed in registers.
    let (high, wide) =
        if size_of::<T>() == 4 && jump == 1 { (count / LANES * LANES, length / LANES * LANES) } else { (0, 0) };
    // SAFETY: elements and words at rows below `count` and columns below `length` are in bounds by the caller's word.
    unsafe {
        for column in (0..wide).step_by(LANES) {
            let from = from.cast::<u32>().offset(column as isize * stride);
            for row in (0..high).step_by(LANES) {
                let p = from.add(row);
                let block = L::transpose([
                    L::iload(p),
                    L::iload(p.offset(stride)),
                    L::iload(p.offset(2 * stride)),
                    L::iload(p.offset(3 * stride)),
                ]);
                for (i, x) in block.into_iter().enumerate() {
                    L::istore(to.add((row + i) * length + column), x);
                }
            }
        }
        for column in 0..length {
            let from = from.offset(column as isize * stride);
            for row in if column < wide { high } else { 0 }..count {
                *to.add(row * length + column) = (*from.offset(row as isize * jump)).into();
            }
        }
    }
}

/// Writes the low bits of `n` words to elements that are `stride` apart.
///
/// # Safety
/// - `from` has `n` words to read, `to` has the elements to write; they do not overlap.
#[inline(always)]
unsafe fn scatter<L: Lane, T: Copy>(from: *const u32, to: *mut T, stride: isize, n: usize, cut: impl Fn(u32) -> T) {
    // SAFETY: elements `0..n` are in bounds of both, by the caller's word.
    unsafe {
        let mut i = 0;
        if stride == 1 && size_of::<T>() == 4 {
            i = n / BLOCK * BLOCK;
            each_vector!(n / BLOCK, |i| L::istore(to.cast::<u32>().add(i), L::iload(from.add(i))));
            while i + LANES <= n {
                L::istore(to.cast::<u32>().add(i), L::iload(from.add(i)));
                i += LANES;
            }
        }
        while i + 4 <= n {
            let p = to.offset(i as isize * stride);
            *p = cut(*from.add(i));
            *p.offset(stride) = cut(*from.add(i + 1));
            *p.offset(2 * stride) = cut(*from.add(i + 2));
            *p.offset(3 * stride) = cut(*from.add(i + 3));
            i += 4;
        }
        while i < n {
            *to.offset(i as isize * stride) = cut(*from.add(i));
            i += 1;
        }
    }
}

/// Widens the elements of `rows` from any strides into a register, and fills its last block with zeros.
///
/// # Safety
/// - The elements are readable; `to` has room for all of them, rounded up to a block. They do not overlap.
#[inline(never)]
pub(crate) unsafe fn load_rows<L: Lane>(from: *const u8, dtype: DType, rows: &Rows, to: *mut u32) {
    let total = rows.count * rows.length;
    let blocks = total.div_ceil(BLOCK);
    let size = dtype.size();
    // SAFETY: row `row` starts `row * jump` elements on, and is in bounds by the caller's word.
    unsafe {
        if !total.is_multiple_of(BLOCK) {
            // A loop over the words beyond would become a `memory.fill`, a call that costs more than all this.
            for i in 0..BLOCK / LANES {
                L::istore(to.add((blocks - 1) * BLOCK + i * LANES), L::isplat(0));
            }
        }
        if rows.count > 1 && rows.runs_down() {
            match size {
                4 => gather_down::<L, u32>(from.cast(), rows, to),
                2 => gather_down::<L, u16>(from.cast(), rows, to),
                _ => gather_down::<L, u8>(from, rows, to),
            }
        } else {
            // The same row again and again is read once, and then doubled.
            let read = if rows.jump == 0 { 1 } else { rows.count };
            for row in 0..read {
                let p = from.offset(row as isize * rows.jump * size as isize);
                let to = to.add(row * rows.length);
                match size {
                    4 => gather::<L, u32>(p.cast(), rows.stride, to, rows.length),
                    2 => gather::<L, u16>(p.cast(), rows.stride, to, rows.length),
                    _ => gather::<L, u8>(p, rows.stride, to, rows.length),
                }
            }
            let mut filled = read * rows.length;
            while filled < total {
                let more = filled.min(total - filled);
                gather::<L, u32>(to, 1, to.add(filled), more);
                filled += more;
            }
        }
        match dtype {
            DType::F16 => {
                let keys = half_keys::<L>();
                each_vector!(blocks, |i| L::store(to.add(i).cast(), widen_f16::<L>(L::iload(to.add(i)), keys)))
            }
            DType::BF16 => each_vector!(blocks, |i| L::istore(to.add(i), widen!(BF16, L::iload(to.add(i))))),
            DType::I16 => each_vector!(blocks, |i| L::istore(to.add(i), widen!(I16, L::iload(to.add(i))))),
            DType::I8 => each_vector!(blocks, |i| L::istore(to.add(i), widen!(I8, L::iload(to.add(i))))),
            _ => {}
        }
    }
}

/// Narrows a register into the elements of `rows`, at any strides. `spare` is room for as many words, rounded up to
/// a block.
///
/// # Safety
/// - The elements are writable; the register is live for all of them, rounded up to a block; `spare` has that
///   many words and is not the register's memory.
#[inline(never)]
pub(crate) unsafe fn store_rows<L: Lane>(from: Reg, to: *mut u8, dtype: DType, rows: &Rows, spare: *mut u32) {
    let blocks = (rows.count * rows.length).div_ceil(BLOCK);
    let size = dtype.size();
    let (x, step) = (from.ptr, from.step);
    // SAFETY: the blocks are in bounds of register and spare; rows of the output, as in `load_rows`.
    unsafe {
        let mut raw = spare.cast_const();
        macro_rules! narrow {
            ($f:expr) => {
                each_vector!(blocks, |i| {
                    let v = L::iload(x.add(i / BLOCK * step + i % BLOCK));
                    L::istore(spare.add(i), $f(v));
                })
            };
        }
        match dtype {
            DType::F16 => {
                let keys = narrow_keys::<L>();
                narrow!(|v| narrow_f16::<L>(L::float(v), keys))
            }
            DType::BF16 => narrow!(|v| f32_to_bf16::<L>(L::float(v))),
            _ if step == 0 => narrow!(|v| v),
            _ => raw = x,
        }
        for row in 0..rows.count {
            let p = to.offset(row as isize * rows.jump * size as isize);
            let raw = raw.add(row * rows.length);
            match size {
                4 => scatter::<L, u32>(raw, p.cast(), rows.stride, rows.length, |x| x),
                2 => scatter::<L, u16>(raw, p.cast(), rows.stride, rows.length, |x| x as u16),
                _ => scatter::<L, u8>(raw, p, rows.stride, rows.length, |x| x as u8),
            }
        }
    }
}
