//! Stable sort along the last axis: the elements of some operands, in the order of the first of them.
//!
//! The first `keys` inputs are compared, the first of them first; the others go along. `descending` turns the order
//! around, and equal elements still stay in the order they came (`jnp.argsort` with `descending`; to have equal
//! elements turned around too, as `jnp.sort` does, sort upward into an output of negative stride). Besides, or instead,
//! the places that the elements came from may be written, as int32.
//!
//! - **Layouts**: inputs and outputs have one shape, of rank 1 to 8, and any strides; any dtypes, output by output
//!   that of the input. Up to eight inputs.
//! - **Aliasing**: outputs may not overlap inputs or each other.
//! - **Special cases**, as `jax.lax.sort`: -0 and +0 are equal, and so are all NaN, which lie above infinity. Subnormal
//!   numbers compare by their value (JAX takes them for zeros on CPUs that flush them).
//! - **Results** are fixed by the definition, since the order is total once places decide; so neither threads nor
//!   strides show.
//!
//! # How it runs
//!
//! Elements become unsigned keys of the same order ([`keys`]). One operand alone is sorted as keys of 32 bits, which
//! are then turned back, with zeros and NaN put in the order of the input; otherwise a key and the place it came from
//! travel as one 64-bit number, key by key from the last to the first, and the places then gather every operand.
//! Fewer than [`order::FEW`] are merged, more are sorted by digits from the lowest on, and a digit that all have is
//! skipped. Rows are done in parallel, or, where they are few and long, parts of a row: each counts its digits, and
//! then knows its places.
//!
//! **Speed**: a million f32 take 7 ms on one thread, and with their places 10.

pub(crate) mod keys;
pub(crate) mod order;
#[cfg(test)]
pub(crate) mod reference;
#[cfg(test)]
pub(crate) mod tests;

use super::reduce::Axes;
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{Layout, MAX_RANK, View, ViewMut, overlaps};
use keys::{Keys, Order, narrow};
use order::{SEGMENT, Shared, count_words, segments};

/// The most inputs.
pub const MAX_INPUTS: usize = 8;

/// The most outputs: the inputs and the places.
pub const MAX_OUTPUTS: usize = MAX_INPUTS + 1;

/// Elements of a task, about: 30 µs.
const TASK: usize = 1 << 12;

/// What to sort by, and what to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many inputs are compared.
    pub keys: usize,
    /// The largest first.
    pub descending: bool,
    /// The first output is the places, and the others, if there are any, the inputs.
    pub places: bool,
}

/// How the rows of one call are done.
struct Plan {
    kept: Axes,
    n: usize,
    /// Whether threads share a row.
    shared: bool,
    /// Whether keys are all there is.
    alone: bool,
    /// Bytes of scratch of one row.
    bytes: usize,
}

impl Plan {
    fn new(outputs: &[ViewMut], inputs: &[View], options: Options, threads: usize) -> Result<Plan, Fault> {
        let carried = outputs.len().wrapping_sub(options.places.into());
        let whole = carried == inputs.len() || options.places && carried == 0;
        if inputs.is_empty() || inputs.len() > MAX_INPUTS || outputs.is_empty() || !whole {
            return Err(Fault::Arity);
        }
        if options.keys == 0 || options.keys > inputs.len() {
            return Err(Fault::Parameter);
        }
        if options.places && !matches!(outputs[0].dtype, DType::I32 | DType::U32) {
            return Err(Fault::DType);
        }
        let others = &outputs[usize::from(options.places)..];
        if others.iter().zip(inputs).any(|(output, input)| output.dtype != input.dtype) {
            return Err(Fault::DType);
        }
        let shape = inputs[0].layout.shape();
        let last = shape.len().checked_sub(1).ok_or(Fault::Rank)?;
        let alike = |layout: &Layout| layout.shape() == shape;
        if !inputs.iter().all(|input| alike(&input.layout)) || !outputs.iter().all(|output| alike(&output.layout)) {
            return Err(Fault::Shape);
        }
        let mut layouts = [Layout::SCALAR; MAX_INPUTS + MAX_OUTPUTS - 1];
        let count = inputs.len() + outputs.len() - 1;
        let all = inputs.iter().map(|input| input.layout).chain(outputs[1..].iter().map(|output| output.layout));
        layouts.iter_mut().zip(all).for_each(|(layout, given)| *layout = given);
        let kept = Axes::new(&layouts[..count], Some(&outputs[0].layout), 0, last, true);
        let n = inputs[0].layout.shape[last];
        if i32::try_from(n).is_err() {
            return Err(Fault::Shape);
        }
        let shared = threads > 1 && n >= 2 * SEGMENT && kept.len()? < 2 * threads;
        let alone = inputs.len() == 1 && !options.places;
        let items = n.checked_mul(if alone { 8 } else { 16 });
        let bytes = items.and_then(|bytes| bytes.checked_add(4 * count_words(n, shared)));
        let bytes = bytes.and_then(|bytes| bytes.checked_next_multiple_of(64)).ok_or(Fault::Memory)?;
        Ok(Plan { kept, n, shared, alone, bytes })
    }

