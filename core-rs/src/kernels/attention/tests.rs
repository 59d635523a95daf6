//! Bits against the order of summation, values against exact arithmetic, for every shape, layout, dtype and way of hiding.

use super::reference::{Row, exact, ordered};
use super::row::Sight;
use super::{CHUNK, FEW, Inputs, KEYS, Options, attention, attention_scratch, packed::QUERIES};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::pool::Pool;
use crate::view::{Layout, View, ViewMut};

const MASKED: f32 = -2.381_976_3e38;
const PLAIN: Options = Options { scale: 1.0, cap: 0.0, masked: MASKED, causal: false, window: 0 };

/// A stream of numbers from a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = self.0 ^ self.0 >> 29;
        x.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    /// Multiples of 1/16 from -4 to 4: numbers of every float dtype.
    fn floats(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| (self.next() % 129) as f32 / 16.0 - 4.0).collect()
    }
}

/// Operands in row-major order, and how they are to lie in memory.
#[derive(Clone, Debug)]
struct Case {
    batch: usize,
    heads: usize,
    group: usize,
    queries: usize,
    keys: usize,
    dim: usize,
    width: usize,
    dtype: DType,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    positions: Option<[Vec<i32>; 2]>,
    mask: Option<Vec<u8>>,
    length: Option<i32>,
    options: Options,
    /// Axes from the outermost in memory to the innermost, of q, k, v and output; the sign of their strides; elements
    /// between rows.
    orders: [[usize; 4]; 4],
    backward: bool,
    gap: usize,
}

impl Case {
    fn new(random: &mut Random, [batch, heads, group, queries, keys, dim, width]: [usize; 7]) -> Case {
        Case {
            q: random.floats(batch * heads * group * queries * dim),
            k: random.floats(batch * heads * keys * dim),
            v: random.floats(batch * heads * keys * width),
            batch,
            heads,
            group,
            queries,
            keys,
            dim,
            width,
            dtype: DType::F32,
            positions: None,
            mask: None,
            length: None,
            options: Options { scale: 1.0 / (16.0 * (dim.max(1) as f32).sqrt()), ..PLAIN },
            orders: [[0, 1, 2, 3]; 4],
            backward: false,
            gap: 0,
        }
    }

    /// Keys that are there.
    fn present(&self) -> usize {
        self.length.map_or(self.keys, |length| self.keys.min(length.max(0) as usize))
    }

    fn few(&self) -> bool {
        self.group * self.queries <= FEW
    }

    /// Calls `f` with each row, in the output's order.
    fn rows(&self, mut f: impl FnMut(usize, &Row)) {
        let all = self.heads * self.group;
        for row in 0..self.batch * all * self.queries {
            let (b, h, t) = (row / self.queries / all, row / self.queries % all, row % self.queries);
            let at = |j: usize| (b * self.heads + h / self.group) * self.keys + j;
            let sees = |j: usize| {
                let Options { causal, window, .. } = self.options;
                let ruled = self.positions.is_some() || causal || window != 0;
                let (p, k) = self.positions.as_ref().map_or((t as i64, j as i64), |[of_q, of_k]| {
                    (of_q[b * self.queries + t].into(), of_k[b * self.keys + j].into())
                });
                let near = window == 0 || p - k < i64::from(window);
                (!ruled || k >= 0 && (!causal || p >= k) && near)
                    && self.mask.as_ref().is_none_or(|mask| mask[row * self.keys + j] != 0)
            };
            let row_of = Row {
                q: &self.q[row * self.dim..][..self.dim],
                k: &|j, d| self.k[at(j) * self.dim + d],
                v: &|j, c| self.v[at(j) * self.width + c],
                sees: &sees,
                keys: self.present(),
                width: self.width,
                options: self.options,
                hides: self.positions.is_some()
                    || self.mask.is_some()
                    || self.options.causal
                    || self.options.window != 0,
            };
            f(row, &row_of);
        }
    }

    /// Strides of an operand of this shape, and the offset of its first element.
    fn layout(&self, operand: usize, shape: [usize; 4]) -> (Layout, usize, usize) {
        let mut strides = [0isize; 4];
        let mut step = 1;
        for &axis in self.orders[operand].iter().rev() {
            strides[axis] = step as isize;
            step = step * shape[axis].max(1) + self.gap;
        }
        let mut first = 0;
        if self.backward {
            for axis in 0..4 {
                first += strides[axis] as usize * (shape[axis].max(1) - 1);
                strides[axis] = -strides[axis];
            }
        }
        (Layout::new(&shape, &strides).unwrap(), first, step + 1)
    }

