//! What the macro writes: snapshots of a few expansions, and no `unsafe` in any.
//!
//! `KEOPS_TEST_OVERWRITE=1 cargo test --test expansion` writes the snapshots anew; the difference belongs in the review.

use keops_compiler::Options;
use keops_generate::formula;
use proc_macro2::{TokenStream, TokenTree};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The formulas whose expansions are kept: one for each shape of generated code.
const FORMULAS: [(&str, &str); 8] = [
    (
        "gaussian",
        "/// Gaussian convolution, γ_i = Σ_j exp(-|x_i - y_j|² / s²) b_j.\n\
         pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j }",
    ),
    (
        "nearest",
        "pub(crate) fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }",
    ),
    (
        "neighbours_over_i",
        "fn neighbours_over_i(x_i: Vi<2>, y_j: Vj<2>) -> Vj<5, usize> { ArgKMin_i(SqDist(x_i, y_j), 5) }",
    ),
    (
        "regression",
        "pub fn regression(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<2>) -> Vi<2> {\n\
         let k = Exp(-SqDist(x_i, y_j)); Sum_j(k * b_j) / Sum_j(k) - x_i }",
    ),
    (
        "attention",
        "pub fn attention(q_i: Vi<4>, k_j: Vj<4>, v_j: Vj<3>) -> Vi<3> { SumSoftMaxWeight_j(q_i | k_j, v_j) }",
    ),
    (
        "gradient",
        "#[grad(x_i, s)]\npub fn gradient(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, y_j) / s^2) }",
    ),
    (
        "gradient_of_a_choice",
        "#[grad(y_j)]\npub fn gradient_of_a_choice(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Min_j(SqDist(x_i, y_j)) }",
    ),
    (
        "high_dimension",
        "#[must_use]\npub fn high_dimension(x_i: Vi<64>, y_j: Vj<64>) -> Vi<1> { LogSumExp_j(-SqDist(x_i, y_j)) }",
    ),
];

/// The items that a formula becomes.
fn expansion(text: &str) -> TokenStream {
    let tokens = text.parse().unwrap_or_else(|e| panic!("{e} in {text}"));
    keops_compiler::expand(tokens, &Options::default()).tokens
}

fn snapshot(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.rs"))
}

#[test]
fn expansions_are_as_in_the_snapshots() {
    let mut different = vec![];
    for (name, text) in FORMULAS {
        let file =
            syn::parse2(expansion(text)).unwrap_or_else(|e| panic!("{name} does not expand to items: {e}"));
        let pretty = prettyplease::unparse(&file);
        let path = snapshot(name);
        if env::var_os("KEOPS_TEST_OVERWRITE").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of snapshots");
            fs::write(&path, &pretty).expect("a snapshot can be written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if let Some((number, (now, before))) = pretty
            .lines()
            .zip(kept.lines().chain(std::iter::repeat("")))
            .enumerate()
            .find(|(_, (a, b))| a != b)
        {
            different.push(format!("{name}, line {}:\n  was {before}\n  is  {now}", number + 1));
        } else if pretty.lines().count() != kept.lines().count() {
            different.push(format!("{name} is shorter than its snapshot"));
        }
    }
    assert!(
        different.is_empty(),
        "{}\nif that is intended: KEOPS_TEST_OVERWRITE=1 cargo test --test expansion",
        different.join("\n")
    );
}

/// Whether a token occurs, groups included.
fn occurs(word: &str, tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => occurs(word, group.stream()),
        _ => false,
    })
}

#[test]
fn no_expansion_is_unsafe() {
    let random = (0..300).map(|seed| formula(&format!("f{seed}"), seed, 6).text);
    for text in FORMULAS.iter().map(|(_, text)| text.to_string()).chain(random) {
        let tokens = expansion(&text);
        assert!(!occurs("unsafe", tokens.clone()), "the expansion is unsafe of\n{text}");
        // The search finds what there is.
        assert!(occurs("fn", tokens.clone()), "no function for\n{text}");
        assert!(!occurs("compile_error", tokens), "an error for\n{text}");
    }
}

#[test]
fn an_expansion_is_always_the_same() {
    for seed in 0..50 {
        let text = formula("f", seed, 6).text;
        assert_eq!(expansion(&text).to_string(), expansion(&text).to_string(), "{text}");
    }
}
