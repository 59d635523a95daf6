//! One arm an instruction: words to the call of a kernel.

use super::decode::Reader;
use super::{Machine, Opcode};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::kernels::{
    attention, copy, elementwise, gather, iota, matmul, normalize, one_hot, probe, reduce, scan, scatter, softmax,
    sort, threefry, top_k,
};
use crate::pool::Work;
use crate::view::{View, ViewMut};

/// A parameter that is 0 or 1.
fn flag(value: u32) -> Result<bool, Fault> {
    if value > 1 { Err(Fault::Parameter) } else { Ok(value == 1) }
}

/// Outputs and inputs of an elementwise instruction.
pub(super) const MAX_OUTPUTS: usize = 8;
pub(super) const MAX_INPUTS: usize = 16;

impl Opcode {
    /// How many operands follow the head of an instruction that has no blocks; `reader` goes to the first.
    pub(super) fn operands(self, reader: &mut Reader) -> Result<usize, Fault> {
        let [first, second, third] = reader.head()?;
        Ok(match self {
            Opcode::Loop | Opcode::Branch | Opcode::Trap => 0,
            Opcode::Probe => 1,
            Opcode::Iota => 1 + usize::from(second == 1),
            Opcode::HostCall => {
                reader.next()?;
                first as usize
            }
            Opcode::Elementwise => first as usize + second as usize,
            Opcode::Reduce => 1 + second as usize,
            Opcode::Normalize => 2 + (second & 3).count_ones() as usize,
            Opcode::Sort => second as usize + (third & 0xf) as usize,
            Opcode::Softmax | Opcode::Copy | Opcode::Threefry | Opcode::Scan => 2,
            Opcode::Matmul | Opcode::Gather | Opcode::TopK | Opcode::Scatter | Opcode::GatherNd => 3,
            Opcode::Attention => 4 + 2 * (first & 1) as usize + (first >> 1 & 1) as usize + (first >> 2 & 1) as usize,
        })
    }
}

