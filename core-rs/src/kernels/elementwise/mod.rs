//! Elementwise programs: any chain or graph of operations on elements at the same index, in one pass.
//!
//! `outputs[o][i] = program_o(inputs[0][i], inputs[1][i], …)` for every index `i`. A small virtual machine runs the
//! program over tiles that stay in cache, an operation at a time, with SIMD inner loops.
//!
//! - **Layouts**: all operands have one shape, of rank at most 8; a broadcast is a zero stride. Any strides of
//!   inputs and outputs. Any dtype; the encoding and what loads and stores do is in `program.rs`, the operations
//!   in `ops.rs`.
//! - **Aliasing**: an output may be exactly the same elements as inputs of its width; otherwise it overlaps nothing.
//! - **Special cases**: zero-size operands are a valid nothing; NaN and infinities as in JAX, operation by operation.
//! - **Bits** of an element depend on the program and the inputs' elements at its index only: never on strides, tiles,
//!   threads or the lane; only a NaN's payload may differ.
//! - **Speed**, on one core of Zen 5 in Deno 2.9: a sum of two arrays of 2^20 f32 takes 0.14 ns an element, a bare loop
//!   in WebAssembly 0.13, native code 0.10; a chain of 12 simple operations makes 20 to 22 G operations/s; exp, log and
//!   their like: see `math/`. A call costs some 200 ns beyond its elements.

mod chain;
mod convert;
mod integer;
mod loops;
mod math;
mod ops;
mod program;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
mod tile;

pub(crate) use convert::{
    HalfKeys, half_keys, load_blocks, load_rows, narrow_one, round_bf16, round_f16, store_blocks, store_rows,
    widen_f16, widen_one,
};
pub(crate) use loops::Reg;
#[cfg(test)]
pub(crate) use math::exp;
pub(crate) use math::{Abreast, ExpBounded, ExpNotPositive, Tanh, exp_not_positive};
pub use program::{MAX_INPUTS, MAX_OUTPUTS, MAX_WORDS, OPS, Op, Program, REGISTERS};
pub(crate) use tile::Rows;
pub use tile::{BLOCK, Sink, Source, TILE, Tile};

use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{Layout, MAX_RANK, View, ViewMut, overlaps};
use tile::{List, Operand};

/// Operands of one call: inputs, then outputs.
const MAX_OPERANDS: usize = MAX_INPUTS + MAX_OUTPUTS;

/// Elements of one task: enough work (some 10 µs) to be worth handing over.
const TASK: usize = 32 * TILE;

/// Rows shorter than this share a tile.
const SHORT_ROW: usize = TILE / 2;

/// Elements of a row of a tile where an input runs down the rows: so many of its columns at once, each of which
/// brings in a line of its own, and as many rows. Measured: 0.7 ns an element of 1024 by 1024 f32 plus its transpose.
const PATCH: usize = 32;

/// ln x.
#[inline(always)]
pub(crate) fn log<L: Lane>(x: L::F) -> L::F {
    math::log::<L>(x)
}

/// Runs an elementwise program. See the head of this file, and `program.rs` for the words of a program.
pub fn elementwise(pool: &Pool, outputs: &[ViewMut], inputs: &[View], program: &[u32]) -> Result<(), Fault> {
    if outputs.is_empty() || outputs.len() > MAX_OUTPUTS || inputs.len() > MAX_INPUTS {
        return Err(Fault::Arity);
    }
    let mut dtypes = [DType::F32; MAX_OPERANDS];
    for (to, dtype) in dtypes.iter_mut().zip(inputs.iter().map(|x| x.dtype).chain(outputs.iter().map(|y| y.dtype))) {
        *to = dtype;
    }
    let count = inputs.len() + outputs.len();
    let mut program = Program::parse(program, &dtypes[..inputs.len()], &dtypes[inputs.len()..count])?;
    let shape = outputs[0].layout.shape();
    let shapes = inputs.iter().map(|x| &x.layout).chain(outputs.iter().map(|y| &y.layout));
    if shapes.into_iter().any(|layout| layout.shape() != shape) {
        return Err(Fault::Shape);
    }
    let mut same = [0u16; MAX_OUTPUTS];
    for (o, output) in outputs.iter().enumerate() {
        for (i, input) in inputs.iter().enumerate() {
            output.disjoint_or_same(input)?;
            if core::ptr::eq(output.ptr::<u8>(), input.ptr::<u8>()) && overlaps(output.span(), input.span()) {
                same[o] |= 1 << i;
            }
        }
        for other in &outputs[..o] {
            output.disjoint_from_output(other)?;
        }
    }
    if outputs[0].layout.is_empty() {
        return Ok(());
    }
    if same.iter().any(|&inputs| inputs != 0) {
        program.in_place(&same[..outputs.len()]);
    }
    let grid = Grid::new(outputs, inputs, &program);
    // SAFETY: the views were checked, have one shape, and outputs overlap inputs only as `in_place` was told.
    unsafe { body::<Live>(pool, &program, &grid) };
    Ok(())
}

