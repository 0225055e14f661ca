//! The `keops!` macro: tokens in, the compiler called, tokens or errors out. Users have it from the `keops` library.

use keops_compiler::options::{Device, Options, PrintStage};
use proc_macro::TokenStream;

/// Functions that reduce a formula over all pairs of points, r_i = Reduce_j F(x_i, y_j, p).
///
/// ```text
/// keops! {
///     /// Gaussian convolution, γ_i = Σ_j exp(-|x_i - y_j|² / s²) b_j.
///     #[grad(x_i, s)]
///     pub fn gaussian_conv(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
///         Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
///     }
/// }
/// ```
///
/// Each function becomes a Rust function that takes its data in the order declared, and a module of the same name with
/// other ways to call it (`gaussian_conv::into` writes to memory of the caller, `gaussian_conv::with` takes options) and its
/// gradients. `Vi<D>` is one row of D
/// numbers per i, `Vj<D>` one per j, `Pm<D>` one for all pairs.
///
/// Where an expression stands, one formula is a value, a function without a name:
///
/// ```text
/// let f = keops!(|x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>| Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j));
/// let gamma = f(&x, &y, &b, 0.5)?;
/// ```
///
/// Its variables are those between the bars. What it returns may be declared, `|…| -> Vi<1> { … }`; else it is what the
/// formula gives.
///
/// The environment variable `KEOPS_PRINT` has stages of the compilation printed to the standard error: a list of
/// `ast`, `ir`, `loops`, `rust` and `cuda`, with commas between them.
///
#[doc = include_str!("../OPERATIONS.md")]
#[proc_macro]
pub fn keops(input: TokenStream) -> TokenStream {
    let print = std::env::var("KEOPS_PRINT").map(|names| PrintStage::list(&names)).unwrap_or_default();
    let expansion = keops_compiler::expand(input.into(), &Options { print, device: device() });
    eprint!("{}", expansion.printed);
    expansion.tokens.into()
}

/// Twins for devices are generated with the feature `cuda`. The build script says in `KEOPS_PTX` where their kernels are.
fn device() -> Option<Device> {
    if !cfg!(feature = "cuda") {
        return None;
    }
    let files = std::env::var_os("KEOPS_PTX").and_then(|folder| std::fs::read_dir(folder).ok());
    let id = |file: std::io::Result<std::fs::DirEntry>| {
        let name = file.ok()?.file_name().into_string().ok()?;
        u64::from_str_radix(name.strip_suffix(".ptx")?, 16).ok()
    };
    Some(Device { built: files.into_iter().flatten().filter_map(id).collect() })
}
