//! Sentences about names, dimensions, indices and results.
