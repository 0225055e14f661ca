//! How many row vectors go together, and what a pair costs.

use super::kernel::{AccumulatorKind, Kernel};
use super::{Expr, Statement};

/// Instructions of one call of a heavy function, roughly.
const FUNCTION_COST: usize = 14;
/// Vector registers that accumulators and row coordinates may take before two row vectors no longer pay.
const REGISTERS: usize = 7;

/// Decides on the number of row vectors and estimates the cost of a pair.
pub(crate) fn decide(kernel: &mut Kernel) {
    let (mut functions, mut operations) = (0, 0);
    for phase in &kernel.phases {
        let groups = phase.groups.map_or(1, |(_, n)| n);
        let (f, o) = count(&phase.body);
        functions += f * groups;
        operations += o * groups;
    }
    let lists: usize = kernel
        .accumulators
        .iter()
        .map(|a| match a.kind {
            AccumulatorKind::List { count, .. } if count > 1 => count * a.dim,
            _ => 0,
        })
        .sum();
    let widest = kernel.phases.iter().filter(|p| p.groups.is_none()).map(|p| p.tail.len()).max().unwrap_or(0);
    let blocked = kernel.phases.iter().any(|p| p.columns > 1);
    let (vectors, why) = if lists > 0 {
        (1, format!("{lists} list entries per row stay in registers as far as they can"))
    } else if functions >= 3 {
        (1, format!("{functions} functions per pair already overlap"))
    } else if widest > REGISTERS && !blocked {
        (1, format!("{widest} accumulators per row fill the registers"))
    } else {
        (2, "two row vectors hide the latency of one".to_string())
    };
    kernel.vectors = vectors;
    kernel.cost = operations + FUNCTION_COST * functions;
    kernel.notes.push(format!("row vectors: {vectors}, since {why}"));
    kernel.notes.push(format!("cuts: {}; phases: {}", kernel.cuts, kernel.phases.len()));
    kernel.notes.push(format!("cost: about {} instructions per vector of pairs", kernel.cost));
}

/// Heavy functions and other operations of statements, loops multiplied out.
fn count(statements: &[Statement]) -> (usize, usize) {
    statements.iter().fold((0, 0), |(functions, operations), statement| {
        let (f, o) = match statement {
            Statement::Let(_, expr) | Statement::Var(_, expr) | Statement::Set(_, expr) => of_expr(expr),
            Statement::Loop { count: n, body, .. } => {
                let (f, o) = count(body);
                (f * n, o * n)
            }
            Statement::Insert { .. } => (0, 4),
            Statement::StoreCut { .. } | Statement::StoreArray { .. } => (0, 1),
            Statement::Array { .. } | Statement::StoreHoisted { .. } | Statement::StoreOutput { .. } => {
                (0, 0)
            }
        };
        (functions + f, operations + o)
    })
}

fn of_expr(expr: &Expr) -> (usize, usize) {
    match expr {
        Expr::Constant(_) | Expr::IndexNumber(_) | Expr::Read(..) | Expr::Copy(_) => (0, 0),
        Expr::Call(name, _) => {
            let heavy = crate::ops::scalars().any(|(_, f)| f.heavy && name.starts_with(f.rust));
            if heavy { (1, 0) } else { (0, 2) }
        }
        Expr::Div(..) => (0, 5),
        Expr::Power(_, n) => (0, 1 + n.unsigned_abs().ilog2() as usize * 2),
        Expr::SelectBetter(..) => (0, 2),
        _ => (0, 1),
    }
}
