//! Elementwise programs: their encoding, and the check that every program passes once before it runs.
//!
//! A program is a list of u32 words that works on 32 registers of 32 bits per element: f32, i32 or u32 as the
//! operation reads them; a bool is the integer 0 or 1. An instruction is
//!
//! ```text
//! op | dst << 8 | a << 16 | b << 24      one byte each; fields that an operation does not use are 0
//! c | d << 8                             only if it has a third operand, or a fourth
//! immediate                              only if it has one
//! ```
//!
//! | op             | fields                   | does                                                             |
//! | -------------- | ------------------------ | ---------------------------------------------------------------- |
//! | `load` = 1     | `dst`, `a` = input       | widens an element of the input into a register                   |
//! | `store` = 2    | `a`, `b` = output        | narrows a register into an element of the output                 |
//! | `constant` = 3 | `dst`, immediate         | puts the immediate's bits into a register                        |
//! | `chain` = 5    | `dst`, `a`, `b` = steps  | takes `a` through 1 to 32 steps, a word each: see below          |
//! | the rest       | `dst`, `a` to `d`        | see the table in `ops.rs`: name, number, arity, types, semantics |
//!
//! A step of a `chain` is `op | r << 8 | order << 16`: the value so far becomes `op` of it and register `r`, which comes
//! first if `order` is 1; for an operation with one operand both are 0. The operations are add, sub, mul, div, min, max,
//! neg, abs, sqrt and square, of f32. A chain gives the bits that its steps would give as instructions.
//!
//! `load` widens f16 and bf16 to f32, i8 and i16 to i32 by sign, u8, u16 and bool by zeros; 32-bit types it takes
//! as they are. `store` rounds a float to f16 or bf16 (to nearest, ties to even) and keeps the low bits for
//! narrow integers and bool; an operation whose result is used again before it is stored is followed by an explicit
//! `round_…` or `wrap_…`, so that fused and separate operations give the same bits.
//!
//! The rules, each checked by [`Program::parse`]:
//! - at most 16 inputs, 8 outputs, 4096 words;
//! - a register is written before it is read;
//! - every output is stored exactly once;
//! - no `load` comes after a `store` (so work in place reads all before it writes).

use super::chain::{MAX_STEPS, Written};
use super::ops::for_each_op;
use super::tile::{BLOCK, LONGEST_TILE, TILE};
use crate::dtype::DType;
use crate::fault::Fault;

/// Registers of a program.
pub const REGISTERS: usize = 32;
/// The most inputs of a program.
pub const MAX_INPUTS: usize = 16;
/// The most outputs of a program.
pub const MAX_OUTPUTS: usize = 8;
/// The most words of a program: what the positions below, of 16 bits, can name with room to spare.
pub const MAX_WORDS: usize = 4096;

/// The position of no instruction.
pub(super) const NOWHERE: u16 = u16::MAX;

macro_rules! declare {
    ($($name:ident = $number:literal, $arity:literal, $from:tt -> $to:ident, $code:expr;)*) => {
        /// The operations. Each is documented at its row in `ops.rs`.
        #[allow(non_camel_case_types, missing_docs)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Op {
            load = 1,
            store = 2,
            constant = 3,
            chain = 5,
            $($name = $number,)*
        }

        /// The operations of the table: each with its number of operands.
        pub const OPS: &[(Op, &str, u8)] = &[$((Op::$name, stringify!($name), $arity),)*];
    };
}
for_each_op!(declare);

impl Op {
    /// The bits of `constant dst, immediate` and the like: an instruction's first word.
    pub const fn word(self, dst: u32, a: u32, b: u32) -> u32 {
        self as u32 | dst << 8 | a << 16 | b << 24
    }

    /// Whether the operation of this number has loops of its own for uniform operands after the first: arithmetic,
    /// which scales and shifts.
    pub(super) const fn takes_constants(number: u8) -> bool {
        number >= Op::add_f32 as u8 && number <= Op::max_f32 as u8
            || number >= Op::add_i32 as u8 && number <= Op::mul_i32 as u8
            || number == Op::mul_add_f32 as u8
    }
}

/// Operands by operation number; 0 where there is no such operation.
pub(super) const ARITY: [u8; 256] = {
    let mut arity = [0; 256];
    let mut i = 0;
    while i < OPS.len() {
        arity[OPS[i].0 as usize] = OPS[i].2;
        i += 1;
    }
    arity
};

