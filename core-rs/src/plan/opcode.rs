//! The numbers of the instructions.

use crate::fault::Fault;

macro_rules! opcodes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What an instruction does. Numbers are part of the plan format and are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Opcode { $($(#[$doc])* $name = $code,)* }

        impl Opcode {
            /// Every opcode.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name),*];

            /// The opcode with this number.
            pub fn from_code(code: u32) -> Result<Opcode, Fault> {
                match code {
                    $($code => Ok(Opcode::$name),)*
                    _ => Err(Fault::Opcode),
                }
            }
        }
    };
}

opcodes! {
    /// Runs a body a number of times, or while a cell holds.
    Loop = 1,
    /// Runs one of several bodies.
    Branch = 2,
    /// Calls a function of the host.
    HostCall = 3,
    /// Traps on purpose, on the caller or on a worker: for tests of recovery.
    Trap = 4,
    /// Measures the machine: a multiply-add loop, or a sweep of loads.
    Probe = 5,
    /// Elementwise program.
    Elementwise = 16,
    /// Reduction over trailing axes, with an elementwise prologue.
    Reduce = 17,
    /// Softmax, log-softmax or log-sum-exp along the last axis.
    Softmax = 18,
    /// Matrix product.
    Matmul = 19,
    /// Strided copy.
    Copy = 20,
    /// Rows by index.
    Gather = 21,
    /// Random bits.
    Threefry = 22,
    /// Normalization along the last axis.
    Normalize = 23,
    /// Softmax of products of queries and keys, times values.
    Attention = 25,
    /// Cumulative sum, product, maximum or minimum along the last axis.
    Scan = 26,
    /// Stable sort along the last axis.
    Sort = 27,
    /// The largest elements along the last axis, and their places.
    TopK = 28,
    /// Windows combined by index, in place.
    Scatter = 29,
    /// Windows by index.
    GatherNd = 30,
    /// Places along an axis, and vectors that mark one.
    Iota = 31,
}
