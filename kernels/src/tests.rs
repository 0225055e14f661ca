//! Build scripts of small packages.

use std::{fs, process};

use super::*;
use crate::testing::{self, FakeNvcc, Folder};

const GAUSSIAN: &str = "keops! {
    pub fn gaussian_conv(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>) -> Vi<1> { Sum_j(Exp(-SqDist(x_i, y_j)) * b_j) }
}";
const DISTANCES: &str =
    "keops! { pub fn distances(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(SqDist(x_i, y_j)) } }";
/// The lengths differ.
const WRONG: &str = "keops! { pub fn wrong(x_i: Vi<3>, y_j: Vj<2>) -> Vi<1> { Sum_j(SqDist(x_i, y_j)) } }";

/// A package with its output folder, and the environment of its build script.
struct Package {
    folder: Folder,
    variables: Vec<(&'static str, OsString)>,
}

impl Package {
    fn new(files: &[(&str, &str)]) -> Package {
        let folder = Folder::new();
        for (path, text) in files {
            folder.write(path, text);
        }
        let variables =
            vec![("CARGO_MANIFEST_DIR", folder.path().into()), ("OUT_DIR", folder.path().join("out").into())];
        Package { folder, variables }
    }

    fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Package {
        self.variables.push((name, value.into()));
        self
    }

    /// What the build script does, and what it tells Cargo.
    fn build(&self, build: Build) -> (Result<Report, Error>, Vec<String>) {
        let variable = |name: &str| {
            self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        };
        let mut told = Vec::new();
        let report = build.run(&variable, &mut |line| told.push(line));
        (report, told)
    }

    fn report(&self) -> Report {
        self.build(Build::new()).0.expect("nothing is wrong with the package")
    }

    fn output(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("out/keops").join(name)).expect("the file was written")
    }
}

#[test]
fn equal_formulas_are_one_kernel() {
    let once = Package::new(&[("src/lib.rs", GAUSSIAN)]).report().functions;
    let twice = Package::new(&[("src/lib.rs", GAUSSIAN), ("tests/a.rs", GAUSSIAN)]).report().functions;
    let two = Package::new(&[("src/lib.rs", GAUSSIAN), ("tests/a.rs", DISTANCES)]).report().functions;
    assert!(!once.is_empty());
    assert_eq!(once, twice);
    assert!(once.iter().all(|id| two.contains(id)) && two.len() > once.len());
}

/// Values among statements, called on the spot, and in the body of a macro.
#[test]
fn formulas_as_values_are_found() {
    let closure = "|x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>| Sum_j(Exp(-SqDist(x_i, y_j)) * b_j)";
    let function = Package::new(&[("src/lib.rs", GAUSSIAN)]).report().functions;
    for text in [
        format!("fn main() {{ let f = keops!({closure}); f(&x, &y, &b); }}"),
        format!("fn main() {{ let r = keops::keops![#[inline] {closure}](&x, &y, &b)?; }}"),
        format!("macro_rules! m {{ () => {{ |x| keops! {{ {closure} }}(x, x, x) }} }}"),
    ] {
        let report = Package::new(&[("src/main.rs", &text)]).report();
        assert_eq!(report.functions, function, "{text}");
    }
}

#[test]
fn formulas_with_errors_have_no_kernels() {
    let report = Package::new(&[("src/lib.rs", &format!("\n{WRONG}"))]).report();
    assert_eq!(report.functions, [0; 0]);
    assert_eq!(report.found.iter().map(Place::to_string).collect::<Vec<_>>(), ["src/lib.rs:2"]);
}

#[test]
fn more_sources_can_be_named() {
    let package = Package::new(&[("lib.rs", GAUSSIAN), ("bin/a.rs", DISTANCES)]);
    let all = Build::new().source("lib.rs").source("bin");
    assert!(package.report().functions.is_empty());
    assert!(package.build(all).0.expect("nothing is wrong with the package").functions.len() > 1);
}

