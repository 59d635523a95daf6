//! Windows by index: `output[i…, w…] = source[indices[i…] + w…]`; at its simplest, rows of an array.
//!
//! Layouts of [`gather`]: `source` is `[N, rows' axes…]`, `indices` i32 or u32 of any rank, `output` has the shape of the
//! indices followed by that of a row. Those of [`gather_nd`]: `indices` is `[i…, d]`, and `output` the shape `i…` followed
//! by that of a window, as [`index`] says. Output and source have one dtype, any; any strides on all three, also zero and
//! negative in the inputs. Aliasing: the output may share memory with neither input.
//!
//! An index outside the source never reads outside it; what it gives instead is the [`Mode`]'s matter. Negative indices
//! count as outside in `Clip` and `Fill`: JAX's wraparound by one size has been applied by the caller. Where an indexed
//! axis is empty every index is outside: `Fill` fills, the other modes have nothing to give and are refused (unless the
//! output is empty too).
//!
//! Accuracy: bits. Speed: indices are resolved to distances in tiles, then windows are copied at the speed of memory; a
//! window of one unit (up to 16 contiguous bytes) is a load and a store; and where the output is contiguous along the
//! indices rather than along the windows (a take along the last axis of a row-major array), the loops are exchanged.
//!
//! Source: `jax.numpy.take`, `jax.lax.gather`; fill values as in `jax/_src/lax/slicing.py`, `_gather_fill`.

pub mod index;

use super::copy::Plan;
use super::copy::nest::{Nest, Walk};
use super::copy::plane::{copy_bytes, fill_bytes, repeat};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{Layout, MAX_RANK, View, ViewMut};
pub use index::Mode;
use index::{OUTSIDE, Places, TILE};

/// Bytes that a task moves, roughly.
const TASK: usize = 128 * 1024;

/// Bytes of a contiguous row that one task copies of it; longer rows are shared.
const ROW: usize = 256 * 1024;

/// The bits of an element of a filled row: NaN in floats, the lowest number in signed integers, the highest in unsigned
/// ones, true in booleans.
pub fn fill_value(dtype: DType) -> u32 {
    match dtype {
        DType::F32 => 0x7FC0_0000,
        DType::F16 => 0x7E00,
        DType::BF16 => 0x7FC0,
        DType::I8 => 0x80,
        DType::I16 => 0x8000,
        DType::I32 => 0x8000_0000,
        DType::U8 => 0xFF,
        DType::U16 => 0xFFFF,
        DType::U32 => u32::MAX,
        DType::Bool => 1,
    }
}

/// Gathers rows of `source` into `output`. Rows outside are filled with [`fill_value`].
///
/// Fails with [`Fault::DType`], [`Fault::Rank`] or [`Fault::Shape`] if the operands do not fit together as above,
/// with [`Fault::Overlap`] if the output shares memory with an input, and with [`Fault::Bounds`] if the source reaches
/// over half of the address space.
pub fn gather(pool: &Pool, output: ViewMut, source: View, indices: View, mode: Mode) -> Result<(), Fault> {
    let (split, fill) = (indices.layout.rank, fill_value(output.dtype));
    if source.layout.rank == 0 || output.layout.rank != split + source.layout.rank - 1 {
        return Err(Fault::Rank);
    }
    run(pool, output, source, indices, split, mode, fill)
}

/// Gathers windows of `source` into `output`. Windows that are not wholly inside are filled with elements of the bits
/// `fill`.
///
/// Fails as [`gather`] does, and with [`Fault::Parameter`] if windows of more than one element along an indexed axis
/// are to wrap.
pub fn gather_nd(
    pool: &Pool,
    output: ViewMut,
    source: View,
    indices: View,
    mode: Mode,
    fill: u32,
) -> Result<(), Fault> {
    let split = indices.layout.rank.checked_sub(1).ok_or(Fault::Rank)?;
    run(pool, output, source, indices, split, mode, fill)
}

/// Gathers by the first `split` axes of the indices; those that follow are an index's own.
fn run(
    pool: &Pool,
    output: ViewMut,
    source: View,
    indices: View,
    split: usize,
    mode: Mode,
    fill: u32,
) -> Result<(), Fault> {
    if output.dtype != source.dtype {
        return Err(Fault::DType);
    }
    if output.layout.rank < split {
        return Err(Fault::Rank);
    }
    let (by_index, window) = output.layout.shape().split_at(split);
    let places = Places::new(&source.layout, source.dtype.size(), &indices, split, window, mode)?;
    if by_index != &indices.layout.shape()[..split] {
        return Err(Fault::Shape);
    }
    if output.layout.is_empty() {
        return Ok(());
    }
    if places.is_empty() && mode != Mode::Fill {
        return Err(Fault::Shape);
    }
    if source.span().1 - source.span().0 > isize::MAX as usize {
        return Err(Fault::Bounds);
    }
    output.disjoint_from(&source)?;
    output.disjoint_from(&indices)?;
    let gather = Gather::new(&output, &indices, split, places, fill)?;
    let bytes = (output.layout.len() as u64).saturating_mul(output.dtype.size() as u64);
    let nanoseconds = bytes.saturating_mul(2) / 10 + gather.count as u64;
    pool.run(Work { tasks: gather.tasks(), nanoseconds }, &|task, _| {
        // SAFETY: the views checked every place of their layouts; an index is resolved to a window of the source or to
        // none; tasks write different elements, and the output overlaps no input.
        unsafe { gather.run::<Live>(output.ptr(), source.ptr(), indices.ptr(), task) }
    });
    Ok(())
}

