//! Parallel work: a fixed grid of tasks, handed to whichever thread is free.
//!
//! [`Pool::run`] is the only door: the caller takes part, and it returns when every task is done. Which thread
//! runs a task is not fixed; what a task computes must not depend on it. So results are equal for any number of
//! threads as long as a kernel cuts its grid from shapes alone.
//!
//! The protocol, in shared memory and without messages:
//!
//! ```text
//! gate   = generation << 16 | open << 15 | workers inside
//! caller   write job; next := 0; gate := (generation + 1, open, 0); ring the bell if anyone sleeps
//!          take tasks from next until none is left; close the gate; wait until nobody is inside
//! worker   spin until the gate is open with a generation not seen; go in by compare-and-swap on the gate
//!          take tasks from next until none is left; go out
//!          after a bounded spin: count itself a sleeper, look once more, wait for the bell
//! ```
//!
//! 1. A worker enters only through a compare-and-swap on the very value that says "open", so the job it then reads
//!    is the one now open; the caller writes a job only while the gate is closed and empty.
//! 2. The caller never waits for a worker that has not entered: a sleeper that wakes late finds the gate closed.
//!    So work is done by the caller alone until the workers are there, and nothing can hang on their start.
//! 3. A worker that traps never goes out. Its script counts it in `trapped`; the caller then waits for the others
//!    only and reports the fault. The pool is unusable until [`Shared::reset`].

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering::*};

/// How much there is to do, so that tiny work stays on the calling thread.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The number of tasks; each runs once.
    pub tasks: usize,
    /// The whole work's cost on one thread in nanoseconds, roughly: 40 FLOP or 10 bytes each.
    pub nanoseconds: u64,
}

/// Below this the hand-over costs more than it saves (a hot barrier takes 1 to 2 µs).
pub const SERIAL_NANOSECONDS: u64 = 6_000;

/// Work that workers could have shared, in microseconds, before they are wanted: to start one takes 10 ms.
const START_MICROSECONDS: u32 = 250;

/// A task grid's body: `job(task, thread)`.
type Job<'a> = dyn Fn(usize, usize) + Sync + 'a;

const OPEN: u32 = 1 << 15;
const INSIDE: u32 = OPEN - 1;
const GENERATION: u32 = 1 << 16;

/// Turns of the spin loop (about a nanosecond each) before a worker sleeps. To wake it takes 50 µs and more, and who
/// spins for as long as that wastes at most twice what the best choice would, whenever the next work comes.
const SPIN_WORKER: u32 = 200_000;
/// Turns before the caller, which waits for a straggler, gives its core away.
const SPIN_CALLER: u32 = 50_000;
/// Spin bound when there are more threads than cores: spinning would only take the core from who has the work.
const SPIN_CROWDED: u32 = 200;

/// A value alone on its cache line.
#[repr(C, align(64))]
struct Line<T>(T);

/// What the threads of a pool share. In a threaded wasm build one static; natively one a pool.
#[repr(C)]
pub struct Shared {
    gate: Line<AtomicU32>,
    next: Line<AtomicUsize>,
    bell: Line<AtomicU32>,
    sleepers: AtomicU32,
    ready: AtomicU32,
    trapped: AtomicU32,
    wanted: AtomicU32,
    missed: AtomicU32,
    leave: AtomicU32,
    caller_waits: AtomicU32,
    caller_may_wait: AtomicU32,
    crowded: AtomicU32,
    threads: AtomicUsize,
    tasks: AtomicUsize,
    job: UnsafeCell<Option<&'static Job<'static>>>,
}

// SAFETY: `job` is written only by the caller while the gate is closed and empty, and read only by workers inside the
// open gate (rule 1); everything else is atomic.
unsafe impl Sync for Shared {}

impl Shared {
    /// A pool's state before any worker has come.
    pub const fn new() -> Shared {
        Shared {
            gate: Line(AtomicU32::new(0)),
            next: Line(AtomicUsize::new(0)),
            bell: Line(AtomicU32::new(0)),
            sleepers: AtomicU32::new(0),
            ready: AtomicU32::new(0),
            trapped: AtomicU32::new(0),
            wanted: AtomicU32::new(0),
            missed: AtomicU32::new(0),
            leave: AtomicU32::new(0),
            caller_waits: AtomicU32::new(0),
            caller_may_wait: AtomicU32::new(0),
            crowded: AtomicU32::new(0),
            threads: AtomicUsize::new(1),
            tasks: AtomicUsize::new(0),
            job: UnsafeCell::new(None),
        }
    }

