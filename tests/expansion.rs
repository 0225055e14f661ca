//! What the macro writes: snapshots of a few expansions, and no `unsafe` in any.
//!
//! `KEOPS_TEST_OVERWRITE=1 cargo test --test expansion` writes the snapshots anew; the difference belongs in the review.

use keops_compiler::{Device, Options};
use keops_generate::formula;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The formulas whose expansions are kept: one for each shape of generated code.
const FORMULAS: [(&str, &str); 10] = [
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
    (
        "two_dimensions",
        "#[instances(D = 1, 2)]\n#[instances(E = 3)]\n\
         pub fn two_dimensions<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>) -> Vi<E> { (x_i | y_j) * v_j }",
    ),
    ("value", "|x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>| Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j"),
];

/// The items, or the expression, that a formula becomes.
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
        let tokens = expansion(text);
        let items = if text.starts_with('|') { quote!(fn around() { let value = #tokens; }) } else { tokens };
        let file = syn::parse2(items).unwrap_or_else(|e| panic!("{name} does not expand to items: {e}"));
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
    let marked = ["prune", "dot_products", "scaled_distances", "fast_maths"].map(|attribute| {
        format!(
            "#[{attribute}] #[grad] fn marked(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {{ {} }}",
            if attribute == "prune" {
                "Min_j(SqDist(x_i, y_j))"
            } else {
                "Exp(-Sqrt(SqDist(x_i, y_j) / s^2))"
            }
        )
    });
    for text in FORMULAS.iter().map(|(_, text)| text.to_string()).chain(random).chain(marked) {
        for device in [None, Some(Device::default())] {
            let tokens = text.parse().unwrap_or_else(|e| panic!("{e} in {text}"));
            let tokens = keops_compiler::expand(tokens, &Options { device, ..Options::default() }).tokens;
            assert!(!occurs("unsafe", tokens.clone()), "the expansion is unsafe of\n{text}");
            // The search finds what there is.
            assert!(occurs("fn", tokens.clone()), "no function for\n{text}");
            assert!(!occurs("compile_error", tokens), "an error for\n{text}");
        }
    }
}

#[test]
fn an_expansion_is_always_the_same() {
    for seed in 0..50 {
        let text = formula("f", seed, 6).text;
        assert_eq!(expansion(&text).to_string(), expansion(&text).to_string(), "{text}");
    }
}

/// The items of a module in a module in …
fn items(tokens: TokenStream, modules: &[&str]) -> Vec<syn::Item> {
    let file = syn::parse2::<syn::File>(tokens).expect("items");
    modules.iter().fold(file.items, |items, wanted| {
        let module = items.into_iter().find_map(|item| match item {
            syn::Item::Mod(module) if module.ident == wanted => module.content,
            _ => None,
        });
        module.unwrap_or_else(|| panic!("there is a module `{wanted}`")).1
    })
}

/// Nothing is lost by a dimension that is a parameter: what is compiled for one of its values is what is compiled for the number.
#[test]
fn an_instance_is_the_formula_with_its_numbers() {
    let attributes = "#[grad(x_i)]";
    for (arguments, result, body) in [
        ("x_i: Vi<D>, y_j: Vj<D>, b_j: Vj<1>, s: Pm<1>", "Vi<1>", "Exp(-SqDist(x_i, y_j) / (D * s^2)) * b_j"),
        ("x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>", "Vi<E>", "SumSoftMaxWeight_j((x_i | y_j), v_j)"),
        ("x_i: Vi<D>, y_j: Vj<D>, p: Pm<D>", "(Vi<D>, Vi<D, usize>)", "Min_ArgMin_j(p * Abs(x_i - y_j))"),
    ] {
        for (d, e) in [("1", "2"), ("3", "2"), ("64", "9")] {
            let of_both = arguments.contains("<E>");
            let (listed, parameters) = match of_both {
                true => (
                    format!("#[instances(D = 3, 1, 64)] #[instances(E = {e})]"),
                    "const D: usize, const E: usize",
                ),
                false => ("#[instances(D = 1, 3, 64)]".to_string(), "const D: usize"),
            };
            let generic =
                format!("{attributes} {listed} fn f<{parameters}>({arguments}) -> {result} {{ {body} }}");
            let numbers = |text: &str| text.replace("<D", &format!("<{d}")).replace("<E", &format!("<{e}"));
            let body = body.replace("D *", &format!("{d} *"));
            let literal =
                format!("{attributes} fn f({}) -> {} {{ {body} }}", numbers(arguments), numbers(result));
            let instance = format!("instance_{d}{}", if of_both { format!("_{e}") } else { String::new() });
            for function in [&["f"][..], &["f", "grad_x_i"]] {
                // The functions that evaluate it, and what belongs to the gradients, are not of the formula.
                let formula = |items: Vec<syn::Item>| -> String {
                    let items = items.iter();
                    items
                        .filter(|item| !matches!(item, syn::Item::Fn(_) | syn::Item::Mod(_)))
                        .map(|item| item.to_token_stream().to_string())
                        .collect()
                };
                let of_literal = formula(items(expansion(&literal), function));
                let of_instance =
                    formula(items(expansion(&generic), &[function, &[instance.as_str()]].concat()));
                assert!(of_literal.contains("Kernel"), "{literal}");
                assert_eq!(of_literal, of_instance, "{literal}");
            }
        }
    }
}
