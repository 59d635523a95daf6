//! Operations, conversions, layouts, aliasing and faults against the naive interpreter.

use super::ops::for_each_op;
use super::*;
use super::{program, reference};
use crate::lane::Scalar;
use crate::view::Layout;

mod property;

macro_rules! signatures {
    ($($name:ident = $number:literal, $arity:literal, ($($from:ident),*) -> $to:ident, $code:expr;)*) => {
        /// The types of each operation's operands and result.
        const SIGNATURES: &[(Op, &[&str], &str)] = &[$((Op::$name, &[$(stringify!($from)),*], stringify!($to)),)*];
    };
}
for_each_op!(signatures);

/// Floats at which operations are likely to go wrong.
fn float_edges() -> Vec<u32> {
    let mut edges: Vec<f32> = vec![
        0.0,
        1e-45,
        1.1754942e-38,
        f32::MIN_POSITIVE,
        2.9e-8,
        5.9604645e-8,
        8.9e-8,
        6.0976e-5,
        6.1035156e-5,
        1e-3,
        0.3,
        0.5,
        0.625,
        0.70710677,
        0.99999994,
        1.0,
        1.0000001,
        1.5,
        2.0,
        2.5,
        3.5,
        9.02,
        87.0,
        88.7228,
        88.8,
        103.9,
        104.1,
        126.5,
        127.5,
        200.0,
        254.6,
        255.5,
        300.0,
        2048.5,
        32767.4,
        32768.0,
        65504.0,
        65519.9,
        65520.0,
        65535.5,
        70000.0,
        8388607.5,
        8388609.0,
        16777217.0,
        2147483500.0,
        2147483648.0,
        4294967000.0,
        4294967296.0,
        3.3895314e38,
        3.39e38,
        f32::MAX,
        f32::INFINITY,
    ];
    edges.extend(edges.clone().iter().map(|x| -x));
    let mut bits: Vec<u32> = edges.iter().map(|x| x.to_bits()).collect();
    bits.extend([0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0x7fff_ffff, 0xff80_0400, 0x7f80_ffff]);
    bits
}

/// Integers at which operations are likely to go wrong.
fn integer_edges() -> Vec<u32> {
    let mut edges =
        vec![0u32, 1, 2, 3, 5, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100, 127, 128, 255, 256, 32767, 32768, 65535, 65536];
    edges.extend([0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xaaaa_aaaa, 0x00ff_ffff, 0x0100_0001, 0xffff_ff80]);
    edges.extend(edges.clone().iter().map(|x| x.wrapping_neg()));
    edges
}

/// Whether two elements are equal, where all NaNs are.
fn same(dtype: DType, a: u32, b: u32) -> bool {
    let nan = |x: u32| f32::from_bits(reference::widen(dtype, x)).is_nan();
    a == b || dtype.is_float() && nan(a) && nan(b)
}

/// The distance of two floats in the order of floats.
fn steps_between(a: u32, b: u32) -> u64 {
    let order = |x: u32| if x >> 31 == 0 { x as i64 } else { -((x & 0x7fff_ffff) as i64) };
    order(a).abs_diff(order(b))
}

/// Runs a program over contiguous words.
fn run_words(program: &[u32], inputs: &[(DType, &[u32])], output: DType) -> Vec<u32> {
    let n = inputs[0].1.len();
    let mut out = vec![0xdead_beefu32; n];
    let bytes = |x: &[u32]| -> &[u8] {
        // SAFETY: words are bytes.
        unsafe { core::slice::from_raw_parts(x.as_ptr().cast(), x.len() * 4) }
    };
    let layout = Layout::contiguous(&[n]).unwrap();
    let views: Vec<View> = inputs.iter().map(|&(dtype, x)| View::new(bytes(x), 0, dtype, layout).unwrap()).collect();
    // SAFETY: words are bytes.
    let raw = unsafe { core::slice::from_raw_parts_mut(out.as_mut_ptr().cast::<u8>(), n * 4) };
    let view = ViewMut::new(raw, 0, output, layout).unwrap();
    elementwise(&Pool::serial(), &[view], &views, program).unwrap();
    out
}

