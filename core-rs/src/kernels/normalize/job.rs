//! The rows of one call, dealt out to threads.

use super::super::elementwise::Tile;
use super::super::reduce::Move;
use super::super::rowwise::{Rounding, Scratch, TASK};
use super::columns::normalize_columns;
use super::rows::normalize_row;
use super::{Kind, Normalization, Plan};
use crate::lane::Lane;
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut};

/// Scale and bias as contiguous f32, null where there is none; ones for the scale that a bias lacks.
///
/// # Safety
/// - `to` has room for both, if the plan says that they need it.
pub(super) unsafe fn widen<L: Lane>(plan: &Plan, what: &Normalization, load: &Move, to: *mut u8) -> [*const f32; 2] {
    let mut tile = Tile::new();
    let mut place = |vector: &Option<View>, to: *mut u8| match vector {
        None => core::ptr::null(),
        Some(vector) if plan.vector == 0 => vector.ptr::<f32>(),
        Some(vector) => {
            // SAFETY: `n` elements of the vector, and as many words at `to`.
            unsafe { load.run::<L>(&mut tile, vector.ptr(), vector.layout.strides[0], to, 1, plan.n) };
            to.cast_const().cast()
        }
    };
    let [mut scale, bias] = [place(&what.scale, to), place(&what.bias, to.wrapping_add(plan.vector))];
    if scale.is_null() && !bias.is_null() {
        for i in 0..plan.n {
            // SAFETY: below `n`.
            unsafe { to.cast::<f32>().add(i).write(1.0) };
        }
        scale = to.cast_const().cast();
    }
    [scale, bias]
}

/// All that tasks share.
pub(super) struct Job<'a> {
    pub plan: Plan,
    pub rows: usize,
    pub kind: Kind,
    /// Scale and bias, or null.
    pub vectors: [*const f32; 2],
    pub epsilon: f32,
    pub scratch: Scratch,
    pub load: Move,
    pub store: Move,
    pub input: View<'a>,
    pub output: ViewMut<'a>,
}

// SAFETY: the vectors are only read; the rest may be shared.
unsafe impl Sync for Job<'_> {}

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
        let nanoseconds = (self.rows as u64).saturating_mul(plan.n as u64) / 4;
        if plan.width == 1 {
            let group = (TASK / plan.n).max(1);
            pool.run(Work { tasks: self.rows.div_ceil(group), nanoseconds }, &|task, thread| {
                let rows = task * group..((task + 1) * group).min(self.rows);
                match self.kind {
                    Kind::Rms => self.along::<L, R, false>(r, rows, thread),
                    Kind::Layer => self.along::<L, R, true>(r, rows, thread),
                }
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
    fn along<L: Lane, R: Rounding, const LAYER: bool>(&self, r: R, rows: core::ops::Range<usize>, thread: usize) {
        let Plan { ref kept, n, step, rows: bytes, .. } = self.plan;
        let mut tile = Tile::new();
        for row in rows {
            let (from, to) = self.at(&kept.decode(row));
            // SAFETY: a row of the operands; a row of scratch that is this thread's; vectors of `n`.
            unsafe {
                if bytes == 0 {
                    normalize_row::<L, R, LAYER>(r, from.cast(), to.cast(), n, self.vectors, self.epsilon);
                } else {
                    let x = self.scratch.0.add(thread * bytes);
                    self.load.run::<L>(&mut tile, from, step[0], x, 1, n);
                    normalize_row::<L, R, LAYER>(r, x.cast(), x.cast(), n, self.vectors, self.epsilon);
                    self.store.run::<L>(&mut tile, x, 1, to, step[1], n);
                }
            }
        }
    }

    /// `w` rows from `index` on, neighbors along the innermost kept axis, together.
    #[inline(never)]
    fn across<L: Lane, R: Rounding>(&self, r: R, index: &[usize; MAX_RANK], w: usize, thread: usize) {
        let Plan { ref kept, n, step, rows: bytes, .. } = self.plan;
        let (from, to) = self.at(index);
        let (vectors, epsilon, layer) = (self.vectors, self.epsilon, self.kind == Kind::Layer);
        // SAFETY: `n` times `w` elements of the operands; as many of scratch that is this thread's; vectors of `n`.
        unsafe {
            if bytes == 0 {
                normalize_columns::<L, R>(
                    r,
                    (from.cast(), step[0]),
                    (to.cast(), step[1]),
                    n,
                    w,
                    vectors,
                    epsilon,
                    layer,
                );
                return;
            }
            let size = self.input.dtype.size() as isize;
            let mut tile = Tile::new();
            let x = self.scratch.0.add(thread * bytes);
            for k in 0..n {
                let from = from.wrapping_offset(k as isize * step[0] * size);
                self.load.run::<L>(&mut tile, from, kept.step(0), x.add(k * w * 4), 1, w);
            }
            normalize_columns::<L, R>(
                r,
                (x.cast_const().cast(), w as isize),
                (x.cast(), w as isize),
                n,
                w,
                vectors,
                epsilon,
                layer,
            );
            for k in 0..n {
                let to = to.wrapping_offset(k as isize * step[1] * size);
                self.store.run::<L>(&mut tile, x.add(k * w * 4), 1, to, kept.step(1), w);
            }
        }
    }
}
