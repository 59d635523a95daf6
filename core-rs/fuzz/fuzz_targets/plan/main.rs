//! Fuzzes the plan interpreter and every kernel behind it, natively and under AddressSanitizer.
//!
//! ```sh
//! cd core-rs
//! cargo +nightly fuzz run --no-trace-compares plan -- -runs=1000000 -max_len=512 -len_control=0 -timeout=10
//! cargo +nightly fuzz run --no-trace-compares plan fuzz/artifacts/plan/<crash>                # again, one input
//! PLAN_PRINT=1 cargo +nightly fuzz run --no-trace-compares plan fuzz/artifacts/plan/<crash>   # shows the plan
//! ```
//!
//! Comparisons are not traced, since they would guide nothing here and cost half of the time.
//!
//! The fuzzer's bytes are decisions, not words: [`generate`] makes of them slots, their contents and a plan that is
//! mostly valid (every opcode, all dtypes, strides of every sign, loops with carries, branches, cells, host calls that
//! run a second plan), then damages a few words of some plans. [`survey`] reads the finished plan on its own: it bounds
//! the work and says which bytes the plan may write at all.
//!
//! Each slot is a heap block of exactly its length, so AddressSanitizer sees the first byte read or written outside;
//! scratch likewise. The plan then runs on one thread, and if there is work enough on two, over equal memory but scratch
//! filled differently.
//! Asserted:
//!
//! 1. nothing crashes, and a run ends in success or a refusal;
//! 2. bytes that no output, counter or host call of the plan covers are unchanged;
//! 3. a lone kernel instruction that is refused has written nothing;
//! 4. both runs give the same result and the same bytes;
//! 5. [`plan::check`] reads no memory, and a plan that it accepts is not refused for its structure.
#![no_main]

mod generate;
mod source;
mod survey;

use generate::Case;
use libfuzzer_sys::fuzz_target;
use penjing_core::fault::Fault;
use penjing_core::plan::{self, Host, Opcode, Operand, Refusal, Slot};
use penjing_core::pool::Pool;
use std::alloc::{Layout, alloc, dealloc};

/// Work of one plan, roughly in elements times operations: a millisecond with the sanitizer.
const BUDGET: u64 = 1 << 17;

/// Work of a plan from which on some kernel may hand it to other threads (15 000 elements of 4 bytes, see
/// `pool::SERIAL_NANOSECONDS`); below it a second thread would only cost time.
const PARALLEL: u64 = 10_000;

/// Scratch beyond this is refused, as exhausted memory would.
const MAX_SCRATCH: usize = 16 << 20;

thread_local! {
    static POOLS: [Pool; 2] = [Pool::serial(), Pool::new(2)];
}

fuzz_target!(|data: &[u8]| {
    let mut case = generate::case(data);
    let Some(survey) = survey::survey(&mut case, BUDGET) else { return };
    if std::env::var_os("PLAN_PRINT").is_some() {
        println!("{case:#x?}");
    }
    POOLS.with(|pools| {
        let first = run(&case, &pools[0], 0xa5);
        let second = run(&case, &pools[usize::from(survey.cost >= PARALLEL)], 0x5a);
        for (number, (after, before)) in first.buffers.iter().zip(&case.buffers).enumerate() {
            survey.assert_kept(number, before, after);
        }
        if first.result.is_err() && survey.lone_kernel {
            assert!(first.buffers == case.buffers, "refused after writing: {:?}", first.result);
        }
        assert_eq!(first.result, second.result, "two runs");
        assert!(alike(&first, &second), "two runs give other bytes");
        let nowhere: Vec<Slot> = case.slots.iter().map(|slot| Slot { address: 4096, bytes: slot.bytes }).collect();
        if plan::check(&case.plan, &nowhere).is_ok() {
            let structural = [Fault::Version, Fault::Opcode, Fault::Slot, Fault::Depth];
            let flaw = first.result.is_err_and(|refusal| structural.contains(&refusal.fault));
            assert!(!flaw, "accepted, then {:?}", first.result);
        }
    });
});

