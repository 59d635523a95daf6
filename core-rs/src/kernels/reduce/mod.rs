//! Reductions: sum, product, maximum, minimum, and the places of the latter two, over the trailing axes.
//!
//! `output[i] = fold over r of program(inputs[i, r])`, where `i` runs over the kept axes and `r` over the reduced ones,
//! in row-major order of its logical index; strides are arbitrary. The program is an elementwise prologue of one
//! output (see `kernels/elementwise`); without one, input 0 is reduced as it is. Registers are f32 for f32, f16 and
//! bf16 (rounded once, at the store) and 32-bit integers for the others (wrapping, cut to the low bits at the store).
//!
//! # The order of summation
//!
//! It depends on the reduced length `K` and on nothing else, so that eager equals staged and any number of threads,
//! any strides and any lane give the same bits. Sums and products are folded so:
//!
//! 1. Elements `k = 0..K` are cut into chunks of 4096.
//! 2. In a chunk, element `k` belongs to lane `k % 4`, and eight elements of each lane, one after the other, are a
//!    group, combined as `((x0+x1)+(x2+x3))+((x4+x5)+(x6+x7))`. Groups are added to the lane's sum in order.
//! 3. The four lanes `l` are combined as `(l0+l2)+(l1+l3)`. What is missing adds nothing, not even +0 (the neutral
//!    element of a sum is -0).
//! 4. The chunks are combined pairwise, neighbors first, again and again; an odd one out waits for the next round.
//!
//! Maxima, minima and wrapping sums do not depend on the order.
//!
//! # Special cases
//!
//! - The maximum and the minimum of anything with a NaN are NaN; -0 is below +0. The places of both are the first
//!   NaN's, else the first of the equal best elements, -0 and +0 being equal.
//! - Over no elements: sum +0, product 1, maximum -infinity or the dtype's lowest integer, minimum the opposite; a
//!   place is refused. The sum of zeros that are all -0 is -0.
//! - The output may not overlap an input.
//!
//! # How it runs
//!
//! By *rows* where the reduced axis is the nearer in memory: one output at a time, vectors along the reduced axis. By
//! *columns* where a kept axis is nearer: up to [`WIDTH`] outputs at a time, vectors across them, the accumulators in
//! L1. 32-bit inputs that are contiguous in that direction are read in place, and so are rows of bools; all else is
//! gathered, widened and run through the prologue, a tile at a time. Kept axes are looped in the order of their
//! strides. A task is a range of outputs and of chunks; chunks of one output leave partial results in `scratch`, which
//! a last pass combines.
//!
//! Accuracy: a sum's relative error is below `(3 + 128 + 2 + log2(K / 4096)) * 2^-24 * sum|x| / |sum x|`.

mod axes;
mod bools;
mod extreme;
mod fill;
mod fold;
mod job;
mod parts;
#[cfg(test)]
mod reference;
#[cfg(test)]
pub(crate) mod tests;

use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::Pool;
use crate::view::{View, ViewMut};
pub(crate) use axes::Axes;
use axes::MAX_INPUTS;
use extreme::Order;
use fill::Filler;
pub(crate) use fill::Move;
pub(crate) use fold::GROUP;
use job::{Job, Partials, by_columns};
pub(crate) use parts::{max_columns, max_row, sum_chunks, sum_columns, sum_panels, sum_row, sums_of_row};

/// Elements of the reduced axes that one accumulation runs over: long enough that its end does not count, short enough
/// that 128 additions in a row lose little.
pub(crate) const CHUNK: usize = 4096;

/// The most columns at a time: their sums, four lanes each, are 16 KiB and stay in L1.
const WIDTH: usize = 1024;

/// The most columns at a time where rows are gathered: [`PANEL`] rows of them are 32 KiB.
const GATHERED_WIDTH: usize = 256;

/// Rows whose addresses are worked out, or which are gathered, together: a group.
const PANEL: usize = GROUP;

/// Elements of a task, about: 10 to 20 µs.
const TASK: usize = 1 << 16;

/// Rows of work space that columns need: four lanes, and neutral elements.
pub(crate) const COLUMN_WORDS: usize = LANES + 1;

/// Words of stack that a task works in: two rows of results, the work space of columns, and, where rows are gathered,
/// a panel of them; or a chunk of a row.
const ROOM: usize = (2 + COLUMN_WORDS + PANEL) * GATHERED_WIDTH;
const _: () = assert!(ROOM >= (2 + COLUMN_WORDS) * WIDTH && ROOM >= CHUNK);

