//! Windows combined by index: `output[indices[i…] + w…] = op(output[indices[i…] + w…], updates[i…, w…])`, in place.
//!
//! Layouts: `output` is the array, which holds what is updated; `indices` i32 or u32, `[i…, d]`; `updates` has the
//! output's dtype, any, and the shape `i…` followed by that of a window, as [`gather::index`](super::gather::index)
//! says; any strides on all three, also zero and negative in the inputs. Aliasing: the output may share memory with
//! neither input.
//!
//! Indices may repeat and windows overlap: updates are applied in the row-major order of `i…`, so results do not depend
//! on the number of threads. A window that is not wholly inside the output is moved to the nearest place, dropped, or
//! wrapped, by the [`Mode`]; negative indices count as outside in `Clip` and `Fill`. Nothing is written outside.
//!
//! f16 and bf16 are widened, and rounded after each update; integers wrap; minima and maxima of a NaN are NaN; of truth
//! values the sum is "or", the product "and".
//!
//! Accuracy: one rounding an update. Speed: that of memory for windows of a line or more, which threads share by parts
//! of the window: no element lies in two parts, so order costs nothing. Smaller windows are one thread's work, since
//! finding out whose turn it is costs as much as the update; so are windows of more than one element along an indexed
//! axis, which may overlap in part.
//!
//! Source: `jax.lax.scatter` and its kin; `jax.numpy.ndarray.at`.

mod combine;

use super::copy::nest::{Axis, Nest, ONCE, Walk};
use super::gather::index::{Mode, Places, TILE};
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{Layout, MAX_RANK, View, ViewMut};
use combine::Combiner;

/// Bytes of a window that a thread has at least: a line of cache, so that threads seldom want the same one.
const LINE: usize = 64;

/// What is done with an element and its update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Op {
    /// The update takes the element's place.
    Set = 0,
    /// Their sum.
    Add = 1,
    /// Their product.
    Mul = 2,
    /// The smaller.
    Min = 3,
    /// The larger.
    Max = 4,
}

impl Op {
    /// The operation with this number.
    pub fn from_code(code: u32) -> Result<Op, Fault> {
        match code {
            0 => Ok(Op::Set),
            1 => Ok(Op::Add),
            2 => Ok(Op::Mul),
            3 => Ok(Op::Min),
            4 => Ok(Op::Max),
            _ => Err(Fault::Parameter),
        }
    }
}

/// Updates windows of `output`.
///
/// Fails with [`Fault::DType`], [`Fault::Rank`] or [`Fault::Shape`] if the operands do not fit together as above,
/// with [`Fault::Parameter`] if windows of more than one element along an indexed axis are to wrap, with
/// [`Fault::Overlap`] if the output shares memory with an input, and with [`Fault::Bounds`] if it reaches over half of
/// the address space.
pub fn scatter(pool: &Pool, output: ViewMut, indices: View, updates: View, op: Op, mode: Mode) -> Result<(), Fault> {
    if output.dtype != updates.dtype {
        return Err(Fault::DType);
    }
    let split = indices.layout.rank.checked_sub(1).ok_or(Fault::Rank)?;
    if updates.layout.rank < split {
        return Err(Fault::Rank);
    }
    let (by_index, window) = updates.layout.shape().split_at(split);
    let places = Places::new(&output.layout, output.dtype.size(), &indices, split, window, mode)?;
    if by_index != &indices.layout.shape()[..split] {
        return Err(Fault::Shape);
    }
    if updates.layout.is_empty() || output.layout.is_empty() {
        return Ok(());
    }
    if output.span().1 - output.span().0 > isize::MAX as usize {
        return Err(Fault::Bounds);
    }
    output.disjoint_from(&indices)?;
    output.disjoint_from(&updates)?;
    let scatter = Scatter::new::<Live>(&output, &indices, &updates, split, places, op, pool.threads())?;
    let bytes = (updates.layout.len() as u64).saturating_mul(output.dtype.size() as u64);
    let nanoseconds = bytes.saturating_mul(3) / 10 + 2 * scatter.count as u64;
    pool.run(Work { tasks: scatter.tasks(), nanoseconds }, &|task, _| {
        // SAFETY: the views checked every place of their layouts; an index is resolved to a window of the output or to
        // none; tasks update different elements, and the output overlaps no input.
        unsafe { scatter.run::<Live>(output.ptr(), indices.ptr(), updates.ptr(), task) }
    });
    Ok(())
}

/// A scatter cut into tasks: each has a part of every window.
struct Scatter {
    places: Places,
    combiner: Combiner,
    /// The loops over indices in their order, and how many turns they have: steps of the updates and the indices.
    index: [Axis; MAX_RANK],
    index_rank: usize,
    count: usize,
    /// The loops over a window: steps of the output and the updates.
    window: Nest,
    /// How many of them are around a run, and the run.
    around: usize,
    run: Axis,
    /// Whether a run of all windows may come before the next of any: windows do not overlap in part.
    columns: bool,
    /// Turns of the loops around the run, and those of a task; turns of the run of a task, and tasks of a run.
    turns: usize,
    turns_per_task: usize,
    part: usize,
    parts: usize,
}

