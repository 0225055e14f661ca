//! The `keops!` macro: tokens in, the compiler called, tokens or errors out. Users have it from the `keops` library.

use keops_compiler::options::{Options, PrintStage};
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
/// its gradients. `Vi<D>` is one row of D numbers per i, `Vj<D>` one per j, `Pm<D>` one for all pairs.
///
/// The environment variable `KEOPS_PRINT` has stages of the compilation printed to the standard error: a list of
/// `ast`, `ir`, `loops` and `rust`, with commas between them.
#[proc_macro]
pub fn keops(input: TokenStream) -> TokenStream {
    let print = std::env::var("KEOPS_PRINT").map(|names| PrintStage::list(&names)).unwrap_or_default();
    let expansion = keops_compiler::expand(input.into(), &Options { print });
    eprint!("{}", expansion.printed);
    expansion.tokens.into()
}
