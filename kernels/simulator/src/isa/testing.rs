//! Runs a few instructions on given values, for the tests of the families.
//!
//! Argument k is in `%f`k, `%r`k or `%rd`k for k = 1, 2, 3; the code leaves its result in register 0. All
//! lanes run, on values that are the same in each, and must agree.

use std::collections::HashMap;

use crate::compile::compile;
use crate::machine::{Checks, Diagnosis, Launch, Memory, Scale};
use crate::program::Program;
use crate::ptx::parse;

/// What the code leaves in `%f0`.
pub(super) fn single(code: &str, arguments: &[f32]) -> f32 {
    single_with_noise(code, arguments, 0)
}

pub(super) fn single_with_noise(code: &str, arguments: &[f32], noise: u32) -> f32 {
    let bits: Vec<u64> = arguments.iter().map(|a| u64::from(a.to_bits())).collect();
    f32::from_bits(run(code, "f32", "f", &bits, noise) as u32)
}

/// What the code leaves in `%fd0`.
pub(super) fn double(code: &str, arguments: &[f64]) -> f64 {
    let bits: Vec<u64> = arguments.iter().map(|a| a.to_bits()).collect();
    f64::from_bits(run(code, "f64", "fd", &bits, 0))
}

/// What the code leaves in `%r0`.
pub(super) fn word(code: &str, arguments: &[u32]) -> u32 {
    let bits: Vec<u64> = arguments.iter().map(|a| u64::from(*a)).collect();
    run(code, "u32", "r", &bits, 0) as u32
}

/// What the code leaves in `%rd0`.
pub(super) fn long(code: &str, arguments: &[u64]) -> u64 {
    run(code, "u64", "rd", arguments, 0)
}

/// The message about code that is not accepted.
pub(super) fn rejected(code: &str) -> String {
    program(code, "u32", "r", 3).err().expect("the code is refused")
}

fn program(code: &str, kind: &str, prefix: &str, arguments: usize) -> Result<Program, String> {
    let loads: String = (1..=arguments)
        .map(|k| {
            let at = 8 * (k - 1);
            format!(
                "ld.global.u64 %rd{k}, [%in+{at}]; ld.global.f64 %fd{k}, [%in+{at}]; \
                 ld.global.u32 %r{k}, [%in+{at}]; ld.global.f32 %f{k}, [%in+{at}];\n"
            )
        })
        .collect();
    let text = format!(
        ".version 7.8 .target sm_80 .address_size 64\n\
         .visible .entry test(.param .u64 a, .param .u64 o) {{\n\
         .reg .f32 %f<9>; .reg .f64 %fd<9>; .reg .b32 %r<9>; .reg .b64 %rd<9>;\n\
         .reg .b64 %in, %out; .reg .b32 %lane;\n\
         ld.param.u64 %in, [a]; ld.param.u64 %out, [o];\n{loads}{code}\n\
         mov.u32 %lane, %tid.x; mad.wide.u32 %out, %lane, 8, %out;\n\
         st.global.{kind} [%out], %{prefix}0; ret; }}"
    );
    let module = parse(&text).map_err(|error| error.message)?;
    compile(&module, &module.functions[0], &HashMap::new()).map_err(|error| error.message)
}

/// The mistake that the code makes.
pub(super) fn mistake(code: &str) -> Diagnosis {
    launched(code, "u32", "r", &[], 0).expect_err("the code has a mistake")
}

fn run(code: &str, kind: &str, prefix: &str, arguments: &[u64], noise: u32) -> u64 {
    let results = launched(code, kind, prefix, arguments, noise);
    let results = results.unwrap_or_else(|diagnosis| panic!("{diagnosis}"));
    assert!(results.iter().all(|result| *result == results[0]), "lanes disagree: {results:x?}");
    results[0]
}

/// What each lane leaves in register 0.
fn launched(
    code: &str,
    kind: &str,
    prefix: &str,
    arguments: &[u64],
    noise: u32,
) -> Result<Vec<u64>, Diagnosis> {
    let program = program(code, kind, prefix, arguments.len()).unwrap_or_else(|message| panic!("{message}"));
    let mut memory = Memory::default();
    let input = memory.allocate(8 * arguments.len().max(1));
    memory
        .write(input, &arguments.iter().flat_map(|a| a.to_le_bytes()).collect::<Vec<u8>>())
        .expect("it fits");
    let output = memory.allocate(8 * 32);
    memory.fill(output, &[0], 8 * 32).expect("it fits");
    let launch = Launch {
        program: &program,
        scale: Scale { grid: [1; 3], block: [32, 1, 1], dynamic_shared: 0 },
        parameters: &[input.to_le_bytes(), output.to_le_bytes()].concat(),
        checks: Checks { noise, ..Checks::default() },
    };
    launch.run(&mut memory)?;
    let mut results = vec![0; 8 * 32];
    memory.read(output, &mut results).expect("it was written");
    let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    Ok(results.chunks_exact(8).map(number).collect())
}