/// `op` on its operands in registers 0 to 3, loaded from as many inputs.
fn one(op: Op, arity: usize) -> Vec<u32> {
    let mut words: Vec<u32> = (0..arity as u32).map(|i| Op::load.word(i, i, 0)).collect();
    words.push(op.word(3, 0, u32::from(arity > 1)));
    words.extend((arity > 2).then_some(if arity > 3 { 2 | 3 << 8 } else { 2 }));
    words.push(Op::store.word(0, 3, 0));
    words
}

#[test]
fn operations_are_those_of_the_reference_on_edge_values() {
    for &(op, from, to) in SIGNATURES {
        let values: Vec<Vec<u32>> = from
            .iter()
            .map(|&kind| match kind {
                "f32" => float_edges(),
                "bool" => vec![0, 1],
                // Only handed on.
                _ if from.len() == 4 => vec![7, 0x8000_0000],
                _ => integer_edges(),
            })
            .collect();
        let total: usize = values.iter().map(Vec::len).product();
        let mut columns = vec![Vec::with_capacity(total); from.len()];
        for mut index in 0..total {
            for (column, values) in columns.iter_mut().zip(&values) {
                column.push(values[index % values.len()]);
                index /= values.len();
            }
        }
        let inputs: Vec<(DType, &[u32])> = columns
            .iter()
            .zip(from)
            .map(|(x, &kind)| (if kind == "f32" { DType::F32 } else { DType::I32 }, x.as_slice()))
            .collect();
        let dtype = if to == "f32" { DType::F32 } else { DType::I32 };
        let got = run_words(&one(op, from.len()), &inputs, dtype);
        for i in 0..total {
            let x: Vec<u32> = columns.iter().map(|column| column[i]).chain([0; 3]).take(4).collect();
            let want = reference::apply(op, [x[0], x[1], x[2], x[3]]);
            // The transcendental functions are held to their bounds in `tests/ulp.rs`; here to three steps.
            let close = (op as u8) >= 128 && !f32::from_bits(want).is_nan() && steps_between(got[i], want) <= 3;
            assert!(same(dtype, got[i], want) || close, "{op:?} of {x:x?}: {:x} instead of {want:x}", got[i]);
        }
    }
}

#[test]
fn a_chain_gives_the_bits_that_its_steps_give_one_by_one() {
    let edges = float_edges();
    // Every pair of edges, and 16 elements short of whole groups of 48.
    let x: Vec<u32> = edges.iter().flat_map(|&x| vec![x; edges.len()]).chain(edges.iter().copied()).collect();
    let n = x.len() / 48 * 48 - 16;
    let y: Vec<u32> = edges.iter().copied().cycle().take(n).collect();
    let inputs = [(DType::F32, &x[..n]), (DType::F32, &y[..])];
    for &(op, sides) in property::CHAINED {
        for order in 0..=sides as u32 {
            let chain = [
                vec![Op::load.word(0, 0, 0), Op::load.word(1, 1, 0), Op::chain.word(2, 0, 2)],
                vec![op.word(if sides == 1 { 1 } else { 0 }, order, 0), Op::neg_f32.word(0, 0, 0)],
                vec![Op::store.word(0, 2, 0)],
            ]
            .concat();
            let got = run_words(&chain, &inputs, DType::F32);
            for i in 0..n {
                let want = reference::run(&chain, &[(DType::F32, x[i]), (DType::F32, y[i])], &[DType::F32])[0];
                assert!(same(DType::F32, got[i], want), "{op:?}, order {order}, of {:x} and {:x}", x[i], y[i]);
            }
            // The other operand uniform.
            for &constant in edges.iter().filter(|_| sides == 1) {
                let words = [&[Op::load.word(0, 0, 0), Op::constant.word(1, 0, 0), constant], &chain[2..]].concat();
                let got = run_words(&words, &[(DType::F32, &y[..80])], DType::F32);
                for (i, &got) in got.iter().enumerate() {
                    let want = reference::run(&words, &[(DType::F32, y[i])], &[DType::F32])[0];
                    assert!(same(DType::F32, got, want), "{op:?}, order {order}, of {:x} and {constant:x}", y[i]);
                }
            }
        }
    }
}

