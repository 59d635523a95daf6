//! A second reading of a plan, independent of the interpreter's: what it may write, and how much work it is.
//!
//! It errs on the side of more in both. Where it cannot follow, the interpreter refuses the plan.

use crate::generate::{Case, Place};
use crate::is_control;
use penjing_core::dtype::DType;
use penjing_core::plan::Opcode;

/// Turns of a loop, and repetitions of a probe, that a plan may ask for; more are cut to this.
const TURNS: u32 = 4;

/// What a plan may do.
pub struct Survey {
    /// By buffer and byte.
    writable: Vec<Vec<bool>>,
    /// Roughly elements times operations.
    pub cost: u64,
    /// Whether the plan is a single instruction that is a kernel.
    pub lone_kernel: bool,
}

impl Survey {
    /// Asserts that a buffer has changed nowhere but in bytes that some instruction covers with an output.
    pub fn assert_kept(&self, buffer: usize, before: &[u8], after: &[u8]) {
        // Without a branch in the loop: the fuzzer watches branches.
        let bytes = before.iter().zip(after).zip(&self.writable[buffer]);
        let wrong = bytes.fold(0, |wrong, ((was, now), &may)| wrong | (was ^ now) & (u8::from(may).wrapping_sub(1)));
        if wrong != 0 || before.len() != after.len() {
            let mut bytes = before.iter().zip(after).zip(&self.writable[buffer]);
            let at = bytes.position(|((was, now), &may)| was != now && !may);
            panic!("byte {at:?} of buffer {buffer} changed");
        }
    }
}

/// Reads the plan and the nested one; replaces traps and cuts loops. `None` if the work exceeds the budget.
pub fn survey(case: &mut Case, budget: u64) -> Option<Survey> {
    let slots: Vec<Mask> =
        case.slots.iter().map(|slot| Mask { place: *slot, bytes: vec![false; slot.bytes] }).collect();
    let mut nested = Walk { plan: &mut case.nested, slots: slots.clone(), swaps: vec![], cost: 0, call: 0 };
    nested.whole();
    if nested.cost > budget {
        return None;
    }
    let call = nested.cost + 1000;
    let mut walk = Walk { plan: &mut case.plan, slots, swaps: vec![], cost: 0, call };
    walk.whole();
    if walk.cost > budget {
        return None;
    }
    let cost = walk.cost;
    // Slots that changed places stand for each other's bytes.
    let mut changed = true;
    while core::mem::take(&mut changed) {
        for &(a, b) in &walk.swaps {
            let either: Vec<bool> =
                walk.slots[a].bytes.iter().zip(&walk.slots[b].bytes).map(|(&a, &b)| a | b).collect();
            changed |= walk.slots[a].bytes != either || walk.slots[b].bytes != either;
            walk.slots[a].bytes.copy_from_slice(&either);
            walk.slots[b].bytes = either;
        }
    }
    let mut writable: Vec<Vec<bool>> = case.buffers.iter().map(|buffer| vec![false; buffer.len()]).collect();
    for mask in &walk.slots {
        let place = mask.place;
        let bytes = writable[place.buffer][place.offset..place.offset + place.bytes].iter_mut();
        bytes.zip(&mask.bytes).for_each(|(to, &may)| *to |= may);
    }
    let lone = case.plan.get(5).is_some_and(|&words| words as usize == case.plan.len() - 4);
    let kernel = || Opcode::from_code(case.plan[4] & 0xff).is_ok_and(|opcode| !is_control(opcode));
    Some(Survey { writable, cost, lone_kernel: lone && kernel() })
}

#[derive(Clone)]
struct Mask {
    place: Place,
    bytes: Vec<bool>,
}

struct Walk<'a> {
    plan: &'a mut [u32],
    slots: Vec<Mask>,
    swaps: Vec<(usize, usize)>,
    cost: u64,
    /// Cost of a host call.
    call: u64,
}

/// An operand as the plan has it.
struct Shape {
    /// Elements, if it lies inside its slot; else 0, since it is refused.
    count: u64,
}

