//! Targets, and the versions of the language that know them.

/// The version of the language that a target came with.
pub(super) fn first_version(target: u32) -> (u32, u32) {
    match target {
        ..70 => (1, 0),
        70 => (6, 0),
        71..=72 => (6, 1),
        73..=75 => (6, 3),
        76..=80 => (7, 0),
        81..=86 => (7, 1),
        87 => (7, 4),
        88 => (9, 0),
        89..=90 => (7, 8),
        91..=101 => (8, 6),
        102..=103 => (8, 8),
        104..=110 => (9, 0),
        111..=120 => (8, 7),
        _ => (8, 8),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    /// What ptxas of CUDA 13.0 says.
    #[test]
    fn targets_have_a_first_version() {
        for (version, target, known) in [
            ("6.2", 75, false),
            ("6.3", 75, true),
            ("6.5", 80, false),
            ("7.0", 80, true),
            ("7.0", 86, false),
            ("7.7", 89, false),
            ("7.7", 90, false),
            ("7.8", 90, true),
            ("8.5", 100, false),
            ("8.6", 100, true),
            ("8.6", 120, false),
            ("8.7", 120, true),
            ("8.7", 121, false),
            ("8.8", 121, true),
        ] {
            let parsed = parse(&format!(".version {version}\n.target sm_{target}\n"));
            assert_eq!(parsed.is_ok(), known, "{version} sm_{target}");
            if let Err(error) = parsed {
                assert!(error.line == 2 && error.message.contains("does not know the target"), "{error}");
            }
        }
    }
}