    /// Forgets every worker, so that a new set can come. Call it only when none of the old ones runs any more.
    pub fn reset(&self, threads: usize, caller_may_wait: bool, crowded: bool) {
        self.gate.0.store(0, SeqCst);
        let counters =
            [&self.sleepers, &self.ready, &self.trapped, &self.wanted, &self.missed, &self.leave, &self.caller_waits];
        for counter in counters {
            counter.store(0, SeqCst);
        }
        self.caller_may_wait.store(caller_may_wait.into(), SeqCst);
        self.crowded.store(crowded.into(), SeqCst);
        self.threads.store(threads.max(1), SeqCst);
    }

    /// Workers that have reached their loop.
    pub fn ready(&self) -> u32 {
        self.ready.load(SeqCst)
    }

    /// How many workers have trapped. A trapped worker's script adds to it from outside, since the worker itself can
    /// run nothing any more.
    pub fn trapped(&self) -> &AtomicU32 {
        &self.trapped
    }

    /// Turns 1 when enough work has come that workers could have shared, but there was none.
    pub fn wanted(&self) -> &AtomicU32 {
        &self.wanted
    }

    /// Takes every worker out of the open job, if there is one: after a trap on the caller, whose stack the job is on.
    pub fn settle(&self) {
        self.next.0.store(usize::MAX / 2, SeqCst);
        self.gate.0.fetch_and(!OPEN, AcqRel);
        self.await_workers();
    }

    /// Asks every worker to leave its loop (for its event loop's mail, or for good).
    pub fn dismiss(&self) {
        self.leave.store(1, SeqCst);
        self.bell.0.fetch_add(1, SeqCst);
        notify(&self.bell.0);
    }

    /// A worker's loop; returns when it is dismissed. `thread` is its number, from 1.
    pub fn work(&self, thread: usize) {
        let mut seen = self.gate.0.load(Acquire) / GENERATION;
        if self.gate.0.load(Acquire) & OPEN != 0 {
            seen = seen.wrapping_sub(1);
        }
        self.ready.fetch_add(1, SeqCst);
        let mut spins = 0u32;
        loop {
            let gate = self.gate.0.load(Acquire);
            if gate & OPEN != 0 && gate / GENERATION != seen {
                if self.gate.0.compare_exchange(gate, gate + 1, AcqRel, Relaxed).is_ok() {
                    seen = gate / GENERATION;
                    // SAFETY: inside the open gate, so the caller keeps the job alive and unchanged (rule 1).
                    if let Some(job) = unsafe { *self.job.get() } {
                        self.drain(job, thread);
                    }
                    self.gate.0.fetch_sub(1, AcqRel);
                    if self.caller_waits.load(SeqCst) != 0 {
                        notify(&self.gate.0);
                    }
                    spins = 0;
                }
                continue;
            }
            if self.leave.load(Relaxed) != 0 {
                self.ready.fetch_sub(1, SeqCst);
                return;
            }
            spins += 1;
            if spins > self.spin_bound() {
                self.sleep(seen);
                spins = 0;
            }
            core::hint::spin_loop();
        }
    }

    fn spin_bound(&self) -> u32 {
        if self.crowded.load(Relaxed) != 0 { SPIN_CROWDED } else { SPIN_WORKER }
    }

    /// Waits for the bell. The sleeper counts itself first and looks once more, and the caller opens the gate before
    /// it looks for sleepers: one of the two sees the other.
    fn sleep(&self, seen: u32) {
        let bell = self.bell.0.load(SeqCst);
        self.sleepers.fetch_add(1, SeqCst);
        let gate = self.gate.0.load(SeqCst);
        if !(gate & OPEN != 0 && gate / GENERATION != seen) && self.leave.load(SeqCst) == 0 {
            wait(&self.bell.0, bell, -1);
        }
        self.sleepers.fetch_sub(1, SeqCst);
    }

    #[inline]
    fn drain(&self, job: &Job, thread: usize) {
        let tasks = self.tasks.load(Relaxed);
        loop {
            let task = self.next.0.fetch_add(1, Relaxed);
            if task >= tasks {
                break;
            }
            job(task, thread);
        }
    }

    fn run(&self, tasks: usize, job: &Job) {
        // SAFETY: the lifetime is put back below: this returns only when no worker is inside (or it trapped and
        // will never read again), and the slot is emptied before.
        let forever: &'static Job<'static> = unsafe { core::mem::transmute::<&Job, &'static Job<'static>>(job) };
        // SAFETY: the gate is closed and empty here: the last run left it so.
        unsafe { *self.job.get() = Some(forever) };
        self.tasks.store(tasks, Relaxed);
        self.next.0.store(0, Relaxed);
        let generation = (self.gate.0.load(Relaxed) / GENERATION + 1) & 0xffff;
        self.gate.0.store((generation * GENERATION) | OPEN, SeqCst);
        self.bell.0.fetch_add(1, SeqCst);
        if self.sleepers.load(SeqCst) != 0 {
            notify(&self.bell.0);
        }
        self.drain(job, 0);
        self.gate.0.fetch_and(!OPEN, AcqRel);
        self.await_workers();
        // SAFETY: closed and empty, as above.
        unsafe { *self.job.get() = None };
    }

