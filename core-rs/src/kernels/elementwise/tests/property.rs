//! Random programs over random layouts, in place or not, on several threads.

use super::*;

/// Numbers from a seed (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }
    fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }
    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// The kind of register that a dtype is loaded into, in the words of the table.
fn kind(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        _ if dtype.is_float() => "f32",
        _ => "i32",
    }
}

/// The operations of chains, and how many operands each has besides the value.
pub(super) const CHAINED: &[(Op, usize)] = &[
    (Op::add_f32, 1),
    (Op::sub_f32, 1),
    (Op::mul_f32, 1),
    (Op::div_f32, 1),
    (Op::min_f32, 1),
    (Op::max_f32, 1),
    (Op::neg_f32, 0),
    (Op::abs_f32, 0),
    (Op::sqrt_f32, 0),
    (Op::square_f32, 0),
];

/// A random program that respects kinds, so that no NaN's payload shows in an integer.
fn random_program(random: &mut Random, inputs: &[DType], outputs: &[DType]) -> Vec<u32> {
    let registers = random.of(&[4, 6, 12, 32]);
    let mut kinds: Vec<Option<&str>> = vec![None; registers];
    let mut words = vec![];
    let mut loads: Vec<usize> = (0..inputs.len()).collect();
    let steps = 2 + random.below(14);
    for _ in 0..steps + loads.len() {
        let dst = random.below(registers);
        if random.below(3) == 0 {
            let input = if loads.is_empty() { random.below(inputs.len()) } else { loads.remove(0) };
            words.push(Op::load.word(dst as u32, input as u32, 0));
            kinds[dst] = Some(kind(inputs[input]));
        } else if random.below(6) == 0 {
            let (kind, bits) =
                random.of(&[("f32", 0x4020_0000), ("f32", 0x8000_0000), ("i32", 3), ("i32", 0xffff_fffe), ("bool", 1)]);
            words.extend([Op::constant.word(dst as u32, 0, 0), bits]);
            kinds[dst] = Some(kind);
        } else if random.below(4) == 0 {
            // A chain: its steps are of f32.
            let floats: Vec<u32> = (0..registers as u32).filter(|&r| kinds[r as usize] == Some("f32")).collect();
            if floats.is_empty() {
                continue;
            }
            let steps = random.of(&[1, 2, 3, 7, 32]);
            words.push(Op::chain.word(dst as u32, random.of(&floats), steps));
            for _ in 0..steps {
                let (op, sides) = random.of(CHAINED);
                let (side, order) = if sides == 1 { (random.of(&floats), random.next() & 1) } else { (0, 0) };
                words.push(op.word(side, order, 0));
            }
            kinds[dst] = Some("f32");
        } else {
            let (op, from, to) = random.of(SIGNATURES);
            if op as u8 >= 128 {
                continue;
            }
            // A bool may serve as an integer.
            let mut operands = [0; 4];
            let mut found = true;
            for (operand, &want) in operands.iter_mut().zip(from) {
                let fits: Vec<usize> = (0..registers)
                    .filter(|&r| kinds[r].is_some_and(|k| k == want || k == "bool" && want == "i32"))
                    .collect();
                found &= !fits.is_empty();
                *operand = fits.get(random.below(fits.len().max(1))).copied().unwrap_or(0) as u32;
            }
            if !found {
                continue;
            }
            words.push(op.word(dst as u32, operands[0], if from.len() > 1 { operands[1] } else { 0 }));
            words.extend((from.len() > 2).then_some(operands[2] | operands[3] << 8));
            kinds[dst] = Some(to);
        }
    }
    for (o, &dtype) in outputs.iter().enumerate() {
        let fits: Vec<usize> = (0..registers).filter(|&r| kinds[r] == Some(kind(dtype))).collect();
        let register = if fits.is_empty() {
            // A load may not come here; a constant does. Register 0 may be given up, its value is in no later store's way.
            words.extend([Op::constant.word(0, 0, 0), 1]);
            kinds[0] = Some(kind(dtype));
            0
        } else {
            random.of(&fits)
        };
        words.push(Op::store.word(0, register as u32, o as u32));
    }
    words
}

