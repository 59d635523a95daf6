//! The loops of one call: tasks by rows or by columns, and the pass that combines chunks.

use super::axes::{Axes, MAX_INPUTS};
use super::bools;
use super::extreme::{self, Order};
use super::fill::{self, Filler, Move};
use super::fold::{self, Fold, ProdF, ProdI, SumF, SumI};
use super::{Action, CHUNK, COLUMN_WORDS, GATHERED_WIDTH, PANEL, ROOM, TASK, WIDTH};
use crate::dtype::DType;
use crate::kernels::elementwise::Tile;
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, ViewMut};
use core::mem::MaybeUninit;

/// Whether to go by columns: a kept axis is nearer in memory than the innermost reduced one, or rows are too short
/// for vectors; and there are columns enough for two vectors.
pub(super) fn by_columns(kept: &Axes, folded: &Axes, length: usize) -> bool {
    let near = |axes: &Axes| (0..axes.arity).map(|i| axes.step(i).unsigned_abs().min(16)).sum::<usize>();
    kept.inner() >= 8 && (length < 16 || near(kept) < near(folded))
}

/// Where chunks leave their results: `chunks` rows of `outputs` words, twice for places.
#[derive(Clone, Copy)]
pub(super) struct Partials(pub *mut u32);

// SAFETY: tasks write disjoint words, and read them after all are done.
unsafe impl Sync for Partials {}

/// All that tasks share.
pub(super) struct Job<'a> {
    pub action: Action,
    pub filler: Filler<'a>,
    pub store: Move,
    pub kept: Axes,
    pub folded: Axes,
    pub outputs: usize,
    pub length: usize,
    pub chunks: usize,
    pub partials: Partials,
    pub output: ViewMut<'a>,
    pub columns: bool,
}

/// The stack that a task works in.
#[repr(align(64))]
struct Room([MaybeUninit<u32>; ROOM]);

impl Room {
    #[inline(always)]
    fn new() -> Room {
        Room([MaybeUninit::uninit(); ROOM])
    }
}

