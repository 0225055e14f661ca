//! What a caller of the compiler may ask for, and what it gets.

use proc_macro2::TokenStream;
use std::collections::BTreeSet;

/// How to compile a block.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The stages to print, in the order of the pipeline whatever the order here.
    pub print: Vec<PrintStage>,
    /// The twin of each function that runs on a device, if one is wanted.
    pub device: Option<Device>,
}

/// What is known of the kernels where the macro is expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The ids of the functions whose kernels lie in the folder that the environment variable `KEOPS_PTX` of the
    /// compilation names, each in a file of its id.
    pub built: BTreeSet<u64>,
}

/// A stage that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrintStage {
    /// The formulas as they were understood.
    Ast,
    /// The graph after all passes.
    Ir,
    /// The loop program.
    Loops,
    /// The generated Rust.
    Rust,
    /// The kernels for devices.
    Cuda,
}

impl PrintStage {
    /// Every stage, in the order of the pipeline.
    pub const ALL: [PrintStage; 5] =
        [PrintStage::Ast, PrintStage::Ir, PrintStage::Loops, PrintStage::Rust, PrintStage::Cuda];

    /// Its name in the list that `KEOPS_PRINT` holds.
    pub fn name(self) -> &'static str {
        match self {
            PrintStage::Ast => "ast",
            PrintStage::Ir => "ir",
            PrintStage::Loops => "loops",
            PrintStage::Rust => "rust",
            PrintStage::Cuda => "cuda",
        }
    }

    /// The stages that a list such as `ast,rust` names. Other names in it are passed over.
    pub fn list(text: &str) -> Vec<PrintStage> {
        let names: Vec<&str> = text.split(',').map(str::trim).collect();
        PrintStage::ALL.into_iter().filter(|stage| names.contains(&stage.name())).collect()
    }
}

/// What a block becomes.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The generated items, or the errors.
    pub tokens: TokenStream,
    /// The stages asked for, as text; empty if none was.
    pub printed: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_stages_is_read_in_pipeline_order() {
        assert_eq!(PrintStage::list(" rust, ast ,c"), [PrintStage::Ast, PrintStage::Rust]);
        assert_eq!(PrintStage::list("ast,ir,loops,rust,cuda"), PrintStage::ALL);
        assert_eq!(PrintStage::list(""), []);
    }
}
