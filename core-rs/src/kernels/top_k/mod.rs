//! The `k` largest elements along the last axis, falling, and their places.
//!
//! - **Layouts**: values and places have the input's shape, of rank 1 to 8, with `k` as the last size; any strides. Any
//!   dtype for input and values, int32 (or uint32) for places.
//! - **Aliasing**: the outputs may not overlap the input or each other.
//! - **Special cases**, as `jax.lax.top_k`: of equal elements the first come first. Floats stand in IEEE's total order:
//!   NaN of positive sign lie above infinity, by their payload; +0 lies above -0; NaN of negative sign lie below all.
//! - **Results** are fixed by the definition, so neither threads nor strides show.
//!
//! # How it runs
//!
//! Elements become keys that rise as the elements fall ([`Keys`]). The first `4 k` are sorted with their places, and
//! the `k`-th is a threshold that what follows has to undercut; mostly nothing in 16 elements does, and they cost four
//! comparisons of vectors. What does is noted; when there is no room for more, the notes are sorted, cut to `k`, and
//! the threshold falls. Where `k` is a quarter of the row or more, the row is sorted. Rows are done in parallel; few
//! long ones in parts, whose results are sorted once more.
//!
//! **Speed**: 262144 f32 in no order take 0.1 ms on one thread for `k` = 64, and 0.3 ms for 1024. Worst are elements
//! that rise: each undercuts the threshold, and costs about as much as in a sort.

#[cfg(test)]
mod tests;

use super::reduce::Axes;
use super::sort::keys::{Keys, Order};
use super::sort::order::{self, SEGMENT, Shared, count_words};
use super::sort::{pair, take};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut, overlaps};
use core::mem::MaybeUninit;

/// Elements that are compared with the threshold together.
const STEP: usize = 4 * LANES;

/// Keys that are made at a time: 4 KiB of stack.
const TILE: usize = 1024;

/// The fewest elements that are noted before they are sorted.
const NOTES: usize = 256;

/// The largest `k` for which parts of a row are searched on their own.
const SHARED_K: usize = SEGMENT / 16;

/// Elements of a task, about: 10 µs.
const TASK: usize = 1 << 14;

/// How the rows of one call are done.
struct Plan {
    /// The axes before the last: strides of the input (0), the values (1) and the places (2).
    kept: Axes,
    n: usize,
    k: usize,
    /// The strides along a row: input, values, places.
    step: [isize; 3],
    /// Parts that a row is searched in; 1 unless threads share it.
    parts: usize,
    /// Pairs that one search needs twice, and words of counts besides.
    notes: usize,
    counts: usize,
    /// Bytes of scratch of one search.
    bytes: usize,
}

impl Plan {
    fn new(values: &ViewMut, places: &ViewMut, input: &View, threads: usize) -> Result<Plan, Fault> {
        if values.dtype != input.dtype || !matches!(places.dtype, DType::I32 | DType::U32) {
            return Err(Fault::DType);
        }
        let last = input.layout.rank.checked_sub(1).ok_or(Fault::Rank)?;
        let (n, shape) = (input.layout.shape[last], values.layout.shape());
        if shape.len() != last + 1 || shape[..last] != input.layout.shape[..last] || places.layout.shape() != shape {
            return Err(Fault::Shape);
        }
        let k = shape[last];
        if k > n || i32::try_from(n).is_err() {
            return Err(Fault::Shape);
        }
        let kept = Axes::new(&[input.layout, values.layout, places.layout], None, 0, last, true);
        let step = [input.layout.strides[last], values.layout.strides[last], places.layout.strides[last]];
        let shared = threads > 1 && n >= 2 * SEGMENT && k <= SHARED_K && kept.len()? < 2 * threads;
        let parts = if shared { n.div_ceil(SEGMENT) } else { 1 };
        // The parts' results are sorted in the room of one search.
        let notes = notes(n, k).max(if shared { parts * k } else { 0 });
        let counts = count_words(notes, false);
        let bytes = notes.checked_mul(16).and_then(|bytes| bytes.checked_add(4 * counts));
        let bytes = bytes.and_then(|bytes| bytes.checked_next_multiple_of(64)).ok_or(Fault::Memory)?;
        Ok(Plan { kept, n, k, step, parts, notes, counts, bytes })
    }

    /// Bytes of the parts' results.
    fn found(&self) -> usize {
        if self.parts == 1 { 0 } else { (self.parts * self.k * 8).next_multiple_of(64) }
    }