/// Runs the program over the grid.
///
/// # Safety
/// - The operands of the grid are those that the program was parsed for, readable and writable; no two units of the
///   grid write the same element.
unsafe fn body<L: Lane>(pool: &Pool, program: &Program, grid: &Grid) {
    let units = grid.units();
    let per_task = (TASK / grid.unit).max(1);
    let bytes: usize = grid.operands().iter().map(|operand| operand.dtype.size()).sum();
    let picoseconds = 125 * program.cost() as u64 + 100 * bytes as u64;
    let nanoseconds = (grid.elements as u64).saturating_mul(picoseconds) / 1000;
    pool.run(Work { tasks: units.div_ceil(per_task), nanoseconds }, &|task, _| {
        let mut tile = Tile::new();
        let mut walk = Walk::new(grid, task * per_task);
        for _ in task * per_task..units.min((task + 1) * per_task) {
            let (operands, n) = walk.advance();
            // SAFETY: the unit's elements are elements of the views; tiles are at most `program.tile()`, or need no room.
            unsafe { program.run_rows::<L>(&mut tile, operands, n) };
        }
    });
}

/// One operand over the merged axes.
#[derive(Clone, Copy)]
struct Strided {
    ptr: *mut u8,
    dtype: DType,
    /// By axis of the grid.
    strides: [isize; MAX_RANK],
}

/// All elements, cut into tiles.
///
/// Axes are merged where every operand allows it, so that the last two are rows and the elements of a row. A tile
/// is a segment of a row or, where rows are short or some input is transposed, a rectangle of several rows.
struct Grid {
    operands: List<Strided>,
    rank: usize,
    shape: [usize; MAX_RANK],
    elements: usize,
    /// Rows of a tile.
    rows: usize,
    /// Elements of a row of a tile.
    segment: usize,
    /// The most elements of a tile.
    unit: usize,
}

// SAFETY: the pointers are of views, which may be shared among tasks.
unsafe impl Sync for Grid {}

impl Grid {
    /// The grid of operands of one shape, without zeros.
    // Inlined, as `Walk::new` is, so that it is made in place: copying it takes longer than making it.
    #[inline(always)]
    fn new(outputs: &[ViewMut], inputs: &[View], program: &Program) -> Grid {
        let layout = &outputs[0].layout;
        let mut grid = Grid {
            operands: List::new(),
            rank: 0,
            shape: [1; MAX_RANK],
            elements: layout.len(),
            rows: 1,
            segment: 0,
            unit: 0,
        };
        let strides = [0; MAX_RANK];
        for x in inputs {
            grid.operands.push(Strided { ptr: x.ptr::<u8>().cast_mut(), dtype: x.dtype, strides });
        }
        for y in outputs {
            grid.operands.push(Strided { ptr: y.ptr::<u8>(), dtype: y.dtype, strides });
        }
        grid.merge(outputs, inputs);
        let longest = if program.is_straight() && grid.lies_well() { TASK } else { program.tile() };
        grid.cut(inputs.len(), program.tile(), longest);
        grid
    }

    /// Orders the axes by the first output's strides, largest first, turns those that it walks backward, and merges.
    fn merge(&mut self, outputs: &[ViewMut], inputs: &[View]) {
        let Layout { rank, ref shape, ref strides } = outputs[0].layout;
        let original = |i: usize| match inputs.get(i) {
            Some(x) => &x.layout.strides,
            None => &outputs[i - inputs.len()].layout.strides,
        };
        let mut axes = [0; MAX_RANK];
        let mut count = 0;
        for axis in 0..rank {
            if shape[axis] > 1 {
                axes[count] = axis;
                count += 1;
            }
        }
        axes[..count].sort_unstable_by_key(|&axis| (core::cmp::Reverse(strides[axis].unsigned_abs()), axis));
        let operands = self.operands.as_mut_slice();
        for &axis in &axes[..count] {
            let backward = strides[axis] < 0;
            let stride = |i: usize| if backward { -original(i)[axis] } else { original(i)[axis] };
            if backward {
                for (i, operand) in operands.iter_mut().enumerate() {
                    let bytes = (shape[axis] - 1) as isize * original(i)[axis] * operand.dtype.size() as isize;
                    operand.ptr = operand.ptr.wrapping_offset(bytes);
                }
            }
            let size = shape[axis];
            let last = self.rank.wrapping_sub(1);
            let merges =
                self.rank > 0 && (0..operands.len()).all(|i| operands[i].strides[last] == stride(i) * size as isize);
            let at = if merges { last } else { self.rank };
            for (i, operand) in operands.iter_mut().enumerate() {
                operand.strides[at] = stride(i);
            }
            if merges {
                self.shape[at] *= size;
            } else {
                self.shape[at] = size;
                self.rank += 1;
            }
        }
        // At least two axes: rows, and the elements of a row.
        while self.rank < 2 {
            for operand in operands.iter_mut() {
                (operand.strides[0], operand.strides[1]) = (0, operand.strides[0]);
            }
            (self.shape[0], self.shape[1]) = (1, self.shape[0]);
            self.rank += 1;
        }
    }

