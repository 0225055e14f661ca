//! What the unit tests share.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process};

use crate::toolkit;

/// A folder that is removed in the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("keops-kernels-{}-{number}", process::id()));
        fs::create_dir_all(&path).expect("the temporary folder can be written to");
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file in it, and the folders on the way.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        let parent = path.parent().expect("the path is in the folder");
        fs::create_dir_all(parent).expect("the temporary folder can be written to");
        fs::write(path, text).expect("the temporary folder can be written to");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A script that can be run.
#[cfg(unix)]
pub(crate) fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let program = folder.join(name);
    // Written by another process: a file that is open here may be inherited by a program that another test
    // starts, and what is open for writing cannot be run.
    let written = process::Command::new("sh")
        .args(["-c", r#"printf %s "$1" > "$0" && chmod +x "$0""#])
        .arg(&program)
        .arg(script)
        .status();
    assert!(written.is_ok_and(|status| status.success()));
    program
}

/// A program that is called like nvcc: its PTX is a version and the source itself, and it refuses `#error`.
#[cfg(unix)]
pub(crate) struct FakeNvcc {
    folder: PathBuf,
    program: PathBuf,
}

#[cfg(unix)]
impl FakeNvcc {
    pub(crate) fn new(folder: &Path) -> FakeNvcc {
        const SCRIPT: &str = r#"#!/bin/sh
cd "${0%/*}"
if [ "$1" = --version ]; then exec cat version; fi
echo "$@" >> runs
if grep '#error' "$4" >&2; then exit 1; fi
(echo .version 9.0; echo .address_size 64; cat "$4") > "$6"
"#;
        let program = program(folder, "nvcc", SCRIPT);
        let nvcc = FakeNvcc { folder: folder.to_owned(), program };
        nvcc.set_version("release 13");
        nvcc
    }

    pub(crate) fn path(&self) -> &Path {
        &self.program
    }

    pub(crate) fn set_version(&self, version: &str) {
        fs::write(self.folder.join("version"), version).expect("the temporary folder can be written to");
    }

    /// How often it was asked to compile.
    pub(crate) fn runs(&self) -> usize {
        fs::read_to_string(self.folder.join("runs")).map_or(0, |text| text.lines().count())
    }
}

/// The nvcc of this machine. Without one the test that asks for it has nothing to show, and says so.
pub(crate) fn nvcc() -> Option<PathBuf> {
    // To the terminal itself: what a test prints that passes is not shown.
    toolkit::nvcc().map_err(|error| writeln!(std::io::stderr(), "skipped: {error}")).ok()
}
