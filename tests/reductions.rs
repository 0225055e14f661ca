//! Every reduction over both indices, at sizes around those of vectors and tiles, in dimensions around those of registers.

#[path = "reductions/edges.rs"]
mod edges;

use keops_reference::compare::Report;
use keops_reference::data::Setup;
use keops_reference::formula;

/// Checks each formula by itself on some sizes: it must be wrong at none, and say something over all.
fn check_each(checks: &[fn(&Setup) -> Report], setups: &[Setup]) {
    for check in checks {
        setups.iter().map(check).fold(Report::default(), Report::and).decided();
    }
}

/// The same formulas in one dimension: each reduction over j alone, and all of them over i in one pass.
macro_rules! in_dimension {
    ($module:ident, $d:tt, $three_d:tt) => {
        mod $module {
            use super::*;

            formula! {
                pub fn sum(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d> { Sum_j(x_i * y_j) }
            }
            formula! {
                pub fn mean(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d> { Mean_j(x_i - y_j) }
            }
            formula! {
                pub fn log_sum_exp(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d> { LogSumExp_j(3 * x_i * y_j) }
            }
            formula! {
                pub fn weighted_log_sum_exp(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d> {
                    LogSumExp_j(x_i | y_j, 1 + y_j^2)
                }
            }
            formula! {
                pub fn softmax(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d> { SumSoftMaxWeight_j(x_i | y_j, y_j) }
            }
            formula! {
                pub fn max(x_i: Vi<$d>, y_j: Vj<$d>) -> (Vi<$d>, Vi<$d, usize>) { Max_ArgMax_j(x_i * y_j) }
            }
            formula! {
                pub fn min(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d> { Min_j(x_i * y_j) }
            }
            formula! {
                pub fn arg_min(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$d, usize> { ArgMin_j(x_i - 2 * y_j) }
            }
            formula! {
                pub fn k_min(x_i: Vi<$d>, y_j: Vj<$d>) -> (Vi<$three_d>, Vi<$three_d, usize>) {
                    KMin_ArgKMin_j(x_i * y_j, 3)
                }
            }
            formula! {
                pub fn k_max(x_i: Vi<$d>, y_j: Vj<$d>) -> Vi<$three_d> { KMax_j(x_i * y_j, 3) }
            }
            formula! {
                pub fn all_over_i(
                    x_i: Vi<$d>,
                    y_j: Vj<$d>
                ) -> (Vj<$d>, Vj<$d>, Vj<$d>, Vj<$d>, Vj<$d, usize>, Vj<$three_d>, Vj<$d>) {
                    let f = x_i * y_j;
                    (
                        Sum_i(f),
                        LogSumExp_i(f),
                        SumSoftMaxWeight_i(f[0], x_i),
                        Max_i(f),
                        ArgMin_i(f),
                        KMin_i(f, 3),
                        Mean_i(f)
                    )
                }
            }

            /// The formulas over j.
            const OVER_J: [fn(&Setup) -> Report; 10] = [
                sum::check,
                mean::check,
                log_sum_exp::check,
                weighted_log_sum_exp::check,
                softmax::check,
                max::check,
                min::check,
                arg_min::check,
                k_min::check,
                k_max::check,
            ];

            #[test]
            fn over_j() {
                check_each(&OVER_J, &[0, 1, 2, 7, 33, 129, 1000].map(|n| Setup::sizes(3, n).seed(n as u64)));
                check_each(
                    &[sum::check, k_min::check, softmax::check],
                    &[0, 1, 17].map(|m| Setup::sizes(m, 40)),
                );
            }

            #[test]
            fn over_i() {
                let mut setups: Vec<Setup> =
                    [0, 1, 2, 3, 7, 33, 129, 1000].map(|m| Setup::sizes(m, 2).seed(m as u64)).to_vec();
                setups.extend([Setup::sizes(40, 0), Setup::sizes(40, 33)]);
                check_each(&[all_over_i::check], &setups);
            }

            /// Multiples of 1/4 tie often, and the first of equals is to be chosen.
            #[test]
            fn ties() {
                for n in [7, 129] {
                    let setup = Setup::sizes(5, n).quarters();
                    for check in [max::check, arg_min::check, k_min::check] {
                        let report = check(&setup);
                        assert!(report.indices > 0 && report.tied == 0, "{report:?}");
                    }
                }
            }

            /// Rows so few that lanes are columns, and one more, over columns that fill vectors or tiles, or do not.
            #[test]
            fn few_rows() {
                for rows in 0..=3 {
                    let sizes = [0, 1, 2, 3, 4, 5, 7, 63, 64, 65, 127, 1000];
                    let seed = |columns: usize| (100 * rows + columns) as u64;
                    let random = sizes.map(|n| Setup::sizes(rows, n).seed(seed(n)));
                    check_each(&OVER_J, &random);
                    check_each(&OVER_J, &random.map(Setup::quarters));
                    check_each(&[all_over_i::check], &sizes.map(|m| Setup::sizes(m, rows).seed(seed(m))));
                }
            }

            /// Coordinates far from the origin: differences must not lose their digits.
            #[test]
            fn far_from_the_origin() {
                let setup = Setup::sizes(4, 100).range("x_i", 99.0, 101.0).range("y_j", 99.0, 101.0);
                check_each(&[mean::check, arg_min::check, sum::check], &[setup]);
            }
        }
    };
}

in_dimension!(dimension_1, 1, 3);
in_dimension!(dimension_2, 2, 6);
in_dimension!(dimension_3, 3, 9);
in_dimension!(dimension_7, 7, 21);
in_dimension!(dimension_16, 16, 48);
in_dimension!(dimension_64, 64, 192);
