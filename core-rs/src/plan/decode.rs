//! Words to operands: the reading half of the plan format.

use super::{Opcode, Slot};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::view::{Layout, MAX_RANK, View, ViewMut};

/// The version of the plan format.
pub const VERSION: u32 = 1;

/// First word of every plan: "PJ" and the version.
pub const MAGIC: u32 = 0x504a_0000 | VERSION;

/// An operand with its place resolved: what a host call is told.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    /// Where its slot lies.
    pub slot: Slot,
    /// Bytes from the slot's start to the element at index (0, 0, …).
    pub offset: usize,
    /// Type of the elements.
    pub dtype: DType,
    /// Shape and strides.
    pub layout: Layout,
}

impl Operand {
    /// Stands for no operand: no bytes, no place.
    pub const NONE: Operand =
        Operand { slot: Slot { address: 0, bytes: 0 }, offset: 0, dtype: DType::Bool, layout: Layout::SCALAR };

    /// Refuses an operand that reaches outside its slot.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let at = self.slot.address as *const u8;
        // SAFETY: nothing is read: the view is made for its checks and dropped.
        unsafe { View::within(at, self.slot.bytes, self.offset, self.dtype, self.layout) }.map(|_| ())
    }
}

/// Reads the words of one instruction in order.
pub(super) struct Reader<'a> {
    plan: &'a [u32],
    word: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// The opcode at `word`, and the offset of the next instruction.
    pub fn instruction(plan: &[u32], word: usize, end: usize) -> Result<(Opcode, usize), Fault> {
        if end - word < 2 {
            return Err(Fault::Truncated);
        }
        let length = plan[word + 1] as usize;
        if length < 2 || length > end - word {
            return Err(Fault::Truncated);
        }
        Ok((Opcode::from_code(plan[word] & 0xff)?, word + length))
    }

    /// A reader of the instruction in `word..end`, placed at its head.
    pub fn new(plan: &'a [u32], word: usize, end: usize) -> Reader<'a> {
        Reader { plan, word, end }
    }

    /// The head's three parameter bytes (bits 8, 16 and 24), and on to the first word after the length.
    pub fn head(&mut self) -> Result<[u32; 3], Fault> {
        let head = self.next()?;
        self.next()?;
        Ok([head >> 8 & 0xff, head >> 16 & 0xff, head >> 24])
    }

    /// The next word.
    #[inline]
    pub fn next(&mut self) -> Result<u32, Fault> {
        if self.word >= self.end {
            return Err(Fault::Truncated);
        }
        let value = self.plan[self.word];
        self.word += 1;
        Ok(value)
    }

    /// The next `count` words.
    pub fn take(&mut self, count: usize) -> Result<&'a [u32], Fault> {
        if count > self.end - self.word {
            return Err(Fault::Truncated);
        }
        let words = &self.plan[self.word..self.word + count];
        self.word += count;
        Ok(words)
    }

    /// What is left of the instruction.
    pub fn rest(&mut self) -> &'a [u32] {
        let words = &self.plan[self.word..self.end];
        self.word = self.end;
        words
    }

    /// The offsets `start..end` of a nested block of `count` words.
    pub fn block(&mut self, count: usize) -> Result<(usize, usize), Fault> {
        let start = self.word;
        self.take(count)?;
        Ok((start, self.word))
    }

    /// Refuses words left over.
    pub fn finish(&self) -> Result<(), Fault> {
        if self.word == self.end { Ok(()) } else { Err(Fault::Truncated) }
    }

    /// The next operand. `cell` reads the value of a cell, or stands in for it where nothing may be read.
    fn operand_with(
        &mut self,
        slots: &[Slot],
        mut cell: impl FnMut(&Slot, usize) -> Result<i32, Fault>,
    ) -> Result<Operand, Fault> {
        let head = self.next()?;
        let slot = *slots.get((head & 0xffff) as usize).ok_or(Fault::Slot)?;
        let dtype = DType::from_code(head >> 16 & 0xf)?;
        let rank = (head >> 20 & 0xf) as usize;
        let cells = head >> 24;
        if rank > MAX_RANK {
            return Err(Fault::Rank);
        }
        if slot.address % 4 != 0 {
            return Err(Fault::Alignment);
        }
        let mut offset = self.next()? as i64;
        let shape = self.take(rank)?;
        let strides = self.take(rank)?;
        let mut layout = Layout { rank, ..Layout::SCALAR };
        for axis in 0..rank {
            layout.shape[axis] = shape[axis] as usize;
            layout.strides[axis] = strides[axis] as i32 as isize;
        }
        for _ in 0..cells {
            let [at, byte, step, limit] = *self.take(4)? else { return Err(Fault::Truncated) };
            let from = slots.get(at as usize).ok_or(Fault::Slot)?;
            let value = cell(from, byte as usize)?.clamp(0, limit.min(i32::MAX as u32) as i32);
            offset = (value as i64)
                .checked_mul(step as i32 as i64)
                .and_then(|move_by| offset.checked_add(move_by))
                .ok_or(Fault::Bounds)?;
        }
        let offset = usize::try_from(offset).map_err(|_| Fault::Bounds)?;
        Ok(Operand { slot, offset, dtype, layout })
    }

    /// The next operand, its offset cells read.
    ///
    /// # Safety
    /// - The slots' memory may be read.
    pub unsafe fn operand(&mut self, slots: &[Slot]) -> Result<Operand, Fault> {
        // SAFETY: the caller vouches for the slots.
        self.operand_with(slots, |slot, byte| unsafe { read_cell(slot, byte) })
    }

    /// Checks the next operand without reading memory: cells are only known to be clamped, so both ends are tried.
    pub fn check_operand(&mut self, slots: &[Slot]) -> Result<(), Fault> {
        let start = self.word;
        for end in [i32::MIN, i32::MAX] {
            self.word = start;
            self.operand_with(slots, |slot, byte| check_cell(slot, byte).map(|()| end))?.check()?;
        }
        Ok(())
    }

    /// The next operand as one to read.
    ///
    /// # Safety
    /// - The slots' memory may be read for `'v`.
    pub unsafe fn view<'v>(&mut self, slots: &[Slot]) -> Result<View<'v>, Fault> {
        // SAFETY: the caller vouches for the slots; addresses are multiples of four (checked by `operand`).
        unsafe {
            let Operand { slot, offset, dtype, layout } = self.operand(slots)?;
            View::within(slot.address as *const u8, slot.bytes, offset, dtype, layout)
        }
    }

    /// The next operand as one to write.
    ///
    /// # Safety
    /// - The slots' memory may be written for `'v`.
    pub unsafe fn view_mut<'v>(&mut self, slots: &[Slot]) -> Result<ViewMut<'v>, Fault> {
        // SAFETY: as in `view`.
        unsafe {
            let Operand { slot, offset, dtype, layout } = self.operand(slots)?;
            ViewMut::within(slot.address as *mut u8, slot.bytes, offset, dtype, layout)
        }
    }

    /// A cell reference (slot, byte offset), as loops and branches have them.
    pub fn cell(&mut self, slots: &[Slot]) -> Result<(Slot, usize), Fault> {
        let slot = *slots.get(self.next()? as usize).ok_or(Fault::Slot)?;
        let byte = self.next()? as usize;
        check_cell(&slot, byte)?;
        Ok((slot, byte))
    }
}

fn check_cell(slot: &Slot, byte: usize) -> Result<(), Fault> {
    if !byte.is_multiple_of(4) || !slot.address.is_multiple_of(4) {
        return Err(Fault::Alignment);
    }
    if byte.checked_add(4).is_none_or(|end| end > slot.bytes) { Err(Fault::Bounds) } else { Ok(()) }
}

/// The i32 in a cell.
///
/// # Safety
/// - The slot's memory may be read.
pub(super) unsafe fn read_cell(slot: &Slot, byte: usize) -> Result<i32, Fault> {
    check_cell(slot, byte)?;
    // SAFETY: inside the slot and aligned, as just checked.
    Ok(unsafe { ((slot.address + byte) as *const i32).read() })
}

/// Sets the i32 in a cell.
///
/// # Safety
/// - The slot's memory may be written.
pub(super) unsafe fn write_cell(slot: &Slot, byte: usize, value: i32) -> Result<(), Fault> {
    check_cell(slot, byte)?;
    // SAFETY: inside the slot and aligned, as just checked.
    unsafe { ((slot.address + byte) as *mut i32).write(value) };
    Ok(())
}
