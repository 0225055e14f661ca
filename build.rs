//! Compiles the kernels of the tests, examples and benches that run on devices.

use std::path::PathBuf;

fn main() {
    if std::env::var_os("CARGO_FEATURE_CUDA").is_none() {
        println!("cargo:rerun-if-changed=build.rs");
        return;
    }
    let sources = [
        "tests/cuda.rs",
        "tests/corpus",
        "tests/gradients.rs",
        "tests/gradients",
        "tests/reductions/edges.rs",
        "examples",
        // The formulas of `benches/device`.
        "kernels/budgets/goals.rs",
    ];
    let names = ["formula", "cases", "gradients", "dimensions", "value"];
    let build = keops_kernels::Build::new().only(sources).source(in_dimensions());
    names.into_iter().fold(build, |build, name| build.macro_name(name)).compile();
}

/// The formulas of `tests/reductions.rs` lie in a macro that gives them their dimension: here they are in a file, once for
/// each use of it.
fn in_dimensions() -> PathBuf {
    let path = "tests/reductions.rs";
    println!("cargo:rerun-if-changed={path}");
    let text = std::fs::read_to_string(path).expect("the tests are here");
    let (start, end) = (text.find("formula! {"), text.find("#[test]"));
    let formulas = &text[start.expect("formulas")..end.expect("tests of them")];
    let uses = text.lines().filter_map(|line| line.strip_prefix("in_dimension!(")?.strip_suffix(");"));
    let mut all = String::new();
    for arguments in uses {
        let [_, d, three_d] = arguments.split(", ").collect::<Vec<_>>()[..] else {
            panic!("three arguments")
        };
        all += &formulas.replace("$d", d).replace("$three_d", three_d);
    }
    let file =
        PathBuf::from(std::env::var_os("OUT_DIR").expect("set for build scripts")).join("reductions.rs");
    std::fs::write(&file, all).expect("the folder can be written to");
    file
}
