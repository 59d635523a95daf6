//! The interpreter over one byte slice: decoding, control flow, refusals. `tests/wasm/engine_test.ts` goes on from here
//! with plans as TypeScript writes them; `fuzz/` with plans that nobody writes.

use penjing_core::fault::Fault;
use penjing_core::plan::{Host, MAGIC, Opcode, Operand, Refusal, check, run_over};
use penjing_core::pool::Pool;

/// A host with scratch of its own that notes the calls it gets.
#[derive(Default)]
struct Notes {
    scratch: Vec<Vec<u64>>,
    calls: Vec<(u32, usize)>,
    fails: bool,
    last: usize,
}

impl Host for Notes {
    fn scratch(&mut self, bytes: usize) -> Option<*mut u8> {
        let mut block = vec![0u64; bytes / 8 + 16];
        let at = block.as_mut_ptr().cast::<u8>();
        self.scratch.push(block);
        // SAFETY: less than 64 bytes on, and the block has 128 more than asked for.
        Some(unsafe { at.add(at.align_offset(64)) })
    }

    fn call(&mut self, id: u32, operands: &[Operand]) -> Result<(), Fault> {
        self.calls.push((id, operands.len()));
        if self.fails { Err(Fault::Host) } else { Ok(()) }
    }

    fn at(&mut self, word: usize) {
        self.last = word;
    }
}

/// Eight-aligned memory with one f32 slot after the other.
struct Memory {
    words: Vec<u64>,
    slots: Vec<(usize, usize)>,
}

impl Memory {
    fn new(slots: &[&[f32]]) -> Memory {
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        for slot in slots {
            bytes.resize(bytes.len().next_multiple_of(64), 0);
            places.push((bytes.len(), slot.len() * 4));
            bytes.extend(slot.iter().flat_map(|x| x.to_le_bytes()));
        }
        bytes.resize(bytes.len().next_multiple_of(8) + 64, 0xAA);
        let words = bytes.chunks_exact(8).map(|chunk| u64::from_le_bytes(chunk.try_into().unwrap())).collect();
        Memory { words, slots: places }
    }

    fn run(&mut self, plan: &[u32], host: &mut Notes) -> Result<(), Refusal> {
        let len = self.words.len() * 8;
        // SAFETY: the same bytes, borrowed for the call.
        let bytes = unsafe { core::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast::<u8>(), len) };
        run_over(plan, bytes, &self.slots, &Pool::serial(), host)
    }

    fn slot(&self, number: usize) -> Vec<f32> {
        let bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let (at, len) = self.slots[number];
        bytes[at..at + len].chunks_exact(4).map(|x| f32::from_le_bytes(x.try_into().unwrap())).collect()
    }
}

fn plan(slots: u32, body: &[&[u32]]) -> Vec<u32> {
    let words: Vec<u32> = body.concat();
    [&[MAGIC, words.len() as u32 + 4, slots, 0], &words[..]].concat()
}

fn instruction(opcode: Opcode, parameters: u32, rest: &[&[u32]]) -> Vec<u32> {
    let rest = rest.concat();
    [&[opcode as u32 | parameters << 8, rest.len() as u32 + 2], &rest[..]].concat()
}

/// The whole of an f32 slot of `len` elements.
fn vector(slot: u32, len: u32) -> [u32; 4] {
    [slot | 1 << 20, 0, len, 1]
}

fn copy(to: u32, from: u32, len: u32) -> Vec<u32> {
    instruction(Opcode::Copy, 0, &[&vector(to, len), &vector(from, len)])
}

#[test]
fn instructions_run_in_order() {
    let mut memory = Memory::new(&[&[1.0, 2.0, 3.0], &[0.0; 3], &[0.0; 3]]);
    memory.run(&plan(3, &[&copy(1, 0, 3), &copy(2, 1, 3)]), &mut Notes::default()).unwrap();
    assert_eq!(memory.slot(2), [1.0, 2.0, 3.0]);
}

