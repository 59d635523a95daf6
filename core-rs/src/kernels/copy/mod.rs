//! Copies between layouts: `output[i] = input[i]` for every index `i`.
//!
//! Layouts: any strides on either side, negative ones included, and zeros in the input (a broadcast); rank up to
//! eight; any dtype, equal on both sides, since only bytes move. Aliasing: an output that shares memory with the
//! input is refused, unless both visit the same places in the same order, when there is nothing to do.
//!
//! The loops are brought into the order of the output and merged ([`nest`]); then the two that matter are run over
//! tiles:
//!
//! - contiguous on both sides: rows of bytes ([`plane::rows`]);
//! - contiguous, but backward on one side: rows that are turned in registers ([`plane::backward`]);
//! - contiguous in the output, and a broadcast in the input: rows that are filled ([`plane::fill`]), as memory is, where
//!   the bytes of an element are all alike;
//! - each side contiguous along another axis: blocks turned in registers ([`transpose`]);
//! - anything else: unit by unit, with the loop second in the input's order next to the innermost one
//!   ([`plane::strided`]).
//!
//! Accuracy: bits. Speed: that of memory for rows; for transposes see [`transpose`].

pub mod nest;
pub mod plane;
pub mod transpose;

use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut};
use nest::{Axis, Nest, ONCE, Walk};

/// Bytes of a row tile. Large, as one bulk copy should do as much as it can.
const ROW_TILE: usize = 1024 * 1024;

/// Bytes of a row that is filled, at least: shorter ones are copied with their neighbors.
const FILL: usize = 256;

/// Units along each side of a strided tile: enough for the lines that 64 units touch to be used whole.
const STRIDED_SIDE: usize = 64;

/// Bytes that a task moves at least, so that handing it out costs nothing.
const TASK: usize = 128 * 1024;

/// Copies `input` to `output`.
///
/// Fails with [`Fault::DType`] or [`Fault::Shape`] if these differ, and with [`Fault::Overlap`] if the two share
/// memory without being the same view.
pub fn copy(pool: &Pool, output: ViewMut, input: View) -> Result<(), Fault> {
    if output.dtype != input.dtype {
        return Err(Fault::DType);
    }
    if output.layout.shape() != input.layout.shape() {
        return Err(Fault::Shape);
    }
    if output.layout.is_empty() {
        return Ok(());
    }
    let nest = Nest::new(&output.layout, &input.layout, output.dtype.size());
    if core::ptr::eq(output.ptr::<u8>(), input.ptr::<u8>()) && nest.is_identity() {
        return Ok(());
    }
    output.disjoint_from(&input)?;
    let plan = Plan::new(&nest);
    let work = Work { tasks: plan.tasks(), nanoseconds: (nest.bytes() as u64).saturating_mul(2) / 10 };
    pool.run(work, &|task, _| {
        // SAFETY: the views checked every place of both layouts, the nest visits those and no others, and they do
        // not overlap; tasks have different tiles and so write different places.
        unsafe { plan.run::<Live>(output.ptr(), input.ptr(), task) }
    });
    Ok(())
}

/// How the two innermost loops are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rows,
    Backward,
    Fill,
    Transpose,
    Strided,
}

/// A nest cut into tiles of two loops, and the tiles into tasks.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    kind: Kind,
    unit: usize,
    dst: isize,
    src: isize,
    /// The loops over tiles, outermost first; steps are whole tiles. The last is over `inner`, the one before it over
    /// `outer`.
    grid: [Axis; MAX_RANK],
    rank: usize,
    /// The loops inside a tile, whole.
    outer: Axis,
    inner: Axis,
    /// Turns of `outer` and `inner` in a full tile.
    tile: (usize, usize),
    tiles: usize,
    tiles_per_task: usize,
}