/// What to reduce to, numbered as in the plan format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The sum.
    Sum = 0,
    /// The product.
    Prod = 1,
    /// The largest element.
    Max = 2,
    /// The smallest element.
    Min = 3,
    /// The place of the largest element, an i32 index into the flattened reduced axes.
    ArgMax = 4,
    /// The place of the smallest element.
    ArgMin = 5,
}

impl Kind {
    /// Every kind, at the index of its number.
    pub const ALL: [Kind; 6] = [Kind::Sum, Kind::Prod, Kind::Max, Kind::Min, Kind::ArgMax, Kind::ArgMin];

    /// The kind with this number.
    pub fn from_code(code: u32) -> Result<Kind, Fault> {
        Kind::ALL.get(code as usize).copied().ok_or(Fault::Parameter)
    }

    /// Whether the result is a place.
    pub const fn is_place(self) -> bool {
        matches!(self, Kind::ArgMax | Kind::ArgMin)
    }
}

/// A kind for one type of registers.
#[derive(Clone, Copy)]
enum Action {
    SumF,
    ProdF,
    SumI,
    ProdI,
    Best(Order),
    Place(Order),
}

impl Action {
    fn new(kind: Kind, register: DType) -> Action {
        let (max, min) = match register {
            DType::F32 => (Order::FMax, Order::FMin),
            DType::I32 => (Order::IMax, Order::IMin),
            _ => (Order::UMax, Order::UMin),
        };
        match kind {
            Kind::Sum if register == DType::F32 => Action::SumF,
            Kind::Sum => Action::SumI,
            Kind::Prod if register == DType::F32 => Action::ProdF,
            Kind::Prod => Action::ProdI,
            Kind::Max => Action::Best(max),
            Kind::Min => Action::Best(min),
            Kind::ArgMax => Action::Place(max),
            Kind::ArgMin => Action::Place(min),
        }
    }

    /// Words of a partial result: a value, or a value and its place.
    fn words(self) -> usize {
        if matches!(self, Action::Place(_)) { 2 } else { 1 }
    }
}

/// The 32-bit type that a dtype is computed in.
const fn register(dtype: DType) -> DType {
    if dtype.is_float() {
        DType::F32
    } else if dtype.is_unsigned() {
        DType::U32
    } else {
        DType::I32
    }
}

/// Bytes of scratch that [`reduce`] needs for these operands, on any number of threads.
pub fn reduce_scratch(
    kind: Kind,
    output: &ViewMut,
    inputs: &[View],
    reduced: usize,
    _threads: usize,
) -> Result<usize, Fault> {
    let shape = inputs.first().ok_or(Fault::Arity)?.layout;
    let shape = shape.shape();
    let kept = shape.len().checked_sub(reduced).ok_or(Fault::Rank)?;
    let length = shape[kept..].iter().fold(1usize, |n, &size| n.saturating_mul(size));
    scratch_bytes(kind, output.layout.len(), length).ok_or(Fault::Memory)
}

/// The partial results of chunks: a word each, two for places; none if there is but one chunk.
fn scratch_bytes(kind: Kind, outputs: usize, length: usize) -> Option<usize> {
    let chunks = length.div_ceil(CHUNK);
    let bytes = if kind.is_place() { 8 } else { 4 };
    if chunks <= 1 { Some(0) } else { outputs.checked_mul(chunks)?.checked_mul(bytes) }
}

/// Reduces the last `reduced` axes of the inputs, which have the kept axes, those of the output, before them.
///
/// `program` is the prologue; its one output is f32, i32 or u32, as the dtype of the output is computed (of input 0
/// for places). An empty one takes input 0, the only one, as it is. Sums, products, maxima and minima have an output
/// that is computed as the input is; places are i32.
pub fn reduce(
    pool: &Pool,
    kind: Kind,
    output: ViewMut,
    inputs: &[View],
    reduced: usize,
    program: &[u32],
    scratch: &mut [u8],
) -> Result<(), Fault> {
    reduce_on::<Live>(pool, kind, output, inputs, reduced, program, scratch)
}

