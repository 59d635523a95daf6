//! Measures the machine with the instructions that kernels use: the limits that benchmarks quote.
//!
//! - `madd`: chains of `madd` in registers, no memory. `amount` turns a task; each turn is [`MADD_FLOPS`] FLOP.
//! - `crew`: as `madd`, but each task notes the number of the thread that ran it: so the first task that is not the
//!   caller's tells how long a worker took to come.
//! - `sweep`: loads every 16 bytes of the operand once a turn, `amount` turns, and adds them up.
//! - `add`: a bare loop over 2 to 4 arrays: the last of `amount` equal parts of the operand becomes the sum of the others.
//!
//! One task an element of the output for `madd` and `crew`; blocks of 64 KiB for `sweep` and of each part for `add`, as
//! many as there are. Results are stored, so that no optimizer drops the loop.

use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::ViewMut;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Independent chains: above latency times ports (4 cycles, 2 ports) and few enough for sixteen registers.
const CHAINS: usize = 12;

/// FLOP of one turn of the `madd` probe.
pub const MADD_FLOPS: usize = CHAINS * LANES * 2 * UNROLL;

/// Turns written out, so that the stack check of a WebAssembly loop does not count.
const UNROLL: usize = 4;

/// Bytes of one task of `sweep`: the L2 prefetchers have caught up, the last task is no straggler.
const SWEEP_BLOCK: usize = 1 << 16;

/// Runs probe `kind` (0: `madd`, 1: `sweep`, 2: `crew`, 3: `add`) on `operand` (f32, contiguous).
pub fn probe(pool: &Pool, kind: u32, operand: ViewMut, amount: u32) -> Result<(), Fault> {
    if operand.dtype != DType::F32 || !operand.layout.is_contiguous() {
        return Err(Fault::DType);
    }
    match kind {
        0 | 2 => {
            let tasks = operand.layout.len();
            pool.run(Work { tasks, nanoseconds: u64::MAX }, &|task, thread| {
                let sum = core::hint::black_box(madd::<Live>(amount));
                // SAFETY: task < len, each task writes its own element.
                unsafe { operand.ptr::<f32>().add(task).write(if kind == 0 { sum } else { thread as f32 }) };
            });
            Ok(())
        }
        1 => {
            let floats = operand.layout.len();
            let tasks = (floats * 4).div_ceil(SWEEP_BLOCK);
            let seen = AtomicU32::new(0);
            // Always zero, which the compiler cannot know: what the sweep found is used, and changes nothing.
            let none = core::hint::black_box(0);
            for _ in 0..amount {
                pool.run(Work { tasks, nanoseconds: (floats / 4) as u64 }, &|task, _| {
                    let start = task * (SWEEP_BLOCK / 4);
                    let count = (floats - start).min(SWEEP_BLOCK / 4);
                    // SAFETY: start + count <= floats, all inside the operand.
                    let sum = unsafe { sweep::<Live>(operand.ptr::<f32>().add(start), count) };
                    seen.fetch_xor(sum, Relaxed);
                });
            }
            if floats > 0 {
                // SAFETY: there is a first element, and no task runs any more.
                unsafe {
                    let first = operand.ptr::<u32>();
                    first.write(first.read() ^ (seen.load(Relaxed) & none));
                }
            }
            Ok(())
        }
        3 if (2..=4).contains(&amount) => {
            let part = operand.layout.len() / amount as usize;
            let nanoseconds = (part / 8) as u64;
            pool.run(Work { tasks: (part * 4).div_ceil(SWEEP_BLOCK), nanoseconds }, &|task, _| {
                let start = task * (SWEEP_BLOCK / 4);
                let count = (part - start).min(SWEEP_BLOCK / 4);
                // SAFETY: start + count <= part, and there are `amount` parts; tasks write different places.
                unsafe {
                    let first = operand.ptr::<f32>().add(start);
                    match amount {
                        2 => add::<Live, 1>(first, part, count),
                        3 => add::<Live, 2>(first, part, count),
                        _ => add::<Live, 3>(first, part, count),
                    }
                }
            });
            Ok(())
        }
        _ => Err(Fault::Parameter),
    }
}

