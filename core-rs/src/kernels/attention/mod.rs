//! Attention: `output[b, h, t] = sum over j of w[j] v[b, h / G, j]` with the weights `w = softmax(logits)` of one query.
//!
//! ```text
//! logits[j] = (sum over d of q[b, h, t, d] k[b, h / G, j, d]) * scale        then, if there is a cap, tanh(l / cap) * cap
//! logits[j] = masked                                                         where key j is hidden from the query
//! ```
//!
//! - **Layouts**: output `[B, H, Tq, Dv]` and q `[B, H, Tq, D]` are f32; k `[B, Hkv, Tk, D]` and v `[B, Hkv, Tk, Dv]` are
//!   both f32, f16 or bf16, and widened exactly. Any strides; a stride of zero broadcasts. H is G times Hkv.
//! - **Keys**: `length`, one i32, says how many keys there are; the others, as those of a cache that is not full yet, are
//!   as if `Tk` were smaller: no mask brings them back, and they cost nothing.
//! - **Hiding**: a query at position p sees a key at position k if k >= 0; with `causal`, if besides p >= k; with a
//!   `window`, if besides p - k < window. Positions are i32, `[B, Tq]` and `[B, Tk]`, in any order; without them they are
//!   the indices. A mask, bool `[B, H, Tq, Tk]`, hides further keys where it is 0.
//! - **Hidden keys** have the logit `masked`. As long as that is less than the largest logit of the visible keys by
//!   [`FAR`] or more, their weights are zero, and they contribute nothing, not even a NaN or an infinity in `v` (where a
//!   product with a weight of zero would give NaN) or in `k`. Else they count as any logit of that value: a query that
//!   sees nothing gets the mean of all values, or NaN if `masked` is -infinity.
//! - **Special cases** as a softmax and two products: a row with a NaN or +infinity among its logits, or whose logits are
//!   all -infinity, is NaN. No keys at all: zeros. D = 0: equal weights. Zeros of the output are positive.
//! - **Aliasing**: an output that shares memory with an input is refused.
//!
//! # Order of summation
//!
//! Fixed by the shapes (with the keys that are present for Tk), and not by strides, batch, heads that do not share a key
//! head, or threads. With m the largest logit so far, 0 if that is -infinity, and [`LANES`]` * 4 = 16` sums of weights:
//!
//! ```text
//! G * Tq > FEW, blocks of KEYS:   logits in the order of matmul;   M = max(m, logits);   w[j] = exp(logits[j] - M)
//!                                 l = l * exp(m - M) + S;   a = a * exp(m - M) + A;   m = M
//! else, blocks of CHUNK:          logits in four chains, by d mod 4, then t as below;
//!                                 each block apart: its own m, l = S, a = A
//!                                 then l = sum of l * exp(m - M), a = sum of a * exp(m - M), from the first to the last
//! S = u[0] + u[4] + ...           u[c] = w[c] + w[c + 16] + ... in a block;   t[i] = (u[i] + u[i + 4]) + (u[i + 8] + u[i + 12]);
//!                                 S = (t[0] + t[2]) + (t[1] + t[3])
//! A = sum of w[j] v[j]            one chain
//! output = a / l + 0
//! ```
//!
//! A block whose keys are all hidden from some rows adds exactly nothing to them, and may be left out.
//!
//! Accuracy: against exact arithmetic |error| <= (2 E + (n + 4 b + 16) 2^-24) sum of |w v|, to first order, for b blocks
//! of n keys at most and logits with errors of E at most: those of a matrix product, times the scale. The tests hold
//! results to it, and to the order above bit for bit.
//!
//! # How
//!
//! [`packed`] for many rows: a task has the queries of one key head, up to [`packed::QUERIES`], and goes over the keys;
//! [`stream`] for few, as in decoding: a task has one chunk of keys of one key head, and reads it in place.

mod dots;
mod packed;
#[cfg(test)]
mod reference;
mod row;
mod stream;
#[cfg(test)]
mod tests;