#[test]
fn transcendental_functions_meet_their_limits() {
    let at = |op: Op, x: f32| f32::from_bits(run_words(&one(op, 1), &[(DType::F32, &[x.to_bits()])], DType::F32)[0]);
    assert_eq!(at(Op::exp_f32, f32::NEG_INFINITY), 0.0);
    assert_eq!(at(Op::exp_f32, 88.73), f32::INFINITY);
    assert_eq!(at(Op::exp_f32, 0.0), 1.0);
    assert_eq!(at(Op::exp_f32, -103.0).to_bits(), 1);
    assert!(at(Op::exp_f32, f32::NAN).is_nan());
    assert_eq!(at(Op::log_f32, 0.0), f32::NEG_INFINITY);
    assert_eq!(at(Op::log_f32, -0.0), f32::NEG_INFINITY);
    assert_eq!(at(Op::log_f32, f32::INFINITY), f32::INFINITY);
    assert_eq!(at(Op::log_f32, 1.0).to_bits(), 0);
    assert!(at(Op::log_f32, -1e-45).is_nan() && at(Op::log_f32, f32::NEG_INFINITY).is_nan());
    assert_eq!(at(Op::tanh_f32, -0.0).to_bits(), 0x8000_0000);
    assert_eq!(at(Op::tanh_f32, f32::NEG_INFINITY), -1.0);
    assert_eq!(at(Op::tanh_f32, 1e-45).to_bits(), 1);
    assert!(at(Op::tanh_f32, f32::NAN).is_nan());
}

#[test]
fn every_f16_loads_exactly_and_stores_as_itself() {
    let halves: Vec<u16> = (0..=u16::MAX).collect();
    let copy = [Op::load.word(0, 0, 0), Op::store.word(0, 0, 0)];
    let mut floats = vec![0f32; halves.len()];
    let mut back = vec![0u16; halves.len()];
    let shape = [halves.len()];
    let layout = Layout::contiguous(&shape).unwrap();
    // SAFETY: halves are bytes, and the vectors outlive the views.
    unsafe {
        let x = View::within(halves.as_ptr().cast(), halves.len() * 2, 0, DType::F16, layout).unwrap();
        elementwise(&Pool::serial(), &[ViewMut::of(&mut floats, &shape).unwrap()], &[x], &copy).unwrap();
        let y = ViewMut::within(back.as_mut_ptr().cast(), back.len() * 2, 0, DType::F16, layout).unwrap();
        elementwise(&Pool::serial(), &[y], &[View::of(&floats, &shape).unwrap()], &copy).unwrap();
    }
    for h in 0..=u16::MAX {
        let (got, want) = (floats[h as usize], reference::f16_value(h.into()));
        assert!(got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan(), "{h:x}: {got} instead of {want}");
        assert!(same(DType::F16, back[h as usize].into(), h.into()), "{h:x} came back as {:x}", back[h as usize]);
    }
}

#[test]
fn stores_round_halves_to_nearest_even() {
    // Every exponent and both sides of every tie: all upper halves, with lower bits around the ties of both types.
    for low in [0u32, 1, 0x0fff, 0x1000, 0x1001, 0x2fff, 0x3000, 0x3001, 0x7fff, 0x8000, 0x8001, 0xffff] {
        let x: Vec<u32> = (0..=0xffffu32).map(|high| high << 16 | low).collect();
        let copy = [Op::load.word(0, 0, 0), Op::store.word(0, 0, 0)];
        for dtype in [DType::F16, DType::BF16] {
            let packed = run_words(&copy, &[(DType::F32, &x)], dtype);
            for (i, &x) in x.iter().enumerate() {
                let got = packed[i / 2] >> (16 * (i % 2)) & 0xffff;
                let want = reference::narrow(dtype, x);
                assert!(same(dtype, got, want), "{dtype:?} of {x:x}: {got:x} instead of {want:x}");
            }
        }
    }
}

