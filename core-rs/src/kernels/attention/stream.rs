//! Few rows, as in decoding: k and v are read once, where they lie if they are f32.
//!
//! ```text
//! for each task: one chunk of keys of one key head, but not if hidden from all rows
//!   logits = k q  for each row,  its weights, their largest logit, their sum,  a = v weights       to scratch
//! for each key head: the chunks' sums together, in order
//! ```
//!
//! Chunks of the key heads of one batch follow on each other, since caches often have the heads of one key side by side.
//! Then the key heads with rows to which hidden keys matter are done again, their hidden keys as any others.

use super::dots::{self, Rows};
use super::row::{
    GROUP, Sight, Sights, cover, decay, fill, finish, hide, larger, shape, undecided, values_seen, weigh,
};
use super::{CHUNK, FEW, Job};
use crate::dtype::DType;
use crate::kernels::elementwise::{Abreast, ExpNotPositive};
use crate::kernels::matmul::Scratch;
use crate::kernels::matmul::operand::{Operand, pack};
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, Work};
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Keys whose logits all rows compute before the next: 16 KiB of f32 at D = 64.
const NEAR: usize = 64;

/// Stands for the sum of the weights of a chunk that is hidden from all rows, and whose sums of values are not written.
const NOTHING: f32 = -1.0;

/// Where scratch has what.
struct Grid {
    chunks: usize,
    /// Floats of a row's part: the largest logit, the sum of weights, and from [`LANES`] on the sums of values.
    part: usize,
    /// Floats of all parts; of the marks of rows; of a thread.
    parts: usize,
    marks: usize,
    thread: usize,
}

impl Grid {
    fn new(job: &Job) -> Option<Grid> {
        let chunks = job.keys.div_ceil(CHUNK);
        let part = job.width.checked_next_multiple_of(LANES)?.checked_add(LANES)?;
        let marks = job.batch.checked_mul(job.heads)?.checked_mul(job.rows())?;
        let parts = marks.checked_mul(chunks)?.checked_mul(part)?;
        let thread = job.rows().checked_mul(job.dim)?.checked_add(job.dim.max(job.width).checked_mul(NEAR)?)?;
        Some(Grid { chunks, part, parts, marks, thread })
    }
}

/// Scratch in floats.
pub fn floats(job: &Job, threads: usize) -> Option<usize> {
    let Grid { parts, marks, thread, .. } = Grid::new(job)?;
    parts.checked_add(marks)?.checked_add(thread.checked_mul(threads)?)
}

/// Computes all rows.
///
/// # Safety
/// - The operands are readable and the output writable; there is a row and a key. `scratch` has what [`floats`] says,
///   and overlaps nothing.
pub unsafe fn run<L: Lane>(job: &Job, pool: &Pool, scratch: Scratch) {
    let Some(grid) = Grid::new(job) else { return };
    let all = Task { job, marks: Scratch::new(scratch.at(grid.parts)), parts: scratch, grid: &grid };
    let threads = Scratch::new(scratch.at(grid.parts + grid.marks));
    let nanoseconds = job.products() / job.rows() as u64 * job.inputs.k.dtype.size() as u64 / 20;
    for again in [false, true] {
        let work = Work { tasks: job.batch * grid.chunks * job.heads, nanoseconds };
        pool.run(work, &|task, thread| {
            let (kv, chunk, b) = (task % job.heads, task / job.heads % grid.chunks, task / job.heads / grid.chunks);
            // SAFETY: tasks write different parts, and the scratch of their own thread.
            unsafe { all.chunk::<L>(b, kv, chunk, again, threads.at(thread * grid.thread)) };
        });
        let undone = AtomicBool::new(false);
        let nanoseconds = (grid.parts / 8) as u64;
        pool.run(Work { tasks: job.batch * job.heads, nanoseconds }, &|head, _| {
            // SAFETY: all parts are written; tasks write different rows and marks.
            if unsafe { all.combine::<L>(head, again) } {
                undone.store(true, Relaxed);
            }
        });
        if !undone.load(Relaxed) {
            break;
        }
    }
}