    fn run(&self, pool: &Pool) -> Result<Vec<f32>, Fault> {
        let all = self.heads * self.group;
        let shapes = [
            [self.batch, all, self.queries, self.dim],
            [self.batch, self.heads, self.keys, self.dim],
            [self.batch, self.heads, self.keys, self.width],
            [self.batch, all, self.queries, self.width],
        ];
        let place = |operand: usize, values: &[f32], dtype: DType| {
            let (layout, first, room) = self.layout(operand, shapes[operand]);
            // What lies between elements must not be read as one.
            let mut memory = vec![0x7fc0_7fc0u32; room];
            for (flat, &x) in values.iter().enumerate() {
                let at = (first as isize + offset(flat, &layout)) as usize;
                // SAFETY: four bytes an element.
                unsafe {
                    match dtype {
                        DType::F32 => memory.as_mut_ptr().cast::<f32>().add(at).write(x),
                        DType::BF16 => memory.as_mut_ptr().cast::<u16>().add(at).write((x.to_bits() >> 16) as u16),
                        _ => memory.as_mut_ptr().cast::<u16>().add(at).write(half(x)),
                    }
                }
            }
            (memory, first * dtype.size(), layout)
        };
        let q = place(0, &self.q, DType::F32);
        let k = place(1, &self.k, self.dtype);
        let v = place(2, &self.v, self.dtype);
        let view = |(memory, first, layout): &(Vec<u32>, usize, Layout), dtype| {
            // SAFETY: the region is the vector.
            unsafe { View::within(memory.as_ptr().cast(), memory.len() * 4, *first, dtype, *layout).unwrap() }
        };
        let positions = self.positions.as_ref().map(|[of_q, of_k]| {
            [View::of(of_q, &[self.batch, self.queries]).unwrap(), View::of(of_k, &[self.batch, self.keys]).unwrap()]
        });
        let mask = self.mask.as_ref().map(|mask| {
            let layout = Layout::contiguous(&[self.batch, all, self.queries, self.keys]).unwrap();
            View::new(mask, 0, DType::Bool, layout).unwrap()
        });
        let length = self.length.map(|length| [length]);
        let inputs = Inputs {
            q: view(&q, DType::F32),
            k: view(&k, self.dtype),
            v: view(&v, self.dtype),
            positions,
            mask,
            length: length.as_ref().map(|length| View::of(length, &[]).unwrap()),
        };
        let (layout, first, room) = self.layout(3, shapes[3]);
        let mut output = vec![7.0f32; room];
        // SAFETY: the region is the vector, which no reference is used for while the view lives.
        let target =
            unsafe { ViewMut::within(output.as_mut_ptr().cast(), room * 4, first * 4, DType::F32, layout).unwrap() };
        let bytes = attention_scratch(&target, &inputs, self.options, pool.threads())?;
        // Anything may lie there before, and what lies behind is not written.
        let mut scratch = vec![0x7fc0_0000_7fc0_0000u64; bytes.div_ceil(8) + 1];
        // SAFETY: words are bytes, and any bytes are words.
        let part = unsafe { core::slice::from_raw_parts_mut(scratch.as_mut_ptr().cast::<u8>(), bytes) };
        attention(pool, target, &inputs, self.options, part)?;
        assert_eq!(scratch[bytes.div_ceil(8)], 0x7fc0_0000_7fc0_0000);
        let count = shapes[3].iter().product();
        let result = (0..count).map(|flat| output[(first as isize + offset(flat, &layout)) as usize]).collect();
        assert!(output.iter().filter(|x| **x != 7.0).count() <= count);
        Ok(result)
    }

    /// Runs it on one thread, and compares bits with the order and values with the exact ones.
    fn check(&self, what: &str) {
        let got = self.run(&Pool::serial()).unwrap();
        self.rows(|row, of| {
            let (bits, values) = (ordered(of, self.few()), exact(of));
            for c in 0..self.width {
                let (got, want, (value, error)) = (got[row * self.width + c], bits[c], values[c]);
                let place =
                    || format!("{what} row {row} column {c}: {got}, in order {want}, exactly {value}: {self:?}");
                assert!(got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan(), "{}", place());
                let near = f64::from(got) == value || (f64::from(got) - value).abs() <= error;
                assert!(near || got.is_nan() && value.is_nan(), "{}", place());
            }
        });
    }

