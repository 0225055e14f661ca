//! Did you mean: the nearest of the names that exist.

use crate::ast::indexed;

/// The candidate nearest to what was written, if one is near enough to be meant. Capitals and underscores
/// count little, and a name with its index left out or added (`x` for `x_i`) is near.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(written, candidates, |_| false)
}

/// [`nearest`], and of equally near ones one that is preferred.
pub(crate) fn nearest_of<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    preferred: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    let plain = fold(written);
    let allowed = (plain.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != written)
        .map(|candidate| {
            let distance = match (stem(written), stem(candidate)) {
                (a, b) if a != b => edit_distance(&plain, &fold(candidate)),
                // Both have an index, not the same, or one of them has none.
                _ => usize::from(stem(written) != written && stem(candidate) != candidate),
            };
            (distance, candidate)
        })
        // Of two letters one is half the name.
        .filter(|(_, candidate)| {
            plain.chars().count() != 2 || candidate.chars().next() == written.chars().next()
        })
        // A name of one letter is not near to every other letter.
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, candidate)| {
            let other_initial = candidate.chars().next() != written.chars().next();
            let lengths = candidate.len().abs_diff(written.len());
            (*distance, other_initial, lengths, !preferred(candidate), *candidate)
        })
        .map(|(_, candidate)| candidate)
}

/// A name without its index, `x` of `x_i`.
fn stem(name: &str) -> &str {
    indexed(name).map_or(name, |(stem, _)| stem)
}

fn fold(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The least number of letters to insert, delete, replace or swap with their neighbour.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // table[m][n]: from the first m letters of a to the first n letters of b.
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for m in 0..=a.len() {
        for n in 0..=b.len() {
            table[m][n] = if m == 0 || n == 0 {
                m + n
            } else {
                let replaced = table[m - 1][n - 1] + usize::from(a[m - 1] != b[n - 1]);
                let mut best = replaced.min(table[m - 1][n] + 1).min(table[m][n - 1] + 1);
                if m > 1 && n > 1 && a[m - 1] == b[n - 2] && a[m - 2] == b[n - 1] {
                    best = best.min(table[m - 2][n - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, distance) in
            [("", "abc", 3), ("exp", "exp", 0), ("sqdsit", "sqdist", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(edit_distance(a, b), distance, "{a} {b}");
        }
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["SqDist", "SqNorm2", "Exp", "x_i", "y_j", "s"];
        for (written, found) in [
            ("SqDits", Some("SqDist")),
            ("sq_dist", Some("SqDist")),
            ("sqnorm", Some("SqNorm2")),
            ("EXP", Some("Exp")),
            ("x", Some("x_i")),
            ("x_j", Some("x_i")),
            ("y_i", Some("y_j")),
            ("Convolve", None),
            ("q", None),
            ("s_j", Some("s")),
            ("xi", Some("x_i")),
            ("y_k", Some("y_j")),
            ("pi", None),
        ] {
            assert_eq!(nearest(written, names), found, "{written}");
        }
    }

    #[test]
    fn of_equally_near_names_the_preferred_one_is_found() {
        let names = ["Sum_i", "Sum_j"];
        assert_eq!(nearest_of("Sum_k", names, |name| name.ends_with('j')), Some("Sum_j"));
        assert_eq!(nearest_of("Sum_k", names, |name| name.ends_with('i')), Some("Sum_i"));
        assert_eq!(nearest_of("Summ_i", names, |name| name.ends_with('j')), Some("Sum_i"));
    }

    #[test]
    fn a_name_is_not_suggested_for_itself() {
        assert_eq!(nearest("Exp", ["Exp"]), None);
    }
}
