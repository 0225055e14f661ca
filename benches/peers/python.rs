//! The Python environment in which the other libraries are installed, once.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// Packages, each installed by itself: where one cannot be had, the others can, for runs of some workloads.
const PACKAGES: [&str; 8] =
    ["numpy", "scipy", "scikit-learn", "numba", "faiss-cpu", "pykeops", "jax", "torch"];

/// Makes the environment where it is missing, and returns its interpreter.
///
/// A file with each package's name records that it is installed, so that pip is not asked at every run; delete the folder to
/// have newer versions.
pub(crate) fn environment(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let venv = folder.join("venv");
    let interpreter = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !interpreter.exists() {
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        println!("making a Python environment in {}", venv.display());
        // Renamed when it is whole, so that one that was cut off is not taken for an environment. `--clear`: nor filled up.
        let part = folder.join("venv-part");
        let made = Command::new(python).args(["-m", "venv", "--clear"]).arg(&part).status();
        if !made.is_ok_and(|status| status.success()) {
            return Err("`python3 -m venv` does not work: the comparison needs Python".into());
        }
        if venv.exists() {
            fs::remove_dir_all(&venv)?;
        }
        fs::rename(&part, &venv)?;
    }
    for package in PACKAGES {
        let mark = venv.join(format!("installed-{package}"));
        if mark.exists() {
            continue;
        }
        println!("installing {package}");
        let installed = Command::new(&interpreter)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package])
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if installed {
            fs::write(mark, "")?;
        } else {
            println!("{package} cannot be installed here: left out");
        }
    }
    Ok(interpreter)
}
