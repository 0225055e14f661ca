//! Counts the instructions of the pair loops, from the assembler text of `probe.rs`.
//!
//! ```text
//! cargo bench --bench loops              # writes benches/LOOPS.md
//! cargo bench --bench loops -- --check   # fails where the machine code is worse than that table
//! ```

use keops_workloads::assembly::{Loop, pair_loops};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::SystemTime;
use std::{env, fs};

/// A kernel of the probe: its function, its scalar type as it is mangled (`f` is `f32`, `d` is `f64`), and what is
/// computed.
struct Probed {
    path: &'static [&'static str],
    scalar: char,
    title: &'static str,
    /// Whether its pair loops may use the stack: those that need more than 16 registers.
    spills: bool,
}

const fn probed(path: &'static [&'static str], scalar: char, title: &'static str, spills: bool) -> Probed {
    Probed { path, scalar, title, spills }
}

const PROBED: [Probed; 10] = [
    probed(&["gaussian"], 'f', "Gaussian sum, D = 3, f32", false),
    probed(&["gaussian"], 'd', "Gaussian sum, D = 3, f64", true),
    probed(&["gaussian", "grad_x_i"], 'f', "its gradient in x, f32", true),
    probed(&["gaussian_64"], 'f', "Gaussian sum, D = 64, f32", true),
    probed(&["four_gaussians"], 'f', "four Gaussians, D = 3, four values, f32", true),
    probed(&["log_sum_exp"], 'f', "log-sum-exp, D = 3, f32", true),
    probed(&["nearest"], 'f', "nearest, D = 3, f32", false),
    probed(&["nearest_100"], 'f', "nearest, D = 100, f32", true),
    probed(&["neighbours"], 'f', "ten nearest, D = 3, f32", true),
    probed(&["attention"], 'f', "soft-max, D = 64, 64 values, f32", true),
];

const HEAD: &str = "\
# Pair loops in machine code

Written by `cargo bench --bench loops`; `cargo xtask test loops` compares. One row for each innermost loop over the pairs
of a tile, in the order of the machine code: what happens once per tile is not here.

A *vector* fills a register: with AVX2 it is eight pairs in `f32`, four in `f64`, with AVX-512 twice as many. In high
dimension a loop is over the coordinates, and a vector is one coordinate of these pairs. *Arithmetic* are the instructions that compute on vectors, as against loads, moves and
counting; the last column is what one vector costs. *Stack* counts instructions that touch the stack: spilled registers.
";

/// An instruction set whose instances of the kernels are looked at.
struct Set {
    name: &'static str,
    /// The runtime's function for it, as it is mangled.
    function: &'static str,
    /// What the names of its registers start with.
    register: &'static str,
}

const SETS: [Set; 2] = [
    Set { name: "AVX2", function: "8run_avx2", register: "ymm" },
    Set { name: "AVX-512", function: "10run_avx512", register: "zmm" },
];

/// The row of a loop in the table.
struct Row {
    set: &'static str,
    title: String,
    number: usize,
    found: Loop,
}

impl Row {
    fn place(&self) -> String {
        place(self.set, &self.title, self.number)
    }

    fn per_vector(&self) -> f64 {
        self.found.instructions as f64 / self.found.vectors as f64
    }
}

/// The name of a loop.
fn place(set: &str, title: &str, number: impl std::fmt::Display) -> String {
    format!("{set}, {title}, loop {number}")
}

fn main() -> ExitCode {
    let check = env::args().any(|argument| argument == "--check");
    if !cfg!(target_arch = "x86_64") {
        println!("the loops are counted on x86-64 only: nothing to do here");
        return ExitCode::SUCCESS;
    }
    match run(check) {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the table, or compares with it; returns what is wrong.
fn run(check: bool) -> Result<Vec<String>, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = measure(root)?;
    let mut complaints = faults(&rows);
    let path = root.join("benches/LOOPS.md");
    let compiler = compiler()?;
    let table = table(&rows, &compiler);
    println!("{table}");
    if check {
        let committed = fs::read_to_string(&path)?;
        let worse = if committed.contains(&compiler) {
            rises(&rows, &committed)
        } else {
            println!(
                "the table was written with another compiler than {compiler}: only numbers of loops are compared"
            );
            losses(&rows, &committed)
        };
        if !worse.is_empty() {
            complaints.extend(worse);
            complaints.push("if this is meant: `cargo bench --bench loops` writes the table anew".to_owned());
        }
    } else {
        fs::write(&path, format!("{HEAD}\n{table}"))?;
    }
    Ok(complaints)
}

/// Compiles the probe to assembler text and counts its loops.
fn measure(root: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let folder = root.join("target/bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join("probe.s");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["rustc", "--quiet", "--release", "--bench", "probe", "--"])
        // This mangling has the kernel's name in the names of the functions that are generic over it.
        .args(["-C", "symbol-mangling-version=v0", "-C", "codegen-units=1"])
        .args(["-C", "llvm-args=-x86-asm-syntax=intel"])
        .arg(format!("--emit=asm={}", file.display()))
        // Another value than before, so that cargo compiles the probe: a file that is there could be another compiler's.
        .env("KEOPS_PROBE_RUN", format!("{:?}", SystemTime::now()))
        .current_dir(root)
        .status()?;
    if !status.success() {
        return Err("the probe does not compile".into());
    }
    let text = fs::read_to_string(&file)?;
    fs::remove_file(&file)?;
    let mut rows = vec![];
    for (set, kernel) in SETS.iter().flat_map(|set| PROBED.iter().map(move |kernel| (set, kernel))) {
        let what = format!("{}, {}", set.name, kernel.title);
        let body = function(&text, set, kernel).ok_or_else(|| format!("no machine code for {what}"))?;
        let loops = pair_loops(body.lines(), set.register);
        if loops.is_empty() {
            return Err(format!("no pair loop in {what}").into());
        }
        rows.extend(loops.into_iter().enumerate().map(|(k, found)| Row {
            set: set.name,
            title: kernel.title.to_owned(),
            number: k + 1,
            found,
        }));
    }
    Ok(rows)
}

/// The instance of a kernel for a set.
fn function<'a>(text: &'a str, set: &Set, kernel: &Probed) -> Option<&'a str> {
    let path: String = kernel.path.iter().map(|name| format!("{}{name}", name.len())).collect();
    // The kernel is `Stage0`, declared in the function and generic over the scalar.
    let parts = [set.function, &format!("6Update{}", kernel.scalar), &format!("5probe{path}6Stage0")];
    let mut starts = text.match_indices("\n_R").map(|(place, _)| place + 1);
    let start = starts.find(|&place| {
        let label = text[place..].lines().next().unwrap_or("");
        label.ends_with(':') && parts.iter().all(|part| label.contains(part))
    })?;
    let rest = &text[start..];
    rest.find(".Lfunc_end").map(|end| &rest[..end])
}

