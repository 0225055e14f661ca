//! Dimensions as expressions: literals, and sums and products of named dimension parameters (`const D: usize`), with which a
//! function is checked before it is compiled for their values.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, Mul};
use std::rc::Rc;

/// The number of coordinates of a value: a polynomial with natural coefficients in named dimension parameters.
/// Two dimensions are equal exactly if they are the same polynomial.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dim {
    /// Monomials (sorted names, repeated for powers) to coefficients; no zero coefficient is stored.
    terms: Rc<BTreeMap<Vec<String>, usize>>,
}

impl Dim {
    /// A literal dimension.
    pub fn literal(n: usize) -> Dim {
        Dim::from_terms([(vec![], n)])
    }

    /// A named dimension parameter.
    pub fn parameter(name: &str) -> Dim {
        Dim::from_terms([(vec![name.to_string()], 1)])
    }

    /// The value, if no parameter occurs.
    pub fn value(&self) -> Option<usize> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&vec![]).copied(),
            _ => None,
        }
    }

    /// The least that it can be, as every parameter is at least 1; the value, if no parameter occurs. It stops at the largest
    /// `usize`, far above all dimensions that can be compiled.
    pub fn least(&self) -> usize {
        self.terms.values().fold(0, |sum, coefficient| sum.saturating_add(*coefficient))
    }

    /// Whether this is the literal 1, the dimension that broadcasts.
    pub fn is_one(&self) -> bool {
        self.value() == Some(1)
    }

    fn from_terms(terms: impl IntoIterator<Item = (Vec<String>, usize)>) -> Dim {
        let mut sum: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (monomial, coefficient) in terms {
            if coefficient != 0 {
                let known = sum.entry(monomial).or_default();
                *known = known.saturating_add(coefficient);
            }
        }
        Dim { terms: Rc::new(sum) }
    }
}

impl Add for &Dim {
    type Output = Dim;
    fn add(self, other: &Dim) -> Dim {
        Dim::from_terms(self.terms.iter().chain(other.terms.iter()).map(|(m, c)| (m.clone(), *c)))
    }
}

impl Mul for &Dim {
    type Output = Dim;
    fn mul(self, other: &Dim) -> Dim {
        let product = self.terms.iter().flat_map(|(m, c)| {
            other.terms.iter().map(move |(n, d)| {
                let mut monomial = [m.as_slice(), n.as_slice()].concat();
                monomial.sort();
                (monomial, c.saturating_mul(*d))
            })
        });
        Dim::from_terms(product)
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return write!(f, "0");
        }
        // Highest degree first, the literal last: `D*E + D + E + 1`.
        let mut terms: Vec<(&Vec<String>, &usize)> = self.terms.iter().collect();
        terms.sort_by_key(|(monomial, _)| std::cmp::Reverse(monomial.len()));
        for (n, (monomial, coefficient)) in terms.into_iter().enumerate() {
            if n > 0 {
                write!(f, " + ")?;
            }
            match (monomial.is_empty(), coefficient) {
                (true, c) => write!(f, "{c}")?,
                (false, 1) => write!(f, "{}", monomial.join("*"))?,
                (false, c) => write!(f, "{c}*{}", monomial.join("*"))?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_canonical() {
        let (d, e, two) = (Dim::parameter("D"), Dim::parameter("E"), Dim::literal(2));
        assert_eq!(&(&d + &e) * &two, &(&(&d * &two) + &e) + &e);
        assert_eq!((&(&d * &e) + &Dim::literal(1)).to_string(), "D*E + 1");
        assert_eq!((&(&(&e + &two) + &d) + &(&d * &d)).to_string(), "D*D + D + E + 2");
        assert_eq!((&two + &two).value(), Some(4));
        assert_eq!(d.value(), None);
        assert!(Dim::literal(1).is_one() && !d.is_one());
        assert_eq!(Dim::literal(0).value(), Some(0));
    }

    #[test]
    fn huge_dimensions_are_huge() {
        let d = Dim::parameter("D");
        assert_eq!((&(&d * &d) + &Dim::literal(3)).least(), 4);
        assert_eq!(Dim::literal(0).least(), 0);
        let huge = (0..200).fold(d, |sum, _| &sum + &sum);
        assert_eq!(huge.least(), usize::MAX);
        assert_eq!((&huge * &huge).least(), usize::MAX);
        assert_eq!((&huge + &Dim::literal(1)).least(), usize::MAX);
    }
}
