//! Every sentence that a user can see, in one place: [`syntax`] for what cannot be read, [`meaning`] for what cannot be meant.

pub mod meaning;
pub mod syntax;
