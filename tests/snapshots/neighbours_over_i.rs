/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| *result* | `Vj<5, usize>` | N rows of 5 coordinates, one per j |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
fn neighbours_over_i<T: ::keops::Real, M: ::keops::Memory>(
    x_i: impl ::keops::Points<2, T, M>,
    y_j: impl ::keops::Points<2, T, M>,
) -> ::core::result::Result<M::Rows<usize, 5>, ::keops::Error> {
    neighbours_over_i::with(::keops::Options::new(), x_i, y_j)
}
///Other ways to call [`neighbours_over_i`](fn@neighbours_over_i).
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
mod neighbours_over_i {
    pub(super) struct Formula;
    struct Stage0<'a, T> {
        in_x_i: &'a [T],
        in_y_j: &'a [T],
        parameters: [T; 0],
        lifetime: ::core::marker::PhantomData<&'a T>,
    }
    impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
        const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
            row_inputs: 2,
            row_hoisted: 0,
            column_inputs: 0,
            column_hoisted: 0,
            column_read: 0,
            accumulators: &[
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::List {
                        extreme: ::keops::reduction::accumulator::Extreme::Min,
                        count: 5,
                    },
                    dim: 1,
                },
            ],
            outputs: 5,
            cuts: 0,
            wide: false,
            columns_in_lanes: false,
            cost: 5,
        };
        fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
            ::keops::engine::transpose(
                self.in_y_j,
                2,
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
            let in_x_i: &[[T; 2]] = self.in_x_i.as_chunks::<2>().0;
            let in_x_i = &in_x_i[columns.first..columns.first + len];
            let _ = (bank, cuts, stride);
            {
                let t1 = P::load(token, &bank[..]);
                let t5 = P::load(token, &bank[1 * stride..]);
                let mut list_0 = ::keops::reduction::best::List::<
                    P,
                    5,
                >::load(token, &state[..], stride);
                for j in 0..len {
                    let t0 = P::splat(token, in_x_i[j][0]);
                    let t2 = t0.sub(t1);
                    let t3 = t2.mul(t2);
                    let t4 = P::splat(token, in_x_i[j][1]);
                    let t6 = t4.sub(t5);
                    let t7 = t6.mul_add(t6, t3);
                    list_0
                        .insert::<
                            ::keops::reduction::best::Smallest,
                        >(
                            t7,
                            P::splat(
                                token,
                                <P::Elem as ::keops::Real>::from_index(columns.first + j),
                            ),
                        );
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
            let t8 = P::load(token, &state[5 * stride..]);
            t8.store(&mut outputs[..]);
            let t9 = P::load(token, &state[6 * stride..]);
            t9.store(&mut outputs[1 * stride..]);
            let t10 = P::load(token, &state[7 * stride..]);
            t10.store(&mut outputs[2 * stride..]);
            let t11 = P::load(token, &state[8 * stride..]);
            t11.store(&mut outputs[3 * stride..]);
            let t12 = P::load(token, &state[9 * stride..]);
            t12.store(&mut outputs[4 * stride..]);
        }
    }
    impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
        fn declaration(&self) -> &'static ::keops::points::Declaration {
            &::keops::points::Declaration {
                arguments: &[
                    ("x_i", ::keops::points::Index::I),
                    ("y_j", ::keops::points::Index::J),
                ],
                kept: ::keops::points::Index::J,
                results: ::keops::points::Index::J,
                demands: &[
                    ::keops::points::Demand {
                        reduction: "ArgKMin_i",
                        points: 5,
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
            _: &mut [&mut [T]],
            indices: &mut [&mut [usize]],
            _: &mut [&mut [T]],
        ) -> ::core::result::Result<(), ::keops::Error> {
            let [stage_0_0] = ::keops::memory::all(indices);
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
                    ::keops::points::Index::J,
                    &mut [
                        ::keops::engine::Out::Indices {
                            rows: &mut stage_0_0[..],
                            dim: 5,
                        },
                    ],
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
    ///[`neighbours_over_i`](fn@super::neighbours_over_i), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: impl ::keops::Destination<5, usize, M>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
        ];
        M::evaluate(
            &Formula,
            &arguments,
            ::keops::Options::new(),
            ::keops::memory::Results {
                values: &mut [],
                indices: &mut [
                    ::keops::Destination::<5, usize, M>::slot(&mut result, "result")?,
                ],
                totals: &mut [],
            },
        )
    }
    ///[`neighbours_over_i`](fn@super::neighbours_over_i) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
    ) -> ::core::result::Result<M::Rows<usize, 5>, ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
        ];
        let mut result_0 = <M::Rows<usize, 5> as ::core::default::Default>::default();
        M::evaluate(
            &Formula,
            &arguments,
            ::core::convert::Into::into(options),
            ::keops::memory::Results {
                values: &mut [],
                indices: &mut [
                    ::keops::memory::NewResult::<usize, M>::slot(&mut result_0),
                ],
                totals: &mut [],
            },
        )?;
        ::core::result::Result::Ok(result_0)
    }
}
