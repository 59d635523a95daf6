//! The interpreter: runs a program over one tile of elements, an operation at a time.
//!
//! A register of a tile is a pointer to its values. A contiguous 32-bit input is read where it lies; an
//! operation that makes a stored value writes it to a contiguous 32-bit output; a value that is the same for all
//! elements (a constant, an input of stride zero, and what is computed from such) is *uniform*: one block of
//! copies, which loops read again and again with a step of zero. A tile whose length is not a multiple of a block
//! works on copies, padded with zeros.

use super::chain::{MAX_STEPS, Step, Written, chain};
use super::convert::{load_blocks, load_rows, store_blocks, store_rows};
use super::loops::{Reg, abreast, binary, quaternary, singly, ternary, unary};
use super::ops::for_each_op;
use super::program::{ARITY, Fields, Op, Program, REGISTERS};
use super::{MAX_OPERANDS, convert, integer, math};
use crate::dtype::DType;
use crate::lane::{LANES, Lane};
use core::mem::MaybeUninit;

/// Elements that any program can take in one run: long enough to hide the dispatch of an operation, short enough for
/// its registers in use to stay in the first-level cache.
pub const TILE: usize = 512;

/// The longest tile of a program of few registers.
pub(super) const LONGEST_TILE: usize = 4 * TILE;

/// Elements of one turn of the inner loops: four vectors.
pub const BLOCK: usize = 4 * LANES;

/// A vector of elements along one axis that a program reads.
#[derive(Clone, Copy)]
pub struct Source {
    /// The first element.
    pub ptr: *const u8,
    /// Distance between elements, in elements.
    pub stride: isize,
    /// Type of the elements.
    pub dtype: DType,
}

/// A vector of elements along one axis that a program writes.
#[derive(Clone, Copy)]
pub struct Sink {
    /// The first element.
    pub ptr: *mut u8,
    /// Distance between elements, in elements.
    pub stride: isize,
    /// Type of the elements.
    pub dtype: DType,
}

/// Where the elements of a tile lie: `count` rows of `length` elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// Rows.
    pub count: usize,
    /// Elements of a row.
    pub length: usize,
    /// Distance between the elements of a row, in elements.
    pub stride: isize,
    /// Distance between rows, in elements.
    pub jump: isize,
}

impl Rows {
    /// Whether neighbors lie closer down the rows than along them, as in a transposed matrix.
    #[inline]
    pub fn runs_down(&self) -> bool {
        self.jump != 0 && self.jump.unsigned_abs() < self.stride.unsigned_abs()
    }

    /// The same elements as one row, where that is possible.
    #[inline]
    pub fn merged(self) -> Rows {
        if self.count > 1 && self.jump != self.length as isize * self.stride {
            return self;
        }
        Rows { count: 1, length: self.count * self.length, stride: self.stride, jump: 0 }
    }
}

/// One tile of an operand. It is written through only if it is an output.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub ptr: *mut u8,
    pub dtype: DType,
    /// Merged.
    pub rows: Rows,
}

impl Operand {
    /// Elements next to each other.
    #[inline(always)]
    fn contiguous(&self) -> bool {
        self.rows.count == 1 && self.rows.stride == 1
    }

    /// One element for all.
    #[inline(always)]
    fn uniform(&self) -> bool {
        self.rows.count == 1 && self.rows.stride == 0
    }
}

/// The operands of a call, or what is kept of each. Filled as far as needed: clearing whole arrays is a good part of a
/// small call's time.
pub(super) struct List<T: Copy> {
    items: [MaybeUninit<T>; MAX_OPERANDS],
    count: usize,
}

impl<T: Copy> List<T> {
    /// An empty list.
    #[inline(always)]
    pub fn new() -> List<T> {
        List { items: [MaybeUninit::uninit(); MAX_OPERANDS], count: 0 }
    }

    /// Appends an item; there are never more than `MAX_OPERANDS`.
    #[inline(always)]
    pub fn push(&mut self, item: T) {
        if let Some(to) = self.items.get_mut(self.count) {
            to.write(item);
            self.count += 1;
        }
    }

    /// The items.
    #[inline(always)]
    pub fn as_slice(&self) -> &[T] {
        // SAFETY: the first `count` items were written.
        unsafe { core::slice::from_raw_parts(self.items.as_ptr().cast(), self.count) }
    }