    /// Whether a straight program needs no copy of any element, and so no room for a tile.
    fn lies_well(&self) -> bool {
        let axis = self.rank - 1;
        let well = |operand: &Strided| operand.dtype.size() == 4 && (operand.strides[axis] as usize) < 2;
        self.shape[axis].is_multiple_of(BLOCK) && self.operands().iter().all(well)
    }

    /// Chooses tiles of at most `most` elements, or `longest` if they are segments of a row.
    fn cut(&mut self, inputs: usize, most: usize, longest: usize) {
        let (rows, length) = (self.shape[self.rank - 2], self.shape[self.rank - 1]);
        let runs_down = |operand: &Strided| {
            let (jump, stride) = (operand.strides[self.rank - 2], operand.strides[self.rank - 1]);
            Rows { count: rows, length, stride, jump }.runs_down()
        };
        self.segment = if rows > 1 && self.operands()[..inputs].iter().any(runs_down) {
            length.min(PATCH)
        } else if rows > 1 && length < SHORT_ROW {
            length
        } else if length > BLOCK {
            // Whole blocks are worked on where they lie; the few elements that are left make a tile of copies.
            (length / BLOCK * BLOCK).min(longest)
        } else {
            length
        };
        if self.segment < SHORT_ROW {
            let most = if self.segment < length { most.min(PATCH * PATCH) } else { most };
            self.rows = (most / self.segment).min(rows);
        }
        self.unit = self.rows * self.segment;
    }

    /// The operands.
    fn operands(&self) -> &[Strided] {
        self.operands.as_slice()
    }

    /// Tiles along the rows' axis and along a row.
    fn tiles(&self) -> (usize, usize) {
        let (rows, length) = (self.shape[self.rank - 2], self.shape[self.rank - 1]);
        (rows.div_ceil(self.rows), length.div_ceil(self.segment))
    }

    /// The number of tiles.
    fn units(&self) -> usize {
        let (down, along) = self.tiles();
        self.shape[..self.rank - 2].iter().product::<usize>() * down * along
    }
}

/// A walk over successive tiles.
struct Walk<'a> {
    grid: &'a Grid,
    tiles: (usize, usize),
    /// The next tile: outer axes as one number, then tile down the rows, then tile along a row.
    at: (usize, usize, usize),
    operands: List<Operand>,
}

impl<'a> Walk<'a> {
    /// A walk from tile `unit` on.
    #[inline(always)]
    fn new(grid: &'a Grid, unit: usize) -> Walk<'a> {
        let (down, along) = grid.tiles();
        let rows = Rows { count: 1, length: 0, stride: 0, jump: 0 };
        let at = (unit / (down * along), unit / along % down, unit % along);
        let mut walk = Walk { grid, tiles: (down, along), at, operands: List::new() };
        for operand in grid.operands() {
            walk.operands.push(Operand { ptr: operand.ptr, dtype: operand.dtype, rows });
        }
        walk
    }

    /// The operands of the next tile, and the number of its elements.
    #[inline]
    fn advance(&mut self) -> (&[Operand], usize) {
        let grid = self.grid;
        let (outer, down, along) = self.at;
        let (row, column) = (down * grid.rows, along * grid.segment);
        let (rows_axis, axis) = (grid.rank - 2, grid.rank - 1);
        let count = grid.rows.min(grid.shape[rows_axis] - row);
        let length = grid.segment.min(grid.shape[axis] - column);
        for (to, operand) in self.operands.as_mut_slice().iter_mut().zip(grid.operands()) {
            let (jump, stride) = (operand.strides[rows_axis], operand.strides[axis]);
            let mut offset = row as isize * jump + column as isize * stride;
            let mut outer = outer;
            for axis in (0..rows_axis).rev() {
                offset += (outer % grid.shape[axis]) as isize * operand.strides[axis];
                outer /= grid.shape[axis];
            }
            to.ptr = operand.ptr.wrapping_offset(offset * operand.dtype.size() as isize);
            to.rows = Rows { count, length, stride, jump }.merged();
        }
        self.step();
        (self.operands.as_slice(), count * length)
    }

    /// Moves to the next tile.
    #[inline]
    fn step(&mut self) {
        let (outer, down, along) = &mut self.at;
        *along += 1;
        if *along == self.tiles.1 {
            *along = 0;
            *down += 1;
            if *down == self.tiles.0 {
                *down = 0;
                *outer += 1;
            }
        }
    }
}
