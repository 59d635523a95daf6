//! Many rows: k and v are packed, a block of keys a time, for all rows of a task; both products are made of
//! [`super::super::matmul::micro::tile`].
//!
//! ```text
//! for each task: up to QUERIES rows of one key head
//!   for blocks of KEYS keys, but not if hidden from all rows:
//!     pack k turned into panels of NR keys, v into panels of NR columns      below 96 KiB with D = Dv = 64: in L2
//!     for tiles of MR rows, but not if the block is hidden from all of them:
//!       logits = q k,  weights = exp,  a += weights v                        logits and weights, 3 KiB, stay in L1
//! ```
//!
//! Then the rows to which hidden keys matter are done again, their hidden keys as any others.

use super::row::{GROUP, Sight, Sights, Span};
use super::row::{cover, decay, fill, finish, hide, multiply, shape, undecided, values_seen, weigh};
use super::{Job, KEYS};
use crate::kernels::elementwise::{Abreast, ExpNotPositive};
use crate::kernels::matmul::micro::{MR, NR};
use crate::kernels::matmul::operand::{pack, pack_rows};
use crate::kernels::matmul::{KC, Scratch, panel, tile_of, tile_rows};
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, Work};
use core::mem::MaybeUninit;

/// Rows of a task, at most: over so many the packing is spread.
pub const QUERIES: usize = 96;

/// Floats from a row of logits to the next: a line of the cache more than a power of two.
const PITCH: usize = KEYS + 16;

/// How the rows of one key head are cut, and where a thread's scratch has what.
struct Grid {
    /// Rows of a task, at most, and tasks.
    rows: usize,
    blocks: usize,
    /// Floats of a row of sums.
    pitch: usize,
    /// Floats of queries, sums, packed keys, packed values.
    parts: [usize; 4],
}

impl Grid {
    fn new(job: &Job) -> Option<Grid> {
        let blocks = job.rows().div_ceil(QUERIES);
        let rows = job.rows().div_ceil(blocks).next_multiple_of(MR);
        let keys = job.keys.min(KEYS);
        let pitch = job.width.checked_next_multiple_of(NR)?;
        let keyed = job.dim.checked_mul(NR)?.checked_add(panel(0))?.checked_mul(keys.div_ceil(NR))?;
        let parts = [job.dim.checked_mul(rows)?, pitch.checked_mul(rows)?, keyed, panel(keys).checked_mul(pitch / NR)?];
        Some(Grid { rows, blocks, pitch, parts })
    }

    fn floats(&self) -> Option<usize> {
        self.parts.iter().try_fold(0usize, |sum, &part| sum.checked_add(part))
    }
}

/// Scratch in floats.
pub fn floats(job: &Job, threads: usize) -> Option<usize> {
    Grid::new(job)?.floats()?.checked_mul(threads)
}

/// Computes all rows.
///
/// # Safety
/// - The operands are readable and the output writable; there is a row and a key. `scratch` has what [`floats`] says,
///   and overlaps nothing.
pub unsafe fn run<L: Lane>(job: &Job, pool: &Pool, scratch: Scratch) {
    let Some((grid, floats)) = Grid::new(job).and_then(|grid| grid.floats().map(|floats| (grid, floats))) else {
        return;
    };
    let work = Work { tasks: job.batch * job.heads * grid.blocks, nanoseconds: job.products() / 16 };
    pool.run(work, &|task, thread| {
        // The last rows first: with `causal` they see most.
        let (block, head) = (grid.blocks - 1 - task % grid.blocks, task / grid.blocks);
        let first = block * grid.rows;
        let rows = grid.rows.min(job.rows().saturating_sub(first));
        let at = scratch.at(thread * floats);
        let [q, a, k, v] = grid.parts.map({
            let mut from = 0;
            move |part| {
                from += part;
                at.wrapping_add(from - part)
            }
        });
        let task = Task { job, b: head / job.heads, kv: head % job.heads, first, rows, pitch: grid.pitch, q, a, k, v };
        // SAFETY: rows of the job; the thread's own scratch; tasks write different rows.
        unsafe { task.run::<L>() };
    });
}

/// One task: rows of a key head, and the scratch.
struct Task<'a> {
    job: &'a Job<'a>,
    b: usize,
    kv: usize,
    first: usize,
    rows: usize,
    pitch: usize,
    q: *mut f32,
    a: *mut f32,
    k: *mut f32,
    v: *mut f32,
}

/// What is known of each row of a task.
struct Rows {
    sight: [Sight; QUERIES],
    max: [f32; QUERIES],
    sum: [f32; QUERIES],
    /// Whether hidden keys count.
    again: [bool; QUERIES],
}

/// A block of keys, and some rows.
struct Block<'a> {
    /// The first key, and how many.
    j: usize,
    keys: usize,
    /// The keys' positions, if they hide any, and what they span.
    positions: Option<(&'a [i32; KEYS], Span)>,
    /// Whether values are not finite, and hidden ones must be kept away.
    tainted: bool,
}