impl Plan {
    /// The plan for a nest; depends on shapes and strides alone.
    pub fn new(nest: &Nest) -> Plan {
        let unit = nest.unit as isize;
        let mut loops = nest.axes;
        let mut rank = nest.rank;
        let inner = if rank > 0 { loops[rank - 1] } else { Axis { size: 1, dst: unit, src: unit } };
        rank = rank.saturating_sub(1);
        let contiguous = inner.dst == unit;
        let (kind, second) = if contiguous && inner.src == unit {
            (Kind::Rows, rank.checked_sub(1))
        } else if contiguous && inner.src == -unit && unit <= 4 {
            (Kind::Backward, rank.checked_sub(1))
        } else if contiguous && inner.src == 0 && unit <= 4 && inner.size * nest.unit >= FILL {
            (Kind::Fill, rank.checked_sub(1))
        } else if let (true, Some(at)) = (contiguous, loops[..rank].iter().position(|axis| axis.src == unit)) {
            (Kind::Transpose, Some(at))
        } else {
            // The loop that is next to the input's own order, if it is nearer to it than the innermost one.
            let near = |axis: &Axis| axis.src.unsigned_abs();
            let nearest = (0..rank).filter(|&at| loops[at].src != 0).min_by_key(|&at| near(&loops[at]));
            let nearest = nearest.filter(|&at| near(&loops[at]) < near(&inner));
            (Kind::Strided, nearest.or(rank.checked_sub(1)))
        };
        let outer = match second {
            Some(at) => {
                let axis = loops[at];
                loops.copy_within(at + 1..rank, at);
                rank -= 1;
                axis
            }
            None => ONCE,
        };
        let tile = match kind {
            Kind::Rows | Kind::Backward | Kind::Fill => {
                let columns = inner.size.min(ROW_TILE / nest.unit);
                (outer.size.min((TASK / (columns * nest.unit)).max(1)), columns)
            }
            Kind::Transpose => {
                // A short side leaves room for a longer one on the other operand.
                let side = transpose::side(nest.unit);
                let columns = inner.size.min(side);
                let rows = outer.size.min(side * side / columns);
                (rows, inner.size.min(side * side / rows))
            }
            Kind::Strided => {
                let columns = inner.size.min(STRIDED_SIDE);
                let rows = outer.size.min(STRIDED_SIDE * STRIDED_SIDE / columns);
                (rows, inner.size.min(STRIDED_SIDE * STRIDED_SIDE / rows))
            }
        };
        let mut grid = [ONCE; MAX_RANK];
        grid[..rank].copy_from_slice(&loops[..rank]);
        for (at, axis, turns) in [(rank, outer, tile.0), (rank + 1, inner, tile.1)] {
            let steps = turns as isize;
            let (dst, src) = (axis.dst.wrapping_mul(steps), axis.src.wrapping_mul(steps));
            grid[at] = Axis { size: axis.size.div_ceil(turns), dst, src };
        }
        let rank = rank + 2;
        let tiles = grid[..rank].iter().fold(1usize, |n, axis| n.saturating_mul(axis.size));
        let tiles_per_task = (TASK / (tile.0 * tile.1 * nest.unit)).max(1);
        Plan {
            kind,
            unit: nest.unit,
            dst: nest.dst,
            src: nest.src,
            grid,
            rank,
            outer,
            inner,
            tile,
            tiles,
            tiles_per_task,
        }
    }

    /// The number of tasks.
    pub fn tasks(&self) -> usize {
        self.tiles.div_ceil(self.tiles_per_task)
    }

    /// Runs one task; `dst` and `src` are the operands' first elements.
    ///
    /// # Safety
    /// - Every place that the plan's nest visits from `src` is readable, from `dst` writable, and none of the one
    ///   overlaps one of the other.
    /// - No other thread runs the same task.
    pub unsafe fn run<L: Lane>(&self, dst: *mut u8, src: *const u8, task: usize) {
        let first = task * self.tiles_per_task;
        let count = self.tiles_per_task.min(self.tiles.saturating_sub(first));
        let mut walk = Walk::new(&self.grid[..self.rank], first);
        let (dst, src) = (dst.wrapping_offset(self.dst), src.wrapping_offset(self.src));
        for _ in 0..count {
            let clip =
                |axis: Axis, tile: usize, index: usize| Axis { size: tile.min(axis.size - index * tile), ..axis };
            let outer = clip(self.outer, self.tile.0, walk.index[self.rank - 2]);
            let inner = clip(self.inner, self.tile.1, walk.index[self.rank - 1]);
            let (dst, src) = (dst.wrapping_offset(walk.dst), src.wrapping_offset(walk.src));
            // SAFETY: the tile's loops stay inside the nest's, whose every place the caller vouches for; the kinds
            // have the unit steps that their kernels ask for, by `Plan::new`.
            unsafe {
                match self.kind {
                    Kind::Rows => plane::rows::<L>(dst, src, outer, inner.size * self.unit),
                    Kind::Backward => plane::backward::<L>(dst, src, self.unit, outer, inner.size),
                    Kind::Fill => plane::fill::<L>(dst, src, self.unit, outer, inner.size),
                    Kind::Transpose => transpose::tile::<L>(dst, src, self.unit, outer, inner),
                    Kind::Strided => plane::strided::<L>(dst, src, self.unit, outer, inner),
                }
            }
            walk.advance(1);
        }
    }
}

#[cfg(test)]
pub(crate) mod reference;
#[cfg(test)]
pub(crate) mod tests;
