//! The list of workloads.

use crate::job::Job;
use crate::prepare;
use std::fmt::{self, Debug, Formatter};

/// What a workload is to reach.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goals {
    /// Times as fast as KeOps with its default flags.
    pub keops: Option<f64>,
    /// Times as fast as the best other library.
    pub peer: Option<f64>,
    /// Pairs per second on two quiet cores.
    pub speed: Option<f64>,
}

/// A reduction of a certain size.
pub struct Workload {
    /// Its number.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: String,
    /// The kind of formula, by which other libraries know it.
    pub kind: &'static str,
    /// Pairs of one run.
    pub pairs: f64,
    /// Runs that are measured together.
    pub calls: usize,
    /// What it is to reach.
    pub goals: Goals,
    /// Where it stands on the axis of a plot.
    pub at: f64,
    make: Box<dyn Fn() -> Job>,
}

impl Workload {
    /// Makes its data.
    pub fn job(&self) -> Job {
        (self.make)()
    }
}

impl Debug for Workload {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workload").field("id", &self.id).field("title", &self.title).finish_non_exhaustive()
    }
}

fn workload(
    id: &'static str,
    title: &str,
    kind: &'static str,
    n: usize,
    goals: Goals,
    make: impl Fn() -> Job + 'static,
) -> Workload {
    let pairs = (n * n) as f64;
    Workload { id, title: title.to_owned(), kind, pairs, calls: 1, goals, at: n as f64, make: Box::new(make) }
}

const fn goals(keops: f64, peer: f64, speed: Option<f64>) -> Goals {
    Goals { keops: Some(keops), peer: Some(peer), speed }
}

/// With pruning there is a speed to reach, in pairs that a visit of all would take. The libraries that prune too have a
/// column of their own.
const fn pruned(speed: Option<f64>) -> Goals {
    Goals { keops: None, peer: None, speed }
}

/// W1 to W9.
pub fn workloads() -> Vec<Workload> {
    vec![
        workload("W1", "Gaussian sum, D = 3", "gaussian", 20_000, goals(27.0, 2.7, Some(6.0e9)), || {
            prepare::gaussian(20_000, 20_000, 1.0, 16)
        }),
        workload("W1 f64", "Gaussian sum, D = 3", "gaussian", 20_000, goals(8.0, 2.8, Some(2.2e9)), || {
            prepare::gaussian_double(20_000, 1.0, 16)
        }),
        workload(
            "W2",
            "four Gaussians, D = 3, four values",
            "four",
            10_000,
            goals(18.0, 1.8, Some(1.5e9)),
            || prepare::four(10_000, 16),
        ),
        workload("W3", "gradient of W1 in x", "gradient", 20_000, goals(20.0, 2.7, Some(4.0e9)), || {
            prepare::gradient(20_000, 1.0, 16)
        }),
        workload("W4a", "nearest, D = 3", "argmin", 20_000, goals(8.0, 6.0, Some(1.4e10)), || {
            prepare::nearest(20_000, 8)
        }),
        workload("W4a pruned", "nearest, D = 3, pruned", "argmin", 20_000, pruned(Some(3.0e10)), || {
            prepare::nearest_pruned(20_000, 8)
        }),
        workload("W4b", "nearest, D = 100", "argmin", 10_000, goals(30.0, 1.1, Some(6.5e8)), || {
            prepare::nearest_100(10_000, 32)
        }),
        workload("W4c", "ten nearest, D = 3", "kmin", 10_000, goals(8.0, 8.0, None), || {
            prepare::neighbours(10_000, 8)
        }),
        workload("W4c pruned", "ten nearest, D = 3, pruned", "kmin", 10_000, pruned(None), || {
            prepare::neighbours_pruned(10_000, 8)
        }),
        workload("W4d", "ten nearest, D = 64", "kmin", 10_000, goals(12.0, 1.3, None), || {
            prepare::neighbours_64(10_000, 32)
        }),
        workload("W5", "log-sum-exp, D = 3", "log_sum_exp", 20_000, goals(28.0, 3.7, Some(5.2e9)), || {
            prepare::log_sum_exp(20_000, 1.0, 16)
        }),
        workload("W6a", "Gaussian sum, D = 64", "gaussian", 10_000, goals(20.0, 1.4, None), || {
            prepare::gaussian_of(64, 10_000, 32)
        }),
        workload("W6b", "Gaussian sum, D = 784", "gaussian", 10_000, goals(45.0, 0.95, None), || {
            prepare::gaussian_of(784, 10_000, 256)
        }),
        workload(
            "W6a dot",
            "Gaussian sum, D = 64, dot products",
            "gaussian",
            10_000,
            Goals::default(),
            || prepare::gaussian_dot_64(10_000, 32),
        ),
        workload(
            "W6b dot",
            "Gaussian sum, D = 784, dot products",
            "gaussian",
            10_000,
            Goals { peer: Some(1.2), ..Goals::default() },
            || prepare::gaussian_dot_784(10_000, 256),
        ),
        workload(
            "W7",
            "attention, D = 64, 64 values",
            "attention",
            4096,
            goals(60.0, 1.1, Some(5.5e8)),
            || prepare::attention(4096, 32),
        ),
        Workload {
            pairs: 1500.0,
            calls: 2000,
            ..workload(
                "W8",
                "one call, 50 × 30, D = 3",
                "gaussian",
                30,
                Goals { peer: Some(4.0), ..Goals::default() },
                || prepare::gaussian(50, 30, 1.0, 1),
            )
        },
        workload("W9", "ridge regression by conjugate gradients", "solve", 5000, Goals::default(), || {
            prepare::ridge(5000, 0.25, 0.1)
        }),
    ]
}

