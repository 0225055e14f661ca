//! A loop program as text, for `KEOPS_PRINT=loops`.

use super::Statement;
use super::kernel::{Bank, Kernel, Phase};
use std::fmt;

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "// {note}")?;
        }
        for (name, bank) in [("call", &self.parameters), ("row", &self.rows), ("column", &self.columns)] {
            write_bank(f, name, bank)?;
        }
        for (n, a) in self.accumulators.iter().enumerate() {
            writeln!(f, "accumulator {n}: {:?} of {} coordinates", a.kind, a.dim)?;
        }
        for (n, phase) in self.phases.iter().enumerate() {
            write_phase(f, n, phase)?;
        }
        writeln!(f, "after the columns:")?;
        write_block(f, 1, &self.finish)
    }
}

fn write_bank(f: &mut fmt::Formatter<'_>, name: &str, bank: &Bank) -> fmt::Result {
    if bank.is_empty() {
        return Ok(());
    }
    writeln!(f, "once per {name}: {} numbers read, {} hoisted", bank.inputs_len(), bank.hoisted_len())?;
    write_block(f, 1, &bank.code)
}

fn write_phase(f: &mut fmt::Formatter<'_>, n: usize, phase: &Phase) -> fmt::Result {
    let groups = phase.groups.map_or(String::new(), |(v, count)| format!(", for k{} in 0..{count}", v.0));
    writeln!(f, "phase {n}{groups}:")?;
    write_block(f, 1, &phase.head)?;
    let columns = if phase.blocked { "each block of columns" } else { "each column" };
    writeln!(f, "  for {columns}:")?;
    write_block(f, 2, &phase.body)?;
    phase.tail.iter().try_for_each(|tail| writeln!(f, "  {tail:?}"))
}

fn write_block(f: &mut fmt::Formatter<'_>, depth: usize, statements: &[Statement]) -> fmt::Result {
    for statement in statements {
        match statement {
            Statement::Loop { variable, count, body } => {
                writeln!(f, "{}for k{} in 0..{count}:", "  ".repeat(depth), variable.0)?;
                write_block(f, depth + 1, body)?;
            }
            other => writeln!(f, "{}{other:?}", "  ".repeat(depth))?,
        }
    }
    Ok(())
}