use super::matmul::Scratch;
use super::matmul::operand::{Operand, Target, pack};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::Pool;
use crate::view::{View, ViewMut};
use row::{Sight, Span};

/// Keys of a block where there are many rows: their packed k and v are 64 KiB at D = Dv = 64. Part of the order.
pub const KEYS: usize = 128;

/// Keys of a block where there are few rows: a task. Part of the order.
pub const CHUNK: usize = 256;

/// Rows (queries times heads that share a key head) up to which keys are streamed. Part of the order.
pub const FEW: usize = 16;

/// A logit that is less than another by this much has a weight of 0 beside it: e^-104 rounds to 0.
pub const FAR: f32 = 104.0;

/// What is computed, beside the operands.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The factor of the logits.
    pub scale: f32,
    /// Bounds the logits softly; 0 for no bound.
    pub cap: f32,
    /// The logit of hidden keys.
    pub masked: f32,
    /// Whether queries see no later keys.
    pub causal: bool,
    /// How many positions back queries see; 0 for any.
    pub window: u32,
}

/// The operands that are read.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// Queries.
    pub q: View<'a>,
    /// Keys.
    pub k: View<'a>,
    /// Values.
    pub v: View<'a>,
    /// Positions of queries and of keys.
    pub positions: Option<[View<'a>; 2]>,
    /// Which keys each query sees.
    pub mask: Option<View<'a>>,
    /// How many keys there are.
    pub length: Option<View<'a>>,
}

/// One call, checked.
struct Job<'a> {
    output: ViewMut<'a>,
    inputs: Inputs<'a>,
    options: Options,
    /// B, Hkv, G, Tq; keys that are present; D and Dv.
    batch: usize,
    heads: usize,
    group: usize,
    queries: usize,
    keys: usize,
    dim: usize,
    width: usize,
    /// Whether positions hide keys; whether anything does.
    ruled: bool,
    hides: bool,
}