/// The fields of an instruction's first word.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub op: u8,
    pub dst: usize,
    pub a: usize,
    pub b: usize,
}

impl Fields {
    #[inline(always)]
    pub fn of(word: u32) -> Fields {
        Fields {
            op: word as u8,
            dst: (word >> 8 & 0xff) as usize,
            a: (word >> 16 & 0xff) as usize,
            b: (word >> 24) as usize,
        }
    }
}

/// A checked program.
#[derive(Clone, Copy)]
pub struct Program<'a> {
    pub(super) words: &'a [u32],
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// By input: the last instruction that reads a register loaded from it.
    last_use: [u16; MAX_INPUTS],
    /// By output: the instruction that makes the stored value and may write it straight to the output.
    producer: [u16; MAX_OUTPUTS],
    /// The producers that do so, in order, with their outputs; `NOWHERE` ends the list.
    pub(super) direct: [(u16, u8); MAX_OUTPUTS + 1],
    /// Bit by input: loads copy it even where they could read it in place.
    pub(super) copied: u16,
    /// Registers up to the highest that is written.
    pub(super) registers: usize,
    /// Instructions that make a value of others.
    operations: usize,
    cost: u32,
}

impl<'a> Program<'a> {
    /// Checks a program for operands of these dtypes.
    pub fn parse(words: &'a [u32], inputs: &[DType], outputs: &[DType]) -> Result<Program<'a>, Fault> {
        if inputs.len() > MAX_INPUTS || outputs.len() > MAX_OUTPUTS {
            return Err(Fault::Arity);
        }
        if words.len() > MAX_WORDS {
            return Err(Fault::Program);
        }
        let mut program = Program {
            words,
            inputs: inputs.len(),
            outputs: outputs.len(),
            last_use: [0; MAX_INPUTS],
            producer: [NOWHERE; MAX_OUTPUTS],
            direct: [(NOWHERE, 0); MAX_OUTPUTS + 1],
            copied: 0,
            registers: 1,
            operations: 0,
            cost: inputs.iter().chain(outputs).map(|dtype| if dtype.size() == 4 { 0 } else { 4 }).sum(),
        };
        // What each register holds: who made it (none yet: NOWHERE), and the input it was loaded from, or one of these.
        const COMPUTED: usize = MAX_INPUTS;
        const WRITTEN_OUT: usize = MAX_INPUTS + 1;
        let mut maker = [NOWHERE; REGISTERS];
        let mut origin = [COMPUTED; REGISTERS];
        let mut stored = [false; MAX_OUTPUTS];
        let mut storing = false;
        let mut pc = 0;
        while pc < words.len() {
            let at = pc as u16;
            let Fields { op, dst, a, b } = Fields::of(words[pc]);
            pc += 1;
            let read = |program: &mut Program, register: usize| -> Result<(), Fault> {
                if register >= REGISTERS || maker[register] == NOWHERE {
                    return Err(Fault::Program);
                }
                if let Some(last) = program.last_use.get_mut(origin[register]) {
                    *last = at;
                }
                Ok(())
            };
            let mut from = COMPUTED;
            if op == Op::load as u8 {
                if a >= inputs.len() || storing {
                    return Err(Fault::Program);
                }
                program.last_use[a] = at;
                from = a;
            } else if op == Op::constant as u8 {
                pc += 1;
                from = WRITTEN_OUT;
            } else if op == Op::store as u8 {
                read(&mut program, a)?;
                if b >= outputs.len() || stored[b] {
                    return Err(Fault::Program);
                }
                stored[b] = true;
                storing = true;
                let taken = program.producer[..outputs.len()].contains(&maker[a]);
                // Another than a computed value is copied by the store.
                if !taken && origin[a] == COMPUTED && outputs[b].size() == 4 {
                    program.producer[b] = maker[a];
                }
                continue;
            } else if op == Op::chain as u8 {
                read(&mut program, a)?;
                if b == 0 || b > MAX_STEPS {
                    return Err(Fault::Program);
                }
                for &word in words.get(pc..pc + b).ok_or(Fault::Program)? {
                    Written::check(word)?;
                    let step = Written::of(word);
                    if step.has_side() {
                        read(&mut program, step.side)?;
                    }
                }
                pc += b;
                program.operations += 1;
                program.cost += b as u32;
            } else {
                let arity = ARITY[op as usize];
                if arity == 0 {
                    return Err(Fault::Program);
                }
                read(&mut program, a)?;
                if arity > 1 {
                    read(&mut program, b)?;
                }
                if arity > 2 {
                    let rest = *words.get(pc).ok_or(Fault::Program)? as usize;
                    let (c, d) = if arity > 3 { (rest & 0xff, rest >> 8) } else { (rest, a) };
                    read(&mut program, c)?;
                    read(&mut program, d)?;
                    pc += 1;
                }
                program.operations += 1;
                program.cost += cost(op);
            }
            if dst >= REGISTERS || pc > words.len() {
                return Err(Fault::Program);
            }
            program.registers = program.registers.max(dst + 1);
            maker[dst] = at;
            origin[dst] = from;
        }
        if stored[..outputs.len()].contains(&false) {
            return Err(Fault::Program);
        }
        program.plan_writes(0);
        Ok(program)
    }

    /// Lists the direct writes of all outputs but those of the bits in `withheld`, in the order of instructions.
    fn plan_writes(&mut self, withheld: u32) {
        let mut count = 0;
        for output in 0..self.outputs {
            if self.producer[output] != NOWHERE && withheld >> output & 1 == 0 {
                self.direct[count] = (self.producer[output], output as u8);
                count += 1;
            }
        }
        self.direct[..count].sort_unstable();
        self.direct[count..].fill((NOWHERE, 0));
    }

    /// Makes the program right for outputs that are inputs too: `same[output]` has the bit of each input that is
    /// the same memory. An input that is still read after such an output's value is made is loaded by copy, and the
    /// value is written by its `store`, not by its producer.
    pub fn in_place(&mut self, same: &[u16]) {
        let mut withheld = 0;
        for (output, &inputs) in same.iter().enumerate().take(self.outputs) {
            for input in 0..self.inputs {
                // Without a producer the store writes; it comes after every load, so a copy is enough.
                let early = self.producer[output] == NOWHERE || self.producer[output] < self.last_use[input];
                if inputs >> input & 1 != 0 && early {
                    self.copied |= 1 << input;
                    withheld |= 1 << output;
                }
            }
        }
        self.plan_writes(withheld);
    }

    /// The most elements of one run: [`TILE`], and more for programs of few registers, since they share the room.
    pub fn tile(&self) -> usize {
        (TILE * REGISTERS / 2 / self.registers).clamp(TILE, LONGEST_TILE) / BLOCK * BLOCK
    }

    /// Whether every operation may write straight to an output, and every input be read where it lies.
    pub fn is_straight(&self) -> bool {
        let direct = self.direct.iter().take_while(|write| write.0 != NOWHERE).count();
        self.copied == 0 && direct == self.operations
    }

    /// What one element costs on one thread, in eighths of a nanosecond, without its traffic to memory.
    pub fn cost(&self) -> u32 {
        self.cost
    }
}

/// What one element of an operation costs, in eighths of a nanosecond.
fn cost(op: u8) -> u32 {
    const DIV: u8 = Op::div_i32 as u8;
    const REM: u8 = Op::rem_u32 as u8;
    const REM_F32: u8 = Op::rem_f32 as u8;
    const POW_I32: u8 = Op::pow_i32 as u8;
    const EXP2: u8 = Op::exp2_f32 as u8;
    const LOG2: u8 = Op::log2_f32 as u8;
    const LOG1P: u8 = Op::log1p_f32 as u8;
    const LOGISTIC: u8 = Op::logistic_f32 as u8;
    const SIN: u8 = Op::sin_f32 as u8;
    const COS: u8 = Op::cos_f32 as u8;
    const ERF: u8 = Op::erf_f32 as u8;
    const LGAMMA: u8 = Op::lgamma_f32 as u8;
    const DIGAMMA: u8 = Op::digamma_f32 as u8;
    match op {
        128..=130 | EXP2 | LOG2 => 5,
        LOG1P | LOGISTIC | SIN | COS | ERF => 11,
        LGAMMA | DIGAMMA => 280,
        // In f64.
        131..=191 => 32,
        DIV..=REM | REM_F32 | POW_I32 => 12,
        _ => 1,
    }
}