/// Whether two runs leave the same bytes. Which of two NaNs a sum keeps may depend on the cut of the work, and integers may
/// be made of its payload: where a NaN stands for another one, all may differ.
fn alike(a: &Outcome, b: &Outcome) -> bool {
    let nan = |x: u32, infinity: u32, sign: u32| x & !sign > infinity;
    let payload = |x: &[u8], y: &[u8]| {
        let [x, y] = [x, y].map(|word| u32::from_le_bytes(word.try_into().unwrap()));
        let floats = nan(x, 0x7f80_0000, 1 << 31) && nan(y, 0x7f80_0000, 1 << 31);
        let halves = [0x7c00, 0x7f80].iter().any(|&infinity| {
            let pairs = [0, 16].map(|shift| (x >> shift & 0xffff, y >> shift & 0xffff));
            pairs.iter().all(|&(x, y)| x == y || nan(x, infinity, 1 << 15) && nan(y, infinity, 1 << 15))
        });
        x != y && (floats || halves)
    };
    let mut pairs = a.buffers.iter().zip(&b.buffers);
    a.buffers == b.buffers
        || pairs.any(|(a, b)| a.chunks_exact(4).zip(b.chunks_exact(4)).any(|(x, y)| payload(x, y)))
}

/// What a run leaves.
struct Outcome {
    result: Result<(), Refusal>,
    buffers: Vec<Vec<u8>>,
}

/// Runs a case over fresh copies of its buffers.
fn run(case: &Case, pool: &Pool, fill: u8) -> Outcome {
    let blocks: Vec<Block> = case.buffers.iter().map(|bytes| Block::new(bytes, 4)).collect();
    let mut slots: Vec<Slot> = (case.slots.iter())
        .map(|slot| Slot { address: blocks[slot.buffer].address() + slot.offset, bytes: slot.bytes })
        .collect();
    let mut host = Callee { pool, nested: &case.nested, depth: 0, fill, scratch: None };
    // SAFETY: every slot lies inside its block, which lives until the run is over; scratch is a block of its own.
    let result = unsafe { plan::run(&case.plan, &mut slots, pool, &mut host) };
    Outcome { result, buffers: blocks.iter().map(|block| block.bytes().to_vec()).collect() }
}

/// A heap block of exactly its length, aligned to no more than it must be.
struct Block {
    memory: *mut u8,
    layout: Layout,
}

impl Block {
    fn new(bytes: &[u8], align: usize) -> Block {
        let layout = Layout::from_size_align(bytes.len(), align).unwrap();
        if bytes.is_empty() {
            // No byte of it may be touched, so any address will do.
            return Block { memory: 4096 as *mut u8, layout };
        }
        // SAFETY: not empty; the copy fills it.
        unsafe {
            let memory = alloc(layout);
            assert!(!memory.is_null());
            memory.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            Block { memory, layout }
        }
    }

    fn address(&self) -> usize {
        self.memory.expose_provenance()
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: allocated and filled by `new`; nobody writes any more.
        unsafe { core::slice::from_raw_parts(self.memory, self.layout.size()) }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if self.layout.size() > 0 {
            // SAFETY: allocated by `new` with this layout.
            unsafe { dealloc(self.memory, self.layout) }
        }
    }
}

/// The host: its functions read, write, fail or run the nested plan.
struct Callee<'a> {
    pool: &'a Pool,
    nested: &'a [u32],
    depth: usize,
    fill: u8,
    scratch: Option<Block>,
}

impl Host for Callee<'_> {
    fn scratch(&mut self, bytes: usize) -> Option<*mut u8> {
        if bytes > MAX_SCRATCH {
            return None;
        }
        let block = Block::new(&vec![self.fill; bytes], 64);
        let memory = block.memory;
        self.scratch = Some(block);
        Some(memory)
    }

    fn call(&mut self, id: u32, operands: &[Operand]) -> Result<(), Fault> {
        let mut slots: Vec<Slot> = operands.iter().map(|operand| operand.slot).collect();
        match id % 4 {
            0 => {
                for slot in &slots {
                    for at in 0..slot.bytes {
                        // SAFETY: inside the slot; the run's caller lent it.
                        std::hint::black_box(unsafe { ((slot.address + at) as *const u8).read() });
                    }
                }
                Ok(())
            }
            1 if self.depth == 0 => {
                self.depth += 1;
                // SAFETY: the slots are the outer plan's, which waits for this call.
                let result = unsafe { plan::run(self.nested, &mut slots, self.pool, self) };
                self.depth -= 1;
                result.map_err(|_| Fault::Host)
            }
            2 => Err(Fault::Host),
            _ => {
                if let Some(slot) = slots.first().filter(|slot| slot.bytes > 0) {
                    // SAFETY: inside the slot.
                    unsafe { (slot.address as *mut u8).write(1) };
                }
                Ok(())
            }
        }
    }

    fn at(&mut self, word: usize) {
        assert!(word < 1 << 20);
    }
}

/// Opcodes that run other instructions or leave the engine; the rest are kernels.
fn is_control(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Loop | Opcode::Branch | Opcode::HostCall | Opcode::Trap)
}
