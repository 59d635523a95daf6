//! The boundary: every symbol that TypeScript calls.
//!
//! The hot path (run a plan, allocate, free) is plain exports that take and give numbers; wasm-bindgen carries the
//! typed control surface. Nothing here panics on bad input; a status word tells. TypeScript's half of each contract
//! is in `wasm/instance.ts`.
//!
//! All functions but [`pj_worker`] belong to the engine's calling thread.

use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::memory::{AllocError, Allocator, Linear, Stats};
use crate::plan::{self, Host, Operand, Slot};
use crate::pool::{Pool, Shared};
use core::cell::UnsafeCell;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wasm_bindgen::prelude::*;

/// Bytes of a WebAssembly page.
const PAGE: u64 = 65536;

/// What the calling thread owns.
struct Engine {
    allocator: Allocator<Linear>,
    scratch: Option<(usize, usize)>,
}

/// A static that one thread uses.
struct Own<T>(UnsafeCell<T>);

// SAFETY: only the engine's calling thread reaches the contents (the file head's rule).
unsafe impl<T> Sync for Own<T> {}

static ENGINE: Own<Engine> = Own(UnsafeCell::new(Engine { allocator: Allocator::new(Linear), scratch: None }));
static SHARED: Shared = Shared::new();
static POOL: Pool = Pool::over(&SHARED);
static AT: AtomicU32 = AtomicU32::new(0);

/// # Safety
/// - The calling thread calls, and lets go of the reference before anything else here runs.
unsafe fn engine() -> &'static mut Engine {
    // SAFETY: one thread, and the caller keeps no second reference.
    unsafe { &mut *ENGINE.0.get() }
}

#[wasm_bindgen]
extern "C" {
    /// The object that host calls go to.
    pub type HostObject;

    /// Runs host function `id`; `operands` is the address of `count` records of [`OPERAND_WORDS`] words. Returns 0,
    /// or 1 when the function threw (the object keeps what was thrown).
    #[wasm_bindgen(method)]
    fn call(this: &HostObject, id: u32, operands: u32, count: u32) -> u32;
}

thread_local! {
    // Per thread, since a JavaScript object belongs to the instance that received it. Never dropped: std would keep a list
    // of what to drop, and bring an allocator of its own for it.
    static HOST: UnsafeCell<Option<ManuallyDrop<HostObject>>> = const { UnsafeCell::new(None) };
}

/// Words of one operand as a host call sees it: address, bytes of the slot from there, dtype, rank, eight sizes, eight
/// strides.
pub const OPERAND_WORDS: usize = 20;

struct Outside;

impl Host for Outside {
    fn scratch(&mut self, bytes: usize) -> Option<*mut u8> {
        // SAFETY: the calling thread; the reference ends with this function.
        let engine = unsafe { engine() };
        if let Some((address, size)) = engine.scratch {
            if size >= bytes {
                return Some(address as *mut u8);
            }
            engine.scratch = None;
            let _ = engine.allocator.free(address);
        }
        let address = engine.allocator.alloc(bytes).ok()?;
        engine.scratch = Some((address, bytes));
        Some(address as *mut u8)
    }

    fn call(&mut self, id: u32, operands: &[Operand]) -> Result<(), Fault> {
        let mut words = [0u32; OPERAND_WORDS * plan::MAX_HOST_OPERANDS];
        for (record, operand) in words.chunks_exact_mut(OPERAND_WORDS).zip(operands) {
            record[0] = (operand.slot.address + operand.offset) as u32;
            record[1] = (operand.slot.bytes - operand.offset) as u32;
            record[2] = operand.dtype as u32;
            record[3] = operand.layout.rank as u32;
            for axis in 0..operand.layout.rank {
                record[4 + axis] = operand.layout.shape[axis] as u32;
                record[12 + axis] = operand.layout.strides[axis] as u32;
            }
        }
        let at = AT.load(Relaxed);
        // SAFETY: this thread's own; the reference may meet another shared one when the host runs a plan, never a
        // mutable one: `install_host` is called before any plan.
        let status = HOST.with(|host| match unsafe { &*host.get() } {
            Some(host) => host.call(id, words.as_ptr() as u32, operands.len() as u32),
            None => 1,
        });
        AT.store(at, Relaxed);
        if status == 0 { Ok(()) } else { Err(Fault::Host) }
    }

    fn at(&mut self, word: usize) {
        AT.store(word as u32, Relaxed);
    }
}

/// Sets the object that host calls go to, once, before the first plan.
#[wasm_bindgen(js_name = installHost)]
pub fn install_host(host: HostObject) {
    // SAFETY: this thread's own, and no plan runs.
    HOST.with(|own| unsafe { *own.get() = Some(ManuallyDrop::new(host)) });
}

/// The lane this build's kernels run on: `relaxed-simd`, `simd128` or `scalar`.
#[wasm_bindgen]
pub fn lane() -> String {
    Live::NAME.into()
}

/// The version of the plan format.
#[wasm_bindgen(js_name = planVersion)]
pub fn plan_version() -> u32 {
    plan::VERSION
}

