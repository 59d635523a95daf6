//! Two innermost loops of a copy, but for transposes: rows of bytes, forward and backward, and units at any steps.

use super::nest::Axis;
use crate::lane::Lane;

/// Rows of at least so many bytes go through the engine's bulk copy, which moves wider vectors; below, its call costs
/// more than it saves. Rows of 1280 bytes, gathered at random, gained 1.6 times over the loop.
const BULK: usize = 1024;

/// Copies `len` bytes.
///
/// # Safety
/// - `len` bytes are readable at `src` and writable at `dst`, and the two ranges do not overlap.
#[inline(always)]
pub unsafe fn copy_bytes<L: Lane>(dst: *mut u8, src: *const u8, len: usize) {
    if len >= BULK {
        // SAFETY: the caller's duty.
        return unsafe { core::ptr::copy_nonoverlapping(src, dst, len) };
    }
    // SAFETY: every access below is at an offset `at` with `at + width <= len`.
    unsafe {
        if len >= 16 {
            let mut at = 0;
            while at + 64 <= len {
                let (s, d) = (src.add(at).cast::<u32>(), dst.add(at).cast::<u32>());
                let (x, y, z, w) = (L::iload(s), L::iload(s.add(4)), L::iload(s.add(8)), L::iload(s.add(12)));
                L::istore(d, x);
                L::istore(d.add(4), y);
                L::istore(d.add(8), z);
                L::istore(d.add(12), w);
                at += 64;
            }
            while at + 16 <= len {
                L::istore(dst.add(at).cast(), L::iload(src.add(at).cast()));
                at += 16;
            }
            // The rest, together with bytes that are already there.
            if at < len {
                L::istore(dst.add(len - 16).cast(), L::iload(src.add(len - 16).cast()));
            }
        } else if len >= 8 {
            both_ends::<u64>(dst, src, len);
        } else if len >= 4 {
            both_ends::<u32>(dst, src, len);
        } else if len >= 2 {
            both_ends::<u16>(dst, src, len);
        } else if len == 1 {
            *dst = *src;
        }
    }
}

/// Copies a run that is one to two `T`s long by its first and its last `T`.
///
/// # Safety
/// - As for [`copy_bytes`], and `len` is from one to two sizes of `T`.
#[inline(always)]
unsafe fn both_ends<T: Copy>(dst: *mut u8, src: *const u8, len: usize) {
    let last = len - size_of::<T>();
    // SAFETY: both accesses lie inside the run.
    unsafe {
        let (a, b) = (src.cast::<T>().read_unaligned(), src.add(last).cast::<T>().read_unaligned());
        dst.cast::<T>().write_unaligned(a);
        dst.add(last).cast::<T>().write_unaligned(b);
    }
}

/// Copies rows of `len` bytes that are contiguous on both sides.
///
/// # Safety
/// - For each `i` below `rows.size`: as for [`copy_bytes`], `i` steps on.
pub unsafe fn rows<L: Lane>(mut dst: *mut u8, mut src: *const u8, rows: Axis, len: usize) {
    for _ in 0..rows.size {
        // SAFETY: the caller vouches for each row.
        unsafe { copy_bytes::<L>(dst, src, len) };
        dst = dst.wrapping_offset(rows.dst);
        src = src.wrapping_offset(rows.src);
    }
}

/// The units of `UNIT` bytes in opposite order.
#[inline(always)]
fn turned<L: Lane, const UNIT: usize>(x: L::I) -> L::I {
    let mut x = L::reverse(x);
    if UNIT < 4 {
        x = L::or(L::shl(x, 16), L::shr(x, 16));
    }
    if UNIT < 2 {
        let low = L::isplat(0x00ff_00ff);
        x = L::or(L::shl(L::and(x, low), 8), L::and(L::shr(x, 8), low));
    }
    x
}

/// Copies rows of `size` units that are contiguous on both sides, but backward in the source: `src` is the last unit of
/// the source's first row.
///
/// # Safety
/// - For each `i` below `rows.size` and `k` below `size`, a unit is readable `i` steps on and `k` units before `src`, and
///   writable `i` steps on and `k` units after `dst`, and no place of the one overlaps a place of the other.
/// - `unit` is 1, 2 or 4.
pub unsafe fn backward<L: Lane>(dst: *mut u8, src: *const u8, unit: usize, rows: Axis, size: usize) {
    // SAFETY: the caller's duty, passed on.
    unsafe {
        match unit {
            1 => backward_of::<L, u8, 1>(dst, src, rows, size),
            2 => backward_of::<L, u16, 2>(dst, src, rows, size),
            _ => backward_of::<L, u32, 4>(dst, src, rows, size),
        }
    }
}

/// # Safety
/// - As for [`backward`], with units of the size of `T`, which is `UNIT`.
#[inline(always)]
unsafe fn backward_of<L: Lane, T: Copy, const UNIT: usize>(
    mut dst: *mut u8,
    mut src: *const u8,
    rows: Axis,
    size: usize,
) {
    let len = size * UNIT;
    for _ in 0..rows.size {
        // The byte after the source's row.
        let end = src.wrapping_add(UNIT);
        // SAFETY: the row is `len` bytes at `dst` and before `end`; vectors lie `at` bytes from the start of the one and
        // from the end of the other, with `at + 16 <= len`, units likewise.
        unsafe {
            let turn = |at: usize| {
                let x = L::iload(end.wrapping_sub(at + 16).cast());
                L::istore(dst.add(at).cast(), turned::<L, UNIT>(x));
            };
            let mut at = 0;
            while at + 64 <= len {
                turn(at);
                turn(at + 16);
                turn(at + 32);
                turn(at + 48);
                at += 64;
            }
            while at + 16 <= len {
                turn(at);
                at += 16;
            }
            if at < len && len >= 16 {
                // The rest, together with units that are already there.
                turn(len - 16);
                at = len;
            }
            while at < len {
                let x = end.wrapping_sub(at + UNIT).cast::<T>().read_unaligned();
                dst.add(at).cast::<T>().write_unaligned(x);
                at += UNIT;
            }
        }
        dst = dst.wrapping_offset(rows.dst);
        src = src.wrapping_offset(rows.src);
    }
}

