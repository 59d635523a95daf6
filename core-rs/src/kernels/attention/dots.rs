//! Products of a few rows with keys and with values where they lie: each vector of memory is loaded once for two rows.
//!
//! ```text
//! logits   KEYS keys at a time:       sums[key][0..4] += q[d..d + 4] k[key][d..d + 4];  then across the four lanes
//! values   COLUMNS vectors at a time: a[c..c + 4] += w[j] v[j][c..c + 4] for each key j in turn
//! ```
//!
//! Eight sums, so that they hide the latency of a multiply-add, and few enough for the registers.

use crate::lane::{LANES, Lane};

/// Rows of neighbors.
#[derive(Clone, Copy)]
pub struct Rows {
    /// The first element.
    pub ptr: *const f32,
    /// Elements from a row to the next.
    pub step: isize,
}

impl Rows {
    /// The part that begins at (r, c).
    #[inline(always)]
    fn at(&self, r: usize, c: usize) -> Rows {
        Rows { ptr: self.ptr.wrapping_offset(self.step.wrapping_mul(r as isize)).wrapping_add(c), ..*self }
    }
}

/// An array that is filled from its end. V8 checks the bounds of the first of some loads from one address and, if it is
/// the farthest, of no other.
#[inline(always)]
fn backward<T: Copy, const N: usize>(f: impl Fn(usize) -> T) -> [T; N] {
    let last = f(N - 1);
    let mut all = [last; N];
    for i in (0..N - 1).rev() {
        all[i] = f(i);
    }
    all
}

/// Computes `logits[r * pitch + j] = q[r] k[j]` for two rows or one, and all keys. The sum over d has four chains, by
/// d mod 4, and is `(t[0] + t[2]) + (t[1] + t[3])` of them.
///
/// # Safety
/// - `keys` rows of `dim` elements are readable, as are `rows` rows of q, `dim` apart.
/// - `logits` has room for the rows, `pitch` apart, and overlaps nothing.
pub unsafe fn logits<L: Lane>(
    k: Rows,
    keys: usize,
    dim: usize,
    q: *const f32,
    rows: usize,
    logits: *mut f32,
    pitch: usize,
) {
    // SAFETY: by the caller's word.
    unsafe {
        if rows == 2 {
            logits_of_two::<L>(k, keys, dim, q, logits, pitch);
        } else {
            logits_of_one::<L>(k, keys, dim, q, logits);
        }
    }
}

/// # Safety
/// - As [`logits`].
#[inline(never)]
unsafe fn logits_of_two<L: Lane>(k: Rows, keys: usize, dim: usize, q: *const f32, to: *mut f32, pitch: usize) {
    let whole = keys / 4 * 4;
    // SAFETY: keys below `keys`.
    unsafe {
        for j in (0..whole).step_by(4) {
            dots::<L, 2, 4>(k.at(j, 0), dim, q, to.add(j), pitch);
        }
        for j in whole..keys {
            dots::<L, 2, 1>(k.at(j, 0), dim, q, to.add(j), pitch);
        }
    }
}

/// # Safety
/// - As [`logits`].
#[inline(never)]
unsafe fn logits_of_one<L: Lane>(k: Rows, keys: usize, dim: usize, q: *const f32, to: *mut f32) {
    let whole = keys / 8 * 8;
    // SAFETY: keys below `keys`.
    unsafe {
        for j in (0..whole).step_by(8) {
            dots::<L, 1, 8>(k.at(j, 0), dim, q, to.add(j), 0);
        }
        for j in whole..keys {
            dots::<L, 1, 1>(k.at(j, 0), dim, q, to.add(j), 0);
        }
    }
}

/// The logits of R rows and K keys: one, or a multiple of four.
///
/// # Safety
/// - As [`logits`].
#[inline(always)]
unsafe fn dots<L: Lane, const R: usize, const K: usize>(
    k: Rows,
    dim: usize,
    q: *const f32,
    to: *mut f32,
    pitch: usize,
) {
    let mut row: [*const f32; K] = core::array::from_fn(|i| k.at(i, 0).ptr);
    let mut sums = [[L::splat(0.0); K]; R];
    let mut q = q;
    // SAFETY: elements below `dim`; keys below K, rows below R.
    unsafe {
        // So many vectors of every key, the last of which is loaded first.
        macro_rules! turn {
            ($vectors:literal) => {{
                let x: [[L::F; $vectors]; R] = core::array::from_fn(
                    #[inline(always)]
                    |r| {
                        backward(
                            #[inline(always)]
                            |v| L::load(q.add(r * dim + v * LANES)),
                        )
                    },
                );
                for i in 0..K {
                    let y: [L::F; $vectors] = backward(
                        #[inline(always)]
                        |v| L::load(row[i].add(v * LANES)),
                    );
                    for v in 0..$vectors {
                        for r in 0..R {
                            sums[r][i] = L::madd(x[r][v], y[v], sums[r][i]);
                        }
                    }
                }
                q = q.add($vectors * LANES);
                row = row.map(
                    #[inline(always)]
                    |row| row.wrapping_add($vectors * LANES),
                );
            }};
        }
        for _ in 0..dim / (2 * LANES) {
            turn!(2);
        }
        if dim % (2 * LANES) >= LANES {
            turn!(1);
        }
        let rest = dim % LANES;
        if rest != 0 {
            // Products of zeros fill the last vector.
            let part =
                |at: &dyn Fn(usize) -> f32| L::from_array(core::array::from_fn(|l| if l < rest { at(l) } else { 0.0 }));
            for i in 0..K {
                let y = part(&|l| row[i].add(l).read());
                for r in 0..R {
                    sums[r][i] = L::madd(part(&|l| q.add(r * dim + l).read()), y, sums[r][i]);
                }
            }
        }
        for r in 0..R {
            let to = to.add(r * pitch);
            if K == 1 {
                let [a, b, c, d] = L::to_array(sums[r][0]);
                to.write((a + c) + (b + d));
            } else {
                for i in (0..K).step_by(LANES) {
                    let [a, b, c, d] = L::transpose(core::array::from_fn(
                        #[inline(always)]
                        |l| L::bits(sums[r][i + l]),
                    ))
                    .map(L::float);
                    L::store(to.add(i), L::add(L::add(a, c), L::add(b, d)));
                }
            }
        }
    }
}