    fn scratch(&self, threads: usize) -> Result<usize, Fault> {
        self.bytes.checked_mul(threads).and_then(|bytes| bytes.checked_add(self.found())).ok_or(Fault::Memory)
    }
}

/// How many pairs a search of `n` elements notes before it sorts them; `n` if it sorts them all at once.
fn notes(n: usize, k: usize) -> usize {
    let most = k.saturating_mul(4).max(NOTES) + STEP;
    if n <= most { n } else { most }
}

/// Bytes of scratch that [`top_k`] needs for these operands on so many threads.
pub fn top_k_scratch(values: &ViewMut, places: &ViewMut, input: &View, threads: usize) -> Result<usize, Fault> {
    Plan::new(values, places, input, threads)?.scratch(threads)
}

/// Writes the largest elements of `input` along its last axis, and their places.
pub fn top_k(pool: &Pool, values: ViewMut, places: ViewMut, input: View, scratch: &mut [u8]) -> Result<(), Fault> {
    top_k_on::<Live>(pool, values, places, input, scratch)
}

/// [`top_k`] on a lane of choice, for the tests that compare lanes.
pub fn top_k_on<L: Lane>(
    pool: &Pool,
    values: ViewMut,
    places: ViewMut,
    input: View,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    let plan = Plan::new(&values, &places, &input, pool.threads())?;
    values.disjoint_from(&input)?;
    places.disjoint_from(&input)?;
    if overlaps(values.span(), places.span()) {
        return Err(Fault::Overlap);
    }
    if values.layout.is_empty() {
        return Ok(());
    }
    let rows = plan.kept.len()?;
    if scratch.len() < plan.scratch(pool.threads())? {
        return Err(Fault::Memory);
    }
    if !(scratch.as_ptr() as usize).is_multiple_of(8) {
        return Err(Fault::Alignment);
    }
    let keys = Keys::new(input.dtype, Order::Total, true);
    let room = Shared(scratch.as_mut_ptr());
    let job = Job { plan, keys, values, places, input };
    let nanoseconds = (rows as u64).saturating_mul(job.plan.n as u64);
    let Plan { n, k, parts, bytes, .. } = job.plan;
    if parts > 1 {
        let found = Shared(room.0.wrapping_add(bytes * pool.threads()).cast::<u64>());
        for row in 0..rows {
            let index = job.plan.kept.decode(row);
            pool.run(Work { tasks: parts, nanoseconds }, &|part, thread| {
                let (start, end) = (part * SEGMENT, n.min((part + 1) * SEGMENT));
                // SAFETY: the scratch has room for a search for each thread, and for the results of all parts; all
                // parts but the last have `k` elements or more.
                unsafe {
                    let room = room.at().add(thread * bytes).cast();
                    let (best, count) = job.search::<L>(&index, start, end, room);
                    core::ptr::copy_nonoverlapping(best, found.at().add(part * k), count);
                }
            });
            // SAFETY: as above; parts and their results are in the order of places, which sorting keeps.
            unsafe {
                let count = (parts - 1) * k + k.min(n - (parts - 1) * SEGMENT);
                let room = room.0.cast::<u64>();
                core::ptr::copy_nonoverlapping(found.0, room, count);
                let best = job.sort(room, room.add(job.plan.notes), count, room);
                job.write(&index, best);
            }
        }
        return Ok(());
    }
    let group = (TASK / n).max(1);
    pool.run(Work { tasks: rows.div_ceil(group), nanoseconds }, &|task, thread| {
        for row in task * group..((task + 1) * group).min(rows) {
            let index = job.plan.kept.decode(row);
            // SAFETY: the scratch has room for a search for each thread, checked above.
            unsafe {
                let (best, _) = job.search::<L>(&index, 0, n, room.at().add(thread * bytes).cast());
                job.write(&index, best);
            }
        }
    });
    Ok(())
}

/// All that tasks share.
struct Job<'a> {
    plan: Plan,
    keys: Keys,
    values: ViewMut<'a>,
    places: ViewMut<'a>,
    input: View<'a>,
}

