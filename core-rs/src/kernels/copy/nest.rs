//! The loop nest of a copy: two operands of one shape, brought into the order in which the destination lies in memory.
//!
//! Steps count bytes, not elements: a short run that is contiguous on both sides becomes one wider unit (two f32
//! that always travel together are one unit of eight bytes), and the kernels below know units of 1, 2, 4, 8 and 16
//! bytes and nothing of dtypes.

use crate::view::{Layout, MAX_RANK};

/// The widest unit, in bytes: one vector.
pub const MAX_UNIT: usize = 16;

/// One loop: how often, and how far each side moves, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Turns of the loop.
    pub size: usize,
    /// Bytes between neighbors in the destination.
    pub dst: isize,
    /// Bytes between neighbors in the source.
    pub src: isize,
}

/// A loop of one turn.
pub const ONCE: Axis = Axis { size: 1, dst: 0, src: 0 };

/// Loops over two operands, outermost first. Steps of the destination are positive and fall from loop to loop.
#[derive(Clone, Copy, Debug)]
pub struct Nest {
    /// Bytes that always travel together: 1, 2, 4, 8 or 16. Addresses need not be multiples of it.
    pub unit: usize,
    /// The number of loops.
    pub rank: usize,
    /// The loops; entries at `rank` and beyond do one turn.
    pub axes: [Axis; MAX_RANK],
    /// Where the nest starts, in bytes from the destination's first element (negative strides are turned around).
    pub dst: isize,
    /// Where the nest starts, in bytes from the source's first element.
    pub src: isize,
}

impl Nest {
    /// The nest of a copy between layouts of one shape without zeros. The destination's must not alias itself; `size`
    /// is that of an element, in bytes.
    pub fn new(dst: &Layout, src: &Layout, size: usize) -> Nest {
        let mut nest = Nest::pair(dst, size, src, size);
        nest.widen();
        nest
    }

    /// The nest over two operands whose elements differ in size, `dst_size` and `src_size` bytes; its unit is the
    /// destination's element.
    pub fn pair(dst: &Layout, dst_size: usize, src: &Layout, src_size: usize) -> Nest {
        let mut nest = Nest { unit: dst_size, rank: 0, axes: [ONCE; MAX_RANK], dst: 0, src: 0 };
        for axis in 0..dst.rank.min(src.rank) {
            let n = dst.shape[axis];
            if n == 1 {
                continue;
            }
            let mut loop_ = Axis {
                size: n,
                dst: dst.strides[axis].wrapping_mul(dst_size as isize),
                src: src.strides[axis].wrapping_mul(src_size as isize),
            };
            if loop_.dst < 0 {
                // Walk it from the other end.
                let turns = (n as isize).wrapping_sub(1);
                nest.dst = nest.dst.wrapping_add(loop_.dst.wrapping_mul(turns));
                nest.src = nest.src.wrapping_add(loop_.src.wrapping_mul(turns));
                loop_.dst = loop_.dst.wrapping_neg();
                loop_.src = loop_.src.wrapping_neg();
            }
            nest.insert(loop_);
        }
        nest.merge();
        nest
    }

    /// Puts a loop before the first one whose destination step is smaller.
    fn insert(&mut self, axis: Axis) {
        let mut at = self.rank;
        while at > 0 && self.axes[at - 1].dst < axis.dst {
            self.axes[at] = self.axes[at - 1];
            at -= 1;
        }
        self.axes[at] = axis;
        self.rank += 1;
    }

    /// Makes one loop of two neighbors wherever the inner one, run through, ends where the outer one steps to.
    fn merge(&mut self) {
        let mut kept = 0;
        for at in 0..self.rank {
            let inner = self.axes[at];
            let n = inner.size as isize;
            if kept > 0 {
                let outer = &mut self.axes[kept - 1];
                if outer.dst == inner.dst.wrapping_mul(n) && outer.src == inner.src.wrapping_mul(n) {
                    *outer = Axis { size: outer.size * inner.size, ..inner };
                    continue;
                }
            }
            self.axes[kept] = inner;
            kept += 1;
        }
        self.axes[kept..self.rank].fill(ONCE);
        self.rank = kept;
    }

    /// Makes the innermost loop part of the unit if it is contiguous on both sides and short.
    fn widen(&mut self) {
        let Some(last) = self.rank.checked_sub(1) else { return };
        let Axis { size, dst, src } = self.axes[last];
        let step = self.unit as isize;
        let Some(wide) = self.unit.checked_mul(size) else { return };
        if dst == step && src == step && wide <= MAX_UNIT && wide.is_power_of_two() {
            self.unit = wide;
            self.axes[last] = ONCE;
            self.rank = last;
        }
    }

    /// The loops, outermost first.
    #[inline]
    pub fn loops(&self) -> &[Axis] {
        &self.axes[..self.rank.min(MAX_RANK)]
    }

    /// Bytes that the nest moves.
    pub fn bytes(&self) -> usize {
        self.loops().iter().fold(self.unit, |n, axis| n.saturating_mul(axis.size))
    }

    /// Whether both sides visit the same places in the same order, counted from their first elements.
    pub fn is_identity(&self) -> bool {
        self.dst == self.src && self.loops().iter().all(|axis| axis.dst == axis.src)
    }
}

