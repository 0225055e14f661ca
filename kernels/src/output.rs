//! The files in `OUT_DIR/keops`, and when they are made anew.
//!
//! - `<id>.ptx`: the kernels of one function, for each function of the package; the macro includes them. None if there
//!   was no nvcc;
//! - `kernels.cu`: the CUDA C that nvcc compiled last, or would have; `kernels.1.cu` and so on what ran beside it;
//! - `kernels.key`: all but the formulas that made the PTX: the nvcc, its arguments, the hand-written part, and what this
//!   package does before and after. Another key clears the folder.
//!
//! An id is a hash of the kernels, so a file that is there is up to date, and only what is missing is compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io, thread};

use crate::Error;
use crate::nvcc::{self, Options};
use crate::prelude;
use crate::source::{self, Function};
use crate::split::Module;

/// Functions that are worth another nvcc beside the first.
const FUNCTIONS_OF_A_RUN: usize = 24;

/// What writes the CUDA C and makes files of the PTX: other code makes other files of the same kernels.
const CODE: [&str; 4] =
    [include_str!("nvcc.rs"), include_str!("output.rs"), include_str!("source.rs"), include_str!("split.rs")];

/// One run of nvcc: a text, and the ids of its functions with the names of their kernels.
struct Run {
    text: String,
    functions: Vec<(u64, BTreeSet<String>)>,
}

impl Run {
    fn new(functions: &[&Function]) -> Run {
        let names = |f: &&Function| {
            let kernels = f.function.kernels.iter().map(|(_, k)| format!("keops_{:016x}", k.id));
            (f.function.id, kernels.collect())
        };
        Run {
            text: source::text(functions.iter().copied()),
            functions: functions.iter().map(names).collect(),
        }
    }
}

/// The folder of one package's kernels.
pub(crate) struct Output {
    folder: PathBuf,
}

