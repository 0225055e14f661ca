//! `keops-kernels stub-dir [FOLDER]`: a CUDA folder for machines that have none. `keops-kernels print FILE…`: the CUDA C
//! of formulas.

use keops_kernels::{Scalar, device_source};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: keops-kernels stub-dir [FOLDER]
       keops-kernels print FILE...

print: prints the CUDA C of all formulas in the files, as nvcc gets it.

stub-dir: makes a folder with an empty lib64/libcuda.so, and prints its path. It satisfies the build script of the
package cust on machines without CUDA:

    export CUDA_LIBRARY_PATH=$(keops-kernels stub-dir)

or in .cargo/config.toml, with a FOLDER of the repository:

    [env]
    CUDA_LIBRARY_PATH = { value = \"FOLDER\", relative = true }

Programs use the driver of the machine that they run on, whatever this folder is. Without FOLDER it is
keops/cuda-stub in the user's folder of caches.";

/// As a linker script it adds nothing to the program: the driver's functions come from keops-driver.
const STUB: &str = "/* An empty linker script: keops opens the CUDA driver when the program runs. */\n";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let folder = match arguments.as_slice() {
        [command, files @ ..] if command == "print" && !files.is_empty() => return print(files),
        [command] if command == "stub-dir" => default_folder(|name| env::var_os(name)),
        [command, folder] if command == "stub-dir" => PathBuf::from(folder),
        [flag] if flag == "--help" || flag == "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match create(&folder) {
        Ok(path) => {
            println!("{}", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot make {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Prints the CUDA C of the formulas in some files.
fn print(files: &[OsString]) -> ExitCode {
    let files: Vec<&Path> = files.iter().map(Path::new).collect();
    match device_source(&files, &Scalar::ALL) {
        Ok(source) => {
            print!("{}", source.text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// `keops/cuda-stub` in `$XDG_CACHE_HOME`, else in `$HOME/.cache`, else in the folder for temporary files.
fn default_folder(variable: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    let folder = |name| variable(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
    let caches = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    caches.unwrap_or_else(env::temp_dir).join("keops").join("cuda-stub")
}

/// Makes the folder, and gives its absolute path: build scripts run in folders of their own.
fn create(folder: &Path) -> io::Result<PathBuf> {
    let libraries = folder.join("lib64");
    fs::create_dir_all(&libraries)?;
    let library = libraries.join("libcuda.so");
    // What is right already is not written again, which would have Cargo build anew what depends on it.
    if fs::read(&library).ok().as_deref() != Some(STUB.as_bytes()) {
        if is_library(&library) {
            let text = format!("{} is a real library", library.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        fs::write(&library, STUB)?;
    }
    folder.canonicalize()
}

/// Whether a compiled library is there, which must not be replaced.
fn is_library(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"\x7fELF"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        env::temp_dir().join(format!("keops-kernels-stub-{}-{name}", std::process::id()))
    }

    #[test]
    fn the_folder_holds_an_empty_library() {
        let folder = folder("new");
        for _ in 0..2 {
            let path = create(&folder).expect("the temporary folder can be written to");
            assert!(path.is_absolute());
            let text = fs::read_to_string(path.join("lib64/libcuda.so")).expect("it was written");
            assert_eq!(text, STUB);
        }
        fs::remove_dir_all(folder).expect("it was made");
    }

    #[test]
    fn a_real_library_is_not_replaced() {
        let folder = folder("real");
        let library = folder.join("lib64/libcuda.so");
        fs::create_dir_all(folder.join("lib64")).expect("the temporary folder can be written to");
        fs::write(&library, b"\x7fELF...").expect("the temporary folder can be written to");
        assert!(create(&folder).is_err());
        assert_eq!(fs::read(&library).expect("it is still there"), b"\x7fELF...");
        fs::remove_dir_all(folder).expect("it was made");
    }

    #[test]
    fn the_folder_is_among_the_caches() {
        let home = |name: &str| (name == "HOME").then(|| OsString::from("/home/a"));
        assert_eq!(default_folder(home), Path::new("/home/a/.cache/keops/cuda-stub"));
        let caches = |name: &str| Some(OsString::from(if name == "HOME" { "/home/a" } else { "/caches" }));
        assert_eq!(default_folder(caches), Path::new("/caches/keops/cuda-stub"));
        assert_eq!(default_folder(|_| None), env::temp_dir().join("keops/cuda-stub"));
    }
}
