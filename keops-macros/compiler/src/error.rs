//! The collector of errors.