impl Output {
    /// The folder in `OUT_DIR`, made if there is none.
    pub(crate) fn create(out_dir: &Path) -> Result<Output, Error> {
        let folder = out_dir.join("keops");
        fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, error))?;
        Ok(Output { folder })
    }

    /// Where the PTX of the functions is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves CUDA C and no PTX.
    pub(crate) fn without_ptx(&self, functions: &BTreeMap<u64, Function>) -> Result<(), Error> {
        self.keep_only(&BTreeSet::new())?;
        self.remove_texts()?;
        self.write("kernels.cu", &source::text(functions.values()))
    }

    /// Makes the PTX of the functions that have none yet, and removes that of others. Returns how many were compiled. `flags`
    /// are the values of [`FLAGS`](crate::toolkit::FLAGS), which nvcc reads itself.
    pub(crate) fn compile(
        &self,
        functions: &BTreeMap<u64, Function>,
        nvcc: &Path,
        options: &Options,
        flags: &[OsString; 2],
    ) -> Result<usize, Error> {
        let version = nvcc::version(nvcc)?;
        let key =
            format!("{}\n{options}\n{flags:?}\n{}\n{}", version.trim_end(), prelude::text(), CODE.concat());
        let same = fs::read_to_string(self.path("kernels.key")).is_ok_and(|known| known == key);
        self.keep_only(&if same { functions.keys().copied().collect() } else { BTreeSet::new() })?;
        self.write("kernels.key", &key)?;

        let missing: Vec<&Function> =
            functions.iter().filter(|(id, _)| !self.ptx(**id).is_file()).map(|(_, f)| f).collect();
        if !missing.is_empty() {
            self.remove_texts()?;
        }
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let runs = missing.len().div_ceil(FUNCTIONS_OF_A_RUN).clamp(1, processors.min(4));
        let parts: Vec<Run> = missing.chunks(missing.len().div_ceil(runs).max(1)).map(Run::new).collect();
        thread::scope(|scope| {
            let runs: Vec<_> = (0..)
                .zip(&parts)
                .map(|(n, run)| scope.spawn(move || self.run(n, run, nvcc, options)))
                .collect();
            // A panic of a run is one of the build script.
            let join = |run: thread::ScopedJoinHandle<'_, _>| {
                run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            runs.into_iter().map(join).collect::<Vec<_>>().into_iter().collect::<Result<(), Error>>()
        })?;
        Ok(missing.len())
    }

    fn run(&self, n: usize, run: &Run, nvcc: &Path, options: &Options) -> Result<(), Error> {
        let suffix = if n == 0 { String::new() } else { format!(".{n}") };
        let (source, made) = (format!("kernels{suffix}.cu"), format!("kernels{suffix}.out"));
        self.write(&source, &run.text)?;
        let printed = nvcc::compile(nvcc, &self.path(&source), &self.path(&made), options)?;
        // Cargo keeps it with the output of the build script, and shows it under `-vv`.
        eprint!("{printed}");
        let path = self.path(&made);
        let ptx = fs::read_to_string(&path).map_err(|error| Error::file("read", &path, error))?;
        let module = Module::parse(&ptx);
        for (id, kernels) in &run.functions {
            let wanted = |name: &str| {
                kernels.contains(name.trim_end_matches("_merge")) || prelude::KERNELS.contains(&name)
            };
            // A file is there whole or not at all, so that an interrupted run is not taken for a complete one.
            let mut part = module.part(&wanted);
            if let Some(version) = options.ptx_version {
                part = nvcc::lower_version(&part, version)?;
            }
            self.write(&made, &part)?;
            let to = self.ptx(*id);
            fs::rename(&path, &to).map_err(|error| Error::file("write", &to, error))?;
        }
        Ok(())
    }

    /// Removes all PTX but that of these functions.
    fn keep_only(&self, ids: &BTreeSet<u64>) -> Result<(), Error> {
        self.remove("ptx", |path| !ids.iter().any(|id| self.ptx(*id) == path))
    }

    /// Removes the CUDA C of earlier runs, of which there may have been more.
    fn remove_texts(&self) -> Result<(), Error> {
        self.remove("cu", |_| true)
    }

    /// Removes files of an extension.
    fn remove(&self, extension: &str, unwanted: impl Fn(&Path) -> bool) -> Result<(), Error> {
        let error = |error| Error::file("read", &self.folder, error);
        for entry in fs::read_dir(&self.folder).map_err(error)? {
            let path = entry.map_err(error)?.path();
            if path.extension().is_some_and(|own| own == extension) && unwanted(&path) {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(Error::file("remove", &path, error));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn ptx(&self, id: u64) -> PathBuf {
        self.path(&format!("{id:016x}.ptx"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.path(name);
        fs::write(&path, text).map_err(|error| Error::file("write", &path, error))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::nvcc::NvccError;
    use crate::testing::{FakeNvcc, Folder};

    const NO_FLAGS: &[OsString; 2] = &[OsString::new(), OsString::new()];

    fn options(arch: &str) -> Options {
        Options { arch: arch.to_owned(), ptx_version: None }
    }

    /// Functions of these dimensions, in a file of this name.
    fn functions(dims: &[usize], file: &str) -> BTreeMap<u64, Function> {
        let function = |dim: &usize| {
            let text = format!("fn f(x_i: Vi<{dim}>, y_j: Vj<{dim}>) -> Vi<1> {{ SqDist(x_i, y_j) }}");
            keops_compiler::device::functions(text.parse().expect("it is Rust"))
        };
        let file = file.to_owned();
        dims.iter()
            .flat_map(function)
            .map(|function| (function.id, Function { function, file: file.clone() }))
            .collect()
    }

    #[test]
    fn only_what_changed_is_compiled() {
        let folder = Folder::new();
        let nvcc = FakeNvcc::new(folder.path());
        let output = Output::create(folder.path()).expect("the folder can be written to");
        let new = |dims: &[usize], arch: &str| {
            let functions = functions(dims, "a.rs");
            let compiled = output
                .compile(&functions, nvcc.path(), &options(arch), NO_FLAGS)
                .expect("the program succeeds");
            assert!(functions.keys().all(|id| output.ptx(*id).is_file()));
            compiled
        };
        assert_eq!(new(&[1], "compute_75"), 1);
        assert_eq!(new(&[1], "compute_75"), 0);
        assert_eq!(new(&[1, 2, 3], "compute_75"), 2);
        assert_eq!(new(&[2], "compute_75"), 0);
        assert_eq!(new(&[1, 2], "compute_75"), 1, "the first was removed");
        assert_eq!(new(&[1, 2], "compute_80"), 2);
        nvcc.set_version("release 14");
        assert_eq!(new(&[1, 2], "compute_80"), 2);
        assert_eq!(new(&[1, 2], "compute_80"), 0);
        let functions = functions(&[1], "a.rs");
        for (flags, compiled) in [("", 0), ("-G", 1), ("-G", 0), ("", 1)] {
            let flags = ["".into(), flags.into()];
            let done = output.compile(&functions, nvcc.path(), &options("compute_80"), &flags);
            assert_eq!(done.expect("the program succeeds"), compiled, "{flags:?}");
        }
        assert_eq!(nvcc.runs(), 7);
    }

    #[test]
    fn many_functions_are_compiled_side_by_side() {
        let folder = Folder::new();
        let nvcc = FakeNvcc::new(folder.path());
        let output = Output::create(folder.path()).expect("the folder can be written to");
        let functions = functions(&(1..=60).collect::<Vec<_>>(), "a.rs");
        let compiled = output.compile(&functions, nvcc.path(), &options("compute_75"), NO_FLAGS);
        assert_eq!(compiled.expect("the program succeeds"), 60);
        assert!(functions.keys().all(|id| output.ptx(*id).is_file()));
        // What ran beside the first then does not stay when there is one run again; what nvcc compiled last does.
        let texts = |text: &str| {
            output.write(text, "").expect("the folder can be written to");
            let nothing_changed = functions.iter().take(2).map(|(id, f)| (*id, f.clone())).collect();
            for functions in [&nothing_changed, &nothing_changed] {
                output
                    .compile(functions, nvcc.path(), &options("compute_80"), NO_FLAGS)
                    .expect("the program succeeds");
            }
            let files = fs::read_dir(output.folder()).expect("it is there").flatten();
            let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
            names.filter(|name| name.ends_with(".cu")).collect::<Vec<String>>()
        };
        assert_eq!(texts("kernels.1.cu"), ["kernels.cu"]);
    }

    #[test]
    fn the_version_of_the_ptx_is_lowered() {
        let folder = Folder::new();
        let nvcc = FakeNvcc::new(folder.path());
        let output = Output::create(folder.path()).expect("the folder can be written to");
        let lowered = Options { ptx_version: Some((6, 3)), ..options("compute_75") };
        let functions = functions(&[1], "a.rs");
        output.compile(&functions, nvcc.path(), &lowered, NO_FLAGS).expect("the program succeeds");
        let id = functions.keys().next().expect("there is one");
        let ptx = fs::read_to_string(output.ptx(*id)).expect("it was written");
        assert!(ptx.starts_with(".version 6.3\n"), "{ptx}");
    }

    #[test]
    fn a_failed_run_leaves_nothing_that_looks_complete() {
        let folder = Folder::new();
        let nvcc = FakeNvcc::new(folder.path());
        let output = Output::create(folder.path()).expect("the folder can be written to");
        let broken = functions(&[1], "a.rs\"\n#error a.rs(3): no such thing\n//");
        for _ in 0..2 {
            match output.compile(&broken, nvcc.path(), &options("compute_75"), NO_FLAGS) {
                Err(Error::Nvcc(NvccError::Refused { message, .. })) => {
                    assert!(message.contains("a.rs(3): no such thing"), "{message}");
                }
                _ => panic!("the program does not accept #error"),
            }
            assert!(broken.keys().all(|id| !output.ptx(*id).exists()));
        }
        let mended = functions(&[1], "a.rs");
        assert_eq!(
            output.compile(&mended, nvcc.path(), &options("compute_75"), NO_FLAGS).expect("it succeeds"),
            1
        );
    }
}