    /// Hides keys in one of several ways.
    fn hide(&mut self, random: &mut Random, way: usize) {
        let rows = self.batch * self.heads * self.group * self.queries;
        self.options.causal = matches!(way, 1 | 3 | 4 | 6);
        self.options.window = if matches!(way, 2 | 3 | 6) { random.of(&[1, 2, 7, 40, 200]) } else { 0 };
        if way >= 4 && way != 5 {
            let shift = self.keys.saturating_sub(self.queries) as i32;
            let of_q = (0..self.batch * self.queries).map(|t| (t % self.queries) as i32 + shift);
            let of_k = (0..self.batch * self.keys).map(|j| (j % self.keys) as i32);
            let mut some = |x: i32| match random.below(9) {
                0 => -1,
                1 => x + random.below(90) as i32 - 45,
                2 if random.below(9) == 0 => random.of(&[i32::MIN, i32::MAX, -2]),
                _ => x,
            };
            self.positions = Some([of_q.map(&mut some).collect(), of_k.map(&mut some).collect()]);
        }
        if way >= 5 {
            let density = random.of(&[1, 2, 9]);
            self.mask = Some((0..rows * self.keys).map(|_| u8::from(random.below(density + 1) != 0)).collect());
        }
    }
}

/// Ways of [`Case::hide`].
const WAYS: usize = 8;

/// Elements from the first to that at a row-major index.
fn offset(flat: usize, layout: &Layout) -> isize {
    let (mut flat, mut at) = (flat, 0);
    for axis in (0..4).rev() {
        at += (flat % layout.shape[axis]) as isize * layout.strides[axis];
        flat /= layout.shape[axis];
    }
    at
}

/// The f16 of a normal number, a zero, an infinity or a NaN that has one.
fn half(x: f32) -> u16 {
    let (sign, bits) = ((x.to_bits() >> 31 << 15) as u16, x.to_bits() & 0x7fff_ffff);
    let magnitude = match x {
        x if x.is_nan() => 0x7e00,
        x if x.is_infinite() => 0x7c00,
        0.0 => 0,
        _ => ((bits - (112 << 23)) >> 13) as u16,
    };
    sign | magnitude
}

const DTYPES: [DType; 3] = [DType::F32, DType::F16, DType::BF16];

#[test]
fn results_follow_the_order_at_the_edges_of_blocks() {
    let mut random = Random(1);
    for keys in [1, 3, 15, 16, 17, KEYS - 1, KEYS, KEYS + 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 9] {
        for rows in [1, 2, 5, FEW - 1, FEW, FEW + 1, 13] {
            for (dim, width) in [(4, 8), (5, 3), (16, 9)] {
                Case::new(&mut random, [1, 1, 1, rows, keys, dim, width]).check("plain");
            }
        }
    }
    for rows in [QUERIES - 1, QUERIES, QUERIES + 1, 2 * QUERIES + 7] {
        Case::new(&mut random, [1, 2, 1, rows, 150, 7, 12]).check("rows");
    }
    for dim in [255, 256, 257, 520] {
        for rows in [1, 10] {
            Case::new(&mut random, [1, 1, 1, rows, 20, dim, 4]).check("dim");
        }
    }
}

#[test]
fn results_follow_the_order_for_any_operands() {
    let mut random = Random(2);
    for turn in 0..600 {
        let shape = [
            random.of(&[1, 1, 2, 3]),
            random.of(&[1, 2, 3]),
            random.of(&[1, 1, 2, 4]),
            random.of(&[1, 1, 2, 5, 9, 30, 60]),
            random.of(&[1, 2, 7, 30, 100, 140, 300, 500]),
            random.of(&[0, 1, 3, 4, 8, 13]),
            random.of(&[1, 2, 4, 8, 11, 16]),
        ];
        let mut case = Case::new(&mut random, shape);
        case.dtype = random.of(&DTYPES);
        case.hide(&mut random, turn % WAYS);
        case.options.scale = random.of(&[1.0, 0.25, -0.1, case.options.scale]);
        case.options.cap = random.of(&[0.0, 0.0, 2.0, 30.0]);
        case.options.masked = random.of(&[MASKED, MASKED, f32::NEG_INFINITY, -1e4, -10.0, 0.0, 3.0]);
        if random.below(3) == 0 {
            case.length = Some(random.below(case.keys + 3) as i32 - 1);
        }
        case.orders = core::array::from_fn(|_| {
            random.of(&[[0, 1, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2], [3, 2, 1, 0], [1, 0, 2, 3]])
        });
        case.backward = random.below(5) == 0;
        case.gap = random.of(&[0, 0, 1, 3]);
        case.check("any");
        if turn % 4 == 0 {
            let one = case.run(&Pool::serial()).unwrap();
            for threads in [2, 3, 5] {
                let more = case.run(&Pool::new(threads)).unwrap();
                assert!(one.iter().zip(&more).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan()), "{threads}");
            }
        }
    }
}