/// The version of rustc, which decides the machine code together with the sources.
fn compiler() -> Result<String, Box<dyn Error>> {
    let output = Command::new("rustc").arg("--version").output()?;
    let version = String::from_utf8(output.stdout)?;
    Ok(version.split(" (").next().unwrap_or(&version).trim().to_owned())
}

fn table(rows: &[Row], compiler: &str) -> String {
    let mut text = format!("{compiler}:\n\n");
    text.push_str(
        "| set | formula | loop | instructions | arithmetic | calls | stack | vectors | instructions a vector |\n",
    );
    text.push_str("|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for row in rows {
        let Loop { instructions, arithmetic, vectors, calls, stack } = row.found;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {instructions} | {arithmetic} | {calls} | {stack} | {vectors} | {:.1} |",
            row.set,
            row.title,
            row.number,
            row.per_vector()
        );
    }
    text
}

/// What no pair loop may have.
fn faults(rows: &[Row]) -> Vec<String> {
    let spills = |title: &str| PROBED.iter().any(|kernel| kernel.title == title && kernel.spills);
    let mut faults = vec![];
    for row in rows {
        if row.found.calls > 0 {
            faults.push(format!("{}: {} calls in a pair loop", row.place(), row.found.calls));
        }
        if row.found.stack > 0 && !spills(&row.title) {
            faults.push(format!("{}: {} uses of the stack", row.place(), row.found.stack));
        }
    }
    faults
}

/// The cells of the rows of the committed table.
fn cells(committed: &str) -> impl Iterator<Item = Vec<&str>> {
    let cells = committed.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect());
    cells.filter(|cells: &Vec<&str>| cells.len() == 9 && cells[2].parse::<usize>().is_ok())
}

/// Where the machine code is more than a tenth longer than the committed table says, or has other loops.
fn rises(rows: &[Row], committed: &str) -> Vec<String> {
    let before = cells(committed)
        .filter_map(|cells| Some((place(cells[0], cells[1], cells[2]), cells[8].parse().ok()?)));
    let before: Vec<(String, f64)> = before.collect();
    let mut complaints = vec![];
    for row in rows {
        let place = row.place();
        match before.iter().find(|(before, _)| *before == place) {
            None => complaints.push(format!("{place}: not in benches/LOOPS.md")),
            Some((_, cost)) if row.per_vector() > 1.1 * cost => complaints.push(format!(
                "{place}: {:.1} instructions a vector, {cost:.1} in benches/LOOPS.md",
                row.per_vector()
            )),
            Some(_) => {}
        }
    }
    for (place, _) in before {
        if !rows.iter().any(|row| row.place() == place) {
            complaints.push(format!("{place}: in benches/LOOPS.md, but not in the machine code"));
        }
    }
    complaints
}

/// Kernels with fewer pair loops than the committed table says: one in which bounds are checked is none any more, whatever
/// the compiler.
fn losses(rows: &[Row], committed: &str) -> Vec<String> {
    let mut complaints = vec![];
    for (set, title) in SETS.iter().flat_map(|set| PROBED.iter().map(|kernel| (set.name, kernel.title))) {
        let before = cells(committed).filter(|cells| cells[..2] == [set, title]).count();
        let now = rows.iter().filter(|row| (row.set, &*row.title) == (set, title)).count();
        if now < before {
            complaints.push(format!("{set}, {title}: {now} pair loops, {before} in benches/LOOPS.md"));
        }
    }
    complaints
}
