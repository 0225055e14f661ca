//! One run of nvcc: CUDA C to PTX.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};

use crate::PtxVersion;

/// What nvcc is told.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The virtual architecture, which is the oldest one that the PTX can be loaded on.
    pub(crate) arch: String,
    /// The version that the PTX shall claim at most.
    pub(crate) ptx_version: Option<PtxVersion>,
}

impl Options {
    /// The arguments but for the files.
    fn arguments(&self) -> [String; 3] {
        ["-ptx".to_owned(), "-O3".to_owned(), format!("-arch={}", self.arch)]
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.arguments().join(" "))?;
        match self.ptx_version {
            Some((major, minor)) => write!(f, ", .version at most {major}.{minor}"),
            None => Ok(()),
        }
    }
}

/// Why nvcc gave no PTX.
#[derive(Debug)]
#[non_exhaustive]
pub enum NvccError {
    /// It could not be started.
    Start {
        /// The file that was to be run.
        nvcc: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It did not accept what it was given.
    Refused {
        /// The file that was run.
        nvcc: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// What it printed. Lines of formulas are named by the file and line of the user.
        message: String,
    },
    /// It succeeded, but what it wrote does not say its version in a `.version` line.
    NoVersion,
}

impl fmt::Display for NvccError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NvccError::Start { nvcc, error } => write!(f, "{} cannot be run: {error}", nvcc.display()),
            NvccError::Refused { nvcc, status, message } => {
                write!(f, "{} failed ({status}):\n{}", nvcc.display(), message.trim_end())?;
                if message.contains("host compiler") {
                    write!(
                        f,
                        "\nnvcc needs a C++ compiler: install g++, or name one in NVCC_PREPEND_FLAGS='-ccbin …'"
                    )?;
                }
                Ok(())
            }
            NvccError::NoVersion => f.write_str("the PTX that nvcc wrote has no `.version` line"),
        }
    }
}

impl std::error::Error for NvccError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NvccError::Start { error, .. } => Some(error),
            NvccError::Refused { .. } | NvccError::NoVersion => None,
        }
    }
}

/// What nvcc says about its version, in several lines.
pub(crate) fn version(nvcc: &Path) -> Result<String, NvccError> {
    let output = run(nvcc, Command::new(program(nvcc).as_ref()).arg("--version"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Compiles the CUDA C in `source` to PTX in `output`, and gives what nvcc has to say although it succeeded.
///
/// Errors name files and lines as `#line` directives in the source do.
pub(crate) fn compile(
    nvcc: &Path,
    source: &Path,
    output: &Path,
    options: &Options,
) -> Result<String, NvccError> {
    let mut command = Command::new(program(nvcc).as_ref());
    command.args(options.arguments()).arg(source).arg("-o").arg(output);
    run(nvcc, &mut command).map(|output| messages(&output))
}

/// nvcc finds the rest of the toolkit from the path by which it is called, so that a link to the file misleads it. A link
/// to another program, such as a cache of compilers, tells that program what to be.
fn program(nvcc: &Path) -> Cow<'_, Path> {
    let is_nvcc = |real: &PathBuf| real.file_stem().is_some_and(|name| name == "nvcc");
    match nvcc.canonicalize().ok().filter(is_nvcc) {
        Some(real) if nvcc.is_symlink() => Cow::Owned(real),
        _ => Cow::Borrowed(nvcc),
    }
}

fn run(nvcc: &Path, command: &mut Command) -> Result<Output, NvccError> {
    let output = command.output().map_err(|error| NvccError::Start { nvcc: nvcc.to_owned(), error })?;
    if output.status.success() {
        return Ok(output);
    }
    Err(NvccError::Refused { nvcc: nvcc.to_owned(), status: output.status, message: messages(&output) })
}

/// Both streams: nvcc prints errors to one or the other, depending on which of its programs finds them.
fn messages(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|stream| String::from_utf8_lossy(stream)).concat()
}

/// Instructions that `compute_75` has, but only PTX from a version on: 7.0 came with CUDA 11.0.
const LATER: [(&str, PtxVersion); 1] = [("tanh.approx", (7, 0))];

/// The PTX with `.version major.minor` if it claims a later version, or the least later one that its target and its
/// instructions need. PTX for a target that is not known here keeps its version.
///
/// Drivers refuse PTX of later versions than theirs, whatever instructions are in it, and PTX of earlier versions than its
/// target is of.
///
/// # Errors
///
/// [`NvccError::NoVersion`].
pub fn lower_version(ptx: &str, version: PtxVersion) -> Result<String, NvccError> {
    let (start, claimed) = operands(ptx, ".version ").ok_or(NvccError::NoVersion)?;
    let (known_major, known_minor) = claimed.trim().split_once('.').ok_or(NvccError::NoVersion)?;
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| NvccError::NoVersion);
    let known = (number(known_major)?, number(known_minor)?);

    let target = operands(ptx, ".target ").and_then(|(_, names)| names.split(',').next());
    let of_target = target.map(|name| of_target(name.trim()).unwrap_or(known));
    let of_instructions = LATER.iter().filter(|(instruction, _)| ptx.contains(instruction));
    let needed = of_target.into_iter().chain(of_instructions.map(|(_, needed)| *needed));
    let (major, minor) = needed.fold(version, PtxVersion::max);
    if known <= (major, minor) {
        return Ok(ptx.to_owned());
    }
    let lowered = format!("{}{major}.{minor}{}", &ptx[..start], &ptx[start + claimed.len()..]);
    Ok(if (major, minor) < USED_BYTES.1 { without(&lowered, USED_BYTES.0) } else { lowered })
}