#[test]
fn threads_and_batches_give_equal_bits() {
    let mut random = Random(3);
    for (queries, group, keys) in [(200, 1, 300), (1, 4, 2000), (70, 3, 129)] {
        let mut case = Case::new(&mut random, [2, 2, group, queries, keys, 24, 20]);
        case.options.causal = queries > 1;
        let one = case.run(&Pool::serial()).unwrap();
        for threads in [2, 3, 5] {
            assert_eq!(case.run(&Pool::new(threads)).unwrap(), one);
        }
        let half = Case {
            batch: 1,
            q: case.q[..case.q.len() / 2].to_vec(),
            k: case.k[..case.k.len() / 2].to_vec(),
            v: case.v[..case.v.len() / 2].to_vec(),
            ..case
        };
        assert_eq!(half.run(&Pool::serial()).unwrap(), one[..one.len() / 2]);
    }
}

#[test]
fn a_cache_gives_the_bits_of_its_keys_alone() {
    let mut random = Random(4);
    for (group, queries) in [(1, 1), (2, 1), (2, 9)] {
        for present in [0, 1, 64, 255, 256, 257, 600] {
            let mut case = Case::new(&mut random, [1, 3, group, queries, 700, 16, 8]);
            // [capacity, heads, dim]
            case.orders = [[0, 1, 2, 3], [0, 2, 1, 3], [0, 2, 1, 3], [0, 1, 2, 3]];
            case.length = Some(present as i32);
            let cut = |x: &[f32], n: usize| (0..3).flat_map(|h| x[h * 700 * n..][..present * n].to_vec()).collect();
            let alone = Case { keys: present, k: cut(&case.k, 16), v: cut(&case.v, 8), length: None, ..case.clone() };
            let want = alone.run(&Pool::serial()).unwrap();
            // Not even NaN.
            for h in 0..3 {
                case.k[(h * 700 + present) * 16..(h + 1) * 700 * 16].fill(f32::NAN);
                case.v[(h * 700 + present) * 8..(h + 1) * 700 * 8].fill(f32::NAN);
            }
            assert_eq!(case.run(&Pool::serial()).unwrap(), want);
            // The same by positions, where the keys to come have none; they are hidden, and not absent.
            case.length = None;
            let of_k = (0..700).map(|j| if j < present as i32 { j } else { -1 }).collect();
            case.positions = Some([vec![1 << 20; queries], of_k]);
            case.options.causal = true;
            if present > 0 {
                assert_eq!(case.run(&Pool::serial()).unwrap(), want);
            }
        }
    }
}

#[test]
fn a_query_that_sees_nothing_gets_the_mean_or_nan() {
    let mut random = Random(5);
    for queries in [1, 3, 40] {
        for keys in [1, 5, 300] {
            let mut case = Case::new(&mut random, [1, 1, 1, queries, keys, 4, 4]);
            case.positions = Some([vec![-1; queries], (0..keys as i32).collect()]);
            case.options.causal = true;
            case.check("nothing seen");
            let got = case.run(&Pool::serial()).unwrap();
            let mean = (0..keys).map(|j| f64::from(case.v[j * 4])).sum::<f64>() / keys as f64;
            assert!((f64::from(got[0]) - mean).abs() < 1e-5);
            case.options.masked = f32::NEG_INFINITY;
            assert!(case.run(&Pool::serial()).unwrap().iter().all(|x| x.is_nan()));
            case.length = Some(0);
            assert!(case.run(&Pool::serial()).unwrap().iter().all(|x| x.to_bits() == 0));
        }
    }
}

