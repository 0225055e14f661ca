//! What a simulated device is like.

/// Properties of a device, and what is checked on it.
///
/// The initial settings are [`Settings::default`], changed by environment variables so that a program can be
/// run without being touched: `KEOPS_SIM_COMPUTE_CAPABILITY=75`, `KEOPS_SIM_DRIVER=12040`, `KEOPS_SIM_MEMORY`
/// (bytes), `KEOPS_SIM_NOISE=1`, `KEOPS_SIM_RACES=0`, `KEOPS_SIM_UNINITIALISED=0`, `KEOPS_SIM_QUIET=1`,
/// `KEOPS_SIM_FAILURES_LAST=1`,
/// and `KEOPS_SIM_DEVICES` for the number of devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Ten times the major plus the minor compute capability: 90 is 9.0.
    pub compute_capability: u32,
    /// Version of the driver: 13000 is CUDA 13.0. It bounds the PTX version that is accepted.
    pub driver_version: u32,
    /// Bytes of device memory.
    pub memory: usize,
    /// Error of approximate units as a multiple of the largest that NVIDIA documents: 1 for what hardware may do.
    pub noise: u32,
    /// Whether races are looked for, and with them reads of unwritten shared memory.
    pub races: bool,
    /// Whether reads of unwritten memory are looked for.
    pub uninitialised: bool,
    /// Most instructions of one warp, after which a kernel counts as endless.
    pub step_limit: u64,
    /// Whether a context that a failing kernel has lost is lost for the process, as on hardware: then contexts that are
    /// made later, and those that other threads hold, answer with its error too.
    pub failures_last: bool,
    /// Whether diagnoses are not printed on standard error as they occur.
    pub quiet: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            compute_capability: 90,
            driver_version: 13_000,
            memory: 1 << 30,
            noise: 0,
            races: true,
            uninitialised: true,
            step_limit: 1 << 28,
            failures_last: false,
            quiet: false,
        }
    }
}

impl Settings {
    pub(super) fn from_environment() -> Settings {
        let default = Settings::default();
        let flag = |name, default: bool| number(name).map_or(default, |value: u8| value != 0);
        Settings {
            compute_capability: number("COMPUTE_CAPABILITY").unwrap_or(default.compute_capability),
            driver_version: number("DRIVER").unwrap_or(default.driver_version),
            memory: number("MEMORY").unwrap_or(default.memory),
            noise: number("NOISE").unwrap_or(default.noise),
            races: flag("RACES", default.races),
            uninitialised: flag("UNINITIALISED", default.uninitialised),
            step_limit: number("STEP_LIMIT").unwrap_or(default.step_limit),
            failures_last: flag("FAILURES_LAST", default.failures_last),
            quiet: flag("QUIET", default.quiet),
        }
    }

    /// The newest PTX version that the driver accepts.
    pub(super) fn newest_ptx(&self) -> (u32, u32) {
        let (major, minor) = (self.driver_version / 1000, self.driver_version % 1000 / 10);
        match (major, minor) {
            (..=10, _) => (6, 3 + minor),
            (11, _) => (7, minor),
            (12, ..=5) => (8, minor),
            (12, _) => (8, minor - 1),
            _ => (9, minor),
        }
    }

    /// Most bytes of shared memory of a block, for kernels that ask for more than [`SHARED_BY_DEFAULT`].
    pub(super) fn most_shared(&self) -> usize {
        match self.compute_capability {
            ..=75 => 64 << 10,
            80 | 87 => 163 << 10,
            86 | 89 | 120.. => 99 << 10,
            _ => 227 << 10,
        }
    }

    /// Most threads that a multiprocessor holds.
    pub(super) fn threads_of_multiprocessor(&self) -> usize {
        match self.compute_capability {
            75 => 1024,
            86..=89 | 120.. => 1536,
            _ => 2048,
        }
    }

    /// Most blocks that a multiprocessor holds.
    pub(super) fn blocks_of_multiprocessor(&self) -> usize {
        match self.compute_capability {
            75 | 86 | 87 => 16,
            89 | 120.. => 24,
            _ => 32,
        }
    }

    pub(super) fn multiprocessors(&self) -> i32 {
        match self.compute_capability {
            ..=75 => 40,
            80 => 108,
            86 => 84,
            _ => 132,
        }
    }
}

/// Most bytes of shared memory of a block that has not asked for more.
pub(super) const SHARED_BY_DEFAULT: usize = 48 << 10;

/// Most threads of a block.
pub(super) const MOST_THREADS: u32 = 1024;

pub(super) fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(format!("KEOPS_SIM_{name}")).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ptx_versions_of_drivers() {
        for (driver_version, ptx) in [
            (10_020, (6, 5)),
            (11_080, (7, 8)),
            (12_040, (8, 4)),
            (12_060, (8, 5)),
            (12_090, (8, 8)),
            (13_010, (9, 1)),
        ] {
            assert_eq!(
                Settings { driver_version, ..Settings::default() }.newest_ptx(),
                ptx,
                "{driver_version}"
            );
        }
    }
}
