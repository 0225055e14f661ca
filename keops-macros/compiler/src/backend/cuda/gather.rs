//! A pass over chosen pairs as a kernel. A thread has a kept row; where that is a chosen row it looks for those that
//! chose it, so that sums have one order always and need no atomic operations.

use super::kernel::arguments;
use super::shape::{Scalar, Shape, THREADS};
use super::statements::{Context, Printer};
use super::{DeviceKernel, ID};
use crate::ir::VariableId;
use crate::loops::Gather;
use std::collections::{HashMap, HashSet};

/// The kernel of a gather. The first input of a launch is the choice, `dim` indices a row; `rows` counts the threads,
/// `columns` the points on the other side. `by_chosen` says that threads have chosen rows, not choosing ones.
pub(super) fn gather(
    gather: &Gather,
    scalar: Scalar,
    dim: usize,
    by_chosen: bool,
    is_chooser: &dyn Fn(VariableId) -> bool,
) -> DeviceKernel {
    let Gather { parameters, choices, variables, output, .. } = gather;
    let kernel = gather.as_kernel();
    // A thread goes through all columns: they are one tile, which is never divided.
    let shape = Shape { rows: 1, tile: 1 << 30, ..Shape::new(&kernel, scalar) };
    let t = scalar.cuda();
    let inputs: Vec<String> = std::iter::once("const keops::Count* choice".to_string())
        .chain(variables.iter().map(|(v, _)| format!("const {t}* in_{}", v.0)))
        .collect();
    let outputs = [format!("{t}* out_0")];
    let arguments = arguments(scalar, &inputs, &outputs, parameters.len(), shape.indirect);
    let row = |v: VariableId| if is_chooser(v) { "chooser" } else { "chosen" };
    let arms: String = choices
        .iter()
        .enumerate()
        .map(|(k, statements)| {
            let mut printer = Printer {
                kernel: &kernel,
                shape: &shape,
                context: Context::Chosen,
                folds: HashMap::new(),
                written_out: HashSet::new(),
                lists: vec![],
                positions: &|_| false,
                chosen_row: &row,
                indent: 3,
            };
            format!("        if (k == {k}) {{\n{}        }}\n", printer.block(statements))
        })
        .collect();
    let visit = if by_chosen { "visit_choosers" } else { "visit_chosen" };
    let text = format!(
        "{arguments}
struct Gather_{ID} {{
    typedef {t} T;
    static constexpr int CHOICES = {dim}, OUTPUTS = {output};
    static KEOPS_METHOD void pair(const Arguments_{ID}& a, int k, keops::Count chooser, keops::Count chosen,
            double (&sums)[OUTPUTS]) {{
{arms}    }}
}};
extern \"C\" __global__ void __launch_bounds__({THREADS}) keops_{ID}(const Arguments_{ID} a) {{
    keops::{visit}<Gather_{ID}>(a);
}}
"
    );
    DeviceKernel::new(&text, shape, None)
}