#[test]
fn parse_refuses_what_is_not_a_program() {
    let (load, store) = (Op::load.word(0, 0, 0), Op::store.word(0, 0, 0));
    let square = Op::square_f32.word(0, 0, 0);
    let parse = |words: &[u32]| Program::parse(words, &[DType::F32], &[DType::F32]).map(|_| ());
    let chain = |steps: u32| {
        let words = [vec![load, Op::chain.word(0, 0, steps)], vec![square; steps as usize], vec![store]];
        parse(&words.concat())
    };
    assert_eq!((chain(1), chain(32), chain(33)), (Ok(()), Ok(()), Err(Fault::Program)));
    assert_eq!(parse(&[load, store]), Ok(()));
    assert_eq!(parse(&[Op::constant.word(31, 0, 0), 7, Op::store.word(0, 31, 0)]), Ok(()));
    let cases: &[&[u32]] = &[
        &[],
        &[load],                                              // nothing stored
        &[store],                                             // read before written
        &[load, store, store],                                // stored twice
        &[load, Op::store.word(0, 0, 1)],                     // no such output
        &[Op::load.word(0, 1, 0), store],                     // no such input
        &[Op::load.word(32, 0, 0), Op::store.word(0, 32, 0)], // no such register
        &[load, store, load],                                 // load after store
        &[load, 0, store],                                    // no such operation
        &[load, 255, store],
        &[load, Op::add_f32.word(0, 0, 1), store], // operand without a value
        &[load, Op::neg_f32.word(32, 0, 0), store],
        &[load, store, Op::constant.word(0, 0, 0)], // no immediate
        &[load, store, Op::select.word(0, 0, 0)],   // no third operand
        &[load, Op::select.word(0, 0, 0), 32, store],
        &[load, Op::select.word(0, 0, 0), u32::MAX, store],
        &[load, Op::select_lt_f32.word(0, 0, 0), 1 << 8, store],
        &[load, Op::select_lt_f32.word(0, 0, 0), 1 << 16, store],
        &[load, Op::chain.word(0, 0, 0), store],         // no steps
        &[load, Op::chain.word(0, 0, 2), store],         // a step short
        &[load, Op::chain.word(0, 1, 1), square, store], // no value to begin with
        &[load, Op::chain.word(0, 0, 1), Op::add_f32.word(1, 0, 0), store],
        &[load, Op::chain.word(0, 0, 1), Op::add_f32.word(0, 2, 0), store],
        &[load, Op::chain.word(0, 0, 1), Op::add_f32.word(0, 0, 1), store],
        &[load, Op::chain.word(0, 0, 1), Op::neg_f32.word(0, 1, 0), store],
        &[load, Op::chain.word(0, 0, 1), Op::floor_f32.word(0, 0, 0), store],
        &[load, Op::chain.word(0, 0, 1), Op::add_i32.word(0, 0, 0), store],
        &[load, Op::chain.word(0, 0, 1), Op::chain.word(0, 0, 0), store],
    ];
    for words in cases {
        assert_eq!(parse(words), Err(Fault::Program), "{words:x?}");
    }
    assert_eq!(parse(&[load; MAX_WORDS + 1]), Err(Fault::Program));
    assert_eq!(Program::parse(&[], &[DType::F32; MAX_INPUTS + 1], &[]).map(|_| ()), Err(Fault::Arity));
}