    /// The items, to change.
    #[inline(always)]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as above.
        unsafe { core::slice::from_raw_parts_mut(self.items.as_mut_ptr().cast(), self.count) }
    }
}

/// The registers of one thread, some 70 kB; make it on the stack.
#[repr(C, align(64))]
pub struct Tile {
    /// The registers' own room, `Program::tile` words each, and behind it a spare register for stores. A program of r
    /// registers needs (r + 1) tiles of min(16 / r, 4) TILE words, which is most for 32 registers.
    data: [MaybeUninit<[u32; TILE]>; REGISTERS + 1],
    /// The registers' room for uniform values.
    splats: [MaybeUninit<[u32; BLOCK]>; REGISTERS],
    regs: [MaybeUninit<Reg>; REGISTERS],
    /// The steps of the chain that runs.
    steps: [MaybeUninit<Step>; MAX_STEPS],
}

impl Tile {
    /// Registers without values.
    #[inline]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Tile {
        Tile {
            data: [MaybeUninit::uninit(); REGISTERS + 1],
            splats: [MaybeUninit::uninit(); REGISTERS],
            regs: [MaybeUninit::uninit(); REGISTERS],
            steps: [MaybeUninit::uninit(); MAX_STEPS],
        }
    }
}

/// A register's vector as the operand of a row's closure.
macro_rules! take {
    (f32, $x:expr) => {
        L::float($x)
    };
    ($integer:ident, $x:expr) => {
        $x
    };
}

/// A row's result as a register's vector.
macro_rules! give {
    (f32, $x:expr) => {
        L::bits($x)
    };
    (bool, $x:expr) => {
        L::and($x, L::isplat(1))
    };
    ($integer:ident, $x:expr) => {
        $x
    };
}

/// The loop of one row of the table.
macro_rules! apply {
    ($number:literal, ($p:ident) -> $to:ident, $code:expr, $x:expr) => {{
        let f = $code;
        unary::<L>(
            $x.to,
            $x.a,
            $x.blocks,
            #[inline(always)]
            |a| give!($to, f(take!($p, a))),
        )
    }};
    ($number:literal, ($p:ident, $q:ident) -> $to:ident, $code:expr, $x:expr) => {{
        let f = $code;
        binary::<L, { Op::takes_constants($number) }>(
            $x.to,
            $x.a,
            $x.b,
            $x.blocks,
            #[inline(always)]
            |a, b| give!($to, f(take!($p, a), take!($q, b))),
        )
    }};
    ($number:literal, ($p:ident, $q:ident, $r:ident) -> $to:ident, $code:expr, $x:expr) => {{
        let f = $code;
        ternary::<L, { Op::takes_constants($number) }>(
            $x.to,
            $x.a,
            $x.b,
            $x.c,
            $x.blocks,
            #[inline(always)]
            |a, b, c| give!($to, f(take!($p, a), take!($q, b), take!($r, c))),
        )
    }};
    ($number:literal, ($p:ident, $q:ident, $r:ident, $s:ident) -> $to:ident, $code:expr, $x:expr) => {{
        let f = $code;
        quaternary::<L>(
            $x.to,
            [$x.a, $x.b, $x.c, $x.d],
            $x.blocks,
            #[inline(always)]
            |a, b, c, d| give!($to, f(take!($p, a), take!($q, b), take!($r, c), take!($s, d))),
        )
    }};
}

/// As [`apply`], a vector a turn.
macro_rules! apply_singly {
    ($number:literal, ($p:ident) -> $to:ident, $code:expr, $x:expr) => {{
        let f = $code;
        singly::<L>(
            $x.to,
            $x.a,
            $x.a,
            $x.blocks,
            #[inline(always)]
            |a, _| give!($to, f(take!($p, a))),
        )
    }};
    ($number:literal, ($p:ident, $q:ident) -> $to:ident, $code:expr, $x:expr) => {{
        let f = $code;
        singly::<L>(
            $x.to,
            $x.a,
            $x.b,
            $x.blocks,
            #[inline(always)]
            |a, b| give!($to, f(take!($p, a), take!($q, b))),
        )
    }};
    ($number:literal, $from:tt -> $to:ident, $code:expr, $x:expr) => {
        apply!($number, $from -> $to, $code, $x)
    };
}

/// The operands of one operation.
struct Call {
    to: *mut u32,
    a: Reg,
    b: Reg,
    c: Reg,
    d: Reg,
    blocks: usize,
}

