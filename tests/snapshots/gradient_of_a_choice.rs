/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| *result* | `Vi<1>` | M rows of 1 coordinate, one per i |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub fn gradient_of_a_choice<T: ::keops::Real, M: ::keops::Memory>(
    x_i: impl ::keops::Points<2, T, M>,
    y_j: impl ::keops::Points<2, T, M>,
) -> ::core::result::Result<M::Column<T>, ::keops::Error> {
    gradient_of_a_choice::with(::keops::Options::new(), x_i, y_j)
}
///Other ways to call [`gradient_of_a_choice`](fn@gradient_of_a_choice), and its gradients.
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub mod gradient_of_a_choice {
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
            column_read: 2,
            accumulators: &[
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::Best(
                        ::keops::reduction::accumulator::Extreme::Min,
                    ),
                    dim: 1,
                },
            ],
            outputs: 1,
            cuts: 0,
            wide: true,
            columns_in_lanes: true,
            cost: 5,
        };
        fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
            ::keops::engine::transpose(
                self.in_x_i,
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
        fn read_tile(
            &self,
            columns: ::core::ops::Range<usize>,
            lanes: usize,
            bank: &mut [T],
        ) {
            ::keops::engine::transpose(
                &self.in_y_j[..columns.end * 2],
                2,
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
            let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
            let in_y_j = &in_y_j[columns.first..columns.first + len];
            let _ = (bank, cuts, stride);
            {
                let mut t0 = P::load(token, &state[..]);
                let t1 = P::load(token, &bank[..]);
                let t5 = P::load(token, &bank[1 * stride..]);
                for j in 0..steps {
                    let t2 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                    let t3 = t1.sub(t2);
                    let t4 = t3.mul(t3);
                    let t6 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                    let t7 = t5.sub(t6);
                    let t8 = t7.mul_add(t7, t4);
                    t0 = t8.min(t0);
                }
                t0.store(&mut state[..]);
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
            let t9 = P::load(token, &state[..]);
            t9.store(&mut outputs[..]);
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
                demands: &[],
                streams: true,
            }
        }
        fn on_host(
            &self,
            arguments: &[::keops::points::View<'_, T>],
            pairs: ::keops::points::Pairs<'_>,
            values: &mut [&mut [T]],
            _: &mut [&mut [usize]],
            _: &mut [&mut [T]],
        ) -> ::core::result::Result<(), ::keops::Error> {
            let [stage_0_0] = ::keops::memory::all(values);
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
                    ],
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
    ///[`gradient_of_a_choice`](fn@super::gradient_of_a_choice), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: impl ::keops::Destination<1, T, M>,
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
                values: &mut [
                    ::keops::Destination::<1, T, M>::slot(&mut result, "result")?,
                ],
                indices: &mut [],
                totals: &mut [],
            },
        )
    }
    ///[`gradient_of_a_choice`](fn@super::gradient_of_a_choice) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
    ) -> ::core::result::Result<M::Column<T>, ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
        ];
        let mut result_0 = <M::Column<T> as ::core::default::Default>::default();
        M::evaluate(
            &Formula,
            &arguments,
            ::core::convert::Into::into(options),
            ::keops::memory::Results {
                values: &mut [::keops::memory::NewResult::<T, M>::slot(&mut result_0)],
                indices: &mut [],
                totals: &mut [],
            },
        )?;
        ::core::result::Result::Ok(result_0)
    }
    ///The gradient of Σ ⟨e, gradient_of_a_choice⟩ with respect to `y_j`: rows of the shape of `y_j`, for a seed `e` of the shape of the result (one for each value result, in order).
    /**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| `e` | `Vi<1>` | M rows of 1 coordinate, one per i |
| *result* | `Vj<2>` | N rows of 2 coordinates, one per j |
*/
    #[allow(non_snake_case, clippy::all, clippy::pedantic)]
    pub fn grad_y_j<T: ::keops::Real, M: ::keops::Memory>(
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        e: impl ::keops::Points<1, T, M>,
    ) -> ::core::result::Result<M::Rows<T, 2>, ::keops::Error> {
        grad_y_j::with(::keops::Options::new(), x_i, y_j, e)
    }
    ///Other ways to call [`grad_y_j`](fn@grad_y_j).
    #[allow(non_snake_case, clippy::all, clippy::pedantic)]
    pub mod grad_y_j {
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
                column_read: 2,
                accumulators: &[
                    ::keops::reduction::accumulator::Accumulator {
                        kind: ::keops::reduction::accumulator::Kind::List {
                            extreme: ::keops::reduction::accumulator::Extreme::Min,
                            count: 1,
                        },
                        dim: 1,
                    },
                ],
                outputs: 1,
                cuts: 0,
                wide: true,
                columns_in_lanes: true,
                cost: 5,
            };
            fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
                ::keops::engine::transpose(
                    self.in_x_i,
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
            fn read_tile(
                &self,
                columns: ::core::ops::Range<usize>,
                lanes: usize,
                bank: &mut [T],
            ) {
                ::keops::engine::transpose(
                    &self.in_y_j[..columns.end * 2],
                    2,
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
                let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
                let in_y_j = &in_y_j[columns.first..columns.first + len];
                let _ = (bank, cuts, stride);
                {
                    let t0 = P::load(token, &bank[..]);
                    let t4 = P::load(token, &bank[1 * stride..]);
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
                        list_0
                            .insert::<
                                ::keops::reduction::best::Smallest,
                            >(t7, columns.index::<P>(token, j));
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
                let t8 = P::load(token, &state[1 * stride..]);
                t8.store(&mut outputs[..]);
            }
        }
        struct Stage1Output0<'a, T> {
            in_e: &'a [T],
            in_x_i: &'a [T],
            in_y_j: &'a [T],
            parameters: [T; 0],
            lifetime: ::core::marker::PhantomData<&'a T>,
        }
        impl<T: ::keops::Real> ::keops::engine::Gather<T> for Stage1Output0<'_, T> {
            const OUTPUTS: usize = 2;
            fn pair<P: ::keops::simd::Rows<Elem = T>>(
                &self,
                token: P::Token,
                k: usize,
                chooser: usize,
                chosen: usize,
                outputs: &mut [T],
            ) {
                let stride = P::LANES;
                let in_e = &self.in_e[chooser * 1..(chooser + 1) * 1];
                let in_x_i = &self.in_x_i[chooser * 2..(chooser + 1) * 2];
                let in_y_j = &self.in_y_j[chosen * 2..(chosen + 1) * 2];
                match k {
                    0 => {
                        let t0 = P::splat(
                            token,
                            <P::Elem as ::keops::Real>::from_f64(-2f64),
                        );
                        let t1 = P::splat(token, in_e[0]);
                        let t2 = t0.mul(t1);
                        let t3 = P::splat(token, in_x_i[0]);
                        let t4 = P::splat(token, in_y_j[0]);
                        let t5 = t3.sub(t4);
                        let t6 = t2.mul(t5);
                        t6.store(&mut outputs[..]);
                        let t7 = P::splat(token, in_x_i[1]);
                        let t8 = P::splat(token, in_y_j[1]);
                        let t9 = t7.sub(t8);
                        let t10 = t2.mul(t9);
                        t10.store(&mut outputs[1 * stride..]);
                    }
                    _ => {}
                }
            }
        }
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            fn declaration(&self) -> &'static ::keops::points::Declaration {
                &::keops::points::Declaration {
                    arguments: &[
                        ("x_i", ::keops::points::Index::I),
                        ("y_j", ::keops::points::Index::J),
                        ("e", ::keops::points::Index::I),
                    ],
                    kept: ::keops::points::Index::I,
                    results: ::keops::points::Index::J,
                    demands: &[],
                    streams: false,
                }
            }
            fn on_host(
                &self,
                arguments: &[::keops::points::View<'_, T>],
                pairs: ::keops::points::Pairs<'_>,
                values: &mut [&mut [T]],
                _: &mut [&mut [usize]],
                _: &mut [&mut [T]],
            ) -> ::core::result::Result<(), ::keops::Error> {
                let [stage_1_0] = ::keops::memory::all(values);
                let mut stage_0_0 = ::keops::points::column::<usize>(pairs.rows_i)?;
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
                            ::keops::engine::Out::Positions {
                                rows: &mut stage_0_0[..],
                                dim: 1,
                            },
                        ],
                    )?;
                }
                {
                    let parameters = [];
                    let formula = Stage1Output0 {
                        in_e: arguments[2].data(),
                        in_x_i: arguments[0].data(),
                        in_y_j: arguments[1].data(),
                        parameters,
                        lifetime: ::core::marker::PhantomData,
                    };
                    ::keops::engine::gather(
                        &formula,
                        &stage_0_0[..],
                        1,
                        pairs.rows_j,
                        ::keops::engine::GatherSides::Chosen,
                        &mut stage_1_0[..],
                    );
                }
                ::core::result::Result::Ok(())
            }
        }
        ///[`grad_y_j`](fn@super::grad_y_j), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
        #[allow(dead_code)]
        pub fn into<T: ::keops::Real, M: ::keops::Memory>(
            mut result: impl ::keops::Destination<2, T, M>,
            x_i: impl ::keops::Points<2, T, M>,
            y_j: impl ::keops::Points<2, T, M>,
            e: impl ::keops::Points<1, T, M>,
        ) -> ::core::result::Result<(), ::keops::Error> {
            let arguments = [
                ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
                ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
                ::keops::Points::<1, T, M>::view(&e, "e")?,
            ];
            M::evaluate(
                &Formula,
                &arguments,
                ::keops::Options::new(),
                ::keops::memory::Results {
                    values: &mut [
                        ::keops::Destination::<2, T, M>::slot(&mut result, "result")?,
                    ],
                    indices: &mut [],
                    totals: &mut [],
                },
            )
        }
        ///[`grad_y_j`](fn@super::grad_y_j) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
        #[allow(dead_code)]
        pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
            options: impl ::core::convert::Into<::keops::Options<'options>>,
            x_i: impl ::keops::Points<2, T, M>,
            y_j: impl ::keops::Points<2, T, M>,
            e: impl ::keops::Points<1, T, M>,
        ) -> ::core::result::Result<M::Rows<T, 2>, ::keops::Error> {
            let arguments = [
                ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
                ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
                ::keops::Points::<1, T, M>::view(&e, "e")?,
            ];
            let mut result_0 = <M::Rows<T, 2> as ::core::default::Default>::default();
            M::evaluate(
                &Formula,
                &arguments,
                ::core::convert::Into::into(options),
                ::keops::memory::Results {
                    values: &mut [
                        ::keops::memory::NewResult::<T, M>::slot(&mut result_0),
                    ],
                    indices: &mut [],
                    totals: &mut [],
                },
            )?;
            ::core::result::Result::Ok(result_0)
        }
    }
}