/// Adds `w[r * pitch + j] v[j]` to `a[r * apart]` for two rows or one, one key after the other.
///
/// # Safety
/// - `keys` rows of `width` elements are readable, as are the weights.
/// - `a` has `width` readable and writable floats for each row, `apart` apart, and overlaps nothing.
pub unsafe fn values<L: Lane>(
    v: Rows,
    keys: usize,
    width: usize,
    w: *const f32,
    pitch: usize,
    a: *mut f32,
    rows: usize,
    apart: usize,
) {
    // SAFETY: by the caller's word.
    unsafe {
        if rows == 2 {
            values_of_two::<L>(v, keys, width, w, pitch, a, apart);
        } else {
            values_of_one::<L>(v, keys, width, w, a);
        }
    }
}

/// # Safety
/// - As [`values`].
#[inline(never)]
unsafe fn values_of_two<L: Lane>(
    v: Rows,
    keys: usize,
    width: usize,
    w: *const f32,
    pitch: usize,
    a: *mut f32,
    apart: usize,
) {
    let mut c = 0;
    // SAFETY: columns below `width`.
    unsafe {
        while c + 4 * LANES <= width {
            columns::<L, 2, 4>(v.at(0, c), keys, w, pitch, a.add(c), apart);
            c += 4 * LANES;
        }
        while c + LANES <= width {
            columns::<L, 2, 1>(v.at(0, c), keys, w, pitch, a.add(c), apart);
            c += LANES;
        }
        for c in c..width {
            column::<L>(v.at(0, c), keys, w, a.add(c));
            column::<L>(v.at(0, c), keys, w.add(pitch), a.add(apart + c));
        }
    }
}

/// # Safety
/// - As [`values`].
#[inline(never)]
unsafe fn values_of_one<L: Lane>(v: Rows, keys: usize, width: usize, w: *const f32, a: *mut f32) {
    let mut c = 0;
    // SAFETY: columns below `width`.
    unsafe {
        while c + 8 * LANES <= width {
            columns::<L, 1, 8>(v.at(0, c), keys, w, 0, a.add(c), 0);
            c += 8 * LANES;
        }
        while c + LANES <= width {
            columns::<L, 1, 1>(v.at(0, c), keys, w, 0, a.add(c), 0);
            c += LANES;
        }
        for c in c..width {
            column::<L>(v.at(0, c), keys, w, a.add(c));
        }
    }
}

/// C vectors of columns, for R rows.
///
/// # Safety
/// - As [`values`].
#[inline(always)]
unsafe fn columns<L: Lane, const R: usize, const C: usize>(
    v: Rows,
    keys: usize,
    w: *const f32,
    pitch: usize,
    a: *mut f32,
    apart: usize,
) {
    let mut row = v.ptr;
    // SAFETY: keys below `keys`, vectors below C, rows below R.
    unsafe {
        let mut sums: [[L::F; C]; R] = core::array::from_fn(|r| {
            core::array::from_fn(
                #[inline(always)]
                |c| L::load(a.add(r * apart + c * LANES)),
            )
        });
        for j in 0..keys {
            let x: [L::F; R] = core::array::from_fn(
                #[inline(always)]
                |r| L::load_splat(w.add(r * pitch + j)),
            );
            for c in (0..C).rev() {
                let y = L::load(row.add(c * LANES));
                for r in 0..R {
                    sums[r][c] = L::madd(x[r], y, sums[r][c]);
                }
            }
            row = row.wrapping_offset(v.step);
        }
        for r in 0..R {
            for c in 0..C {
                L::store(a.add(r * apart + c * LANES), sums[r][c]);
            }
        }
    }
}

/// One column, for one row.
///
/// # Safety
/// - As [`values`].
unsafe fn column<L: Lane>(v: Rows, keys: usize, w: *const f32, a: *mut f32) {
    // SAFETY: keys below `keys`.
    unsafe {
        let mut sum = L::splat(a.read());
        for j in 0..keys {
            sum = L::madd(L::splat(w.add(j).read()), L::splat(v.at(j, 0).ptr.read()), sum);
        }
        a.write(L::to_array(sum)[0]);
    }
}
