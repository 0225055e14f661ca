//! The CUDA compiler from the Python package index, in the versions that the budgets were measured with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of nvcc and ptxas. They decide the machine code.
pub(crate) const VERSION: &str = "13.0.88";

/// nvcc and what it needs, and the two programs that show machine code, which are released apart from it.
const WHEELS: [&str; 6] = [
    "nvidia-cuda-nvcc==13.0.88",
    "nvidia-cuda-crt==13.0.88",
    "nvidia-nvvm==13.0.88",
    "nvidia-cuda-runtime==13.0.96",
    "nvidia-cuda-cuobjdump==13.2.51",
    "nvidia-cuda-nvdisasm==13.2.51",
];

const PROGRAMS: [&str; 4] = ["nvcc", "ptxas", "cuobjdump", "nvdisasm"];

/// An installed CUDA compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolkit {
    bin: PathBuf,
}

impl Toolkit {
    /// The path of one of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// The compiler in the folder `cuda` of `target`; it is downloaded if it is not there, or is of another version.
///
/// # Errors
///
/// A text that says what failed and what to do.
pub(crate) fn ensure(target: &Path) -> Result<Toolkit, String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    ensure_with(&python, target)
}

/// `python` is the program that runs `pip`.
fn ensure_with(python: &str, target: &Path) -> Result<Toolkit, String> {
    let folder = target.join("cuda");
    if let Some(toolkit) = installed(&folder) {
        return Ok(toolkit);
    }
    // Renamed when it is whole, so that a download that was cut off is not taken for a compiler.
    let part = target.join(format!("cuda-part-{}", std::process::id()));
    let result = download(python, &part).and_then(|()| {
        if installed(&part).is_none() {
            return Err(format!("the wheels hold no working nvcc {VERSION} for this machine"));
        }
        replace(&part, &folder).map_err(|error| format!("{} cannot be written: {error}", folder.display()))
    });
    // What is left of a failed download; after a success there is nothing.
    let _ = fs::remove_dir_all(&part);
    result?;
    installed(&folder).ok_or_else(|| format!("{} does not work where it is", folder.display()))
}

/// The compiler in a folder, if it is whole and of the right version.
fn installed(folder: &Path) -> Option<Toolkit> {
    let toolkit = Toolkit { bin: folder.join("nvidia/cu13/bin") };
    if !PROGRAMS.iter().all(|name| toolkit.program(name).is_file()) {
        return None;
    }
    let output = Command::new(toolkit.program("nvcc")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.contains(&format!("V{VERSION}")).then_some(toolkit)
}

/// Installs the wheels in a new folder.
fn download(python: &str, folder: &Path) -> Result<(), String> {
    // All wheels in one command: pip passes over folders that exist, and all of them have a folder `nvidia`.
    let arguments = ["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--target"];
    // What is printed otherwise is the path of nvcc.
    eprintln!("downloading nvcc {VERSION} (about 100 MB)");
    let output = Command::new(python).args(arguments).arg(folder).args(WHEELS).output().map_err(|error| {
        format!(
            "{python} cannot be run: {error}\ninstall Python 3 with pip, which fetches the wheels of nvcc; PYTHON names another program than python3"
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    let messages = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = messages.lines().collect();
    let last = lines[lines.len().saturating_sub(5)..].join("\n");
    Err(format!(
        "pip failed ({}):\n{last}\nit needs pip and a connection to a Python package index; by hand:\n  {python} {} {} {}",
        output.status,
        arguments.join(" "),
        folder.with_file_name("cuda").display(),
        WHEELS.join(" ")
    ))
}

/// Gives `part` the name `folder`, in place of what has it.
fn replace(part: &Path, folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::rename(part, folder)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A target folder, removed in the end.
    struct Target(PathBuf);

    impl Target {
        fn new() -> Target {
            static COUNT: AtomicUsize = AtomicUsize::new(0);
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("keops-xtask-{}-{number}", std::process::id()));
            fs::create_dir_all(&path).expect("the temporary folder can be written to");
            Target(path)
        }

        /// A program in it: a shell script.
        ///
        /// Another process writes it. A file that this one had open could be inherited, for a moment, by what
        /// another test starts, and cannot be run while it is open for writing.
        fn script(&self, name: &str, text: &str) -> String {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().expect("the path has a folder")).expect("the folder is new");
            let write = r#"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod +x "$0""#;
            let status = Command::new("sh").args(["-c", write]).arg(&path).arg(text).status();
            assert!(status.is_ok_and(|status| status.success()), "{} cannot be written", path.display());
            path.display().to_string()
        }

        /// A stand-in for Python which writes down what it was asked for, and installs an nvcc of this version.
        fn python(&self, version: &str) -> String {
            self.script(
                "python",
                &format!(
                    r#"
echo "$@" >> "$(dirname "$0")/asked"
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/nvidia/cu13/bin"
for name in nvcc ptxas cuobjdump nvdisasm; do
    printf '#!/bin/sh\necho V{version}\n' > "$2/nvidia/cu13/bin/$name"
    chmod +x "$2/nvidia/cu13/bin/$name"
done"#
                ),
            )
        }

        /// The command lines that the stand-in for Python was given.
        fn asked(&self) -> Vec<String> {
            let text = fs::read_to_string(self.0.join("asked")).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        }

        fn files(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).expect("the folder is there").flatten();
            let mut names: Vec<String> =
                entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Target {
        fn drop(&mut self) {
            // What cannot be removed is left to the system.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn it_is_fetched_once_by_one_command() {
        let target = Target::new();
        let python = target.python(VERSION);
        let toolkit = ensure_with(&python, &target.0).expect("the stand-in installs it");
        assert_eq!(toolkit.program("nvcc"), target.0.join("cuda/nvidia/cu13/bin/nvcc"));
        assert_eq!(ensure_with(&python, &target.0), Ok(toolkit));
        let asked = target.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(WHEELS.iter().all(|wheel| asked[0].contains(wheel)), "{asked:?}");
        assert_eq!(target.files(), ["asked", "cuda", "python"]);
    }

    #[test]
    fn another_version_is_replaced() {
        let target = Target::new();
        target.script("cuda/nvidia/cu13/bin/nvcc", "echo V12.9.86");
        for name in ["ptxas", "cuobjdump", "nvdisasm"] {
            target.script(&format!("cuda/nvidia/cu13/bin/{name}"), "");
        }
        ensure_with(&target.python(VERSION), &target.0).expect("the stand-in installs it");
        assert_eq!(target.asked().len(), 1);
    }

    #[test]
    fn a_wheel_of_another_version_is_no_success() {
        let target = Target::new();
        let error = ensure_with(&target.python("13.0.48"), &target.0).expect_err("the version is wrong");
        assert!(error.contains("no working nvcc 13.0.88"), "{error}");
        assert_eq!(target.files(), ["asked", "python"]);
    }

    #[test]
    fn a_broken_download_leaves_nothing_and_says_what_pip_said() {
        let target = Target::new();
        let python = target.script(
            "python",
            "while [ \"$1\" != --target ]; do shift; done; mkdir -p \"$2/nvidia\"; echo no network >&2; exit 1",
        );
        let error = ensure_with(&python, &target.0).expect_err("the script fails");
        assert!(error.contains("no network") && error.contains("nvidia-cuda-nvcc==13.0.88"), "{error}");
        assert_eq!(target.files(), ["python"]);
    }

    #[test]
    fn a_missing_python_is_named() {
        let target = Target::new();
        let error = ensure_with("/nowhere/python3", &target.0).expect_err("it is not there");
        assert!(error.starts_with("/nowhere/python3 cannot be run"), "{error}");
    }
}
