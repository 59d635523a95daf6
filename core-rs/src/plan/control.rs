//! Loops, branches, host calls: the instructions that run other instructions or leave the engine.

use super::decode::{Operand, Reader, read_cell, write_cell};
use super::{MAX_DEPTH, Machine, Opcode, Slot};
use crate::fault::Fault;

/// Operands of one host call.
pub const MAX_HOST_OPERANDS: usize = 16;

/// A loop's flags, in bits 8 and up of its head.
const COUNT_IN_CELL: u32 = 1;
const HAS_COUNTER: u32 = 2;
const IS_WHILE: u32 = 4;

/// A decoded loop head; see `core-rs/README.md`.
struct LoopHead<'a> {
    count: u32,
    count_cell: Option<(u32, u32)>,
    counter: Option<(u32, u32)>,
    condition: Option<(u32, u32, (usize, usize))>,
    carries: &'a [u32],
    body: (usize, usize),
}

impl<'a> LoopHead<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<LoopHead<'a>, Fault> {
        let [flags, _, _] = reader.head()?;
        if flags & !(COUNT_IN_CELL | HAS_COUNTER | IS_WHILE) != 0 {
            return Err(Fault::Parameter);
        }
        let count = reader.next()?;
        let count_cell = if flags & COUNT_IN_CELL != 0 { Some((reader.next()?, reader.next()?)) } else { None };
        let counter = if flags & HAS_COUNTER != 0 { Some((reader.next()?, reader.next()?)) } else { None };
        let carry_count = reader.next()? as usize;
        let carries = reader.take(carry_count.checked_mul(2).ok_or(Fault::Truncated)?)?;
        let condition = if flags & IS_WHILE != 0 {
            let (slot, byte, words) = (reader.next()?, reader.next()?, reader.next()? as usize);
            Some((slot, byte, reader.block(words)?))
        } else {
            None
        };
        let body_words = reader.next()? as usize;
        let body = reader.block(body_words)?;
        reader.finish()?;
        Ok(LoopHead { count, count_cell, counter, condition, carries, body })
    }

    /// The two slots of a carry have one length, so what fits one fits the other after they changed places.
    fn check_carries(&self, slots: &[Slot]) -> Result<(), Fault> {
        for pair in self.carries.chunks_exact(2) {
            if slot(slots, pair[0])?.bytes != slot(slots, pair[1])?.bytes {
                return Err(Fault::Shape);
            }
        }
        Ok(())
    }
}

/// A slot by number.
fn slot(slots: &[Slot], number: u32) -> Result<Slot, Fault> {
    slots.get(number as usize).copied().ok_or(Fault::Slot)
}

