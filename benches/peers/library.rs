//! The other libraries, each in a process that answers on its standard output.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// How a library counts in the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The system whose formulas these are.
    KeOps,
    /// The same with flags that its users may set.
    Tuned,
    /// A library of another kind.
    Peer,
    /// Not brute force: k-d trees, and a direct solution.
    Pruning,
}

/// The libraries: module, name in tables, role.
const LIBRARIES: [(&str, &str, Role); 9] = [
    ("keops", "KeOps", Role::KeOps),
    ("keops_tuned", "KeOps tuned", Role::Tuned),
    ("numpy", "NumPy", Role::Peer),
    ("sklearn", "scikit-learn", Role::Peer),
    ("numba", "Numba", Role::Peer),
    ("jax", "JAX", Role::Peer),
    ("torch", "PyTorch", Role::Peer),
    ("faiss", "Faiss", Role::Peer),
    ("scipy", "SciPy", Role::Pruning),
];

/// What a library answers when it is given a workload.
pub(crate) enum Prepared {
    /// It has run once, in this many CPU seconds, and written numbers of this NumPy type.
    Done { seconds: f64, numpy: String },
    /// It has no version of the workload.
    Absent,
    /// It should have, but failed.
    Failed(String),
}

/// The names of those that do not run.
pub(crate) fn missing(running: &[Library]) -> Vec<&'static str> {
    let names =
        LIBRARIES.iter().filter(|(module, ..)| running.iter().all(|library| library.module != *module));
    names.map(|(_, name, _)| *name).collect()
}

/// A library that runs.
pub(crate) struct Library {
    /// Its module.
    pub(crate) module: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// How it counts.
    pub(crate) role: Role,
    /// Its version.
    pub(crate) version: String,
    /// Left out for the time being.
    pub(crate) resting: bool,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Library {
    /// Starts all that can be imported.
    pub(crate) fn start_all(interpreter: &Path, programs: &Path, folder: &Path) -> Vec<Library> {
        let start = |&(module, name, role): &(&'static str, &'static str, Role)| {
            let library = Library::start(interpreter, programs, folder, module, name, role);
            match &library {
                Ok(library) => println!("{name} {}", library.version),
                Err(error) => println!("{name} is left out: {error}"),
            }
            library.ok()
        };
        LIBRARIES.iter().filter_map(start).collect()
    }

    fn start(
        interpreter: &Path,
        programs: &Path,
        folder: &Path,
        module: &'static str,
        name: &'static str,
        role: Role,
    ) -> Result<Library, Box<dyn Error>> {
        // Compiled anew: the first run is to take what it takes where nothing is compiled yet.
        let cache = folder.join(format!("{module}-cache"));
        if cache.exists() {
            fs::remove_dir_all(&cache)?;
        }
        let log = fs::File::create(folder.join(format!("{module}.log")))?;
        let mut process = Command::new(interpreter)
            .arg("-B")
            .arg(programs.join("worker.py"))
            .arg(module)
            // Each variant of KeOps keeps the code it compiles to itself: the flags are not part of its file names.
            .env("KEOPS_CACHE_FOLDER", cache.join("keops"))
            .env("TORCHINDUCTOR_CACHE_DIR", cache.join("torch"))
            // A setting of some machines that keeps NumPy from its best instruction set.
            .env_remove("OPENBLAS_CORETYPE")
            // Threads that spin while they wait for work would be charged to whoever waits: OpenMP's, and OpenBLAS's, which
            // spin for 2^26 cycles unless told otherwise, 2^4 at least.
            .env("OMP_WAIT_POLICY", "PASSIVE")
            .env("OPENBLAS_THREAD_TIMEOUT", "4")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let input = process.stdin.take().ok_or("no standard input")?;
        let output = BufReader::new(process.stdout.take().ok_or("no standard output")?);
        let version = String::new();
        let mut library = Library { module, name, role, version, resting: false, process, input, output };
        let answer = library.line()?;
        library.version = answer.strip_prefix("ready ").ok_or(format!("it answers {answer:?}"))?.to_owned();
        Ok(library)
    }

    /// Gives it a workload, whose arrays lie in `folder`.
    pub(crate) fn prepare(&mut self, kind: &str, folder: &Path, calls: usize) -> Prepared {
        let answer = match self.ask(&format!("prepare {kind} {} {calls}", folder.display())) {
            Ok(answer) => answer,
            Err(error) => return Prepared::Failed(error.to_string()),
        };
        match answer.split(' ').collect::<Vec<_>>()[..] {
            ["absent"] => Prepared::Absent,
            ["done", seconds, numpy] => match seconds.parse() {
                Ok(seconds) => Prepared::Done { seconds, numpy: numpy.to_owned() },
                Err(_) => Prepared::Failed(answer.clone()),
            },
            _ => Prepared::Failed(answer.strip_prefix("failed ").unwrap_or(&answer).to_owned()),
        }
    }

    /// Runs the workload again; the CPU seconds of one call.
    pub(crate) fn run(&mut self) -> Result<f64, Box<dyn Error>> {
        let answer = self.ask("run")?;
        Ok(answer.strip_prefix("time ").ok_or_else(|| answer.clone())?.parse()?)
    }

    fn ask(&mut self, question: &str) -> Result<String, Box<dyn Error>> {
        self.say(question).and_then(|()| self.line())
    }

    fn say(&mut self, question: &str) -> Result<(), Box<dyn Error>> {
        writeln!(self.input, "{question}")?;
        Ok(self.input.flush()?)
    }

    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err("it has ended; its log is below target/bench".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // The process ends when its standard input does; ending it now is only faster, and it may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
