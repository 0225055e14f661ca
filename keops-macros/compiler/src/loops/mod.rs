//! IR to a loop program.
