//! Devices, and what tests can do to them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use super::context::Context;
use super::settings::{Settings, number};
use super::status::{INVALID_DEVICE, NO_DEVICE, NOT_INITIALIZED, Outcome};
use crate::machine::{Diagnosis, Statistics};

/// A simulated device, as tests see it: they set what it is like, have it fail, and ask what happened.
#[derive(Clone)]
pub struct Device(Arc<Shared>);

struct Shared {
    ordinal: i32,
    state: Mutex<DeviceState>,
}

/// What is known of a device besides its contexts.
pub(super) struct DeviceState {
    pub(super) settings: Settings,
    pub(super) primary: Primary,
    pub(super) release_threshold: u64,
    faults: Vec<(Fault, u32)>,
    diagnosis: Option<Diagnosis>,
    message: Option<String>,
    statistics: Statistics,
    /// The code of a failure that stays for the process.
    pub(super) lost: Option<i32>,
}

/// The context that programs share.
#[derive(Default)]
pub(super) struct Primary {
    pub(super) context: Option<Arc<Context>>,
    pub(super) users: u32,
    pub(super) flags: u32,
}

/// A failure that a device can be made to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An allocation finds no memory.
    OutOfMemory,
    /// A module is refused: it holds nothing that runs on the device.
    NoBinary,
    /// A module is refused: the driver lacks its compiler.
    NoCompiler,
    /// A launch is refused for lack of resources. The context stays usable.
    LaunchRefused,
    /// A launch is refused with a code that no driver returns so far: 5000.
    UnknownCode,
    /// A kernel fails while it runs. The context is lost.
    LaunchFailure,
    /// A copy or a launch finds the context destroyed, as after an unrecoverable hardware error.
    LostContext,
}

impl Device {
    /// Number of the device.
    pub fn ordinal(&self) -> i32 {
        self.0.ordinal
    }

    /// What the device is like.
    pub fn settings(&self) -> Settings {
        self.state().settings
    }

    /// Changes what the device is like, from the next driver call on.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.state().settings);
    }

    /// Has the device fail once, after a number of operations of that kind that succeed.
    pub fn inject(&self, fault: Fault, after: u32) {
        self.state().faults.push((fault, after));
    }

    /// The last mistake that a kernel made, which is then forgotten.
    pub fn take_diagnosis(&self) -> Option<Diagnosis> {
        self.state().diagnosis.take()
    }

    /// The last explanation of an error that a driver function returned, which is then forgotten.
    pub fn take_message(&self) -> Option<String> {
        self.state().message.take()
    }

    /// What the device has done.
    pub fn statistics(&self) -> Statistics {
        self.state().statistics
    }

    /// Bytes and number of the allocations of the primary context that the program has not freed, be it in the order of a
    /// stream: nothing, if it is not in use.
    pub fn memory_in_use(&self) -> (usize, usize) {
        let primary = self.state().primary.context.clone();
        primary.map_or((0, 0), |context| context.memory_in_use())
    }

    /// Bytes that the device's pool keeps when somebody waits for a stream, as the program has set it: 0 at first. Nothing is
    /// returned to the system here, whatever it is.
    pub fn release_threshold(&self) -> u64 {
        self.state().release_threshold
    }

    pub(super) fn state(&self) -> MutexGuard<'_, DeviceState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a fault of the kind is due now.
    pub(super) fn fails(&self, fault: Fault) -> bool {
        let mut state = self.state();
        let Some(i) = state.faults.iter().position(|(kind, _)| *kind == fault) else { return false };
        let (_, after) = &mut state.faults[i];
        match after.checked_sub(1) {
            Some(fewer) => {
                *after = fewer;
                false
            }
            None => {
                state.faults.remove(i);
                true
            }
        }
    }

    /// Notes why a driver function returns an error.
    pub(super) fn explain(&self, message: impl Into<String>) {
        let message = message.into();
        let mut state = self.state();
        if !state.settings.quiet {
            eprintln!("keops-cuda-sim: {message}");
        }
        state.message = Some(message);
    }

    pub(super) fn note_diagnosis(&self, diagnosis: Diagnosis) {
        self.explain(diagnosis.to_string());
        self.state().diagnosis = Some(diagnosis);
    }

    pub(super) fn note_statistics(&self, statistics: Statistics) {
        self.state().statistics += statistics;
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("ordinal", &self.ordinal()).finish_non_exhaustive()
    }
}

static INITIALISED: AtomicBool = AtomicBool::new(false);
static COUNT: LazyLock<AtomicUsize> = LazyLock::new(|| AtomicUsize::new(number("DEVICES").unwrap_or(1)));
static DEVICES: LazyLock<Mutex<HashMap<i32, Device>>> = LazyLock::new(Mutex::default);

/// A device by its number. It exists for programs if the number is below the count, which
/// [`set_device_count`] sets.
pub fn device(ordinal: i32) -> Device {
    let mut devices = DEVICES.lock().unwrap_or_else(PoisonError::into_inner);
    let new = || {
        Device(Arc::new(Shared {
            ordinal,
            state: Mutex::new(DeviceState {
                settings: Settings::from_environment(),
                primary: Primary::default(),
                release_threshold: 0,
                faults: Vec::new(),
                diagnosis: None,
                message: None,
                statistics: Statistics::default(),
                lost: None,
            }),
        }))
    };
    devices.entry(ordinal).or_insert_with(new).clone()
}

/// Sets the number of devices that programs find. With none, initialisation fails as it does without a card.
/// Tests that use a device each do not disturb each other.
pub fn set_device_count(count: usize) {
    COUNT.store(count, Ordering::Relaxed);
}

pub(super) fn device_count() -> usize {
    COUNT.load(Ordering::Relaxed)
}

/// `cuInit`.
pub(super) fn initialise() -> Outcome {
    if device_count() == 0 {
        return Err(NO_DEVICE);
    }
    INITIALISED.store(true, Ordering::Relaxed);
    Ok(())
}

pub(super) fn require_initialised() -> Outcome {
    if INITIALISED.load(Ordering::Relaxed) { Ok(()) } else { Err(NOT_INITIALIZED) }
}

/// A device on which a context can be made.
pub(super) fn usable(ordinal: i32) -> Outcome<Device> {
    let device = existing(ordinal)?;
    let lost = device.state().lost;
    lost.map_or(Ok(device), Err)
}

/// The device of a number that a program passes.
pub(super) fn existing(ordinal: i32) -> Outcome<Device> {
    require_initialised()?;
    match usize::try_from(ordinal) {
        Ok(index) if index < device_count() => Ok(device(ordinal)),
        _ => Err(INVALID_DEVICE),
    }
}