    fn await_workers(&self) {
        let bound = if self.crowded.load(Relaxed) != 0 { SPIN_CROWDED } else { SPIN_CALLER };
        let mut spins = 0u32;
        loop {
            let gate = self.gate.0.load(Acquire);
            if gate & INSIDE <= self.trapped.load(Acquire) {
                return;
            }
            spins = spins.saturating_add(1);
            if spins > bound && self.caller_may_wait.load(Relaxed) != 0 {
                self.caller_waits.store(1, SeqCst);
                wait(&self.gate.0, gate, 1_000_000);
                self.caller_waits.store(0, SeqCst);
            }
            core::hint::spin_loop();
        }
    }
}

impl Default for Shared {
    fn default() -> Self {
        Shared::new()
    }
}

/// The threads of an engine.
pub struct Pool {
    shared: Option<&'static Shared>,
    #[cfg(not(target_arch = "wasm32"))]
    workers: Vec<std::thread::JoinHandle<()>>,
}

impl Pool {
    /// A pool of the calling thread alone.
    pub const fn serial() -> Pool {
        Pool {
            shared: None,
            #[cfg(not(target_arch = "wasm32"))]
            workers: Vec::new(),
        }
    }

    /// A pool whose workers come to `shared` by themselves.
    pub const fn over(shared: &'static Shared) -> Pool {
        Pool {
            shared: Some(shared),
            #[cfg(not(target_arch = "wasm32"))]
            workers: Vec::new(),
        }
    }