/// What follows a directive at the beginning of a line, up to the end of the line, and where it starts.
fn operands<'a>(ptx: &'a str, directive: &str) -> Option<(usize, &'a str)> {
    let mut lines = std::iter::once(0).chain(ptx.match_indices('\n').map(|(at, _)| at + 1));
    let start = lines.find(|at| ptx[*at..].starts_with(directive))? + directive.len();
    Some((start, ptx[start..].split('\n').next()?))
}

/// The version of PTX that came with a target, as the manual of PTX tells in its release notes.
fn of_target(name: &str) -> Option<PtxVersion> {
    let name = name.strip_prefix("sm_")?;
    let suffix = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let version = match name[..name.len() - suffix.len()].parse().ok()? {
        // Kernels shuffle numbers among the threads of a warp, by instructions of 6.0.
        ..=70_u32 => (6, 0),
        72 => (6, 1),
        75 => (6, 3),
        80 => (7, 0),
        86 => (7, 1),
        87 => (7, 4),
        89 | 90 => (7, 8),
        100 | 101 => (8, 6),
        120 => (8, 7),
        103 | 121 => (8, 8),
        88 | 110 => (9, 0),
        _ => return None,
    };
    match suffix {
        "" => Some(version),
        // What one device or one family has beyond others.
        "a" => Some(version.max((8, 0))),
        "f" => Some(version.max((8, 8))),
        _ => None,
    }
}

/// A hint that nvcc gives beside some loads, which ptxas refuses in earlier versions.
const USED_BYTES: (&str, PtxVersion) = (".pragma \"used_bytes_mask", (8, 3));

