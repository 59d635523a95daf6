//! Chains: operations each of which takes what the one before gave, whose value stays in registers of the machine.
//!
//! A loop of one operation reads and writes the first-level cache for every vector, which takes it twice as long as the
//! operation. A chain takes a *group* of vectors through all of its steps, and reads only their other operands. The
//! steps are chosen anew for each group: a jump that the processor learns, and that a group of twelve vectors makes up
//! for. Measured, of 12 steps, in G operations/s: 12 vectors 24, 8 vectors 21, 4 vectors 12, a loop each 13; more than
//! 12 do not fit its registers.

use super::loops::Reg;
use super::program::{Fields, Op};
use super::tile::BLOCK;
use crate::fault::Fault;
use crate::lane::{LANES, Lane};

/// The most steps of a chain; its least is one.
pub(super) const MAX_STEPS: usize = 32;

/// Blocks of a group, as long as there are so many. The rest are groups of one.
const GROUP: usize = 3;

/// One step as a program writes it.
#[derive(Clone, Copy)]
pub(super) struct Written {
    /// Its number in the table.
    op: u8,
    /// The register of the other operand, if it has one.
    pub side: usize,
    /// Whether the other operand comes first.
    swapped: bool,
}

impl Written {
    /// Reads the word of a step.
    #[inline(always)]
    pub fn of(word: u32) -> Written {
        let Fields { op, dst: side, a: order, .. } = Fields::of(word);
        Written { op, side, swapped: order != 0 }
    }

    /// Refuses the word of a step that a chain does not have.
    pub fn check(word: u32) -> Result<(), Fault> {
        let Fields { op, dst: side, a: order, b: rest } = Fields::of(word);
        let two = op >= Op::add_f32 as u8 && op <= Op::max_f32 as u8;
        let one = op >= Op::neg_f32 as u8 && op <= Op::sqrt_f32 as u8 || op == Op::square_f32 as u8;
        let known = two && order <= 1 || one && side == 0 && order == 0;
        if known && rest == 0 { Ok(()) } else { Err(Fault::Program) }
    }

    /// Whether it has an operand besides the chain's value.
    pub fn has_side(self) -> bool {
        self.op <= Op::max_f32 as u8
    }
}

/// One step ready to run.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// What to do: an operation's number, shifted, and two bits.
    code: u32,
    /// The other operand's values, or the one that is all of them.
    ptr: *const f32,
}

/// Bit of a code: the other operand comes first.
const SWAPPED: u32 = 1;
/// Bit of a code, of those that do not care which operand comes first: the other operand is neither zero nor NaN.
const BOUND: u32 = 1;
/// Bit of a code: the other operand is uniform.
const UNIFORM: u32 = 2;

macro_rules! codes {
    ($($name:ident = $op:ident;)*) => {
        $(const $name: u32 = (Op::$op as u32) << 2;)*
    };
}
codes! {
    ADD = add_f32;
    SUB = sub_f32;
    MUL = mul_f32;
    DIV = div_f32;
    MIN = min_f32;
    MAX = max_f32;
    NEG = neg_f32;
    ABS = abs_f32;
    SQRT = sqrt_f32;
    SQUARE = square_f32;
}
const ADD_UNIFORM: u32 = ADD | UNIFORM;
const SUB_UNIFORM: u32 = SUB | UNIFORM;
const SUB_SWAPPED: u32 = SUB | SWAPPED;
const SUB_BOTH: u32 = SUB | UNIFORM | SWAPPED;
const MUL_UNIFORM: u32 = MUL | UNIFORM;
const DIV_UNIFORM: u32 = DIV | UNIFORM;
const DIV_SWAPPED: u32 = DIV | SWAPPED;
const DIV_BOTH: u32 = DIV | UNIFORM | SWAPPED;
const MIN_UNIFORM: u32 = MIN | UNIFORM;
const MAX_UNIFORM: u32 = MAX | UNIFORM;
const MIN_BOUND: u32 = MIN | UNIFORM | BOUND;
const MAX_BOUND: u32 = MAX | UNIFORM | BOUND;

impl Step {
    /// A step with its other operand; any register if it has none.
    ///
    /// # Safety
    /// - `side` is live for one vector.
    #[inline(always)]
    pub unsafe fn new(written: Written, side: Reg) -> Step {
        let op = u32::from(written.op) << 2;
        let mut code = op;
        if written.has_side() && side.step == 0 {
            code |= UNIFORM;
            // SAFETY: by the caller's word.
            let value = unsafe { side.ptr.cast::<f32>().read() };
            if (op == MIN || op == MAX) && value.abs() > 0.0 {
                code |= BOUND;
            }
        }
        if written.swapped && (op == SUB || op == DIV) {
            code |= SWAPPED;
        }
        Step { code, ptr: side.ptr.cast() }
    }
}