/// What tasks share.
struct Task<'a> {
    job: &'a Job<'a>,
    grid: &'a Grid,
    parts: Scratch,
    /// 1 for the rows of which hidden keys count.
    marks: Scratch,
}

impl Task<'_> {
    /// The part of a row and a chunk.
    fn part(&self, head: usize, chunk: usize, row: usize) -> *mut f32 {
        self.parts.at(((head * self.grid.chunks + chunk) * self.job.rows() + row) * self.grid.part)
    }

    /// # Safety
    /// - The marks of the key head are written.
    unsafe fn marked(&self, head: usize, row: usize) -> bool {
        // SAFETY: by the caller's word.
        unsafe { self.marks.at(head * self.job.rows() + row).read() != 0.0 }
    }

    /// Computes the parts of a chunk of keys.
    ///
    /// # Safety
    /// - As [`run`]; the chunk's parts and the thread's scratch are used by this call alone.
    unsafe fn chunk<L: Lane>(&self, b: usize, kv: usize, chunk: usize, again: bool, scratch: *mut f32) {
        let job = self.job;
        let (rows, dim, head, j) = (job.rows(), job.dim, b * job.heads + kv, chunk * CHUNK);
        let keys = CHUNK.min(job.keys - j);
        // SAFETY: rows, keys and columns below the job's.
        unsafe {
            if again && !(0..rows).any(|row| self.marked(head, row)) {
                return;
            }
            let mut positions = [-1; CHUNK];
            let mut sight = [Sight { low: 0, high: -1 }; FEW];
            let mut ruled = job.ruled;
            if ruled {
                for row in 0..rows {
                    sight[row] = job.sight(b, row);
                }
                let span = job.positions(b, j, &mut positions[..keys]);
                let sights = Sights::of(&sight[..rows]);
                if !again && sights.miss(&span) {
                    for row in 0..rows {
                        let part = self.part(head, chunk, row);
                        part.write(f32::NEG_INFINITY);
                        part.add(1).write(NOTHING);
                    }
                    return;
                }
                ruled = !sights.cover(&span);
            }
            let (q, aside) = (scratch, scratch.add(rows * dim));
            job.pack_queries::<L>(b, kv, 0, rows, q);
            let mut s = [const { MaybeUninit::<f32>::uninit() }; FEW * CHUNK];
            let s: *mut f32 = s.as_mut_ptr().cast();
            for from in (0..keys).step_by(NEAR) {
                let count = NEAR.min(keys - from);
                let k = near::<L>(job.k(b, kv, j + from), count, dim, aside);
                for row in (0..rows).step_by(2) {
                    let (q, s) = (q.add(row * dim), s.add(row * CHUNK + from));
                    dots::logits::<L>(k, count, dim, q, 2.min(rows - row), s, CHUNK);
                }
            }
            let whole = keys.next_multiple_of(GROUP);
            let masked = if again { job.options.masked } else { f32::NEG_INFINITY };
            let f = ExpNotPositive::<L>::new();
            for row in 0..rows {
                let s = s.add(row * CHUNK);
                fill(s, keys, whole);
                shape::<L>(s, whole, &job.options);
                if ruled {
                    hide::<L>(s, keys.next_multiple_of(LANES), positions.as_ptr(), sight[row], masked);
                }
                let mask = job.mask(b, kv, row, j);
                if let Some((mask, step)) = mask {
                    cover::<L>(s, keys, mask, step, masked);
                }
                fill(s, keys, whole);
                let (max, sum) = weigh::<L>(s, whole, 1.0, f32::NEG_INFINITY, &f);
                let part = self.part(head, chunk, row);
                part.write(max);
                part.add(1).write(sum);
                part.add(LANES).write_bytes(0, job.width.next_multiple_of(LANES));
            }
            for from in (0..keys).step_by(NEAR) {
                let count = NEAR.min(keys - from);
                let v = near::<L>(job.v(b, kv, j + from), count, job.width, aside);
                for row in (0..rows).step_by(2) {
                    let (a, s) = (self.part(head, chunk, row).add(LANES), s.add(row * CHUNK + from));
                    dots::values::<L>(v, count, job.width, s, CHUNK, a, 2.min(rows - row), self.grid.part);
                }
            }
            let v = job.v(b, kv, j);
            for row in 0..rows {
                let (s, mask, a) =
                    (s.add(row * CHUNK), job.mask(b, kv, row, j), self.part(head, chunk, row).add(LANES));
                if (ruled || mask.is_some()) && !again && !(0..job.width).all(|c| a.add(c).read().is_finite()) {
                    let sees = |i: usize| {
                        (!ruled || sight[row].sees(positions[i]))
                            && mask.is_none_or(|(at, step)| at.wrapping_offset(i as isize * step).read() != 0)
                    };
                    let value = |i: usize, c: usize| {
                        let mut x = 0.0;
                        pack::<L>(v.at(i, c), 1, 1, &raw mut x, 1);
                        x
                    };
                    a.write_bytes(0, job.width);
                    let weights = core::slice::from_raw_parts(s, keys);
                    values_seen::<L>(a, job.width, weights, &sees, &value);
                }
            }
        }
    }

    /// Writes the rows of a key head, and marks those of which hidden keys count; gives whether there are any.
    ///
    /// # Safety
    /// - As [`run`]; the parts of the key head are written, and used by this call alone.
    unsafe fn combine<L: Lane>(&self, head: usize, again: bool) -> bool {
        let job = self.job;
        let mut undone = false;
        // SAFETY: rows and chunks below the job's.
        unsafe {
            for row in 0..job.rows() {
                if again && !self.marked(head, row) {
                    continue;
                }
                let part = |chunk: usize| self.part(head, chunk, row);
                let max = (0..self.grid.chunks).fold(f32::NEG_INFINITY, |max, chunk| larger(max, part(chunk).read()));
                if !again {
                    let mark = undecided(job, max);
                    self.marks.at(head * job.rows() + row).write(f32::from(u8::from(mark)));
                    if mark {
                        undone = true;
                        continue;
                    }
                }
                let mut sum = 0.0;
                // Chunks that count at all.
                let (mut first, mut count) = (0, 0);
                for chunk in 0..self.grid.chunks {
                    let of = part(chunk);
                    let (own, weights) = (of.read(), of.add(1).read());
                    if weights == NOTHING {
                        continue;
                    }
                    let by = decay::<L>(own, max);
                    sum += weights * by;
                    if count == 0 {
                        first = chunk;
                        for c in (0..job.width).step_by(LANES) {
                            let a = of.add(LANES + c);
                            L::store(a, L::mul(L::load(a), L::splat(by)));
                        }
                    } else {
                        let to = part(first);
                        for c in (0..job.width).step_by(LANES) {
                            let (a, more) = (to.add(LANES + c), L::load(of.add(LANES + c)));
                            L::store(a, L::add(L::load(a), L::mul(more, L::splat(by))));
                        }
                    }
                    count += 1;
                }
                let to = job.target(head / job.heads, head % job.heads, row);
                finish::<L>(to, job.width, part(first).add(LANES), max, sum);
            }
        }
        undone
    }
}

/// Some rows of a matrix as they lie if they are f32 and their elements neighbors, else widened to `aside`.
///
/// # Safety
/// - The elements are readable; `aside` has room for them, and overlaps nothing.
unsafe fn near<L: Lane>(from: Operand, rows: usize, columns: usize, aside: *mut f32) -> Rows {
    if from.dtype == DType::F32 && from.cs == 1 {
        return Rows { ptr: from.ptr.cast(), step: from.rs };
    }
    // SAFETY: by the caller's word.
    unsafe { pack::<L>(from, rows, columns, aside, columns) };
    Rows { ptr: aside, step: columns as isize }
}
