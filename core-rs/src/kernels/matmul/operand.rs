//! Matrix operands as the kernels below the safe entries see them: a pointer, two strides and a dtype that is widened
//! to f32 wherever it is loaded.

use crate::dtype::DType;
use crate::kernels::elementwise::{HalfKeys, half_keys, widen_f16};
use crate::lane::{LANES, Lane};

/// A matrix to read. Element (r, c) lies `r * rs + c * cs` elements from `ptr`.
#[derive(Clone, Copy)]
pub struct Operand {
    /// The address of element (0, 0).
    pub ptr: *const u8,
    /// f32, f16 or bf16; or any dtype of integers, bool included.
    pub dtype: DType,
    /// Elements from a row to the next.
    pub rs: isize,
    /// Elements from a column to the next.
    pub cs: isize,
}

// SAFETY: read only, and only while the views it was made from live.
unsafe impl Send for Operand {}
// SAFETY: as above.
unsafe impl Sync for Operand {}

impl Operand {
    /// The part that begins at (r, c).
    #[inline]
    pub fn at(&self, r: usize, c: usize) -> Operand {
        let elements = (r as isize).wrapping_mul(self.rs).wrapping_add((c as isize).wrapping_mul(self.cs));
        Operand { ptr: self.ptr.wrapping_offset(elements.wrapping_mul(self.dtype.size() as isize)), ..*self }
    }

    /// The transpose.
    #[inline]
    pub fn turned(&self) -> Operand {
        Operand { rs: self.cs, cs: self.rs, ..*self }
    }
}

/// A matrix to write, of f32 or of integers; the tasks of one kernel write disjoint parts.
#[derive(Clone, Copy)]
pub struct Target {
    /// The address of element (0, 0).
    pub ptr: *mut f32,
    /// Bytes of an element.
    pub size: isize,
    /// Elements from a row to the next.
    pub rs: isize,
    /// Elements from a column to the next.
    pub cs: isize,
}

// SAFETY: tasks write disjoint elements (each caller's duty), while the view it was made from lives.
unsafe impl Send for Target {}
// SAFETY: as above.
unsafe impl Sync for Target {}

impl Target {
    /// The address of element (r, c).
    #[inline]
    pub fn at(&self, r: usize, c: usize) -> *mut f32 {
        self.moved((r as isize).wrapping_mul(self.rs).wrapping_add((c as isize).wrapping_mul(self.cs)))
    }

    /// The address of what lies so many elements on.
    #[inline]
    pub fn moved(&self, elements: isize) -> *mut f32 {
        self.ptr.wrapping_byte_offset(elements.wrapping_mul(self.size))
    }
}

/// How elements lie in memory, and how they become f32. Widening is exact.
pub trait Source {
    /// Bytes of an element.
    const SIZE: isize;
    /// What [`Source::load`] needs: made once, before a loop.
    type Keys<L: Lane>: Copy;
    /// Makes them.
    fn keys<L: Lane>() -> Self::Keys<L>;
    /// Four neighbors.
    ///
    /// # Safety
    /// - Four elements at `p` are readable.
    unsafe fn load<L: Lane>(p: *const u8, keys: Self::Keys<L>) -> L::F;
    /// One element.
    ///
    /// # Safety
    /// - One element at `p` is readable.
    unsafe fn one<L: Lane>(p: *const u8, keys: Self::Keys<L>) -> f32;
}

/// IEEE binary32.
pub struct F32;
/// IEEE binary16.
pub struct F16;
/// The upper half of a binary32.
pub struct Bf16;

impl Source for F32 {
    const SIZE: isize = 4;
    type Keys<L: Lane> = ();
    #[inline(always)]
    fn keys<L: Lane>() {}
    #[inline(always)]
    unsafe fn load<L: Lane>(p: *const u8, (): ()) -> L::F {
        // SAFETY: by the caller's word.
        unsafe { L::load(p.cast()) }
    }
    #[inline(always)]
    unsafe fn one<L: Lane>(p: *const u8, (): ()) -> f32 {
        // SAFETY: by the caller's word; elements are aligned.
        unsafe { p.cast::<f32>().read() }
    }
}

impl Source for Bf16 {
    const SIZE: isize = 2;
    type Keys<L: Lane> = ();
    #[inline(always)]
    fn keys<L: Lane>() {}
    #[inline(always)]
    unsafe fn load<L: Lane>(p: *const u8, (): ()) -> L::F {
        // SAFETY: by the caller's word.
        L::float(L::shl(unsafe { L::iload_u16(p.cast()) }, 16))
    }
    #[inline(always)]
    unsafe fn one<L: Lane>(p: *const u8, (): ()) -> f32 {
        // SAFETY: by the caller's word; elements are aligned.
        f32::from_bits(u32::from(unsafe { p.cast::<u16>().read() }) << 16)
    }
}

