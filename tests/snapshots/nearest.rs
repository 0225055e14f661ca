/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<3>` | M rows of 3 coordinates, one per i |
| `y_j` | `Vj<3>` | N rows of 3 coordinates, one per j |
| *result* | `Vi<1>` | M rows of 1 coordinate, one per i |
| *result* | `Vi<1, usize>` | M rows of 1 coordinate, one per i |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub(crate) fn nearest<T: ::keops::Real, M: ::keops::Memory>(
    x_i: impl ::keops::Points<3, T, M>,
    y_j: impl ::keops::Points<3, T, M>,
) -> ::core::result::Result<(M::Column<T>, M::Column<usize>), ::keops::Error> {
    nearest::with(::keops::Options::new(), x_i, y_j)
}
///Other ways to call [`nearest`](fn@nearest).
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub(crate) mod nearest {
    pub(super) struct Formula;
    struct Stage0<'a, T> {
        in_x_i: &'a [T],
        in_y_j: &'a [T],
        parameters: [T; 0],
        lifetime: ::core::marker::PhantomData<&'a T>,
    }
    impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
        const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
            row_inputs: 3,
            row_hoisted: 0,
            column_inputs: 0,
            column_hoisted: 0,
            column_read: 3,
            accumulators: &[
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::List {
                        extreme: ::keops::reduction::accumulator::Extreme::Min,
                        count: 1,
                    },
                    dim: 1,
                },
            ],
            outputs: 2,
            cuts: 0,
            wide: true,
            columns_in_lanes: true,
            cost: 7,
        };
        fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
            ::keops::engine::transpose(
                self.in_x_i,
                3,
                first,
                lanes,
                &mut bank[0 * lanes..],
            );
        }
        #[inline(always)]
        fn hoist_rows<P: ::keops::simd::Rows<Elem = T>>(
            &self,
            token: P::Token,
            bank: &mut [T],
            stride: usize,
        ) {
            let _ = (token, bank, stride);
        }
        fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]) {
            let _ = (first, lanes, bank);
        }
        fn read_tile(
            &self,
            columns: ::core::ops::Range<usize>,
            lanes: usize,
            bank: &mut [T],
        ) {
            ::keops::engine::transpose(
                &self.in_y_j[..columns.end * 3],
                3,
                columns.start,
                lanes,
                &mut bank[0 * lanes..],
            );
        }
        #[inline(always)]
        fn hoist_columns<P: ::keops::simd::Rows<Elem = T>>(
            &self,
            token: P::Token,
            bank: &mut [T],
            stride: usize,
        ) {
            let _ = (token, bank, stride);
        }
        #[inline(always)]
        fn update<P: ::keops::simd::Rows<Elem = T>, const IN_LANES: bool>(
            &self,
            token: P::Token,
            bank: &[T],
            columns: ::keops::engine::Columns<'_, T, IN_LANES>,
            cuts: &mut [P],
            state: &mut [T],
        ) {
            #[allow(unused_imports)]
            use ::keops::simd::{Pair as _, Vector as _};
            let (len, stride) = (columns.len, P::LANES);
            let steps = columns.steps::<P>();
            let in_y_j: &[[T; 3]] = self.in_y_j.as_chunks::<3>().0;
            let in_y_j = &in_y_j[columns.first..columns.first + len];
            let _ = (bank, cuts, stride);
            {
                let t0 = P::load(token, &bank[..]);
                let t4 = P::load(token, &bank[1 * stride..]);
                let t8 = P::load(token, &bank[2 * stride..]);
                let mut list_0 = ::keops::reduction::best::List::<
                    P,
                    1,
                >::load(token, &state[..], stride);
                for j in 0..steps {
                    let t1 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                    let t2 = t0.sub(t1);
                    let t3 = t2.mul(t2);
                    let t5 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                    let t6 = t4.sub(t5);
                    let t7 = t6.mul_add(t6, t3);
                    let t9 = columns.coordinate::<P, _>(token, in_y_j, j, 2, 0);
                    let t10 = t8.sub(t9);
                    let t11 = t10.mul_add(t10, t7);
                    list_0
                        .insert::<
                            ::keops::reduction::best::Smallest,
                        >(t11, columns.index::<P>(token, j));
                }
                list_0.store(&mut state[..], stride);
            }
        }
        #[inline(always)]
        fn finish<P: ::keops::simd::Rows<Elem = T>>(
            &self,
            token: P::Token,
            bank: &[T],
            state: &[T],
            outputs: &mut [T],
            stride: usize,
        ) {
            let _ = (bank, state);
            let t12 = P::load(token, &state[..]);
            t12.store(&mut outputs[..]);
            let t13 = P::load(token, &state[1 * stride..]);
            t13.store(&mut outputs[1 * stride..]);
        }
    }
    impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
        fn declaration(&self) -> &'static ::keops::points::Declaration {
            &::keops::points::Declaration {
                arguments: &[
                    ("x_i", ::keops::points::Index::I),
                    ("y_j", ::keops::points::Index::J),
                ],
                kept: ::keops::points::Index::I,
                results: ::keops::points::Index::I,
                demands: &[
                    ::keops::points::Demand {
                        reduction: "ArgMin_j",
                        points: 1,
                        indices: true,
                    },
                ],
                streams: true,
            }
        }
        fn on_host(
            &self,
            arguments: &[::keops::points::View<'_, T>],
            pairs: ::keops::points::Pairs<'_>,
            values: &mut [&mut [T]],
            indices: &mut [&mut [usize]],
            _: &mut [&mut [T]],
        ) -> ::core::result::Result<(), ::keops::Error> {
            let [stage_0_0] = ::keops::memory::all(values);
            let [stage_0_1] = ::keops::memory::all(indices);
            {
                let parameters = [];
                let kernel = Stage0::<T> {
                    in_x_i: arguments[0].data(),
                    in_y_j: arguments[1].data(),
                    parameters,
                    lifetime: ::core::marker::PhantomData,
                };
                ::keops::engine::run(
                    &kernel,
                    pairs,
                    ::keops::points::Index::I,
                    &mut [
                        ::keops::engine::Out::Rows {
                            rows: &mut stage_0_0[..],
                            dim: 1,
                        },
                        ::keops::engine::Out::Indices {
                            rows: &mut stage_0_1[..],
                            dim: 1,
                        },
                    ],
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
    ///[`nearest`](fn@super::nearest), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: (
            impl ::keops::Destination<1, T, M>,
            impl ::keops::Destination<1, usize, M>,
        ),
        x_i: impl ::keops::Points<3, T, M>,
        y_j: impl ::keops::Points<3, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error> {
        let arguments = [
            ::keops::Points::<3, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<3, T, M>::view(&y_j, "y_j")?,
        ];
        M::evaluate(
            &Formula,
            &arguments,
            ::keops::Options::new(),
            ::keops::memory::Results {
                values: &mut [
                    ::keops::Destination::<1, T, M>::slot(&mut result.0, "result.0")?,
                ],
                indices: &mut [
                    ::keops::Destination::<1, usize, M>::slot(&mut result.1, "result.1")?,
                ],
                totals: &mut [],
            },
        )
    }
    ///[`nearest`](fn@super::nearest) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<3, T, M>,
        y_j: impl ::keops::Points<3, T, M>,
    ) -> ::core::result::Result<(M::Column<T>, M::Column<usize>), ::keops::Error> {
        let arguments = [
            ::keops::Points::<3, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<3, T, M>::view(&y_j, "y_j")?,
        ];
        let mut result_0 = <M::Column<T> as ::core::default::Default>::default();
        let mut result_1 = <M::Column<usize> as ::core::default::Default>::default();
        M::evaluate(
            &Formula,
            &arguments,
            ::core::convert::Into::into(options),
            ::keops::memory::Results {
                values: &mut [::keops::memory::NewResult::<T, M>::slot(&mut result_0)],
                indices: &mut [
                    ::keops::memory::NewResult::<usize, M>::slot(&mut result_1),
                ],
                totals: &mut [],
            },
        )?;
        ::core::result::Result::Ok((result_0, result_1))
    }
}
