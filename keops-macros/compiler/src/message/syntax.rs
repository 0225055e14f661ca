//! Sentences about what cannot be read.