impl Source for F16 {
    const SIZE: isize = 2;
    type Keys<L: Lane> = HalfKeys<L>;

    #[inline(always)]
    fn keys<L: Lane>() -> HalfKeys<L> {
        half_keys::<L>()
    }

    #[inline(always)]
    unsafe fn load<L: Lane>(p: *const u8, keys: HalfKeys<L>) -> L::F {
        // SAFETY: by the caller's word.
        widen_f16::<L>(unsafe { L::iload_u16(p.cast()) }, keys)
    }

    #[inline(always)]
    unsafe fn one<L: Lane>(p: *const u8, keys: HalfKeys<L>) -> f32 {
        // SAFETY: by the caller's word; elements are aligned.
        let bits = unsafe { p.cast::<u16>().read() };
        L::to_array(widen_f16::<L>(L::isplat(bits.into()), keys))[0]
    }
}

/// Calls `$f::<L, S>($args)` with the [`Source`] of a dtype.
macro_rules! by_dtype {
    ($dtype:expr, $f:ident::<$lane:ty>($($arg:expr),* $(,)?)) => {
        match $dtype {
            DType::F16 => $f::<$lane, F16>($($arg),*),
            DType::BF16 => $f::<$lane, Bf16>($($arg),*),
            _ => $f::<$lane, F32>($($arg),*),
        }
    };
}
pub(crate) use by_dtype;

/// Writes `rows * cols` elements of `from`, widened, to `to[r * ld + c]`. For any matrix; what b is packed by most
/// often is [`pack_rows`].
///
/// # Safety
/// - Every element of `from` below (rows, cols) is readable, every place named above writable; they do not overlap.
pub unsafe fn pack<L: Lane>(from: Operand, rows: usize, cols: usize, to: *mut f32, ld: usize) {
    // SAFETY: by the caller's word.
    unsafe { by_dtype!(from.dtype, pack_of::<L>(from, rows, cols, to, ld)) }
}

/// As [`pack`], for one dtype. Not inlined: it is called from several places, and is large.
///
/// # Safety
/// - As [`pack`].
#[inline(never)]
unsafe fn pack_of<L: Lane, S: Source>(from: Operand, rows: usize, cols: usize, to: *mut f32, ld: usize) {
    let keys = S::keys::<L>();
    let (mut rows_done, mut cols_done) = (0, 0);
    // SAFETY: all indices stay below (rows, cols).
    unsafe {
        if from.cs == 1 {
            // Rows are contiguous: copy vectors.
            cols_done = cols / LANES * LANES;
            let (mut p, mut q) = (from.ptr, to);
            for _ in 0..rows {
                for c in (0..cols_done).step_by(LANES) {
                    L::store(q.add(c), S::load::<L>(p.offset(c as isize * S::SIZE), keys));
                }
                p = p.wrapping_offset(from.rs.wrapping_mul(S::SIZE));
                q = q.wrapping_add(ld);
            }
            rows_done = rows;
        } else if from.rs == 1 {
            // Columns are contiguous: turn blocks of 4 x 4.
            rows_done = rows / LANES * LANES;
            let step = from.cs.wrapping_mul(S::SIZE);
            while cols_done + LANES <= cols {
                let mut p = from.at(0, cols_done).ptr;
                let mut q = to.add(cols_done);
                for _ in 0..rows_done / LANES {
                    let block = L::transpose([
                        L::bits(S::load::<L>(p, keys)),
                        L::bits(S::load::<L>(p.wrapping_offset(step), keys)),
                        L::bits(S::load::<L>(p.wrapping_offset(2 * step), keys)),
                        L::bits(S::load::<L>(p.wrapping_offset(3 * step), keys)),
                    ]);
                    for (r, row) in block.into_iter().enumerate() {
                        L::store(q.add(r * ld), L::float(row));
                    }
                    p = p.offset(LANES as isize * S::SIZE);
                    q = q.wrapping_add(LANES * ld);
                }
                cols_done += LANES;
            }
        }
        // What vectors did not reach: the last columns, then the last rows of the others.
        for r in 0..rows {
            for c in if r < rows_done { cols_done } else { 0 }..cols {
                to.add(r * ld + c).write(S::one::<L>(from.at(r, c).ptr, keys));
            }
        }
    }
}

