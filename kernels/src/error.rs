//! What may go wrong in a build script.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::nvcc::NvccError;

/// Why the formulas of a package could not be compiled. That there is no nvcc is no error: see
/// [`Build::try_compile`](crate::Build::try_compile).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A variable that Cargo sets for build scripts is missing.
    NotABuildScript {
        /// The variable.
        variable: &'static str,
    },
    /// A file or folder could not be read or written.
    File {
        /// What was to be done with it: a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// nvcc gave no PTX.
    Nvcc(NvccError),
}

impl Error {
    pub(crate) fn file(action: &'static str, path: &Path, error: io::Error) -> Error {
        Error::File { action, path: path.to_owned(), error }
    }
}

impl From<NvccError> for Error {
    fn from(error: NvccError) -> Error {
        Error::Nvcc(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotABuildScript { variable } => {
                write!(f, "{variable} is not set: kernels are compiled in a build script, which Cargo runs")
            }
            Error::File { action, path, error } => write!(f, "cannot {action} {}: {error}", path.display()),
            Error::Nvcc(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::NotABuildScript { .. } => None,
            Error::File { error, .. } => Some(error),
            Error::Nvcc(error) => error.source(),
        }
    }
}