/// `x`, or a bound of it that is neither zero nor NaN, whichever lane has chosen by comparing them in its own way: NaN if
/// `x` is. Half of what min and max cost, which look for NaN and for zeros of both signs in both.
#[inline(always)]
fn bounded<L: Lane>(chosen: L::F, x: L::F) -> L::F {
    L::float(L::or(L::bits(chosen), L::not(L::eq(x, x))))
}

/// Takes the blocks of a register through the steps.
///
/// # Safety
/// - `first` and the steps' operands are live for the blocks (one, if they are uniform), `to` has room for them; each
///   is the same memory as `to`, or disjoint.
#[inline(always)]
pub(super) unsafe fn chain<L: Lane>(to: *mut u32, first: Reg, steps: &[Step], blocks: usize) {
    let grouped = blocks - blocks % GROUP;
    // SAFETY: by the caller's word.
    unsafe {
        groups::<L, { GROUP * BLOCK / LANES }>(to.cast(), first, steps, 0, grouped * BLOCK);
        groups::<L, { BLOCK / LANES }>(to.cast(), first, steps, grouped * BLOCK, blocks * BLOCK);
    }
}

/// Elements from `from` to `end`, W vectors at a time.
///
/// # Safety
/// - As for [`chain`]; there is a whole number of groups.
#[inline(never)]
unsafe fn groups<L: Lane, const W: usize>(to: *mut f32, first: Reg, steps: &[Step], from: usize, end: usize) {
    let mut at = from;
    while at < end {
        // SAFETY: the group is in bounds by the caller's word; of what is uniform there is at least one vector.
        unsafe {
            let start: *const f32 = first.ptr.cast();
            let mut v: [L::F; W] = if first.step == 0 {
                [L::load(start); W]
            } else {
                core::array::from_fn(|k| L::load(start.add(at + k * LANES)))
            };
            for step in steps {
                let side = step.ptr;
                macro_rules! each {
                    (|$x:ident| $result:expr) => {{
                        for $x in &mut v {
                            *$x = $result;
                        }
                    }};
                    (uniform |$x:ident, $y:ident| $result:expr) => {{
                        let $y = L::load(side);
                        for $x in &mut v {
                            *$x = $result;
                        }
                    }};
                    (|$x:ident, $y:ident| $result:expr) => {{
                        let side = side.add(at);
                        for (k, $x) in v.iter_mut().enumerate() {
                            let $y = L::load(side.add(k * LANES));
                            *$x = $result;
                        }
                    }};
                }
                // As the rows of these operations in the table.
                match step.code {
                    ADD => each!(|x, y| L::add(*x, y)),
                    ADD_UNIFORM => each!(uniform | x, y | L::add(*x, y)),
                    SUB => each!(|x, y| L::sub(*x, y)),
                    SUB_UNIFORM => each!(uniform | x, y | L::sub(*x, y)),
                    SUB_SWAPPED => each!(|x, y| L::sub(y, *x)),
                    SUB_BOTH => each!(uniform | x, y | L::sub(y, *x)),
                    MUL => each!(|x, y| L::mul(*x, y)),
                    MUL_UNIFORM => each!(uniform | x, y | L::mul(*x, y)),
                    DIV => each!(|x, y| L::div(*x, y)),
                    DIV_UNIFORM => each!(uniform | x, y | L::div(*x, y)),
                    DIV_SWAPPED => each!(|x, y| L::div(y, *x)),
                    DIV_BOTH => each!(uniform | x, y | L::div(y, *x)),
                    MIN => each!(|x, y| L::min(*x, y)),
                    MIN_UNIFORM => each!(uniform | x, y | L::min(*x, y)),
                    MIN_BOUND => each!(uniform | x, y | bounded::<L>(L::pmin(*x, y), *x)),
                    MAX => each!(|x, y| L::max(*x, y)),
                    MAX_UNIFORM => each!(uniform | x, y | L::max(*x, y)),
                    MAX_BOUND => each!(uniform | x, y | bounded::<L>(L::pmax(*x, y), *x)),
                    NEG => each!(|x| L::neg(*x)),
                    ABS => each!(|x| L::abs(*x)),
                    SQRT => each!(|x| L::sqrt(*x)),
                    SQUARE => each!(|x| L::mul(*x, *x)),
                    // The program was checked.
                    _ => {}
                }
            }
            for (k, x) in v.into_iter().enumerate() {
                L::store(to.add(at + k * LANES), x);
            }
        }
        at += W * LANES;
    }
}