macro_rules! dispatch {
    ($($name:ident = $number:literal, $arity:literal, $from:tt -> $to:ident, $code:expr;)*) => {
        /// Runs operation number `op`.
        ///
        /// # Safety
        /// - The operands that the operation has are as for [`unary`].
        #[inline(always)]
        unsafe fn dispatch<L: Lane>(op: u8, x: &Call) {
            // SAFETY: by the caller's word.
            unsafe {
                match op {
                    $(
                        $number => {
                            if const { $number == Op::exp_f32 as u8 } {
                                abreast::<L, math::Exp<L>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::log_f32 as u8 } {
                                abreast::<L, math::Log<L, 0>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::tanh_f32 as u8 } {
                                abreast::<L, math::Tanh<L>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::exp2_f32 as u8 } {
                                abreast::<L, math::Exp2<L>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::log2_f32 as u8 } {
                                abreast::<L, math::Log<L, 2>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::log1p_f32 as u8 } {
                                abreast::<L, math::Log1p<L>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::logistic_f32 as u8 } {
                                abreast::<L, math::Logistic<L>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::erf_f32 as u8 } {
                                abreast::<L, math::Erf<L>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::sin_f32 as u8 } {
                                abreast::<L, math::Sine<L, 0>>(x.to, x.a, x.blocks)
                            } else if const { $number == Op::cos_f32 as u8 } {
                                abreast::<L, math::Sine<L, 1>>(x.to, x.a, x.blocks)
                            } else if const { $number >= Op::exp_f32 as u8 || $number == Op::rem_f32 as u8 } {
                                apply_singly!($number, $from -> $to, $code, x)
                            } else {
                                apply!($number, $from -> $to, $code, x)
                            }
                        }
                    )*
                    // The program was checked.
                    _ => {}
                }
            }
        }
    };
}
for_each_op!(dispatch);

/// Fills a block with one word.
///
/// # Safety
/// - `to` has room for a block.
#[inline(always)]
unsafe fn splat<L: Lane>(to: *mut u32, word: u32) -> Reg {
    let v = L::isplat(word);
    for i in 0..BLOCK / LANES {
        // SAFETY: within the block.
        unsafe { L::istore(to.add(i * LANES), v) };
    }
    Reg { ptr: to, step: 0 }
}