/// Copies a plane of units at any steps, `inner` within `outer`.
///
/// # Safety
/// - For each index of the two loops, a unit is readable at the source's place and writable at the destination's,
///   and no place of the one overlaps a place of the other.
/// - `unit` is 1, 2, 4, 8 or 16.
pub unsafe fn strided<L: Lane>(dst: *mut u8, src: *const u8, unit: usize, outer: Axis, inner: Axis) {
    // SAFETY: the caller's duty, passed on.
    unsafe {
        if inner.src == 0 && inner.dst == unit as isize && unit <= 4 {
            return fill::<L>(dst, src, unit, outer, inner.size);
        }
        match unit {
            1 => units::<u8>(dst, src, outer, inner),
            2 => units::<u16>(dst, src, outer, inner),
            4 => units::<u32>(dst, src, outer, inner),
            8 => units::<u64>(dst, src, outer, inner),
            _ => units::<[u64; 2]>(dst, src, outer, inner),
        }
    }
}

/// # Safety
/// - As for [`strided`], with units of the size of `T`.
#[inline(always)]
unsafe fn units<T: Copy>(mut dst: *mut u8, mut src: *const u8, outer: Axis, inner: Axis) {
    let (ds, ss) = (inner.dst, inner.src);
    for _ in 0..outer.size {
        let (mut d, mut s) = (dst, src);
        let mut left = inner.size;
        // SAFETY: the caller vouches for every index; `left` counts those of the inner loop that remain.
        unsafe {
            while left >= 4 {
                let x = s.cast::<T>().read_unaligned();
                let y = s.wrapping_offset(ss).cast::<T>().read_unaligned();
                let z = s.wrapping_offset(ss.wrapping_mul(2)).cast::<T>().read_unaligned();
                let w = s.wrapping_offset(ss.wrapping_mul(3)).cast::<T>().read_unaligned();
                d.cast::<T>().write_unaligned(x);
                d.wrapping_offset(ds).cast::<T>().write_unaligned(y);
                d.wrapping_offset(ds.wrapping_mul(2)).cast::<T>().write_unaligned(z);
                d.wrapping_offset(ds.wrapping_mul(3)).cast::<T>().write_unaligned(w);
                s = s.wrapping_offset(ss.wrapping_mul(4));
                d = d.wrapping_offset(ds.wrapping_mul(4));
                left -= 4;
            }
            for _ in 0..left {
                d.cast::<T>().write_unaligned(s.cast::<T>().read_unaligned());
                s = s.wrapping_offset(ss);
                d = d.wrapping_offset(ds);
            }
        }
        dst = dst.wrapping_offset(outer.dst);
        src = src.wrapping_offset(outer.src);
    }
}

/// The low `unit` (1, 2 or 4) bytes of `value`, repeated to 32 bits.
#[inline]
pub fn repeat(value: u32, unit: usize) -> u32 {
    match unit {
        1 => (value & 0xff) * 0x0101_0101,
        2 => (value & 0xffff) * 0x0001_0001,
        _ => value,
    }
}

/// Bytes, all alike, from which on the host fills them faster: it need not read what it writes over.
const ALIKE: usize = 1024;

/// Fills `len` bytes with a pattern of four, which starts anew at the first byte; `len` need not be a multiple of four
/// if the pattern repeats in one or two bytes.
///
/// # Safety
/// - `len` bytes are writable at `dst`, and `len` is a multiple of the pattern's period (1, 2 or 4 bytes).
#[inline(always)]
pub unsafe fn fill_bytes<L: Lane>(dst: *mut u8, pattern: u32, len: usize) {
    // SAFETY: every access below is at an offset `at` with `at + width <= len`.
    unsafe {
        let [byte, ..] = pattern.to_le_bytes();
        if len >= ALIKE && pattern.rotate_left(8) == pattern {
            core::ptr::write_bytes(dst, byte, len);
            return;
        }
        let mut at = 0;
        let x = L::isplat(pattern);
        while at + 64 <= len {
            let d = dst.add(at).cast::<u32>();
            L::istore(d, x);
            L::istore(d.add(4), x);
            L::istore(d.add(8), x);
            L::istore(d.add(12), x);
            at += 64;
        }
        while at + 4 <= len {
            dst.add(at).cast::<u32>().write_unaligned(pattern);
            at += 4;
        }
        for (byte, value) in (at..len).zip(pattern.to_le_bytes()) {
            *dst.add(byte) = value;
        }
    }
}

/// Copies rows each of which is one unit of the source repeated.
///
/// # Safety
/// - As for [`strided`], with `unit` up to 4, a contiguous destination, and a source that stays along `size`.
pub unsafe fn fill<L: Lane>(mut dst: *mut u8, mut src: *const u8, unit: usize, outer: Axis, size: usize) {
    for _ in 0..outer.size {
        // SAFETY: the caller vouches for one unit at the source and `size` of them at the destination.
        unsafe {
            let value = match unit {
                1 => u32::from(*src),
                2 => u32::from(src.cast::<u16>().read_unaligned()),
                _ => src.cast::<u32>().read_unaligned(),
            };
            fill_bytes::<L>(dst, repeat(value, unit), size * unit);
        }
        dst = dst.wrapping_offset(outer.dst);
        src = src.wrapping_offset(outer.src);
    }
}