/// Runs the plan of `words` words at `plan` with the table of `slots` slots at `table`. Returns 0 or a [`Fault`].
///
/// # Safety
/// - Plan and table are the caller's own memory, aligned to four; every slot's bytes lie inside the memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pj_run(plan: *const u32, words: usize, table: *mut Slot, slots: usize) -> u32 {
    // SAFETY: TypeScript's duty, as above.
    let (plan, slots) =
        unsafe { (core::slice::from_raw_parts(plan, words), core::slice::from_raw_parts_mut(table, slots)) };
    if !slots.iter().all(inside) {
        return Fault::Bounds as u32;
    }
    // SAFETY: every slot lies inside the memory; the scratch comes from the allocator, so it is nobody's slot.
    match unsafe { plan::run(plan, slots, &POOL, &mut Outside) } {
        Ok(()) => 0,
        Err(refusal) => {
            AT.store(refusal.word as u32, Relaxed);
            refusal.fault as u32
        }
    }
}

/// Checks a plan without running it. Returns 0 or a [`Fault`].
///
/// # Safety
/// - As [`pj_run`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pj_check(plan: *const u32, words: usize, table: *const Slot, slots: usize) -> u32 {
    // SAFETY: TypeScript's duty, as above.
    let (plan, slots) =
        unsafe { (core::slice::from_raw_parts(plan, words), core::slice::from_raw_parts(table, slots)) };
    if !slots.iter().all(inside) {
        return Fault::Bounds as u32;
    }
    match plan::check(plan, slots) {
        Ok(()) => 0,
        Err(refusal) => {
            AT.store(refusal.word as u32, Relaxed);
            refusal.fault as u32
        }
    }
}

/// Whether a slot lies inside the memory as it is now.
fn inside(slot: &Slot) -> bool {
    let end = core::arch::wasm32::memory_size::<0>() as u64 * PAGE;
    slot.address as u64 + slot.bytes as u64 <= end
}

/// The word offset of the instruction that ran last: where a plan was refused or trapped.
#[unsafe(no_mangle)]
pub extern "C" fn pj_at() -> u32 {
    AT.load(Relaxed)
}

/// Allocates; returns the address, or 0 with the reason in [`pj_alloc_error`].
#[unsafe(no_mangle)]
pub extern "C" fn pj_alloc(bytes: usize) -> usize {
    // SAFETY: the calling thread; the reference ends with this function.
    match unsafe { engine() }.allocator.alloc(bytes) {
        Ok(address) => address,
        Err(error) => {
            ALLOC_ERROR.store(error as u32, Relaxed);
            0
        }
    }
}

static ALLOC_ERROR: AtomicU32 = AtomicU32::new(0);

/// Why the last [`pj_alloc`] gave 0: an [`AllocError`].
#[unsafe(no_mangle)]
pub extern "C" fn pj_alloc_error() -> u32 {
    ALLOC_ERROR.load(Relaxed)
}

/// Frees; returns 0 or an [`AllocError`].
#[unsafe(no_mangle)]
pub extern "C" fn pj_free(address: usize) -> u32 {
    // SAFETY: the calling thread; the reference ends with this function.
    match unsafe { engine() }.allocator.free(address) {
        Ok(_) => 0,
        Err(error) => error as u32,
    }
}

static STATS: Own<Option<Stats>> = Own(UnsafeCell::new(None));

/// The address of the allocator's [`Stats`], five f64; read them before the next call.
#[unsafe(no_mangle)]
pub extern "C" fn pj_stats() -> *const Stats {
    // SAFETY: the calling thread; both references end with this function.
    unsafe {
        let stats = engine().allocator.stats();
        (*STATS.0.get()).insert(stats)
    }
}

/// The address of a word that turns 1 when work came that workers could have shared, but there was none yet.
#[unsafe(no_mangle)]
pub extern "C" fn pj_pool_wanted() -> *const AtomicU32 {
    SHARED.wanted()
}

/// The address of the word that counts trapped workers. A worker's script adds to it, since after a trap (a stack
/// overflow, say) its instance can run nothing.
#[unsafe(no_mangle)]
pub extern "C" fn pj_pool_trapped() -> *const AtomicU32 {
    SHARED.trapped()
}

/// Forgets all workers and expects `threads - 1` new ones.
#[unsafe(no_mangle)]
pub extern "C" fn pj_pool_reset(threads: usize, caller_may_wait: u32, crowded: u32) {
    SHARED.reset(threads, caller_may_wait != 0, crowded != 0);
}

/// How many workers have reached their loop.
#[unsafe(no_mangle)]
pub extern "C" fn pj_pool_ready() -> u32 {
    SHARED.ready()
}

/// Sends every worker out of its loop.
#[unsafe(no_mangle)]
pub extern "C" fn pj_pool_dismiss() {
    SHARED.dismiss();
}

/// Takes workers out of a job whose caller trapped.
#[unsafe(no_mangle)]
pub extern "C" fn pj_pool_settle() {
    SHARED.settle();
}

/// A worker's loop; returns when it is dismissed.
#[unsafe(no_mangle)]
pub extern "C" fn pj_worker(thread: usize) {
    SHARED.work(thread);
}

const _: () = assert!(size_of::<Slot>() == 8, "TypeScript writes a slot as two words");
const _: () = assert!(AllocError::Exhausted as u32 != 0, "0 means success");
