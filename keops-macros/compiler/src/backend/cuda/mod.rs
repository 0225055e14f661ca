//! Loop program to CUDA C: a functor for the map-reduce of `kernels/cuda`, and the kernels that instantiate it.
//!
//! Values of pairs are printed as calls of operations that work on R rows by C columns at once, whatever the shape of
//! their arguments; the templates of `lanes.cuh` find the shapes.

use crate::ir::{Output, Program, StageKind, VariableId};
use crate::loops::{Arithmetic, Gather, Kernel, Target, lower_gather, lower_reduce};

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

/// A loop program, and what is compiled of it for each scalar type.
pub(crate) struct Pass<P> {
    pub(crate) program: P,
    pub(crate) kernels: [DeviceKernel; 2],
}

impl<P> Pass<P> {
    fn new(program: P, compile: impl Fn(&P, Scalar) -> DeviceKernel) -> Pass<P> {
        let kernels = Scalar::ALL.map(|scalar| compile(&program, scalar));
        Pass { program, kernels }
    }
}

/// The passes of a stage.
pub(crate) enum Passes {
    /// The one over all pairs.
    Reduce(Box<Pass<Kernel>>),
    /// One over the chosen pairs for each output.
    Gather(Vec<Pass<Gather>>),
}

impl Passes {
    /// The passes of a stage, in order.
    pub(crate) fn of(program: &Program, stage: usize) -> Passes {
        let s = &program.stages[stage];
        match s.kind {
            StageKind::Reduce => {
                let positions = |output: usize| program.chooses((stage, output));
                let (_, kernel) = lower_reduce(program, stage, Target::Device);
                Passes::Reduce(Box::new(Pass::new(kernel, |kernel, scalar| {
                    reduce(kernel, scalar, &positions)
                })))
            }
            StageKind::Gather { chosen_by, .. } => {
                let is_chooser = |v: VariableId| program.is_on(v, chosen_by);
                let pass = |o: &Output| {
                    let (dim, of_chosen) = (o.nodes.len(), s.is_of_chosen(o, chosen_by));
                    Pass::new(lower_gather(program, o, chosen_by), |choice, scalar| {
                        gather(choice, scalar, dim, of_chosen, &is_chooser)
                    })
                };
                Passes::Gather(s.outputs.iter().map(pass).collect())
            }
        }
    }

    /// Their kernels, in order: for each pass that for `f32`, then that for `f64`.
    pub(crate) fn kernels(&self) -> Vec<&DeviceKernel> {
        match self {
            Passes::Reduce(pass) => pass.kernels.iter().collect(),
            Passes::Gather(passes) => passes.iter().flat_map(|pass| &pass.kernels).collect(),
        }
    }
}

/// The kernels of a program in the order of its passes, each with its pass and scalar type: `f32`, then `f64`.
pub fn kernels(program: &Program) -> Vec<(String, DeviceKernel)> {
    let named = |stage: usize| {
        let passes = Passes::of(program, stage);
        let named =
            |kernel: &DeviceKernel| (format!("pass {stage}, {}", kernel.shape.scalar.rust()), kernel.clone());
        passes.kernels().into_iter().map(named).collect::<Vec<_>>()
    };
    (0..program.stages.len()).flat_map(named).collect()
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
    fn long_lists_have_a_row_a_thread_and_long_parts() {
        let nearest = |dim: usize, count: usize| {
            let text = format!(
                "fn f(x_i: Vi<{dim}>, y_j: Vj<{dim}>) -> Vi<{count}, usize> {{ ArgKMin_j(SqDist(x_i, y_j), {count}) }}"
            );
            kernel(&text).shape
        };
        for (count, rows, least_part) in [(10, 2, 160), (16, 2, 256), (17, 1, 289), (1000, 1, 1_000_000)] {
            let shape = nearest(3, count);
            assert_eq!((shape.rows, shape.least_part), (rows, least_part), "{count}: {shape:?}");
        }
        // Also where rows are read again.
        for dim in [100, 784] {
            assert_eq!(nearest(dim, 100).rows, 1, "{dim}");
        }
        let sums = kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Sum_j(x_i * y_j) }");
        assert_eq!(sums.shape.least_part, 8 * 2 * 3);
    }

    /// The kernels of the one function in the text, for both scalar types.
    fn kernels_of(text: &str) -> Vec<DeviceKernel> {
        let functions = crate::device::functions(text.parse().expect("tokens"));
        functions[0].kernels.iter().map(|(_, kernel)| kernel.clone()).collect()
    }

    #[test]
    fn a_column_is_in_the_tile_or_read_from_memory_and_the_tile_fits() {
        let wide = [
            "fn f(x_i: Vi<300>, y_j: Vj<4096>, z_j: Vj<4096>) -> Vi<1> { Sum_j((x_i[0] - y_j[0])^2 * z_j[0]) }",
            "fn f(x_i: Vi<4096>, y_j: Vj<4096>, b_j: Vj<4096>, s: Pm<1>) -> Vi<4096>
                { Exp(-SqDist(x_i / s, y_j / s)) * Exp(b_j) }",
        ];
        for kernel in wide.into_iter().flat_map(kernels_of) {
            let Shape { scalar, columns, tile, stride, .. } = kernel.shape;
            let bytes = tile * stride * if scalar == Scalar::F32 { 4 } else { 8 };
            assert!(columns > 0 && tile > 0 && bytes <= 48 << 10, "{:?}", kernel.shape);
        }
    }

    #[test]
    fn scaled_distances_that_are_results_are_added_as_they_are() {
        for results in ["Sum_j(d), Sum_j(Exp(-d))", "Sum_j(Exp(-d)), Sum_j(d)", "Sum_j(d), Min_j(d + y_j[0])"]
        {
            let text = format!(
                "#[scaled_distances] fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> (Vi<1>, Vi<1>)
                    {{ let d = SqDist(x_i, y_j) / s^2; ({results}) }}"
            );
            assert_eq!(kernels_of(&text).len(), 2);
        }
    }

    #[test]
    fn a_row_counts_its_columns_where_it_is_asked_for() {
        let code = kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Mean_j(x_i - y_j) }").code;
        let finish = code.find("void finish(").expect("it is there");
        let at: Vec<usize> = code.match_indices("count_of_columns<T>(a)").map(|(at, _)| at).collect();
        assert!(!at.is_empty() && at.iter().all(|at| *at > finish), "{code}");
        assert!(code.contains("keops::Rows<T, R> v[3];"), "{code}");
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
