//! Where nvcc is.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// The environment variables that nvcc adds to its arguments.
pub(crate) const FLAGS: [&str; 2] = ["NVCC_PREPEND_FLAGS", "NVCC_APPEND_FLAGS"];

/// The Python packages that hold nvcc and what it needs.
const WHEELS: &str =
    "nvidia-cuda-nvcc==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-runtime==13.0.96";

/// That nvcc was not found: where it was looked for. The text says also how to get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFound {
    tried: Vec<String>,
    target: Option<PathBuf>,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "nvcc, the compiler of CUDA, was not found")?;
        for tried in &self.tried {
            writeln!(f, "  {tried}")?;
        }
        let folder = self.target.as_deref().unwrap_or(Path::new("target")).join("cuda");
        writeln!(f, "set KEOPS_NVCC to the path of nvcc, or install it and `touch build.rs`:")?;
        writeln!(f, "  `export KEOPS_NVCC=$(cargo xtask cuda)` in the repository of keops")?;
        write!(f, "  `pip install --no-deps --target {} {WHEELS}` elsewhere", folder.display())
    }
}

impl std::error::Error for NotFound {}

/// Finds nvcc. The first of these that is a file is taken:
///
/// 1. `$KEOPS_NVCC`. If it is set, nothing else is tried: another nvcc is not what was asked for;
/// 2. `$CUDA_HOME/bin/nvcc`, `$CUDA_PATH/bin/nvcc`;
/// 3. `nvcc` in the folders of `$PATH`;
/// 4. `cuda/nvidia/cu13/bin/nvcc` in Cargo's target folder, which is a folder with a mark of Cargo's above `$OUT_DIR`: with
///    `--target` the folder of the target has one too.
///
/// Variables that are empty count as not set. Each is asked for once, and only as long as nvcc is not found.
pub(crate) fn find(
    mut variable: impl FnMut(&str) -> Option<OsString>,
    is_file: impl Fn(&Path) -> bool,
) -> Result<PathBuf, NotFound> {
    let mut variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let program = format!("nvcc{EXE_SUFFIX}");
    let mut tried = Vec::new();

    if let Some(nvcc) = variable("KEOPS_NVCC").map(PathBuf::from) {
        if is_file(&nvcc) {
            return Ok(nvcc);
        }
        tried.push(format!("KEOPS_NVCC is {}, which is no file", nvcc.display()));
        return Err(NotFound { tried, target: None });
    }
    tried.push("KEOPS_NVCC is not set".to_owned());

    for name in ["CUDA_HOME", "CUDA_PATH"] {
        let Some(home) = variable(name) else {
            tried.push(format!("{name} is not set"));
            continue;
        };
        let nvcc = Path::new(&home).join("bin").join(&program);
        if is_file(&nvcc) {
            return Ok(nvcc);
        }
        tried.push(format!("{name} is {}, which has no bin/{program}", Path::new(&home).display()));
    }

    let folders: Vec<PathBuf> = variable("PATH").iter().flat_map(std::env::split_paths).collect();
    if let Some(nvcc) = folders.iter().map(|folder| folder.join(&program)).find(|nvcc| is_file(nvcc)) {
        return Ok(nvcc);
    }
    tried.push(format!("PATH has no {program} in its {} folders", folders.len()));

    let out = variable("OUT_DIR").map(PathBuf::from);
    let targets: Vec<&Path> = out.iter().flat_map(|out| target_folders(out, &is_file)).collect();
    if targets.is_empty() {
        tried.push("OUT_DIR is not in a target folder of Cargo".to_owned());
    }
    for target in &targets {
        let nvcc = target.join("cuda/nvidia/cu13/bin").join(&program);
        if is_file(&nvcc) {
            return Ok(nvcc);
        }
        tried.push(format!("{} is no file", nvcc.display()));
    }
    // The outermost serves all targets.
    Err(NotFound { tried, target: targets.last().map(PathBuf::from) })
}

/// The nvcc that a build script of this program's target folder would use.
///
/// # Errors
///
/// If there is none: where it was looked for.
pub fn nvcc() -> Result<PathBuf, NotFound> {
    // No build script: the program itself is in the target folder.
    let variable = |name: &str| match name {
        "OUT_DIR" => std::env::current_exe().ok().map(PathBuf::into_os_string),
        _ => std::env::var_os(name),
    };
    find(variable, Path::is_file)
}

