//! The formulas of a package: every `keops! { … }` in its sources.
//!
//! Files are searched as token streams, not as syntax trees, so that a formula is found wherever it stands: in the
//! body of another macro, behind any `cfg`, in a module that no target uses. A formula that exists only after the
//! expansion of a macro is not found, nor is one whose macro was imported under another name.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use proc_macro2::{LexError, TokenStream, TokenTree};

use crate::Error;

/// The folders in which Cargo looks for the targets of a package.
pub(crate) const SOURCES: [&str; 4] = ["src", "examples", "tests", "benches"];

/// Where a `keops!` is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, relative to the package, with `/` between folders on all platforms.
    pub file: String,
    /// The line of the word `keops`, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What is between the delimiters of one `keops!`.
pub(crate) struct Block {
    pub(crate) place: Place,
    pub(crate) tokens: TokenStream,
}

/// All blocks of a package, in the order of file names and lines.
#[derive(Default)]
pub(crate) struct Scan {
    pub(crate) blocks: Vec<Block>,
    /// Files that are no Rust, each with a sentence about it.
    pub(crate) skipped: Vec<String>,
}

/// Searches `sources`, files or folders of the package in `package`, for macros of these names. Those that do not exist are passed over.
///
/// Folders that begin with a dot, packages within the package and Cargo's target folders are not entered.
pub(crate) fn scan(package: &Path, sources: &[PathBuf], names: &[String]) -> Result<Scan, Error> {
    let mut files = BTreeSet::new();
    let mut entered = BTreeSet::new();
    for source in sources {
        let path = package.join(source);
        if path.is_dir() {
            collect(&path, &mut files, &mut entered).map_err(|error| Error::file("read", &path, error))?;
        } else if path.is_file() {
            files.insert(path);
        }
    }
    let mut scan = Scan::default();
    for path in files {
        let name = display_name(package, &path);
        let bytes = fs::read(&path).map_err(|error| Error::file("read", &path, error))?;
        match String::from_utf8(bytes) {
            Err(_) => scan.skipped.push(format!("{name} is not searched for formulas: it is not UTF-8")),
            Ok(text) => match blocks(&name, &text, names) {
                Ok(found) => scan.blocks.extend(found),
                Err(error) => scan.skipped.push(format!(
                    "{name} is not searched for formulas: line {} is not Rust ({error})",
                    error.span().start().line
                )),
            },
        }
    }
    Ok(scan)
}

/// Rust files below a folder. `entered` holds the folders seen, since symbolic links may lead back to them.
fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>, entered: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if !entered.insert(folder.canonicalize()?) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            // A module may well be called `target`, so that the folder is told by the tag that Cargo puts in it.
            let foreign = ["Cargo.toml", "CACHEDIR.TAG"].iter().any(|mark| path.join(mark).is_file());
            if !hidden && !foreign {
                collect(&path, files, entered)?;
            }
        } else if path.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(path);
        }
    }
    Ok(())
}