    fn scratch(&self, threads: usize) -> Result<usize, Fault> {
        self.bytes.checked_mul(if self.shared { 1 } else { threads }).ok_or(Fault::Memory)
    }
}

/// Bytes of scratch that [`sort`] needs for these operands on so many threads.
pub fn sort_scratch(outputs: &[ViewMut], inputs: &[View], options: Options, threads: usize) -> Result<usize, Fault> {
    Plan::new(outputs, inputs, options, threads)?.scratch(threads)
}

/// Writes the sorted inputs.
pub fn sort(
    pool: &Pool,
    outputs: &[ViewMut],
    inputs: &[View],
    options: Options,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    sort_on::<Live>(pool, outputs, inputs, options, scratch)
}

/// [`sort`] on a lane of choice, for the tests that compare lanes.
pub fn sort_on<L: Lane>(
    pool: &Pool,
    outputs: &[ViewMut],
    inputs: &[View],
    options: Options,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    let plan = Plan::new(outputs, inputs, options, pool.threads())?;
    for (o, output) in outputs.iter().enumerate() {
        inputs.iter().try_for_each(|input| output.disjoint_from(input))?;
        if outputs[..o].iter().any(|other| overlaps(other.span(), output.span())) {
            return Err(Fault::Overlap);
        }
    }
    if inputs[0].layout.is_empty() {
        return Ok(());
    }
    let rows = plan.kept.len()?;
    if scratch.len() < plan.scratch(pool.threads())? {
        return Err(Fault::Memory);
    }
    if !(scratch.as_ptr() as usize).is_multiple_of(8) {
        return Err(Fault::Alignment);
    }
    let room = Shared(scratch.as_mut_ptr());
    let job = Job { outputs, inputs, options, plan };
    if job.plan.shared {
        for row in 0..rows {
            // SAFETY: the scratch is one row's, checked above.
            unsafe { job.row::<L>(row, room.0, Some(pool)) };
        }
        return Ok(());
    }
    let group = (TASK / job.plan.n).max(1);
    let nanoseconds = (rows as u64).saturating_mul(job.plan.n as u64).saturating_mul(10);
    pool.run(Work { tasks: rows.div_ceil(group), nanoseconds }, &|task, thread| {
        let room = room.at().wrapping_add(thread * job.plan.bytes);
        for row in task * group..((task + 1) * group).min(rows) {
            // SAFETY: the scratch has a row for each thread, checked above.
            unsafe { job.row::<L>(row, room, None) };
        }
    });
    Ok(())
}

/// All that tasks share.
struct Job<'a> {
    outputs: &'a [ViewMut<'a>],
    inputs: &'a [View<'a>],
    options: Options,
    plan: Plan,
}