#[test]
fn cargo_is_told_about_folders_that_exist() {
    let package = Package::new(&[("src/lib.rs", ""), ("benches/a.rs", ""), ("out/a.rs", DISTANCES)]);
    let written = package.folder.path().join("out/a.rs");
    for file in ["out/a.rs".into(), written] {
        let (report, told) = package.build(Build::new().source(file));
        assert!(!report.expect("nothing is wrong with the package").functions.is_empty());
        let watched: Vec<_> = told.iter().filter(|line| line.starts_with("rerun-if-changed")).collect();
        // What the script writes is newer than its start, and would have it run every time.
        assert_eq!(watched, ["rerun-if-changed=src", "rerun-if-changed=benches"]);
    }
}

#[test]
fn cargo_is_told_about_the_variables_that_were_asked() {
    let tools = Folder::new();
    let nvcc = FakeNvcc::new(tools.path());
    let told = |package: Package| {
        let (_, told) = package.build(Build::new());
        let names = told.iter().filter_map(|line| line.strip_prefix("rerun-if-env-changed="));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told(Package::new(&[("src/lib.rs", "")])), ["DOCS_RS"]);
    let package = || Package::new(&[("src/lib.rs", GAUSSIAN)]);
    assert_eq!(told(package()), ["DOCS_RS", "KEOPS_NVCC", "CUDA_HOME", "CUDA_PATH", "PATH"]);
    let flags = ["NVCC_PREPEND_FLAGS", "NVCC_APPEND_FLAGS"];
    let named = package().with("KEOPS_NVCC", nvcc.path());
    assert_eq!(told(named), [&["DOCS_RS", "KEOPS_NVCC"], &flags[..]].concat());
    let in_path = package().with("PATH", tools.path());
    assert_eq!(
        told(in_path),
        [&["DOCS_RS", "KEOPS_NVCC", "CUDA_HOME", "CUDA_PATH", "PATH"], &flags[..]].concat()
    );
}

#[test]
fn a_missing_nvcc_is_a_warning() {
    let package = Package::new(&[("src/lib.rs", GAUSSIAN)]);
    let (report, told) = package.build(Build::new());
    let report = report.expect("a missing nvcc is no error");
    assert!(report.ptx.is_none() && !report.functions.is_empty());
    let missing = report.missing.expect("there is no nvcc").to_string();
    for line in missing.lines() {
        assert!(told.contains(&format!("warning={line}")), "{line}");
    }
    assert!(!told.iter().any(|line| line.starts_with("rustc-env")), "{told:?}");
    assert!(package.output("kernels.cu").starts_with(&prelude::text()));
}

#[test]
fn a_package_without_formulas_needs_no_nvcc() {
    let package = Package::new(&[("src/lib.rs", "fn main() {}")]);
    let (report, told) = package.build(Build::new());
    assert!(report.expect("nothing is wrong with the package").missing.is_none());
    assert!(!told.iter().any(|line| line.starts_with("warning")), "{told:?}");
}

#[test]
fn files_that_are_no_rust_are_warned_about() {
    let (_, told) = Package::new(&[("src/a.rs", "\""), ("src/lib.rs", "")]).build(Build::new());
    assert!(told.iter().any(|line| line.starts_with("warning=src/a.rs is not searched")), "{told:?}");
}

#[test]
fn documentation_is_built_without_kernels() {
    let package = Package::new(&[("src/lib.rs", GAUSSIAN)]).with("DOCS_RS", "1");
    assert!(package.report().functions.is_empty());
    assert!(!package.folder.path().join("out").exists());
}

#[test]
fn outside_of_a_build_script_nothing_is_done() {
    let mut package = Package::new(&[]);
    for (count, missing) in [(1, "OUT_DIR"), (0, "CARGO_MANIFEST_DIR")] {
        package.variables.truncate(count);
        let error = package.build(Build::new()).0.expect_err("a variable is missing").to_string();
        assert!(error.starts_with(&format!("{missing} is not set")), "{error}");
    }
}

