//! Brings elements of the inputs into registers: where they lie, or through the prologue into a buffer; and results
//! from registers into the output. Both by the tile interpreter of elementwise programs.

use super::axes::{Axes, MAX_INPUTS};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::elementwise::{Op, Program, Sink, Source, TILE, Tile};
use crate::lane::Lane;
use crate::view::MAX_RANK;

/// The program that moves elements as they are.
const MOVE: &[u32] = &[Op::load.word(0, 0, 0), Op::store.word(0, 0, 0)];

/// The prologue and its inputs.
pub(super) struct Filler<'a> {
    operands: [*const u8; MAX_INPUTS],
    dtypes: [DType; MAX_INPUTS],
    arity: usize,
    register: DType,
    program: Program<'a>,
    moves: bool,
}

// SAFETY: what it points to is only read.
unsafe impl Sync for Filler<'_> {}

impl<'a> Filler<'a> {
    /// For inputs of these dtypes whose first elements are `operands`, and registers of type `register`.
    pub(super) fn new(
        operands: [*const u8; MAX_INPUTS],
        dtypes: [DType; MAX_INPUTS],
        arity: usize,
        register: DType,
        program: &'a [u32],
    ) -> Result<Filler<'a>, Fault> {
        let moves = program.is_empty();
        let words = if moves { MOVE } else { program };
        let program = Program::parse(words, &dtypes[..arity], &[register])?;
        Ok(Filler { operands, dtypes, arity, register, program, moves })
    }

    /// The cost of an element in eighths of a nanosecond.
    pub(super) fn cost(&self) -> u64 {
        2 + self.program.cost() as u64
    }

    /// Whether elements `step` apart are contiguous registers already.
    pub(super) fn direct(&self, step: isize) -> bool {
        self.moves && step == 1 && self.dtypes[0].size() == 4
    }

    /// Whether elements `step` apart are bools next to each other.
    pub(super) fn bools(&self, step: isize) -> bool {
        self.moves && step == 1 && self.dtypes[0] == DType::Bool
    }

    /// Where the inputs are at an index of the kept axes.
    #[inline]
    pub(super) fn at(&self, kept: &Axes, index: &[usize; MAX_RANK]) -> [*const u8; MAX_INPUTS] {
        self.beyond(&self.operands, kept, index)
    }

    /// Where the inputs are at an index of some axes, counted from `start`.
    #[inline]
    pub(super) fn beyond(
        &self,
        start: &[*const u8; MAX_INPUTS],
        axes: &Axes,
        index: &[usize; MAX_RANK],
    ) -> [*const u8; MAX_INPUTS] {
        let mut at = *start;
        at[0] = self.one_beyond(start, 0, axes, index);
        for i in 1..self.arity {
            at[i] = self.one_beyond(start, i, axes, index);
        }
        at
    }

    /// One step along the innermost of `axes`.
    #[inline]
    pub(super) fn advance(&self, at: &mut [*const u8; MAX_INPUTS], axes: &Axes) {
        for i in 0..self.arity {
            at[i] = at[i].wrapping_offset(axes.step(i).wrapping_mul(self.dtypes[i].size() as isize));
        }
    }

    /// As [`Filler::beyond`], for one input.
    #[inline]
    pub(super) fn one_beyond(
        &self,
        start: &[*const u8; MAX_INPUTS],
        input: usize,
        axes: &Axes,
        index: &[usize; MAX_RANK],
    ) -> *const u8 {
        start[input].wrapping_offset(axes.offset(index, &axes.inputs[input]) * self.dtypes[input].size() as isize)
    }

    /// Registers of `n` elements along the innermost of `axes`, from `start` on.
    ///
    /// # Safety
    /// - The elements are the inputs', and `n` words at `to` are writable and not the inputs'.
    pub(super) unsafe fn along<L: Lane>(
        &self,
        tile: &mut Tile,
        start: &[*const u8; MAX_INPUTS],
        axes: &Axes,
        n: usize,
        to: *mut u32,
    ) {
        let mut sources = [Source { ptr: core::ptr::null(), stride: 0, dtype: DType::F32 }; MAX_INPUTS];
        let mut done = 0;
        while done < n {
            let count = TILE.min(n - done);
            for i in 0..self.arity {
                let (stride, dtype) = (axes.step(i), self.dtypes[i]);
                let ptr = start[i].wrapping_offset(done as isize * stride * dtype.size() as isize);
                sources[i] = Source { ptr, stride, dtype };
            }
            let sink = Sink { ptr: to.wrapping_add(done).cast(), stride: 1, dtype: self.register };
            // SAFETY: the program was parsed for these dtypes; the elements are as the caller vouches.
            unsafe { self.program.run::<L>(tile, &sources[..self.arity], &[sink], count) };
            done += count;
        }
    }

    /// Registers of the elements `k..k + n` of the folded axes.
    ///
    /// # Safety
    /// - As [`Filler::along`].
    pub(super) unsafe fn row<L: Lane>(
        &self,
        tile: &mut Tile,
        start: &[*const u8; MAX_INPUTS],
        folded: &Axes,
        k: usize,
        n: usize,
        to: *mut u32,
    ) {
        let mut index = folded.decode(k);
        let last = folded.count.saturating_sub(1);
        let mut done = 0;
        while done < n {
            let count = (folded.inner() - index[last]).min(n - done);
            // SAFETY: `count` elements from `index` on do not leave the innermost axis; the rest by the caller.
            unsafe { self.along::<L>(tile, &self.beyond(start, folded, &index), folded, count, to.add(done)) };
            done += count;
            index[last] = 0;
            folded.advance(&mut index, 1);
        }
    }
}

