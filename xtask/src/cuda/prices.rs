//! What a call of a scalar function takes on the device: measured once per function, in a loop that does nothing else.

use super::assemble::Assembled;
use super::count;
use super::source::Kernel;
use keops_kernels::Arithmetic;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Calls of one turn of the loop.
const CALLS: usize = 8;

/// The instructions of one call of each function, on the shortest way through it.
pub(crate) type Prices = BTreeMap<&'static str, f64>;

/// Functions by name and number of arguments.
pub(crate) type Functions = BTreeSet<(&'static str, usize)>;

/// The functions that kernels call.
pub(crate) fn called<'a>(arithmetic: impl Iterator<Item = &'a Arithmetic>) -> Functions {
    arithmetic.flat_map(|a| a.calls.keys().copied()).collect()
}

/// CUDA C of kernels that measure functions of numbers that all differ from call to call, to go behind the functions themselves; and one that calls nothing.
pub(crate) fn probes(functions: &Functions) -> String {
    let mut text = String::new();
    for (name, arguments) in functions {
        let call = match *name {
            "divide" => "x / y".to_owned(),
            "reciprocal" => "1.0f / x".to_owned(),
            name => format!("keops::math::{name}({})", ["x", "y", "z"][..*arguments].join(", ")),
        };
        probe(&mut text, name, &call);
    }
    probe(&mut text, NOTHING, "x");
    text
}

const NOTHING: &str = "nothing";

fn probe(text: &mut String, name: &str, call: &str) {
    let _ = write!(
        text,
        "\nextern \"C\" __global__ void {entry}(const float* from, float* to, int len) {{
    __shared__ __align__(16) float tile[{CALLS} * 128];
    for (int n = threadIdx.x; n < {CALLS} * 128; n += blockDim.x) tile[n] = from[n];
    __syncthreads();
    float sum = 0;
#pragma unroll 1
    for (int n = 0; n < len; n += {CALLS}) {{
        float values[{CALLS}];
        for (int k = 0; k < {CALLS}; k += 4) {{
            const float4 read = *(const float4*)(tile + n + k);
            values[k] = read.x, values[k + 1] = read.y, values[k + 2] = read.z, values[k + 3] = read.w;
        }}
#pragma unroll
        for (int k = 0; k < {CALLS}; ++k) {{
            const float x = values[k], y = values[(k + 1) % {CALLS}], z = values[(k + 2) % {CALLS}];
            sum = __fadd_rn(sum, {call});
        }}
    }}
    to[threadIdx.x] = sum;
}}
",
        entry = entry(name)
    );
}

fn entry(name: &str) -> String {
    format!("price_of_{name}")
}

/// The prices of functions, from the machine code of their probes.
///
/// # Errors
///
/// If the loop of a probe is not found.
pub(crate) fn read(functions: &Functions, assembled: &Assembled) -> Result<Prices, String> {
    let turn = |name: &str| {
        let entry = entry(name);
        let code = assembled.code.get(&entry).ok_or(format!("no machine code of {entry}"))?;
        let kernel = Kernel {
            entry,
            title: name.to_owned(),
            scalar: "f32".to_owned(),
            rows: 1,
            columns: CALLS,
            row_bytes: size_of::<f32>()..=size_of::<f32>(),
            arithmetic: None,
        };
        let per_call = count::per_pair(code, &kernel).map_err(|error| format!("{name}: {error}"))?;
        per_call.map(|per_call| per_call.least).ok_or(format!("{name}: no loop"))
    };
    let nothing = turn(NOTHING)?;
    functions.iter().map(|&(name, _)| Ok((name, turn(name)? - nothing))).collect()
}