#[inline(always)]
fn madd<L: Lane>(turns: u32) -> f32 {
    let mut chains = [L::splat(1.0); CHAINS];
    // Near one and below: no overflow, no denormals, however long it runs.
    let (factor, term) = (L::splat(core::hint::black_box(0.999)), L::splat(core::hint::black_box(0.001)));
    for _ in 0..turns {
        for _ in 0..UNROLL {
            for chain in &mut chains {
                *chain = L::madd(*chain, factor, term);
            }
        }
    }
    let sum = chains.into_iter().reduce(L::add).map(L::to_array).unwrap_or_default();
    sum.iter().sum()
}

/// # Safety
/// - `count` f32 at `from` are readable.
#[inline(always)]
unsafe fn sweep<L: Lane>(from: *const f32, count: usize) -> u32 {
    const VECTORS: usize = 8;
    let mut sums = [L::isplat(0); VECTORS];
    let mut at = 0;
    while at + VECTORS * LANES <= count {
        for (index, sum) in sums.iter_mut().enumerate() {
            // SAFETY: at + VECTORS * LANES <= count.
            *sum = L::xor(*sum, unsafe { L::iload(from.add(at + index * LANES).cast()) });
        }
        at += VECTORS * LANES;
    }
    let all = sums.into_iter().reduce(L::xor).map(L::ito_array).unwrap_or_default();
    all.iter().fold(0, |a, b| a ^ b)
}

/// Adds `N` arrays, `part` floats apart, into the one after the last.
///
/// # Safety
/// - `count` f32 of each are readable, those of the last writable; they do not overlap.
#[inline(always)]
unsafe fn add<L: Lane, const N: usize>(first: *mut f32, part: usize, count: usize) {
    const VECTORS: usize = 4;
    // SAFETY: elements below count of each array.
    unsafe {
        let at = |array: usize, index: usize| first.add(array * part + index);
        let whole = count - count % (VECTORS * LANES);
        for index in (0..whole).step_by(VECTORS * LANES) {
            for index in (index..index + VECTORS * LANES).step_by(LANES) {
                let sum = (1..N).fold(L::load(at(0, index)), |sum, array| L::add(sum, L::load(at(array, index))));
                L::store(at(N, index), sum);
            }
        }
        for index in whole..count {
            at(N, index).write((1..N).fold(at(0, index).read(), |sum, array| sum + at(array, index).read()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn madd_converges_to_its_fixed_point() {
        let mut out = [0f32; 3];
        let view = ViewMut::of(&mut out, &[3]).unwrap();
        probe(&Pool::serial(), 0, view, 10_000).unwrap();
        for value in out {
            assert!((value - 48.0).abs() < 0.1, "{value}");
        }
    }

    #[test]
    fn sweep_leaves_its_operand_as_it_was() {
        let mut data: Vec<f32> = (0..100_000).map(|x| x as f32).collect();
        let before = data.clone();
        probe(&Pool::new(2), 1, ViewMut::of(&mut data, &[100_000]).unwrap(), 3).unwrap();
        assert_eq!(data, before);
    }

    #[test]
    fn add_makes_the_last_part_the_sum_of_the_others() {
        for parts in 2..=4u32 {
            let part = 20_001;
            let mut data: Vec<f32> = (0..parts as usize * part + 1).map(|x| (x % 1000) as f32).collect();
            let before = data.clone();
            let len = data.len();
            probe(&Pool::new(2), 3, ViewMut::of(&mut data, &[len]).unwrap(), parts).unwrap();
            let last = (parts as usize - 1) * part;
            for i in 0..part {
                assert_eq!(data[last + i], (0..parts as usize - 1).map(|k| before[k * part + i]).sum::<f32>());
            }
            assert_eq!((&data[..last], data[len - 1]), (&before[..last], before[len - 1]));
        }
    }

    #[test]
    fn crew_names_threads_of_the_pool() {
        let mut out = [9f32; 64];
        probe(&Pool::new(3), 2, ViewMut::of(&mut out, &[64]).unwrap(), 10).unwrap();
        assert!(out.iter().all(|&thread| (0.0..3.0).contains(&thread)), "{out:?}");
    }

    #[test]
    fn probe_refuses_an_unknown_kind() {
        let mut out = [0f32; 1];
        assert_eq!(probe(&Pool::serial(), 3, ViewMut::of(&mut out, &[1]).unwrap(), 5), Err(Fault::Parameter));
        assert_eq!(probe(&Pool::serial(), 9, ViewMut::of(&mut out, &[1]).unwrap(), 1), Err(Fault::Parameter));
    }
}