/// Moves elements from one dtype to another, at any strides.
pub(crate) struct Move {
    program: Program<'static>,
    from: DType,
    to: DType,
}

impl Move {
    /// Between a dtype and its register, either way.
    pub(crate) fn new(from: DType, to: DType) -> Result<Move, Fault> {
        Ok(Move { program: Program::parse(MOVE, &[from], &[to])?, from, to })
    }

    /// Moves `n` elements, `step` apart, to places that are `to_step` apart.
    ///
    /// # Safety
    /// - The elements at `from` are readable, those at `to` writable; they do not overlap.
    pub(crate) unsafe fn run<L: Lane>(
        &self,
        tile: &mut Tile,
        from: *const u8,
        step: isize,
        to: *mut u8,
        to_step: isize,
        n: usize,
    ) {
        let mut done = 0;
        while done < n {
            let count = TILE.min(n - done);
            let from = from.wrapping_offset(done as isize * step * self.from.size() as isize);
            let to = to.wrapping_offset(done as isize * to_step * self.to.size() as isize);
            let source = Source { ptr: from, stride: step, dtype: self.from };
            let sink = Sink { ptr: to, stride: to_step, dtype: self.to };
            // SAFETY: the program is for these dtypes; the elements are as the caller vouches.
            unsafe { self.program.run::<L>(tile, &[source], &[sink], count) };
            done += count;
        }
    }
}

/// Narrows one register into an element, by `store` if it is a float of 16 bits.
///
/// # Safety
/// - The element at `to` is writable.
#[inline]
pub(super) unsafe fn store_one<L: Lane>(bits: u32, to: *mut u8, store: &Move, tile: &mut Tile) {
    // SAFETY: `to` is an element of the dtype.
    unsafe {
        match store.to {
            DType::F32 | DType::I32 | DType::U32 => to.cast::<u32>().write(bits),
            DType::I16 | DType::U16 => to.cast::<u16>().write(bits as u16),
            DType::I8 | DType::U8 | DType::Bool => to.write(bits as u8),
            DType::F16 | DType::BF16 => store.run::<L>(tile, (&raw const bits).cast(), 1, to, 1, 1),
        }
    }
}

/// Writes the same word `n` times.
///
/// # Safety
/// - `n` words at `to` are writable.
pub(super) unsafe fn fill(to: *mut u32, word: u32, n: usize) {
    for i in 0..n {
        // SAFETY: below `n`.
        unsafe { to.add(i).write(word) };
    }
}
