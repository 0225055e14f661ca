//! The Python environment in which the other libraries are installed, once.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// Packages, each installed by itself: where one cannot be had, the others can.
const PACKAGES: [&str; 8] =
    ["numpy", "scipy", "scikit-learn", "numba", "faiss-cpu", "pykeops", "jax", "torch"];

/// Makes the environment where it is missing, and returns its interpreter.
///
/// A file beside each package's name records that its installation was tried, so that one that fails is not tried at
/// every run; delete the folder to start anew.
pub(crate) fn environment(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let venv = folder.join("venv");
    let interpreter = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !interpreter.exists() {
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        println!("making a Python environment in {}", venv.display());
        let made = Command::new(python).args(["-m", "venv"]).arg(&venv).status();
        if !made.is_ok_and(|status| status.success()) {
            return Err("`python3 -m venv` does not work: the comparison needs Python".into());
        }
    }
    for package in PACKAGES {
        let tried = venv.join(format!("tried-{package}"));
        if tried.exists() {
            continue;
        }
        println!("installing {package}");
        let installed = Command::new(&interpreter)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package])
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !installed {
            println!("{package} cannot be installed here: left out");
        }
        fs::write(tried, if installed { "installed\n" } else { "failed\n" })?;
    }
    Ok(interpreter)
}
