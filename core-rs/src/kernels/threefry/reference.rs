//! The block function word by word, and JAX's layouts over it.

pub fn block(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1BD1_1BDA];
    let [mut a, mut b] = [counter[0].wrapping_add(keys[0]), counter[1].wrapping_add(keys[1])];
    for group in 1..=5u32 {
        for r in if group % 2 == 1 { [13, 15, 26, 6] } else { [17, 29, 16, 24] } {
            a = a.wrapping_add(b);
            b = b.rotate_left(r) ^ a;
        }
        a = a.wrapping_add(keys[group as usize % 3]);
        b = b.wrapping_add(keys[(group as usize + 1) % 3]).wrapping_add(group);
    }
    [a, b]
}

pub fn pairs(key: [u32; 2], n: usize, offset: u64) -> Vec<u32> {
    let counter = |i: usize| offset.wrapping_add(i as u64);
    (0..n).flat_map(|i| block(key, [(counter(i) >> 32) as u32, counter(i) as u32])).collect()
}

pub fn bits(key: [u32; 2], n: usize, offset: u64) -> Vec<u32> {
    pairs(key, n, offset).chunks(2).map(|y| y[0] ^ y[1]).collect()
}

pub fn legacy(key: [u32; 2], n: usize) -> Vec<u32> {
    let mut counters: Vec<u32> = (0..n as u32).collect();
    if n % 2 == 1 {
        counters.push(0);
    }
    let (x0, x1) = counters.split_at(counters.len() / 2);
    let y: Vec<[u32; 2]> = x0.iter().zip(x1).map(|(&a, &b)| block(key, [a, b])).collect();
    let mut out: Vec<u32> = y.iter().map(|y| y[0]).chain(y.iter().map(|y| y[1])).collect();
    out.truncate(n);
    out
}
