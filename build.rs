//! Compiles the kernels of the tests and examples that run on devices.

fn main() {
    if std::env::var_os("CARGO_FEATURE_CUDA").is_none() {
        println!("cargo:rerun-if-changed=build.rs");
        return;
    }
    let sources = ["tests/corpus", "tests/gradients.rs", "tests/gradients", "tests/reductions/edges.rs", "examples"];
    let names = ["formula", "cases", "gradients"];
    let build = keops_kernels::Build::new().only(sources);
    names.into_iter().fold(build, |build, name| build.macro_name(name)).compile();
}
