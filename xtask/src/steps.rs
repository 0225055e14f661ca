//! What `cargo xtask test` runs, in order: what fails soonest comes first.

use std::path::Path;

/// A step: commands that belong together.
pub(crate) struct Step {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// The arguments of `cargo`, for each command.
    pub(crate) commands: Vec<Vec<String>>,
    /// A variable set for them.
    pub(crate) environment: Option<(&'static str, &'static str)>,
}

/// The steps with these names, or all where none is named.
pub(crate) fn select(names: &[String]) -> Result<Vec<Step>, String> {
    let unknown: Vec<&str> =
        names.iter().map(String::as_str).filter(|n| !self::names().contains(n)).collect();
    if !unknown.is_empty() {
        return Err(format!("no step {}; there are: {}", unknown.join(", "), self::names().join(" ")));
    }
    Ok(all()
        .into_iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name))
        .collect())
}

/// The names of all steps.
pub(crate) fn names() -> Vec<&'static str> {
    all().iter().map(|step| step.name).collect()
}

fn all() -> Vec<Step> {
    let step = |name, command: &str| Step { name, commands: vec![words(command)], environment: None };
    vec![
        step("fmt", "fmt --all --check"),
        Step {
            name: "clippy",
            commands: [
                "--workspace",
                "--package keops-runtime --no-default-features",
                "--package keops-runtime --features cuda,half,nalgebra,ndarray",
                "--features cuda",
            ]
            .map(|what| words(&format!("clippy {what} --all-targets -- -D warnings")))
            .into(),
            environment: None,
        },
        Step {
            environment: Some(("RUSTDOCFLAGS", "-D warnings")),
            ..step("doc", "doc --workspace --no-deps")
        },
        // Benches are checked by clippy, and those that a step runs are built with `--release`.
        step("build", "build --workspace --tests --examples"),
        step("test", "test --workspace"),
        // Arrays of other libraries as arguments; with them, the messages for other arguments stay as they are.
        Step {
            name: "views",
            commands: ["--test faer --test half --test nalgebra --test ndarray --test call_errors", "--doc"]
                .map(|what| {
                    words(&format!(
                        "test --package keops-runtime --features faer,half,nalgebra,ndarray {what}"
                    ))
                })
                .into(),
            environment: None,
        },
        step("speed", "test --release --test speed"),
        step("loops", "bench --bench loops -- --check"),
        step("cuda", "xtask cuda test"),
        // Where the other steps have run on AVX-512: what most processors have, and the runtime without the feature.
        Step {
            name: "avx2",
            commands: [
                "--workspace --test corpus --test gradients --test reductions",
                "--package keops-runtime --no-default-features",
            ]
            .map(|what| words(&format!("test {what}")))
            .into(),
            environment: Some(("KEOPS_SIMD", "avx2")),
        },
        Step {
            environment: Some(("KEOPS_SIMD", "sse2")),
            ..step("sse2", "test --workspace --test corpus --test gradients --test reductions")
        },
        Step {
            name: "examples",
            commands: examples().iter().map(|name| words(&run_example(name))).collect(),
            environment: None,
        },
    ]
}

/// What `cargo xtask bench` runs: all benches that write files, or the named workloads only.
pub(crate) fn benches(workloads: &[String]) -> Vec<Step> {
    let step = |name, command: &str| Step { name, commands: vec![words(command)], environment: None };
    if !workloads.is_empty() {
        // As they were given: a name may have a space.
        let mut peers = step("peers", "bench --bench peers --");
        peers.commands[0].extend_from_slice(workloads);
        return vec![peers];
    }
    vec![
        step("loops", "bench --bench loops"),
        step("compile_time", "bench --bench compile_time"),
        step("shapes", "bench --bench shapes"),
        step("peers", "bench --bench peers"),
    ]
}

fn words(command: &str) -> Vec<String> {
    command.split(' ').map(str::to_owned).collect()
}

/// The examples, by the names of their files or folders.
/// Those of devices run few points, as the other tests are built: then the kernels are there.
fn run_example(name: &str) -> String {
    match name.starts_with("cuda") {
        true => format!("run --features cuda --example {name} 2000"),
        false => format!("run --release --example {name}"),
    }
}

fn examples() -> Vec<String> {
    let folder = root().join("examples");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs") || path.join("main.rs").exists())
        .filter_map(|path| path.file_stem().map(|name| name.to_string_lossy().into_owned()))
        // The driver's functions are forwarded on Linux alone.
        .filter(|name| cfg!(target_os = "linux") || !name.starts_with("cuda"))
        .collect();
    names.sort();
    names
}

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(names: &[&str]) -> Result<Vec<&'static str>, String> {
        let names: Vec<String> = names.iter().map(|n| n.to_string()).collect();
        Ok(select(&names)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn all_steps_run_unless_some_are_named() {
        assert_eq!(selected(&[]).unwrap(), names());
        assert_eq!(selected(&["test", "fmt"]).unwrap(), ["fmt", "test"]);
    }

    #[test]
    fn an_unknown_step_is_named_with_those_there_are() {
        let message = selected(&["fmt", "tests"]).unwrap_err();
        assert!(message.starts_with("no step tests; there are: fmt "), "{message}");
    }

    #[test]
    fn a_named_workload_is_measured_alone() {
        let names = |workloads: &[String]| benches(workloads).iter().map(|s| s.name).collect::<Vec<_>>();
        assert_eq!(names(&["W1".to_owned()]), ["peers"]);
        let command = &benches(&["W1 f64".to_owned(), "--fast".to_owned()])[0].commands[0];
        assert_eq!(
            command[2..],
            ["peers", "--", "W1 f64", "--fast"],
            "what is unknown is for the bench to refuse"
        );
        assert_eq!(names(&[]), ["loops", "compile_time", "shapes", "peers"]);
    }

    #[test]
    fn every_example_is_run() {
        assert!(examples().contains(&"quickstart".to_owned()), "{:?}", examples());
        assert!(!examples().contains(&"data".to_owned()));
    }
}
