//! Places by index: what gathers and scatters share.
//!
//! An index is one number, or a list of `d` numbers along the last axis of the indices, which place a window on the
//! first `d` axes of an array. A window is one element wide along these, and its axes are the array's others; or it
//! has every axis of the array, the first `d` at sizes of its own, and its first element lies at the index.

use crate::dtype::DType;
use crate::fault::Fault;
use crate::view::{Layout, MAX_RANK, View};

/// Indices resolved together; their distances fill 2 KiB of stack.
pub const TILE: usize = 256;

/// The distance that stands for a window outside the array. No window lies there, as arrays reach over less than that.
pub const OUTSIDE: isize = isize::MIN;

/// What an index gives whose window is not wholly inside the array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Mode {
    /// The nearest window. Also what stands in for JAX's `promise_in_bounds`.
    Clip = 0,
    /// A fill value in all of the window, for a gather; nothing, for a scatter.
    Fill = 1,
    /// The window at each number modulo the axis's size, as in Python; for windows of one element along the axis.
    Wrap = 2,
}

impl Mode {
    /// The mode with this number.
    pub fn from_code(code: u32) -> Result<Mode, Fault> {
        match code {
            0 => Ok(Mode::Clip),
            1 => Ok(Mode::Fill),
            2 => Ok(Mode::Wrap),
            _ => Err(Fault::Parameter),
        }
    }
}

/// Where indices lead in an array.
pub struct Places {
    mode: Mode,
    signed: bool,
    /// The number of indexed axes.
    axes: usize,
    /// Places that a window may have along each of them, and bytes from each to the next.
    counts: [usize; MAX_RANK],
    steps: [isize; MAX_RANK],
    /// Bytes between the numbers of one index.
    component: isize,
    /// The elements of the window at the first place.
    pub window: Layout,
    /// Whether windows at different places share no element.
    pub apart: bool,
}

impl Places {
    /// The places of windows of shape `window` in an array with elements of `size` bytes. The axes of `indices` from
    /// `split` on are those of one index: one axis, or none for one number.
    ///
    /// Fails with [`Fault::DType`], [`Fault::Rank`] or [`Fault::Shape`] if these do not fit together as above, and with
    /// [`Fault::Parameter`] if wider windows are to wrap.
    pub fn new(
        array: &Layout,
        size: usize,
        indices: &View,
        split: usize,
        window: &[usize],
        mode: Mode,
    ) -> Result<Places, Fault> {
        if !matches!(indices.dtype, DType::I32 | DType::U32) {
            return Err(Fault::DType);
        }
        let (axes, component) = match indices.layout.shape().get(split) {
            Some(&axes) => (axes, indices.layout.strides[split].wrapping_mul(indices.dtype.size() as isize)),
            None => (1, 0),
        };
        let rank = array.rank;
        if axes > rank {
            return Err(Fault::Rank);
        }
        // The window's sizes along the indexed axes, and those that must be the array's.
        let (own, same) = if window.len() == rank - axes {
            (&[1; MAX_RANK][..axes], window)
        } else if window.len() == rank {
            window.split_at(axes)
        } else {
            return Err(Fault::Rank);
        };
        if same != &array.shape()[axes..] || window.len() == rank && own.iter().zip(array.shape()).any(|(w, n)| w > n) {
            return Err(Fault::Shape);
        }
        let apart = own.iter().all(|&width| width <= 1);
        if mode == Mode::Wrap && !apart {
            return Err(Fault::Parameter);
        }
        let mut places = Places {
            mode,
            signed: indices.dtype == DType::I32,
            axes,
            counts: [1; MAX_RANK],
            steps: [0; MAX_RANK],
            component,
            window: Layout::new(window, &array.strides()[rank - window.len()..])?,
            apart,
        };
        for (axis, &width) in own.iter().enumerate() {
            places.counts[axis] = array.shape[axis] - width.saturating_sub(1).min(array.shape[axis]);
            places.steps[axis] = array.strides[axis].wrapping_mul(size as isize);
        }
        Ok(places)
    }

    /// Whether no index is inside.
    pub fn is_empty(&self) -> bool {
        self.counts.contains(&0)
    }

    /// The shortest step, in bytes, along an indexed axis with more than one place.
    pub fn near(&self) -> usize {
        let axes = self.counts.iter().zip(&self.steps);
        axes.filter(|(count, _)| **count > 1).map(|(_, step)| step.unsigned_abs()).min().unwrap_or(usize::MAX)
    }

    /// Finds the window of each of some indices, `step` bytes apart: how far it is from the array's first element, in
    /// bytes, or [`OUTSIDE`]. Gives whether some window is outside.
    ///
    /// # Safety
    /// - The indices are readable.
    /// - Unless the mode is `Fill`, the array is not empty.
    #[inline(never)]
    pub unsafe fn resolve(&self, at: *const u8, step: isize, places: &mut [isize]) -> bool {
        if self.axes == 0 {
            places.fill(0);
            return false;
        }
        // SAFETY: the caller's duty, passed on.
        unsafe {
            let mut any = self.along::<true>(at, step, places, 0);
            for axis in 1..self.axes {
                any |= self.along::<false>(at, step, places, axis);
            }
            any
        }
    }

    /// Adds what the numbers along one axis make to the distances, of which there are none before the first.
    ///
    /// # Safety
    /// - As for [`Places::resolve`].
    #[inline(always)]
    unsafe fn along<const FIRST: bool>(&self, at: *const u8, step: isize, places: &mut [isize], axis: usize) -> bool {
        let mut at = at.wrapping_offset(self.component.wrapping_mul(axis as isize));
        let (count, to) = (self.counts[axis], self.steps[axis]);
        // Bits below this are a number inside, signed or not.
        let sure = count.min(if self.signed { 1 << 31 } else { u32::MAX as usize }) as u32;
        let mut any = false;
        for place in places {
            // SAFETY: a number of an index.
            let bits = unsafe { at.cast::<u32>().read_unaligned() };
            at = at.wrapping_offset(step);
            let before = if FIRST { 0 } else { *place };
            let mut number = bits as isize;
            if bits >= sure {
                match self.number(bits, count as i64) {
                    Some(inside) => number = inside,
                    None => {
                        any = true;
                        *place = OUTSIDE;
                        continue;
                    }
                }
            }
            if before != OUTSIDE {
                *place = before.wrapping_add(number.wrapping_mul(to));
            }
        }
        any
    }

    /// The place along an axis with `count` places that a number stands for.
    #[cold]
    fn number(&self, bits: u32, count: i64) -> Option<isize> {
        let number = if self.signed { i64::from(bits as i32) } else { i64::from(bits) };
        match self.mode {
            _ if (0..count).contains(&number) => Some(number as isize),
            Mode::Clip => Some(number.min(count - 1).max(0) as isize),
            Mode::Wrap => Some(number.rem_euclid(count) as isize),
            Mode::Fill => None,
        }
    }
}
