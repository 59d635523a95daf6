//! Why a plan was refused or stopped. The numbers cross into TypeScript, where
//! `wasm/faults.ts` gives each its words; so a number is never reused.

/// A reason for which a plan or a kernel call is refused. Zero means success and has no variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Fault {
    /// The first word is not the magic number of this version of the format.
    Version = 1,
    /// The plan ends inside an instruction, or an instruction's length does not fit its contents.
    Truncated = 2,
    /// No instruction has this opcode.
    Opcode = 3,
    /// An operand names a slot that the slot table does not have.
    Slot = 4,
    /// An operand reaches outside its slot.
    Bounds = 5,
    /// An operand or cell does not start at a multiple of its element size.
    Alignment = 6,
    /// No dtype has this number, or the kernel does not take it here.
    DType = 7,
    /// The rank is above eight, or is not what the kernel takes.
    Rank = 8,
    /// The shapes of the operands do not fit together.
    Shape = 9,
    /// An output overlaps another operand in a way the kernel cannot work with.
    Overlap = 10,
    /// An output visits one element more than once.
    Aliased = 11,
    /// The number of operands is not what the kernel takes.
    Arity = 12,
    /// A parameter is outside its range.
    Parameter = 13,
    /// An elementwise program has an unknown operation, register, input or output.
    Program = 14,
    /// Loops and branches are nested deeper than the interpreter follows.
    Depth = 15,
    /// A host call threw.
    Host = 16,
    /// A worker trapped while it ran a part of an instruction.
    Worker = 17,
    /// The engine could not have the scratch memory it needs.
    Memory = 18,
    /// A loop ran for more iterations than its bound.
    Iterations = 19,
}