impl Job<'_> {
    /// Where a row of an input begins, and the stride along it.
    fn input(&self, operand: usize, index: &[usize; MAX_RANK]) -> (*const u8, isize) {
        let (input, kept) = (&self.inputs[operand], &self.plan.kept);
        let offset = kept.offset(index, &kept.inputs[operand]) * input.dtype.size() as isize;
        (input.ptr::<u8>().wrapping_offset(offset), last_stride(&input.layout))
    }

    /// Where a row of an output begins, and the stride along it.
    fn output(&self, operand: usize, index: &[usize; MAX_RANK]) -> (*mut u8, isize) {
        let (output, kept) = (&self.outputs[operand], &self.plan.kept);
        let strides = if operand == 0 { &kept.output } else { &kept.inputs[self.inputs.len() + operand - 1] };
        let offset = kept.offset(index, strides) * output.dtype.size() as isize;
        (output.ptr::<u8>().wrapping_offset(offset), last_stride(&output.layout))
    }

    /// Sorts one row.
    ///
    /// # Safety
    /// - The row is one of the operands', and `plan.bytes` at `room` are this call's.
    unsafe fn row<L: Lane>(&self, row: usize, room: *mut u8, pool: Option<&Pool>) {
        let index = self.plan.kept.decode(row);
        // SAFETY: the caller's duty.
        unsafe {
            if self.plan.alone {
                self.keys_alone::<L>(&index, room.cast(), pool);
            } else {
                self.with_places::<L>(&index, room.cast(), pool);
            }
        }
    }

    /// Runs `job` for parts `from..to` of a row.
    fn parts(&self, pool: Option<&Pool>, job: &(dyn Fn(usize, usize) + Sync)) {
        let n = self.plan.n;
        let Some(pool) = pool else { return job(0, n) };
        let work = Work { tasks: segments(n, true), nanoseconds: n as u64 };
        pool.run(work, &|part, _| job(part * SEGMENT, n.min((part + 1) * SEGMENT)));
    }

    /// # Safety
    /// - As [`Job::row`].
    unsafe fn keys_alone<L: Lane>(&self, index: &[usize; MAX_RANK], room: *mut u32, pool: Option<&Pool>) {
        let n = self.plan.n;
        let dtype = self.inputs[0].dtype;
        let (size, keys) = (dtype.size(), Keys::new(dtype, Order::Numbers, self.options.descending));
        let ((from, step), (to, to_step)) = (self.input(0, index), self.output(0, index));
        let (from, to) = (Shared(from.cast_mut()), Shared(to));
        let special = core::sync::atomic::AtomicBool::new(false);
        // SAFETY: the room is two buffers of `n` words and the counts; elements below `n` of the row.
        unsafe {
            let (a, b) = (room, room.add(n));
            let shared = Shared(a);
            self.parts(pool, &|start, end| {
                let from = from.at().wrapping_offset(start as isize * step * size as isize);
                if keys.read::<L>(from, step, shared.at().add(start), end - start) {
                    special.store(true, core::sync::atomic::Ordering::Relaxed);
                }
            });
            let sorted = order::sort(pool, a, b, n, keys.bits(), room.add(2 * n));
            let special = special.into_inner();
            let (zero, nan) = keys.special_keys();
            let first = |key: u32| {
                let before = |&x: &u32| x < key;
                core::slice::from_raw_parts(sorted.cast_const(), n).partition_point(before)
            };
            let (mut zeros, mut nans) = if special { (first(zero), first(nan)) } else { (0, 0) };
            let sorted = Shared(sorted);
            self.parts(pool, &|start, end| {
                let words = sorted.at().add(start);
                keys.write::<L>(words, end - start);
                let to = to.at().wrapping_offset(start as isize * to_step * size as isize);
                narrow(words, to, to_step, size, end - start);
            });
            // The zeros' signs and the NaN's bits, in the order of the input.
            if special {
                for k in 0..n as isize {
                    let raw = word(from.0.wrapping_offset(k * step * size as isize), size);
                    let (is_zero, is_nan) = keys.special(raw);
                    if is_zero || is_nan {
                        let place = if is_zero { &mut zeros } else { &mut nans };
                        narrow(&raw, to.0.wrapping_offset(*place as isize * to_step * size as isize), 1, size, 1);
                        *place += 1;
                    }
                }
            }
        }
    }

    /// # Safety
    /// - As [`Job::row`].
    unsafe fn with_places<L: Lane>(&self, index: &[usize; MAX_RANK], room: *mut u64, pool: Option<&Pool>) {
        let n = self.plan.n;
        // SAFETY: the room is two buffers of `n` pairs and the counts; elements below `n` of the rows.
        unsafe {
            let (mut pairs, mut other) = (room, room.add(n));
            for operand in (0..self.options.keys).rev() {
                let dtype = self.inputs[operand].dtype;
                let keys = Keys::new(dtype, Order::Numbers, self.options.descending);
                let (from, step) = self.input(operand, index);
                let (from, words, to) = (Shared(from.cast_mut()), Shared(other.cast::<u32>()), Shared(pairs));
                let fresh = operand + 1 == self.options.keys;
                self.parts(pool, &|start, end| {
                    let from = from.at().wrapping_offset(start as isize * step * dtype.size() as isize);
                    let words = words.at().add(start);
                    keys.read::<L>(from, step, words, end - start);
                    if fresh {
                        pair::<L>(words, start as u32, to.at().add(start), end - start);
                    }
                });
                if !fresh {
                    // The order so far stays, with the next key in front.
                    self.parts(pool, &|start, end| {
                        for k in start..end {
                            let pair = to.at().add(k);
                            let place = pair.read() as u32;
                            pair.write(u64::from(words.at().add(place as usize).read()) << 32 | u64::from(place));
                        }
                    });
                }
                let sorted = order::sort(pool, pairs, other, n, keys.bits(), room.add(2 * n).cast());
                if sorted != pairs {
                    core::mem::swap(&mut pairs, &mut other);
                }
            }
            let pairs = Shared(pairs);
            self.parts(pool, &|start, end| {
                let pairs = pairs.at().add(start).cast_const();
                let places = usize::from(self.options.places);
                for operand in 0..self.outputs.len() {
                    let size = self.outputs[operand].dtype.size();
                    let (to, step) = self.output(operand, index);
                    let to = to.wrapping_offset(start as isize * step * size as isize);
                    if operand < places {
                        for k in 0..end - start {
                            to.cast::<u32>().wrapping_offset(k as isize * step).write(pairs.add(k).read() as u32);
                        }
                        continue;
                    }
                    let (from, from_step) = self.input(operand - places, index);
                    match size {
                        4 => take::<u32>(from.cast(), from_step, pairs, to.cast(), step, end - start),
                        2 => take::<u16>(from.cast(), from_step, pairs, to.cast(), step, end - start),
                        _ => take::<u8>(from, from_step, pairs, to, step, end - start),
                    }
                }
            });
        }
    }
}

