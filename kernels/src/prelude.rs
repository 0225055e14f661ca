//! The hand-written part of every file of kernels: `kernels/cuda`, in the order of use.

/// The kernels that every program needs.
pub(crate) const KERNELS: [&str; 4] =
    ["keops_total_f32", "keops_total_f64", "keops_add_f32", "keops_add_f64"];

/// Each file with its text.
const FILES: [(&str, &str); 10] = [
    ("lanes.cuh", include_str!("../cuda/lanes.cuh")),
    ("math_basic.cuh", include_str!("../cuda/math_basic.cuh")),
    ("math_exp.cuh", include_str!("../cuda/math_exp.cuh")),
    ("math_fast.cuh", include_str!("../cuda/math_fast.cuh")),
    ("math_special.cuh", include_str!("../cuda/math_special.cuh")),
    ("math.cuh", include_str!("../cuda/math.cuh")),
    ("reductions.cuh", include_str!("../cuda/reductions.cuh")),
    ("map_reduce.cuh", include_str!("../cuda/map_reduce.cuh")),
    ("gather.cuh", include_str!("../cuda/gather.cuh")),
    ("totals.cuh", include_str!("../cuda/totals.cuh")),
];

/// All files as one, without what makes them includable one by one. Messages of nvcc name the file and line.
pub(crate) fn text() -> String {
    let directive = |line: &str| line.starts_with("#pragma once") || line.starts_with("#include \"");
    let mut text = String::new();
    for (name, file) in FILES {
        text += &format!("#line 1 \"{name}\"\n");
        for line in file.lines() {
            text += if directive(line) { "" } else { line };
            text += "\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_after_what_they_include() {
        for (n, (_, file)) in FILES.iter().enumerate() {
            for include in file.lines().filter_map(|l| l.strip_prefix("#include \"")) {
                let include = include.trim_end_matches('"');
                assert!(FILES[..n].iter().any(|(name, _)| *name == include), "{include}");
            }
        }
        assert!(!text().contains("#include \""));
    }
}
