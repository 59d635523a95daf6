//! The plan: a Program lowered to words, and the interpreter that runs one in a single call.
//!
//! A plan is position-free: it names its operands by slot, and the call passes a table that says where each slot
//! lies. So one plan serves any buffers, may be cached, and natively runs over one byte slice. The format is in
//! `core-rs/README.md`; `wasm/plan.ts` is the one file that writes it.
//!
//! Every instruction is decoded and checked each time it runs: a few dozen nanoseconds that keep the promise that a
//! kernel never touches a byte outside its operands, whatever the slot table says this time. [`check`] walks a plan
//! without running it, so that a plan with a flaw at its end is refused before its beginning has run.

mod control;
mod decode;
mod dispatch;
mod opcode;

pub use control::MAX_HOST_OPERANDS;
pub use decode::{MAGIC, Operand, VERSION};
pub use opcode::Opcode;

use crate::fault::Fault;
use crate::pool::Pool;
use decode::Reader;

/// Loops and branches inside one another; deeper plans are refused.
pub const MAX_DEPTH: usize = 16;

/// Where a slot lies: an address and a length in bytes. In WebAssembly two u32 words of the table that a call passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Slot {
    /// Address of the first byte; a multiple of four.
    pub address: usize,
    /// Length in bytes.
    pub bytes: usize,
}

/// What a running plan needs from outside.
pub trait Host {
    /// At least `bytes` bytes of scratch, 64-byte aligned, unused by anyone until the next call of this method.
    /// `None` when memory is exhausted.
    fn scratch(&mut self, bytes: usize) -> Option<*mut u8>;
    /// Calls function `id` of the host with these operands. May run other plans and may grow memory.
    fn call(&mut self, id: u32, operands: &[Operand]) -> Result<(), Fault>;
    /// Notes the word offset of the instruction that is about to run, for the report should it trap.
    fn at(&mut self, word: usize);
}

/// A refusal and the word offset of the instruction it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub fault: Fault,
    /// Where: counted in words from the start of the plan.
    pub word: usize,
}

/// The state of one run.
struct Machine<'a> {
    plan: &'a [u32],
    slots: &'a mut [Slot],
    pool: &'a Pool,
    host: &'a mut dyn Host,
    /// The instruction at work.
    at: usize,
    /// Workers that had trapped when the run began; the pool is left alone until it is rebuilt.
    trapped: u32,
}

/// Runs a plan over the slots.
///
/// Loops with carries leave the table with their slots swapped, as later instructions of the plan expect; so the
/// table is the run's own.
///
/// # Safety
/// - Each slot's `address..address + bytes` is memory that may be read and written until the call returns, and no
///   reference into it is used meanwhile.
/// - The host's scratch overlaps no slot.
pub unsafe fn run(plan: &[u32], slots: &mut [Slot], pool: &Pool, host: &mut dyn Host) -> Result<(), Refusal> {
    let body = header(plan, slots.len())?;
    let mut machine = Machine { plan, slots, pool, host, at: body, trapped: pool.trapped() };
    // SAFETY: the caller's promises are the machine's.
    let result = unsafe { machine.block(body, plan.len(), 0) };
    result.map_err(|fault| Refusal { fault, word: machine.at })
}

/// Checks the structure of a plan, and that its operands lie inside the slots, without running it.
pub fn check(plan: &[u32], slots: &[Slot]) -> Result<(), Refusal> {
    let body = header(plan, slots.len())?;
    let mut at = body;
    control::check_block(plan, slots, body, plan.len(), 0, &mut at).map_err(|fault| Refusal { fault, word: at })
}

/// Runs a plan over one byte slice, slots given as offsets and lengths: the safe door, for tests.
pub fn run_over(
    plan: &[u32],
    memory: &mut [u8],
    slots: &[(usize, usize)],
    pool: &Pool,
    host: &mut dyn Host,
) -> Result<(), Refusal> {
    let base = memory.as_mut_ptr() as usize;
    let refuse = |fault| Refusal { fault, word: 0 };
    let mut table = Vec::with_capacity(slots.len());
    for &(offset, bytes) in slots {
        if offset.checked_add(bytes).is_none_or(|end| end > memory.len()) {
            return Err(refuse(Fault::Bounds));
        }
        table.push(Slot { address: base + offset, bytes });
    }
    // SAFETY: every slot was just checked to lie inside the slice, which is borrowed mutably for the call.
    unsafe { run(plan, &mut table, pool, host) }
}

/// Checks the header; gives the offset of the first instruction.
fn header(plan: &[u32], slots: usize) -> Result<usize, Refusal> {
    let refuse = |fault| Refusal { fault, word: 0 };
    let [magic, words, wanted, _] = plan.first_chunk::<4>().ok_or(refuse(Fault::Truncated))?;
    if *magic != MAGIC {
        return Err(refuse(Fault::Version));
    }
    if *words as usize != plan.len() {
        return Err(refuse(Fault::Truncated));
    }
    if *wanted as usize > slots {
        return Err(refuse(Fault::Slot));
    }
    Ok(4)
}

impl<'a> Machine<'a> {
    /// Runs the instructions in `start..end`.
    ///
    /// # Safety
    /// - As [`run`].
    unsafe fn block(&mut self, start: usize, end: usize, depth: usize) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::Depth);
        }
        let mut word = start;
        while word < end {
            self.at = word;
            self.host.at(word);
            let (opcode, next) = Reader::instruction(self.plan, word, end)?;
            let mut reader = Reader::new(self.plan, word, next);
            // SAFETY: as this function's own.
            unsafe { self.instruction(opcode, &mut reader, depth)? };
            if self.pool.trapped() != self.trapped {
                self.at = word;
                return Err(Fault::Worker);
            }
            word = next;
        }
        Ok(())
    }
}
