//! What a PTX text says about itself in its first lines.

/// The version of the language, major and minor: `.version 6.3`.
pub(super) fn version(ptx: &str) -> Option<(u32, u32)> {
    let (major, minor) = directive(ptx, ".version")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Ten times the compute capability of the least device that can run it: 75 for `.target sm_75`.
pub(super) fn target(ptx: &str) -> Option<u32> {
    let name = directive(ptx, ".target")?.strip_prefix("sm_")?;
    let digits = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    name[..digits].parse().ok()
}

/// What follows a directive.
fn directive<'a>(ptx: &'a str, name: &str) -> Option<&'a str> {
    ptx.lines().find_map(|line| line.trim_start().strip_prefix(name)?.split_whitespace().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_target_are_read() {
        let ptx = "//\n// Generated\n//\n\n.version 8.4\n.target sm_90a, debug\n.address_size 64\n";
        assert_eq!((version(ptx), target(ptx)), (Some((8, 4)), Some(90)));
        assert_eq!((version("no PTX"), target("no PTX")), (None, None));
    }
}
