//! IR to IR.
