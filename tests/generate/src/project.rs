//! A crate of formulas, written, built and run by a test: rustc compiles what `keops!` makes of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A formula and its check.
#[derive(Clone, Debug)]
pub struct Check {
    /// The formula's name.
    pub name: String,
    /// Its declaration, as in `formula!`.
    pub declaration: String,
    /// An expression that compares it, whose value is the report.
    pub report: String,
}

/// A crate below a test's temporary folder, with one program for each part so that they are compiled side by side.
pub struct Project {
    folder: PathBuf,
}

impl Project {
    /// A crate of this name. `workspace` is the repository's root, `temporary` cargo's folder for files of tests. With
    /// `device` the formulas run on the device of the tests.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn new(workspace: &Path, temporary: &Path, device: bool, name: &str) -> Project {
        let name = &if device { format!("{name}-on-device") } else { name.to_string() };
        let folder = temporary.join(name);
        let programs = folder.join("src/bin");
        if programs.exists() {
            fs::remove_dir_all(&programs).expect("last time's programs can be removed");
        }
        fs::create_dir_all(&programs).expect("a folder for the programs");
        // A sixth of the time of level 1, for hundreds of formulas; those of the other tests are optimised.
        let level = env::var("KEOPS_TEST_OPT_LEVEL").unwrap_or_else(|_| "0".to_string());
        let path = |below: &str| format!("{:?}", workspace.join(below));
        let feature = |name: &str| if device { format!(", features = [{name:?}]") } else { String::new() };
        let build = match device {
            true => format!("[build-dependencies]\nkeops-kernels = {{ path = {} }}\n\n", path("kernels")),
            false => String::new(),
        };
        if device {
            fs::write(folder.join("build.rs"), BUILD).expect("a build script");
        }
        let manifest = format!(
            "[package]\n\
             name = \"{name}\"\n\
             edition = \"2024\"\n\
             publish = false\n\
             \n\
             [dependencies]\n\
             keops = {{ package = \"keops-runtime\", path = {}{} }}\n\
             keops-reference = {{ path = {}{} }}\n\
             \n\
             {build}\
             [profile.dev]\n\
             opt-level = {level}\n\
             debug = false\n\
             incremental = false\n\
             \n\
             [profile.dev.package.\"*\"]\n\
             opt-level = 1\n\
             \n\
             [workspace]\n",
            path("keops-runtime"),
            feature("cuda"),
            path("tests/reference"),
            feature("device"),
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
        // The versions that the workspace is locked to; cargo drops what is not needed here.
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace's lock file");
        Project { folder }
    }

    /// Adds a program that checks formulas.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn program(&self, name: &str, checks: &[Check]) {
        let mut text = String::from(HEAD);
        for Check { declaration, .. } in checks {
            write!(text, "\nformula! {{\n{declaration}\n}}\n").expect("a string takes all text");
        }
        text.push_str("\nfn main() {\n    let mut checks = Checks::new();\n");
        for Check { name, report, .. } in checks {
            writeln!(text, "    checks.run({name:?}, || {report});").expect("a string takes all text");
        }
        text.push_str("    checks.finish();\n}\n");
        fs::write(self.folder.join("src/bin").join(format!("{name}.rs")), text).expect("a program");
    }

    /// Builds all programs and runs them.
    ///
    /// # Panics
    /// If one does not build, or does not end with success: a check in it fails or a signal ends it. With what it printed.
    pub fn run(&self) {
        let target = self.folder.parent().expect("it lies in a folder").join("formulas-target");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let build = Command::new(cargo)
            .args(["build", "--offline", "--quiet", "--bins", "--target-dir"])
            .arg(&target)
            .current_dir(&self.folder)
            .output()
            .expect("cargo starts");
        assert!(
            build.status.success(),
            "the formulas do not build:\n{}",
            String::from_utf8_lossy(&build.stderr)
        );
        let mut failed = vec![];
        for entry in fs::read_dir(self.folder.join("src/bin")).expect("a folder of programs") {
            let program = entry.expect("a program").path();
            let name = program.file_stem().expect("a file name");
            let executable = target.join("debug").join(name).with_extension(env::consts::EXE_EXTENSION);
            let output = Command::new(executable).output().expect("the program starts");
            println!("{}", String::from_utf8_lossy(&output.stdout));
            // A program that a signal has ended says nothing.
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                failed.push(format!("{} ended with {}:\n{said}", name.display(), output.status));
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }
}

/// The build script of a crate whose formulas run on the device.
const BUILD: &str = "fn main() {\n    keops_kernels::Build::new().macro_name(\"formula\").compile();\n}\n";

/// The top of each program.
const HEAD: &str = "\
//! Written by a test; see tests/generate/src/project.rs.

use keops_reference::data::Setup;
use keops_reference::formula;
use keops_reference::tally::Checks;
";
