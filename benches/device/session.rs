//! The device, and how it is timed.

use crate::workloads::Workload;
use keops::Error;
use keops::cuda::Device;
use keops_driver::device::{Failure, clock_rate, compute_capability, multiprocessors};
use keops_workloads::clock::Times;
use keops_workloads::limits::Card;

/// M and N.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// Few rows and many columns, so that the columns are divided over the multiprocessors.
const FEW_ROWS: Size = Size { rows: 1000, columns: 100_000 };
/// What the simulator computes in a moment: more rows than a block has for one of the formulas, and columns that are divided.
const SIMULATED: [Size; 2] = [Size { rows: 140, columns: 150 }, Size { rows: 5, columns: 600 }];

/// A device, and how long things are measured on it.
pub(crate) struct Session {
    pub(crate) device: Device,
    pub(crate) card: Card,
    simulated: bool,
    /// Seconds of work before anything is measured: the clock rate of a device rises under load.
    warm_up: f64,
    /// Seconds of one measurement, and how many there are.
    round: f64,
    rounds: usize,
}

impl Session {
    /// The first device of the machine.
    ///
    /// # Errors
    /// [`Error::NoDriver`], [`Error::NoDevice`].
    pub(crate) fn on_hardware() -> Result<Session, Error> {
        let device = Device::first()?;
        let card = card(&device)?;
        Ok(Session { device, card, simulated: false, warm_up: 0.3, round: 0.05, rounds: 7 })
    }

    /// The simulated device, whose times mean nothing.
    ///
    /// # Errors
    /// Those of the simulated driver.
    pub(crate) fn simulated() -> Result<Session, Error> {
        keops_cuda_sim::install().map_err(|other| Error::NoDriver { reason: other.to_string() })?;
        let device = Device::first()?;
        let card = card(&device)?;
        Ok(Session { device, card, simulated: true, warm_up: 0.0, round: 0.0, rounds: 2 })
    }

    pub(crate) fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// The sizes at which a workload is run.
    pub(crate) fn sizes(&self, workload: &Workload) -> [Size; 2] {
        if self.simulated { SIMULATED } else { [workload.large, FEW_ROWS] }
    }

    /// The result of a call, and the seconds that the device takes for it: the median of some rounds of as many calls as
    /// fill them.
    ///
    /// # Errors
    /// Those of the call.
    pub(crate) fn time<R>(&self, call: impl Fn() -> Result<R, Error>) -> Result<(R, f64), Error> {
        // The driver compiles the kernel.
        let result = call()?;
        let round = |calls: usize| -> Result<f64, Error> {
            let all = || (0..calls).map(|_| call()).collect::<Result<Vec<R>, Error>>();
            let (results, time) = self.device.time(all)?;
            // Kept so far, so that no memory is freed in between.
            drop(results);
            Ok(time.as_secs_f64() / calls as f64)
        };
        let (mut calls, mut spent) = (1, 0.0);
        loop {
            let once = round(calls)?;
            spent += once * calls as f64;
            // Results of many calls at a time would take much memory.
            calls = ((self.round / once).ceil() as usize).clamp(1, 64);
            if spent >= self.warm_up {
                break;
            }
        }
        let mut times = Times::default();
        for _ in 0..self.rounds {
            times.push(round(calls)?);
        }
        Ok((result, times.median().unwrap_or(f64::NAN)))
    }
}

/// What the driver says of a device.
fn card(device: &Device) -> Result<Card, Error> {
    let ordinal = device.ordinal() as i32;
    let ask = || -> Result<Card, Failure> {
        Ok(Card {
            capability: compute_capability(ordinal)?,
            multiprocessors: multiprocessors(ordinal)?,
            clock: clock_rate(ordinal)?,
        })
    };
    ask().map_err(|f| Error::Driver { call: f.call(), code: f.code(), text: f.text() })
}
