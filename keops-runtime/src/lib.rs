//! Reductions over pairs of points, r_i = Reduce_j F(x_i, y_j, p), from formulas compiled with the program.
//!
//! [`keops!`] turns each function between its braces into an ordinary Rust function, or
//! [one formula into a value](#a-formula-as-a-value). The formula is parsed, checked and
//! differentiated while the program is compiled; a wrong dimension is a compile error on the words at fault.
//!
//! ```
//! use keops::keops;
//!
//! keops! {
//!     /// Gaussian convolution, γ_i = Σ_j exp(-|x_i - y_j|² / s²) b_j.
//!     #[grad(x_i)]
//!     pub fn gaussian_conv(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
//!         Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j
//!     }
//! }
//!
//! let (x, y, b) = ([[0.0f32, 0.0, 0.0]], [[0.0, 0.0, 0.0], [0.0, 2.0, 0.0]], [1.0, 10.0]);
//! let gamma: Vec<f32> = gaussian_conv(&x, &y, &b, 1.0)?;
//! assert!((gamma[0] - (1.0 + 10.0 * (-4.0f32).exp())).abs() < 1e-6);
//!
//! // The gradient of Σ e_i γ_i with respect to x.
//! let slope: Vec<[f32; 3]> = gaussian_conv::grad_x_i(&x, &y, &b, 1.0, &[1.0])?;
//! assert!((slope[0][1] - 40.0 * (-4.0f32).exp()).abs() < 1e-5);
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! # The language
//!
//! - Arguments are `Vi<D>` (one row of D numbers per i), `Vj<D>` (per j) and `Pm<D>` (one row for all). Results are `Vi<D>`,
//!   reduced over j, or `Vj<D>`, reduced over i; `Vi<K, usize>` is a list of indices; several results are a tuple.
//! - Operators, tightest first: `^` (or `**`), unary `-`, `* /`, `+ -`, `|` (dot product), `< <= > >= == !=` (1 or 0).
//!   `x[k]` and `x[a..b]` are coordinates. `let` names a part.
//! - `for k in 0..4 { sum += Exp(-d2 / s[k]^2); }` is written out once for each k, with `let mut sum = 0;` before it. A loop
//!   runs over a range of integer literals, a list of numbers `[0.5, 1, 2]`, or the coordinates of an argument, `for c in s`;
//!   `=`, `+=`, `-=`, `*=` and `/=` change what is `mut`. What is bound inside is known inside.
//! - `fn gaussian(d2, s) = Exp(-d2 / s^2);` in a block is a helper, which its functions call as `gaussian(SqDist(x_i, y_j), s)`:
//!   the expression is written out there. A helper knows its parameters, and calls those above it; named like an operation, it
//!   stands in its place.
//! - Operations have KeOps's names and the LazyTensor spellings: `SqDist(x, y)`, `x.sqdist(y)`, `Exp(f)`, `f.exp()` … All are
//!   listed, with reductions and derivatives, at [`keops!`](macro@keops#operations).
//! - n complex numbers are a vector of 2n coordinates, real and imaginary parts in turn. `+`, `-` and a product with a real
//!   number of dimension 1 are right for them as they are. `z * w`, `z / w` and `z | w` of two of them go coordinate by
//!   coordinate and are not the complex ones: a product is `ComplexMult(z, w)`, a quotient `ComplexDivide(z, w)`.
//! - A reduction over points is named with its index: `Sum_j`, `Mean_j`, `LogSumExp_j`, `SumSoftMaxWeight_j`, `Max_j`,
//!   `Min_j`, `ArgMin_j`, `KMin_j(f, K)` … A body without one is summed over the index that the result does not have.
//!   `Sum(f)` alone sums coordinates. Reduced values can be computed with: `Sum_j(k * b_j) / Sum_j(k)` is one pass.
//! - A value has at most 4096 coordinates, a formula 4096 operands and operations, nested at most 128 deep; sums and products may
//!   be as long as that. `GradMatrix` and the like differentiate at most 64 coordinates.
//! - A dimension of 1 stands for any other in operations that work coordinate by coordinate; nothing else is broadcast.
//! - `i` and `j` are the numbers of the two points, from 0, where no argument and no `let` has the name. They have
//!   dimension 1 and derivative 0, and are numbers of the call's scalar type: in `f32` those above 2²⁴ are rounded, so that
//!   neighbours may be equal.
//! - `Where(c, f, g)` is f where c is not 0, else g; c is mostly a comparison. `Inf` is ∞, for `Where` and the like to choose;
//!   there is no arithmetic with it.
//!
//! # Masks
//!
//! A sum leaves pairs out by a factor, `(i != j) * …`, also where the rest is infinite by a quotient or a logarithm, as in
//! `(i != j) / Norm2(x_i - x_j)`. (Infinite data are not left out so, and comparisons of data, `(SqDist(x_i, y_j) < 1) * …`, are
//! numbers: 0 · ∞ is NaN. There it is `Where(SqDist(x_i, y_j) < 1, …, 0)`.) A soft-max, a minimum and their like do so by an
//! infinite value, since 0 is a value as any other there; what a soft-max weights is multiplied by 0 then, and has to be
//! finite. A mask takes no memory:
//!
//! ```
//! use keops::keops;
//!
//! keops! {
//!     /// Causal attention: query i sees the keys up to its own.
//!     #[grad]
//!     pub fn causal(q_i: Vi<2>, k_j: Vj<2>, v_j: Vj<2>) -> Vi<2> {
//!         SumSoftMaxWeight_j(Where(j <= i, q_i | k_j, -Inf), v_j)
//!     }
//!
//!     /// Kernel density at each point, of the others.
//!     pub fn others(x_i: Vi<1>, x_j: Vj<1>) -> Vi<1> { (i != j) * Exp(-SqDist(x_i, x_j)) }
//!
//!     /// The nearest other point of the same cloud.
//!     pub fn nearest_other(x_i: Vi<1>, x_j: Vj<1>) -> Vi<1, usize> { ArgMin_j(Where(i == j, Inf, SqDist(x_i, x_j))) }
//! }
//!
//! let (q, v) = ([[0.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [3.0, 4.0]]);
//! let seen: Vec<[f64; 2]> = causal(&q, &q, &v)?;
//! assert_eq!(seen, [[1.0, 2.0], [2.0, 3.0]]);
//!
//! let x = [0.0f32, 1.0, 3.0];
//! let density: Vec<f32> = others(&x, &x)?;
//! assert!((density[0] - ((-1.0f32).exp() + (-9.0f32).exp())).abs() < 1e-6);
//! let nearest: Vec<usize> = nearest_other(&x, &x)?;
//! assert_eq!(nearest, [1, 0, 1]);
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! A row of a soft-max of which every pair is left out is NaN, a log-sum-exp −∞, a minimum ∞ with index 0. On devices exponents
//! are taken to base 2: finite ones beyond 2.36e38 (in `f64` 1.25e308) count as infinite there, a literal up to 3.4e38 that a
//! `Where` chooses for the whole exponent as 2.36e38. A mask that is data, to be added to an exponent, is best `-1e38` or −∞
//! for them. All pairs are visited, those that are left out too; [`#[prune]`](#attributes) passes over those beyond a band,
//! `(Abs(i - j) <= w) * …`.
//!
//! An infinite value of the losing kind, ∞ for `Min` and −∞ for `Max`, is never chosen, nor is NaN: a place that nothing else
//! takes has the value ∞ or −∞ and index 0, as if there were no pair. So of N points that leave themselves out, ask for
//! N − 1 neighbours at most: the last of `ArgKMin_j(Where(i == j, Inf, f), N)` is 0 in every row and names no neighbour.
//! Where rows have fewer, the values of `KMin_ArgKMin_j` tell which places are taken, those that are finite.
//!
//! # A formula as a value
//!
//! Where a function with a name would be too much, a formula stands in an expression, with its variables between bars:
//!
//! ```
//! use keops::keops;
//!
//! let (x, y) = (vec![[0.0f32, 0.0, 0.0], [1.0, 0.0, 0.0]], vec![[0.0, 0.0, 0.0], [3.0, 4.0, 0.0]]);
//! let f = keops!(|x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>| Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j);
//! let gamma: Vec<f32> = f(&x, &y, &[1.0, 10.0], 5.0)?;
//! assert!((gamma[0] - (1.0 + 10.0 * (-1.0f32).exp())).abs() < 1e-5);
//!
//! // Called on the spot, with two results.
//! let (distances, nearest) = keops!(|x_i: Vi<3>, y_j: Vj<3>| Min_ArgMin_j(Norm2(x_i - y_j)))(&x, &y)?;
//! assert_eq!((distances, nearest), (vec![0.0, 1.0], vec![0, 0]));
//!
//! // The result declared, and a part with a name.
//! let field = keops!(|x_i: Vi<3>, y_j: Vj<3>| -> Vi<3> {
//!     let d = y_j - x_i;
//!     d / (1 + SqNorm2(d))
//! });
//! assert_eq!(field(&x[..1], &y[1..])?, [[3.0 / 26.0, 4.0 / 26.0, 0.0]]);
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! - A formula sees nothing of the program around it: all its variables stand between the bars, a number as `s: Pm<1>`, and
//!   are given in the call.
//! - Without a declaration it returns what the formula gives. Its reductions say whether there is a result per i or per j. A
//!   formula without a reduction is summed over j, or over i if it has nothing of j in it.
//! - Points are given by reference, and what they are of is the same in all calls of one value: a formula that is called with
//!   `f32` and with `f64` is written twice, or is a function with a name. The points themselves may change between two calls.
//! - `#[dot_products]`, `#[scaled_distances]`, `#[fast_maths]` and `#[prune]` stand before the bars. Gradients, parameters for
//!   dimensions and `f::into` belong to functions with a name; inside the formula there is `Grad(f, x_i, e)`.
//!
//! # Dimensions that the data decide
//!
//! A dimension may be a parameter of the function, which a call infers from its arguments. `#[instances]`, once for each
//! parameter, lists the values that the formula is compiled for:
//!
//! ```
//! use keops::keops;
//!
//! keops! {
//!     #[grad(x_i)]
//!     #[instances(D = 1..=8, 64)]
//!     fn gaussian<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
//!         Exp(-SqDist(x_i, y_j) / (D * s^2)) * b_j
//!     }
//!
//!     #[instances(D = 1..=3)]
//!     #[instances(E = 1, 2, 10)]
//!     fn mix<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>) -> Vi<E> {
//!         SumSoftMaxWeight_j(x_i | y_j, v_j)
//!     }
//! }
//!
//! let (plane, space) = (vec![[0.0f32, 1.0]; 4], vec![[0.0, 1.0, 2.0]; 4]);
//! assert_eq!(gaussian(&plane, &plane, &[1.0; 4], 0.5)?, [4.0; 4]);
//! let slope: Vec<[f32; 3]> = gaussian::grad_x_i(&space, &space, &[1.0; 4], 0.5, &[1.0; 4])?;
//! assert_eq!(slope, [[0.0; 3]; 4]);
//! assert_eq!(mix(&space, &space, &plane)?, plane);
//! // Numbers without their dimension do not tell it: here it is said.
//! assert_eq!(gaussian::<2, _, _>(&[0.0f32, 1.0], &[0.0, 1.0], &[1.0], 0.5)?, [1.0]);
//! // It may also be told when the program runs.
//! let columns = "2".parse().unwrap();
//! assert_eq!(gaussian::flat([columns], &[0.0f32, 1.0], &[0.0, 1.0], &[1.0], 0.5)?, [1.0]);
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! - The formula is checked with the parameters as they are: `x_i + v_j` of `Vi<D>` and `Vj<E>` is a compile error whatever is
//!   listed, and so is `Vi<D>` beside `Vj<3>`; D stands for no other dimension where it happens to be 1. What depends on the
//!   values, such as whether there is an `x_i[2]`, or whether `#[prune]` can do anything, must hold for all that are listed.
//! - In the formula the name is a number: `/ D`, `ArgKMin_j(f, D)`.
//! - A declaration takes a number or a parameter by itself; Rust has no type `[T; D + 1]`. Inside of a formula lengths are
//!   free: `Concat(x_i, y_j)`.
//! - A result of dimension D is `Vec<[T; D]>`, where D is 1 too.
//! - Each instance is the formula with its numbers, the same code as if they had been written. rustc generates it for those that
//!   are called; the others cost it some 15 ms each. Devices get kernels for all of them: list for a program with `cuda` what it
//!   needs.
//! - Where only the program that runs knows the dimensions, of a table with as many columns as the file has, `f::flat` takes them
//!   as its first argument, and flat slices for what has them: `gaussian::flat([columns], &x, &y, &b, s)?`. Results that have
//!   them are flat, too. Dimensions that are not listed are an [`Error::NotCompiled`]. [`Options`] go in a pair with them,
//!   `gaussian::flat(([columns], &ranges), …)` ([`Dimensions`]).
//! - A call with a dimension that is not listed is a compile error which says what to add. A function that is generic itself
//!   names the dimensions that it needs: `where gaussian::Formulas: gaussian::Instance<D>`, for a gradient
//!   `gaussian::grad_x_i::Formulas: gaussian::grad_x_i::Instance<D>`.
//!
//! # Attributes
//!
//! - `#[grad]` or `#[grad(x_i, s)]`: gradients, as functions in a module of the function's name. Of one cloud
//!   on both sides, `f(&x, &x)`, the gradient is the sum of those in `x_i` and `x_j`.
//! - `#[instances(D = 1..=8)]`: [the values of a dimension parameter](#dimensions-that-the-data-decide).
//! - `#[dot_products]`: squared distances between an i- and a j-value are computed as |x|² + |y|² − 2 x·y, which saves one
//!   of two operations per coordinate and costs accuracy: the absolute error of a distance is of the order of
//!   ε|x|² and not of ε|x − y|². Use it for data centred at the origin whose distances are not small beside its norms.
//! - `#[scaled_distances]`: in `p * SqDist(x, y)` with a factor of parameters that cannot change its sign, as in
//!   `Exp(-SqDist(x_i, y_j) / s^2)`, √|p| is multiplied into the coordinates, which saves an operation per pair and costs
//!   accuracy: the error of a difference is of the order of ε|x| and not of ε|x − y|. Use it for data whose extent is not
//!   large beside s. The factor must not be 0 where several share a distance, of which it is the first, nor where x − y
//!   is used besides, as it is in gradients: they are NaN then.
//! - `#[fast_maths]`: in `f32`, what is computed for each pair, in this function and its gradients, may take cheaper variants
//!   of functions, quotients and roots. What is computed once per point or call, and `f64`, stay as they are, and so do
//!   exponentials, which are cheap already. Use it where functions take most of the time and their last digits do not
//!   matter. On devices, subnormal numbers count and come out as 0 besides. The largest errors, absolute or as said:
//!
//!   | instead of | processor | device |
//!   |---|---|---|
//!   | `Log(x)` | – | 2⁻²² for ½ < x < 2, else 2⁻²¹·⁵ of the value |
//!   | `Log2(x)` | 2 ulp | 2⁻²² for ½ < x < 2, else 2⁻²² of the value |
//!   | `Log10(x)` | 3 ulp | 2⁻²² for ½ < x < 2, else 2⁻²¹·⁵ of the value |
//!   | `XLogX(x)` | – | 2⁻²⁰·⁵ for ½ < x < 2, else 2⁻²¹ of the value |
//!   | `Sqrt(x)` | – | 2⁻²³ of the value |
//!   | `Rsqrt(x)` | – | 2⁻²²·⁹ of the value |
//!   | `Powf(x, y)` | 2 max(1, \|y log₂ x\|) ulp; 1 for y = 0, NaN for x < 0 and for 1^±∞ | 2 ulp and \|y\| max(1, \|log₂ x\|) 2⁻²² of the value; 1 for y = 0, NaN for x < 0 and for 1^±∞ |
//!   | `Sigmoid(x)` | 3 ulp; subnormal results may be 0 | 2⁻²¹ + \|x\| 2⁻²³ of the value |
//!   | `Sin(x)` | – | 2⁻²⁰·⁵ for \|x\| ≤ 2π, 2⁻¹⁴·⁷ for \|x\| ≤ 100π |
//!   | `Cos(x)` | – | 2⁻²⁰·⁵ for \|x\| ≤ 2π, 2⁻¹⁴·⁷ for \|x\| ≤ 100π |
//!   | `Tanh(x)` | – | 2⁻¹¹ of the value |
//!   | `Hypot(x, y)` | 2 ulp where x² + y² is a normal number | 2⁻²² of the value where x² + y² is a normal number |
//!   | `x / y` | – | 2 ulp for 2⁻¹²⁶ ≤ \|y\| ≤ 2¹²⁶; beyond 2¹²⁶ it is 0, and NaN for infinite x |
//!   | `1 / x` | – | 1 ulp |
//!
//!   The errors of devices follow from those that NVIDIA documents of the instructions (PTX ISA, floating-point instructions).
//!   Where a variant is missing (–), it was measured to be no faster, or has not been tried. On a processor
//!   (Zen 5, AVX-512 and AVX2) `Sigmoid` and `Hypot` took 0.44 to 0.63 of the time in a sum over pairs, before `Sigmoid` itself became
//!   cheaper; on Zen 4 `Powf` and `Log2` take 0.75 to 0.9 of the time on an array; on a device (sm_90) a Laplacian kernel takes 10.5 instructions a pair instead of 19.7 to 41.7
//!   (`kernels/budgets/BUDGETS.md`).
//! - `#[prune]`: only near pairs are visited, for functions all of whose reductions near pairs decide; others are a compile
//!   error. With x_i and y_j for one i- and one j-variable, the same ones throughout, these are
//!   - Min, ArgMin, KMin and the like of `SqDist(x_i, y_j)`, of `Norm2(x_i - y_j)`, in dimension 1 of `Abs(x_i - y_j)`, or
//!     of a positive constant or parameter times one of them; Max, KMax … of a negative one times it. The result is that
//!     of a visit of all pairs, bit for bit.
//!   - sums of terms with a factor that is 0 beyond some distance: `(SqDist(x_i, y_j) < r^2)`, `Step(r - Norm2(x_i - y_j))`,
//!     `ReLU(1 - Norm2(x_i - y_j) / r)^4`, `IfElse(r - Norm2(x_i - y_j), f, 0)`, or `Where(Norm2(x_i - y_j) <= r, f, 0)`,
//!     with r of constants and parameters. Such a factor is also how a cut-off is stated, as in
//!     `Step(3*s - Norm2(x_i - y_j)) * Exp(…)`. The numbers `i` and `j` are variables of dimension 1, so that
//!     `(Abs(i - j) <= w)` is a band of near pairs. The terms are added in another order, so the result may differ by
//!     rounding; a term passed over counts 0, even if another factor of it is infinite.
//!
//!   Each call sorts both sets of points into a k-d tree and lets a block of rows visit the tiles of columns from the
//!   nearest on, until the next is further away than all that its rows keep. In dimension 3 the time grows with
//!   (M + N) log N instead of M·N; with fewer than about 2000 points, or from about dimension 7 on, nearly all tiles are
//!   visited and the function is slower than without. A call holds copies of the points and values of both sides and of
//!   the outputs, and up to 24 bytes per point besides. Gradients are pruned where near pairs decide them too.
//! - All others (`#[inline]`, `#[cfg]`, `#[must_use]`, doc comments …) are passed on.
//!
//! # The call
//!
//! What an argument may be is said at [`Points`] and [`Parameter`], what can go wrong at [`Error`]. The scalar, `f32` or
//! `f64`, is inferred from the arguments and is one for all of them.
//!
//! `f(…)` allocates its results. `f::into(&mut result, …)` writes them to memory of the caller, a [`Destination`], of several
//! results to a tuple of them, `f::into((&mut a, &mut b), …)`. Gradients have it too, `f::grad_x_i::into`. What is summed over
//! all points, an energy or the gradient in a parameter, is returned always: it is a number or an array.
//!
//! `f::with(options, …)` is told how to work by [`Options`]: which pairs count ([`Ranges`]: batches of clouds, blocks of near
//! points from [`Clusters`]), to go on with the reduction of the calls before ([`Stream`]: points that come block by block, or
//! are elsewhere: what is reduced there is sent as bytes and merged), whom to tell how far it is and ask whether to go on.
//! Gradients have it too, `f::grad_x_i::with`.
//!
//! At the edges: of equal candidates the lowest index wins; Min, Max, KMin and their indices skip NaN, sums do not; an
//! empty sum is 0, an empty Min ∞, an empty LogSumExp −∞; an index, a mean or a soft-max over nothing is an error.
//!
//! # Linear systems
//!
//! [`solve::ConjugateGradients`] solves (α I + K) a = b where a formula is K a: kernel ridge regression, interpolation, Gaussian
//! processes.
//!
//! # Arrays of other libraries
//!
//! With a feature of its name, arrays of a library are arguments, for T `f32` or `f64`, without a copy but for the last two, and
//! memory for the results of `f::into`, for E as T or `usize`:
//!
//! | feature | `Vi<D>`, `Vj<D>` | `Pm<D>` | results |
//! |---|---|---|---|
//! | `nalgebra` | `&[Point<T, D>]`, `&[SVector<T, D>]`, vectors and arrays of them | `Point<T, D>`, `SVector<T, D>`, `&` of them | `&mut` of the same |
//! | | `&Matrix` of D rows: one column per point | `&DVector<T>` of length D | `&mut Matrix<E, …>` of D rows |
//! | | where D is 1 also `&DVector<T>`, one number per point | | `&mut DVector<E>` |
//! | `ndarray` | `&Array2<T>` of D columns: one row per point | `&Array1<T>` of length D | `&mut Array2<E>` of D columns |
//! | | where D is 1 also `&Array1<T>`, one number per point | | `&mut Array1<E>` |
//!
//! | `faer` | `&Mat<T>`, `MatRef<T>` of D columns: one row per point | `&Col<T>`, `ColRef<T>` of length D | |
//! | | where D is 1 also `&Col<T>`, `ColRef<T>`, one number per point | | |
//! | `half` | `Half(&x)`, where x is what it may be of T, of `f16` or `bf16` | `Half(p)`, likewise | |
//!
//! Whether a point is a row or a column is how the library stores matrices: the numbers of a point lie side by side. In a
//! matrix of faer they do not, whether a point is a row or a column, since it leaves gaps between columns. So its matrices, of
//! any layout, are copied row after row when the call begins, M · D numbers (columns of numbers are not). Points that are
//! columns are given as `x.transpose()`. A slice of rows, such as a result is, is a matrix of faer without a copy:
//! `MatRef::from_row_major_slice(x.as_flattened(), x.len(), D)`. Numbers of half precision are made `f32` when the call begins;
//! all else of that call is `f32`.
//!
//! Matrices of nalgebra are `&Matrix3xX`, `&SMatrix`, views of whole columns of them, and `&DMatrix`, whose rows are counted in
//! the call:
//!
//! ```
//! # #[cfg(feature = "nalgebra")]
//! # fn example() -> Result<(), keops::Error> {
//! use keops::{Error, keops};
//! use nalgebra::{DMatrix, Matrix3xX, Point3, Vector3};
//!
//! keops! {
//!     fn nearest(x_i: Vi<3>, y_j: Vj<3>, shift: Pm<3>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i + shift, y_j)) }
//! }
//!
//! let x = vec![Point3::new(0.0f32, 0.0, 0.0), Point3::new(4.0, 3.0, 0.0)];
//! let y = Matrix3xX::from_columns(&[Vector3::new(9.0, 7.0, 0.0), Vector3::y(), Vector3::new(5.0, 1.0, 0.0)]);
//! assert_eq!(nearest(&x, &y, Vector3::zeros())?, [1, 2]);
//! assert_eq!(nearest(&x, &y.columns(0, 2), Vector3::zeros())?, [1, 1]);
//!
//! let error = nearest(&x, &DMatrix::zeros(5, 3), Vector3::zeros()).unwrap_err();
//! assert_eq!(error, Error::Coordinates { argument: "y_j", found: 5, dim: 3 });
//! # Ok(())
//! # }
//! # #[cfg(feature = "nalgebra")]
//! # example().unwrap();
//! ```
//!
//! Arrays of ndarray are those of any storage (`&Array2`, `&ArrayView2`, `&ArcArray2`, `&CowArray` …), `&ArrayRef2`, and
//! views by value. They have to be in standard layout, row after row; others are an [`Error::Layout`]:
//!
//! ```
//! # #[cfg(feature = "ndarray")]
//! # fn example() -> Result<(), keops::Error> {
//! use keops::{Error, keops};
//! use ndarray::{Array1, array, s};
//!
//! keops! {
//!     fn nearest(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i, y_j)) }
//! }
//!
//! let x = array![[0.0f32, 0.0], [4.0, 3.0]];
//! let y = array![[9.0, 5.0], [7.0, 0.0], [0.0, 1.0]];
//! assert_eq!(nearest(&x, &y)?, [2, 1]);
//!
//! let mut to = Array1::zeros(1);
//! nearest::into(&mut to, x.slice(s![1.., ..]), &y)?;
//! assert_eq!(to, array![1]);
//!
//! let columns = array![[9.0, 7.0, 0.0], [5.0, 0.0, 1.0]];  // one point per column
//! let error = nearest(&x, columns.t()).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "`y_j` does not lie in memory point after point: pass a reference to its `.as_standard_layout()`"
//! );
//! assert_eq!(nearest(&x, &columns.t().as_standard_layout())?, [2, 1]);
//! # Ok(())
//! # }
//! # #[cfg(feature = "ndarray")]
//! # example().unwrap();
//! ```
//!
//! # Devices
//!
//! With the feature `cuda` the same functions take memory of CUDA devices, run kernels that the build script has compiled,
//! and return memory of the device; `f::on(&device, …)` computes
//! slices there: see the module `cuda`.
//!
//! # How it computes
//!
//! Rows are lanes of vectors (AVX-512 or AVX2 where the processor has it, else SSE2; plain arrays on others than x86-64),
//! columns come in tiles of 64, tasks of rows go to the threads of [rayon](https://docs.rs/rayon). Small problems stay on the
//! calling thread. Products are multiplied in the order that leaves least to do for a pair, parameters among themselves in
//! `f64`: what that makes of parameters has to be a number of the call's type, in `f32` between 10⁻³⁸ and 10³⁸ (1/s² of a width
//! s below 10⁻¹⁹ is not). An exponential of a pair that is less than four times the least normal number, 4.7e-38 in `f32`, is
//! 0, since subnormal numbers take a processor a hundred times as long; so are such values of `Sigmoid` and `Softplus`. The sum
//! of a tile is in working precision, the sum of the tiles in twice that. The bits of a result depend neither on the number of
//! threads nor on what else runs. The environment variable `KEOPS_SIMD` (`sse2`, `avx2`, `avx512`) forces an instruction set
//! for comparisons; `KEOPS_PRINT=loops cargo build` shows what was decided for each formula.

mod clusters;
#[cfg(feature = "cuda")]
pub mod cuda;
pub mod error;
pub mod memory;
mod options;
pub mod points;
mod ranges;
pub mod real;

#[doc(hidden)]
pub mod engine;
pub mod math;
#[doc(hidden)]
pub mod reduction;
pub mod simd;
pub mod solve;
mod stream;

pub use clusters::Clusters;
pub use error::Error;
#[doc(inline)]
pub use keops_macros::keops;
pub use memory::{Element, Formula, Host, Memory};
pub use options::{Dimensions, Options};
#[cfg(feature = "half")]
pub use points::Half;
pub use points::{Destination, Parameter, Points};
pub use ranges::Ranges;
pub use real::Real;
pub use stream::Stream;

/// The README, so that its example is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
