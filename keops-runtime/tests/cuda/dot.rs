//! A function like those that `keops!` generates: dot_i = p0 · Σ_j ⟨x_i, y_j⟩ + p1 + p2, and the number of columns.

use keops::cuda::{Call, Device, DeviceFormula, Launch, Shape};
use keops::memory::{NewResult, Results};
use keops::points::{Declaration, Index, Pairs};
use keops::{Destination, Error, Formula, Host, Memory, Options, Parameter, Points, Real};

/// The kernels.
pub(crate) const PTX: &str = include_str!("ptx/dot.ptx");

/// Columns are divided into parts of 64 tiles of 4 at least.
const fn shape(id: u64, indirect: bool) -> Shape {
    Shape { id, threads: 32, rows: 32, tile: 4, state: 2, least_part: 256, indirect }
}

/// What the expansion would hold as constants.
#[derive(Clone, Copy)]
pub(crate) struct Dot {
    pub(crate) ptx: Option<&'static str>,
    pub(crate) indirect: bool,
}

/// As a formula with a kernel has it.
pub(crate) const DOT: Dot = Dot { ptx: Some(PTX), indirect: false };

impl<T: Real> Formula<T> for Dot {
    fn declaration(&self) -> &'static Declaration {
        &Declaration {
            arguments: &[("x_i", Index::I), ("y_j", Index::J), ("p", Index::None)],
            kept: Index::I,
            results: Index::I,
            demands: &[],
            streams: true,
        }
    }

    fn on_host(
        &self,
        arguments: &[keops::points::View<'_, T>],
        pairs: Pairs<'_>,
        values: &mut [&mut [T]],
        indices: &mut [&mut [usize]],
        _: &mut [&mut [T]],
    ) -> Result<(), Error> {
        let [x, y, p] = arguments else { unreachable!("there are three") };
        let number = |data: &[T], n: usize| data[n].to_f64();
        for (i, out) in values[0].iter_mut().enumerate() {
            let product = |j: usize| {
                number(x.data(), 2 * i) * number(y.data(), 2 * j)
                    + number(x.data(), 2 * i + 1) * number(y.data(), 2 * j + 1)
            };
            let sum: f64 = (0..y.rows()).map(product).sum();
            *out = T::from_f64(number(p.data(), 0) * sum + number(p.data(), 1) + number(p.data(), 2));
        }
        indices[0].fill(pairs.rows_j);
        Ok(())
    }
}

impl<T: Real> DeviceFormula<T> for Dot {
    fn kernels(&self) -> (&'static str, Option<&'static str>) {
        ("dot", self.ptx)
    }

    fn on_device(
        &self,
        arguments: &[keops::cuda::View<'_, T>],
        pairs: Pairs<'_>,
        call: &Call,
        _: &mut [&mut [T]],
    ) -> Result<(), Error> {
        let (f32, f64) = if self.indirect { (0xa1, 0xa2) } else { (0xf1, 0xf2) };
        call.launch(&Launch {
            f32: shape(f32, self.indirect),
            f64: shape(f64, self.indirect),
            rows: pairs.rows_i,
            columns: pairs.rows_j,
            blocks: pairs.blocks(Index::I),
            inputs: &[arguments[0].address(), arguments[1].address()],
            outputs: &[call.value(0).address(), call.index(0).address()],
            parameters: arguments[2].data(),
        })
    }
}

/// The two results.
pub(crate) type Outcome<T, M> = Result<(<M as Memory>::Column<T>, <M as Memory>::Column<usize>), Error>;

/// The function, with the kernels of a formula or without.
pub(crate) fn dot_of<T: Real, M: Memory>(
    formula: Dot,
    x_i: impl Points<2, T, M>,
    y_j: impl Points<2, T, M>,
    p: impl Parameter<3, T, M>,
) -> Outcome<T, M> {
    let (mut dot, mut count) = (M::Column::<T>::default(), M::Column::<usize>::default());
    M::evaluate(
        &formula,
        &[x_i.view("x_i")?, y_j.view("y_j")?, p.view("p")?],
        Options::new(),
        Results { values: &mut [dot.slot()], indices: &mut [count.slot()], totals: &mut [] },
    )?;
    Ok((dot, count))
}

/// The function.
pub(crate) fn dot<T: Real, M: Memory>(
    x_i: impl Points<2, T, M>,
    y_j: impl Points<2, T, M>,
    p: impl Parameter<3, T, M>,
) -> Outcome<T, M> {
    dot_of(DOT, x_i, y_j, p)
}

/// The function, written to memory of the caller.
pub(crate) fn into<T: Real, M: Memory>(
    mut result: (impl Destination<1, T, M>, impl Destination<1, usize, M>),
    x_i: impl Points<2, T, M>,
    y_j: impl Points<2, T, M>,
    p: impl Parameter<3, T, M>,
) -> Result<(), Error> {
    let results = Results {
        values: &mut [result.0.slot("result.0")?],
        indices: &mut [result.1.slot("result.1")?],
        totals: &mut [],
    };
    M::evaluate(&DOT, &[x_i.view("x_i")?, y_j.view("y_j")?, p.view("p")?], Options::new(), results)
}

/// The function of slices, on a device.
pub(crate) fn on<T: Real>(
    device: &Device,
    x_i: impl Points<2, T, Host>,
    y_j: impl Points<2, T, Host>,
    p: impl Parameter<3, T, Host>,
) -> Outcome<T, Host> {
    let (mut dot, mut count) = (vec![], vec![]);
    device.evaluate(
        &DOT,
        &[x_i.view("x_i")?, y_j.view("y_j")?, p.view("p")?],
        Results { values: &mut [dot.slot()], indices: &mut [count.slot()], totals: &mut [] },
    )?;
    Ok((dot, count))
}