#[test]
fn the_table_has_each_name_and_number_once() {
    for (i, a) in OPS.iter().enumerate() {
        assert!(a.0 as u8 > Op::constant as u8);
        assert!(OPS[..i].iter().all(|b| b.0 as u8 != a.0 as u8 && b.1 != a.1));
        assert_eq!(SIGNATURES[i].1.len(), a.2 as usize, "{}", a.1);
    }
    assert_eq!(Op::add_f32.word(1, 2, 3), 0x0302_0110);
}

#[test]
fn the_entry_refuses_shapes_arities_and_overlaps() {
    let add = [Op::load.word(0, 0, 0), Op::load.word(1, 1, 0), Op::add_f32.word(0, 0, 1), Op::store.word(0, 0, 0)];
    let (x, z) = (vec![1f32; 8], vec![1f32; 6]);
    let mut y = vec![0f32; 8];
    let pool = Pool::serial();
    let mut call = |a: View, b: View| elementwise(&pool, &[ViewMut::of(&mut y, &[8]).unwrap()], &[a, b], &add);
    assert_eq!(call(View::of(&x, &[8]).unwrap(), View::of(&z, &[6]).unwrap()), Err(Fault::Shape));
    assert_eq!(call(View::of(&x, &[8]).unwrap(), View::of(&x, &[2, 4]).unwrap()), Err(Fault::Shape));
    assert_eq!(call(View::of(&x, &[8]).unwrap(), View::of(&x, &[8]).unwrap()), Ok(()));
    assert_eq!(elementwise(&pool, &[], &[], &[]), Err(Fault::Arity));
    let mut memory = vec![0f32; 24];
    let base = memory.as_mut_ptr().cast::<u8>();
    let line = |stride: isize| Layout::new(&[8], &[stride]).unwrap();
    // SAFETY: within the vector, which outlives the views.
    let (input, output) = unsafe {
        (
            |offset, stride| View::within(base, 96, offset, DType::F32, line(stride)).unwrap(),
            |offset, stride| ViewMut::within(base, 96, offset, DType::F32, line(stride)).unwrap(),
        )
    };
    assert_eq!(elementwise(&pool, &[output(4, 1)], &[input(0, 1), input(64, 1)], &add), Err(Fault::Overlap));
    assert_eq!(elementwise(&pool, &[output(0, 1)], &[input(0, 2), input(64, 1)], &add), Err(Fault::Overlap));
    assert_eq!(elementwise(&pool, &[output(28, -1)], &[input(0, 1), input(64, 1)], &add), Err(Fault::Overlap));
    let two = [Op::constant.word(0, 0, 0), 7, Op::store.word(0, 0, 0), Op::store.word(0, 0, 1)];
    assert_eq!(elementwise(&pool, &[output(0, 1), output(4, 1)], &[], &two), Err(Fault::Overlap));
    assert_eq!(memory, [0.0; 24], "a refused call writes nothing");
}

