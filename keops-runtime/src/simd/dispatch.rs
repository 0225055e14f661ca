//! The choice of an instruction set at run time.

use std::sync::OnceLock;

#[cfg(all(target_arch = "x86_64", feature = "avx512"))]
use super::avx512::Avx512;
#[cfg(not(target_arch = "x86_64"))]
use super::portable::Portable;
use super::vector::Simd;
#[cfg(target_arch = "x86_64")]
use super::{avx2::Avx2, sse2::Sse2};

/// Work that any instruction set can do.
///
/// `run` must be `#[inline(always)]`, and so must everything that it calls on vectors: only what is inlined into
/// [`dispatch`]'s function for an instruction set is compiled for that set.
pub trait Task {
    /// What the work results in.
    type Output;
    /// Does the work on the instruction set of the token.
    fn run<S: Simd>(self, token: S) -> Self::Output;
}

/// An instruction set by name, from the least to the most capable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Plain arrays. On x86-64 every processor has SSE2, which stands in for it: another instance of each formula would
    /// only cost compile time. (This crate's own tests do run it there.)
    Portable,
    /// 128 bits, on any x86-64.
    Sse2,
    /// 256 bits with fused multiply-add.
    Avx2,
    /// 512 bits, if the cargo feature `avx512` is on, as it is by default.
    Avx512,
}

impl Level {
    /// All levels, ascending.
    pub const ALL: [Level; 4] = [Level::Portable, Level::Sse2, Level::Avx2, Level::Avx512];

    /// The level to work on: the processor's best, or the lower one that the environment variable `KEOPS_SIMD` names
    /// (`portable`, `sse2`, `avx2` or `avx512`; read once).
    pub fn detect() -> Level {
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(|| Level::chosen(std::env::var("KEOPS_SIMD").ok().as_deref()))
    }

    /// The named level where this processor has it, else the processor's best.
    fn chosen(name: Option<&str>) -> Level {
        name.and_then(Level::from_name).filter(|level| level.is_available()).unwrap_or_else(Level::best)
    }

    /// The most capable level of this processor, among those compiled in.
    #[cfg(target_arch = "x86_64")]
    pub fn best() -> Level {
        if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")) {
            return Level::Sse2;
        }
        #[cfg(feature = "avx512")]
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
        {
            return Level::Avx512;
        }
        Level::Avx2
    }

    /// The most capable level of this processor, among those compiled in.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn best() -> Level {
        Level::Portable
    }

    /// Whether this processor can work on the level.
    pub fn is_available(self) -> bool {
        self <= Level::best()
    }

    /// The level, or the processor's best where it lacks that level. Not inlined: every formula asks this.
    #[inline(never)]
    fn within_best(self) -> Level {
        self.min(Level::best())
    }

    /// The level's name, as in `KEOPS_SIMD`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Portable => "portable",
            Level::Sse2 => "sse2",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    fn from_name(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Does the work on `level`, or on the processor's best where it lacks that level.
///
/// One call does the whole of a block of rows: it costs a few nanoseconds and is a barrier to inlining.
pub fn dispatch<T: Task>(level: Level, task: T) -> T::Output {
    dispatch_for::<T, T>(level, task)
}

/// [`dispatch`], whose functions are compiled with the module of `H`. rustc generates a generic function with the module of
/// its self type, and each module by itself, several at a time: as functions of their kernels, those of many formulas are not
/// one piece of work.
#[inline]
pub(crate) fn dispatch_for<H, T: Task>(level: Level, task: T) -> T::Output {
    match level.within_best() {
        #[cfg(all(target_arch = "x86_64", feature = "avx512"))]
        // SAFETY: `best` found the four features.
        Level::Avx512 => unsafe { H::run_avx512(task) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `best` found both features, or more of them.
        Level::Avx2 => unsafe { H::run_avx2(task) },
        #[cfg(all(test, target_arch = "x86_64"))]
        Level::Portable => task.run(super::portable::Portable),
        _ => on_baseline(task),
    }
}

/// Does the work on the set that every processor of the architecture has: for work that is done once per row, where a
/// second instance would cost more compile time than it saves.
#[inline(always)]
pub fn on_baseline<T: Task>(task: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: all code for x86-64 is compiled for SSE2.
    return task.run(unsafe { Sse2::new() });
    #[cfg(not(target_arch = "x86_64"))]
    task.run(Portable)
}

/// The only functions compiled for a set that not every processor has. A caller compiled without it cannot inline them, so
/// that nothing of it is executed before the processor was asked.
#[cfg(target_arch = "x86_64")]
trait Shims {
    /// # Safety
    /// The processor has AVX-512 F, DQ, BW and VL.
    #[cfg(feature = "avx512")]
    unsafe fn run_avx512<T: Task>(task: T) -> T::Output;
    /// # Safety
    /// The processor has AVX2 and FMA.
    unsafe fn run_avx2<T: Task>(task: T) -> T::Output;
}

#[cfg(target_arch = "x86_64")]
impl<H> Shims for H {
    #[cfg(feature = "avx512")]
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
    unsafe fn run_avx512<T: Task>(task: T) -> T::Output {
        task.run(Avx512::new())
    }

    #[inline(never)]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn run_avx2<T: Task>(task: T) -> T::Output {
        task.run(Avx2::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct OwnLevel;

    impl Task for OwnLevel {
        type Output = Level;
        fn run<S: Simd>(self, _: S) -> Level {
            S::LEVEL
        }
    }

    #[test]
    fn a_level_runs_on_itself_or_else_on_the_best() {
        for level in Level::ALL {
            let runs_on = if level <= Level::best() { level } else { Level::best() };
            assert_eq!(dispatch(level, OwnLevel), runs_on);
        }
    }

    #[test]
    fn the_least_and_the_best_are_available() {
        assert!(Level::Portable.is_available());
        assert!(Level::best().is_available());
        assert!(Level::detect().is_available());
    }

    #[test]
    fn a_level_is_chosen_by_its_name() {
        for level in Level::ALL.into_iter().filter(|level| level.is_available()) {
            assert_eq!(Level::chosen(Some(level.name())), level);
        }
    }

    #[test]
    fn without_a_name_that_this_processor_has_the_best_is_chosen() {
        assert_eq!(Level::chosen(None), Level::best());
        for name in ["", "AVX2", "neon"] {
            assert_eq!(Level::chosen(Some(name)), Level::best(), "{name:?}");
        }
        for level in Level::ALL.into_iter().filter(|level| !level.is_available()) {
            assert_eq!(Level::chosen(Some(level.name())), Level::best());
        }
    }
}
