//! Labels: places in the program, by the names that they have in a block.

use std::collections::HashMap;

use super::{Compiler, Located};
use crate::program::{Instruction, Step};
use crate::ptx::Item;

/// A place in the program, known once the program is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label(pub(super) usize);

impl Compiler<'_> {
    /// New labels for those of a block, which are seen in it and in the blocks within it.
    pub(super) fn labels_of(&mut self, items: &[Item]) -> Located<HashMap<String, Label>> {
        let mut labels = HashMap::new();
        for item in items {
            if let Item::Label(name, line) = item
                && labels.insert(name.clone(), self.new_label()).is_some()
            {
                return Err((*line, format!("label `{name}` is there twice")));
            }
        }
        Ok(labels)
    }

    pub(super) fn new_label(&mut self) -> Label {
        self.places.push(None);
        Label(self.places.len() - 1)
    }

    /// The label that a name means in the block being compiled.
    pub(super) fn label(&mut self, name: &str) -> Result<Label, String> {
        let found = self.frame().labels.iter().rev().find_map(|labels| labels.get(name));
        found.copied().ok_or_else(|| format!("label `{name}` is nowhere"))
    }

    /// A branch to a label of the function being compiled.
    pub(crate) fn branch(&mut self, name: &str) -> Result<Step, String> {
        self.label(name).map(|label| Step::Branch(label.0))
    }

    pub(super) fn place(&mut self, label: Label) {
        self.places[label.0] = Some(self.steps.len());
    }

    pub(super) fn resolve_branches(&mut self) -> Vec<Instruction> {
        let mut steps = std::mem::take(&mut self.steps);
        for instruction in &mut steps {
            if let Step::Branch(target) = &mut instruction.step {
                *target = self.places[*target].expect("every label has been placed");
            }
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::compiled;
    use super::*;

    #[test]
    fn labels_are_seen_within_their_block() {
        let targets = |body| -> Vec<usize> {
            let steps = compiled("", body).expect("valid").steps;
            let target = |instruction: &Instruction| match instruction.step {
                Step::Branch(target) => Some(target),
                _ => None,
            };
            steps.iter().filter_map(target).collect()
        };
        assert_eq!(targets("$L: { $L: bra $L; } bra $L;"), [0, 0]);
        assert_eq!(targets("{ membar.cta; $L: bra $L; } { membar.cta; $L: bra $L; }"), [1, 3]);
        assert_eq!(targets("membar.cta; $L: membar.cta; { bra $L; bra $M; } $M:"), [1, 4]);
        let told = |body| compiled("", body).err().expect("refused");
        let error = told("$L: membar.cta;\n$L: membar.cta;");
        assert!(error.line == 4 && error.message.contains("`$L` is there twice"), "{error}");
        let error = told("{ $L: membar.cta; }\nbra $L;");
        assert!(error.line == 4 && error.message.contains("`$L` is nowhere"), "{error}");
    }
}