fn last_stride(layout: &Layout) -> isize {
    layout.strides[layout.rank.saturating_sub(1) % MAX_RANK]
}

/// The bits of one element.
///
/// # Safety
/// - The element is readable.
#[inline(always)]
unsafe fn word(from: *const u8, size: usize) -> u32 {
    // SAFETY: the caller's duty.
    unsafe {
        match size {
            4 => from.cast::<u32>().read(),
            2 => from.cast::<u16>().read().into(),
            _ => from.read().into(),
        }
    }
}

/// Makes pairs of keys and their places from `first` on.
///
/// # Safety
/// - `n` words at `words` are readable and `n` pairs at `to` writable; they do not overlap.
pub(crate) unsafe fn pair<L: Lane>(words: *const u32, first: u32, to: *mut u64, n: usize) {
    let mut places = L::ifrom_array([first, first.wrapping_add(1), first.wrapping_add(2), first.wrapping_add(3)]);
    let four = L::isplat(LANES as u32);
    let mut k = 0;
    // SAFETY: below `n`.
    unsafe {
        while k + LANES <= n {
            let (low, high) = L::interleave32(places, L::iload(words.add(k)));
            L::istore(to.add(k).cast(), low);
            L::istore(to.add(k + 2).cast(), high);
            places = L::iadd(places, four);
            k += LANES;
        }
        while k < n {
            to.add(k).write(u64::from(words.add(k).read()) << 32 | u64::from(first.wrapping_add(k as u32)));
            k += 1;
        }
    }
}

/// Gathers the elements that pairs name.
///
/// # Safety
/// - `n` pairs are readable, an element at every place they name, and the elements at `to` writable.
#[inline(always)]
pub(crate) unsafe fn take<T: Copy>(
    from: *const T,
    from_step: isize,
    pairs: *const u64,
    to: *mut T,
    step: isize,
    n: usize,
) {
    for k in 0..n {
        // SAFETY: the caller's duty.
        unsafe {
            let place = pairs.add(k).read() as u32 as isize;
            to.wrapping_offset(k as isize * step).write(from.wrapping_offset(place * from_step).read());
        }
    }
}