/// A layout over a shape: axes in random order, padded, perhaps backward, and (for inputs) perhaps broadcast. Gives
/// the offset of the first element too, and the number of elements of the memory.
fn random_layout(random: &mut Random, shape: &[usize], broadcast: bool, tame: bool) -> (Layout, usize, usize) {
    if tame {
        let stride = isize::from(!broadcast || random.below(4) != 0);
        return (Layout::new(shape, &[stride]).unwrap(), 0, shape[0]);
    }
    let plain = random.below(3) == 0;
    let mut axes: Vec<usize> = (0..shape.len()).collect();
    if !plain && random.below(2) == 0 {
        for i in (1..axes.len()).rev() {
            axes.swap(i, random.below(i + 1));
        }
    }
    let mut strides = vec![0isize; shape.len()];
    let (mut step, mut offset) = (1usize, 0usize);
    if !plain && random.below(3) == 0 {
        step = 1 + random.below(3);
    }
    for &axis in axes.iter().rev() {
        if broadcast && !plain && random.below(4) == 0 {
            continue;
        }
        strides[axis] = step as isize;
        if !plain && random.below(4) == 0 {
            offset += step * (shape[axis] - 1);
            strides[axis] = -strides[axis];
        }
        step *= shape[axis];
        if !plain && random.below(3) == 0 {
            step += random.below(4);
        }
    }
    (Layout::new(shape, &strides).unwrap(), offset, step + 8)
}

/// The offset of element `index` (row-major), in elements.
fn offset(layout: &Layout, mut index: usize) -> isize {
    let mut at = 0;
    for axis in (0..layout.rank).rev() {
        at += (index % layout.shape[axis]) as isize * layout.strides[axis];
        index /= layout.shape[axis];
    }
    at
}

fn read(memory: &[u8], at: usize, size: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes[..size].copy_from_slice(&memory[at..at + size]);
    u32::from_le_bytes(bytes)
}

/// Memory whose elements are those of a dtype: edges, small numbers and rubbish.
fn random_memory(random: &mut Random, dtype: DType, elements: usize) -> Vec<u8> {
    let (floats, integers) = (float_edges(), integer_edges());
    let mut memory = vec![];
    for _ in 0..elements {
        let word = match (dtype.is_float(), random.below(3)) {
            (true, 0) => random.of(&floats),
            (false, 0) => random.of(&integers),
            (true, 1) => ((random.next() as i32 >> 20) as f32 / 16.0).to_bits(),
            (false, 1) => random.next() % 200,
            _ => random.next(),
        };
        let raw = if dtype == DType::Bool { word & 1 } else { reference::narrow(dtype, word) };
        memory.extend(&raw.to_le_bytes()[..dtype.size()]);
    }
    memory
}

/// One region of memory, which an input, an output, or both in place see through one layout.
struct Region {
    dtype: DType,
    layout: Layout,
    offset: usize,
    memory: Vec<u8>,
}