#[test]
fn nan_and_infinity_flow_from_what_is_seen_only() {
    let mut random = Random(6);
    for queries in [1, 20] {
        for keys in [20, 200, 400] {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for dtype in DTYPES {
                    let mut case = Case::new(&mut random, [1, 1, 1, queries, keys, 4, 6]);
                    case.dtype = dtype;
                    case.positions = Some([
                        (0..queries as i32).map(|t| (keys as i32 / 2) - 1 + t % (keys as i32 / 2)).collect(),
                        (0..keys as i32).collect(),
                    ]);
                    case.options.causal = true;
                    let clean = case.run(&Pool::serial()).unwrap();
                    // Key and value of the last key, which no query sees.
                    case.k[keys * 4 - 2] = bad;
                    case.v[keys * 6 - 2] = bad;
                    assert_eq!(case.run(&Pool::serial()).unwrap(), clean, "{bad} hidden");
                    case.check("hidden");
                    // Key and value of one that all see.
                    case.v[2 * 6 + 1] = bad;
                    case.check("value");
                    let got = case.run(&Pool::serial()).unwrap();
                    assert!((0..queries).all(|t| !got[t * 6 + 1].is_finite() && got[t * 6].is_finite()));
                    case.k[2 * 4 + 1] = bad;
                    let first = case.q[1];
                    case.q[1] = if first == 0.0 { 1.0 } else { first };
                    case.check("key");
                }
            }
        }
    }
    let mut case = Case::new(&mut random, [1, 1, 1, 9, 30, 4, 6]);
    case.q[5] = f32::NAN;
    let got = case.run(&Pool::serial()).unwrap();
    assert!((0..9).all(|t| got[t * 6..][..6].iter().all(|x| x.is_nan() == (t == 1))));
}

#[test]
fn logits_far_apart_underflow_as_a_softmax() {
    let mut random = Random(7);
    for queries in [1, 12] {
        for scale in [3.0, 40.0, 1e30] {
            let mut case = Case::new(&mut random, [1, 1, 1, queries, 300, 8, 4]);
            case.options.scale = scale;
            let got = case.run(&Pool::serial()).unwrap();
            case.rows(|row, of| {
                ordered(of, case.few()).iter().enumerate().for_each(|(c, want)| assert_eq!(got[row * 4 + c], *want));
            });
            assert!(got.iter().all(|x| x.is_finite()));
        }
    }
}

#[test]
fn zero_strides_broadcast_keys_and_masks() {
    let mut random = Random(8);
    for queries in [1, 11] {
        let one = Case::new(&mut random, [1, 2, 1, queries, 40, 8, 8]);
        let want = one.run(&Pool::serial()).unwrap();
        let (shape, strides) = ([3, 2, 40, 8], [0, 320, 8, 1]);
        let layout = Layout::new(&shape, &strides).unwrap();
        // SAFETY: an axis of size one more than once.
        let [k, v] = [&one.k, &one.v].map(|x| unsafe { View::of(x, &[1, 2, 40, 8]).unwrap().with_layout(layout) });
        let q = one.q.repeat(3);
        let ones = [1u8];
        // SAFETY: one element, everywhere.
        let mask = unsafe {
            let layout = Layout::contiguous(&[1]).unwrap();
            let all = Layout::new(&[3, 2, queries, 40], &[0; 4]).unwrap();
            View::new(&ones, 0, DType::Bool, layout).unwrap().with_layout(all)
        };
        let q = View::of(&q, &[3, 2, queries, 8]).unwrap();
        let inputs = Inputs { q, k, v, positions: None, mask: Some(mask), length: None };
        let mut y = vec![0f32; 3 * want.len()];
        let output = ViewMut::of(&mut y, &[3, 2, queries, 8]).unwrap();
        let bytes = attention_scratch(&output, &inputs, one.options, 1).unwrap();
        let mut scratch = vec![0u32; bytes / 4];
        // SAFETY: words are bytes, and any bytes are words.
        let scratch = unsafe { core::slice::from_raw_parts_mut(scratch.as_mut_ptr().cast::<u8>(), bytes) };
        attention(&Pool::serial(), output, &inputs, one.options, scratch).unwrap();
        assert_eq!(y, want.repeat(3));
    }
}