/// [`reduce`] on a lane of choice, for the tests that compare lanes.
pub fn reduce_on<L: Lane>(
    pool: &Pool,
    kind: Kind,
    output: ViewMut,
    inputs: &[View],
    reduced: usize,
    program: &[u32],
    scratch: &mut [u8],
) -> Result<(), Fault> {
    if inputs.is_empty() || inputs.len() > MAX_INPUTS || (program.is_empty() && inputs.len() != 1) {
        return Err(Fault::Arity);
    }
    let shape = inputs[0].layout.shape();
    if reduced > shape.len() || output.layout.rank != shape.len() - reduced {
        return Err(Fault::Rank);
    }
    let kept = shape.len() - reduced;
    if inputs.iter().any(|input| input.layout.shape() != shape) || output.layout.shape() != &shape[..kept] {
        return Err(Fault::Shape);
    }
    let computed = register(if kind.is_place() { inputs[0].dtype } else { output.dtype });
    let fits = match kind {
        Kind::Sum => output.dtype != DType::Bool,
        Kind::ArgMax | Kind::ArgMin => output.dtype == DType::I32,
        Kind::Prod | Kind::Max | Kind::Min => true,
    };
    if !fits || (program.is_empty() && computed != register(inputs[0].dtype)) {
        return Err(Fault::DType);
    }
    for input in inputs {
        output.disjoint_from(input)?;
    }
    let mut layouts = [inputs[0].layout; MAX_INPUTS];
    let mut dtypes = [DType::F32; MAX_INPUTS];
    let mut operands = [core::ptr::null::<u8>(); MAX_INPUTS];
    for (i, input) in inputs.iter().enumerate() {
        (layouts[i], dtypes[i], operands[i]) = (input.layout, input.dtype, input.ptr::<u8>());
    }
    let layouts = &layouts[..inputs.len()];
    let filler = Filler::new(operands, dtypes, inputs.len(), computed, program)?;
    let store = Move::new(if kind.is_place() { DType::I32 } else { computed }, output.dtype)?;
    let kept = Axes::new(layouts, Some(&output.layout), 0, kept, true);
    let folded = Axes::new(layouts, None, shape.len() - reduced, shape.len(), false);
    if output.layout.is_empty() {
        return Ok(());
    }
    let (outputs, length) = (kept.len()?, folded.len()?);
    if kind.is_place() && (length == 0 || i32::try_from(length).is_err()) {
        return Err(Fault::Shape);
    }
    if scratch_bytes(kind, outputs, length).is_none_or(|bytes| scratch.len() < bytes) {
        return Err(Fault::Memory);
    }
    let chunks = length.div_ceil(CHUNK);
    let columns = by_columns(&kept, &folded, length);
    let job = Job {
        action: Action::new(kind, computed),
        filler,
        store,
        kept,
        folded,
        outputs,
        length,
        chunks,
        partials: if chunks > 1 { Partials(scratch.as_mut_ptr().cast()) } else { Partials(core::ptr::null_mut()) },
        output,
        columns,
    };
    if chunks > 1 && !(scratch.as_ptr() as usize).is_multiple_of(4) {
        return Err(Fault::Alignment);
    }
    if length == 0 {
        job.fill_output::<L>(nothing(kind, job.output.dtype));
        return Ok(());
    }
    let cost = (outputs as u64).saturating_mul(length as u64).saturating_mul(job.filler.cost());
    if columns {
        job.run_columns::<L>(pool, cost)
    } else {
        job.run_rows::<L>(pool, cost)
    }
    if chunks > 1 {
        job.combine::<L>(pool);
    }
    Ok(())
}

/// What the reduction of no elements gives, in a register.
fn nothing(kind: Kind, dtype: DType) -> u32 {
    let (low, high) = match dtype {
        DType::F32 | DType::F16 | DType::BF16 => (f32::NEG_INFINITY.to_bits(), f32::INFINITY.to_bits()),
        DType::I8 => (i8::MIN as u32, i8::MAX as u32),
        DType::I16 => (i16::MIN as u32, i16::MAX as u32),
        DType::I32 => (i32::MIN as u32, i32::MAX as u32),
        DType::U8 => (0, u8::MAX as u32),
        DType::U16 => (0, u16::MAX as u32),
        DType::U32 => (0, u32::MAX),
        DType::Bool => (0, 1),
    };
    match kind {
        Kind::Prod if dtype.is_float() => 1f32.to_bits(),
        Kind::Prod => 1,
        Kind::Max => low,
        Kind::Min => high,
        Kind::Sum | Kind::ArgMax | Kind::ArgMin => 0,
    }
}