impl Job<'_> {
    /// The output at the `flat`-th of the kept axes' indices.
    fn place(&self, flat: usize) -> *mut u8 {
        let index = self.kept.decode(flat);
        let offset = self.kept.offset(&index, &self.kept.output);
        self.output.ptr::<u8>().wrapping_offset(offset * self.output.dtype.size() as isize)
    }

    /// Writes the same register to every output.
    pub(super) fn fill_output<L: Lane>(&self, bits: u32) {
        let mut tile = Tile::new();
        for flat in 0..self.outputs {
            // SAFETY: the index lies inside the output's axes.
            unsafe { fill::store_one::<L>(bits, self.place(flat), &self.store, &mut tile) };
        }
    }

    /// Whether rows are registers already, one after the other.
    #[inline(always)]
    fn rows_lie_ready(&self) -> bool {
        self.filler.direct(self.folded.step(0)) && self.folded.count <= 1
    }

    /// The elements `k..k + n` of a row that begins at `start`, where they lie or brought into `room`.
    ///
    /// # Safety
    /// - The row has those elements, at most [`CHUNK`], and `room` is a [`Room`].
    #[inline(always)]
    unsafe fn row<L: Lane>(
        &self,
        tile: &mut Tile,
        start: &[*const u8; MAX_INPUTS],
        k: usize,
        n: usize,
        room: *mut u32,
    ) -> *const u32 {
        if self.rows_lie_ready() {
            return start[0].cast::<u32>().wrapping_add(k);
        }
        // SAFETY: the elements are the inputs'; the room is large enough.
        unsafe { self.filler.row::<L>(tile, start, &self.folded, k, n, room) };
        room
    }

    /// One output at a time.
    pub(super) fn run_rows<L: Lane>(&self, pool: &Pool, cost: u64) {
        let group = (TASK / self.length).max(1);
        let span = (TASK / CHUNK).min(self.chunks);
        let spans = self.chunks.div_ceil(span);
        let groups = self.outputs.div_ceil(group);
        let sum = matches!(self.action, Action::SumF) && self.output.dtype == DType::F32;
        let ready = sum && self.chunks == 1 && self.rows_lie_ready();
        pool.run(Work { tasks: groups * spans, nanoseconds: cost / 8 }, &|task, _| {
            let (group_index, span_index) = (task / spans, task % spans);
            let outputs = group_index * group..((group_index + 1) * group).min(self.outputs);
            let chunks = span_index * span..((span_index + 1) * span).min(self.chunks);
            if ready {
                self.sums::<L>(outputs);
            } else {
                self.rows::<L>(outputs, chunks);
            }
        });
    }

    #[inline(never)]
    fn rows<L: Lane>(&self, outputs: core::ops::Range<usize>, chunks: core::ops::Range<usize>) {
        let (mut room, mut tile) = (Room::new(), Tile::new());
        let room = room.0.as_mut_ptr().cast::<u32>();
        let places = matches!(self.action, Action::Place(_));
        let bools = !places && self.folded.count <= 1 && self.filler.bools(self.folded.step(0));
        for output in outputs {
            let start = self.filler.at(&self.kept, &self.kept.decode(output));
            for chunk in chunks.clone() {
                let k = chunk * CHUNK;
                let n = CHUNK.min(self.length - k);
                // SAFETY: the elements `k..k + n` of this output's row are the inputs'; n >= 1. Outputs and partial
                // results of other tasks are others.
                unsafe {
                    if bools {
                        let value = bools::row::<L>(self.action, start[0].wrapping_add(k), n);
                        if self.chunks > 1 {
                            self.keep(chunk, output, value, 0);
                        } else {
                            fill::store_one::<L>(value, self.place(output), &self.store, &mut tile);
                        }
                        continue;
                    }
                    let row = self.row::<L>(&mut tile, &start, k, n, room);
                    let (value, place) = match self.action {
                        Action::SumF => (fold::chunk::<L, SumF>(row, n), 0),
                        Action::ProdF => (fold::chunk::<L, ProdF>(row, n), 0),
                        Action::SumI => (fold::chunk::<L, SumI>(row, n), 0),
                        Action::ProdI => (fold::chunk::<L, ProdI>(row, n), 0),
                        Action::Best(order) => (extreme::row::<L>(order, row, n), 0),
                        Action::Place(order) => {
                            let best = extreme::row::<L>(order, row, n);
                            // Of several chunks, only the best one is searched, in the end.
                            (best, if self.chunks > 1 { k } else { extreme::find::<L>(order, row, n, best) })
                        }
                    };
                    if self.chunks > 1 {
                        self.keep(chunk, output, value, place as u32);
                    } else {
                        let bits = if self.action.words() == 2 { place as u32 } else { value };
                        fill::store_one::<L>(bits, self.place(output), &self.store, &mut tile);
                    }
                }
            }
        }
    }

    /// As `rows`, for sums of f32 that lie ready, a chunk each: the usual case, and rows may be short, so that what is
    /// done once a row counts.
    fn sums<L: Lane>(&self, outputs: core::ops::Range<usize>) {
        let inner = self.kept.inner();
        let mut output = outputs.start;
        while output < outputs.end {
            // Along the innermost kept axis, rows and results are evenly spaced.
            let count = (inner - output % inner).min(outputs.end - output);
            let from = self.filler.at(&self.kept, &self.kept.decode(output))[0].cast();
            let to = self.place(output).cast();
            let (step, to_step) = (self.kept.step(0), self.kept.output_step());
            // SAFETY: the rows' elements are the input's, the results those of this task; they do not overlap.
            unsafe { fold::chunks::<L, SumF>(count, from, step, self.length, to, to_step) };
            output += count;
        }
    }

    /// Stores a partial result.
    ///
    /// # Safety
    /// - There are several chunks, and no other thread uses this one's result for this output.
    #[inline(always)]
    unsafe fn keep(&self, chunk: usize, output: usize, value: u32, place: u32) {
        // SAFETY: scratch has `chunks` rows of `outputs` values, and as many of places where there are places.
        unsafe {
            let at = self.partials.0.add(chunk * self.outputs + output);
            at.write(value);
            if self.action.words() == 2 {
                at.add(self.chunks * self.outputs).write(place);
            }
        }
    }

    /// Many outputs along the innermost kept axis at a time.
    pub(super) fn run_columns<L: Lane>(&self, pool: &Pool, cost: u64) {
        let inner = self.kept.inner();
        let outer = self.outputs / inner;
        let direct = self.filler.direct(self.kept.step(0));
        // Narrower where there would be few tasks for the threads, yet a kilobyte, for the sake of prefetching. Columns
        // know nothing of each other, so that results do not depend on it.
        let mut width = if direct { WIDTH } else { GATHERED_WIDTH };
        let tasks = if pool.threads() == 1 { 1 } else { 2 * pool.threads() };
        while width > 256 && outer * inner.div_ceil(width) * self.chunks < tasks {
            width /= 2;
        }
        let blocks = inner.div_ceil(width);
        let span = (TASK / (CHUNK.min(self.length) * width)).clamp(1, self.chunks);
        let spans = self.chunks.div_ceil(span);
        let group = (TASK / (self.length * inner.min(width))).clamp(1, outer);
        let groups = outer.div_ceil(group);
        let rows = self.kept.outer();
        pool.run(Work { tasks: groups * blocks * spans, nanoseconds: cost / 8 }, &|task, _| {
            let (task, span_index) = (task / spans, task % spans);
            let (group_index, block) = (task / blocks, task % blocks);
            let columns = block * inner / blocks..(block + 1) * inner / blocks;
            for row in group_index * group..((group_index + 1) * group).min(outer) {
                let index = rows.decode(row);
                for chunk in span_index * span..((span_index + 1) * span).min(self.chunks) {
                    self.columns::<L>(direct, &index, row * inner, columns.clone(), chunk);
                }
            }
        });
    }

    /// Reduces one chunk of the columns `range`, at `index` of the outer axes; `flat` numbers their row's first.
    #[inline(never)]
    fn columns<L: Lane>(
        &self,
        direct: bool,
        index: &[usize; MAX_RANK],
        flat: usize,
        range: core::ops::Range<usize>,
        chunk: usize,
    ) {
        let (mut room, mut tile) = (Room::new(), Tile::new());
        let w = range.len();
        let mut index = *index;
        index[self.kept.count - 1] = range.start;
        let start = self.filler.at(&self.kept, &index);
        let first = chunk * CHUNK;
        let n = CHUNK.min(self.length - first);
        let mut at = self.folded.decode(first);
        let last = self.folded.count.saturating_sub(1);
        let step = self.folded.step(0);
        let sums = !matches!(self.action, Action::Best(_) | Action::Place(_));
        // Two rows for the results, then the work space, then gathered rows.
        let value = room.0.as_mut_ptr().cast::<u32>();
        // SAFETY: `room` has ROOM words, by the assertion beside it enough for the two rows of results, the work space,
        // and the panel where the width is that of gathered ones; `w` is at most the width.
        let (place, work, panel) = unsafe { (value.add(w), value.add(2 * w), value.add((2 + COLUMN_WORDS) * w)) };
        let mut rows = [core::ptr::null::<u32>(); PANEL];
        let mut k = 0;
        while k < n {
            let count = PANEL.min(n - k);
            let even = if direct && sums && self.folded.inner() - at[last] >= count {
                let first = self.filler.beyond(&start, &self.folded, &at);
                self.skip(&mut at, count);
                Some((first[0].cast(), step))
            } else {
                let mut run = 0;
                let mut next = start;
                for (r, row) in rows[..count].iter_mut().enumerate() {
                    // Along the innermost axis a step leads to the next row; elsewhere its place is worked out anew.
                    if run == 0 {
                        next = self.filler.beyond(&start, &self.folded, &at);
                        run = self.folded.inner() - at[last];
                    }
                    // SAFETY: `at` is an index of the folded axes, `w` elements from `range.start` on are the inputs'.
                    unsafe {
                        if direct {
                            *row = next[0].cast();
                            next[0] = next[0].wrapping_offset(step.wrapping_mul(4));
                        } else {
                            let to = panel.add(r * w);
                            self.filler.along::<L>(&mut tile, &next, &self.kept, w, to);
                            self.filler.advance(&mut next, &self.folded);
                            *row = to;
                        }
                    }
                    run -= 1;
                    self.skip(&mut at, 1);
                }
                if direct { None } else { Some((panel.cast_const(), w as isize)) }
            };
            let group = even.map_or(Rows::Each(&rows), |(first, step)| Rows::Even(first, step));
            // SAFETY: `count` rows of `w` elements; the work space holds what each of these asks for.
            unsafe {
                match self.action {
                    Action::SumF => fold_panel::<L, SumF>(group, k, count, n, work, value, w),
                    Action::ProdF => fold_panel::<L, ProdF>(group, k, count, n, work, value, w),
                    Action::SumI => fold_panel::<L, SumI>(group, k, count, n, work, value, w),
                    Action::ProdI => fold_panel::<L, ProdI>(group, k, count, n, work, value, w),
                    Action::Best(order) => {
                        if k == 0 {
                            fill::fill(value, order.worst(), w);
                        }
                        by_eight(&rows[..count], |_, rows| extreme::columns::<L>(order, value, rows, w));
                    }
                    Action::Place(order) => {
                        if k == 0 {
                            fill::fill(value, order.worst(), w);
                            fill::fill(place, first as u32, w);
                        }
                        by_eight(&rows[..count], |r, rows| {
                            extreme::arg_columns::<L>(order, value, place, rows, (first + k + r) as u32, w);
                        });
                    }
                }
            }
            k += count;
        }
        // SAFETY: the results are `w` words each; these outputs and partial results are this task's alone.
        unsafe {
            if self.chunks > 1 {
                let to = self.partials.0.add(chunk * self.outputs + flat + range.start);
                core::ptr::copy_nonoverlapping(value, to, w);
                if self.action.words() == 2 {
                    core::ptr::copy_nonoverlapping(place, to.add(self.chunks * self.outputs), w);
                }
            } else {
                let from = if self.action.words() == 2 { place } else { value };
                let to = self.place(flat + range.start);
                let step = self.kept.output_step();
                self.store.run::<L>(&mut tile, from.cast(), 1, to, step, w);
            }
        }
    }

    /// Goes `count` elements on, at most to the end of the innermost folded axis.
    #[inline(always)]
    fn skip(&self, at: &mut [usize; MAX_RANK], count: usize) {
        let last = self.folded.count.saturating_sub(1);
        at[last] += count;
        if at[last] == self.folded.inner() {
            at[last] = 0;
            self.folded.advance(at, 1);
        }
    }

    /// Combines the chunks of each output and writes it.
    pub(super) fn combine<L: Lane>(&self, pool: &Pool) {
        const OUTPUTS: usize = 1024;
        let words = (self.outputs as u64).saturating_mul(self.chunks as u64);
        let work = Work { tasks: self.outputs.div_ceil(OUTPUTS), nanoseconds: words * 2 };
        pool.run(work, &|task, _| {
            let outputs = task * OUTPUTS..((task + 1) * OUTPUTS).min(self.outputs);
            match self.action {
                Action::SumF => self.combine_pairs::<L>(outputs, SumF::one),
                Action::ProdF => self.combine_pairs::<L>(outputs, ProdF::one),
                Action::SumI => self.combine_pairs::<L>(outputs, SumI::one),
                Action::ProdI => self.combine_pairs::<L>(outputs, ProdI::one),
                Action::Best(order) => self.combine_pairs::<L>(outputs, |a, b| order.pick(a, b)),
                Action::Place(order) => self.combine_places::<L>(outputs, order),
            }
        });
    }

    #[inline(always)]
    fn combine_pairs<L: Lane>(&self, outputs: core::ops::Range<usize>, one: impl Fn(u32, u32) -> u32) {
        // SAFETY: every word lies in the `chunks` rows of `outputs` that all tasks of the first pass have written, in
        // columns that are this task's alone.
        unsafe {
            let mut count = self.chunks;
            while count > 1 {
                for pair in 0..count / 2 {
                    for output in outputs.clone() {
                        let from = self.partials.0.add(2 * pair * self.outputs + output);
                        let x = one(*from, *from.add(self.outputs));
                        *self.partials.0.add(pair * self.outputs + output) = x;
                    }
                }
                if count % 2 == 1 {
                    for output in outputs.clone() {
                        let last = *self.partials.0.add((count - 1) * self.outputs + output);
                        *self.partials.0.add(count / 2 * self.outputs + output) = last;
                    }
                }
                count = count.div_ceil(2);
            }
            let mut tile = Tile::new();
            for output in outputs {
                fill::store_one::<L>(*self.partials.0.add(output), self.place(output), &self.store, &mut tile);
            }
        }
    }

    fn combine_places<L: Lane>(&self, outputs: core::ops::Range<usize>, order: Order) {
        let (mut room, mut tile) = (Room::new(), Tile::new());
        let room = room.0.as_mut_ptr().cast::<u32>();
        for output in outputs {
            // SAFETY: as in `combine_pairs`; the places lie behind all values.
            unsafe {
                let values = self.partials.0.add(output);
                let places = values.add(self.chunks * self.outputs);
                let (mut value, mut place) = (*values, *places);
                for chunk in 1..self.chunks {
                    let next = *values.add(chunk * self.outputs);
                    if order.better(next, value) {
                        (value, place) = (next, *places.add(chunk * self.outputs));
                    }
                }
                if !self.columns {
                    // The place is that of the chunk.
                    let (k, index) = (place as usize, self.kept.decode(output));
                    let (start, n) = (self.filler.at(&self.kept, &index), CHUNK.min(self.length - k));
                    let row = self.row::<L>(&mut tile, &start, k, n, room);
                    place += extreme::find::<L>(order, row, n, value) as u32;
                }
                fill::store_one::<L>(place, self.place(output), &self.store, &mut tile);
            }
        }
    }
}