impl Scatter {
    fn new<L: Lane>(
        output: &ViewMut,
        indices: &View,
        updates: &View,
        split: usize,
        places: Places,
        op: Op,
        threads: usize,
    ) -> Result<Scatter, Fault> {
        let size = output.dtype.size();
        let (shape, strides) = (updates.layout.shape(), updates.layout.strides());
        let from = Layout::new(&shape[split..], &strides[split..])?;
        let (window, combiner) = match op {
            Op::Set => {
                let nest = Nest::new(&places.window, &from, size);
                (nest, Combiner::setter::<L>(nest.unit))
            }
            _ => (Nest::pair(&places.window, size, &from, size), Combiner::new::<L>(op, output.dtype)),
        };
        let mut index = [ONCE; MAX_RANK];
        let mut index_rank = 0;
        for axis in 0..split {
            let turn = Axis {
                size: shape[axis],
                dst: strides[axis].wrapping_mul(size as isize),
                src: indices.layout.strides[axis].wrapping_mul(indices.dtype.size() as isize),
            };
            index_rank = push(&mut index, index_rank, turn);
        }
        let count = shape[..split].iter().fold(1, |n: usize, &size| n.saturating_mul(size));
        let unit = window.unit as isize;
        // The innermost loop is the run, unless the next place is nearer than its next element.
        let columns = places.apart || count == 1;
        let (around, run) = match window.rank.checked_sub(1) {
            Some(last) if !columns || window.axes[last].dst.unsigned_abs() <= places.near() => {
                (last, window.axes[last])
            }
            _ => (window.rank, Axis { size: 1, dst: unit, src: unit }),
        };
        let turns = window.axes[..around].iter().fold(1, |n: usize, axis| n.saturating_mul(axis.size));
        // One task a thread, as each goes through all indices; where order binds the windows, one in all.
        let most = if columns { threads.max(1) } else { 1 };
        let turns_per_task = turns.div_ceil(most);
        let line = (LINE / window.unit).max(1);
        let part = run.size.div_ceil(most.div_ceil(turns)).next_multiple_of(line);
        Ok(Scatter {
            places,
            combiner,
            index,
            index_rank,
            count,
            window,
            around,
            run,
            columns,
            turns,
            turns_per_task,
            part,
            parts: run.size.div_ceil(part),
        })
    }

    fn tasks(&self) -> usize {
        self.turns.div_ceil(self.turns_per_task) * self.parts
    }

    /// Runs one task on the operands' first elements.
    ///
    /// # Safety
    /// - Every place of the output's layout is writable, of the indices' and the updates' readable; the output overlaps
    ///   neither.
    /// - No other thread runs the same task.
    unsafe fn run<L: Lane>(&self, out: *mut u8, indices: *const u8, updates: *const u8, task: usize) {
        let first = task / self.parts * self.turns_per_task;
        let turns = self.turns_per_task.min(self.turns - first);
        let start = task % self.parts * self.part;
        let run = Axis { size: self.part.min(self.run.size - start), ..self.run };
        let begin = |base: isize, step: isize| base.wrapping_add(step.wrapping_mul(start as isize));
        let out = out.wrapping_offset(begin(self.window.dst, run.dst));
        let updates = updates.wrapping_offset(begin(self.window.src, run.src));
        let begin = Walk::new(&self.window.axes[..self.around], first);
        let mut walk = Walk::new(&self.index[..self.index_rank], 0);
        let mut done = 0;
        while done < self.count {
            let n = TILE.min(self.count - done).min(walk.run());
            let (from, at) = (updates.wrapping_offset(walk.dst), indices.wrapping_offset(walk.src));
            let step = walk.inner();
            let mut places = [0isize; TILE];
            // SAFETY: indices of the indices' layout; the output is not empty.
            unsafe { self.places.resolve(at, step.src, &mut places[..n]) };
            // One window after the other, unless each run may be done for all of them.
            let together = if self.columns || self.around == 0 { n } else { 1 };
            let mut from = from;
            for places in places[..n].chunks(together) {
                let mut around = begin;
                for _ in 0..turns {
                    // SAFETY: the resolved windows lie in the output, their counterparts `step.dst` apart in the updates.
                    unsafe {
                        let out = out.wrapping_offset(around.dst);
                        self.combiner.sweep::<L>(out, from.wrapping_offset(around.src), places, step.dst, run);
                    }
                    around.advance(1);
                }
                from = from.wrapping_offset(step.dst);
            }
            walk.advance(n);
            done += n;
        }
    }
}

/// Adds a loop inside others, as a longer turn of the last one where that visits the same places. Gives their number.
fn push(loops: &mut [Axis; MAX_RANK], rank: usize, inner: Axis) -> usize {
    if inner.size == 1 {
        return rank;
    }
    if let Some(outer) = loops[..rank].last_mut() {
        let n = inner.size as isize;
        let merged = outer.dst == inner.dst.wrapping_mul(n) && outer.src == inner.src.wrapping_mul(n);
        if let (true, Some(size)) = (merged, outer.size.checked_mul(inner.size)) {
            *outer = Axis { size, ..inner };
            return rank;
        }
    }
    loops[rank] = inner;
    rank + 1
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