/// The workloads with these names, or all where there are none: `W4` names all whose numbers are W4 and a letter, and each
/// names its variants, `W4a` also `W4a pruned`.
///
/// # Errors
/// A name that names none, and what there are.
pub fn chosen(wanted: &[String]) -> Result<Vec<Workload>, String> {
    let names = |name: &str, id: &str| {
        let rest = id.strip_prefix(name);
        !name.is_empty() && rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    let all = workloads();
    for name in wanted {
        if !all.iter().any(|w| names(name, w.id)) {
            let ids: Vec<&str> = all.iter().map(|w| w.id).collect();
            return Err(format!("no workload {name}; there are: {}", ids.join(", ")));
        }
    }
    Ok(all.into_iter().filter(|w| wanted.is_empty() || wanted.iter().any(|name| names(name, w.id))).collect())
}

/// W1 with N points on each side.
pub fn by_size() -> Vec<Workload> {
    let of = |n: usize| {
        let stride = (n / 1000).max(1);
        workload("N", &format!("N = {n}"), "gaussian", n, Goals::default(), move || {
            prepare::gaussian(n, n, 1.0, stride)
        })
    };
    [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000].map(of).into()
}

/// W6 in each dimension, with 5000 points.
pub fn by_dimension() -> Vec<Workload> {
    let of = |dim: usize| Workload {
        at: dim as f64,
        ..workload("D", &format!("D = {dim}"), "gaussian", 5000, Goals::default(), move || {
            prepare::gaussian_of(dim, 5000, 32)
        })
    };
    [1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512, 784].map(of).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_are_chosen_by_their_numbers_with_variants() {
        let of = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            chosen(&names).map(|all| all.iter().map(|w| w.id).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]).unwrap().len(), workloads().len());
        assert_eq!(of(&["W8"]).unwrap(), ["W8"]);
        assert_eq!(of(&["W8", "W1"]).unwrap(), ["W1", "W1 f64", "W8"]);
        assert_eq!(of(&["W1 f64"]).unwrap(), ["W1 f64"]);
        assert_eq!(of(&["W4a", "W4d"]).unwrap(), ["W4a", "W4a pruned", "W4d"]);
        assert_eq!(of(&["W4"]).unwrap(), ["W4a", "W4a pruned", "W4b", "W4c", "W4c pruned", "W4d"]);
        for unknown in ["W", "W10", "w1", "", "--fast"] {
            let message = of(&["W1", unknown]).unwrap_err();
            let start = format!("no workload {unknown}; there are: W1, W1 f64, ");
            assert!(message.starts_with(&start), "{message}");
        }
    }
}