#[test]
fn the_macro_is_told_where_the_ptx_is() {
    let tools = Folder::new();
    let nvcc = FakeNvcc::new(tools.path());
    let package = Package::new(&[("src/lib.rs", GAUSSIAN)]).with("KEOPS_NVCC", nvcc.path());
    for compiled in [1, 0] {
        let (report, told) = package.build(Build::new());
        let report = report.expect("nothing is wrong with the package");
        let ptx = report.ptx.expect("the kernels were compiled");
        assert_eq!(told.last(), Some(&format!("rustc-env=KEOPS_PTX={}", ptx.display())));
        assert!(told.contains(&format!("rerun-if-changed={}", nvcc.path().display())), "{told:?}");
        assert_eq!(report.compiled, compiled);
        assert!(report.functions.iter().all(|id| ptx.join(format!("{id:016x}.ptx")).is_file()));
    }
    assert_eq!(nvcc.runs(), 1);

    // The formula is gone, and so is its PTX.
    package.folder.write("src/lib.rs", "");
    assert!(package.report().ptx.is_none());
    let files = fs::read_dir(package.folder.path().join("out/keops")).expect("the folder is there");
    let mut names = files.map(|file| file.expect("it can be read").file_name().into_string());
    assert!(!names.any(|name| name.is_ok_and(|name| name.ends_with(".ptx"))));
}

#[test]
fn the_text_of_a_kernel_names_the_place_of_its_formula() {
    let package = Package::new(&[("src/lib.rs", &format!("\n\n{GAUSSIAN}"))]);
    package.report();
    let text = package.output("kernels.cu");
    let kernels = text.matches("// gaussian_conv: pass 0").count();
    assert_eq!(kernels, 2);
    // The name of the function is on the line after the macro's.
    assert!(text.matches("#line 4 \"src/lib.rs\"").count() >= kernels, "{text}");
}

#[test]
fn nvcc_makes_an_entry_of_each_kernel() {
    let Some(nvcc) = testing::nvcc() else { return };
    let package =
        Package::new(&[("src/lib.rs", GAUSSIAN), ("tests/a.rs", DISTANCES)]).with("KEOPS_NVCC", nvcc);
    let report = package.build(Build::new().ptx_version(6, 3)).0.expect("nothing is wrong with the package");
    for block in [GAUSSIAN, DISTANCES] {
        let tokens = block.trim_start_matches("keops! {").trim_end_matches('}');
        let functions = keops_compiler::device::functions(tokens.parse().expect("it is Rust"));
        assert_eq!(functions.len(), 1);
        for function in functions {
            assert!(report.functions.contains(&function.id));
            let ptx = package.output(&format!("{:016x}.ptx", function.id));
            assert!(ptx.contains("\n.version 6.3\n"), "{ptx}");
            let entries = ptx.matches(".entry").count();
            // Two scalar types, each with a merge, and those that every program needs.
            assert_eq!((function.kernels.len(), entries), (2, 2 * 2 + prelude::KERNELS.len()));
            for (_, kernel) in function.kernels {
                assert!(ptx.contains(&format!(".entry keops_{:016x}(", kernel.id)));
            }
        }
    }
}

/// The driver's compiler, which ptxas is too, refuses PTX of earlier versions than its target is of.
#[test]
fn ptx_for_later_devices_can_be_loaded() {
    let Some(nvcc) = testing::nvcc() else { return };
    let ptxas = nvcc.canonicalize().expect("it is there").with_file_name("ptxas");
    for (target, version) in [("80", "7.0"), ("90", "7.8")] {
        let package = Package::new(&[("src/lib.rs", DISTANCES)]).with("KEOPS_NVCC", &nvcc);
        let report = package.build(Build::new().arch(format!("compute_{target}"))).0;
        let report = report.expect("nothing is wrong with the package");
        for id in report.functions {
            let name = format!("{id:016x}.ptx");
            assert!(package.output(&name).contains(&format!("\n.version {version}\n")));
            let ptx = package.folder.path().join("out/keops").join(name);
            let target = format!("-arch=sm_{target}");
            let command = process::Command::new(&ptxas).args([&target, "-o", "/dev/null"]).arg(ptx).output();
            let output = command.expect("ptxas is beside nvcc");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn the_file_that_is_no_rust_is_named() {
    let folder = Folder::new();
    folder.write("good.rs", "");
    folder.write("bad.rs", "fn f( {");
    let [good, bad] = ["good.rs", "bad.rs"].map(|name| folder.path().join(name));
    let error = crate::device_source(&[&good, &bad], &[]).expect_err("one of them is no Rust").to_string();
    assert!(error.starts_with(&format!("cannot read {}", bad.display())), "{error}");
}
