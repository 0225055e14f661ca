//! Work of unusual shape: few rows with many columns, tiny calls, ever more columns, two threads instead of one.
//!
//! ```text
//! cargo bench --bench shapes    # writes benches/SHAPES.md; some minutes
//! ```
//!
//! Everything but the last table is CPU time, so that other programs on the machine disturb little.

mod few_rows;
mod growth;
mod threads;
mod tiny;

use keops::simd::Level;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A table: its name on the command line, and what measures and writes it.
type Table = (&'static str, fn() -> String);

fn main() -> Result<(), Box<dyn Error>> {
    // cargo itself passes `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let tables: [Table; 4] = [
        ("few_rows", few_rows::table),
        ("tiny", tiny::table),
        ("growth", growth::table),
        ("threads", threads::table),
    ];
    let mut text = format!("# Work of unusual shape\n\n{}\n", setting()?);
    for (name, table) in tables {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            let table = table();
            println!("{table}");
            text.push_str(&format!("\n{table}"));
        }
    }
    if wanted.is_empty() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/SHAPES.md");
        fs::write(path, text)?;
        println!("written: benches/SHAPES.md");
    }
    Ok(())
}

/// Where and with what it is measured.
fn setting() -> Result<String, Box<dyn Error>> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let compiler = String::from_utf8(Command::new("rustc").arg("--version").output()?.stdout)?;
    Ok(format!(
        "Written by `cargo bench --bench shapes`. Data are standard normal, in `f32`, D = 3. *By hand* is a loop in a loop in \
         Rust\non one thread. The least of several rounds counts, in which what is compared runs in turn.\n\n\
         - {}, {} processors, load average {} when it began\n\
         - {}; this library works on {}",
        model.map_or("unknown processor", |(_, name)| name),
        std::thread::available_parallelism()?,
        load.split(' ').next().unwrap_or("unknown"),
        compiler.trim(),
        Level::detect().name()
    ))
}
