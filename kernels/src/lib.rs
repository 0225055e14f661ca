//! The CUDA side of `keops!`, for build scripts. The macro compiles formulas to Rust; for the device a package has a
//! `build.rs` of one line:
//!
//! ```no_run
//! keops_kernels::Build::new().compile();
//! ```
//!
//! It searches the sources of the package for `keops! { … }`, writes the CUDA C of their kernels, and has it compiled
//! by nvcc to PTX in `OUT_DIR`. The macro then includes the PTX in the program. Without nvcc a warning
//! says where it was looked for, and the program runs on the CPU.
//!
//! # What is found
//!
//! Formulas in `src`, `examples`, `tests` and `benches` ([`Build::source`] adds other places), also inside other
//! macros and behind any `cfg`; [`Build::macro_name`] adds names of the macro. Not found are formulas that other macros
//! put together, and those in documentation: for them calls with device memory are an error.
//!
//! Cargo runs the script again when a file in one of these folders changes. A folder that is new, such as `tests` with the
//! first test, it does not see: `touch build.rs` after adding one.
//!
//! # How nvcc is found
//!
//! The first of these that there is: `$KEOPS_NVCC` (the path of the file), `$CUDA_HOME/bin/nvcc`,
//! `$CUDA_PATH/bin/nvcc`, `nvcc` in `$PATH`, and `cuda/nvidia/cu13/bin/nvcc` in Cargo's target folder, where
//! `cargo xtask cuda` installs it. Cargo sees changes of the variables that were asked for, up to the one that decided, and of
//! `$NVCC_PREPEND_FLAGS` and `$NVCC_APPEND_FLAGS`; after an installation `touch build.rs` has the script run again.
//!
//! # Machines without CUDA
//!
//! The package `cust`, by which keops speaks to the driver, looks for a CUDA folder when it is built. Where there is
//! none, the program `keops-kernels stub-dir` makes an empty one:
//!
//! ```text
//! export CUDA_LIBRARY_PATH=$(keops-kernels stub-dir)
//! ```
//!
//! # How it works
//!
//! `scan` finds the formulas, the compiler makes CUDA C of them, `toolkit` finds nvcc, `nvcc` runs it, and `output`
//! keeps the files and knows when they are up to date; `split` gives each function
//! its own PTX.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

mod error;
mod nvcc;
mod output;
mod prelude;
mod scan;
mod source;
mod split;
mod toolkit;

#[cfg(test)]
mod testing;

pub use error::Error;
pub use keops_compiler::backend::cuda::Scalar;
pub use keops_compiler::loops::Arithmetic;
pub use nvcc::{NvccError, lower_version};
pub use scan::Place;
pub use source::{DeviceKernel, DeviceSource, device_source};
pub use toolkit::{NotFound, nvcc};

use output::Output;

/// A version of the PTX language, as in `.version 6.3`: major and minor.
pub(crate) type PtxVersion = (u32, u32);

/// Compiles the formulas of a package for CUDA devices, in its build script.
#[derive(Clone, Debug)]
#[must_use = "nothing is compiled before `compile` is called"]
pub struct Build {
    sources: Vec<PathBuf>,
    names: Vec<String>,
    options: nvcc::Options,
}

/// What [`Build::try_compile`] did.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// Every `keops!` that was found, those with errors included.
    pub found: Vec<Place>,
    /// The ids of the functions of the package that have kernels, in ascending order.
    pub functions: Vec<u64>,
    /// The folder with their PTX, a file for each.
    pub ptx: Option<PathBuf>,
    /// How many nvcc compiled now; the others were compiled in an earlier run.
    pub compiled: usize,
    /// Why there are kernels but no PTX.
    pub missing: Option<NotFound>,
}

impl Default for Build {
    fn default() -> Build {
        Build::new()
    }
}

impl Build {
    /// Formulas in the folders where Cargo looks for targets, PTX for devices of compute capability 7.5 and later.
    pub fn new() -> Build {
        Build {
            sources: scan::SOURCES.map(PathBuf::from).to_vec(),
            names: vec!["keops".to_owned()],
            options: nvcc::Options { arch: "compute_75".to_owned(), ptx_version: Some((6, 3)) },
        }
    }

    /// Adds a folder or file, relative to the package, in which formulas are: for targets with a `path` of their own.
    ///
    /// It may be a file that the build script itself has written to `OUT_DIR`. Cargo is told nothing of such a file, which is
    /// newer than the script's start: the script tells what it writes the file from.
    pub fn source(mut self, path: impl Into<PathBuf>) -> Build {
        self.sources.push(path.into());
        self
    }

