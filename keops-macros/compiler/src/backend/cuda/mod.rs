//! Loop program to CUDA C: a functor for the map-reduce of `kernels/cuda`, and the kernels that instantiate it.
//!
//! Values of pairs are printed as calls of operations that work on R rows by C columns at once, whatever the shape of
//! their arguments; the templates of `lanes.cuh` find the shapes.

use crate::ir::{OutputKind, Program, StageKind, VariableId};
use crate::loops::{Arithmetic, Target, lower_gather, lower_reduce};

mod gather;
mod kernel;
mod places;
mod shape;
mod sizes;
mod statements;

use gather::gather;
use kernel::reduce;
pub use shape::{Scalar, Shape, THREADS};

/// What stands for the id in a text that is not numbered yet.
const ID: &str = "@";

/// A kernel: its entry point is `keops_` and the id in 16 hexadecimal digits; one that merges has `_merge` behind it.
#[derive(Clone, Debug)]
pub struct DeviceKernel {
    /// The hash of its text, so that the macro and the build script mean the same kernel or none.
    pub id: u64,
    /// CUDA C, to be compiled behind the files of `kernels/cuda`.
    pub code: String,
    /// Its layout, which a launch must know.
    pub shape: Shape,
    /// What a pair takes at least; nothing is said of passes over chosen pairs.
    pub arithmetic: Option<Arithmetic>,
}

impl DeviceKernel {
    fn new(text: &str, shape: Shape, arithmetic: Option<Arithmetic>) -> DeviceKernel {
        let id = hash(&format!("{text}{}", env!("CARGO_PKG_VERSION")));
        DeviceKernel { id, code: text.replace(ID, &format!("{id:016x}")), shape, arithmetic }
    }
}

/// The kernels of a program in the order of its passes, each with its pass and scalar type: `f32`, then `f64`.
pub fn kernels(program: &Program) -> Vec<(String, DeviceKernel)> {
    let mut kernels = vec![];
    for (stage, s) in program.stages.iter().enumerate() {
        let name = |scalar: Scalar| format!("pass {stage}, {}", scalar.rust());
        match s.kind {
            StageKind::Reduce => {
                let (_, kernel) = lower_reduce(program, stage, Target::Device);
                let positions = |output: usize| program.chooses((stage, output));
                let of = |scalar| (name(scalar), reduce(&kernel, scalar, &positions));
                kernels.extend(Scalar::ALL.map(of));
            }
            StageKind::Gather { chosen_by, .. } => {
                for o in &s.outputs {
                    let choice = lower_gather(program, o, chosen_by);
                    let by_chosen = o.kind != OutputKind::Total && s.keep != chosen_by;
                    let is_chooser = |v: VariableId| program.is_on(v, chosen_by);
                    let of = |scalar| {
                        let kernel = gather(&choice, scalar, o.nodes.len(), by_chosen, &is_chooser);
                        (name(scalar), kernel)
                    };
                    kernels.extend(Scalar::ALL.map(of));
                }
            }
        }
    }
    kernels
}

/// The id of several kernels together.
pub fn id_of_all<'a>(kernels: impl Iterator<Item = &'a DeviceKernel>) -> u64 {
    hash(&kernels.map(|k| format!("{:016x}", k.id)).collect::<String>())
}

/// The 64-bit FNV-1a hash: the same on every machine and in every release, which the standard library's is not.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel for `f32` of the one function in the text.
    fn kernel(text: &str) -> DeviceKernel {
        let functions = crate::device::functions(text.parse().expect("tokens"));
        functions[0].kernels[0].1.clone()
    }

    #[test]
    fn many_lists_are_in_memory_and_a_few_in_registers() {
        let many = kernel("fn f(x_i: Vi<9>, y_j: Vj<9>) -> Vi<27, usize> { ArgKMin_j(x_i * y_j, 3) }");
        assert!(many.shape.wide_rows && !many.shape.unrolled, "{:?}", many.shape);
        // A loop over groups of two coordinates, which is not written out.
        assert!(
            many.code.contains("#pragma unroll 1\n        for (int k0 = 0; k0 < 4; ++k0) {"),
            "{}",
            many.code
        );
        let few = kernel("fn f(x_i: Vi<8>, y_j: Vj<8>) -> Vi<8, usize> { ArgMin_j(x_i * y_j) }");
        assert!(!few.shape.wide_rows && few.shape.unrolled, "{:?}", few.shape);
    }

    #[test]
    fn numbers_of_points_are_no_arguments() {
        let text = "#[grad(x_i)] fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Min_j(i * x_i * j * y_j) }";
        let functions = crate::device::functions(text.parse().expect("tokens"));
        let inputs = |code: &str| code.matches("const float* in_").count();
        let kernels =
            |name: &str| functions.iter().find(|f| f.name == name).expect("it is there").kernels.clone();
        let all = &kernels("f")[0].1.code;
        assert!(all.contains("keops::numbers_of<T>(row)") && all.contains("(T)j"), "{all}");
        assert_eq!(inputs(all), 2, "{all}");
        let chosen = &kernels("f::grad_x_i")[2].1.code;
        assert!(chosen.contains("(T)chooser") && chosen.contains("(T)chosen"), "{chosen}");
    }

    #[test]
    fn passes_over_chosen_pairs_have_no_arithmetic() {
        let text = "#[grad(x_i)] fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Min_j((x_i - y_j)^2) }";
        let functions = crate::device::functions(text.parse().expect("tokens"));
        let counted = |name: &str| -> Vec<bool> {
            let kernels = functions.iter().filter(|f| f.name == name).flat_map(|f| &f.kernels);
            kernels.map(|(_, kernel)| kernel.arithmetic.is_some()).collect()
        };
        assert_eq!(counted("f"), [true, true]);
        assert_eq!(counted("f::grad_x_i"), [true, true, false, false]);
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        // From the test vectors that the authors of FNV publish.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