/// Writes `rows` rows of `panels * 8` contiguous elements of `from`, widened, to as many panels: those of row r to
/// `to[panel * stride + r * 8]`, eight each. Row by row, so that memory is read in its order.
///
/// # Safety
/// - `from.cs` is one, and every element of `from` below (rows, 8 * panels) is readable.
/// - Every place named above is writable, and none overlaps `from`.
pub unsafe fn pack_rows<L: Lane>(from: Operand, rows: usize, panels: usize, to: *mut f32, stride: usize) {
    // SAFETY: by the caller's word.
    unsafe { by_dtype!(from.dtype, pack_rows_of::<L>(from, rows, panels, to, stride)) }
}

/// Rows that [`pack_rows`] has fetched before it copies the first.
const AHEAD: usize = 8;

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Reads one byte of each line of some rows, `step` bytes apart: what WebAssembly has for prefetching. Prefetchers
/// stop at a row's end, and a copy of the row leaves the processor no room to look ahead to the next; these loads do
/// not depend on each other, so that many are under way at once.
///
/// # Safety
/// - `bytes` bytes of each row are readable.
#[inline(always)]
unsafe fn touch(first: *const u8, step: isize, rows: usize, bytes: usize) {
    let (mut row, mut sum) = (first, 0u8);
    for _ in 0..rows {
        for at in (0..bytes).step_by(LINE) {
            // SAFETY: below `bytes` of a row.
            sum ^= unsafe { row.add(at).read() };
        }
        row = row.wrapping_offset(step);
    }
    // Or the loads would be removed.
    core::hint::black_box(sum);
}

/// As [`pack_rows`], for one dtype.
///
/// # Safety
/// - As [`pack_rows`].
#[inline(never)]
unsafe fn pack_rows_of<L: Lane, S: Source>(from: Operand, rows: usize, panels: usize, to: *mut f32, stride: usize) {
    let keys = S::keys::<L>();
    // SAFETY: rows and panels stay below their numbers.
    unsafe {
        for r in 0..rows {
            if r % AHEAD == 0 {
                touch(
                    from.at(r, 0).ptr,
                    from.rs.wrapping_mul(S::SIZE),
                    AHEAD.min(rows - r),
                    panels * 2 * LANES * S::SIZE as usize,
                );
            }
            let (mut p, mut q) = (from.at(r, 0).ptr, to.add(r * 2 * LANES));
            for _ in 0..panels {
                let (low, high) = (S::load::<L>(p, keys), S::load::<L>(p.offset(LANES as isize * S::SIZE), keys));
                L::store(q, low);
                L::store(q.add(LANES), high);
                p = p.offset(2 * LANES as isize * S::SIZE);
                q = q.wrapping_add(stride);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Live;

    #[test]
    fn every_f16_widens_exactly() {
        for h in 0..=u16::MAX {
            let (sign, exponent, fraction) = (h >> 15, i32::from(h >> 10 & 31), f64::from(h & 1023) / 1024.0);
            let magnitude = match exponent {
                0 => fraction * 2f64.powi(-14),
                31 if fraction == 0.0 => f64::INFINITY,
                31 => f64::NAN,
                _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
            };
            let expected = if sign == 1 { -magnitude } else { magnitude } as f32;
            // SAFETY: `h` is one readable element.
            let got = unsafe { F16::one::<Live>((&raw const h).cast(), F16::keys::<Live>()) };
            assert!(
                got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan(),
                "{h:#x}: {got} {expected}"
            );
            assert_eq!(got.is_sign_negative(), sign == 1);
        }
    }

    #[test]
    fn pack_reads_any_strides() {
        let data: Vec<f32> = (0..40 * 40).map(|x| x as f32).collect();
        for (rows, cols) in [(1, 1), (3, 5), (4, 4), (4, 8), (9, 8), (17, 13), (8, 3)] {
            for (rs, cs) in [(40, 1), (1, 40), (40, 2), (2, 40), (0, 1), (-40, 1), (1, -40), (-1, -40)] {
                let first = if rs < 0 { -(rows as isize - 1) * rs } else { 0 }
                    + if cs < 0 { -(cols as isize - 1) * cs } else { 0 };
                let from = Operand { ptr: data[first as usize..].as_ptr().cast(), dtype: DType::F32, rs, cs };
                let mut to = vec![-1.0; rows * (cols + 2)];
                // SAFETY: |strides| reach less than 40 * 40; `to` has rows of cols + 2.
                unsafe { pack::<Live>(from, rows, cols, to.as_mut_ptr(), cols + 2) };
                for r in 0..rows {
                    for c in 0..cols {
                        let at = first + r as isize * rs + c as isize * cs;
                        assert_eq!(to[r * (cols + 2) + c], data[at as usize]);
                    }
                    assert_eq!(to[r * (cols + 2) + cols], -1.0);
                }
            }
        }
    }
}