#[test]
fn halves_of_rows_are_turned_by_one_program_even_in_place() {
    // (a c - b s, b c + a s), a and b being the halves of each row.
    let program = [
        Op::load.word(0, 0, 0),
        Op::load.word(1, 1, 0),
        Op::load.word(2, 2, 0),
        Op::load.word(3, 3, 0),
        Op::mul_f32.word(4, 0, 2),
        Op::mul_f32.word(5, 1, 3),
        Op::sub_f32.word(4, 4, 5),
        Op::mul_f32.word(5, 1, 2),
        Op::mul_f32.word(6, 0, 3),
        Op::add_f32.word(5, 5, 6),
        Op::store.word(0, 4, 0),
        Op::store.word(0, 5, 1),
    ];
    for (rows, half) in [(1, 1), (3, 5), (40, 64), (7, 300), (2, 5000), (513, 16)] {
        let (n, row) = (rows * half, 2 * half as isize);
        let x: Vec<f32> = (0..2 * n).map(|i| (i as f32 * 0.37).sin()).collect();
        let [c, s] = [1.1, 2.3].map(|f| (0..half).map(|i| (i as f32 * f).cos()).collect::<Vec<f32>>());
        let want: Vec<f32> = (0..2 * n)
            .map(|i| {
                let (at, k) = (i / (2 * half) * 2 * half, i % half);
                let (a, b) = (x[at + k], x[at + half + k]);
                if i % (2 * half) < half { a * c[k] - b * s[k] } else { b * c[k] + a * s[k] }
            })
            .collect();
        let layout = Layout::new(&[rows, half], &[row, 1]).unwrap();
        let wave = Layout::new(&[rows, half], &[0, 1]).unwrap();
        for in_place in [false, true] {
            for pool in [Pool::new(1), Pool::new(3)] {
                let (mut from, mut to) = (x.clone(), vec![9f32; 2 * n]);
                let (source, bytes) = (from.as_mut_ptr().cast::<u8>(), 8 * n);
                let target = if in_place { source } else { to.as_mut_ptr().cast() };
                // SAFETY: the vectors outlive the views, and are not used otherwise meanwhile.
                unsafe {
                    let output = |at| ViewMut::within(target, bytes, 4 * at, DType::F32, layout).unwrap();
                    let input = |at| View::within(source, bytes, 4 * at, DType::F32, layout).unwrap();
                    let wave = |x: &[f32]| View::within(x.as_ptr().cast(), 4 * half, 0, DType::F32, wave).unwrap();
                    let inputs = [input(0), input(half), wave(&c), wave(&s)];
                    elementwise(&pool, &[output(0), output(half)], &inputs, &program).unwrap();
                }
                assert_eq!(if in_place { &from } else { &to }, &want, "{rows} by {half}, in place {in_place}");
            }
        }
    }
}

#[test]
fn empty_operands_are_a_valid_nothing() {
    let copy = [Op::load.word(0, 0, 0), Op::store.word(0, 0, 0)];
    let mut y: [f32; 0] = [];
    let x: [f32; 0] = [];
    let views = (View::of(&x, &[3, 0, 2]).unwrap(), ViewMut::of(&mut y, &[3, 0, 2]).unwrap());
    assert_eq!(elementwise(&Pool::serial(), &[views.1], &[views.0], &copy), Ok(()));
}

/// Runs a program over operands that are regions of one memory, each `n` f32 at a place of its own.
fn over_memory(program: &[u32], memory: &mut [f32], n: usize, inputs: &[usize], outputs: &[usize]) {
    let (base, len) = (memory.as_mut_ptr().cast::<u8>(), memory.len() * 4);
    let layout = Layout::contiguous(&[n]).unwrap();
    // SAFETY: within the memory, which outlives the views.
    let (inputs, outputs): (Vec<View>, Vec<ViewMut>) = unsafe {
        (
            inputs.iter().map(|i| View::within(base, len, i * n * 4, DType::F32, layout).unwrap()).collect(),
            outputs.iter().map(|o| ViewMut::within(base, len, o * n * 4, DType::F32, layout).unwrap()).collect(),
        )
    };
    elementwise(&Pool::serial(), &outputs, &inputs, program).unwrap();
}