impl Walk<'_> {
    fn whole(&mut self) {
        let end = self.plan.len();
        self.block(4, end, 1, 0);
    }

    /// `None`: the interpreter refuses what follows, so nobody needs to look at it.
    fn block(&mut self, start: usize, end: usize, times: u64, depth: usize) -> Option<()> {
        let mut word = start;
        while word < end && depth < 40 {
            let length = if end - word < 2 { 0 } else { self.plan[word + 1] as usize };
            if length < 2 || length > end - word {
                return None;
            }
            if self.plan[word] & 0xff == Opcode::Trap as u32 {
                self.plan[word] ^= Opcode::Trap as u32 ^ Opcode::Copy as u32;
            }
            // The probe that tells threads apart, which is not the same twice, becomes one that does not.
            if self.plan[word] & 0xffff == Opcode::Probe as u32 | 2 << 8 {
                self.plan[word] ^= 2 << 8;
            }
            let opcode = Opcode::from_code(self.plan[word] & 0xff).ok()?;
            self.cost = self.cost.saturating_add(times.saturating_mul(100));
            let mut at = Cursor { word: word + 2, end: word + length };
            let [first, second, third] = [8, 16, 24].map(|shift| self.plan[word] >> shift & 0xff);
            match opcode {
                Opcode::Loop => self.repeat(&mut at, first, times, depth)?,
                Opcode::Branch => {
                    at.take(2)?;
                    let lengths = at.take(first as usize)?;
                    for length in lengths..lengths + first as usize {
                        let words = self.plan[length] as usize;
                        let start = at.take(words)?;
                        self.block(start, start + words, times, depth + 1);
                    }
                }
                Opcode::HostCall => {
                    at.take(1)?;
                    self.cost = self.cost.saturating_add(times.saturating_mul(self.call));
                    for _ in 0..first {
                        let slot = (*self.plan.get(at.word)? & 0xffff) as usize;
                        self.operand(&mut at, false)?;
                        self.slots[slot].bytes.fill(true);
                    }
                }
                Opcode::Trap => unreachable!(),
                _ => {
                    let (outputs, inputs) = match opcode {
                        Opcode::Elementwise => (first, second),
                        Opcode::Reduce => (1, second),
                        Opcode::Matmul | Opcode::Gather | Opcode::Scatter | Opcode::GatherNd => (1, 2),
                        Opcode::Attention => (1, 3 + 2 * (first & 1) + (first >> 1 & 1) + (first >> 2 & 1)),
                        Opcode::Probe => (1, 0),
                        Opcode::Normalize => (1, 1 + (second & 3).count_ones()),
                        Opcode::Sort => (second, third & 0xf),
                        Opcode::TopK => (2, 1),
                        Opcode::Iota => (1, u32::from(second == 1)),
                        _ => (1, 1),
                    };
                    let mut counts = Vec::new();
                    let mut keys = 0;
                    for number in 0..outputs + inputs {
                        if number == 2 {
                            // Of the third operand of attention: the third axis.
                            keys = u64::from(self.plan.get(at.word + 4).copied().unwrap_or(0));
                        }
                        counts.push(self.operand(&mut at, number < outputs)?.count);
                    }
                    let rest = (at.end - at.word) as u64;
                    let output = counts.first().copied().unwrap_or(0);
                    let most = counts.iter().copied().max().unwrap_or(0);
                    let work = match opcode {
                        Opcode::Probe => {
                            if let Some(amount) = self.plan.get_mut(at.word) {
                                *amount = (*amount).min(TURNS);
                            }
                            // Handed to all threads whatever its size.
                            output.saturating_mul(20).saturating_add(crate::PARALLEL)
                        }
                        // For one product exactly m n k; for a batch of them more.
                        Opcode::Matmul => {
                            counts.iter().map(|&count| (count as f64).sqrt()).product::<f64>() as u64 + output
                        }
                        // Each row of queries and outputs for each key; twice at most.
                        Opcode::Attention => {
                            let rows = counts.iter().take(2).fold(0u64, |sum, &count| sum.saturating_add(count));
                            rows.saturating_mul(2 * keys + 2)
                        }
                        Opcode::Scatter => most.saturating_mul(4),
                        Opcode::Reduce => most.saturating_mul(2 + rest),
                        Opcode::TopK => most.saturating_mul(20),
                        // These work for each element of the output, however far zero strides stretch an input.
                        Opcode::Threefry | Opcode::Normalize | Opcode::Sort => output.saturating_mul(20),
                        // Its output may lack an axis of the input.
                        Opcode::Softmax => most.saturating_mul(20),
                        _ => output.saturating_mul(2 + rest),
                    };
                    self.cost = self.cost.saturating_add(times.saturating_mul(work));
                }
            }
            word += length;
        }
        Some(())
    }

    fn repeat(&mut self, at: &mut Cursor, flags: u32, times: u64, depth: usize) -> Option<()> {
        let count = at.take(1)?;
        self.plan[count] = self.plan[count].min(TURNS);
        if flags & 1 != 0 {
            at.take(2)?;
        }
        if flags & 2 != 0 {
            let cell = at.take(2)?;
            let (slot, byte) = (self.plan[cell] as usize, self.plan[cell + 1] as usize);
            if let Some(bytes) =
                self.slots.get_mut(slot).and_then(|mask| mask.bytes.get_mut(byte..byte.saturating_add(4)))
            {
                bytes.fill(true);
            }
        }
        let carries = at.take(1)?;
        let carries = self.plan[carries] as usize;
        let pairs = at.take(carries.checked_mul(2)?)?;
        for pair in 0..carries {
            let (a, b) = (self.plan[pairs + 2 * pair] as usize, self.plan[pairs + 2 * pair + 1] as usize);
            if self.slots.get(a)?.bytes.len() == self.slots.get(b)?.bytes.len() {
                self.swaps.push((a, b));
            }
        }
        let times = times.saturating_mul(u64::from(self.plan[count]) + 1);
        if flags & 4 != 0 {
            let cell = at.take(3)?;
            let words = self.plan[cell + 2] as usize;
            let start = at.take(words)?;
            self.block(start, start + words, times, depth + 1);
        }
        let words = at.take(1)?;
        let words = self.plan[words] as usize;
        let start = at.take(words)?;
        self.block(start, start + words, times, depth + 1);
        self.cost = self.cost.saturating_add(times.saturating_mul(100));
        Some(())
    }

    /// Goes past an operand; notes what it may write.
    fn operand(&mut self, at: &mut Cursor, write: bool) -> Option<Shape> {
        let start = at.take(2)?;
        let head = self.plan[start];
        let mask = self.slots.get_mut((head & 0xffff) as usize)?;
        let size = DType::from_code(head >> 16 & 0xf).ok()?.size() as i128;
        let (rank, cells) = ((head >> 20 & 0xf) as usize, (head >> 24) as usize);
        if rank > 8 {
            return None;
        }
        let axes = at.take(2 * rank)?;
        at.take(4 * cells)?;
        let offset = i128::from(self.plan[start + 1]);
        let axes: Vec<(i128, i128)> = (0..rank)
            .map(|axis| (i128::from(self.plan[axes + axis]), i128::from(self.plan[axes + rank + axis] as i32)))
            .collect();
        if axes.iter().any(|&(length, _)| length == 0) {
            return Some(Shape { count: 0 });
        }
        let count = axes.iter().fold(1u64, |count, &(length, _)| count.saturating_mul(length as u64));
        let reach = |wanted: i128| {
            axes.iter().map(|&(length, stride)| (length - 1) * stride).filter(|x| x.signum() == wanted).sum::<i128>()
        };
        let (low, high) = (reach(-1), reach(1));
        let bytes = mask.bytes.len() as i128;
        if cells > 0 {
            if write {
                mask.bytes.fill(true);
            }
            return Some(Shape { count: if (high - low + 1) * size <= bytes { count } else { 0 } });
        }
        if offset + low * size < 0 || offset + (high + 1) * size > bytes {
            return Some(Shape { count: 0 });
        }
        // More elements than bytes: some are visited twice, so an output is refused.
        if write && i128::from(count) <= bytes {
            mark(&mut mask.bytes, offset, &axes, size);
        }
        Some(Shape { count })
    }
}

/// Marks the bytes of every element.
fn mark(bytes: &mut [bool], offset: i128, axes: &[(i128, i128)], size: i128) {
    match axes {
        [] => bytes[offset as usize..(offset + size) as usize].fill(true),
        [(length, 1)] => bytes[offset as usize..(offset + length * size) as usize].fill(true),
        [(length, stride), rest @ ..] => (0..*length).for_each(|i| mark(bytes, offset + i * stride * size, rest, size)),
    }
}

/// A place in the plan, and where the instruction ends.
struct Cursor {
    word: usize,
    end: usize,
}

impl Cursor {
    /// Goes `count` words on; gives where they begin.
    fn take(&mut self, count: usize) -> Option<usize> {
        let start = self.word;
        if count > self.end - self.word {
            return None;
        }
        self.word += count;
        Some(start)
    }
}
