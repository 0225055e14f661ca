//! A function like those that `keops!` generates: dot_i = p0 · Σ_j ⟨x_i, y_j⟩ + p1 + p2, and the number of columns.

use keops::cuda::{Call, Cuda, Launch, Shape};
use keops::points::{column, same_rows};
use keops::{Error, Formula, Host, Memory, Parameter, Points, Real};

/// The kernels.
pub(crate) const PTX: &str = include_str!("ptx/dot.ptx");

/// Columns are divided from 16 tiles of 4 on.
const fn shape(id: u64, indirect: bool) -> Shape {
    Shape { id, threads: 32, rows: 32, tile: 4, state: 2, indirect }
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
    type Output<M: Memory> = (M::Column<T>, M::Column<usize>);

    fn on_host(self, arguments: &[keops::points::View<'_, T>]) -> Result<Self::Output<Host>, Error> {
        let (x, y, p) = (arguments[0], arguments[1], arguments[2]);
        let mut dot = column::<T>(x.rows())?;
        let number = |data: &[T], n: usize| data[n].to_f64();
        for (i, out) in dot.iter_mut().enumerate() {
            let product = |j: usize| {
                number(x.data(), 2 * i) * number(y.data(), 2 * j)
                    + number(x.data(), 2 * i + 1) * number(y.data(), 2 * j + 1)
            };
            let sum: f64 = (0..y.rows()).map(product).sum();
            *out = T::from_f64(number(p.data(), 0) * sum + number(p.data(), 1) + number(p.data(), 2));
        }
        Ok((dot, vec![y.rows(); x.rows()]))
    }

    fn on_device(self, arguments: &[keops::cuda::View<'_, T>]) -> Result<Self::Output<Cuda>, Error> {
        let rows = same_rows(&[("x_i", arguments[0].rows())])?;
        let columns = same_rows(&[("y_j", arguments[1].rows())])?;
        let call = Call::new("dot", self.ptx, arguments)?;
        let (dot, count) = (call.column::<T>(rows)?, call.column::<usize>(rows)?);
        let (f32, f64) = if self.indirect { (0xa1, 0xa2) } else { (0xf1, 0xf2) };
        call.launch(&Launch {
            f32: shape(f32, self.indirect),
            f64: shape(f64, self.indirect),
            rows,
            columns,
            inputs: &[arguments[0].address(), arguments[1].address()],
            outputs: &[dot.address(), count.address()],
            parameters: arguments[2].data(),
        })?;
        Ok((dot, count))
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
    M::evaluate(formula, &[x_i.view("x_i")?, y_j.view("y_j")?, p.view("p")?])
}

/// The function.
pub(crate) fn dot<T: Real, M: Memory>(
    x_i: impl Points<2, T, M>,
    y_j: impl Points<2, T, M>,
    p: impl Parameter<3, T, M>,
) -> Outcome<T, M> {
    dot_of(DOT, x_i, y_j, p)
}