/// How rows are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Contiguous rows.
    Rows,
    /// One row after the other, each by a copy plan.
    Nests,
    /// One unit of each row after the other: the innermost loop is over indices.
    Units,
}

/// A gather cut into tasks: spans of indices by parts of rows.
struct Gather {
    kind: Kind,
    places: Places,
    /// The loops over indices: the output's and the indices' steps.
    index: Nest,
    /// The number of indices.
    count: usize,
    /// The loops over a row: the output's and the source's steps.
    row: Nest,
    /// The copy of a row, and that of a fill value over one.
    copy: Plan,
    fill: Plan,
    /// The element that filled rows are made of, repeated to 16 bytes.
    value: [u32; 4],
    /// Indices in a task; bytes (`Rows`), tasks of its plan (`Nests`) or units (`Units`) of a row in a task; tasks for
    /// each span of indices.
    span: usize,
    part: usize,
    parts: usize,
}

impl Gather {
    fn new(output: &ViewMut, indices: &View, split: usize, places: Places, fill: u32) -> Result<Gather, Fault> {
        let size = output.dtype.size();
        let (shape, strides) = (output.layout.shape(), output.layout.strides());
        let to_rows = Layout::new(&shape[..split], &strides[..split])?;
        let to_row = Layout::new(&shape[split..], &strides[split..])?;
        let by_index = Layout::new(&shape[..split], &indices.layout.strides()[..split])?;
        let still = Layout::new(&shape[split..], &[0; MAX_RANK][split..shape.len()])?;
        let row = Nest::new(&to_row, &places.window, size);
        let copy = Plan::new(&row);
        let index = Nest::pair(&to_rows, size, &by_index, indices.dtype.size());
        let count = to_rows.len();
        let bytes = row.bytes();
        let inner = row.axes[row.rank.saturating_sub(1)];
        let unit = row.unit as isize;
        // The step of the output from one index to the next, where there is more than one.
        let near = if index.rank > 0 { index.axes[index.rank - 1].dst } else { isize::MAX };
        let kind = if row.rank == 0 || (row.rank > 0 && inner.dst > near) {
            Kind::Units
        } else if row.rank == 1 && inner.dst == unit && inner.src == unit {
            Kind::Rows
        } else {
            Kind::Nests
        };
        let (span, part, parts) = match kind {
            Kind::Rows => ((TASK / bytes).max(1), ROW, bytes.div_ceil(ROW)),
            Kind::Nests => ((TASK / bytes).max(1), 1, copy.tasks()),
            Kind::Units => {
                let units = bytes / row.unit;
                let span = count.min(TASK / row.unit);
                let part = (TASK / row.unit / span).max(1);
                (span, part, units.div_ceil(part))
            }
        };
        Ok(Gather {
            kind,
            places,
            index,
            count,
            row,
            copy,
            fill: Plan::new(&Nest::new(&to_row, &still, size)),
            value: [repeat(fill, size); 4],
            span,
            part,
            parts,
        })
    }

    fn tasks(&self) -> usize {
        self.count.div_ceil(self.span) * self.parts
    }

    /// Runs one task on the operands' first elements.
    ///
    /// # Safety
    /// - Every place of the output's, the source's and the indices' layout is writable or readable; the output
    ///   overlaps no input.
    /// - No other thread runs the same task.
    unsafe fn run<L: Lane>(&self, out: *mut u8, source: *const u8, indices: *const u8, task: usize) {
        let first = task / self.parts * self.span;
        let span = self.span.min(self.count - first);
        let part = task % self.parts;
        let mut walk = Walk::new(self.index.loops(), first);
        let out = out.wrapping_offset(self.index.dst);
        let indices = indices.wrapping_offset(self.index.src);
        let mut done = 0;
        while done < span {
            // Indices along one loop, so that the output's steps are equal.
            let n = TILE.min(span - done).min(walk.run());
            let (to, at) = (out.wrapping_offset(walk.dst), indices.wrapping_offset(walk.src));
            let inner = walk.inner();
            let mut rows = [0isize; TILE];
            // SAFETY: indices of the indices' layout; a source without places was refused, but for fills.
            let any = unsafe { self.places.resolve(at, inner.src, &mut rows[..n]) };
            let rows = &rows[..n];
            // SAFETY: the resolved windows lie in the source, their counterparts `inner.dst` apart in the output; the
            // parts of a row differ from task to task.
            unsafe {
                match self.kind {
                    Kind::Rows => self.rows::<L>(to, source, rows, inner.dst, part),
                    Kind::Nests => self.nests::<L>(to, source, rows, inner.dst, part),
                    Kind::Units => self.units(to, source, rows, any, inner.dst, part),
                }
            }
            walk.advance(n);
            done += n;
        }
    }