#[test]
fn sights_are_the_rules_of_positions() {
    for position in [i32::MIN, -3, -1, 0, 1, 5, 1000, i32::MAX] {
        for key in [i32::MIN, -7, -1, 0, 1, 4, 5, 6, 999, 1000, i32::MAX] {
            for causal in [false, true] {
                for window in [0, 1, 2, 6, i32::MAX as u32] {
                    let (p, k) = (i64::from(position), i64::from(key));
                    let want = k >= 0 && (!causal || p >= k) && (window == 0 || p - k < i64::from(window));
                    let sight = Sight::new(position, &Options { causal, window, ..PLAIN });
                    assert_eq!(sight.sees(key), want, "{position} {key} {causal} {window}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_valid_and_bad_operands_are_refused() {
    let mut random = Random(9);
    for shape in [[0, 1, 1, 3, 3, 2, 2], [1, 0, 1, 3, 3, 2, 2], [1, 1, 1, 0, 3, 2, 2], [1, 1, 1, 3, 3, 2, 0]] {
        assert_eq!(Case::new(&mut random, shape).run(&Pool::serial()), Ok(vec![]));
    }
    for queries in [1, 20] {
        let got = Case::new(&mut random, [1, 1, 1, queries, 0, 2, 3]).run(&Pool::serial()).unwrap();
        assert!(got.iter().all(|x| x.to_bits() == 0));
    }
    let x = [0f32; 64];
    let numbers = [0i32; 64];
    let of = |shape: &[usize]| View::of(&x[..shape.iter().product()], shape).unwrap();
    let int = |shape: &[usize]| View::of(&numbers[..shape.iter().product()], shape).unwrap();
    let good = Inputs {
        q: of(&[1, 4, 2, 2]),
        k: of(&[1, 2, 3, 2]),
        v: of(&[1, 2, 3, 4]),
        positions: None,
        mask: None,
        length: None,
    };
    let refuse = |inputs: Inputs, options: Options| {
        let mut y = [0f32; 32];
        let output = ViewMut::of(&mut y, &[1, 4, 2, 4]).unwrap();
        attention(&Pool::serial(), output, &inputs, options, &mut []).unwrap_err()
    };
    assert_eq!(refuse(good, PLAIN), Fault::Memory);
    assert_eq!(refuse(Inputs { q: of(&[4, 2, 2]), ..good }, PLAIN), Fault::Rank);
    assert_eq!(refuse(Inputs { q: int(&[1, 4, 2, 2]), ..good }, PLAIN), Fault::DType);
    assert_eq!(refuse(Inputs { k: of(&[1, 2, 3, 3]), ..good }, PLAIN), Fault::Shape);
    assert_eq!(refuse(Inputs { v: of(&[1, 2, 4, 4]), ..good }, PLAIN), Fault::Shape);
    assert_eq!(refuse(Inputs { k: of(&[1, 3, 3, 2]), v: of(&[1, 3, 3, 4]), ..good }, PLAIN), Fault::Shape);
    assert_eq!(refuse(Inputs { positions: Some([int(&[1, 2]), int(&[1, 2])]), ..good }, PLAIN), Fault::Shape);
    assert_eq!(refuse(Inputs { positions: Some([of(&[1, 2]), int(&[1, 3])]), ..good }, PLAIN), Fault::DType);
    assert_eq!(refuse(Inputs { mask: Some(int(&[1, 4, 2, 3])), ..good }, PLAIN), Fault::DType);
    assert_eq!(refuse(Inputs { length: Some(int(&[2])), ..good }, PLAIN), Fault::Shape);
    assert_eq!(refuse(Inputs { length: Some(of(&[])), ..good }, PLAIN), Fault::DType);
    assert_eq!(refuse(good, Options { window: 1 << 31, ..PLAIN }), Fault::Parameter);
    let mut y = [0f32; 64];
    let base = y.as_mut_ptr();
    // SAFETY: the region is the array, which is not used while the views live.
    unsafe {
        let layout = |shape: &[usize]| Layout::contiguous(shape).unwrap();
        let output = ViewMut::within(base.cast(), 256, 0, DType::F32, layout(&[1, 4, 2, 4])).unwrap();
        let q = View::within(base.cast(), 256, 64, DType::F32, layout(&[1, 4, 2, 2])).unwrap();
        let inputs = Inputs { q, ..good };
        assert_eq!(attention(&Pool::serial(), output, &inputs, PLAIN, &mut []), Err(Fault::Overlap));
    }
}