impl Machine<'_> {
    /// Runs a loop. After each turn the two slots of every carry change places, so that a body which reads the
    /// first and writes the second finds its last result in the first.
    ///
    /// # Safety
    /// - As [`super::run`].
    pub(super) unsafe fn run_loop(&mut self, reader: &mut Reader, depth: usize) -> Result<(), Fault> {
        let head = LoopHead::read(reader)?;
        head.check_carries(self.slots)?;
        let mut count = head.count;
        if let Some((number, byte)) = head.count_cell {
            // SAFETY: the caller vouches for the slots.
            let value = unsafe { read_cell(&slot(self.slots, number)?, byte as usize)? };
            count = (value.max(0) as u32).min(head.count);
        }
        let mut turn = 0u32;
        loop {
            if let Some((number, byte)) = head.counter {
                // SAFETY: as above.
                unsafe { write_cell(&slot(self.slots, number)?, byte as usize, turn as i32)? };
            }
            if let Some((number, byte, block)) = head.condition {
                // SAFETY: as this function's own.
                unsafe { self.block(block.0, block.1, depth + 1)? };
                // SAFETY: as above.
                if unsafe { read_cell(&slot(self.slots, number)?, byte as usize)? } == 0 {
                    return Ok(());
                }
                if turn == count {
                    return Err(Fault::Iterations);
                }
            } else if turn == count {
                return Ok(());
            }
            // SAFETY: as this function's own.
            unsafe { self.block(head.body.0, head.body.1, depth + 1)? };
            for pair in head.carries.chunks_exact(2) {
                self.slots.swap(pair[0] as usize, pair[1] as usize);
            }
            turn += 1;
        }
    }

    /// Runs the block that the index cell names; an index beyond either end means the nearest block.
    ///
    /// # Safety
    /// - As [`super::run`].
    pub(super) unsafe fn run_branch(&mut self, reader: &mut Reader, depth: usize) -> Result<(), Fault> {
        let [count, _, _] = reader.head()?;
        if count == 0 {
            return Err(Fault::Parameter);
        }
        let (cell, byte) = reader.cell(self.slots)?;
        let lengths = reader.take(count as usize)?;
        // SAFETY: the caller vouches for the slots.
        let chosen = unsafe { read_cell(&cell, byte)? }.clamp(0, count as i32 - 1) as usize;
        let mut block = (0, 0);
        for (index, &words) in lengths.iter().enumerate() {
            let at = reader.block(words as usize)?;
            if index == chosen {
                block = at;
            }
        }
        reader.finish()?;
        // SAFETY: as this function's own.
        unsafe { self.block(block.0, block.1, depth + 1) }
    }

    /// Calls the host.
    ///
    /// # Safety
    /// - As [`super::run`].
    pub(super) unsafe fn run_host_call(&mut self, reader: &mut Reader) -> Result<(), Fault> {
        let [count, _, _] = reader.head()?;
        let id = reader.next()?;
        if count as usize > MAX_HOST_OPERANDS {
            return Err(Fault::Arity);
        }
        let mut operands = [Operand::NONE; MAX_HOST_OPERANDS];
        for operand in operands.iter_mut().take(count as usize) {
            // SAFETY: the caller vouches for the slots.
            *operand = unsafe { reader.operand(self.slots)? };
            operand.check()?;
        }
        reader.finish()?;
        self.host.call(id, &operands[..count as usize])
    }
}

/// Walks the instructions in `start..end` without running them; `at` follows, for the report.
pub(super) fn check_block(
    plan: &[u32],
    slots: &[Slot],
    start: usize,
    end: usize,
    depth: usize,
    at: &mut usize,
) -> Result<(), Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::Depth);
    }
    let mut word = start;
    while word < end {
        *at = word;
        let (opcode, next) = Reader::instruction(plan, word, end)?;
        let mut reader = Reader::new(plan, word, next);
        match opcode {
            Opcode::Loop => {
                let head = LoopHead::read(&mut reader)?;
                head.check_carries(slots)?;
                for cell in [head.count_cell, head.counter].into_iter().flatten() {
                    check_cell_at(slots, cell)?;
                }
                if let Some((number, byte, block)) = head.condition {
                    check_cell_at(slots, (number, byte))?;
                    check_block(plan, slots, block.0, block.1, depth + 1, at)?;
                }
                check_block(plan, slots, head.body.0, head.body.1, depth + 1, at)?;
            }
            Opcode::Branch => {
                let [count, _, _] = reader.head()?;
                if count == 0 {
                    return Err(Fault::Parameter);
                }
                reader.cell(slots)?;
                for &words in reader.take(count as usize)? {
                    let block = reader.block(words as usize)?;
                    check_block(plan, slots, block.0, block.1, depth + 1, at)?;
                }
                reader.finish()?;
            }
            _ => {
                for _ in 0..opcode.operands(&mut reader)? {
                    reader.check_operand(slots)?;
                }
            }
        }
        word = next;
    }
    Ok(())
}

fn check_cell_at(slots: &[Slot], (number, byte): (u32, u32)) -> Result<(), Fault> {
    let slot = slot(slots, number)?;
    if byte % 4 != 0 {
        return Err(Fault::Alignment);
    }
    if u64::from(byte) + 4 > slot.bytes as u64 { Err(Fault::Bounds) } else { Ok(()) }
}
