//! Dimension parameters and their values: what they mean, and what is refused where.

use super::{block, read, refused};
use crate::ast::Dimension;

#[test]
fn parameters_and_their_values() {
    let block = block(
        "#[instances(E = 10)]
        #[instances(D = 7, 1..=3,)]
        fn f<const D: usize, const E: usize,>(x_i: Vi<D>, y_j: Vj<E>, s: Pm<2>) -> (Vi<E>, Vi<D, usize>) { 1 }",
    );
    let function = &block.functions[0];
    let parameters: Vec<_> = function.dimensions.iter().map(|d| (d.name.to_string(), d.list())).collect();
    assert_eq!(parameters, [("D".into(), "1..=3, 7".into()), ("E".into(), "10".into())]);
    assert_eq!(function.instances(), [[1, 10], [2, 10], [3, 10], [7, 10]]);
    assert!(matches!(&function.arguments[1].dim, Some(Dimension::Parameter(name)) if name == "E"));
    let printed = function.instance(&[3, 10]).to_string();
    let expected = "fn f(x_i: Vi<3>, y_j: Vj<10>, s: Pm<2>) -> (Vi<10>, Vi<3, usize>) {";
    assert_eq!(printed.lines().next(), Some(expected));
}

#[test]
fn a_function_without_parameters_is_its_only_instance() {
    let block = block("fn f<>(x_i: Vi<3>) -> Vj<3> { x_i }");
    let function = &block.functions[0];
    assert_eq!(function.instances(), [[0_usize; 0]]);
    assert_eq!(function.instance(&[]).to_string(), function.to_string());
}

#[test]
fn the_value_of_a_parameter_is_a_number_that_can_be_shadowed() {
    let block =
        block("#[instances(D = 4)] fn f<const D: usize>(x_i: Vi<D>) -> Vj<D> { let D = 1 / D; x_i * D }");
    let body = block.functions[0].instance(&[4]).body.unwrap();
    let lets: Vec<String> = body.lets.iter().map(|l| format!("{} = {}", l.name, l.value)).collect();
    assert_eq!(lets, ["D = 4", "D = 1 / D"]);
}

#[test]
fn wrong_parameters() {
    for (parameters, at, fragment) in [
        ("T", "T", "`f` cannot have the generic parameter `T`"),
        ("'a, const D: usize", "'a, const D: usize", "cannot have the generic parameter `'a,"),
        ("const D: u32", "const D: u32", "`f` cannot have the generic parameter `const D:u32`"),
        ("const D: usize = 3", "const D: usize = 3", "generic parameter"),
        ("const D: usize, F: Fn(A<B>) -> C", "F: Fn(A<B>) -> C", "generic parameter `F:Fn(…)->C`"),
        ("const _: usize", "_", "`_` cannot be a name"),
        ("const D: usize, const D: usize", "D", "a second dimension parameter is named `D`"),
        ("const D: usize", "D", "no argument has the dimension `D`"),
    ] {
        refused(&format!("fn f<{parameters}>(x_i: Vi<1>) -> Vj<1> {{ x_i }}"), at, fragment);
    }
    let both = "#[instances(S = 3)] fn f<const S: usize>(x_i: Vi<S>, S: Pm<1>) -> Vj<1> { S }";
    refused(both, "S", "`S` is a dimension parameter and an argument");
}

#[test]
fn wrong_dimensions() {
    for (kind, at, fragment) in [
        ("Vi<E>", "E", "there is no dimension parameter `E`"),
        ("Vi<E>", "E", "write `Vi<D>`"),
        ("Vi<D + 1>", "D + 1", "the dimension `D+1` of this `Vi` is computed from a parameter"),
        ("Vi<2 * D>", "2 * D", "is computed from a parameter"),
        ("Vi<{ D }>", "{ D }", "is no integer literal"),
        ("Vi<D, f32>", "f32", "`f32` cannot stand here"),
    ] {
        let text =
            format!("#[instances(D = 3)] fn f<const D: usize>(x_i: Vi<D>, u_i: {kind}) -> Vj<1> {{ u_i }}");
        refused(&text, at, fragment);
        let text = format!("#[instances(D = 3)] fn f<const D: usize>(y_j: Vj<D>) -> {kind} {{ y_j }}");
        refused(&text, at, fragment);
    }
}

#[test]
fn wrong_values() {
    for (attributes, at, fragment) in [
        ("", "D", "it is not said what `D` can be"),
        ("#[instances]", "#[instances]", "`#[instances]` takes a dimension parameter and its values"),
        ("#[instances(3)]", "#[instances(3)]", "`#[instances]` takes a dimension parameter"),
        ("#[instances(D = )]", "#[instances(D = )]", "`#[instances]` takes a dimension parameter"),
        ("#[instances(D: 3)]", "#[instances(D: 3)]", "`#[instances]` takes a dimension parameter"),
        ("#[instances(D = 3) x]", "#[instances(D = 3) x]", "`#[instances]` takes a dimension parameter"),
        ("#[instances(D = 0)]", "0", "`0` is no dimension"),
        ("#[instances(D = 3, 4097)]", "4097", "`4097` is no dimension"),
        ("#[instances(D = 3.0)]", "3.0", "`3.0` is no dimension"),
        ("#[instances(D = 3 4)]", "3 4", "`3 4` is no dimension"),
        ("#[instances(D = 1..4)]", "1..4", "`1..4` is no dimension"),
        ("#[instances(D = 1..=)]", "1..=", "`1..=` is no dimension"),
        ("#[instances(D = 3,, 4)]", ",", "`,` is no dimension"),
        ("#[instances(D = 4..=1)]", "4..=1", "there is nothing in the range 4..=1"),
        ("#[instances(D = 1..=4, 3)]", "3", "3 is listed twice"),
        ("#[instances(D = 3)] #[instances(E = 3)]", "E", "`f` has no dimension parameter `E`"),
        ("#[instances(D = 3)] #[instances(D = 4)]", "#[instances(D = 4)]", "a second `#[instances]` for `D`"),
        ("#[instances(D = 1..=257)]", "#[instances(D = 1..=257)]", "has 257 instances, which are too many"),
    ] {
        let text = format!("{attributes} fn f<const D: usize>(x_i: Vi<D>) -> Vj<1> {{ x_i }}");
        refused(&text, at, fragment);
    }
    let two = "#[instances(D = 1..=4096)] #[instances(E = 1..=4096)]
        fn f<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<E>) -> Vj<1> { 1 }";
    refused(two, "#[instances(E = 1..=4096)]", "has 16777216 instances");
    refused(
        "#[instances(D = 3)] fn f(x_i: Vi<3>) -> Vj<3> { x_i }",
        "D",
        "`f` has no dimension parameter `D`",
    );
}

#[test]
fn the_signature_survives_wrong_values() {
    let (block, faults) = read("fn f<const D: usize>(x_i: Vi<D>) -> Vj<D> { x_i }");
    assert_eq!(faults.len(), 1);
    let function = &block.functions[0];
    assert!(function.body.is_none());
    assert_eq!((function.dimensions.len(), function.arguments.len(), function.results.len()), (1, 1, 1));
}