#[test]
fn work_in_place_reads_before_it_writes() {
    for n in [16, 48, 50, TILE, 4 * TILE, 4 * TILE + 16, 9000] {
        let start: Vec<f32> = (0..2 * n).map(|i| i as f32).collect();
        let (a, b) = (|i: usize| i as f32, |i: usize| (i + n) as f32);
        let load = [Op::load.word(0, 0, 0), Op::load.word(1, 1, 0)];
        // Swap: each output is the other input.
        let mut memory = start.clone();
        let swap = [load[0], load[1], Op::store.word(0, 0, 1), Op::store.word(0, 1, 0)];
        over_memory(&swap, &mut memory, n, &[0, 1], &[0, 1]);
        assert!((0..n).all(|i| memory[i] == b(i) && memory[n + i] == a(i)), "swap {n}");
        // The first value made would overwrite what the second one reads.
        let mut memory = start.clone();
        let sum_and_difference = [
            load[0],
            load[1],
            Op::add_f32.word(2, 0, 1),
            Op::sub_f32.word(3, 0, 1),
            Op::store.word(0, 2, 0),
            Op::store.word(0, 3, 1),
        ];
        over_memory(&sum_and_difference, &mut memory, n, &[0, 1], &[0, 1]);
        assert!((0..n).all(|i| memory[i] == a(i) + b(i) && memory[n + i] == a(i) - b(i)), "sum {n}");
        // The value is made before the other input is loaded.
        let mut memory = start.clone();
        let early = [
            load[0],
            Op::neg_f32.word(2, 0, 0),
            load[1],
            Op::add_f32.word(3, 1, 2),
            Op::store.word(0, 2, 1),
            Op::store.word(0, 3, 0),
        ];
        over_memory(&early, &mut memory, n, &[0, 1], &[0, 1]);
        assert!((0..n).all(|i| memory[i] == b(i) - a(i) && memory[n + i] == -a(i)), "early {n}");
        // The register of the stored value is used again, and its input once more.
        let mut memory = start.clone();
        let again = [
            load[0],
            Op::neg_f32.word(0, 0, 0),
            Op::store.word(0, 0, 0),
            Op::neg_f32.word(0, 0, 0),
            Op::add_f32.word(0, 0, 0),
            Op::store.word(0, 0, 1),
        ];
        over_memory(&again, &mut memory, n, &[0], &[0, 1]);
        assert!((0..n).all(|i| memory[i] == -a(i) && memory[n + i] == 2.0 * a(i)), "again {n}");
    }
}

#[test]
fn a_uniform_register_may_give_way_to_the_value_made_from_it() {
    let n = 4 * BLOCK;
    let x: Vec<u32> = (0..n as u32).map(|i| (i as f32).to_bits()).collect();
    let program = [
        Op::load.word(1, 0, 0),
        Op::constant.word(0, 0, 0),
        3f32.to_bits(),
        Op::square_f32.word(0, 0, 0),
        Op::add_f32.word(0, 0, 1),
        Op::neg_f32.word(0, 0, 0),
        Op::store.word(0, 0, 0),
    ];
    let got = run_words(&program, &[(DType::F32, &x)], DType::F32);
    assert!((0..n).all(|i| f32::from_bits(got[i]) == -(9.0 + i as f32)));
}

#[test]
fn a_run_takes_strided_sources_and_sinks() {
    let program = [Op::load.word(0, 0, 0), Op::load.word(1, 1, 0), Op::mul_f32.word(0, 0, 1), Op::store.word(0, 0, 0)];
    let program = Program::parse(&program, &[DType::BF16, DType::F32], &[DType::F32]).unwrap();
    let x: Vec<u16> = (0..3 * TILE).map(|i| (reference::bf16_nearest(i as f32)) as u16).collect();
    let scale = 3f32;
    for n in [0, 1, 15, 16, 17, TILE - 1, TILE] {
        let mut y = vec![-1f32; 2 * TILE];
        let inputs = [
            Source { ptr: x.as_ptr().cast(), stride: 3, dtype: DType::BF16 },
            Source { ptr: (&raw const scale).cast(), stride: 0, dtype: DType::F32 },
        ];
        let output = [Sink { ptr: y.as_mut_ptr().cast(), stride: 2, dtype: DType::F32 }];
        // SAFETY: the sources and sinks have TILE elements at their strides.
        unsafe { program.run::<Scalar>(&mut Tile::new(), &inputs, &output, n) };
        for i in 0..TILE {
            let want = if i < n { f32::from_bits((x[3 * i] as u32) << 16) * scale } else { -1.0 };
            assert_eq!((y[2 * i], y[2 * i + 1]), (want, -1.0), "{i} of {n}");
        }
    }
    assert!(program::MAX_WORDS < program::NOWHERE as usize);
}