impl Task<'_> {
    /// # Safety
    /// - As [`run`], for the rows of this task.
    unsafe fn run<L: Lane>(&self) {
        let job = self.job;
        let none = Sight { low: 0, high: -1 };
        let mut rows =
            Rows { sight: [none; QUERIES], max: [0.0; QUERIES], sum: [0.0; QUERIES], again: [false; QUERIES] };
        if job.ruled {
            for r in 0..self.rows {
                rows.sight[r] = job.sight(self.b, self.first + r);
            }
        }
        // SAFETY: by the caller's word; rows below the task's.
        unsafe {
            job.pack_queries::<L>(self.b, self.kv, self.first, self.rows, self.q);
            self.pass::<L>(&mut rows, false);
            let mut undone = false;
            for r in 0..self.rows {
                rows.again[r] = undecided(job, rows.max[r]);
                undone |= rows.again[r];
                if !rows.again[r] {
                    self.finish::<L>(&rows, r);
                }
            }
            if undone {
                self.pass::<L>(&mut rows, true);
                for r in (0..self.rows).filter(|&r| rows.again[r]) {
                    self.finish::<L>(&rows, r);
                }
            }
        }
    }

    /// # Safety
    /// - As [`Task::run`]; the row is one of the task's.
    unsafe fn finish<L: Lane>(&self, rows: &Rows, r: usize) {
        let to = self.job.target(self.b, self.kv, self.first + r);
        // SAFETY: by the caller's word.
        unsafe { finish::<L>(to, self.job.width, self.a.add(r * self.pitch), rows.max[r], rows.sum[r]) };
    }

    /// Goes over the keys once: all rows without hidden keys, or those that are marked with hidden keys as any others.
    ///
    /// # Safety
    /// - As [`Task::run`]; the queries are packed.
    unsafe fn pass<L: Lane>(&self, rows: &mut Rows, again: bool) {
        let job = self.job;
        let all = Sights::of(&rows.sight[..self.rows]);
        // Where there are no keys, positions are never seen.
        let mut positions = [-1; KEYS];
        let mut s = [const { MaybeUninit::uninit() }; MR * PITCH];
        let f = ExpNotPositive::<L>::new();
        rows.max.fill(f32::NEG_INFINITY);
        rows.sum.fill(0.0);
        // SAFETY: blocks of keys and tiles of rows are in bounds, and fit the scratch.
        unsafe {
            self.a.write_bytes(0, self.rows * self.pitch);
            for j in (0..job.keys).step_by(KEYS) {
                let keys = KEYS.min(job.keys - j);
                let span = job.ruled.then(|| job.positions(self.b, j, &mut positions[..keys]));
                if !again && span.is_some_and(|span| all.miss(&span)) {
                    continue;
                }
                self.pack_keys::<L>(j, keys);
                self.pack_values::<L>(j, keys);
                let tainted = job.hides && !again && !self.finite::<L>(keys);
                let block = Block { j, keys, positions: span.map(|span| (&positions, span)), tainted };
                let mut r = 0;
                while r < self.rows {
                    let count = tile_rows(self.rows - r);
                    if !again || rows.again[r..r + count].contains(&true) {
                        self.tile::<L>(&block, rows, r, count, again, &mut s, &f);
                    }
                    r += count;
                }
            }
        }
    }

    /// A tile of rows and a block of keys.
    ///
    /// # Safety
    /// - As [`Task::pass`]; the block is packed.
    #[inline(always)]
    unsafe fn tile<L: Lane>(
        &self,
        block: &Block,
        rows: &mut Rows,
        first: usize,
        count: usize,
        again: bool,
        s: &mut [MaybeUninit<f32>; MR * PITCH],
        f: &ExpNotPositive<L>,
    ) {
        let &Block { j, keys, positions, tainted } = block;
        let job = self.job;
        let sights = &rows.sight[first..first + count];
        let positions = positions.filter(|(_, span)| {
            let sights = Sights::of(sights);
            !sights.cover(span)
        });
        if let Some((_, span)) = &positions
            && !again
            && Sights::of(sights).miss(span)
        {
            return;
        }
        let (s, dim, whole) = (s.as_mut_ptr().cast::<f32>(), job.dim, keys.next_multiple_of(GROUP));
        let masked = if again { job.options.masked } else { f32::NEG_INFINITY };
        // SAFETY: rows of the task; panels of keys and of columns, whose last ones are filled up.
        unsafe {
            for key in (0..keys).step_by(NR) {
                let (panel, to) = (self.k.add(key / NR * panel(dim)), s.add(key));
                for d in (0..dim).step_by(KC) {
                    let (q, size) = (self.q.add(first * dim + d), KC.min(dim - d));
                    tile_of::<L>(count, size, q, dim as isize, panel.add(d * NR), to, PITCH as isize, d != 0);
                }
            }
            for r in 0..count {
                let (s, row) = (s.add(r * PITCH), first + r);
                if dim == 0 {
                    s.write_bytes(0, keys);
                }
                fill(s, keys, whole);
                let mask = job.mask(self.b, self.kv, self.first + row, j);
                // Left to the next step, unless something comes in between.
                let mut scale = job.options.scale;
                if job.options.cap != 0.0 || positions.is_some() || mask.is_some() || keys != whole {
                    shape::<L>(s, whole, &job.options);
                    scale = 1.0;
                }
                if let Some((positions, _)) = positions {
                    hide::<L>(s, keys.next_multiple_of(LANES), positions.as_ptr(), rows.sight[row], masked);
                }
                if let Some((mask, step)) = mask {
                    cover::<L>(s, keys, mask, step, masked);
                }
                fill(s, keys, whole);
                let before = rows.max[row];
                let (max, sum) = weigh::<L>(s, whole, scale, before, f);
                rows.max[row] = max;
                if max == before {
                    rows.sum[row] += sum;
                } else {
                    let decay = decay::<L>(before, max);
                    rows.sum[row] = rows.sum[row] * decay + sum;
                    multiply::<L>(self.a.add(row * self.pitch), self.pitch, decay);
                }
            }
            let a = self.a.add(first * self.pitch);
            if tainted {
                for r in 0..count {
                    let weights = core::slice::from_raw_parts(s.add(r * PITCH), keys);
                    let (row, pitch) = (first + r, self.pitch);
                    let mask = job.mask(self.b, self.kv, self.first + row, j);
                    let sees = |i: usize| {
                        positions.is_none_or(|(p, _)| rows.sight[row].sees(p[i]))
                            && mask.is_none_or(|(at, step)| at.wrapping_offset(i as isize * step).read() != 0)
                    };
                    let value = |i: usize, c: usize| self.v.add(c / NR * panel(keys) + i * NR + c % NR).read();
                    values_seen::<L>(a.add(r * pitch), job.width, weights, &sees, &value);
                }
                return;
            }
            for c in (0..job.width).step_by(NR) {
                let (v, pitch) = (self.v.add(c / NR * panel(keys)), self.pitch as isize);
                tile_of::<L>(count, keys, s, PITCH as isize, v, a.add(c), pitch, true);
            }
        }
    }

    /// Packs keys from the `j`th on, turned, into panels of [`NR`] keys; zeros fill the last one.
    ///
    /// # Safety
    /// - As [`Task::run`].
    unsafe fn pack_keys<L: Lane>(&self, j: usize, keys: usize) {
        let dim = self.job.dim;
        let k = self.job.k(self.b, self.kv, j).turned();
        // SAFETY: keys below the job's; panels have `dim` rows.
        unsafe {
            for key in (0..keys).step_by(NR) {
                let to = self.k.add(key / NR * panel(dim));
                if keys - key < NR {
                    to.write_bytes(0, dim * NR);
                }
                pack::<L>(k.at(0, key), dim, NR.min(keys - key), to, NR);
            }
        }
    }

    /// Packs values from the `j`th on into panels of [`NR`] columns; zeros fill the last one.
    ///
    /// # Safety
    /// - As [`Task::run`].
    unsafe fn pack_values<L: Lane>(&self, j: usize, keys: usize) {
        let (whole, rest) = (self.job.width / NR, self.job.width % NR);
        let v = self.job.v(self.b, self.kv, j);
        // SAFETY: keys and columns below the job's; panels have `keys` rows.
        unsafe {
            if v.cs == 1 {
                pack_rows::<L>(v, keys, whole, self.v, panel(keys));
            } else {
                for c in 0..whole {
                    pack::<L>(v.at(0, c * NR), keys, NR, self.v.add(c * panel(keys)), NR);
                }
            }
            if rest != 0 {
                let last = self.v.add(whole * panel(keys));
                last.write_bytes(0, keys * NR);
                pack::<L>(v.at(0, whole * NR), keys, rest, last, NR);
            }
        }
    }

    /// Whether all packed values are finite.
    ///
    /// # Safety
    /// - As [`Task::run`]; values of so many keys are packed.
    unsafe fn finite<L: Lane>(&self, keys: usize) -> bool {
        let magnitude = L::isplat(0x7fff_ffff);
        let mut largest = [L::isplat(0); 4];
        // SAFETY: whole panels, of a multiple of eight floats; four vectors a turn where there are as many.
        unsafe {
            for c in 0..self.pitch / NR {
                let from = self.v.add(c * panel(keys)).cast_const().cast::<u32>();
                for i in (0..keys * NR).step_by(2 * LANES) {
                    for v in 0..2 {
                        largest[v] = L::umax(largest[v], L::and(L::iload(from.add(i + v * LANES)), magnitude));
                    }
                }
            }
        }
        !L::any(L::ult(L::isplat(0x7f7f_ffff), L::umax(largest[0], largest[1])))
    }
}