fn display_name(package: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(package).unwrap_or(path);
    relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// The blocks of one file.
fn blocks(file: &str, text: &str, names: &[String]) -> Result<Vec<Block>, LexError> {
    let mut found = Vec::new();
    search(without_shebang(text).parse()?, file, names, &mut found);
    Ok(found)
}

/// The first line of a script names its interpreter. It is cut, its line break is not: lines keep their numbers.
fn without_shebang(text: &str) -> &str {
    let is_attribute = |rest: &str| rest.trim_start().starts_with('[');
    match text.strip_prefix("#!") {
        Some(rest) if !is_attribute(rest) => &rest[rest.find('\n').unwrap_or(rest.len())..],
        _ => text,
    }
}

fn search(tokens: TokenStream, file: &str, names: &[String], found: &mut Vec<Block>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => search(group.stream(), file, names, found),
            TokenTree::Ident(word) if names.iter().any(|name| word == name.as_str()) => {
                let is_bang =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!');
                if tokens.next_if(is_bang).is_some()
                    && let Some(TokenTree::Group(group)) =
                        tokens.next_if(|token| matches!(token, TokenTree::Group(_)))
                {
                    found.push(Block {
                        place: Place { file: file.to_owned(), line: word.span().start().line },
                        tokens: group.stream(),
                    });
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    /// Lines and texts of the blocks of a file.
    fn found(text: &str) -> Vec<(usize, String)> {
        let blocks = blocks("src/lib.rs", text, &["keops".to_owned()]).expect("the text is Rust");
        blocks.iter().map(|block| (block.place.line, block.tokens.to_string())).collect()
    }

    fn default_sources() -> Vec<PathBuf> {
        SOURCES.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn every_path_and_delimiter_is_found() {
        let text = "keops! { a }\nkeops::keops!( b );\n::keops::keops! [ c ];";
        assert_eq!(found(text), [(1, "a".into()), (2, "b".into()), (3, "c".into())]);
    }

    #[test]
    fn formulas_inside_macros_and_behind_cfg_are_found() {
        let text =
            "macro_rules! m { () => { keops!(a) } }\n#[cfg(no)]\nmod n {\n keops! { b } }\nvec![[keops!(c)]]";
        assert_eq!(found(text), [(1, "a".into()), (4, "b".into()), (5, "c".into())]);
    }

    #[test]
    fn the_word_alone_is_no_formula() {
        let text = r#"
            // keops! { a }
            /// keops! { a }
            use keops::keops;
            macro_rules! keops { () => {} }
            fn f(keops: bool) -> bool { keops != (true) && !keops && "keops! { a }" != "" }
            my_keops! { a }
        "#;
        assert_eq!(found(text), []);
    }

    #[test]
    fn lines_are_those_of_the_file_below_a_shebang() {
        assert_eq!(found("#!/usr/bin/env it's-a-script\n\nkeops! { a }"), [(3, "a".into())]);
        assert_eq!(found("#![allow(dead_code)] keops! { a }"), [(1, "a".into())]);
        assert_eq!(found("#!/bin/sh"), []);
    }

    #[test]
    fn the_tokens_of_a_block_carry_their_lines() {
        let blocks =
            blocks("src/lib.rs", "\nkeops! {\n\n a }", &["keops".to_owned()]).expect("the text is Rust");
        let first = blocks[0].tokens.clone().into_iter().next().expect("there is one token");
        assert_eq!(first.span().start().line, 4);
    }

    #[test]
    fn only_sources_of_the_package_itself_are_searched() {
        let package = Folder::new();
        for path in [
            "Cargo.toml",
            "lib.rs",
            "build/main.rs",
            "src/a.rs",
            "src/a.txt",
            "src/.hidden/b.rs",
            "src/target/c.rs",
            "examples/d/main.rs",
            "tests/e.rs",
            "tests/package/src/f.rs",
            "tests/output/g.rs",
        ] {
            package.write(path, "keops! { a }");
        }
        package.write("tests/package/Cargo.toml", "");
        package.write("tests/output/CACHEDIR.TAG", "");
        let scan =
            scan(package.path(), &default_sources(), &["keops".to_owned()]).expect("all files can be read");
        let files: Vec<_> = scan.blocks.iter().map(|block| block.place.file.as_str()).collect();
        assert_eq!(files, ["examples/d/main.rs", "src/a.rs", "src/target/c.rs", "tests/e.rs"]);
        assert_eq!(scan.skipped, [""; 0]);
    }

    #[test]
    fn what_does_not_lex_is_named_and_skipped() {
        let package = Folder::new();
        package.write("src/a.rs", "fn f() {\n  \"");
        package.write("src/b.rs", [0xff, 0xfe]);
        package.write("src/c.rs", "keops! { a }");
        let scan =
            scan(package.path(), &default_sources(), &["keops".to_owned()]).expect("all files can be read");
        assert_eq!(scan.blocks.len(), 1);
        assert!(
            scan.skipped[0].starts_with("src/a.rs is not searched for formulas: line 2"),
            "{}",
            scan.skipped[0]
        );
        assert_eq!(scan.skipped[1..], ["src/b.rs is not searched for formulas: it is not UTF-8"]);
    }

    #[test]
    #[cfg(unix)]
    fn links_that_lead_back_end() {
        let package = Folder::new();
        package.write("src/a.rs", "keops! { a }");
        std::os::unix::fs::symlink(package.path().join("src"), package.path().join("src/again"))
            .expect("the link is new");
        let scan =
            scan(package.path(), &default_sources(), &["keops".to_owned()]).expect("all files can be read");
        assert_eq!(scan.blocks.len(), 1);
    }
}