impl Program<'_> {
    /// Runs the program over `n` elements along one axis, at most [`Program::tile`], which is at least [`TILE`].
    ///
    /// An output may be the same elements as an input if [`Program::in_place`] was told so; else it is disjoint from
    /// all other operands.
    ///
    /// # Safety
    /// - There are as many sources and sinks as the program was parsed for, of the same dtypes.
    /// - Each has `n` elements, `stride` apart, aligned to their size, to read or write; `n <= self.tile()`.
    pub unsafe fn run<L: Lane>(&self, tile: &mut Tile, inputs: &[Source], outputs: &[Sink], n: usize) {
        let row = |stride| Rows { count: 1, length: n, stride, jump: 0 };
        let mut operands = List::new();
        for x in inputs {
            operands.push(Operand { ptr: x.ptr.cast_mut(), dtype: x.dtype, rows: row(x.stride) });
        }
        for y in outputs {
            operands.push(Operand { ptr: y.ptr, dtype: y.dtype, rows: row(y.stride) });
        }
        // SAFETY: by the caller's word.
        unsafe { self.run_rows::<L>(tile, operands.as_slice(), n) }
    }

    /// Runs the program over a tile of `n` elements; `operands` are the inputs, then the outputs.
    ///
    /// A straight program over whole blocks of contiguous or uniform 32-bit operands has tiles as long as you like.
    ///
    /// # Safety
    /// - As for [`Program::run`], with the rows of each operand in place of `n` elements along an axis.
    #[inline(never)]
    pub(super) unsafe fn run_rows<L: Lane>(&self, tile: &mut Tile, operands: &[Operand], n: usize) {
        let room = self.tile();
        debug_assert!((n <= room || self.is_straight()) && operands.len() == self.inputs + self.outputs);
        let (inputs, outputs) = operands.split_at(self.inputs);
        let blocks = n.div_ceil(BLOCK);
        let whole = n.is_multiple_of(BLOCK);
        let data: *mut u32 = tile.data.as_mut_ptr().cast();
        let splats: *mut u32 = tile.splats.as_mut_ptr().cast();
        let regs: *mut Reg = tile.regs.as_mut_ptr().cast();
        let steps: *mut Step = tile.steps.as_mut_ptr().cast();
        let spare = data.wrapping_add(self.registers * room);
        let mut next = self.direct.as_ptr();
        let (mut pc, end) = (self.words.as_ptr(), self.words.as_ptr_range().end);
        let mut at = 0u16;
        // SAFETY: `parse` has checked that instructions are complete, that registers, inputs and outputs exist, and
        // that registers are written before they are read. A register has room for `room` elements, the operands
        // have `n` by the caller's word, and loops that run over whole blocks touch operands only if `n` is whole.
        unsafe {
            while pc < end {
                let Fields { op, dst, a, b } = Fields::of(*pc);
                let here = at;
                pc = pc.add(1);
                at += 1;
                let slot = data.add(dst * room);
                let uniform_slot = splats.add(dst * BLOCK);
                if op > Op::constant as u8 {
                    let ra = *regs.add(a);
                    let (mut rb, mut rc, mut rd, mut count) = (ra, ra, ra, 0);
                    let mut moves = ra.step;
                    if op == Op::chain as u8 {
                        while count < b {
                            let step = Written::of(*pc.add(count));
                            let side = if step.has_side() { *regs.add(step.side) } else { ra };
                            moves |= side.step;
                            steps.add(count).write(Step::new(step, side));
                            count += 1;
                        }
                        pc = pc.add(count);
                        at += count as u16;
                    } else {
                        let arity = ARITY[op as usize];
                        if arity > 1 {
                            rb = *regs.add(b);
                        }
                        if arity > 2 {
                            rc = *regs.add((*pc & 0xff) as usize);
                            if arity > 3 {
                                rd = *regs.add((*pc >> 8) as usize);
                            }
                            pc = pc.add(1);
                            at += 1;
                        }
                        moves |= rb.step | rc.step | rd.step;
                    }
                    let uniform = moves == 0;
                    let mut to = if uniform { uniform_slot } else { slot };
                    if here == (*next).0 {
                        let output = &outputs[(*next).1 as usize];
                        next = next.add(1);
                        if whole && !uniform && output.contiguous() {
                            to = output.ptr.cast();
                        }
                    }
                    *regs.add(dst) = Reg { ptr: to, step: if uniform { 0 } else { BLOCK } };
                    let blocks = if uniform { 1 } else { blocks };
                    if op == Op::chain as u8 {
                        chain::<L>(to, ra, core::slice::from_raw_parts(steps, count), blocks);
                    } else {
                        dispatch::<L>(op, &Call { to, a: ra, b: rb, c: rc, d: rd, blocks });
                    }
                } else if op == Op::load as u8 {
                    let input = &inputs[a];
                    let mut reg = Reg { ptr: slot, step: BLOCK };
                    if input.uniform() {
                        if input.dtype.size() == 4 {
                            reg = splat::<L>(uniform_slot, *input.ptr.cast::<u32>());
                        } else {
                            let rows = Rows { count: 1, length: BLOCK, stride: 0, jump: 0 };
                            load_rows::<L>(input.ptr, input.dtype, &rows, uniform_slot);
                            reg = Reg { ptr: uniform_slot, step: 0 };
                        }
                    } else if whole && input.contiguous() {
                        if input.dtype.size() == 4 && self.copied >> a & 1 == 0 {
                            reg.ptr = input.ptr.cast();
                        } else {
                            load_blocks::<L>(input.ptr, input.dtype, slot, blocks);
                        }
                    } else {
                        load_rows::<L>(input.ptr, input.dtype, &input.rows, slot);
                    }
                    *regs.add(dst) = reg;
                } else if op == Op::store as u8 {
                    let (reg, output) = (*regs.add(a), &outputs[b]);
                    // Else its producer has written it, or the register is the input that lies there.
                    if !core::ptr::eq(reg.ptr, output.ptr.cast()) {
                        if whole && output.contiguous() {
                            store_blocks::<L>(reg, output.ptr, output.dtype, blocks);
                        } else {
                            store_rows::<L>(reg, output.ptr, output.dtype, &output.rows, spare);
                        }
                    }
                } else {
                    *regs.add(dst) = splat::<L>(uniform_slot, *pc);
                    pc = pc.add(1);
                    at += 1;
                }
            }
        }
    }
}
