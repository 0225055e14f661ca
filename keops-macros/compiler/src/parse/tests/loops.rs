//! Loops are written out: a body with them is the body without.

use super::super::MAX_NODES;
use super::{block, read};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

fn function(body: &str) -> String {
    format!("fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<4>) -> Vi<1> {{ {body} }}")
}

fn written(body: &str) -> String {
    block(&function(body)).to_string()
}

#[test]
fn a_loop_is_its_rounds() {
    for (looped, by_hand) in [
        (
            "let mut k = 0; for n in 0..3 { k += s[n] * n; } k",
            "let k = 0; let k = k + s[0] * 0; let k = k + s[1] * 1; let k = k + s[2] * 2; k",
        ),
        (
            "let mut k = 1; for n in 2..=3 { k *= n; k /= 7; k -= n; k = k^n; } k",
            "let k = 1; let k = k * 2; let k = k / 7; let k = k - 2; let k = k^2; \
             let k = k * 3; let k = k / 7; let k = k - 3; let k = k^3; k",
        ),
        (
            "let mut k = 0; for c in s { k += c; } for c in x_i { k += c^2; } k",
            "let k = 0; let k = k + s[0]; let k = k + s[1]; let k = k + s[2]; let k = k + s[3]; \
             let k = k + x_i[0]^2; let k = k + x_i[1]^2; let k = k + x_i[2]^2; k",
        ),
        (
            "let mut k = 0; for w in [0.5, 2,] { let part = w * s[0]; k += part; } k",
            "let k = 0; let part = 0.5 * s[0]; let k = k + part; let part = 2 * s[0]; let k = k + part; k",
        ),
        (
            "let mut k = 0; for a in 0..2 { for b in a..2 { k += x_i[a] * y_j[2*b - a + 1 - 1]; } } k",
            "let k = 0; let k = k + x_i[0] * y_j[0]; let k = k + x_i[0] * y_j[2]; let k = k + x_i[1] * y_j[1]; k",
        ),
        // The variable of an inner loop is the inner one; a slice; a reduction's K; a name that is bound again.
        (
            "let mut k = 0; for n in 1..2 { for n in 2..3 { k += Sum(s[n-2..n]); } k += n; } KMin_j(k, 2)",
            "let k = 0; let k = k + Sum(s[0..2]); let k = k + 1; KMin_j(k, 2)",
        ),
        ("for n in 0..1 { let t = s[n]; } let t = 3; t", "let t = s[0]; let t = 3; t"),
        ("let mut k = 0; for _ in 0..2 { k += 1; } k", "let k = 0; let k = k + 1; let k = k + 1; k"),
    ] {
        assert_eq!(written(looped), written(by_hand), "{looped}");
    }
}

/// What a `macro_rules!` has substituted arrives in groups without delimiters.
#[test]
fn a_list_may_hold_what_was_substituted() {
    let invisible = |tokens: TokenStream| TokenTree::from(Group::new(Delimiter::None, tokens));
    let (a, b, c) = (invisible(quote!(0.5)), invisible(quote!(-2)), invisible(invisible(quote!(3)).into()));
    let tokens = quote!(fn f(s: Pm<4>) -> Vi<1> { let mut k = 0; for w in [#a, #b, -#c, -#b] { k += w; } k });
    let (block, faults) = super::read_tokens(tokens, "");
    assert!(faults.is_empty(), "{faults:?}");
    let text = block.to_string();
    for term in ["k + 0.5", "k + -2", "k + -3", "k + 2"] {
        assert!(text.contains(term), "{term} is not in {text}");
    }
}

#[test]
fn what_is_wrong_in_each_round_is_one_error() {
    for (body, message) in [
        ("let mut k = 0; for n in 0..3 { k += s[n] @ n; } k", "`@`"),
        ("let mut k = 0; for n in 0..3 { k + s[n] } k", "the value of this expression is lost"),
        ("let mut k = 0; for n in 0..3 { k += n } k", ""),
        ("for n in 0..3 { k += n; } s[0]", "`k` cannot change"),
        ("let k = 0; for n in 0..3 { k += n; } k", "write `let mut k = …;` where it is bound"),
        ("for n in 0..3 { let x_i = n; } s[0]", "`x_i` means something else outside the loop"),
        ("let d = 1; for n in 0..3 { let d = n; } d", "`d` means something else outside the loop"),
        ("for n in 0..3 { let n = 2; } s[0]", "`n` means something else outside the loop"),
        ("for n in 0..3 { let t = n; } t", "`t` is not known outside its loop"),
        ("let mut k = 0; for n in 3..3 { k += n; } k", "`3..3` is empty"),
        ("let mut k = 0; for n in [] { k += n; } k", "`[…]` is empty"),
        ("let mut k = 0; for n in 0..s { k += n; } k", "a loop cannot run over `0..s`"),
        ("let mut k = 0; for n in 0.5..2 { k += n; } k", "a loop cannot run over"),
        ("let mut k = 0; for n in t { k += n; } k", "a loop cannot run over `t`"),
        ("let d = x_i; let mut k = 0; for n in d { k += n; } k", "which is no argument"),
        ("let mut k = 0; for n in 0..3 { } k", "the loop does nothing"),
        ("let mut k = 0; for n in 0..3 k += n; k", "the loop has no statements in braces"),
        ("let mut k = 0; for n of 0..3 { k += n; } k", "`in` is missing after `for n`"),
        ("let mut k = 0; for (a, b) in 0..3 { k += 1; } k", "expected a name after `for`"),
        ("let mut k = 0; for fn in 0..3 { k += 1; } k", "`fn` cannot be a name"),
        ("let mut k = 0; for n in 0..3 { k += s[n - 1]; } k", "coordinate -1 is negative"),
        ("let mut k = 0; for n in 0..3 { k += s[n / 1]; } k", "is no integer literal"),
        ("let mut k = 0; for n in 0..1000000000 { k += n; } k", &format!("more than {MAX_NODES}")),
        (
            "let mut k = 0; for k in 0..3 { k += 1; } k",
            "`k` cannot change\nrule: it is the variable of a loop",
        ),
        ("let mut k = 0; for c in s { c = 1; k += c; } k", "`c` cannot change\nrule: it is the variable"),
        (
            "let mut k = 0; for s in 0..2 { for c in s { k += c; } } k",
            "over `s`, which is the variable of a loop",
        ),
        (
            "let mut k = 0; for n in 0..2 { for c in n { k += c; } } k",
            "over `n`, which is the variable of a loop",
        ),
        ("for n in 0..3 { while n { } } s[0]", "a formula has no `while`"),
    ] {
        let faults = read(&function(body)).1;
        if message.is_empty() {
            assert!(faults.is_empty(), "{body}: {faults:?}");
            continue;
        }
        assert_eq!(faults.len(), 1, "{body}: {faults:?}");
        assert!(faults[0].message.contains(message), "{body}: {}", faults[0].message);
    }
}
