//! What `cargo xtask test` runs, in order: what fails soonest comes first.

use std::path::Path;

/// A step: commands that belong together.
pub(crate) struct Step {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// The arguments of `cargo`, for each command.
    pub(crate) commands: Vec<Vec<String>>,
    /// Variables set for them.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// Why it is not for this machine.
    pub(crate) skip: Option<&'static str>,
    /// What its commands print if they do what they are for.
    pub(crate) prints: Option<&'static str>,
}

impl Step {
    /// A step of some commands, each the arguments of `cargo`.
    pub(crate) fn new<C: AsRef<str>>(name: &'static str, commands: impl IntoIterator<Item = C>) -> Step {
        let commands = commands.into_iter().map(|command| words(command.as_ref())).collect();
        Step { name, commands, environment: vec![], skip: None, prints: None }
    }

    /// The same with a variable set.
    pub(crate) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Step {
        self.environment.push((variable, value.into()));
        self
    }

    /// The same, whose commands have passed only if each prints `text`, in one line.
    pub(crate) fn printing(self, text: &'static str) -> Step {
        Step { prints: Some(text), ..self }
    }

    /// The same, on x86-64 only.
    fn on_x86_64(self) -> Step {
        let skip = (!cfg!(target_arch = "x86_64")).then_some("it is about instructions of x86-64");
        Step { skip, ..self }
    }
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
    let clippy = [
        "--workspace",
        "--package keops-runtime --no-default-features",
        "--package keops-runtime --features cuda,faer,half,nalgebra,ndarray",
        "--features cuda",
    ];
    // Of each package, and of the library with all that it has.
    let doc = ["--workspace", "--package keops-runtime --features cuda,faer,half,nalgebra,ndarray"];
    // Arrays of other libraries as arguments; with them, the messages for other arguments stay as they are.
    let views = ["--test faer --test half --test nalgebra --test ndarray --test call_errors", "--doc"];
    let levels = "test --workspace --test corpus --test gradients --test reductions";
    vec![
        Step::new("fmt", ["fmt --all --check"]),
        Step::new("clippy", clippy.map(|what| format!("clippy {what} --all-targets -- -D warnings"))),
        Step::new("doc", doc.map(|what| format!("doc {what} --no-deps"))).with("RUSTDOCFLAGS", "-D warnings"),
        // Benches are checked by clippy, and those that a step runs are built with `--release`.
        Step::new("build", ["build --workspace --tests --examples"]),
        Step::new("test", ["test --workspace"]),
        Step::new(
            "views",
            views.map(|what| {
                format!("test --package keops-runtime --features faer,half,nalgebra,ndarray {what}")
            }),
        ),
        Step::new("speed", ["test --release --test speed"]),
        Step::new("loops", ["bench --bench loops -- --check"]).on_x86_64(),
        Step::new("cuda", ["xtask cuda test"]),
        // Where the other steps have run on AVX-512: what most processors have, and the runtime without the feature.
        Step::new("avx2", [levels, "test --package keops-runtime --no-default-features"])
            .with("KEOPS_SIMD", "avx2")
            .on_x86_64(),
        Step::new("sse2", [levels]).with("KEOPS_SIMD", "sse2").on_x86_64(),
        Step::new("examples", examples().iter().map(|name| run_example(name))).with("KEOPS_CUDA_DRIVER", ""),
    ]
}

/// What `cargo xtask bench` runs: the benches whose figures are in files, or the named workloads only.
pub(crate) fn benches(workloads: &[String]) -> Vec<Step> {
    if !workloads.is_empty() {
        // As they were given: a name may have a space.
        let mut peers = Step::new("peers", ["bench --bench peers --"]);
        peers.commands[0].extend_from_slice(workloads);
        return vec![peers];
    }
    vec![
        Step::new("loops", ["bench --bench loops"]),
        Step::new("compile_time", ["bench --bench compile_time"]),
        Step::new("shapes", ["bench --bench shapes"]),
        Step::new("peers", ["bench --bench peers"]),
    ]
}

fn words(command: &str) -> Vec<String> {
    command.split(' ').map(str::to_owned).collect()
}

/// Those of devices run few points, as the other tests are built: then the kernels are there. They run on the processor, as
/// without a driver; the step `cuda` runs them on a device.
fn run_example(name: &str) -> String {
    match name.starts_with("cuda") {
        true => format!("run --features cuda --example {name} 2000"),
        false => format!("run --release --example {name}"),
    }
}

/// The examples, by the names of their files or folders.
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
    fn what_is_about_x86_64_is_skipped_elsewhere() {
        let skipped: Vec<&str> =
            all().iter().filter(|step| step.skip.is_some()).map(|step| step.name).collect();
        let expected: &[&str] = if cfg!(target_arch = "x86_64") { &[] } else { &["loops", "avx2", "sse2"] };
        assert_eq!(skipped, expected);
    }

    #[test]
    fn every_example_is_run() {
        assert!(examples().contains(&"quickstart".to_owned()), "{:?}", examples());
        assert!(!examples().contains(&"data".to_owned()));
    }
}
