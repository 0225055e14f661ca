//! From which version of PTX and for which targets instructions and modifiers are available.

use crate::ptx::Opcode;

/// An instruction (any, if empty), a modifier of it (none needed, if empty; those that begin so, if it ends in `::`), the
/// first version of PTX, and the first target.
type Entry = (&'static str, &'static str, (u32, u32), u32);

/// What not all targets from sm_70 on, or not all versions from 6.0 on, have.
const ENTRIES: [Entry; 21] = [
    ("activemask", "", (6, 2), 30),
    ("nanosleep", "", (6, 3), 70),
    ("tanh", "", (7, 0), 75),
    ("redux", "", (7, 0), 80),
    ("min", "NaN", (7, 0), 80),
    ("max", "NaN", (7, 0), 80),
    ("ld", "L1::", (7, 4), 70),
    ("st", "L1::", (7, 4), 70),
    ("ld", "L2::64B", (7, 4), 75),
    ("ld", "L2::128B", (7, 4), 75),
    ("ld", "L2::256B", (7, 4), 80),
    ("bar", "cta", (7, 8), 70),
    ("barrier", "cta", (7, 8), 70),
    ("", "shared::cta", (7, 8), 70),
    ("", "cluster", (7, 8), 90),
    ("", "param::entry", (8, 3), 70),
    ("", "param::func", (8, 3), 70),
    ("ld", "v8", (8, 8), 100),
    ("st", "v8", (8, 8), 100),
    ("fence", "", (6, 0), 70),
    ("barrier", "", (6, 0), 30),
];

/// Refuses what the version or the target lacks.
pub(super) fn check(opcode: &Opcode, version: (u32, u32), target: u32) -> Result<(), String> {
    let concerns = |(name, modifier, ..): &&Entry| {
        let matches = |m: &String| m == modifier || modifier.ends_with("::") && m.starts_with(modifier);
        (name.is_empty() || *name == opcode.name)
            && (modifier.is_empty() || opcode.modifiers.iter().any(matches))
    };
    for (_, _, (major, minor), first_target) in ENTRIES.iter().filter(concerns) {
        if version < (*major, *minor) {
            let (text_major, text_minor) = version;
            return Err(format!(
                "instruction `{opcode}` needs PTX {major}.{minor}, and the text is of {text_major}.{text_minor}"
            ));
        }
        if target < *first_target {
            return Err(format!(
                "instruction `{opcode}` needs sm_{first_target}, and the text is for sm_{target}"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ptxas of CUDA 13.0 says.
    #[test]
    fn versions_and_targets() {
        for (opcode, version, target, needed) in [
            ("tanh.approx.f32", (6, 5), 75, "PTX 7.0"),
            ("tanh.approx.f32", (7, 0), 70, "sm_75"),
            ("tanh.approx.f32", (7, 0), 75, ""),
            ("redux.sync.add.u32", (7, 0), 75, "sm_80"),
            ("redux.sync.add.u32", (7, 0), 80, ""),
            ("min.NaN.f32", (7, 8), 75, "sm_80"),
            ("min.f32", (6, 3), 70, ""),
            ("ld.global.nc.L1::no_allocate.f32", (7, 3), 80, "PTX 7.4"),
            ("ld.global.L2::128B.f32", (7, 4), 75, ""),
            ("ld.global.L2::256B.f32", (7, 8), 75, "sm_80"),
            ("ld.shared::cta.f32", (7, 7), 80, "PTX 7.8"),
            ("ld.relaxed.cluster.global.f32", (8, 0), 80, "sm_90"),
            ("ld.param::entry.u64", (8, 2), 80, "PTX 8.3"),
            ("ld.global.v8.f32", (8, 7), 100, "PTX 8.8"),
            ("ld.global.v8.f32", (8, 8), 90, "sm_100"),
            ("barrier.cta.sync", (7, 7), 80, "PTX 7.8"),
            ("barrier.sync", (6, 3), 75, ""),
        ] {
            match check(&Opcode::new(opcode), version, target) {
                Ok(()) => assert_eq!(needed, "", "{opcode} {version:?} {target}"),
                Err(message) => {
                    assert!(
                        !needed.is_empty() && message.contains(&format!("needs {needed}")),
                        "{opcode} {version:?} {target}: {message}"
                    );
                }
            }
        }
    }
}