    /// Searches these folders and files, relative to the package, and no others.
    pub fn only<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Build {
        self.sources = paths.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a name under which formulas are found, as in `name! { pub fn … }`: that of the macro where it was imported
    /// under another one, or of a macro that hands all of its tokens on to it.
    pub fn macro_name(mut self, name: impl Into<String>) -> Build {
        self.names.push(name.into());
        self
    }

    /// The virtual architecture that nvcc compiles for, `compute_75` if nothing else is asked for.
    ///
    /// The driver compiles PTX for the device at hand, so that a higher one is seldom faster. Older devices than
    /// those of the architecture cannot load the PTX, nor can drivers before the version of PTX that it came with: 7.0 of
    /// CUDA 11.0 for `compute_80`, 7.8 of CUDA 11.8 for `compute_90`, 8.6 of CUDA 12.7 for `compute_100`.
    pub fn arch(mut self, name: impl Into<String>) -> Build {
        self.options.arch = name.into();
        self
    }

    /// The version that the PTX claims at most, 6.3 if nothing else is asked for: what nvcc 13.0 writes, 9.0, would be
    /// refused by every driver before CUDA 13, and the kernels need no more than 6.3, like `compute_75` itself. Those for a
    /// later [`arch`](Self::arch) claim the version that it needs, and those with the hyperbolic tangent of `#[fast_maths]` at
    /// least 7.0, of CUDA 11.0.
    ///
    /// PTX of an older version is left as it is.
    pub fn ptx_version(mut self, major: u32, minor: u32) -> Build {
        self.options.ptx_version = Some((major, minor));
        self
    }

    /// Compiles the formulas, as [`try_compile`](Build::try_compile) does.
    ///
    /// # Panics
    ///
    /// On every error: so a build script fails, with what nvcc says.
    #[track_caller]
    pub fn compile(self) {
        if let Err(error) = self.try_compile() {
            panic!("{error}");
        }
    }

    /// Compiles the formulas and tells Cargo, on the standard output, what it needs to know: when the script is to be
    /// run again, and in `KEOPS_PTX` where the PTX is.
    ///
    /// Without nvcc there is a warning and no PTX. Under `DOCS_RS` nothing is done. A formula with errors has no
    /// kernels, since the macro reports them.
    ///
    /// # Errors
    ///
    /// If it does not run in a build script, if nvcc fails, or if files cannot be read or written.
    pub fn try_compile(self) -> Result<Report, Error> {
        self.run(&|name| env::var_os(name), &mut |line| println!("cargo:{line}"))
    }

    /// `variable` looks into the environment, `tell` takes what Cargo is told.
    fn run(
        &self,
        variable: &dyn Fn(&str) -> Option<OsString>,
        tell: &mut dyn FnMut(String),
    ) -> Result<Report, Error> {
        let folder =
            |name| variable(name).map(PathBuf::from).ok_or(Error::NotABuildScript { variable: name });
        let (package, out_dir) = (folder("CARGO_MANIFEST_DIR")?, folder("OUT_DIR")?);

        // A path that does not exist would have Cargo run the script every time, and so would one that the script writes.
        let lasts = |path: &PathBuf| path.exists() && !path.starts_with(&out_dir);
        for source in self.sources.iter().filter(|source| lasts(&package.join(source))) {
            tell(format!("rerun-if-changed={}", source.display()));
        }
        let ask = |name: &str, tell: &mut dyn FnMut(String)| {
            // Cargo sets the folder for the script, and knows when it does.
            if name != "OUT_DIR" {
                tell(format!("rerun-if-env-changed={name}"));
            }
            variable(name)
        };
        let mut report =
            Report { found: Vec::new(), functions: Vec::new(), ptx: None, compiled: 0, missing: None };
        if ask("DOCS_RS", tell).is_some() {
            return Ok(report);
        }

        let scan = scan::scan(&package, &self.sources, &self.names)?;
        for sentence in &scan.skipped {
            tell(format!("warning={sentence}"));
        }
        report.found = scan.blocks.iter().map(|block| block.place.clone()).collect();
        let functions = source::functions(scan.blocks);
        report.functions = functions.keys().copied().collect();

        let output = Output::create(&out_dir)?;
        if functions.is_empty() {
            output.without_ptx(&functions)?;
            return Ok(report);
        }
        match toolkit::find(|name| ask(name, tell), Path::is_file) {
            Ok(nvcc) => {
                // Another version in its place makes other PTX, as other arguments do.
                tell(format!("rerun-if-changed={}", nvcc.display()));
                let flags = toolkit::FLAGS.map(|name| ask(name, tell).unwrap_or_default());
                report.compiled = output.compile(&functions, &nvcc, &self.options, &flags)?;
                tell(format!("rustc-env=KEOPS_PTX={}", output.folder().display()));
                report.ptx = Some(output.folder().to_owned());
            }
            Err(missing) => {
                output.without_ptx(&functions)?;
                tell("warning=the formulas of this package are compiled for the CPU only".to_owned());
                for line in missing.to_string().lines() {
                    tell(format!("warning={line}"));
                }
                report.missing = Some(missing);
            }
        }
        Ok(report)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
