//! What a user sees of a wrong formula: one file for each kind of mistake, with rustc's output beside it.
//!
//! rustc's own layout changes from version to version, so its whole output is compared with the toolchain that the
//! snapshots were made with only. With every toolchain, the compiler's sentences and their places are compared with them:
//! for that, no rustc is needed. `TRYBUILD=overwrite cargo test --test ui` writes the snapshots anew.

use keops_compiler::Options;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The toolchain of the snapshots.
const TOOLCHAIN: &str = "rustc 1.95.";

/// The number of files that the search below must find at least.
const FILES: usize = 228;

/// The number of sentences that the search for them must find at least.
const SENTENCES: usize = 170;

/// Words of a sentence shorter than this may be another's.
const TELLING: usize = 12;

fn files() -> Vec<PathBuf> {
    let mut files = vec![];
    for folder in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")).expect("a folder") {
        for file in fs::read_dir(folder.expect("an entry").path()).expect("a folder of mistakes") {
            let path = file.expect("an entry").path();
            if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() >= FILES, "{} files", files.len());
    files
}

/// Line and column, counted from 1 as rustc does, and the first line of what is said there.
type Told = (usize, usize, String);

/// What stands in the first `keops! { … }` among some tokens.
fn formula(tokens: TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    (0..tokens.len()).find_map(|k| match &tokens[k..] {
        [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(formula), ..]
            if name == "keops" && bang.as_char() == '!' =>
        {
            Some(formula.stream())
        }
        [TokenTree::Group(group), ..] => self::formula(group.stream()),
        _ => None,
    })
}

/// What the compiler says of the `keops! { … }` in a file.
fn told_by_the_compiler(path: &Path) -> Vec<Told> {
    let text = fs::read_to_string(path).expect("a source file");
    let formula = formula(text.parse().expect("the file consists of tokens")).expect("a macro call");
    let mut expansion: Vec<TokenTree> =
        keops_compiler::expand(formula, &Options::default()).tokens.into_iter().collect();
    // Where an expression stands, the errors are in a block.
    if let [TokenTree::Group(block)] = &expansion[..] {
        expansion = block.stream().into_iter().collect();
    }
    // `::core::compile_error! { "…" }`, whose path carries the place.
    let errors = expansion.windows(3).filter_map(|window| match window {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(body)] if name == "compile_error" => {
            let message: syn::LitStr = syn::parse2(body.stream()).expect("the message is a string");
            let sentence = message.value().lines().next().expect("a sentence").to_string();
            let start = name.span().start();
            Some((start.line, start.column + 1, sentence))
        }
        _ => None,
    });
    errors.collect()
}

/// What a snapshot says of ours: each `error: …` with the place in the line that follows with an arrow. Errors of rustc itself,
/// which have numbers, are those of calls.
fn told_by_the_snapshot(path: &Path) -> Vec<Told> {
    let text = fs::read_to_string(path.with_extension("stderr"))
        .unwrap_or_else(|_| panic!("{} has no snapshot: TRYBUILD=overwrite writes it", path.display()));
    let mut told = vec![];
    let mut sentence = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("error: ") {
            sentence = Some(rest.to_string());
        } else if let Some((_, place)) = line.split_once("--> ") {
            let mut numbers = place.rsplit(':').map(|n| n.trim().parse::<usize>().expect("line and column"));
            let (column, line) = (numbers.next().expect("a column"), numbers.next().expect("a line"));
            told.extend(sentence.take().map(|sentence| (line, column, sentence)));
        }
    }
    told
}

#[test]
fn sentences_and_places() {
    for path in files() {
        let (mut compiler, mut snapshot) = (told_by_the_compiler(&path), told_by_the_snapshot(&path));
        // rustc sorts errors by place.
        compiler.sort();
        snapshot.sort();
        assert_eq!(compiler, snapshot, "{}", path.display());
    }
}

/// The parts between the inserted values of the strings in a function.
fn parts(tokens: TokenStream, into: &mut Vec<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => parts(group.stream(), into),
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { continue };
                let pieces = text.value().replace(['\n', '{'], "}");
                into.extend(pieces.split('}').map(words).filter(|piece| piece.len() >= TELLING));
            }
            _ => {}
        }
    }
}

/// A text with single spaces, however rustc broke its lines.
fn words(text: &str) -> String {
    text.lines()
        .flat_map(|line| line.trim_start_matches([' ', '|', '=']).split_whitespace())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The functions that make sentences, with the parts of their strings.
fn sentences(folder: &Path) -> Vec<(String, Vec<String>)> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).expect("the folder of the sentences") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sentences(&path));
            continue;
        }
        let file = syn::parse_file(&fs::read_to_string(&path).expect("a source file")).expect("Rust");
        for item in file.items {
            let syn::Item::Fn(function) = item else { continue };
            if matches!(function.vis, syn::Visibility::Inherited) {
                continue;
            }
            let mut own = vec![];
            parts(function.block.to_token_stream(), &mut own);
            if !own.is_empty() {
                found.push((function.sig.ident.to_string(), own));
            }
        }
    }
    found
}

#[test]
fn every_sentence_is_shown() {
    let shown: Vec<String> = files()
        .iter()
        .map(|path| words(&fs::read_to_string(path.with_extension("stderr")).expect("a snapshot")))
        .collect();
    let sentences =
        sentences(&Path::new(env!("CARGO_MANIFEST_DIR")).join("keops-macros/compiler/src/message"));
    assert!(sentences.len() >= SENTENCES, "{} sentences", sentences.len());
    // What two sentences share, such as a rule, does not tell which of them was shown (unless they share all).
    let shared =
        |part: &str| sentences.iter().filter(|(_, parts)| parts.iter().any(|p| p == part)).count() > 1;
    let mut hidden = vec![];
    for (name, parts) in &sentences {
        let (common, own): (Vec<&String>, Vec<&String>) = parts.iter().partition(|part| shared(part));
        let telling = if own.is_empty() { common } else { own };
        if !telling.iter().any(|part| shown.iter().any(|text| text.contains(part.as_str()))) {
            hidden.push((name, telling));
        }
    }
    assert!(hidden.is_empty(), "no file under tests/ui shows {hidden:#?}");
}

#[test]
fn one_mistake_is_one_error() {
    let is_in = |path: &Path, folder: &str| path.components().any(|c| c.as_os_str() == folder);
    for path in files().iter().filter(|path| !is_in(path, "several")) {
        // What is wrong with a call is said by rustc, in our words.
        let is_call = is_in(path, "calls");
        let told = told_by_the_compiler(path);
        assert_eq!(told.len(), usize::from(!is_call), "{}: {told:?}", path.display());
        let snapshot = fs::read_to_string(path.with_extension("stderr")).expect("a snapshot");
        let errors = snapshot.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{}: {snapshot}", path.display());
    }
}

#[test]
fn whole_output() {
    let version =
        Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-V").output();
    let version = String::from_utf8(version.expect("rustc runs").stdout).expect("a version is text");
    if !version.starts_with(TOOLCHAIN) {
        // To the terminal itself: what a test prints that passes is not shown.
        let _ = writeln!(std::io::stderr(), "skipped: the snapshots are of {TOOLCHAIN}x, this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}
