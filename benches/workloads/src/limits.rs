//! What a CUDA device can do at best with a formula: the instructions that it issues, and what each of its units computes.

/// Instructions that a multiprocessor issues per cycle, counted for the 32 threads of a warp each.
const ISSUE: f64 = 4.0 * 32.0;
/// Exponentials, reciprocals and the like that a multiprocessor computes per cycle.
const SPECIAL: f64 = 16.0;

/// A device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Card {
    /// Ten times the major plus the minor number of its compute capability.
    pub capability: u32,
    /// Its multiprocessors.
    pub multiprocessors: u32,
    /// Their highest clock rate, in hertz.
    pub clock: f64,
}

/// What a pair takes of the units of a multiprocessor: additions, multiplications and both at once count one each, in the
/// machine code for sm_90. Loads, comparisons and the counting of loops are in the instructions only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arithmetic {
    /// In `f32`.
    pub single: f64,
    /// In `f64`.
    pub double: f64,
    /// Approximations in `f32`, from which functions are made: one for an exponential.
    pub special: f64,
}

/// The most pairs of a second, and what sets them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Pairs per second.
    pub pairs: f64,
    /// What is used up by then.
    pub by: &'static str,
}

impl Card {
    /// Additions or multiplications in `f32` of a multiprocessor per cycle, and those in `f64`.
    fn lanes(&self) -> (f64, f64) {
        match self.capability {
            ..80 => (64.0, 2.0),
            80 => (64.0, 32.0),
            90 | 100 => (128.0, 64.0),
            _ => (128.0, 2.0),
        }
    }

    /// The most pairs per second that each of its parts allows, for a kernel of so many instructions per pair.
    pub fn limits(&self, instructions: f64, arithmetic: Arithmetic) -> [Limit; 4] {
        let cycles = f64::from(self.multiprocessors) * self.clock;
        let (single, double) = self.lanes();
        let limit = |by, per_cycle: f64, of_pair: f64| Limit { pairs: cycles * per_cycle / of_pair, by };
        [
            limit("issue", ISSUE, instructions),
            limit("f32", single, arithmetic.single),
            limit("f64", double, arithmetic.double),
            limit("special", SPECIAL, arithmetic.special),
        ]
    }

    /// The least of the [`limits`](Self::limits).
    pub fn limit(&self, instructions: f64, arithmetic: Arithmetic) -> Limit {
        let [first, others @ ..] = self.limits(instructions, arithmetic);
        others.into_iter().fold(first, |least, other| if other.pairs < least.pairs { other } else { least })
    }
}

/// The instructions per pair of kernels, from the table of budgets.
#[derive(Clone, Debug)]
pub struct Budgets(Vec<Row>);

#[derive(Clone, Debug)]
struct Row {
    formula: String,
    scalar: String,
    capability: u32,
    instructions: f64,
}

impl Budgets {
    /// Reads the table of `kernels/budgets/BUDGETS.md`: the least instructions of each kernel with a loop over pairs.
    pub fn read(table: &str) -> Budgets {
        let row = |line: &str| {
            let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
            let [formula, scalar, device, _, _, _, least, ..] = cells[..] else { return None };
            Some(Row {
                formula: formula.to_owned(),
                scalar: scalar.to_owned(),
                capability: device.strip_prefix("sm_")?.parse().ok()?,
                instructions: least.parse().ok()?,
            })
        };
        Budgets(table.lines().filter_map(row).collect())
    }

    /// The instructions per pair of a kernel on a device, and the compute capability for which they were counted: the
    /// highest that the device has, else the lowest.
    pub fn instructions(&self, formula: &str, scalar: &str, card: &Card) -> Option<(f64, u32)> {
        let of_kernel = || self.0.iter().filter(|row| row.formula == formula && row.scalar == scalar);
        let below = of_kernel().filter(|row| row.capability <= card.capability);
        let row = below.max_by_key(|row| row.capability).or(of_kernel().min_by_key(|row| row.capability))?;
        Some((row.instructions, row.capability))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Card = Card { capability: 90, multiprocessors: 132, clock: 1.755e9 };
    const GAUSSIAN: Arithmetic = Arithmetic { single: 8.0, double: 0.0, special: 1.0 };

    #[test]
    fn the_limit_is_what_is_used_up_first() {
        // 132 multiprocessors of 128 lanes, by hand: 29652.48 billion instructions a second.
        let limit = CARD.limit(9.5, GAUSSIAN);
        assert_eq!(limit.by, "issue");
        assert!((limit.pairs - 29_652.48e9 / 9.5).abs() < 1e6, "{limit:?}");
        // Half as many lanes for f32, all of them used by eight of nine and a half instructions.
        let limit = Card { capability: 80, ..CARD }.limit(9.5, GAUSSIAN);
        assert_eq!((limit.by, limit.pairs), ("f32", 132.0 * 1.755e9 * 64.0 / 8.0));
        let four = Arithmetic { single: 17.0, special: 4.0, ..GAUSSIAN };
        let limit = CARD.limit(21.75, four);
        assert_eq!((limit.by, limit.pairs), ("special", 132.0 * 1.755e9 * 4.0));
        let double = Arithmetic { single: 0.0, double: 23.0, special: 0.0 };
        assert_eq!(CARD.limit(30.62, double).by, "f64");
        let limit = Card { capability: 86, ..CARD }.limit(30.44, double);
        assert_eq!((limit.by, limit.pairs), ("f64", 132.0 * 1.755e9 * 2.0 / 23.0));
    }

    #[test]
    fn what_a_formula_does_not_use_is_no_limit() {
        let nothing = Arithmetic { single: 0.0, double: 0.0, special: 0.0 };
        let limits = CARD.limits(1.0, nothing);
        assert!(limits[0].pairs.is_finite() && limits[1..].iter().all(|limit| limit.pairs == f64::INFINITY));
    }

    #[test]
    fn budgets_are_those_of_the_nearest_device() {
        let table = "\
| formula | scalar | device | registers | stack | spills | least | most | KeOps | goal |
|---|---|---|---:|---:|---:|---:|---:|---:|---:|
| gaussian | f32 | sm_75 | 64 | 0 | 0 | 9.25 | 9.44 | – | – |
| gaussian | f32 | sm_90 | 61 | 0 | 0 | 9.50 | 9.50 | 13.00 | 8.60 |
| gaussian | f64 | sm_90 | 61 | 0 | 0 | 30.62 | 30.62 | – | – |
| least::grad_x_i, pass 1 | f32 | sm_90 | 18 | 0 | 0 | – | – | – | – |
";
        let budgets = Budgets::read(table);
        let of =
            |formula, scalar, capability| budgets.instructions(formula, scalar, &Card { capability, ..CARD });
        assert_eq!(of("gaussian", "f32", 90), Some((9.5, 90)));
        assert_eq!(of("gaussian", "f32", 120), Some((9.5, 90)));
        assert_eq!(of("gaussian", "f32", 89), Some((9.25, 75)));
        assert_eq!(of("gaussian", "f32", 70), Some((9.25, 75)));
        assert_eq!(of("gaussian", "f64", 75), Some((30.62, 90)));
        assert_eq!(of("least::grad_x_i, pass 1", "f32", 90), None);
    }
}