#[test]
fn places_and_vectors_that_mark_one_are_two_modes() {
    // The bits of 1.4e-45 and 2.8e-45 are the indices 1 and 2; -1 is outside.
    let index = [f32::from_bits(1), f32::from_bits(2), f32::from_bits(u32::MAX)];
    let mut memory = Memory::new(&[&index, &[9.0; 9], &[9.0; 3]]);
    let (matrix, index) = ([1 | 2 << 20, 0, 3, 3, 3, 1], [5 << 16 | 1 << 20, 0, 3, 1]);
    let mark = instruction(Opcode::Iota, 1 << 8, &[&matrix, &index]);
    let words = plan(3, &[&mark, &instruction(Opcode::Iota, 0, &[&vector(2, 3)])]);
    memory.run(&words, &mut Notes::default()).unwrap();
    assert_eq!(memory.slot(1), [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(memory.slot(2), [0.0, 1.0, 2.0]);
    let slots = [12, 36, 12].map(|bytes| penjing_core::plan::Slot { address: 64, bytes });
    assert_eq!(check(&words, &slots), Ok(()));
    let mut refused = |mode: u32, rest: &[&[u32]]| {
        memory.run(&plan(3, &[&instruction(Opcode::Iota, mode << 8, rest)]), &mut Notes::default()).unwrap_err().fault
    };
    assert_eq!(refused(2, &[&vector(2, 3)]), Fault::Parameter);
    assert_eq!(refused(1, &[&matrix]), Fault::Truncated);
    assert_eq!(refused(1, &[&matrix, &vector(0, 3)]), Fault::DType);
    assert_eq!(memory.slot(2), [0.0, 1.0, 2.0]);
}

#[test]
fn header_faults() {
    let good = plan(2, &[&copy(1, 0, 3)]);
    let fault = |words: &[u32]| {
        let refusal = Memory::new(&[&[0.0; 3], &[0.0; 3]]).run(words, &mut Notes::default()).unwrap_err();
        assert_eq!(refusal.word, 0);
        refusal.fault
    };
    assert_eq!(fault(&good[..3]), Fault::Truncated);
    assert_eq!(fault(&good[..good.len() - 1]), Fault::Truncated);
    assert_eq!(fault(&[&[MAGIC + 1], &good[1..]].concat()), Fault::Version);
    assert_eq!(fault(&plan(3, &[])), Fault::Slot);
}

#[test]
fn a_refused_instruction_writes_nothing_and_is_named() {
    let mut memory = Memory::new(&[&[1.0, 2.0], &[0.0; 2], &[9.0; 2]]);
    let bad = instruction(Opcode::Copy, 0, &[&vector(2, 2), &vector(1, 3)]);
    let words = plan(3, &[&copy(1, 0, 2), &bad]);
    let refusal = memory.run(&words, &mut Notes::default()).unwrap_err();
    assert_eq!(refusal, Refusal { fault: Fault::Bounds, word: 4 + copy(1, 0, 2).len() });
    assert_eq!((memory.slot(1), memory.slot(2)), (vec![1.0, 2.0], vec![9.0, 9.0]));
}

#[test]
fn loops_swap_their_carries() {
    for turns in 0..4u32 {
        let mut memory = Memory::new(&[&[1.0], &[2.0], &[0.0]]);
        let body = copy(2, 0, 1);
        let head = [turns, 1, 0, 1, body.len() as u32];
        let words = plan(3, &[&instruction(Opcode::Loop, 0, &[&head, &body])]);
        memory.run(&words, &mut Notes::default()).unwrap();
        // Each turn copies what slot 0 now names; the last of an odd number of turns is the first slot's.
        let expected = if turns == 0 {
            0.0
        } else if turns % 2 == 1 {
            1.0
        } else {
            2.0
        };
        assert_eq!(memory.slot(2), [expected], "{turns} turns");
    }
}

#[test]
fn carries_of_different_lengths_are_refused() {
    let words = plan(2, &[&instruction(Opcode::Loop, 0, &[&[1, 1, 0, 1, 0]])]);
    let refusal = Memory::new(&[&[1.0], &[2.0, 3.0]]).run(&words, &mut Notes::default()).unwrap_err();
    assert_eq!(refusal.fault, Fault::Shape);
}

#[test]
fn host_calls_are_told_their_operands_and_may_stop_the_plan() {
    let call = instruction(Opcode::HostCall, 2, &[&[7], &vector(0, 1), &vector(1, 1)]);
    let words = plan(2, &[&call, &copy(1, 0, 1)]);
    let mut memory = Memory::new(&[&[1.0], &[2.0]]);
    let mut host = Notes::default();
    memory.run(&words, &mut host).unwrap();
    assert_eq!((host.calls, memory.slot(1)), (vec![(7, 2)], vec![1.0]));
    let mut memory = Memory::new(&[&[1.0], &[2.0]]);
    let refusal = memory.run(&words, &mut Notes { fails: true, ..Notes::default() }).unwrap_err();
    assert_eq!((refusal, memory.slot(1)), (Refusal { fault: Fault::Host, word: 4 }, vec![2.0]));
}

#[test]
fn nesting_has_an_end() {
    let mut body = copy(1, 0, 1);
    for _ in 0..40 {
        body = instruction(Opcode::Loop, 0, &[&[1, 0, body.len() as u32], &body]);
    }
    let words = plan(2, &[&body]);
    let mut memory = Memory::new(&[&[1.0], &[2.0]]);
    assert_eq!(memory.run(&words, &mut Notes::default()).unwrap_err().fault, Fault::Depth);
    let slots = [penjing_core::plan::Slot { address: 64, bytes: 4 }; 2];
    assert_eq!(check(&words, &slots).unwrap_err().fault, Fault::Depth);
}

#[test]
fn check_accepts_what_runs_and_refuses_what_does_not_fit() {
    let slots = [penjing_core::plan::Slot { address: 64, bytes: 12 }; 3];
    let words = plan(3, &[&copy(1, 0, 3), &copy(2, 1, 3)]);
    assert_eq!(check(&words, &slots), Ok(()));
    assert_eq!(check(&words, &slots[..2]).unwrap_err().fault, Fault::Slot);
    let long = plan(3, &[&copy(1, 0, 3), &copy(2, 1, 4)]);
    assert_eq!(check(&long, &slots), Err(Refusal { fault: Fault::Bounds, word: 4 + copy(1, 0, 3).len() }));
}

#[test]
fn every_opcode_refuses_an_empty_instruction() {
    for &opcode in Opcode::ALL {
        if opcode == Opcode::Trap {
            continue; // It has no operands, and traps.
        }
        let words = plan(0, &[&instruction(opcode, 0, &[])]);
        let refusal = Memory::new(&[]).run(&words, &mut Notes::default()).unwrap_err();
        assert!(matches!(refusal.fault, Fault::Truncated | Fault::Arity | Fault::Parameter), "{opcode:?}: {refusal:?}");
    }
}