impl<'a> Job<'a> {
    fn new(output: ViewMut<'a>, inputs: Inputs<'a>, options: Options) -> Result<Job<'a>, Fault> {
        let Inputs { q, k, v, positions, mask, length } = inputs;
        if output.dtype != DType::F32 || q.dtype != DType::F32 || !k.dtype.is_float() || v.dtype != k.dtype {
            return Err(Fault::DType);
        }
        let [&[batch, all, queries, width], &[b0, h0, t0, dim], &[b1, heads, keys, d1], &[b2, h2, t2, w2]] =
            [output.layout.shape(), q.layout.shape(), k.layout.shape(), v.layout.shape()]
        else {
            return Err(Fault::Rank);
        };
        let fits = [b0, b1, b2] == [batch; 3] && [h0, t0] == [all, queries];
        let grouped = heads == h2 && all.is_multiple_of(heads) && (heads != 0 || all == 0);
        if !fits || !grouped || [t2, d1, w2] != [keys, dim, width] {
            return Err(Fault::Shape);
        }
        if let Some([of_q, of_k]) = positions {
            if of_q.dtype != DType::I32 || of_k.dtype != DType::I32 {
                return Err(Fault::DType);
            }
            if *of_q.layout.shape() != [batch, queries] || *of_k.layout.shape() != [batch, keys] {
                return Err(Fault::Shape);
            }
        }
        if let Some(mask) = mask {
            if mask.dtype != DType::Bool {
                return Err(Fault::DType);
            }
            if *mask.layout.shape() != [batch, all, queries, keys] {
                return Err(Fault::Shape);
            }
        }
        let mut present = keys;
        if let Some(length) = length {
            if length.dtype != DType::I32 {
                return Err(Fault::DType);
            }
            if length.layout.len() != 1 {
                return Err(Fault::Shape);
            }
            // SAFETY: the view has one element, which is readable.
            present = keys.min(unsafe { length.ptr::<i32>().read() }.max(0) as usize);
        }
        if options.window > i32::MAX as u32 {
            return Err(Fault::Parameter);
        }
        let ruled = positions.is_some() || options.causal || options.window != 0;
        Ok(Job {
            output,
            inputs,
            options,
            batch,
            heads,
            group: all.checked_div(heads).unwrap_or(0),
            queries,
            keys: present,
            dim,
            width,
            ruled,
            hides: ruled || mask.is_some(),
        })
    }

    fn is_empty(&self) -> bool {
        self.output.layout.is_empty()
    }

    /// Queries that share a key head, times heads: row r is query r / G of the head r % G of the group.
    fn rows(&self) -> usize {
        self.group.saturating_mul(self.queries)
    }

    fn few(&self) -> bool {
        self.rows() <= FEW
    }

    /// Floats of scratch.
    fn floats(&self, threads: usize) -> Result<usize, Fault> {
        if self.is_empty() || self.keys == 0 {
            return Ok(0);
        }
        if self.few() { stream::floats(self, threads) } else { packed::floats(self, threads) }.ok_or(Fault::Memory)
    }

    /// The part of an operand from this index on: rows and columns are its last two axes.
    fn part(view: &View, b: usize, h: usize, t: usize) -> Operand {
        let s = &view.layout.strides;
        let whole = Operand { ptr: view.ptr(), dtype: view.dtype, rs: s[2], cs: s[3] };
        Operand { ptr: Operand { rs: s[0], cs: s[1], ..whole }.at(b, h).ptr, ..whole }.at(t, 0)
    }

    /// Keys from the `j`th on, as rows.
    fn k(&self, b: usize, kv: usize, j: usize) -> Operand {
        Job::part(&self.inputs.k, b, kv, j)
    }

    /// Values from the `j`th on, as rows.
    fn v(&self, b: usize, kv: usize, j: usize) -> Operand {
        Job::part(&self.inputs.v, b, kv, j)
    }

    /// Copies queries, `count` rows of a group from `first` on, to rows of D.
    ///
    /// # Safety
    /// - The rows are below [`Job::rows`]; `to` has room for them, and overlaps nothing.
    unsafe fn pack_queries<L: Lane>(&self, b: usize, kv: usize, first: usize, count: usize, to: *mut f32) {
        for r in 0..count {
            let (t, h) = ((first + r) / self.group, kv * self.group + (first + r) % self.group);
            // SAFETY: by the caller's word.
            unsafe { pack::<L>(Job::part(&self.inputs.q, b, h, t), 1, self.dim, to.add(r * self.dim), self.dim) };
        }
    }

    /// Where a row of a group is written.
    fn target(&self, b: usize, kv: usize, row: usize) -> Target {
        let (t, h) = (row / self.group, kv * self.group + row % self.group);
        let s = &self.output.layout.strides;
        let whole = Target { ptr: self.output.ptr(), size: 4, rs: s[0], cs: s[1] };
        let head = Target { ptr: whole.at(b, h), rs: s[2], cs: s[3], ..whole };
        Target { ptr: head.at(t, 0), ..head }
    }

    /// Positions of keys that a row of a group sees.
    fn sight(&self, b: usize, row: usize) -> Sight {
        let t = row / self.group;
        let position = match &self.inputs.positions {
            Some([of_q, _]) => {
                let s = &of_q.layout.strides;
                // SAFETY: the element (b, t) of the view.
                unsafe {
                    of_q.ptr::<i32>().wrapping_offset(b as isize * s[0]).wrapping_offset(t as isize * s[1]).read()
                }
            }
            None => t as i32,
        };
        Sight::new(position, &self.options)
    }

    /// Fills in the positions of keys from the `j`th on, and says what they span. What the last vectors have beyond the
    /// keys is not initialized here.
    fn positions(&self, b: usize, j: usize, to: &mut [i32]) -> Span {
        match &self.inputs.positions {
            Some([_, of_k]) => {
                let s = &of_k.layout.strides;
                let from = of_k.ptr::<i32>().wrapping_offset(b as isize * s[0]).wrapping_offset(j as isize * s[1]);
                for (i, to) in to.iter_mut().enumerate() {
                    // SAFETY: the element (b, j + i) of the view.
                    *to = unsafe { from.wrapping_offset(i as isize * s[1]).read() };
                }
            }
            None => to.iter_mut().enumerate().for_each(|(i, to)| *to = (j + i) as i32),
        }
        Span::of(to)
    }

    /// The mask of a row for the keys from the `j`th on: the first byte, and the bytes from each to the next.
    fn mask(&self, b: usize, kv: usize, row: usize, j: usize) -> Option<(*const u8, isize)> {
        let mask = self.inputs.mask.as_ref()?;
        let (t, h) = (row / self.group, kv * self.group + row % self.group);
        let from = Job::part(mask, b, h, t).at(0, j);
        Some((from.ptr, from.cs))
    }

    /// Nanoseconds that a task which multiplies takes, about, over all.
    fn products(&self) -> u64 {
        [self.batch, self.heads, self.rows(), self.keys, self.dim + self.width]
            .iter()
            .fold(1u64, |n, &x| n.saturating_mul(x as u64))
    }
}