impl Machine<'_> {
    /// Runs one instruction.
    ///
    /// # Safety
    /// - As [`super::run`].
    pub(super) unsafe fn instruction(
        &mut self,
        opcode: Opcode,
        reader: &mut Reader,
        depth: usize,
    ) -> Result<(), Fault> {
        // SAFETY: for every block below: the caller vouches for the slots, and views do not outlive this call.
        unsafe {
            match opcode {
                Opcode::Loop => self.run_loop(reader, depth),
                Opcode::Branch => self.run_branch(reader, depth),
                Opcode::HostCall => self.run_host_call(reader),
                Opcode::Trap => self.trap(reader),
                Opcode::Probe => {
                    let [kind, _, _] = reader.head()?;
                    let operand = reader.view_mut(self.slots)?;
                    let amount = reader.next()?;
                    reader.finish()?;
                    probe::probe(self.pool, kind, operand, amount)
                }
                Opcode::Elementwise => {
                    let [output_count, input_count, _] = reader.head()?;
                    let (output_count, input_count) = (output_count as usize, input_count as usize);
                    if output_count == 0 || output_count > MAX_OUTPUTS || input_count > MAX_INPUTS {
                        return Err(Fault::Arity);
                    }
                    let mut outputs = [const { ViewMut::EMPTY }; MAX_OUTPUTS];
                    for output in &mut outputs[..output_count] {
                        *output = reader.view_mut(self.slots)?;
                    }
                    let (inputs, input_count) = self.inputs(reader, input_count)?;
                    let (outputs, inputs) = (&outputs[..output_count], &inputs[..input_count]);
                    elementwise::elementwise(self.pool, outputs, inputs, reader.rest())
                }
                Opcode::Reduce => {
                    let [kind, input_count, reduced] = reader.head()?;
                    let output = reader.view_mut(self.slots)?;
                    let (inputs, input_count) = self.inputs(reader, input_count as usize)?;
                    let (inputs, reduced) = (&inputs[..input_count], reduced as usize);
                    let kind = reduce::Kind::from_code(kind)?;
                    let bytes = reduce::reduce_scratch(kind, &output, inputs, reduced, self.pool.threads())?;
                    let scratch = self.scratch(bytes)?;
                    reduce::reduce(self.pool, kind, output, inputs, reduced, reader.rest(), scratch)
                }
                Opcode::Softmax => {
                    let [kind, _, _] = reader.head()?;
                    let (output, input) = (reader.view_mut(self.slots)?, reader.view(self.slots)?);
                    reader.finish()?;
                    let kind = softmax::Kind::from_code(kind)?;
                    let bytes = softmax::softmax_scratch(kind, &output, &input, self.pool.threads())?;
                    softmax::softmax(self.pool, kind, output, input, self.scratch(bytes)?)
                }
                Opcode::Matmul => {
                    reader.head()?;
                    let output = reader.view_mut(self.slots)?;
                    let (a, b) = (reader.view(self.slots)?, reader.view(self.slots)?);
                    reader.finish()?;
                    let scratch = self.scratch(matmul::matmul_scratch(&output, &a, &b, self.pool.threads())?)?;
                    matmul::matmul(self.pool, output, a, b, scratch)
                }
                Opcode::Copy => {
                    reader.head()?;
                    let (output, input) = (reader.view_mut(self.slots)?, reader.view(self.slots)?);
                    reader.finish()?;
                    copy::copy(self.pool, output, input)
                }
                Opcode::Gather => {
                    let [mode, _, _] = reader.head()?;
                    let output = reader.view_mut(self.slots)?;
                    let (source, indices) = (reader.view(self.slots)?, reader.view(self.slots)?);
                    reader.finish()?;
                    gather::gather(self.pool, output, source, indices, gather::Mode::from_code(mode)?)
                }
                Opcode::Iota => {
                    let [axis, mode, _] = reader.head()?;
                    let output = reader.view_mut(self.slots)?;
                    let indices = if mode == 1 { Some(reader.view(self.slots)?) } else { None };
                    reader.finish()?;
                    match (mode, indices) {
                        (0, _) => iota::iota(self.pool, output, axis as usize),
                        (_, Some(indices)) => one_hot::one_hot(self.pool, output, indices),
                        _ => Err(Fault::Parameter),
                    }
                }
                Opcode::Threefry => {
                    let [mode, _, _] = reader.head()?;
                    let (output, key) = (reader.view_mut(self.slots)?, reader.view(self.slots)?);
                    let offset = u64::from(reader.next()?) | u64::from(reader.next()?) << 32;
                    reader.finish()?;
                    threefry::threefry(self.pool, output, key, threefry::Mode::from_code(mode)?, offset)
                }
                Opcode::Attention => {
                    let [flags, _, _] = reader.head()?;
                    if flags > 15 {
                        return Err(Fault::Parameter);
                    }
                    let output = reader.view_mut(self.slots)?;
                    let slots = &*self.slots;
                    let inputs = attention::Inputs {
                        q: reader.view(slots)?,
                        k: reader.view(slots)?,
                        v: reader.view(slots)?,
                        positions: if flags & 1 == 0 { None } else { Some([reader.view(slots)?, reader.view(slots)?]) },
                        mask: if flags & 2 == 0 { None } else { Some(reader.view(slots)?) },
                        length: if flags & 4 == 0 { None } else { Some(reader.view(slots)?) },
                    };
                    let [scale, cap, masked] = [reader.next()?, reader.next()?, reader.next()?].map(f32::from_bits);
                    let options =
                        attention::Options { scale, cap, masked, causal: flags & 8 != 0, window: reader.next()? };
                    reader.finish()?;
                    let bytes = attention::attention_scratch(&output, &inputs, options, self.pool.threads())?;
                    let scratch = self.scratch(bytes)?;
                    attention::attention(self.pool, output, &inputs, options, scratch)
                }
                Opcode::Normalize => {
                    let [kind, vectors, _] = reader.head()?;
                    let kind = normalize::Kind::from_code(kind)?;
                    if vectors > 3 {
                        return Err(Fault::Parameter);
                    }
                    let (output, input) = (reader.view_mut(self.slots)?, reader.view(self.slots)?);
                    let scale = if vectors & 1 != 0 { Some(reader.view(self.slots)?) } else { None };
                    let bias = if vectors & 2 != 0 { Some(reader.view(self.slots)?) } else { None };
                    let epsilon = f32::from_bits(reader.next()?);
                    reader.finish()?;
                    let what = normalize::Normalization { kind, scale, bias, epsilon };
                    let bytes = normalize::normalize_scratch(&what, &output, &input, self.pool.threads())?;
                    normalize::normalize(self.pool, &what, output, input, self.scratch(bytes)?)
                }
                Opcode::Scan => {
                    let [kind, reversed, _] = reader.head()?;
                    let (output, input) = (reader.view_mut(self.slots)?, reader.view(self.slots)?);
                    reader.finish()?;
                    let (kind, reversed) = (scan::Kind::from_code(kind)?, flag(reversed)?);
                    let bytes = scan::scan_scratch(&output, &input, reversed, self.pool.threads())?;
                    let scratch = self.scratch(bytes)?;
                    scan::scan(self.pool, kind, reversed, output, input, scratch)
                }
                Opcode::Sort => {
                    let [flags, output_count, counts] = reader.head()?;
                    let (output_count, keys) = (output_count as usize, (counts >> 4) as usize);
                    if flags > 3 {
                        return Err(Fault::Parameter);
                    }
                    if output_count > sort::MAX_OUTPUTS {
                        return Err(Fault::Arity);
                    }
                    let mut outputs = [const { ViewMut::EMPTY }; sort::MAX_OUTPUTS];
                    for output in &mut outputs[..output_count] {
                        *output = reader.view_mut(self.slots)?;
                    }
                    let (inputs, input_count) = self.inputs(reader, (counts & 0xf) as usize)?;
                    reader.finish()?;
                    let (outputs, inputs) = (&outputs[..output_count], &inputs[..input_count]);
                    let options = sort::Options { keys, descending: flags & 1 != 0, places: flags & 2 != 0 };
                    let bytes = sort::sort_scratch(outputs, inputs, options, self.pool.threads())?;
                    let scratch = self.scratch(bytes)?;
                    sort::sort(self.pool, outputs, inputs, options, scratch)
                }
                Opcode::TopK => {
                    reader.head()?;
                    let (values, places) = (reader.view_mut(self.slots)?, reader.view_mut(self.slots)?);
                    let input = reader.view(self.slots)?;
                    reader.finish()?;
                    let scratch = self.scratch(top_k::top_k_scratch(&values, &places, &input, self.pool.threads())?)?;
                    top_k::top_k(self.pool, values, places, input, scratch)
                }
                Opcode::Scatter => {
                    let [op, mode, _] = reader.head()?;
                    let output = reader.view_mut(self.slots)?;
                    let (indices, updates) = (reader.view(self.slots)?, reader.view(self.slots)?);
                    reader.finish()?;
                    let (op, mode) = (scatter::Op::from_code(op)?, gather::Mode::from_code(mode)?);
                    scatter::scatter(self.pool, output, indices, updates, op, mode)
                }
                Opcode::GatherNd => {
                    let [mode, _, _] = reader.head()?;
                    let output = reader.view_mut(self.slots)?;
                    let (source, indices) = (reader.view(self.slots)?, reader.view(self.slots)?);
                    let fill = reader.next()?;
                    reader.finish()?;
                    gather::gather_nd(self.pool, output, source, indices, gather::Mode::from_code(mode)?, fill)
                }
            }
        }
    }

    /// The next `count` operands, to read.
    ///
    /// # Safety
    /// - As [`super::run`].
    unsafe fn inputs<'v>(&self, reader: &mut Reader, count: usize) -> Result<([View<'v>; MAX_INPUTS], usize), Fault> {
        if count > MAX_INPUTS {
            return Err(Fault::Arity);
        }
        let mut inputs = [View::EMPTY; MAX_INPUTS];
        for input in &mut inputs[..count] {
            // SAFETY: the caller vouches for the slots.
            *input = unsafe { reader.view(self.slots)? };
        }
        Ok((inputs, count))
    }

    /// Scratch memory for one kernel call.
    fn scratch<'s>(&mut self, bytes: usize) -> Result<&'s mut [u8], Fault> {
        let at = match bytes {
            // Aligned, as every scratch is, though there is nothing there.
            0 => core::ptr::without_provenance_mut(64),
            _ => self.host.scratch(bytes).ok_or(Fault::Memory)?,
        };
        // SAFETY: the host gives that many bytes to this call alone; the kernel is done with them when it returns.
        Ok(unsafe { core::slice::from_raw_parts_mut(at, bytes) })
    }

    /// Traps on the caller (who = 0) or on the first worker to come (who = 1), which the caller waits for.
    fn trap(&mut self, reader: &mut Reader) -> Result<(), Fault> {
        let [who, _, _] = reader.head()?;
        reader.finish()?;
        let abort = || -> () {
            #[cfg(target_arch = "wasm32")]
            core::arch::wasm32::unreachable();
            #[cfg(not(target_arch = "wasm32"))]
            std::panic!("trapped on purpose");
        };
        if who == 0 {
            abort();
        }
        let came = core::sync::atomic::AtomicBool::new(false);
        self.pool.run(Work { tasks: 1 << 16, nanoseconds: u64::MAX }, &|_, thread| {
            if thread != 0 && !came.swap(true, core::sync::atomic::Ordering::Relaxed) {
                abort();
            }
            // Long enough, over all tasks, for a worker to wake.
            for turn in 0..2000 {
                core::hint::black_box(turn);
            }
        });
        Ok(())
    }
}

const _: () = assert!(DType::ALL.len() <= 16, "an operand's head has four bits for the dtype");
