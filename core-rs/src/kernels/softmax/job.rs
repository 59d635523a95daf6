//! The rows of one call, dealt out to threads.

use super::super::elementwise::Tile;
use super::super::reduce::Move;
use super::super::rowwise::{Rounding, Scratch, TASK};
use super::columns::{log_softmax_columns, log_sum_exp_columns, softmax_columns};
use super::rows::{divide, log_softmax_row, log_sum_exp_row, softmax_row};
use super::{Kind, Plan, WIDTH};
use crate::lane::Lane;
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut};

/// All that tasks share.
pub(super) struct Job<'a> {
    pub plan: Plan,
    pub rows: usize,
    pub scratch: Scratch,
    pub load: Move,
    pub store: Move,
    pub input: View<'a>,
    pub output: ViewMut<'a>,
}

impl Job<'_> {
    /// Where the row at an index of the kept axes begins in input and output.
    #[inline]
    fn at(&self, index: &[usize; MAX_RANK]) -> (*const u8, *mut u8) {
        let size = self.input.dtype.size() as isize;
        let offset = |operand: usize| self.plan.kept.offset(index, &self.plan.kept.inputs[operand]) * size;
        (self.input.ptr::<u8>().wrapping_offset(offset(0)), self.output.ptr::<u8>().wrapping_offset(offset(1)))
    }

    pub(super) fn run<L: Lane, R: Rounding>(&self, r: R, pool: &Pool) {
        let plan = &self.plan;
        let nanoseconds = (self.rows as u64).saturating_mul(plan.n as u64);
        if plan.width == 1 {
            let group = (TASK / plan.n.max(1)).max(1);
            pool.run(Work { tasks: self.rows.div_ceil(group), nanoseconds }, &|task, thread| {
                self.along::<L, R>(r, task * group..((task + 1) * group).min(self.rows), thread);
            });
        } else {
            let inner = plan.kept.inner();
            let blocks = inner.div_ceil(plan.width);
            let outer = plan.kept.outer();
            pool.run(Work { tasks: self.rows / inner * blocks, nanoseconds }, &|task, thread| {
                let mut index = outer.decode(task / blocks);
                let block = task % blocks;
                let range = block * inner / blocks..(block + 1) * inner / blocks;
                index[plan.kept.count - 1] = range.start;
                self.across::<L, R>(r, &index, range.len(), thread);
            });
        }
    }

    /// Some rows, one after the other.
    #[inline(never)]
    fn along<L: Lane, R: Rounding>(&self, r: R, rows: core::ops::Range<usize>, thread: usize) {
        let Plan { kind, n, step, bytes, .. } = self.plan;
        let mut tile = Tile::new();
        let mut due = None;
        for row in rows {
            let (from, to) = self.at(&self.plan.kept.decode(row));
            // SAFETY: a row of the operands; a row of scratch that is this thread's.
            unsafe {
                let (x, y) = if bytes == 0 {
                    (from.cast(), to.cast())
                } else {
                    let x = self.scratch.0.add(thread * bytes);
                    self.load.run::<L>(&mut tile, from, step[0], x, 1, n);
                    (x.cast_const().cast(), x.cast())
                };
                match kind {
                    Kind::Softmax if bytes == 0 => due = Some(softmax_row::<L, R>(r, x, y, n, due)),
                    Kind::Softmax => divide::<L>(softmax_row::<L, R>(r, x, y, n, None), n),
                    Kind::LogSoftmax => log_softmax_row::<L, R>(r, x, y, n),
                    Kind::LogSumExp => {
                        let value = log_sum_exp_row::<L, R>(r, x, n);
                        if R::IS_NONE {
                            to.cast::<f32>().write(value);
                        } else {
                            self.store.run::<L>(&mut tile, (&raw const value).cast(), 1, to, 1, 1);
                        }
                        continue;
                    }
                }
                if bytes > 0 {
                    self.store.run::<L>(&mut tile, y.cast(), 1, to, step[1], n);
                }
            }
        }
        if let Some(due) = due {
            // SAFETY: the last row of the output that was begun.
            unsafe { divide::<L>(due, n) };
        }
    }

    /// `w` rows from `index` on, neighbors along the innermost kept axis, together.
    #[inline(never)]
    fn across<L: Lane, R: Rounding>(&self, r: R, index: &[usize; MAX_RANK], w: usize, thread: usize) {
        let Plan { kind, n, step, bytes, .. } = self.plan;
        let (from, to) = self.at(index);
        let steps = [self.plan.kept.step(0), self.plan.kept.step(1)];
        let size = self.input.dtype.size() as isize;
        let mut tile = Tile::new();
        // SAFETY: `n` times `w` elements of the operands; as many of scratch that is this thread's.
        unsafe {
            let (x, y, [x_step, y_step]) = if bytes == 0 {
                (from.cast(), to.cast(), step)
            } else {
                let x = self.scratch.0.add(thread * bytes);
                for k in 0..n {
                    let from = from.wrapping_offset(k as isize * step[0] * size);
                    self.load.run::<L>(&mut tile, from, steps[0], x.add(k * w * 4), 1, w);
                }
                (x.cast_const().cast(), x.cast(), [w as isize; 2])
            };
            match kind {
                Kind::Softmax => softmax_columns::<L, R>(r, x, x_step, y, y_step, n, w),
                Kind::LogSoftmax => log_softmax_columns::<L, R>(r, x, x_step, y, y_step, n, w),
                Kind::LogSumExp => {
                    let mut values = [0f32; WIDTH];
                    log_sum_exp_columns::<L, R>(r, x, x_step, n, w, &mut values);
                    self.store.run::<L>(&mut tile, values.as_ptr().cast(), 1, to, steps[1], w);
                    return;
                }
            }
            if bytes > 0 {
                for k in 0..n {
                    let to = to.wrapping_offset(k as isize * step[1] * size);
                    self.store.run::<L>(&mut tile, y.add(k * w).cast(), 1, to, steps[1], w);
                }
            }
        }
    }
}