impl Job<'_> {
    /// Where the row at an index begins in operand `i`, in elements.
    fn at(&self, index: &[usize; MAX_RANK], i: usize) -> isize {
        self.plan.kept.offset(index, &self.plan.kept.inputs[i])
    }

    fn row(&self, index: &[usize; MAX_RANK]) -> *const u8 {
        self.input.ptr::<u8>().wrapping_offset(self.at(index, 0) * self.input.dtype.size() as isize)
    }

    /// Sorts pairs at `a` or `b`, two parts of `room`.
    ///
    /// # Safety
    /// - `room` is that of a search, and `count` is at most `plan.notes`.
    unsafe fn sort(&self, a: *mut u64, b: *mut u64, count: usize, room: *mut u64) -> *mut u64 {
        debug_assert!(count_words(count, false) <= self.plan.counts);
        // SAFETY: the counts follow the two buffers.
        unsafe { order::sort(None, a, b, count, self.keys.bits(), room.add(2 * self.plan.notes).cast()) }
    }

    /// The best of elements `start..end` of a row, in order, and how many they are.
    ///
    /// # Safety
    /// - The row has those elements, and `plan.bytes` at `room` are this call's.
    #[inline(never)]
    unsafe fn search<L: Lane>(
        &self,
        index: &[usize; MAX_RANK],
        start: usize,
        end: usize,
        room: *mut u64,
    ) -> (*mut u64, usize) {
        let (k, step) = (self.plan.k, self.plan.step[0]);
        let size = self.input.dtype.size() as isize;
        let row = self.row(index);
        let from = |at: usize| row.wrapping_offset(at as isize * step * size);
        let most = notes(end - start, k);
        // SAFETY: elements of the row; the room holds two buffers of `plan.notes` pairs, which is `most` or more.
        unsafe {
            let (mut a, mut b) = (room, room.add(self.plan.notes));
            // The keys of the first lie in the other buffer while they are paired.
            self.keys.read::<L>(from(start), step, b.cast(), most);
            pair::<L>(b.cast(), start as u32, a, most);
            let mut count = most;
            macro_rules! cut {
                () => {{
                    if self.sort(a, b, count, room) != a {
                        core::mem::swap(&mut a, &mut b);
                    }
                    count = count.min(k);
                }};
            }
            cut!();
            if most == end - start {
                return (a, count);
            }
            let mut tile = [MaybeUninit::<u32>::uninit(); TILE];
            let tile = tile.as_mut_ptr().cast::<u32>();
            let mut worst = (a.add(k - 1).read() >> 32) as u32;
            for first in (start + most..end).step_by(TILE) {
                let n = TILE.min(end - first);
                self.keys.read::<L>(from(first), step, tile, n);
                // Keys that are never below the threshold.
                for i in n..n.next_multiple_of(STEP) {
                    tile.add(i).write(u32::MAX);
                }
                let mut bound = L::isplat(worst);
                for at in (0..n).step_by(STEP) {
                    let below = |i: usize| L::ult(L::iload(tile.add(at + i * LANES)), bound);
                    let some = L::or(L::or(below(0), below(1)), L::or(below(2), below(3)));
                    if !L::any(some) {
                        continue;
                    }
                    for i in at..at + STEP {
                        let key = tile.add(i).read();
                        a.add(count).write(u64::from(key) << 32 | (first + i) as u64);
                        count += usize::from(key < worst);
                    }
                    if count + STEP > most {
                        cut!();
                        worst = (a.add(k - 1).read() >> 32) as u32;
                        bound = L::isplat(worst);
                    }
                }
            }
            cut!();
            (a, count)
        }
    }

    /// Writes the best of a row.
    ///
    /// # Safety
    /// - `k` pairs at `best` are readable and name elements of the row.
    unsafe fn write(&self, index: &[usize; MAX_RANK], best: *const u64) {
        let Plan { k, step, .. } = self.plan;
        let size = self.input.dtype.size();
        let (from, to) = (self.row(index), self.values.ptr::<u8>());
        let to = to.wrapping_offset(self.at(index, 1) * size as isize);
        let places = self.places.ptr::<u32>().wrapping_offset(self.at(index, 2));
        // SAFETY: elements of the row's outputs.
        unsafe {
            match size {
                4 => take::<u32>(from.cast(), step[0], best, to.cast(), step[1], k),
                2 => take::<u16>(from.cast(), step[0], best, to.cast(), step[1], k),
                _ => take::<u8>(from, step[0], best, to, step[1], k),
            }
            for i in 0..k {
                places.wrapping_offset(i as isize * step[2]).write(best.add(i).read() as u32);
            }
        }
    }
}