    /// # Safety
    /// - As for [`Gather::run`]; `to` is the first row's place in the output, `rows` are distances of rows.
    unsafe fn rows<L: Lane>(&self, to: *mut u8, source: *const u8, rows: &[isize], step: isize, part: usize) {
        let start = part * self.part;
        let len = self.part.min(self.row.bytes() - start);
        let mut to = to.wrapping_offset(self.row.dst).wrapping_add(start);
        let source = source.wrapping_offset(self.row.src).wrapping_add(start);
        for &row in rows {
            // SAFETY: rows are contiguous on both sides and have `start + len` bytes or more.
            unsafe {
                if row == OUTSIDE {
                    fill_bytes::<L>(to, self.value[0], len);
                } else {
                    copy_bytes::<L>(to, source.wrapping_offset(row), len);
                }
            }
            to = to.wrapping_offset(step);
        }
    }

    /// # Safety
    /// - As for [`Gather::rows`].
    unsafe fn nests<L: Lane>(&self, mut to: *mut u8, source: *const u8, rows: &[isize], step: isize, part: usize) {
        for &row in rows {
            let (plan, from) = if row == OUTSIDE {
                (&self.fill, self.value.as_ptr().cast())
            } else {
                (&self.copy, source.wrapping_offset(row))
            };
            // The fill may have other tasks than the copy, by which parts are counted.
            for task in (part..plan.tasks()).step_by(self.parts) {
                // SAFETY: the plans visit the places of one row on each side; the fill's source is one element.
                unsafe { plan.run::<L>(to, from, task) };
            }
            to = to.wrapping_offset(step);
        }
    }

    /// # Safety
    /// - As for [`Gather::rows`]; `any` is whether some row is outside.
    unsafe fn units(&self, to: *mut u8, source: *const u8, rows: &[isize], any: bool, step: isize, part: usize) {
        let units = self.row.bytes() / self.row.unit;
        let first = part * self.part;
        let mut walk = Walk::new(self.row.loops(), first);
        let (to, source) = (to.wrapping_offset(self.row.dst), source.wrapping_offset(self.row.src));
        for _ in 0..self.part.min(units - first) {
            let (to, source) = (to.wrapping_offset(walk.dst), source.wrapping_offset(walk.src));
            // SAFETY: one unit of each row, at the same place in all of them.
            unsafe {
                match self.row.unit {
                    1 => take::<u8>(to, source, rows, any, step, &self.value),
                    2 => take::<u16>(to, source, rows, any, step, &self.value),
                    4 => take::<u32>(to, source, rows, any, step, &self.value),
                    8 => take::<u64>(to, source, rows, any, step, &self.value),
                    _ => take::<[u64; 2]>(to, source, rows, any, step, &self.value),
                }
            }
            walk.advance(1);
        }
    }
}

/// Moves one unit for each of `rows`.
///
/// # Safety
/// - A unit is readable at each distance in `rows` from `source` and writable at each multiple of `step` from `to`;
///   `any` holds if some distance is [`OUTSIDE`].
#[inline(always)]
unsafe fn take<T: Copy>(mut to: *mut u8, source: *const u8, rows: &[isize], any: bool, step: isize, value: &[u32; 4]) {
    // SAFETY: a unit is at most the 16 bytes of `value`; the rest is the caller's duty.
    unsafe {
        if any {
            for &row in rows {
                let from = if row == OUTSIDE { value.as_ptr().cast() } else { source.wrapping_offset(row) };
                to.cast::<T>().write_unaligned(from.cast::<T>().read_unaligned());
                to = to.wrapping_offset(step);
            }
            return;
        }
        let (fours, rest) = rows.as_chunks::<4>();
        for &[a, b, c, d] in fours {
            let a = source.wrapping_offset(a).cast::<T>().read_unaligned();
            let b = source.wrapping_offset(b).cast::<T>().read_unaligned();
            let c = source.wrapping_offset(c).cast::<T>().read_unaligned();
            let d = source.wrapping_offset(d).cast::<T>().read_unaligned();
            to.cast::<T>().write_unaligned(a);
            to = to.wrapping_offset(step);
            to.cast::<T>().write_unaligned(b);
            to = to.wrapping_offset(step);
            to.cast::<T>().write_unaligned(c);
            to = to.wrapping_offset(step);
            to.cast::<T>().write_unaligned(d);
            to = to.wrapping_offset(step);
        }
        for &row in rest {
            to.cast::<T>().write_unaligned(source.wrapping_offset(row).cast::<T>().read_unaligned());
            to = to.wrapping_offset(step);
        }
    }
}

#[cfg(test)]
pub(crate) mod reference;
#[cfg(test)]
pub(crate) mod tests;