/// The folders with a mark of Cargo's that a file lies in, from the innermost outwards.
fn target_folders(out: &Path, is_file: impl Fn(&Path) -> bool) -> impl Iterator<Item = &Path> {
    // Cargo marks the folders that it creates; in others there is its note of the compiler.
    let marks = ["CACHEDIR.TAG", ".rustc_info.json"];
    out.ancestors().filter(move |folder| marks.iter().any(|mark| is_file(&folder.join(mark))))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// All five places at once; a test takes away what it does not want.
    const ENVIRONMENT: [(&str, &str); 5] = [
        ("KEOPS_NVCC", "/opt/mine/nvcc-13"),
        ("CUDA_HOME", "/opt/home"),
        ("CUDA_PATH", "/opt/path"),
        ("PATH", "/bin:/usr/bin"),
        ("OUT_DIR", "/w/target/debug/build/p-0/out"),
    ];
    const FILES: [&str; 6] = [
        "/opt/mine/nvcc-13",
        "/opt/home/bin/nvcc",
        "/opt/path/bin/nvcc",
        "/usr/bin/nvcc",
        "/w/target/CACHEDIR.TAG",
        "/w/target/cuda/nvidia/cu13/bin/nvcc",
    ];

    fn find_among(environment: &[(&str, &str)], files: &[&str]) -> Result<PathBuf, NotFound> {
        let variable = |name: &str| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        };
        find(variable, |path| files.iter().any(|file| Path::new(file) == path))
    }

    #[test]
    fn places_are_tried_in_order() {
        let expected = [FILES[0], FILES[1], FILES[2], FILES[3], FILES[5]];
        for (first, expected) in expected.iter().enumerate() {
            assert_eq!(find_among(&ENVIRONMENT[first..], &FILES), Ok(PathBuf::from(expected)));
        }
    }

    #[test]
    fn a_place_without_the_file_is_passed_over() {
        assert_eq!(find_among(&ENVIRONMENT[1..], &FILES[2..]), Ok(PathBuf::from(FILES[2])));
        assert_eq!(find_among(&ENVIRONMENT[1..], &FILES[3..]), Ok(PathBuf::from(FILES[3])));
        assert_eq!(find_among(&ENVIRONMENT[1..], &FILES[4..]), Ok(PathBuf::from(FILES[5])));
    }

    #[test]
    fn an_explicit_path_that_is_wrong_is_not_replaced() {
        let error = find_among(&ENVIRONMENT, &FILES[1..]).expect_err("the file is not there");
        assert!(error.to_string().contains("KEOPS_NVCC is /opt/mine/nvcc-13, which is no file"), "{error}");
    }

    #[test]
    fn empty_variables_are_not_set() {
        let environment = [("KEOPS_NVCC", ""), ("CUDA_HOME", ""), ("PATH", "/usr/bin")];
        assert_eq!(find_among(&environment, &FILES), Ok(PathBuf::from("/usr/bin/nvcc")));
    }

    #[test]
    fn the_failure_lists_all_places_and_the_remedy() {
        let error = find_among(&ENVIRONMENT[1..], &["/w/target/CACHEDIR.TAG"]).expect_err("there is no nvcc");
        let expected = [
            "nvcc, the compiler of CUDA, was not found",
            "  KEOPS_NVCC is not set",
            "  CUDA_HOME is /opt/home, which has no bin/nvcc",
            "  CUDA_PATH is /opt/path, which has no bin/nvcc",
            "  PATH has no nvcc in its 2 folders",
            "  /w/target/cuda/nvidia/cu13/bin/nvcc is no file",
        ];
        let text = error.to_string();
        assert_eq!(text.lines().take(expected.len()).collect::<Vec<_>>(), expected);
        assert!(text.contains("$(cargo xtask cuda)"), "{text}");
        assert!(text.contains("--target /w/target/cuda nvidia-cuda-nvcc==13.0.88"), "{text}");
    }

    /// `cargo build --target …` marks a folder in the target folder.
    #[test]
    fn a_target_folder_may_hold_another() {
        let out = [("OUT_DIR", "/w/target/x86_64-unknown-linux-gnu/debug/build/p-0/out")];
        let mut files = FILES[4..].to_vec();
        files.push("/w/target/x86_64-unknown-linux-gnu/CACHEDIR.TAG");
        assert_eq!(find_among(&out, &files), Ok(PathBuf::from(FILES[5])));
        files.remove(1);
        let text = find_among(&out, &files).expect_err("there is no nvcc").to_string();
        let lines: Vec<&str> = text.lines().filter(|line| line.ends_with("nvcc is no file")).collect();
        assert_eq!(
            lines,
            [
                "  /w/target/x86_64-unknown-linux-gnu/cuda/nvidia/cu13/bin/nvcc is no file",
                "  /w/target/cuda/nvidia/cu13/bin/nvcc is no file",
            ]
        );
        assert!(text.contains("--target /w/target/cuda "), "{text}");
    }

    #[test]
    fn nothing_set_is_a_failure_too() {
        let text = find_among(&[], &FILES).expect_err("nothing says where to look").to_string();
        assert!(text.contains("OUT_DIR is not in a target folder of Cargo"), "{text}");
        assert!(text.contains("--target target/cuda "), "{text}");
    }
}