    /// A pool of the calling thread and `threads - 1` native ones, which end with it.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn new(threads: usize) -> Pool {
        let shared: &'static Shared = Box::leak(Box::new(Shared::new()));
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        shared.reset(threads, true, threads > cores);
        let workers = (1..threads.max(1)).map(|thread| std::thread::spawn(move || shared.work(thread))).collect();
        Pool { shared: Some(shared), workers }
    }

    /// Where a test has no threads of its own: the caller alone, whatever `threads` is.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub fn new(_threads: usize) -> Pool {
        Pool::serial()
    }

    /// How many threads may run tasks at once; thread numbers are below it.
    #[inline]
    pub fn threads(&self) -> usize {
        self.shared.map_or(1, |shared| shared.threads.load(Relaxed))
    }

    /// Calls `job(task, thread)` once for each task below `work.tasks`.
    pub fn run(&self, work: Work, job: &(dyn Fn(usize, usize) + Sync)) {
        if let Some(shared) = self.shared
            && work.tasks > 1
            && work.nanoseconds >= SERIAL_NANOSECONDS
        {
            if shared.ready.load(Relaxed) != 0 && shared.trapped.load(Relaxed) == 0 {
                return shared.run(work.tasks, job);
            }
            let microseconds = u32::try_from(work.nanoseconds / 1000).unwrap_or(u32::MAX);
            // The caller's own: no other thread counts.
            let missed = shared.missed.load(Relaxed).saturating_add(microseconds);
            shared.missed.store(missed, Relaxed);
            if missed >= START_MICROSECONDS {
                shared.wanted.store(1, Relaxed);
            }
        }
        (0..work.tasks).for_each(|task| job(task, 0));
    }

    /// How many workers have trapped since the pool was set up.
    #[inline]
    pub fn trapped(&self) -> u32 {
        self.shared.map_or(0, |shared| shared.trapped.load(Acquire))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Drop for Pool {
    fn drop(&mut self) {
        if self.workers.is_empty() {
            return;
        }
        if let Some(shared) = self.shared {
            shared.dismiss();
            for worker in self.workers.drain(..) {
                // A worker that panicked has told its story already.
                let _ = worker.join();
            }
        }
    }
}

// Never inlined, neither of these: V8 11.3 (Node 20) loses vectors that are live in a function where it
// waits or notifies, such as the strides that LLVM keeps in vectors around the parallel parts of a kernel.
#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
#[inline(never)]
fn wait(at: &AtomicU32, expected: u32, nanoseconds: i64) {
    // SAFETY: an atomic is an aligned word of this memory; where waiting is not allowed (a browser's main thread)
    // `caller_may_wait` is off.
    unsafe { core::arch::wasm32::memory_atomic_wait32(at.as_ptr().cast(), expected as i32, nanoseconds) };
}

#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
#[inline(never)]
fn notify(at: &AtomicU32) {
    // SAFETY: an atomic is an aligned word of this memory.
    unsafe { core::arch::wasm32::memory_atomic_notify(at.as_ptr().cast(), u32::MAX) };
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "atomics")))]
fn wait(at: &AtomicU32, expected: u32, nanoseconds: i64) {
    // Native pools are for tests: they poll.
    let mut turns = 0;
    while at.load(SeqCst) == expected && (nanoseconds < 0 || turns < nanoseconds / 20_000) {
        #[cfg(not(target_arch = "wasm32"))]
        std::thread::sleep(std::time::Duration::from_micros(20));
        turns += 1;
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "atomics")))]
fn notify(_at: &AtomicU32) {}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    const LARGE: u64 = 1_000_000;

    #[test]
    fn run_calls_each_task_once() {
        for threads in [1, 2, 3, 5] {
            let pool = Pool::new(threads);
            for tasks in [0, 1, 2, 3, 7, 64, 1000] {
                let counts: Vec<AtomicU32> = (0..tasks).map(|_| AtomicU32::new(0)).collect();
                pool.run(Work { tasks, nanoseconds: LARGE }, &|task, thread| {
                    assert!(thread < threads);
                    counts[task].fetch_add(1, SeqCst);
                });
                assert!(counts.iter().all(|count| count.load(SeqCst) == 1), "{threads} threads, {tasks} tasks");
            }
        }
    }

    #[test]
    fn run_survives_many_short_jobs() {
        let pool = Pool::new(3);
        let sum = AtomicUsize::new(0);
        for round in 0..20_000 {
            pool.run(Work { tasks: 4, nanoseconds: LARGE }, &|task, _| {
                sum.fetch_add(task + round, SeqCst);
            });
        }
        assert_eq!(sum.load(SeqCst), 20_000 * 6 + 4 * (0..20_000).sum::<usize>());
    }

    #[test]
    fn run_leaves_tiny_work_to_the_caller() {
        let pool = Pool::new(4);
        pool.run(Work { tasks: 100, nanoseconds: SERIAL_NANOSECONDS - 1 }, &|_, thread| assert_eq!(thread, 0));
    }

    #[test]
    fn trap_lets_the_caller_go_on() {
        let shared: &'static Shared = Box::leak(Box::new(Shared::new()));
        shared.reset(2, true, false);
        let pool = Pool::over(shared);
        // A worker that goes in and never comes out, as one that traps does.
        let stuck = std::thread::spawn(move || {
            shared.ready.fetch_add(1, SeqCst);
            loop {
                let gate = shared.gate.0.load(SeqCst);
                if gate & OPEN != 0 && shared.gate.0.compare_exchange(gate, gate + 1, SeqCst, SeqCst).is_ok() {
                    shared.trapped.fetch_add(1, SeqCst);
                    return;
                }
            }
        });
        while shared.ready() == 0 {}
        let done = AtomicU32::new(0);
        while pool.trapped() == 0 {
            pool.run(Work { tasks: 8, nanoseconds: LARGE }, &|_, _| {
                done.fetch_add(1, SeqCst);
            });
        }
        stuck.join().unwrap();
        assert!(done.load(SeqCst) >= 8);
        shared.reset(1, true, false);
        assert_eq!(pool.trapped(), 0);
    }

    #[test]
    fn workers_are_wanted_once_they_would_have_spared_their_start() {
        static SHARED: Shared = Shared::new();
        let pool = Pool::over(&SHARED);
        let run = |tasks, microseconds: u64| pool.run(Work { tasks, nanoseconds: microseconds * 1000 }, &|_, _| {});
        run(1, 1_000_000);
        (0..100).for_each(|_| run(2, SERIAL_NANOSECONDS / 1000 - 1));
        run(2, u64::from(START_MICROSECONDS) - 1);
        assert_eq!(SHARED.wanted().load(SeqCst), 0);
        run(2, 10);
        assert_eq!(SHARED.wanted().load(SeqCst), 1);
        SHARED.reset(2, true, false);
        run(2, 10);
        assert_eq!(SHARED.wanted().load(SeqCst), 0);
    }

    #[test]
    fn a_sleeping_worker_wakes() {
        let pool = Pool::new(2);
        // Until its worker is there, a pool leaves all to the caller.
        while pool.shared.is_some_and(|shared| shared.ready.load(SeqCst) == 0) {
            std::thread::yield_now();
        }
        for _ in 0..50 {
            std::thread::sleep(std::time::Duration::from_millis(2));
            // Neither task ends before both have begun, so the caller cannot do both.
            let begun = AtomicU32::new(0);
            pool.run(Work { tasks: 2, nanoseconds: LARGE }, &|_, _| {
                begun.fetch_add(1, SeqCst);
                let started = std::time::Instant::now();
                while begun.load(SeqCst) < 2 {
                    assert!(started.elapsed().as_secs() < 60, "no worker came");
                    std::thread::yield_now();
                }
            });
        }
    }
}