/// The text without the lines that begin so.
fn without(text: &str, beginning: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with(beginning)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Folder};

    const OPTIONS: fn() -> Options = || Options { arch: "compute_75".to_owned(), ptx_version: None };

    #[test]
    fn versions_are_lowered_and_never_raised() {
        let ptx = "//\n// .version 1.0 in a comment\n\n.version 9.0\n.target sm_75\n";
        let lowered = lower_version(ptx, (6, 3)).expect("there is a version");
        assert_eq!(lowered, "//\n// .version 1.0 in a comment\n\n.version 6.3\n.target sm_75\n");
        assert_eq!(lower_version(&lowered, (7, 0)).expect("there is a version"), lowered);
        // As numbers, not as texts.
        assert_eq!(lower_version(".version 10.0", (9, 2)).expect("there is a version"), ".version 9.2");
    }

    #[test]
    fn hints_that_earlier_versions_do_not_know_are_left_out() {
        let ptx =
            ".version 9.0\n\t.pragma \"used_bytes_mask 4095\";\n\t.pragma \"nounroll\";\nld.shared.v4.f32\n";
        let lowered = lower_version(ptx, (6, 3)).expect("there is a version");
        assert_eq!(lowered, ".version 6.3\n\t.pragma \"nounroll\";\nld.shared.v4.f32\n");
        assert!(lower_version(ptx, (8, 3)).expect("there is a version").contains("used_bytes_mask 4095"));
    }

    #[test]
    fn what_needs_a_later_version_keeps_it() {
        let ptx = ".version 9.0\n.target sm_75\ntanh.approx.f32 %f1, %f2;\n";
        let lowered = lower_version(ptx, (6, 3)).expect("there is a version");
        assert!(lowered.starts_with(".version 7.0\n"), "{lowered}");
        assert!(lower_version(ptx, (7, 8)).expect("there is a version").starts_with(".version 7.8\n"));
    }

    #[test]
    fn targets_keep_the_version_that_they_came_with() {
        for (target, version) in [
            ("sm_52", "6.3"),
            ("sm_75", "6.3"),
            ("sm_80", "7.0"),
            ("sm_86, texmode_independent", "7.1"),
            ("sm_90", "7.8"),
            ("sm_90a", "8.0"),
            ("sm_100", "8.6"),
            ("sm_100f", "8.8"),
            ("sm_120", "8.7"),
            ("sm_110", "9.0"),
            ("sm_999", "9.2"),
            ("sm_80x", "9.2"),
        ] {
            let ptx = format!("//\n// .target sm_50 in a comment\n.version 9.2\n.target {target}\n");
            let lowered = lower_version(&ptx, (6, 3)).expect("there is a version");
            assert_eq!(lowered, ptx.replace("9.2", version));
        }
    }

    #[test]
    fn text_without_a_version_is_refused() {
        for text in ["", ".target sm_75\n", ".version \n", ".version x.y\n", ".version 9\n"] {
            assert!(matches!(lower_version(text, (6, 3)), Err(NvccError::NoVersion)), "{text:?}");
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = version(Path::new("/nowhere/nvcc")).expect_err("it is not there");
        assert!(error.to_string().starts_with("/nowhere/nvcc cannot be run: "), "{error}");
    }

    #[test]
    fn a_kernel_becomes_ptx() {
        let Some(nvcc) = testing::nvcc() else { return };
        let folder = Folder::new();
        folder.write("k.cu", "extern \"C\" __global__ void twice(float *x) { x[threadIdx.x] *= 2.0f; }");
        let [source, output] = ["k.cu", "k.ptx"].map(|name| folder.path().join(name));
        compile(&nvcc, &source, &output, &OPTIONS()).expect("the kernel is right");
        let ptx = std::fs::read_to_string(output).expect("nvcc wrote the file");
        assert!(ptx.contains(".visible .entry twice(") && ptx.contains(".target sm_75"), "{ptx}");
        assert!(
            lower_version(&ptx, (6, 3)).expect("there is a version").contains("\n.version 6.3\n"),
            "{ptx}"
        );
        assert!(version(&nvcc).expect("it is nvcc").contains("release"));
    }

    #[test]
    fn errors_of_nvcc_name_the_lines_of_the_user() {
        let Some(nvcc) = testing::nvcc() else { return };
        let folder = Folder::new();
        folder.write("k.cu", "#line 7 \"src/points.rs\"\n__global__ void wrong() { return missing; }\n");
        let [source, output] = ["k.cu", "k.ptx"].map(|name| folder.path().join(name));
        let error =
            compile(&nvcc, &source, &output, &OPTIONS()).expect_err("there is no such name").to_string();
        assert!(error.contains("src/points.rs(7): error") && error.contains("missing"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_another_program_is_called_by_its_own_name() {
        let folder = Folder::new();
        let program = testing::program(folder.path(), "cache", "#!/bin/sh\nprintf %s \"$0\"\n");
        let link = folder.path().join("nvcc");
        std::os::unix::fs::symlink(program, &link).expect("the link is new");
        assert_eq!(version(&link).expect("the program succeeds"), link.display().to_string());
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_nvcc_works_as_well() {
        let Some(nvcc) = testing::nvcc() else { return };
        let folder = Folder::new();
        folder.write("k.cu", "__global__ void empty() {}");
        let [link, source, output] = ["nvcc", "k.cu", "k.ptx"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink(nvcc, &link).expect("the link is new");
        compile(&link, &source, &output, &OPTIONS()).expect("the kernel is right");
    }
}