/// Bytes of scratch that [`attention`] needs with these operands. Fails as it would.
pub fn attention_scratch(output: &ViewMut, inputs: &Inputs, options: Options, threads: usize) -> Result<usize, Fault> {
    // SAFETY: the layout is the same.
    let output = unsafe { output.with_layout(output.layout) };
    Job::new(output, *inputs, options)?.floats(threads)?.checked_mul(size_of::<f32>()).ok_or(Fault::Memory)
}

/// Computes attention.
///
/// Fails with [`Fault::DType`], [`Fault::Rank`], [`Fault::Shape`] or [`Fault::Parameter`] where operands and options do not
/// fit together, with [`Fault::Overlap`] if the output shares memory with an input, with [`Fault::Memory`] if `scratch`
/// is too small.
pub fn attention(
    pool: &Pool,
    output: ViewMut,
    inputs: &Inputs,
    options: Options,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    attention_on::<Live>(pool, output, inputs, options, scratch)
}

/// [`attention`] on a lane of choice, for the tests that compare lanes.
pub fn attention_on<L: Lane>(
    pool: &Pool,
    output: ViewMut,
    inputs: &Inputs,
    options: Options,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    let job = Job::new(output, *inputs, options)?;
    for view in [&inputs.q, &inputs.k, &inputs.v] {
        job.output.disjoint_from(view)?;
    }
    for view in inputs.positions.iter().flatten().chain(&inputs.mask).chain(&inputs.length) {
        job.output.disjoint_from(view)?;
    }
    let bytes = job.floats(pool.threads())?.checked_mul(size_of::<f32>()).ok_or(Fault::Memory)?;
    if scratch.len() < bytes || scratch.as_ptr().align_offset(4) != 0 {
        return Err(Fault::Memory);
    }
    if job.is_empty() {
        return Ok(());
    }
    let scratch = Scratch::new(scratch.as_mut_ptr().cast());
    // SAFETY: the views checked every element of the shapes they have; the output overlaps no input and visits no element
    // twice; the scratch is large enough and overlaps nothing, being borrowed.
    unsafe {
        if job.keys == 0 {
            job.zeros();
        } else if job.few() {
            stream::run::<L>(&job, pool, scratch);
        } else {
            packed::run::<L>(&job, pool, scratch);
        }
    }
    Ok(())
}

impl Job<'_> {
    /// Writes zeros: the sum of nothing.
    ///
    /// # Safety
    /// - The output is writable.
    unsafe fn zeros(&self) {
        for task in 0..self.batch * self.heads {
            for row in 0..self.rows() {
                let to = self.target(task / self.heads, task % self.heads, row);
                for c in 0..self.width {
                    // SAFETY: an element of the output.
                    unsafe { to.at(0, c).write(0.0) };
                }
            }
        }
    }
}