/// Calls `f` with eight rows at a time and the number of the first; the last row fills what is missing.
#[inline(always)]
fn by_eight(rows: &[*const u32], mut f: impl FnMut(usize, &[*const u32; extreme::ROWS])) {
    for (i, some) in rows.chunks(extreme::ROWS).enumerate() {
        let mut all = [some[some.len() - 1]; extreme::ROWS];
        all[..some.len()].copy_from_slice(some);
        f(i * extreme::ROWS, &all);
    }
}

/// Where the rows of a panel are.
#[derive(Clone, Copy)]
pub(super) enum Rows<'a> {
    /// The first, and the elements from each to the next.
    Even(*const u32, isize),
    /// Anywhere.
    Each(&'a [*const u32; PANEL]),
}

impl Rows<'_> {
    #[inline(always)]
    fn get(self, r: usize) -> *const u32 {
        match self {
            Rows::Even(first, step) => first.wrapping_offset(r as isize * step),
            Rows::Each(rows) => rows[r],
        }
    }
}

/// Folds a panel's `count` rows, of which the first is the chunk's `k`-th of `n`, into the lanes' sums in `work`; after
/// the last, `to` = the lanes in one.
///
/// # Safety
/// - `rows` has `count` rows of `w` elements; `work` has `COLUMN_WORDS` rows, holding what the last panel left
///   there, and `to` one; none overlap.
#[inline(always)]
pub(super) unsafe fn fold_panel<L: Lane, F: Fold>(
    rows: Rows,
    k: usize,
    count: usize,
    n: usize,
    work: *mut u32,
    to: *mut u32,
    w: usize,
) {
    // SAFETY: the lanes' sums are rows 0 to 3 of `work`, the neutral elements its row 4.
    unsafe {
        let none = work.add(LANES * w);
        if k == 0 {
            fill::fill(work, F::IDENTITY, COLUMN_WORDS * w);
        }
        let row = |r: usize| if r < count { rows.get(r) } else { none.cast_const() };
        let mut lanes = [none.cast_const(); LANES];
        for l in 0..LANES {
            if n <= LANES {
                // At most one element each: the row is the sum.
                lanes[l] = row(l);
            } else {
                let sum = work.add(l * w);
                lanes[l] = sum;
                match rows {
                    Rows::Even(first, step) if count == PANEL => {
                        let first = first.wrapping_offset(l as isize * step);
                        fold::even_pass::<L, F>(sum, first, step.wrapping_mul(LANES as isize), w);
                    }
                    _ => fold::pass::<L, F>(sum, &core::array::from_fn(|i| row(i * LANES + l)), w),
                }
            }
        }
        if k + count == n {
            fold::settle_columns::<L, F>(to, &lanes, w);
        }
    }
}
