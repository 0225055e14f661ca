//! What declarations mean.

use super::{block, read, read_tokens, refused, text};
use crate::ast::{Dimension, Kind};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

fn number(dim: &Option<Dimension>) -> Option<usize> {
    dim.as_ref().and_then(Dimension::number)
}

#[test]
fn a_whole_function() {
    let source = "
        /// Gaussian convolution.
        #[inline]
        #[grad(x_i, s)]
        pub(crate) fn gauss(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4_096>, s: Pm<1>,) -> Vi<1> {
            Exp(-SqDist(x_i, y_j) / s^2) * b_j
        }";
    let block = block(source);
    let [function] = block.functions.as_slice() else { panic!() };
    let attributes: Vec<String> = function.attributes.iter().map(ToString::to_string).collect();
    assert_eq!(attributes.len(), 2);
    assert!(attributes[0].contains("doc") && attributes[0].contains("Gaussian convolution."));
    assert_eq!(attributes[1], "# [inline]");
    let gradients = function.gradients.as_ref().unwrap();
    assert_eq!(gradients.names.iter().map(ToString::to_string).collect::<Vec<_>>(), ["x_i", "s"]);
    assert_eq!(text(gradients.place, source), "#[grad(x_i, s)]");
    assert_eq!(function.visibility.to_string().replace(' ', ""), "pub(crate)");
    assert_eq!(function.name, "gauss");
    let arguments: Vec<_> = function
        .arguments
        .iter()
        .map(|a| (a.name.to_string(), a.kind, number(&a.dim), text(a.type_place, source)))
        .collect();
    let expected = [
        ("x_i", Kind::I, 3, "Vi<3>"),
        ("y_j", Kind::J, 3, "Vj<3>"),
        ("b_j", Kind::J, 4096, "Vj<4_096>"),
        ("s", Kind::Parameter, 1, "Pm<1>"),
    ];
    assert_eq!(
        arguments,
        expected.map(|(name, kind, dim, text)| (name.into(), kind, Some(dim), text.into()))
    );
    assert_eq!(text(function.results_place, source), "Vi<1>");
    assert!(function.body.is_some());
}

#[test]
fn results() {
    for (written, expected) in [
        ("Vi<1>", vec![(Kind::I, 1, false)]),
        ("Vj<10, usize>", vec![(Kind::J, 10, true)]),
        ("Vi<10, usize,>", vec![(Kind::I, 10, true)]),
        ("Pm<2>", vec![(Kind::Parameter, 2, false)]),
        ("(Vi<10>, Vi<10, usize>)", vec![(Kind::I, 10, false), (Kind::I, 10, true)]),
        ("(Vi<1>,)", vec![(Kind::I, 1, false)]),
    ] {
        let source = format!("fn f(x_i: Vi<1>) -> {written} {{ x_i }}");
        let block = block(&source);
        let function = &block.functions[0];
        let results: Vec<_> =
            function.results.iter().map(|r| (r.kind, number(&r.dim).unwrap(), r.index)).collect();
        assert_eq!(results, expected, "{written}");
        assert_eq!(text(function.results_place, &source), written);
    }
}

#[test]
fn any_number_of_functions() {
    assert!(block("").functions.is_empty());
    let two = block("fn a(x_i: Vi<1>) -> Vj<1> { x_i } #[grad] pub fn b() -> Vi<1> { 1 }");
    assert_eq!(two.functions.len(), 2);
    assert!(two.functions[0].visibility.is_empty());
    assert!(two.functions[1].gradients.as_ref().unwrap().names.is_empty());
}

#[test]
fn near_misses_of_our_attributes_are_one_error_and_others_are_passed_on() {
    for (written, meant) in [
        ("#[gradient(x_i)]", "#[grad(x_i)]"),
        ("#[gradient]", "#[grad]"),
        ("#[dot_product]", "#[dot_products]"),
        ("#[fast_math]", "#[fast_maths]"),
        ("#[pruned]", "#[prune]"),
        ("#[scaled_distance]", "#[scaled_distances]"),
    ] {
        let source = format!("{written} fn f(x_i: Vi<1>) -> Vj<1> {{ x_i }}");
        refused(&source, written, &format!("did you mean `{meant}`?"));
    }
    let source = "#[instance(D = 2)] fn f<const D: usize>(x_i: Vi<D>) -> Vj<D> { x_i }";
    refused(source, "#[instance(D = 2)]", "did you mean `#[instances(D = 2)]`?");
    let others = "#[inline] #[must_use] #[doc = \"grad\"] #[tracing::instrument] #[other::gradient] #[allow(dead_code)] \
        #[gradient_check] #[deprecated] #[cold] #[track_caller]";
    let block = block(&format!("{others} fn f(x_i: Vi<1>) -> Vj<1> {{ x_i }}"));
    assert_eq!(block.functions[0].attributes.len(), 10);
}

#[test]
fn cfg_may_choose_between_functions_of_one_name() {
    let block =
        block("#[cfg(a)] fn f(x_i: Vi<1>) -> Vj<1> { x_i } #[cfg(not(a))] fn f(x_i: Vi<2>) -> Vj<2> { x_i }");
    assert_eq!(block.functions.len(), 2);
}

#[test]
fn a_body_in_error_leaves_the_signature() {
    let (block, faults) = read("fn a(x_i: Vi<1>) -> Vj<1> { } fn b(x_i: Vi<1>) -> Vj<1> { x_i }");
    assert_eq!(faults.len(), 1);
    assert_eq!(block.functions.len(), 2);
    assert!(block.functions[0].body.is_none());
    assert_eq!(block.functions[0].arguments.len(), 1);
    assert!(block.functions[1].body.is_some());
}

/// What a `macro_rules!` has substituted arrives in groups without delimiters.
#[test]
fn substituted_fragments_are_read_as_if_they_were_written() {
    let invisible = |tokens: TokenStream| TokenTree::from(Group::new(Delimiter::None, tokens));
    let (vis, dim, value) = (invisible(quote!(pub(crate))), invisible(quote!(3)), invisible(quote!(x_i + 1)));
    let (meta, index) = (invisible(quote!(grad(x_i))), invisible(invisible(quote!(2)).into()));
    let nothing = invisible(quote!());
    let tokens = quote!(#nothing #[#meta] #vis fn f(x_i: Vi<#dim>) -> Vj<1> { let d = #value; 2 * #value * d[#index] });
    let (block, faults) = read_tokens(tokens, "");
    assert!(faults.is_empty(), "{faults:?}");
    let function = &block.functions[0];
    assert_eq!(function.visibility.to_string().replace(' ', ""), "pub(crate)");
    assert_eq!(function.gradients.as_ref().unwrap().names.len(), 1);
    assert_eq!(number(&function.arguments[0].dim), Some(3));
    let shape = super::shape(&function.body.as_ref().unwrap().result);
    assert_eq!(shape, "(prod *2 *(sum +x_i +1) *d[2])");
}