/// A place in loops, and how far it is from their start on either side.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    loops: &'a [Axis],
    /// The turn of each loop.
    pub index: [usize; MAX_RANK],
    /// Bytes from the start of the destination.
    pub dst: isize,
    /// Bytes from the start of the source.
    pub src: isize,
}

impl<'a> Walk<'a> {
    /// The place after `turns` turns of the innermost loop.
    pub fn new(loops: &'a [Axis], mut turns: usize) -> Walk<'a> {
        let mut walk = Walk { loops, index: [0; MAX_RANK], dst: 0, src: 0 };
        for (axis, index) in loops.iter().zip(&mut walk.index).rev() {
            *index = turns % axis.size.max(1);
            turns /= axis.size.max(1);
            walk.dst = walk.dst.wrapping_add(axis.dst.wrapping_mul(*index as isize));
            walk.src = walk.src.wrapping_add(axis.src.wrapping_mul(*index as isize));
        }
        walk
    }

    /// The innermost loop.
    #[inline]
    pub fn inner(&self) -> Axis {
        self.loops.last().copied().unwrap_or(ONCE)
    }

    /// Turns of the innermost loop that are left before an outer one moves on.
    #[inline]
    pub fn run(&self) -> usize {
        match self.loops.len() {
            0 => 1,
            rank => self.loops[rank - 1].size - self.index[rank - 1],
        }
    }

    /// Moves on by `turns` turns of the innermost loop, at most [`Walk::run`].
    #[inline]
    pub fn advance(&mut self, mut turns: usize) {
        for (axis, index) in self.loops.iter().zip(&mut self.index).rev() {
            self.dst = self.dst.wrapping_add(axis.dst.wrapping_mul(turns as isize));
            self.src = self.src.wrapping_add(axis.src.wrapping_mul(turns as isize));
            *index += turns;
            if *index < axis.size {
                return;
            }
            *index = 0;
            self.dst = self.dst.wrapping_sub(axis.dst.wrapping_mul(axis.size as isize));
            self.src = self.src.wrapping_sub(axis.src.wrapping_mul(axis.size as isize));
            turns = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nest(shape: &[usize], dst: &[isize], src: &[isize], size: usize) -> Nest {
        Nest::new(&Layout::new(shape, dst).unwrap(), &Layout::new(shape, src).unwrap(), size)
    }

    #[test]
    fn contiguous_axes_merge_into_one() {
        let n = nest(&[2, 3, 50], &[150, 50, 1], &[150, 50, 1], 4);
        assert_eq!((n.rank, n.unit, n.axes[0]), (1, 4, Axis { size: 300, dst: 4, src: 4 }));
        assert!(n.is_identity());
    }

    #[test]
    fn a_flipped_destination_is_walked_from_its_end() {
        let n = nest(&[5], &[-1], &[1], 4);
        assert_eq!((n.dst, n.src, n.axes[0]), (-16, 16, Axis { size: 5, dst: 4, src: -4 }));
        // Flipped on both sides: the same places.
        assert!(nest(&[5, 7], &[-7, -1], &[-7, -1], 2).is_identity());
    }

    #[test]
    fn loops_follow_the_destination() {
        let n = nest(&[3, 5], &[1, 3], &[5, 1], 4);
        assert_eq!(n.axes[0], Axis { size: 5, dst: 12, src: 4 });
        assert_eq!(n.axes[1], Axis { size: 3, dst: 4, src: 20 });
    }

    #[test]
    fn short_runs_widen_the_unit() {
        let n = nest(&[6, 5, 2], &[10, 2, 1], &[2, 12, 1], 2);
        assert_eq!((n.unit, n.rank), (4, 2));
        // Three do not make a power of two.
        assert_eq!(nest(&[6, 5, 3], &[15, 3, 1], &[3, 18, 1], 2).unit, 2);
        // A broadcast run does not widen.
        assert_eq!(nest(&[6, 2], &[2, 1], &[1, 0], 2).unit, 2);
        // A whole small array is one unit.
        let n = nest(&[2, 2], &[2, 1], &[2, 1], 4);
        assert_eq!((n.unit, n.rank, n.bytes()), (16, 0, 16));
    }

    #[test]
    fn a_walk_visits_every_place_in_order() {
        let n = nest(&[3, 4, 5], &[-20, 5, 1], &[1, 15, 3], 2);
        let mut walk = Walk::new(n.loops(), 0);
        for turns in 0..60 {
            let jump = Walk::new(n.loops(), turns);
            assert_eq!((walk.dst, walk.src, walk.index), (jump.dst, jump.src, jump.index), "{turns}");
            walk.advance(1);
        }
        assert_eq!((walk.dst, walk.src), (0, 0));
        let mut walk = Walk::new(n.loops(), 2);
        walk.advance(walk.run());
        assert_eq!(walk.dst, Walk::new(n.loops(), n.loops()[n.rank - 1].size).dst);
        assert_eq!(Walk::new(&[], 0).run(), 1);
    }

    #[test]
    fn axes_of_one_element_do_not_count() {
        let n = nest(&[1, 40, 1], &[99, 1, -7], &[3, 1, 0], 1);
        assert_eq!((n.rank, n.bytes()), (1, 40));
    }
}