fn trial(seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let rank = random.below(6);
    let mut shape: Vec<usize> = (0..rank).map(|_| random.of(&[1, 2, 3, 4, 5, 7])).collect();
    for axis in 0..rank {
        let len: usize = shape.iter().product();
        if len < 3000 && random.below(3) == 0 {
            shape[axis] = random.of(&[15, 16, 17, 64, 100, 255, 256, 257, 511, 512, 513]);
        }
        if len < 40 && random.below(6) == 0 {
            shape[axis] = random.of(&[2047, 2048, 2049, 5000, 20_000]);
        }
    }
    // A third of the trials are for the paths without copies: contiguous words, whole blocks.
    let tame = seed.is_multiple_of(3);
    if tame {
        shape = vec![random.of(&[16, 48, 512, 2048, 2064, 4096])];
    }
    let dtypes: &[DType] = if tame { &[DType::F32, DType::I32, DType::F32, DType::U32] } else { &DType::ALL };
    let n: usize = shape.iter().product();
    let outputs: Vec<DType> = (0..random.of(&[1, 1, 1, 2, 3])).map(|_| random.of(dtypes)).collect();
    let mut inputs: Vec<DType> = (0..1 + random.below(4)).map(|_| random.of(dtypes)).collect();
    // Work in place: an input that is an output's memory, of its width.
    let mut shared = vec![None; inputs.len()];
    for i in 0..inputs.len() {
        if random.below(3) == 0 {
            let o = random.below(outputs.len());
            let same_width: Vec<DType> = DType::ALL.into_iter().filter(|d| d.size() == outputs[o].size()).collect();
            inputs[i] = if random.below(2) == 0 { outputs[o] } else { random.of(&same_width) };
            // Bytes of another type are no bools.
            if inputs[i] != DType::Bool || outputs[o] == DType::Bool {
                shared[i] = Some(o);
            }
        }
    }
    let program = random_program(&mut random, &inputs, &outputs);
    let mut region = |dtype: DType, broadcast: bool| {
        let (layout, offset, elements) = random_layout(&mut random, &shape, broadcast, tame);
        Region { dtype, layout, offset: offset * dtype.size(), memory: random_memory(&mut random, dtype, elements) }
    };
    let sinks: Vec<Region> = outputs.iter().map(|&dtype| region(dtype, false)).collect();
    let sources: Vec<Region> = inputs.iter().map(|&dtype| region(dtype, true)).collect();
    let source = |i: usize| shared[i].map_or(&sources[i], |o: usize| &sinks[o]);

    let mut want: Vec<Vec<u8>> = sinks.iter().map(|sink| sink.memory.clone()).collect();
    for index in 0..n {
        let element = |region: &Region, dtype: DType| {
            let at = region.offset as isize + offset(&region.layout, index) * dtype.size() as isize;
            (at as usize, dtype.size())
        };
        let values: Vec<(DType, u32)> = (0..inputs.len())
            .map(|i| {
                let (at, size) = element(source(i), inputs[i]);
                (inputs[i], read(&source(i).memory, at, size))
            })
            .collect();
        for (o, raw) in reference::run(&program, &values, &outputs).into_iter().enumerate() {
            let (at, size) = element(&sinks[o], outputs[o]);
            want[o][at..at + size].copy_from_slice(&raw.to_le_bytes()[..size]);
        }
    }

    let mut first: Option<Vec<Vec<u8>>> = None;
    for threads in [1, 2, 3, 5] {
        // Aligned for any dtype.
        let mut got: Vec<Vec<u32>> =
            sinks.iter().map(|sink| sink.memory.chunks(4).map(|c| read(c, 0, c.len())).collect()).collect();
        let bases: Vec<(*mut u8, usize)> = got.iter_mut().map(|x| (x.as_mut_ptr().cast(), x.len() * 4)).collect();
        let held: Vec<Vec<u32>> =
            sources.iter().map(|source| source.memory.chunks(4).map(|c| read(c, 0, c.len())).collect()).collect();
        // SAFETY: the memories outlive the views, and are large enough by construction (which `within` checks).
        let (views, outs): (Vec<View>, Vec<ViewMut>) = unsafe {
            let views = (0..inputs.len()).map(|i| {
                let (base, len) = match shared[i] {
                    Some(o) => (bases[o].0.cast_const(), bases[o].1),
                    None => (held[i].as_ptr().cast(), held[i].len() * 4),
                };
                View::within(base, len, source(i).offset, inputs[i], source(i).layout).unwrap()
            });
            let outs = sinks.iter().zip(&bases);
            (
                views.collect(),
                outs.map(|(s, &(base, len))| ViewMut::within(base, len, s.offset, s.dtype, s.layout).unwrap())
                    .collect(),
            )
        };
        elementwise(&Pool::new(threads), &outs, &views, &program)
            .unwrap_or_else(|fault| panic!("seed {seed}: {fault:?} {program:x?}"));
        let got: Vec<Vec<u8>> = got
            .iter()
            .zip(&sinks)
            .map(|(x, sink)| x.iter().flat_map(|w| w.to_le_bytes()).take(sink.memory.len()).collect())
            .collect();
        for (o, sink) in sinks.iter().enumerate() {
            let size = sink.dtype.size();
            for at in (0..sink.memory.len()).step_by(size) {
                let (a, b) = (read(&got[o], at, size), read(&want[o], at, size));
                assert!(
                    same(sink.dtype, a, b),
                    "seed {seed}, shape {shape:?}, output {o} {:?} at byte {at}: {a:x} instead of {b:x}; in place {shared:?}; {program:x?}",
                    sink.dtype
                );
            }
        }
        assert!(first.as_ref().is_none_or(|first| *first == got), "seed {seed}: {threads} threads give other bits");
        first.get_or_insert(got);
    }
}

#[test]
fn random_programs_over_random_layouts_equal_the_reference() {
    let trials = std::env::var("PENJING_TRIALS").ok().and_then(|text| text.parse().ok()).unwrap_or(600);
    for seed in 1..=trials {
        trial(seed);
    }
}
