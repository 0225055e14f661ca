//! Data flows one way through the compiler: a module uses what stands above it in `lib.rs`, never what is below.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Uses against the order, with their reasons.
const EXCEPTIONS: [(&str, &str); 1] = [
    // A node may name a row of the table of scalar functions, and a row's derivative is made of nodes: the graph and
    // the tables are one layer in two modules.
    ("ir", "ops"),
];

/// The modules of a crate in the order of its `lib.rs`.
fn modules(source: &Path) -> Vec<String> {
    let text = fs::read_to_string(source.join("lib.rs")).expect("lib.rs");
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("pub mod ").or(line.trim().strip_prefix("mod ")))
        .filter_map(|rest| rest.strip_suffix(';'))
        .map(str::to_string)
        .collect()
}

/// All Rust files below a module's file or folder, without those of its tests.
fn files(path: &Path, into: &mut Vec<PathBuf>) {
    if path.file_stem().is_some_and(|stem| stem == "tests" || stem == "testing") {
        return;
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            files(&entry.expect("an entry").path(), into);
        }
    } else if path.extension().is_some_and(|e| e == "rs") {
        into.push(path.to_path_buf());
    }
}

/// The text of a file without comments and without its test module, which is the last item.
fn code(text: &str) -> String {
    let mut lines = vec![];
    let mut rest = text.lines().map(|line| line.split("//").next().unwrap_or("")).peekable();
    while let Some(line) = rest.next() {
        let tests_follow = rest.peek().is_some_and(|next| next.trim_end().ends_with('{'));
        match line.trim() {
            "#[cfg(test)]" if tests_follow => break,
            "#[cfg(test)]" => drop(rest.next()),
            _ => lines.push(line),
        }
    }
    lines.join("\n")
}

/// The modules named after `crate::`, in a path or in a `use` with braces.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        // `use crate::{a::B, c};` names the first segment of every item at the outer level.
        let heads: Vec<&str> = match rest.strip_prefix('{') {
            None => vec![rest],
            Some(list) => outer_items(list),
        };
        for head in heads {
            let end = head.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(head.len());
            found.insert(head[..end].to_string());
        }
    }
    found
}

/// The comma-separated items of a brace list, up to its closing brace.
fn outer_items(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, vec![]);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                items.push(list[start..at].trim());
                break;
            }
            ',' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn modules_use_only_what_is_above_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("keops-macros/compiler/src");
    let order = modules(&source);
    assert!(order.len() > 5, "the modules of lib.rs were not found: {order:?}");
    let place = |name: &str| order.iter().position(|m| m == name);
    let (mut wrong, mut edges) = (vec![], 0);
    for (at, module) in order.iter().enumerate() {
        let mut all = vec![];
        for path in [source.join(format!("{module}.rs")), source.join(module)] {
            if path.exists() {
                files(&path, &mut all);
            }
        }
        assert!(!all.is_empty(), "module {module} has no file");
        for file in all {
            let text = fs::read_to_string(&file).expect("a source file");
            for name in used(&code(&text)) {
                edges += usize::from(place(&name).is_some_and(|p| p != at));
                let allowed = EXCEPTIONS.contains(&(module.as_str(), name.as_str()));
                if !allowed && place(&name).is_some_and(|p| p > at) {
                    wrong.push(format!("{} uses crate::{name}, which comes after {module}", file.display()));
                }
            }
        }
    }
    assert!(edges > 10, "only {edges} uses of other modules were found: the search is broken");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn uses_are_found_in_every_form() {
    let names = |text: &str| used(text).into_iter().collect::<Vec<_>>();
    assert_eq!(names("use crate::ir::{Dim, Graph};"), ["ir"]);
    assert_eq!(names("use crate::{ast::Kind, ir::{Dim, Op}, number};"), ["ast", "ir", "number"]);
    assert_eq!(names("let x = crate::passes::run(y);"), ["passes"]);
}

#[test]
fn comments_and_tests_do_not_count() {
    let text = "use crate::a;\n/// [`crate::b`]\n#[cfg(test)]\nuse crate::c;\nuse crate::d;\n#[cfg(test)]\nmod tests {\n use crate::e;\n}\n";
    assert_eq!(used(&code(text)).into_iter().collect::<Vec<_>>(), ["a", "d"]);
}
